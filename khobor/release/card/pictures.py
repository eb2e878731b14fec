"""The pictures of a card (figures/*.svg): labels, quotes and lengths, split by split.

Bars carry their counts, and colours are told apart by everyone (Okabe and Ito,
https://jfly.uni-koeln.de/color/). What has no rows has no picture.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from khobor.formats.colours import COLOURS
from khobor.records import (
    BLOCK_LABELS,
    ENTITY_LABELS,
    QUOTE_KINDS,
    QUOTE_MARKINGS,
    SPLITS,
    SplitName,
)
from khobor.release.card.statements import plural
from khobor.release.card.svgs import FAINT, INK, bar, drawing, label, rule, width_of
from khobor.release.card.tallies import Tallies, add_tallies, median_of, quantile_of

FIGURES = "figures"
_WIDTH, _EDGE = 760, 20
# Blue, orange and green are the splits in every picture; other series have other colours.
_COLOURS = {"train": "#0072b2", "validation": "#e69f00", "test": "#009e73"}
_OTHER_COLOURS = ("#56b4e9", "#d55e00", "#cc79a7")  # light blue, vermilion, purple
_FEWEST_BINS, _MOST_BINS = 8, 20  # of fewer, a bar would be a wall
_BAR, _GAP = 13, 11  # of grouped bars: their height, and the space between two groups


class Picture(msgspec.Struct, frozen=True):
    """A picture of the card: its path in the release, what it shows in words, its SVG."""

    path: str
    alt: str
    svg: str


def draw_pictures(tallies: Tallies) -> tuple[Picture, ...]:
    """Turn what the splits hold into the pictures of the card, in its order."""
    total = add_tallies(tallies.values())
    drawn = []
    if total.blocks:
        drawn.append(_block_labels(tallies))
    if total.mentions:
        drawn.append(_entity_labels(tallies))
    if total.quotes:
        drawn.append(_quote_kinds(tallies))
    if total.words:
        words = {split: tally.words for split, tally in tallies.items()}
        drawn.append(_lengths(words, "article-lengths", "articles", "words", "between white space"))
    if total.sentence_tokens:
        tokens = {split: tally.sentence_tokens for split, tally in tallies.items()}
        drawn.append(_lengths(tokens, "sentence-lengths", "sentences", "tokens", "of BNLP"))
    if total.quotes:
        said = {split: tally.quote_words for split, tally in tallies.items()}
        drawn.append(_lengths(said, "quote-lengths", "quotes", "words", "of their content"))
    return tuple(drawn)


# --- grouped bars -----------------------------------------------------------------------------


def _block_labels(tallies: Tallies) -> Picture:
    counts = {split: tally.blocks for split, tally in tallies.items()}
    return _labels(counts, BLOCK_LABELS, "block-labels", "block", "Blocks of pages by label")


def _entity_labels(tallies: Tallies) -> Picture:
    counts = {split: tally.mentions for split, tally in tallies.items()}
    return _labels(counts, ENTITY_LABELS, "entity-labels", "mention", "Entity mentions by label")


def _labels(
    counts: Mapping[SplitName, Counter[str]],
    labels: Sequence[str],
    name: str,
    unit: str,
    title: str,
) -> Picture:
    """Draw how often each label stands in each split."""
    splits = [split for split in SPLITS if counts[split]]
    total = sum((counts[split] for split in splits), Counter[str]())
    groups = {key: [counts[split][key] for split in splits] for key in labels if total[key]}
    (most, count), *_ = total.most_common(1)
    everything = plural(total.total(), unit)
    alt = f"{everything} by label and split; {most} has most, {count:,}"
    return _grouped(name, f"{title}, {everything}", f"{unit}s", groups, splits, alt)


def _quote_kinds(tallies: Tallies) -> Picture:
    total = add_tallies(tallies.values()).quotes
    markings = [name for name in QUOTE_MARKINGS if any(total[kind, name] for kind in QUOTE_KINDS)]
    groups = {
        kind: [total[kind, marking] for marking in markings]
        for kind in QUOTE_KINDS
        if any(total[kind, marking] for marking in markings)
    }
    bare = sum(total[kind, "bare"] for kind in QUOTE_KINDS)
    alt = (
        f"{plural(total.total(), 'quote')} by kind and marking; {100 * bare / total.total():.0f} % "
        "stand in no quotation marks"
    )
    return _grouped(
        "quote-kinds", f"Quotes by kind and marking, {plural(total.total(), 'quote')}", "quotes",
        groups, markings, alt,
    )  # fmt: skip


def _grouped(
    name: str,
    title: str,
    unit: str,
    groups: Mapping[str, Sequence[int]],
    series: Sequence[str],
    alt: str,
) -> Picture:
    """Draw a group of horizontal bars for each key, a bar of it for each of the series."""
    colours = _colours_of(series)
    left = _EDGE + max(width_of(key) for key in groups) + 10
    most = max(max(counts) for counts in groups.values())
    right = _WIDTH - _EDGE - width_of(f"{most:,}", 11) - 6
    scale = (right - left) / most
    top = 64.0
    shapes = [label(_EDGE, 28, title, size=15, bold=True), *_legend(series, colours, 48)]
    for key, counts in groups.items():
        middle = top + len(counts) * _BAR / 2
        if key in COLOURS:  # the colour that it has in terminals and annotation tools
            shapes.append(bar(_EDGE, middle - 8, left - _EDGE - 6, 16, COLOURS[key]))
        shapes.append(label(left - 10, middle + 4, key, anchor="end"))
        for place, count in enumerate(counts):
            y = top + place * _BAR
            shapes.append(bar(left, y + 1, count * scale, _BAR - 2, colours[place]))
            shapes.append(label(left + count * scale + 5, y + _BAR - 3, f"{count:,}", size=11))
        top += len(counts) * _BAR + _GAP
    shapes.append(rule(left, 60, left, top - _GAP + 4, FAINT))
    shapes.append(label(left, top + 8, f"number of {unit}", colour=FAINT))
    svg = drawing(_WIDTH, math.ceil(top + 8 + _EDGE), shapes, title=title, about=alt)
    return Picture(f"{FIGURES}/{name}.svg", alt, svg)


def _legend(series: Sequence[str], colours: Sequence[str], y: float) -> list[str]:
    shapes = []
    x = float(_EDGE)
    for name, colour in zip(series, colours, strict=True):
        shapes += [bar(x, y - 10, 12, 12, colour), label(x + 18, y, name)]
        x += 18 + width_of(name) + 16
    return shapes


def _colours_of(series: Sequence[str]) -> list[str]:
    """Give each series its colour: a split has the same one in every picture."""
    return [
        _COLOURS.get(name) or _OTHER_COLOURS[place % len(_OTHER_COLOURS)]
        for place, name in enumerate(series)
    ]


# --- lengths ----------------------------------------------------------------------------------


class _Bins(msgspec.Struct, frozen=True):
    """Bins of one width, from `start` on; the last one takes all that is longer, where `open`."""

    start: int
    width: int
    count: int
    open: bool

    def counts(self, lengths: Counter[int]) -> list[int]:
        """Turn length → how often into the counts of the bins."""
        counts = [0] * self.count
        for length, count in lengths.items():
            counts[min((length - self.start) // self.width, self.count - 1)] += count
        return counts

    def edge(self, place: int) -> int:
        """Give the smallest length of a bin."""
        return self.start + place * self.width


def _bins(lengths: Counter[int]) -> _Bins:
    """Choose bins of a round width: at most _MOST_BINS up to the length that 99 % do not exceed."""
    shortest, longest, reach = min(lengths), max(lengths), quantile_of(lengths, 0.99)
    width = next(
        width
        for power in range(12)
        for width in (10**power, 2 * 10**power, 5 * 10**power)
        if reach // width - shortest // width < _MOST_BINS - 1
    )
    start = shortest // width * width
    closed = (reach - start) // width + 1
    more = longest >= start + closed * width
    return _Bins(start, width, closed + more, more)


def _lengths(
    lengths: Mapping[SplitName, Counter[int]], name: str, rows: str, unit: str, of: str
) -> Picture:
    """Draw a histogram a split, one under the other, over the same bins."""
    splits = [split for split in SPLITS if lengths[split]]
    total = sum((lengths[split] for split in splits), Counter[int]())
    bins = _bins(total)
    colours = _colours_of(splits)
    left, right, panel = _EDGE + 4, _WIDTH - _EDGE, 92
    step = (right - left) / max(bins.count, _FEWEST_BINS)
    title = f"Lengths of {rows} in {unit}"
    shapes = [label(_EDGE, 28, title, size=15, bold=True)]
    top = 44.0
    for split, colour in zip(splits, colours, strict=True):
        shapes += _panel(split, lengths[split], bins, (left, top, step, panel), colour, rows, unit)
        top += panel + 26
    base = top - 12
    for place in range(bins.count):
        last = place == bins.count - 1
        words = f"{bins.edge(place):,}+" if last and bins.open else f"{bins.edge(place):,}"
        if place % _stride(bins, step) == 0 or (last and bins.open):
            shapes.append(label(left + place * step, base, words, size=11, colour=FAINT))
    note = (
        f"{unit} {of}; a bar begins at the number under it and is "
        f"{plural(bins.width, unit.removesuffix('s'))} wide; heights are scaled in each split"
    )
    shapes.append(label(left, base + 20, note, colour=FAINT))
    alt = (
        f"lengths of {plural(total.total(), rows.removesuffix('s'))}, "
        f"{median_of(total)} {unit} in the median, {max(total):,} at most"
    )
    svg = drawing(_WIDTH, math.ceil(base + 20 + _EDGE), shapes, title=title, about=alt)
    return Picture(f"{FIGURES}/{name}.svg", alt, svg)


def _panel(
    split: str,
    lengths: Counter[int],
    bins: _Bins,
    place: tuple[float, float, float, float],
    colour: str,
    rows: str,
    unit: str,
) -> list[str]:
    """Draw one histogram: a heading, its bars with their counts, and the line they stand on."""
    left, top, step, height = place
    counts = bins.counts(lengths)
    floor, room = top + height, height - 36
    heading = f"{plural(sum(counts), rows.removesuffix('s'))}, median {median_of(lengths)} {unit}"
    shapes = [
        label(left, top + 12, split, bold=True, colour=INK),
        label(left + width_of(split) + 12, top + 12, heading, colour=FAINT),
    ]
    for at, count in enumerate(counts):
        if count:
            tall = max(1.0, count / max(counts) * room)
            x = left + at * step
            shapes.append(bar(x + 1, floor - tall, step - 2, tall, colour))
            words = _short(count)
            shapes.append(label(x + step / 2, floor - tall - 4, words, anchor="middle", size=10))
    shapes.append(rule(left, floor, _WIDTH - _EDGE, floor, FAINT))
    return shapes


def _stride(bins: _Bins, step: float) -> int:
    """Say at which bins the axis has room for a number."""
    widest = width_of(f"{bins.edge(bins.count):,}+", 11)
    return math.ceil(widest / step)


def _short(count: int) -> str:
    """Write a count in five characters at most: 9,999, 12.3k, 1.2M."""
    for limit, unit in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if count >= limit:
            value = count / (1e3 if unit == "k" else limit)
            return f"{value:.0f}{unit}" if value >= 100 else f"{value:.1f}{unit}"
    return f"{count:,}"
