"""The best one-to-one matching, against every matching there is."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.scoring.matching import best_matching

Weights = list[list[float]]


@st.composite
def weights(draw: st.DrawFn) -> Weights:
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    cell = st.integers(0, 8).map(lambda n: n / 8)
    return [[draw(cell) for _ in range(columns)] for _ in range(rows)]


def best_sum(matrix: Weights) -> float:
    """Try every matching."""
    rows, columns = len(matrix), len(matrix[0])
    if rows > columns:
        return best_sum([list(column) for column in zip(*matrix, strict=True)])
    return max(
        sum(matrix[row][column] for row, column in enumerate(chosen))
        for chosen in permutations(range(columns), rows)
    )


@given(weights())
def test_no_matching_has_a_greater_sum(matrix: Weights) -> None:
    pairs = best_matching(matrix)
    assert sum(matrix[row][column] for row, column in pairs) == pytest.approx(best_sum(matrix))
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    assert all(matrix[row][column] > 0 for row, column in pairs)
    assert pairs == sorted(pairs)


def test_the_greedy_choice_is_not_taken() -> None:
    assert best_matching([[0.9, 0.8], [0.8, 0.0]]) == [(0, 1), (1, 0)]


def test_nothing_matches_nothing() -> None:
    assert best_matching([]) == []
    assert best_matching([[], []]) == []
    assert best_matching([[0.0, 0.0]]) == []
