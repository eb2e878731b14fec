"""Windows: stretches of an article that fit into a model, with no entity and no quote cut.

A window is made of whole sentences. It ends where no quote goes on, as long as a quote fits
into it; what has to be cut is listed, never silently. Offsets are code points of the article.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, pairwise
from typing import TypeVar

import msgspec

from khobor.errors import UsageError
from khobor.layers.tokens import token_bounds
from khobor.spans import Span, strip_span
from khobor.training.articles import Article, quote_parts
from khobor.training.tags import Words, article_words

Measure = Callable[[str], int]  # how much of a model's room a text takes


class Window(msgspec.Struct, frozen=True):
    """A stretch `[start, end)` of an article.

    `[core_start, core_end)` is what this window answers for where windows overlap: the cores of
    an article's windows follow each other from its start to its end. `partial`: ids of mentions
    and quotes of which only a part lies here; `cut`: those of them that are whole in no window.
    `oversize`: it is one word, or one mention, and still larger than it may be.
    """

    doc_id: str
    start: int
    end: int
    core_start: int
    core_end: int
    partial: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()
    oversize: bool = False


def count_words(text: str) -> int:
    """Count BNLP's tokens of a text: the measure of windows for models that read words."""
    return len(token_bounds(text)[0])


def make_windows(
    article: Article,
    *,
    max_size: int,
    measure: Measure = count_words,
    stride: int = 0,
    blind: bool = False,
) -> list[Window]:
    """Turn an article into windows of at most `max_size`, in order; together they cover it.

    Each holds as many sentences as fit, less where that keeps a quote whole (content, cue and
    speaker), and begins again up to `stride` sentences before the end of the last one. Of
    borders that all cut a quote, the one that cuts the fewest is taken. A sentence that is too
    large is cut before a word, never inside a mention; what cannot be cut is `oversize`.

    `blind` sets the borders without a look at the annotation: so a model is scored, which must
    not learn from a border where a quote ends. Raises UsageError for a senseless size or stride.
    """
    if max_size < 1 or stride < 0:
        raise UsageError(
            f"windows of at most {max_size} with a stride of {stride}",
            fix="pass max_size of 1 or more, and a stride of 0 or more sentences",
        )
    extents = [] if blind else _quote_extents(article)
    pieces = _pieces(article, measure, max_size, blind=blind)
    room = _Room(article.text, pieces, measure, max_size)
    ranges = _ranges(room, _crossings(pieces, extents), stride)
    return _windows(article, room, ranges)


Held = TypeVar("Held")


def merge_windows(
    answers: Iterable[tuple[Window, Sequence[Held]]], span: Callable[[Held], tuple[int, int]]
) -> list[Held]:
    """Merge what was found in the windows of one article, each in code points of the article.

    A finding counts in the window in whose core it starts; one that overlaps a finding of a
    window before it, which saw more of its start, is dropped. Those of one window may nest.
    """
    kept: list[Held] = []
    taken = -1
    for window, found in sorted(answers, key=lambda answer: answer[0].start):
        before = taken
        for one in sorted(found, key=span):
            start, end = span(one)
            if window.core_start <= start < window.core_end and start >= before:
                kept.append(one)
                taken = max(taken, end)
    return kept


# --- pieces: what is never cut ----------------------------------------------------------------


class _Piece(msgspec.Struct, frozen=True):
    start: int
    end: int
    size: int


def _pieces(article: Article, measure: Measure, max_size: int, *, blind: bool) -> list[_Piece]:
    """Cut an article into its sentences, and those that are too large into words."""
    text = article.text
    mentions = () if blind else article.mentions or ()
    inside = _Inside([Span(m.start, m.end) for m in mentions])
    words: Words | None = None
    pieces: list[_Piece] = []
    for stretch in _cut(text, 0, len(text), (s.start for s in article.sentences), inside):
        size = measure(text[stretch.start : stretch.end])
        if size <= max_size:
            pieces.append(_Piece(stretch.start, stretch.end, size))
            continue
        words = words or article_words(article)
        parts = _cut(text, stretch.start, stretch.end, words.starts, inside)
        pieces += [_Piece(p.start, p.end, measure(text[p.start : p.end])) for p in parts]
    return pieces


def _cut(text: str, start: int, end: int, borders: Iterable[int], inside: _Inside) -> list[Span]:
    """Cut `[start, end)` at borders that lie in no mention, white space left out at the edges."""
    cuts = sorted({start, end, *(b for b in borders if start < b < end and not inside(b))})
    stretches = (strip_span(text, a, b) for a, b in pairwise(cuts))
    return [stretch for stretch in stretches if stretch.start < stretch.end]


