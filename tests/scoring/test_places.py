"""Labelled places of two sides: the same, overlapping, confused."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from khobor.records import Block
from khobor.scoring.blocks import block_counts
from khobor.scoring.counts import Counts
from khobor.scoring.matching import best_pairs, overlapping_pairs
from khobor.scoring.places import (
    Place,
    confusions,
    overlap_counts_by_label,
    overlap_counts_of,
    same_counts,
)

PLACE = st.builds(
    lambda start, size, label: (start, start + size, label),
    st.integers(0, 15),
    st.integers(1, 8),
    st.sampled_from(["PER", "GPE"]),
)
PLACES = st.lists(PLACE, max_size=5)


@given(PLACES, PLACES)
def test_as_many_pairs_overlap_as_can(gold: list[Place], predicted: list[Place]) -> None:
    small, large = sorted((gold, predicted), key=len)
    best = max(
        sum(a[0] < b[1] and b[0] < a[1] for a, b in zip(small, chosen, strict=True))
        for chosen in permutations(large, len(small))
    )
    counts = overlap_counts_of(gold, predicted)
    assert counts == Counts(best, len(gold) - best, len(predicted) - best)


@given(st.lists(PLACE, max_size=15), st.lists(PLACE, max_size=15))
def test_as_many_pairs_overlap_as_the_best_matching_has(
    gold: list[Place], predicted: list[Place]
) -> None:
    pairs = overlapping_pairs([p[:2] for p in gold], [p[:2] for p in predicted])
    assert overlap_counts_of(gold, predicted).matched == len(best_pairs(dict.fromkeys(pairs, 1.0)))


def test_many_places_that_all_overlap_cost_little() -> None:
    # An annotation from a stranger: 20,000 spans over one another, 400 million pairs.
    places = [(at, at + 30_000, "PER") for at in range(20_000)]
    assert overlap_counts_of(places, places) == Counts(20_000)


@given(PLACES, PLACES)
def test_what_is_the_same_overlaps(gold: list[Place], predicted: list[Place]) -> None:
    same, overlap = same_counts(gold, predicted), overlap_counts_by_label(gold, predicted)
    assert same.keys() == overlap.keys()
    for label, counts in same.items():
        assert counts.matched <= overlap[label].matched
        assert (counts.first, counts.second) == (overlap[label].first, overlap[label].second)


def test_confusions_take_away_what_is_right_first() -> None:
    gold = [(0, 5, "PER"), (0, 5, "ORG"), (8, 9, "GPE")]
    assert confusions(gold, [(0, 5, "ORG"), (0, 5, "LOC"), (8, 9, "GPE")]) == {("PER", "LOC"): 1}


def test_blocks_are_counted_by_the_same_rule() -> None:
    gold = [Block(0, 5, "headline"), Block(6, 20, "paragraph")]
    found = [Block(0, 5, "headline"), Block(6, 19, "paragraph"), Block(19, 20, "chrome")]
    assert block_counts(gold, found) == Counts(1, 1, 2)
    assert block_counts(gold, found, "paragraph") == Counts(0, 1, 1)
    assert block_counts(gold, found, "advert") == Counts()
