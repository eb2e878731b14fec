"""Hard wraps and glue: where lines of the page are not the units that a reader sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from khobor.layers import phrases
from khobor.layers.phrases import fold
from khobor.records import Stretch
from khobor.spans import Span, strip_span

# Mail, terminals and old editorial systems wrap at 60 to 80; below 40 are lists of short words,
# above 120 every line is a paragraph of its own.
_MIN_WIDTH, _MAX_WIDTH = 40, 120
# Where a page is known to wrap, a word that would have fitted by so little is no paragraph's end:
# what wrapped it may have counted vowel signs or the parts of য় in another way.
_SLACK = 4
_HEADLINE = 20  # characters: shorter links and parts of a line are menu words


def unwrap(text: str, stretches: Sequence[Stretch]) -> list[Stretch]:
    """Turn the lines of hard-wrapped paragraphs into one stretch each; others stay as they are.

    A line end is a hard wrap where the next line's first word would not have fitted. Groups of
    three lines or more that read like wrapped prose show that the page wraps, and at which
    width; only then are its other groups read that way too.
    """
    if not any(stretch.continues for stretch in stretches):
        return list(stretches)
    groups = list(_groups(stretches))
    texts = [[text[stretch.start : stretch.end] for stretch in group] for group in groups]
    width = _page_width(texts)
    joined: list[Stretch] = []
    for group, lines in zip(groups, texts, strict=True):
        longest = max(map(len, lines))
        # Lines fill the width as their words happen to fit: no group alone knows it.
        if len(group) > 1 and longest <= 1.1 * width:
            joined.extend(_join(group, _wrapped_runs(lines, max(width, longest) - _SLACK)))
        else:
            joined.extend(group)
    return joined


def _join(group: Sequence[Stretch], runs: Iterator[tuple[int, int]]) -> Iterator[Stretch]:
    for first, last in runs:
        yield msgspec.structs.replace(
            group[first],
            end=group[last].end,
            links=tuple(link for line in group[first : last + 1] for link in line.links),
        )


def _groups(stretches: Sequence[Stretch]) -> Iterator[list[Stretch]]:
    """Split stretches into runs in which each continues the one before."""
    group: list[Stretch] = []
    for stretch in stretches:
        if group and not stretch.continues:
            yield group
            group = []
        group.append(stretch)
    if group:
        yield group


def _wraps(lines: Sequence[str], width: int, place: int) -> bool:
    """Tell whether the end of line `place` is a hard wrap."""
    following = lines[place + 1].split()
    return len(lines[place]) + 1 + len(following[0]) > width


def _page_width(groups: Sequence[Sequence[str]]) -> int:
    """Find the width at which a page wraps its prose; 0 where it does not."""
    widths = [max(map(len, lines)) for lines in groups if len(lines) > 2 and _is_wrapped(lines)]
    return max(widths, default=0)


def _is_wrapped(lines: Sequence[str]) -> bool:
    """Tell whether lines without blank ones between them are wrapped prose.

    All lines but the last fill the width, most line ends are wraps, wraps fall in mid-sentence,
    and the last line ends a sentence: lists of headlines, which also stand line by line, fail.
    """
    width = max(map(len, lines))
    if not _MIN_WIDTH <= width <= _MAX_WIDTH or min(map(len, lines[:-1])) < 0.7 * width:
        return False
    wraps = [place for place in range(len(lines) - 1) if _wraps(lines, width, place)]
    in_sentence = [place for place in wraps if not _ends_sentence(lines[place])]
    return (
        2 * len(wraps) >= len(lines) - 1
        and 2 * len(in_sentence) >= len(wraps) > 0
        and _ends_sentence(lines[-1])
    )


def _wrapped_runs(lines: Sequence[str], width: int) -> Iterator[tuple[int, int]]:
    """Split lines into (first, last) places of what belongs together.

    Lines go together over a wrap, and only where the run ends a sentence: in lists of
    headlines and menus, which may fill the width by chance, no line does.
    """
    first = 0
    for place in range(len(lines)):
        if place + 1 < len(lines) and _wraps(lines, width, place):
            continue
        if _ends_sentence(lines[place]):
            yield first, place
        else:
            yield from ((line, line) for line in range(first, place + 1))
        first = place + 1


def _ends_sentence(line: str) -> bool:
    return phrases.ends_sentence(fold(line))


def unglue(text: str, start: int, end: int, links: Sequence[Span]) -> list[Span]:
    """Turn a line of furniture into the headlines that are glued in it.

    They part at a Latin topic behind Bengali (…বাসিন্দাদেরAbhishek Banerjee: …), between links
    of some length, and behind the marks of a ticker (… » …), which stay with what they close.
    """
    line = text[start:end]
    cuts = (
        {start + found.start() for found in phrases.GLUE.finditer(line)} if ":" in line else set()
    )
    if len(links) > 1:
        long_links = [link for link in links if link.end - link.start >= _HEADLINE]
        cuts.update(link.start for link in long_links[1:])
    marks = [found.end() for found in phrases.SEPARATOR.finditer(line)]
    if marks and len(line) / (len(marks) + 1) >= _HEADLINE:
        cuts.update(start + mark for mark in marks)
    edges = [start, *sorted(cuts), end]
    spans = [strip_span(text, left, right) for left, right in pairwise(edges)]
    return [span for span in spans if span.start < span.end]