class _Inside:
    """Tells whether an offset lies inside one of some spans (on a border of it is not inside)."""

    def __init__(self, spans: Iterable[Span]) -> None:
        ordered = sorted(spans)
        self.starts = [span.start for span in ordered]
        self.reach = list(accumulate((span.end for span in ordered), max))

    def __call__(self, offset: int) -> bool:
        before = bisect_left(self.starts, offset)
        return before > 0 and self.reach[before - 1] > offset


# --- ranges of pieces -------------------------------------------------------------------------


class _Room:
    """How far a window reaches that begins at a piece."""

    def __init__(
        self, text: str, pieces: Sequence[_Piece], measure: Measure, max_size: int
    ) -> None:
        self.text, self.pieces, self.measure, self.max_size = text, pieces, measure, max_size
        self.sizes = [0, *accumulate(piece.size for piece in pieces)]
        self._reach: dict[int, int] = {}

    def size(self, first: int, last: int) -> int:
        """Measure the text of the pieces [first, last)."""
        return self.measure(self.text[self.pieces[first].start : self.pieces[last - 1].end])

    def reach(self, first: int) -> int:
        """Find the last piece (exclusive) that fits behind `first`; at least one is taken."""
        if first not in self._reach:
            limit = self.sizes[first] + self.max_size
            last = max(first + 1, bisect_right(self.sizes, limit) - 1)
            # The sizes of pieces add up to about the size of the whole: that is measured.
            while last > first + 1 and self.size(first, last) > self.max_size:
                last -= 1
            self._reach[first] = last
        return self._reach[first]


def _quote_extents(article: Article) -> list[Span]:
    parts = [[part for _, part in quote_parts(quote)] for quote in article.quotes or ()]
    return [Span(min(p.start for p in ps), max(p.end for p in ps)) for ps in parts if ps]


def _crossings(pieces: Sequence[_Piece], extents: Iterable[Span]) -> list[int]:
    """Count for the border before each piece, and the one at the end, the quotes that it cuts."""
    starts = [piece.start for piece in pieces]
    steps = [0] * (len(pieces) + 2)
    for extent in extents:
        steps[bisect_right(starts, extent.start)] += 1
        steps[bisect_left(starts, extent.end)] -= 1
    return list(accumulate(steps))[: len(pieces) + 1]


def _ranges(room: _Room, crossings: Sequence[int], stride: int) -> list[tuple[int, int]]:
    """Choose the pieces [first, last) of every window."""
    ranges: list[tuple[int, int]] = []
    first, before = 0, 0  # `before`: where the last window ended
    while before < len(room.pieces):
        furthest = room.reach(first)
        if furthest == len(room.pieces):
            last = furthest
        else:
            borders = range(furthest, max(first, before), -1)
            last = min(borders, key=lambda border: crossings[border])
        ranges.append((first, last))
        overlaps = range(max(first + 1, last - stride), last)
        useful = [start for start in overlaps if room.reach(start) > last]
        first = min([*useful, last], key=lambda start: crossings[start])
        before = last
    return ranges


def _windows(article: Article, room: _Room, ranges: Sequence[tuple[int, int]]) -> list[Window]:
    pieces = room.pieces
    if not ranges:
        return []
    # Where two windows overlap, the first answers for the first half of what they share.
    middles = [pieces[(b[0] + a[1] + 1) // 2].start for a, b in pairwise(ranges)]
    cores = pairwise([0, *middles, len(article.text)])
    spans = [Span(pieces[a].start, pieces[b - 1].end) for a, b in ranges]
    items = _item_spans(article)
    whole = {id_ for id_, parts in items for span in spans if _contains(span, parts)}
    windows = []
    for (first, last), span, (core_start, core_end) in zip(ranges, spans, cores, strict=True):
        partial = tuple(id_ for id_, parts in items if _holds_a_part(span, parts))
        windows.append(
            Window(
                doc_id=article.doc_id,
                start=span.start,
                end=span.end,
                core_start=core_start,
                core_end=core_end,
                partial=partial,
                cut=tuple(id_ for id_ in partial if id_ not in whole),
                oversize=last == first + 1 and pieces[first].size > room.max_size,
            )
        )
    return windows


def _item_spans(article: Article) -> list[tuple[str, list[Span]]]:
    """List the spans of every mention and quote by its id."""
    mentions = [(m.id, [Span(m.start, m.end)]) for m in article.mentions or ()]
    quotes = [
        (quote.id, [Span(part.start, part.end) for _, part in quote_parts(quote)])
        for quote in article.quotes or ()
    ]
    return [*mentions, *quotes]


def _contains(window: Span, parts: Sequence[Span]) -> bool:
    return all(window.start <= part.start and part.end <= window.end for part in parts)


def _holds_a_part(window: Span, parts: Sequence[Span]) -> bool:
    touches = any(part.start < window.end and window.start < part.end for part in parts)
    return touches and not _contains(window, parts)
