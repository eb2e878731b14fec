"""khobor agree: how far two annotators agree."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from khobor.cli.annotators import read_named_joint, short_name
from khobor.cli.errors import with_exit_codes
from khobor.corpus.annotators import Joint
from khobor.errors import UsageError
from khobor.scoring.agreements import Agreement, Both, measure_agreement
from khobor.scoring.figures import Interval


@click.command()
@click.argument("first", metavar="A")
@click.argument("second", metavar="B")
@click.option(
    "--corpus",
    type=click.Path(path_type=Path),
    default=Path(),
    show_default=True,
    help="The corpus folder with their pages.",
)
@click.option(
    "--pages",
    "supplied",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Pages that its catalogue withholds, told by their hash.",
)
@click.option("--json", "as_json", is_flag=True, help="All figures as one JSON object.")
@with_exit_codes
def agree(first: str, second: str, corpus: Path, supplied: tuple[Path, ...], as_json: bool) -> int:
    """Measure how far two annotators agree on the documents that both finished.

    A and B are names below annotations/, or paths to annotation files. Entities: exact F1 a
    label with a 95 % interval over documents, F1 of overlapping mentions, κ of token labels.
    Quotes: F1 of detection (one-to-one), of content tokens, of whole quotes; shares of matched
    quotes with the same cue, speaker and speaker's mention; κ of kind, marking and medium.
    """
    joint = read_named_joint(corpus, first, second, supplied=supplied)
    for sentence in joint.left_out:
        click.echo(f"left out: {sentence}", err=True)
    if not joint.shared:
        raise UsageError(
            "no document that both finished", where=f"{first}, {second}", fix="see above"
        )
    agreement = measure_agreement(
        [
            Both(shared.first.annotation, shared.second.annotation, shared.document.tokens)
            for shared in joint.shared
        ]
    )
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(agreement), indent=2).decode())
    else:
        click.echo(format_agreement(agreement, joint))
    return 0


def format_agreement(agreement: Agreement, joint: Joint) -> str:
    """Turn figures into the tables of the command."""
    names = short_name(joint.first), short_name(joint.second)
    lines = [
        f"{joint.first} and {joint.second}: {agreement.documents} documents, "
        f"{agreement.tokens:,} tokens",
        "",
        f"{'entities':<10}{names[0]:>8}{names[1]:>8}{'both':>8}"
        f"{'exact F1':>10}{'95 % interval':>16}{'overlap F1':>12}",
    ]
    for row in agreement.labels:
        if row.exact.first or row.exact.second:
            lines.append(
                f"{row.label:<10}{row.exact.first:>8,}{row.exact.second:>8,}"
                f"{row.exact.matched:>8,}{_figure(row.exact_f1.value):>10}"
                f"{_interval(row.exact_f1):>16}{_figure(row.overlap_f1):>12}"
            )
    lines += [
        "",
        f"tokens, κ of labels{_figure(agreement.token_kappa):>33}",
        f"same name_end where start, end and label agree{_figure(agreement.name_end):>6}",
        "",
        f"{'quotes':<30}{names[0]:>8}{names[1]:>8}{'both':>8}{'F1':>8}{'95 % interval':>16}",
    ]
    for name, counts, f1 in (
        ("found", agreement.quote_detection, agreement.quote_detection_f1),
        ("the same in every part", agreement.quote_strict, agreement.quote_strict_f1),
    ):
        lines.append(
            f"{name:<30}{counts.first:>8,}{counts.second:>8,}{counts.matched:>8,}"
            f"{_figure(f1.value):>8}{_interval(f1):>16}"
        )
    content = agreement.quote_content_f1
    lines.append(
        f"{'tokens of matched contents':<54}{_figure(content.value):>8}{_interval(content):>16}"
    )
    lines.append("")
    for name, value in (
        ("of matched quotes, same cue", agreement.quote_cue),
        ("same speaker", agreement.quote_speaker),
        ("same speaker mention", agreement.quote_mention),
        ("κ of kind", agreement.quote_kind_kappa),
        ("κ of marking", agreement.quote_marking_kappa),
        ("κ of medium", agreement.quote_medium_kappa),
    ):
        lines.append(f"{name:<54}{_figure(value):>8}")
    return "\n".join(lines)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _interval(interval: Interval) -> str:
    return "" if interval.low is None else f"{interval.low:.3f}–{interval.high:.3f}"
