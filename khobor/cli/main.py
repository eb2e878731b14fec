"""The command `khobor`."""

from __future__ import annotations

import click

import khobor
from khobor.cli.add import add
from khobor.cli.adjudicate import adjudicate
from khobor.cli.agree import agree
from khobor.cli.build import build
from khobor.cli.check import check
from khobor.cli.diff import diff
from khobor.cli.export import export
from khobor.cli.hydrate import hydrate
from khobor.cli.import_ import import_
from khobor.cli.publish import publish
from khobor.cli.reanchor import reanchor
from khobor.cli.score import score
from khobor.cli.segment import segment
from khobor.cli.show import show
from khobor.cli.stats import stats
from khobor.cli.suggest import suggest
from khobor.cli.verify import verify


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(khobor.__version__, prog_name="khobor")
def main() -> None:
    """Build corpora of Bengali news: raw pages and hand annotations to datasets."""


for command in (
    build,
    segment,
    show,
    check,
    diff,
    hydrate,
    stats,
    add,
    suggest,
    agree,
    adjudicate,
    score,
    reanchor,
    export,
    import_,
    verify,
    publish,
):
    main.add_command(command)
