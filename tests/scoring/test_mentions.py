"""Agreement on mentions, held against nervaluate: the trap of inclusive ends."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nervaluate import Evaluator

from khobor.records import ENTITY_LABELS, Mention, Tokens
from khobor.scoring.counts import Counts
from khobor.scoring.mentions import exact_counts, name_end_pairs, overlap_counts, token_labels


def mention(start: int, end: int, label: Any = "PER", name_end: int | None = None) -> Mention:
    return Mention(f"m{start}", start, end, name_end or end, label)


@st.composite
def disjoint(draw: st.DrawFn) -> list[Mention]:
    """Mentions that do not overlap; neighbours may touch, as বাংলাদেশ|পাকিস্তান in no text do."""
    edges = sorted(draw(st.sets(st.integers(0, 30), max_size=8)))
    labels = st.sampled_from(ENTITY_LABELS[:3])
    return [
        mention(start, end, draw(labels))
        for start, end in zip(edges[::2], edges[1::2], strict=False)
    ]


def by_nervaluate(first: list[Mention], second: list[Mention], *, inclusive: bool) -> Counts:
    """Score with nervaluate, whose ends are inclusive: it must be given end - 1."""

    def rows(mentions: list[Mention]) -> list[dict[str, object]]:
        return [
            {"label": m.label, "start": m.start, "end": m.end - 1 if inclusive else m.end}
            for m in mentions
        ]

    results = Evaluator(
        [rows(first)], [rows(second)], tags=list(ENTITY_LABELS), loader="dict"
    ).evaluate()
    strict = results["overall"]["strict"]
    return Counts(strict.correct, strict.possible - strict.correct, strict.actual - strict.correct)


@given(disjoint(), disjoint())
def test_exact_counts_are_nervaluates_strict_ones(
    first: list[Mention], second: list[Mention]
) -> None:
    ours = exact_counts(first, second)
    theirs = by_nervaluate(first, second, inclusive=True)
    assert ours.matched == theirs.matched
    assert (ours.first, ours.second) == (len(first), len(second))


def test_a_half_open_end_taken_for_an_inclusive_one_makes_neighbours_overlap() -> None:
    # A span of one code point, [4, 5), and its neighbour [5, 9): nothing in common.
    first, second = [mention(4, 5)], [mention(5, 9)]
    assert overlap_counts(first, second) == Counts(0, 1, 1)
    assert exact_counts(first, second) == Counts(0, 1, 1)

    def touching(inclusive: bool) -> int:
        rows = [
            [{"label": "PER", "start": m.start, "end": m.end - inclusive}]
            for m in (*first, *second)
        ]
        evaluator = Evaluator([rows[0]], [rows[1]], tags=["PER"], loader="dict")
        return int(evaluator.evaluate()["overall"]["partial"].partial)

    assert touching(inclusive=True) == 0
    assert touching(inclusive=False) == 1  # the trap


def test_overlap_needs_the_same_label_and_counts_each_mention_once() -> None:
    long, left, right = mention(0, 20), mention(0, 5), mention(8, 20)
    assert overlap_counts([long], [left, right]) == Counts(1, 0, 1)
    assert overlap_counts([long], [mention(0, 20, "ORG")]) == Counts(0, 1, 1)


def test_one_label_alone() -> None:
    first = [mention(0, 5), mention(8, 12, "GPE")]
    second = [mention(0, 5), mention(8, 12, "LOC")]
    assert exact_counts(first, second, "PER") == Counts(1, 0, 0)
    assert exact_counts(first, second, "GPE") == Counts(0, 1, 0)
    assert exact_counts(first, second) == Counts(1, 1, 1)


def test_name_ends_are_compared_where_all_else_agrees() -> None:
    first = [mention(0, 9, name_end=7), mention(10, 15)]
    second = [mention(0, 9, name_end=9), mention(10, 16)]
    assert name_end_pairs(first, second) == [(7, 9)]


@pytest.mark.parametrize(
    ("span", "labels"),
    [
        ((0, 4), ["PER", "O", "O"]),
        ((2, 6), ["PER", "PER", "O"]),  # a part of a token is enough
        ((4, 5), ["O", "O", "O"]),  # the space between
        ((5, 14), ["O", "PER", "PER"]),
    ],
)
def test_a_token_has_the_label_of_the_mention_that_it_overlaps(
    span: tuple[int, int], labels: list[str]
) -> None:
    tokens = Tokens(np.array([0, 5, 10], np.int32), np.array([4, 9, 14], np.int32))
    assert token_labels([mention(*span)], tokens) == labels
