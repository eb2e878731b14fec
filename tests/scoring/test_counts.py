"""Counts, F1 and κ."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.scoring.counts import Counts, cohen_kappa

SMALL = st.integers(0, 20)
COUNTS = st.builds(Counts, SMALL, SMALL, SMALL)


def test_figures_of_counts_worked_by_hand() -> None:
    counts = Counts(matched=6, missed=2, spurious=4)
    assert (counts.first, counts.second) == (8, 10)
    assert counts.precision == 0.6
    assert counts.recall == 0.75
    assert counts.f1 == pytest.approx(2 * 0.6 * 0.75 / (0.6 + 0.75))


def test_nothing_to_count_is_no_figure_and_not_a_perfect_one() -> None:
    assert (Counts().precision, Counts().recall, Counts().f1) == (None, None, None)
    assert Counts(missed=3).f1 == 0


@given(COUNTS)
def test_f1_knows_no_first_and_second(counts: Counts) -> None:
    assert counts.f1 == Counts(counts.matched, counts.spurious, counts.missed).f1


def test_kappa_of_a_published_example() -> None:
    # Cohen's κ of a 2 × 2 table of 50 cases (20, 5, 10, 15): observed .7, expected .5, so .4.
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10
    assert cohen_kappa(pairs + [("no", "no")] * 15) == pytest.approx(0.4)


def test_kappa_at_its_edges() -> None:
    assert cohen_kappa([]) is None
    assert cohen_kappa([("a", "a")] * 5) == 1
    assert cohen_kappa([("a", "b"), ("b", "a")]) == -1
