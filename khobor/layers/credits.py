"""Credits: a line of the article's head that holds byline, time and buttons, cut into its parts."""

from __future__ import annotations

import re
from itertools import pairwise

from khobor.layers import phrases
from khobor.layers.phrases import fold
from khobor.records import BlockLabel
from khobor.spans import Span, strip_span

_DIGIT = "[0-9০-৯]"
# What introduces a time of publication behind a byline.
_OPENING = re.compile(
    r"(?<=[\s|])(?:প্রকাশ\s?[:：]|প্রকাশিত|প্রকাশের সময়|প্রকাশকাল|আপডেট|হালনাগাদ|সর্বশেষ আপডেট|শেষ আপডেট|তারিখ\s?:"
    r"|published|updated|posted|last updated)",
    re.IGNORECASE,
)
# ১১:০২ | 07:48 PM (IST) | ৫:২০ পিএম | সকাল ১০:২৫ : a time of day, with what belongs to it behind it
_CLOCK = re.compile(
    rf"{_DIGIT}{{1,2}}[:.]{_DIGIT}{{2}}(?:\s?(?:AM|PM|এএম|পিএম|মিনিট))?(?:\s?\((?:IST|BST)\))?",
    re.IGNORECASE,
)

Piece = tuple[Span, BlockLabel]


def cut_credits(line: str) -> list[Piece]:
    """Turn a line of the head into its byline, time and chrome: spans of `line`, in order.

    The time begins at the words that introduce it or at its date, and ends with its last date or
    time of day; a separator stays with what stands before it. A line without a date, or with
    nothing else, is no pieces.
    """
    folded = fold(line)
    dates = list(phrases.DATE.finditer(folded))
    if not dates:
        return []
    opening = _OPENING.search(folded)
    start = min(opening.start() if opening else dates[0].start(), dates[0].start())
    if not opening and phrases.TIMESTAMP_WORD.match(folded):
        start = 0
    last = max([*dates, *_CLOCK.finditer(folded)], key=lambda found: found.end())
    end = last.end()
    byline, rest = folded[:start].strip(" |–—-·•"), folded[end:].strip(" |,–—-·•।")
    if byline and not _names_somebody(byline):
        start = 0
        byline = ""
    if rest and not phrases.holds(rest.lower(), phrases.CHROME + phrases.COUNTS):
        end, rest = len(folded), ""
    if not byline and not rest:
        return []
    borders = [0, _verbatim(line, folded, start), _verbatim(line, folded, end), len(line)]
    labels: tuple[BlockLabel, ...] = ("byline", "timestamp", "chrome")
    pieces = []
    for (left, right), label in zip(pairwise(borders), labels, strict=True):
        span = strip_span(line, left, right)
        if span.start < span.end:
            pieces.append((span, label))
    return pieces


def _names_somebody(text: str) -> bool:
    """Tell a byline from what belongs to the time: a weekday, a place before the date (…, …)."""
    return phrases.holds(text.lower(), phrases.BYLINE) or (
        len(text.split()) >= 2 and not text.endswith((":", "：", ",", "থেকে"))
    )


def _verbatim(line: str, folded: str, at: int) -> int:
    """Find the offset of the verbatim line that folds to `at` code points."""
    if at >= len(folded):
        return len(line)
    return next(size for size in range(len(line) + 1) if len(fold(line[:size] + "x")) > at)
