"""khobor check: all rules of a corpus folder."""

from __future__ import annotations

from pathlib import Path

import click

from khobor.cli.errors import FINDINGS, with_exit_codes
from khobor.corpus.checks import check_folder


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@with_exit_codes
def check(folder: Path) -> int:
    """Check a corpus folder (pages/ and annotations/); findings as file:line: level id message."""
    findings = check_folder(folder)
    for finding in findings:
        click.echo(str(finding))
    errors = sum(finding.level == "error" for finding in findings)
    warnings = sum(finding.level == "warning" for finding in findings)
    click.echo(f"{errors} errors, {warnings} warnings", err=True)
    return FINDINGS if errors else 0
