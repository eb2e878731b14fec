"""Tables of the card about the corpus as a whole: publishers, quotes, agreement."""

from __future__ import annotations

from collections.abc import Iterator

from khobor.annotations.figures import REAL_NEWS, figure_rows
from khobor.corpus.annotators import AnnotatorAgreement
from khobor.corpus.statistics import Statistics
from khobor.release.card.escapes import cell
from khobor.release.overviews import Overview
from khobor.scoring.figures import Interval


def corpus_sections(corpus: Overview) -> list[str]:
    """Turn a corpus into sections of the card; those without anything to count are left out."""
    numbers = corpus.statistics
    known = any(row.publisher for row in numbers.publishers)
    sections = ["\n".join(_publishers(numbers))] if known else []
    if numbers.quotes.quotes:
        sections.append("\n".join(_quotes(numbers)))
    return sections


def agreement_sections(corpus: Overview) -> list[str]:
    """Turn a corpus into a section for each two annotators who did the same pages."""
    return ["\n".join(_agreement(agreement)) for agreement in corpus.agreements]


def _publishers(numbers: Statistics) -> Iterator[str]:
    fewest, middle, most = numbers.words
    yield "## Publishers"
    yield ""
    lengths = f"Articles have {fewest:,} to {most:,} words, {middle:,} in the median."
    if numbers.withheld:
        lengths += " Withheld pages count no words here, but their annotations count."
    yield lengths
    yield ""
    yield "| publisher | country | provenance | pages | withheld | HTML | words | mentions | quotes |"
    yield "|---|---|---|---:|---:|---:|---:|---:|---:|"
    for row in numbers.publishers:
        counts = (row.pages, row.withheld, row.html, row.words, row.mentions, row.quotes)
        cells = " | ".join(f"{count:,}" for count in counts)
        name = cell(row.publisher) or "not catalogued"
        yield f"| {name} | {cell(row.country)} | {row.provenance} | {cells} |"
    sums = [
        sum(getattr(row, name) for row in numbers.publishers)
        for name in ("pages", "withheld", "html", "words", "mentions", "quotes")
    ]
    yield "| all | | | " + " | ".join(f"{count:,}" for count in sums) + " |"


def _quotes(numbers: Statistics) -> Iterator[str]:
    groups = {"all": numbers.quotes, **numbers.quotes_by_country}
    yield "## How quotes are written"
    yield ""
    yield f"{REAL_NEWS} Papers of West Bengal mix all four pairs of marks."
    yield ""
    read, all_ = numbers.quotes.read, numbers.quotes.quotes
    yield (
        f"All {all_:,} annotated quotes count, those of withheld texts too; words, sentences, dandas "
        f"and marks those of the {read:,} whose text is here."
    )
    yield ""
    yield f"| | {' | '.join(map(cell, groups))} | real news |"
    yield f"|---|{'---:|' * (len(groups) + 1)}"
    yield "| quotes | " + " | ".join(f"{group.quotes:,}" for group in groups.values()) + " | |"
    for row in zip(*(figure_rows(group) for group in groups.values()), strict=True):
        name, _, real = row[0]
        yield f"| {name} | " + " | ".join(value for _, value, _ in row) + f" | {real} |"


def _agreement(agreement: AnnotatorAgreement) -> Iterator[str]:
    figures = agreement.figures
    first, second = cell(agreement.first), cell(agreement.second)
    yield f"## Agreement of {first} and {second}"
    yield ""
    yield (
        f"Two annotators on {figures.documents} documents of {figures.tokens:,} tokens. F1 is exact "
        "(start, end, label); in brackets 95 % intervals over resampled documents."
    )
    yield ""
    yield f"| entities | {first} | {second} | both | exact F1 | overlap F1 |"
    yield "|---|---:|---:|---:|---:|---:|"
    for row in figures.labels:
        if row.exact.first or row.exact.second:
            yield (
                f"| {row.label} | {row.exact.first:,} | {row.exact.second:,} | "
                f"{row.exact.matched:,} | {_interval(row.exact_f1)} | {_figure(row.overlap_f1)} |"
            )
    yield ""
    yield f"- κ of token labels: {_figure(figures.token_kappa)}"
    yield (
        "- mentions with the same start, end and label whose `name_end` is the same too: "
        f"{_figure(figures.name_end)}"
    )
    found = figures.quote_detection
    yield (
        f"- quotes: {agreement.first} found {found.first:,}, {agreement.second} {found.second:,}, "
        f"both {found.matched:,}; F1 {_interval(figures.quote_detection_f1)}"
    )
    yield f"- tokens of the contents of quotes that both found: F1 {_interval(figures.quote_content_f1)}"
    yield f"- quotes that are the same in every part: F1 {_interval(figures.quote_strict_f1)}"
    yield (
        f"- of quotes that both found, the same cue {_figure(figures.quote_cue)}, the same speaker "
        f"{_figure(figures.quote_speaker)}, the same mention of the speaker "
        f"{_figure(figures.quote_mention)}; κ of kind {_figure(figures.quote_kind_kappa)}, of "
        f"marking {_figure(figures.quote_marking_kappa)}, of medium "
        f"{_figure(figures.quote_medium_kappa)}"
    )


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _interval(interval: Interval) -> str:
    if interval.low is None:
        return _figure(interval.value)
    return f"{_figure(interval.value)} ({interval.low:.3f}–{interval.high:.3f})"
