"""Spans: half-open stretches of a text, counted in Python code points."""

from __future__ import annotations

import unicodedata

import msgspec

from khobor.errors import SpanError

ZWNJ = "\u200c"
ZWJ = "\u200d"
HASANTA = "\u09cd"  # ্ joins the consonants of a conjunct
_SKIN_TONES = range(0x1F3FB, 0x1F400)


class Span(msgspec.Struct, frozen=True, order=True, gc=False, forbid_unknown_fields=True):
    """A stretch `text[start:end]`: code points, half-open."""

    start: int
    end: int


def check_span(text: str, start: int, end: int, *, where: str = "") -> None:
    """Raise SpanError unless `0 <= start < end <= len(text)`."""
    if not 0 <= start < end <= len(text):
        raise SpanError(
            f"span [{start}, {end}) does not lie in a text of {len(text)} code points",
            where=where,
            fix="expected 0 <= start < end <= length; count code points of the page text",
        )


def strip_span(text: str, start: int, end: int) -> Span:
    """Turn `[start, end)` into the span without white space (str.isspace) at its edges.

    A stretch of white space alone becomes an empty span at `start`.
    """
    stretch = text[start:end]
    kept = stretch.lstrip()
    if not kept:
        return Span(start, start)
    left = start + len(stretch) - len(kept)
    return Span(left, left + len(kept.rstrip()))


def on_grapheme_border(text: str, offset: int) -> bool:
    """Tell whether a reader sees a border between letters at `offset`.

    Follows UAX #29 with its rule GB9c for Indic conjuncts: no border before a combining mark
    (ে U+09C7) or joiner, none inside a conjunct (ক + ্ U+09CD + ষ), none after ZWJ U+200D.
    """
    if offset <= 0 or offset >= len(text):
        return True
    before, after = text[offset - 1], text[offset]
    if after in (ZWJ, ZWNJ) or unicodedata.category(after).startswith("M"):
        # A mark at the start of a line or after white space has nothing to lean on.
        return before.isspace()
    if before == HASANTA:
        return not unicodedata.category(after).startswith("L")
    if before == ZWJ:
        return after.isspace()
    return ord(after) not in _SKIN_TONES
