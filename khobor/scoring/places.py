"""Labelled places, (start, end, label), of two sides: how many are the same, how many overlap.

Mentions, bare names and the spans of tags are all counted here, so that they are counted alike.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from khobor.scoring.counts import Counts
from khobor.scoring.matching import best_pairs, overlapping_pairs

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
    """Count places that share a code point, one to one and whatever their labels."""
    a = [(start, end) for start, end, _ in gold]
    b = [(start, end) for start, end, _ in predicted]
    shared = {
        (row, column): min(a[row][1], b[column][1]) - max(a[row][0], b[column][0])
        for row, column in overlapping_pairs(a, b)
    }
    # The number of pairs goes before the code points that they share: else two matchings of one
    # sum could have more pairs or fewer, and F1 would be a matter of chance.
    most = 1 + sum(shared.values())
    matched = len(best_pairs({pair: float(most + size) for pair, size in shared.items()}))
    return Counts(matched, len(a) - matched, len(b) - matched)


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
