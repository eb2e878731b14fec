"""Labelled places, (start, end, label), of two sides: how many are the same, how many overlap.

Mentions, bare names and the spans of tags are all counted here, so that they are counted alike.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush

from khobor.scoring.counts import Counts

Place = tuple[int, int, str]


def same_counts(gold: Iterable[Place], predicted: Iterable[Place]) -> dict[str, Counts]:
    """Turn places into label → counts of those with the same start, end and label.

    A place that one side has twice needs a twin on the other: a copy earns nothing.
    """
    a, b = Counter(gold), Counter(predicted)
    found: dict[str, Counts] = defaultdict(Counts)
    for place in a.keys() | b.keys():
        matched = min(a[place], b[place])
        found[place[2]] += Counts(matched, a[place] - matched, b[place] - matched)
    return dict(sorted(found.items()))


def overlap_counts_by_label(gold: Sequence[Place], predicted: Sequence[Place]) -> dict[str, Counts]:
    """Turn places into label → counts of those of one label that share a code point.

    One to one, and as many pairs as there can be; a wide span earns one pair and no more.
    """
    found = {}
    for label in sorted({place[2] for place in (*gold, *predicted)}):
        a = [place for place in gold if place[2] == label]
        b = [place for place in predicted if place[2] == label]
        found[label] = overlap_counts_of(a, b)
    return found


def overlap_counts_of(gold: Sequence[Place], predicted: Sequence[Place]) -> Counts:
    """Count places that share a code point, one to one and whatever their labels.

    Places are taken in the order of their ends, and each is paired with that of the other side's
    that ends first: a later end could be needed by more of those that are still to come, so there
    are as many pairs as there can be (the matching of a convex graph, Glover 1967). O(n log n).
    """
    by_start = [sorted(side, key=lambda place: place[0]) for side in (gold, predicted)]
    entered = [0, 0]  # how many of by_start begin before the end that is looked at
    waiting: list[list[tuple[int, int]]] = [[], []]  # of those, (end, number) not yet paired
    paired: set[tuple[int, int]] = set()
    ends = sorted(
        (place[1], side, number)
        for side, places in enumerate(by_start)
        for number, place in enumerate(places)
    )
    for end, side, number in ends:
        other = 1 - side
        if (side, number) in paired:
            continue
        places, heap = by_start[other], waiting[other]
        while entered[other] < len(places) and places[entered[other]][0] < end:
            heappush(heap, (places[entered[other]][1], entered[other]))
            entered[other] += 1
        start = by_start[side][number][0]
        while heap and (heap[0][0] <= start or (other, heap[0][1]) in paired):
            heappop(heap)  # it is taken, or ends before this one begins: it had its turn
        if heap:
            paired |= {(side, number), (other, heappop(heap)[1])}
    matched = len(paired) // 2
    return Counts(matched, len(gold) - matched, len(predicted) - matched)


def unlabelled(places: Iterable[Place]) -> list[Place]:
    """Turn places into the same without their labels."""
    return [(start, end, "") for start, end, _ in places]


def confusions(gold: Iterable[Place], predicted: Iterable[Place]) -> dict[tuple[str, str], int]:
    """Count (gold's label, predicted label) of the same start and end where the labels differ.

    What is right is taken away first, so that a span with two labels is no confusion of them.
    """
    a, b = Counter(gold), Counter(predicted)
    rest_a, rest_b = a - b, b - a
    labels: dict[tuple[int, int], list[str]] = defaultdict(list)
    for start, end, label in sorted(rest_b.elements()):
        labels[start, end].append(label)
    found: Counter[tuple[str, str]] = Counter()
    for start, end, label in sorted(rest_a.elements()):
        if labels[start, end]:
            found[label, labels[start, end].pop(0)] += 1
    return dict(sorted(found.items()))
