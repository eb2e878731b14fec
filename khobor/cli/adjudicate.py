"""khobor adjudicate: two annotators' work becomes gold, with a reason for every decision."""

from __future__ import annotations

from pathlib import Path

import click

from khobor.cli.annotators import read_named_joint
from khobor.cli.errors import FINDINGS, with_exit_codes
from khobor.corpus.adjudications import Outcome, adjudicate_folder
from khobor.errors import UsageError


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option(
    "--corpus",
    type=click.Path(path_type=Path),
    default=Path(),
    show_default=True,
    help="The corpus folder.",
)
@click.option(
    "--pages",
    "supplied",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Pages that its catalogue withholds, told by their hash.",
)
@click.option("--replace", is_flag=True, help="Write over gold annotations that differ.")
@with_exit_codes
def adjudicate(
    first: str, second: str, corpus: Path, supplied: tuple[Path, ...], replace: bool
) -> int:
    """Adjudicate two annotators into gold/.

    The first run writes annotations/gold/decisions/DOC.jsonl: a line a difference. Decide each:
    set "take" to an annotator's name, "both", "neither" or "own" (with the items in "own"), and
    "reason". Run again: where all is decided, gold/DOC.jsonl is written, the decision and its
    reason in the note of every item. Exit code 1 while something is open.
    """
    joint = read_named_joint(corpus, first, second, supplied=supplied)
    for sentence in joint.left_out:
        click.echo(f"left out: {sentence}", err=True)
    if not joint.shared:
        raise UsageError(
            "no document that both finished", where=f"{first}, {second}", fix="see above"
        )
    outcomes = adjudicate_folder(corpus, joint, replace=replace)
    for outcome in outcomes:
        click.echo(_line(outcome))
    left = sum(outcome.open for outcome in outcomes)
    click.echo(
        f"{len(outcomes)} documents, {sum(o.differences for o in outcomes)} differences, "
        f"{left} open" + ("; decide them and run this again" if left else "; gold is written")
    )
    return FINDINGS if left else 0


def _line(outcome: Outcome) -> str:
    if outcome.gold is None:
        return (
            f"{outcome.doc_id}: {outcome.open} of {outcome.differences} open in {outcome.decisions}"
        )
    return f"{outcome.doc_id}: {outcome.differences} decided, {outcome.gold}"
