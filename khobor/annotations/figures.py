"""How quotes are written: the figures by which annotated text is held against the real web's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from khobor.records import ARTICLE_LABELS, Document, Quote
from khobor.spans import Span

_CLOSERS = "’”\"'"
_DANDAS = "।৷"
_BESIDE = "‘’“”\"'"
# A mark that opens: behind white space, a bracket or a dash, before a letter. ’ opens nothing.
_OPENING = re.compile(r"(?<![^\s(\[—–-])[‘“\"'](?=\w)")


class QuoteFigures(msgspec.Struct, frozen=True):
    """Counts of quotes, and of how those that have words are written; add two with merge.

    `told` are quotes whose cue stands before their content. Words are stretches between white
    space. `marks` counts the mark that opens a marked content.
    """

    quotes: int = 0
    kinds: dict[str, int] = {}
    markings: dict[str, int] = {}
    media: dict[str, int] = {}
    before: int = 0  # the cue stands before the content, within it, behind it
    within: int = 0
    behind: int = 0
    told_bare: int = 0
    no_speaker: int = 0
    read: int = 0  # quotes whose text is here
    words: int = 0
    several_sentences: int = 0
    wholly_marked: int = 0  # of those read: marked and not mixed
    marks: dict[str, int] = {}
    danda_inside: int = 0  # a danda stands before the closing mark, or behind it
    danda_behind: int = 0
    marked_spans: int = 0  # marks that open something in the article, and those that open no quote
    other_spans: int = 0


def quote_figures(quotes: Iterable[Quote], document: Document | None) -> QuoteFigures:
    """Turn the quotes of one document into their figures; without its text, what needs none."""
    told = [quote for quote in quotes if quote.content]
    merged = _marked_spans(told, document) if document is not None else QuoteFigures()
    for quote in told:
        merged = merge(merged, _figures(quote, document))
    return merged


def _marked_spans(quotes: Sequence[Quote], document: Document) -> QuoteFigures:
    """Count what stands in marks in the article, and what of it is no quote or part of one.

    Marks inside a content (a saying within a saying, a title in it) count as no quote unless they
    open a `quoted` part.
    """
    opened = [
        found.start()
        for block in document.blocks
        if block.label in ARTICLE_LABELS
        for found in _OPENING.finditer(document.text, block.start, block.end)
    ]
    starts = {
        part.start
        for quote in quotes
        if quote.marking == "marked" or quote.quoted
        for part in (*quote.content, *quote.quoted)
    }
    other = sum(place + 1 not in starts for place in opened)
    return QuoteFigures(marked_spans=len(opened), other_spans=other)


def merge(a: QuoteFigures, b: QuoteFigures) -> QuoteFigures:
    """Add two sets of figures up."""
    fields: dict[str, Any] = {}
    for name in QuoteFigures.__struct_fields__:
        one, other = getattr(a, name), getattr(b, name)
        fields[name] = dict(Counter(one) + Counter(other)) if isinstance(one, dict) else one + other
    return QuoteFigures(**fields)


def _figures(quote: Quote, document: Document | None) -> QuoteFigures:
    first, last = quote.content[0], quote.content[-1]
    cue = quote.cue
    before = cue is not None and cue.end <= first.start
    behind = cue is not None and cue.start >= last.end
    figures = QuoteFigures(
        quotes=1,
        kinds={quote.kind: 1},
        markings={quote.marking: 1},
        media={quote.medium: 1},
        before=before,
        within=cue is not None and not before and not behind,
        behind=behind,
        told_bare=before and quote.marking == "bare",
        no_speaker=quote.speaker is None,
    )
    if document is None:
        return figures
    text = document.text
    marked = quote.marking == "marked" and quote.kind != "mixed"
    closed = text[last.end : last.end + 1]
    return msgspec.structs.replace(
        figures,
        read=1,
        words=sum(len(text[part.start : part.end].split()) for part in quote.content),
        several_sentences=_sentences(quote, document) > 1,
        wholly_marked=marked,
        marks={_opening_mark(quote, text): 1} if quote.marking == "marked" else {},
        danda_inside=marked and closed in tuple(_CLOSERS) and text[last.end - 1] in _DANDAS,
        danda_behind=marked
        and closed in tuple(_CLOSERS)
        and text[last.end + 1 : last.end + 2] in tuple(_DANDAS),
    )


def _opening_mark(quote: Quote, text: str) -> str:
    """Find the mark that opens a marked content; of a mixed one, its first marked part."""
    parts = quote.quoted or quote.content
    before = text[max(0, parts[0].start - 1) : parts[0].start]
    return before if before and before in _BESIDE else "none"


def _sentences(quote: Quote, document: Document) -> int:
    """Count the sentences of the document that a content lies in."""
    spans = [Span(part.start, part.end) for part in quote.content]
    return sum(
        any(sentence.start < span.end and span.start < sentence.end for span in spans)
        for sentence in document.sentences
    )


# What real news has: 1.8 million characters of six Bangladeshi papers, and 17,751 articles of one
# of them. Papers of West Bengal mix all four pairs of marks.
REAL_NEWS = (
    "Real news: 1.8 million characters of six Bangladeshi papers and 17,751 articles of one of "
    "them, counted by patterns (a speech verb and a comma); the corpus is counted by annotation, "
    "which also finds cues behind their content (… বলে জানান)."
)
MARKS = (("‘", "’", "93 %"), ("'", "'", "6 %"), ('"', '"', "under 1 %"), ("“", "”", "under 1 %"))


def figure_rows(figures: QuoteFigures) -> list[tuple[str, str, str]]:
    """Turn figures into rows: what is said, the figure, and what was measured on real news."""
    cued = figures.before + figures.within + figures.behind
    marked = sum(figures.marks.values())
    wholly = figures.wholly_marked
    mean = f"{figures.words / figures.read:.0f}" if figures.read else "–"
    return [
        (
            "bare, of those told before their content",
            _share(figures.told_bare, figures.before),
            "83 %",
        ),
        ("cue before the content, of those with a cue", _share(figures.before, cued), "94–97 %"),
        ("cue within the content", _share(figures.within, cued), ""),
        ("cue behind the content", _share(figures.behind, cued), "3–6 %"),
        ("no words name the speaker", _share(figures.no_speaker, figures.quotes), ""),
        ("words, mean", mean, "30"),
        ("two sentences or more", _share(figures.several_sentences, figures.read), "72 %"),
        ("danda inside the closing mark", _share(figures.danda_inside, wholly), "80 %"),
        (
            "spans in marks that are no quote",
            _share(figures.other_spans, figures.marked_spans),
            "53 %",
        ),
        ("danda behind the closing mark", _share(figures.danda_behind, wholly), "4 %"),
        *(
            (f"of marked ones, in {mark} {close}", _share(figures.marks.get(mark, 0), marked), real)
            for mark, close, real in MARKS
        ),
    ]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"
