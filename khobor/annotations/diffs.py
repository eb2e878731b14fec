"""Where the words of an old text stand in a new one: a diff that suggests, and decides nothing.

Offsets are half-open code points.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

import msgspec

from khobor.layers.tokens import token_bounds
from khobor.spans import Span, strip_span

# Between words that both texts hold once, difflib compares what is left: at most this many pairs
# of words at a time, for its time grows with their product.
_MAX_PAIRS = 40_000
_MAX_DEPTH = 12
# A place that is this much longer than what stood there says nothing to the reader.
_MAX_GROWTH = 3
_MAX_SLACK = 40
# Two texts that share less of their words are not two states of one: a diff of them is chance.
_LEAST_SHARE = 1 / 3


class TextMap(msgspec.Struct, frozen=True):
    """The words that two texts have in common, in order: bounds in the old and the new text.

    `share` is how many of the different words of the one with fewer the other holds too, 0 to 1.
    """

    old: str
    new: str
    old_starts: tuple[int, ...]
    old_ends: tuple[int, ...]
    new_starts: tuple[int, ...]
    new_ends: tuple[int, ...]
    share: float


def map_texts(old: str, new: str) -> TextMap:
    """Turn two texts into the map of their common words (BNLP's tokens).

    Words that stand once in either text, in one order, come first; between them the same again,
    and difflib where little is left. A megabyte takes seconds, also where all of it changed.
    """
    bounds = [token_bounds(text) for text in (old, new)]
    starts = [bound[0].tolist() for bound in bounds]
    ends = [bound[1].tolist() for bound in bounds]
    words = [
        [text[start:end] for start, end in zip(starts[side], ends[side], strict=True)]
        for side, text in enumerate((old, new))
    ]
    pairs = list(_common(words[0], words[1], (0, len(words[0])), (0, len(words[1])), 0))
    return TextMap(
        old,
        new,
        tuple(starts[0][a] for a, _ in pairs),
        tuple(ends[0][a] for a, _ in pairs),
        tuple(starts[1][b] for _, b in pairs),
        tuple(ends[1][b] for _, b in pairs),
        _share(*words),
    )


def _share(old: Sequence[str], new: Sequence[str]) -> float:
    """Tell how much of their words two texts share; marks alone, which all texts hold, are none."""
    sides = [{word for word in words if any(map(str.isalnum, word))} for words in (old, new)]
    fewest = min(map(len, sides))
    return len(sides[0] & sides[1]) / fewest if fewest else 0.0


def map_span(found: TextMap, start: int, end: int) -> Span | None:
    """Turn a span of the old text into the span of the new one that stands in its place.

    None where nothing stands there, or so much more that it says nothing; and where the texts
    share less than a third of their words.
    """
    if found.share < _LEAST_SHARE:
        return None
    left = _map_start(found, start)
    right = _map_end(found, end)
    if left >= right:
        return None
    span = strip_span(found.new, left, right)
    too_long = span.end - span.start > _MAX_GROWTH * (end - start) + _MAX_SLACK
    return None if span.start >= span.end or too_long else span


def _map_start(found: TextMap, offset: int) -> int:
    """Map a start: exactly inside a common word, else behind the common word before it."""
    place = bisect_right(found.old_starts, offset) - 1
    if place < 0:
        return 0
    inside = offset < found.old_ends[place]
    return (
        found.new_starts[place] + offset - found.old_starts[place]
        if inside
        else (found.new_ends[place])
    )


def _map_end(found: TextMap, offset: int) -> int:
    """Map an end: exactly inside a common word, else before the common word behind it."""
    place = bisect_left(found.old_ends, offset)
    if place == len(found.old_ends):
        return len(found.new)
    inside = found.old_starts[place] < offset
    return (
        found.new_ends[place] - (found.old_ends[place] - offset)
        if inside
        else (found.new_starts[place])
    )


Range = tuple[int, int]


def _common(
    old: Sequence[str], new: Sequence[str], left: Range, right: Range, depth: int
) -> Iterator[tuple[int, int]]:
    """Yield pairs of places (old, new) of common words inside two ranges, both rising."""
    (a, a_end), (b, b_end) = left, right
    while a < a_end and b < b_end and old[a] == new[b]:
        yield a, b
        a, b = a + 1, b + 1
    tail = 0
    while a < a_end - tail and b < b_end - tail and old[a_end - tail - 1] == new[b_end - tail - 1]:
        tail += 1
    a_stop, b_stop = a_end - tail, b_end - tail
    anchors = _anchors(old, new, (a, a_stop), (b, b_stop)) if depth < _MAX_DEPTH else []
    if anchors:
        for a_anchor, b_anchor in [*anchors, (a_stop, b_stop)]:
            yield from _common(old, new, (a, a_anchor), (b, b_anchor), depth + 1)
            if a_anchor < a_stop:
                yield a_anchor, b_anchor
            a, b = a_anchor + 1, b_anchor + 1
    elif 0 < (a_stop - a) * (b_stop - b) <= _MAX_PAIRS:
        matcher = SequenceMatcher(None, old[a:a_stop], new[b:b_stop], autojunk=False)
        for block in matcher.get_matching_blocks():
            for step in range(block.size):
                yield a + block.a + step, b + block.b + step
    for step in range(tail, 0, -1):
        yield a_end - step, b_end - step


def _anchors(
    old: Sequence[str], new: Sequence[str], left: Range, right: Range
) -> list[tuple[int, int]]:
    """Find words that stand once in either range, and of those the most that rise in both."""
    once_old = Counter(old[left[0] : left[1]])
    once_new = Counter(new[right[0] : right[1]])
    places = {word: b for b, word in enumerate(new[right[0] : right[1]], right[0])}
    pairs = [
        (a, places[old[a]])
        for a in range(left[0], left[1])
        if once_old[old[a]] == 1 and once_new.get(old[a]) == 1
    ]
    return _longest_rise(pairs)


def _longest_rise(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Find the longest rising run of the second places, by patience: n log n."""
    piles: list[int] = []  # the smallest second place that ends a run of each length
    tops: list[int] = []  # the pair that gives it
    before: list[int] = []
    for number, (_, b) in enumerate(pairs):
        pile = bisect_left(piles, b)
        if pile == len(piles):
            piles.append(b)
            tops.append(number)
        else:
            piles[pile], tops[pile] = b, number
        before.append(tops[pile - 1] if pile else -1)
    run: list[tuple[int, int]] = []
    place = tops[-1] if tops else -1
    while place >= 0:
        run.append(pairs[place])
        place = before[place]
    return run[::-1]
