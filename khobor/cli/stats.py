"""khobor stats: a corpus folder in numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from textwrap import wrap

import click
import msgspec

from khobor.annotations.figures import REAL_NEWS, figure_rows
from khobor.cli.errors import with_exit_codes
from khobor.corpus.corpora import assemble
from khobor.corpus.statistics import (
    LabellerScores,
    Statistics,
    score_labeller,
    statistics_of,
)


@click.command()
@click.argument("corpus", metavar="[DIR]", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--pages",
    "supplied",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Pages that its catalogue withholds, told by their hash.",
)
@click.option("--json", "as_json", is_flag=True, help="All numbers as one JSON object.")
@with_exit_codes
def stats(corpus: Path, supplied: tuple[Path, ...], as_json: bool) -> int:
    """Count what a corpus folder holds: pages, blocks, mentions, quotes.

    Quotes stand beside what was measured on real news; blocks by hand beside what the labeller
    makes of the same pages.
    """
    annotations = corpus / "annotations"
    assembled = assemble(
        [corpus / "pages"],
        annotations=annotations if any(annotations.glob("*/*.jsonl")) else None,
        supplied=supplied,
    )
    numbers = statistics_of(assembled)
    scores = score_labeller(corpus / "pages")
    if as_json:
        encoded = msgspec.json.encode({"corpus": numbers, "labeller": scores})
        click.echo(msgspec.json.format(encoded, indent=2).decode())
    else:
        sections = [*_corpus(numbers)]
        if numbers.quotes.quotes:
            sections.append(_quotes(numbers))
        if scores.pages:
            sections.append(_labeller(scores))
        click.echo("\n\n".join(_lines(section) for section in sections))
    return 0


def _lines(section: Iterable[str]) -> str:
    """Join the lines of a section; a last column that is empty leaves no blanks behind."""
    return "\n".join(line.rstrip() for line in section)


def _corpus(numbers: Statistics) -> Iterator[Iterable[str]]:
    """Turn numbers into sections of lines; what a corpus has none of has no section."""
    yield _pages(numbers)
    if numbers.publishers:
        yield _publishers(numbers)
    if numbers.blocks or numbers.mentions:
        yield _layers(numbers)


def _pages(numbers: Statistics) -> Iterator[str]:
    rejects = ", ".join(f"{reason} {count}" for reason, count in numbers.rejects.items())
    yield f"documents {numbers.documents}, withheld {numbers.withheld}" + (
        f", rejected {sum(numbers.rejects.values())} ({rejects})" if rejects else ""
    )
    if numbers.documents:
        fewest, middle, most = numbers.words
        yield f"words of an article: {fewest} to {most}, median {middle}"


def _publishers(numbers: Statistics) -> Iterator[str]:
    # The name stands last: Bengali letters have no fixed width.
    yield f"{'pages':>6}{'html':>6}{'words':>8}{'mentions':>10}{'quotes':>8}  publisher"
    for row in numbers.publishers:
        yield (
            f"{row.pages:>6}{row.html:>6}{row.words:>8,}{row.mentions:>10,}{row.quotes:>8,}  "
            f"{row.publisher or 'not catalogued'} ({row.country or '?'}, {row.provenance})"
        )


def _layers(numbers: Statistics) -> Iterator[str]:
    if numbers.blocks:
        yield "blocks    " + _listed(numbers.blocks)
    if numbers.mentions:
        mentions = sum(numbers.mentions.values())
        yield f"mentions  {mentions:,}: " + _listed(numbers.mentions)
        yield f"          {_percent(numbers.suffixed, mentions)} with a glued ending"


def _quotes(numbers: Statistics) -> Iterator[str]:
    figures = numbers.quotes
    yield f"quotes    {figures.quotes:,}: " + "; ".join(
        _listed(counts) for counts in (figures.kinds, figures.markings, figures.media)
    )
    groups = {"all": figures, **numbers.quotes_by_country}
    yield ""
    yield from wrap(REAL_NEWS, 100)
    yield f"{'':<44}" + "".join(f"{name:>10}" for name in groups) + f"{'real news':>12}"
    rows = zip(*(figure_rows(group) for group in groups.values()), strict=True)
    for row in rows:
        name, _, real = row[0]
        cells = "".join(f"{value:>10}" for _, value, _ in row)
        yield f"{name:<44}{cells}{real:>12}"


def _labeller(scores: LabellerScores) -> Iterator[str]:
    yield f"the labeller on {scores.pages} articles, against the blocks by hand"
    if scores.rejected:
        yield f"rejected: {', '.join(scores.rejected)}"
    yield f"{'gold':>6}{'same':>6}{'precision':>11}{'recall':>8}{'F1':>7}"
    for score in (*scores.labels, *scores.publishers):
        counts = score.counts
        if counts.first or counts.second:
            cells = (counts.precision, counts.recall, counts.f1)
            precision, recall, f1 = ("–" if c is None else f"{c:.3f}" for c in cells)
            yield f"{counts.first:>6,}{counts.matched:>6,}{precision:>11}{recall:>8}{f1:>7}  {score.key}"


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %"
