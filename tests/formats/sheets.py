"""Sheets to test formats with: any text of Bengali pieces, spans that overlap, nest and touch."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from khobor.annotations.files import line_order
from khobor.formats.interface import BlockSpan, Sheet
from khobor.records import (
    BLOCK_LABELS,
    ENTITY_LABELS,
    QUOTE_KINDS,
    QUOTE_MARKINGS,
    QUOTE_MEDIA,
    Mention,
    Part,
    Quote,
)
from khobor.spans import on_grapheme_border
from tests.bengali import texts

NOTES = st.none() | st.sampled_from(["কারণ", "two\nlines", "tab\there \\ back", " edge ", "a|b;c#d"])
IDS = st.sampled_from(["e{}", "x-{}", "T{}", "A.{}"])


def borders(text: str) -> list[int]:
    """List the offsets of a text at which a span may begin or end."""
    return [at for at in range(len(text) + 1) if on_grapheme_border(text, at)]


def _possible(text: str, edges: list[int]) -> list[tuple[int, int]]:
    """List the spans with something visible at both of their edges."""
    return [
        (a, b)
        for n, a in enumerate(edges)
        for b in edges[n + 1 : n + 12]
        if not text[a].isspace() and not text[b - 1].isspace()
    ]


def _spans(draw: st.DrawFn, text: str, edges: list[int]) -> tuple[int, int]:
    return draw(st.sampled_from(_possible(text, edges)))


@st.composite
def sheets(draw: st.DrawFn, *, blocks: bool = False) -> Sheet:
    """A sheet with mentions and quotes, or with blocks."""
    text = draw(texts(max_size=14).filter(lambda text: not text.isspace() and text != ""))
    edges = borders(text)
    if not _possible(text, edges):
        return Sheet("page-1", text)
    if blocks:
        return Sheet("page-1", text, blocks=tuple(_blocks(draw, text, edges)))
    form = draw(IDS)
    mentions = []
    for number in range(draw(st.integers(0, 4))):
        start, end = _spans(draw, text, edges)
        name_end = draw(st.integers(start + 1, end))
        label: Any = draw(st.sampled_from(ENTITY_LABELS))
        mentions.append(
            Mention(
                form.format(number + 1), start, end, name_end, label, text[start:end], draw(NOTES)
            )
        )
    quotes = [
        _quote(draw, text, edges, number, mentions) for number in range(draw(st.integers(0, 2)))
    ]
    return Sheet(
        "page-1",
        text,
        tuple(sorted(mentions, key=line_order)),
        tuple(sorted(quotes, key=line_order)),
    )


def _quote(
    draw: st.DrawFn, text: str, edges: list[int], number: int, mentions: list[Mention]
) -> Quote:
    def part() -> Part:
        start, end = _spans(draw, text, edges)
        return Part(start, end, text[start:end])

    def parts(least: int, most: int) -> tuple[Part, ...]:
        found = {
            (p.start, p.end): p for p in (part() for _ in range(draw(st.integers(least, most))))
        }
        apart: list[Part] = []
        for span in sorted(found):
            if not apart or span[0] >= apart[-1].end:
                apart.append(found[span])
        return tuple(apart)

    kind: Any = draw(st.sampled_from(QUOTE_KINDS))
    marking: Any = draw(st.sampled_from(QUOTE_MARKINGS))
    medium: Any = draw(st.sampled_from(QUOTE_MEDIA))
    return Quote(
        id=f"q{number + 1}",
        content=parts(1, 3),
        kind=kind,
        marking=marking,
        medium=medium,
        cue=part() if draw(st.booleans()) else None,
        speaker=part() if draw(st.booleans()) else None,
        speaker_mention=draw(st.sampled_from(mentions)).id
        if mentions and draw(st.booleans())
        else None,
        quoted=parts(0, 2),
        note=draw(NOTES),
    )


def _blocks(draw: st.DrawFn, text: str, edges: list[int]) -> list[BlockSpan]:
    blocks = []
    position = 0
    for number in range(draw(st.integers(0, 4))):
        start_end = [
            (a, b)
            for a in edges
            for b in edges
            if position <= a < b and not text[a].isspace() and not text[b - 1].isspace()
        ]
        if not start_end:
            break
        start, end = draw(st.sampled_from(start_end[:40]))
        label: Any = draw(st.sampled_from(BLOCK_LABELS))
        blocks.append(BlockSpan(f"b{number + 1}", start, end, label))
        position = end
    return blocks
