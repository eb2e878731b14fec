"""Spans: half-open stretches of a text, counted in Python code points."""

from __future__ import annotations

import unicodedata

import msgspec

from khobor.errors import SpanError

ZWNJ = "\u200c"
ZWJ = "\u200d"
HASANTA = "\u09cd"  # ্ joins the consonants of a conjunct
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_REGIONAL_INDICATORS = range(0x1F1E6, 0x1F200)  # 🇧 and 🇩: a pair of them is a flag


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
        # It joins letters and emoji; a comma or danda behind it stands for itself.
        return unicodedata.category(after)[0] not in "LS"
    if ord(after) in _REGIONAL_INDICATORS and ord(before) in _REGIONAL_INDICATORS:
        return _indicators_before(text, offset) % 2 == 0
    return ord(after) not in _SKIN_TONES


def _indicators_before(text: str, offset: int) -> int:
    """Count the regional indicators right before `offset`; two of them are one flag."""
    count = 0
    while count < offset and ord(text[offset - count - 1]) in _REGIONAL_INDICATORS:
        count += 1
    return count
