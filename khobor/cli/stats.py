"""khobor stats: a corpus folder in numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import click
import msgspec

from khobor.annotations.figures import QuoteFigures
from khobor.cli.errors import with_exit_codes
from khobor.corpus.corpora import assemble
from khobor.corpus.statistics import (
    LabellerScores,
    Statistics,
    score_labeller,
    statistics_of,
)

# What the real web has: 1.8 million characters of six Bangladeshi papers and 17,751 articles of
# one of them; papers of West Bengal mix all four pairs of marks.
MEASURED = {
    "bare": "83 %",
    "before": "94–97 %",
    "words": "30",
    "several": "72 %",
    "inside": "80 %",
    "behind": "4 %",
    "‘": "93 %",
    "'": "6 %",
    '"': "under 1 %",
    "“": "under 1 %",
}


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
        annotations=annotations if annotations.is_dir() else None,
        supplied=supplied,
    )
    numbers = statistics_of(assembled)
    scores = score_labeller(corpus / "pages")
    if as_json:
        encoded = msgspec.json.encode({"corpus": numbers, "labeller": scores})
        click.echo(msgspec.json.format(encoded, indent=2).decode())
    else:
        click.echo("\n".join([*_corpus(numbers), "", *_quotes(numbers), "", *_labeller(scores)]))
    return 0


def _corpus(numbers: Statistics) -> Iterator[str]:
    rejects = ", ".join(f"{reason} {count}" for reason, count in numbers.rejects.items())
    yield f"documents {numbers.documents}, withheld {numbers.withheld}" + (
        f", rejected {sum(numbers.rejects.values())} ({rejects})" if rejects else ""
    )
    fewest, middle, most = numbers.words
    yield f"words of an article: {fewest} to {most}, median {middle}"
    yield ""
    # The name stands last: Bengali letters have no fixed width.
    yield f"{'pages':>6}{'html':>6}{'words':>8}{'mentions':>10}{'quotes':>8}  publisher"
    for row in numbers.publishers:
        yield (
            f"{row.pages:>6}{row.html:>6}{row.words:>8,}{row.mentions:>10,}{row.quotes:>8,}  "
            f"{row.publisher} ({row.country}, {row.provenance})"
        )
    yield ""
    yield "blocks    " + _listed(numbers.blocks)
    share = _percent(numbers.suffixed, sum(numbers.mentions.values()))
    yield f"mentions  {sum(numbers.mentions.values()):,}: " + _listed(numbers.mentions)
    yield f"          {share} with a glued ending"


def _quotes(numbers: Statistics) -> Iterator[str]:
    figures = numbers.quotes
    yield f"quotes    {figures.quotes:,}: " + "; ".join(
        _listed(counts) for counts in (figures.kinds, figures.markings, figures.media)
    )
    groups = {"all": figures, **numbers.quotes_by_country}
    yield ""
    yield f"{'':<44}" + "".join(f"{name:>10}" for name in groups) + f"{'real news':>12}"
    for name, measured, figure in _QUOTE_ROWS:
        cells = "".join(f"{figure(group):>10}" for group in groups.values())
        yield f"{name:<44}{cells}{MEASURED.get(measured, ''):>12}"
    for mark, close in (("‘", "’"), ("'", "'"), ('"', '"'), ("“", "”")):
        cells = "".join(
            f"{_percent(g.marks.get(mark, 0), sum(g.marks.values())):>10}" for g in groups.values()
        )
        yield f"{f'of marked ones, in {mark} {close}':<44}{cells}{MEASURED[mark]:>12}"


def _cued(figures: QuoteFigures) -> int:
    return figures.before + figures.within + figures.behind


# What a row is called, its key in MEASURED, and how it is figured.
_QUOTE_ROWS: tuple[tuple[str, str, Callable[[QuoteFigures], str]], ...] = (
    ("bare, of those told before their content", "bare", lambda f: _percent(f.told_bare, f.before)),
    (
        "cue before the content, of those with a cue",
        "before",
        lambda f: _percent(f.before, _cued(f)),
    ),
    ("cue within the content", "", lambda f: _percent(f.within, _cued(f))),
    ("cue behind the content", "", lambda f: _percent(f.behind, _cued(f))),
    ("no words name the speaker", "", lambda f: _percent(f.no_speaker, f.quotes)),
    ("words, mean", "words", lambda f: f"{f.words / f.read:.0f}" if f.read else "–"),
    ("two sentences or more", "several", lambda f: _percent(f.several_sentences, f.read)),
    (
        "of wholly marked ones, danda inside the mark",
        "inside",
        lambda f: _percent(f.danda_inside, _wholly_marked(f)),
    ),
    ("danda behind it", "behind", lambda f: _percent(f.danda_behind, _wholly_marked(f))),
)


def _wholly_marked(figures: QuoteFigures) -> int:
    return sum(figures.marks.values()) - figures.kinds.get("mixed", 0)


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
    return f"{100 * part / whole:.0f} %" if whole else "–"
