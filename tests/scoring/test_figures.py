"""Scores, shares and macro F1, with the document bootstrap."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.scoring.counts import Counts, total
from khobor.scoring.figures import RESAMPLES, SEED, Interval, Resamples, Tally

SMALL = st.integers(0, 20)
COUNTS = st.builds(Counts, SMALL, SMALL, SMALL)


def bootstrap(
    documents: Sequence[Counts], figure: Callable[[Sequence[Counts]], float | None]
) -> tuple[float, float]:
    """The percentile bootstrap in its plainest form: draw, count, compute, again and again."""
    draws = np.random.default_rng(SEED).integers(len(documents), size=(RESAMPLES, len(documents)))
    figures = [figure([documents[at] for at in draw]) for draw in draws.tolist()]
    low, high = np.percentile([f for f in figures if f is not None], [2.5, 97.5])
    return float(low), float(high)


@given(st.lists(COUNTS, min_size=2, max_size=6))
def test_intervals_are_those_of_the_plain_bootstrap(documents: list[Counts]) -> None:
    interval = Resamples(len(documents)).f1(documents)
    assert interval.value == total(documents).f1
    if interval.value is not None:
        plain = bootstrap(documents, lambda drawn: total(drawn).f1)
        assert (interval.low, interval.high) == pytest.approx(plain)


def test_the_interval_is_the_same_on_every_run_and_another_with_another_seed() -> None:
    documents = [Counts(at, 3, 5 - at) for at in range(6)]
    assert Resamples(6).f1(documents) == Resamples(6).f1(documents)
    assert Resamples(6, seed=1).f1(documents) != Resamples(6, seed=2).f1(documents)


def test_documents_that_are_alike_have_no_interval_to_speak_of() -> None:
    interval = Resamples(9).f1([Counts(3, 1, 1)] * 9)
    assert interval.low == interval.value == interval.high


def test_one_document_says_nothing_of_others() -> None:
    assert Resamples(1).f1([Counts(3, 1, 1)]) == Interval(0.75)
    assert Resamples(4, resamples=0).f1([Counts(3, 1, 1)] * 4) == Interval(0.75)


def test_nothing_to_divide_by_is_none() -> None:
    drawn = Resamples(3)
    nothing = drawn.score([Counts()] * 3)
    assert (nothing.precision, nothing.recall, nothing.f1, nothing.low) == (None,) * 4
    missed = drawn.score([Counts(missed=1)] * 3)
    assert (missed.precision, missed.recall, missed.f1) == (None, 0.0, 0.0)
    spurious = drawn.score([Counts(spurious=1)] * 3)
    assert (spurious.precision, spurious.recall, spurious.f1) == (0.0, None, 0.0)
    assert drawn.share([Tally()] * 3).value is None
    assert drawn.macro_f1({}) == Interval(None)


def test_a_share_adds_documents_up_before_it_divides() -> None:
    share = Resamples(2).share([Tally(1, 1), Tally(0, 3)])
    assert (share.right, share.of, share.value) == (1, 4, 0.25)
    assert share.low == 0.0
    assert share.high == 1.0


def test_macro_f1_is_the_mean_of_the_labels_that_gold_has() -> None:
    # PER 1.0, GPE 2/3; ORG is predicted alone, and is in the micro figure only.
    documents = {
        "PER": [Counts(1), Counts(1)],
        "GPE": [Counts(1, 1, 0), Counts()],
        "ORG": [Counts(), Counts(0, 0, 4)],
    }
    assert Resamples(2).macro_f1(documents).value == pytest.approx((1 + 2 / 3) / 2)


@given(st.lists(st.tuples(COUNTS, COUNTS), min_size=2, max_size=5))
def test_macro_intervals_are_those_of_the_plain_bootstrap(
    documents: list[tuple[Counts, Counts]],
) -> None:
    by_label = {"PER": [a for a, _ in documents], "GPE": [b for _, b in documents]}
    interval = Resamples(len(documents)).macro_f1(by_label)
    draws = np.random.default_rng(SEED).integers(len(documents), size=(RESAMPLES, len(documents)))
    means = []
    for draw in draws.tolist():
        drawn = [total([counts[at] for at in draw]) for counts in by_label.values()]
        f1s = [counts.f1 or 0.0 for counts in drawn if counts.first]
        if f1s:
            means.append(sum(f1s) / len(f1s))
    if interval.value is not None:
        assert (interval.low, interval.high) == pytest.approx(np.percentile(means, [2.5, 97.5]))
