"""Figures of counts that stand in a report: F1 and shares, each with its 95 % interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from khobor.scoring.counts import Counts, total

RESAMPLES = 1000
SEED = 2021  # any number: it makes the interval the same on every run

_Table = npt.NDArray[np.float64]


class Interval(msgspec.Struct, frozen=True, gc=False):
    """A figure with its 95 % interval over resampled documents; None where nothing was counted."""

    value: float | None
    low: float | None = None
    high: float | None = None


class Score(msgspec.Struct, frozen=True, gc=False):
    """Counts, precision, recall and F1; `low` and `high` are the 95 % interval of F1.

    A figure is None where there is nothing to divide by, and never 1.0 for want of anything:
    precision without a prediction, recall without gold, F1 without either.
    """

    counts: Counts
    precision: float | None
    recall: float | None
    f1: float | None
    low: float | None = None
    high: float | None = None


class Share(msgspec.Struct, frozen=True, gc=False):
    """How many of how many are right; `low` and `high` are the 95 % interval of `value`."""

    right: int
    of: int
    value: float | None
    low: float | None = None
    high: float | None = None


class Tally(msgspec.Struct, frozen=True, gc=False):
    """How many of how many are right, before it is a figure; tallies add up."""

    right: int = 0
    of: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.right + other.right, self.of + other.of)


class Resamples:
    """The documents that each resample draws: how often each document stands in each.

    Documents are drawn with replacement, as many as there are, from a fixed seed: within a
    document decisions hang together, so it is documents that vary, not mentions. With fewer than
    two documents or without resamples there are no intervals (percentile bootstrap, Efron 1979).
    """

    def __init__(self, documents: int, resamples: int = RESAMPLES, seed: int = SEED) -> None:
        self._times: _Table | None = None
        if documents >= 2 and resamples > 0:
            draws = np.random.default_rng(seed).integers(documents, size=(resamples, documents))
            times = [np.bincount(draw, minlength=documents) for draw in draws]
            self._times = np.array(times, dtype=np.float64)

    def score(self, documents: Sequence[Counts]) -> Score:
        """Turn the counts of each document into the score of all."""
        counts = total(documents)
        low, high = self._interval(_f1(self._sums(documents)))
        return Score(counts, counts.precision, counts.recall, counts.f1, low, high)

    def f1(self, documents: Sequence[Counts]) -> Interval:
        """Turn the counts of each document into F1 of all."""
        score = self.score(documents)
        return Interval(score.f1, score.low, score.high)

    def share(self, documents: Sequence[Tally]) -> Share:
        """Turn the tally of each document into the share of all."""
        tally = sum(documents, Tally())
        low = high = None
        if self._times is not None:
            sums = self._times @ np.array([(t.right, t.of) for t in documents], dtype=np.float64)
            low, high = self._interval(_ratio(sums[:, 0], sums[:, 1]))
        return Share(tally.right, tally.of, tally.right / tally.of if tally.of else None, low, high)

    def macro_f1(self, documents: Mapping[str, Sequence[Counts]]) -> Interval:
        """Turn label → counts of each document into the mean F1 of the labels that gold has.

        A label that is predicted alone has no recall: it lowers the micro figures, not this one.
        In a resample the labels are those that its gold has.
        """
        totals = [total(counts) for counts in documents.values()]
        f1s = [counts.f1 for counts in totals if counts.first]
        if not f1s:
            return Interval(None)
        value = sum(f1 for f1 in f1s if f1 is not None) / len(f1s)
        if self._times is None:
            return Interval(value)
        sums = [self._sums(counts) for counts in documents.values()]
        had = np.array([s[:, 0] + s[:, 1] > 0 for s in sums])
        figures = np.array([_f1(s) for s in sums])
        kept = np.where(had, figures, 0.0).sum(axis=0)
        return Interval(value, *self._interval(_ratio(kept, had.sum(axis=0).astype(np.float64))))

    def _sums(self, documents: Sequence[Counts]) -> _Table:
        """Add up what each resample draws: matched, missed, spurious a row."""
        if self._times is None:
            return np.empty((0, 3))
        table = np.array([(c.matched, c.missed, c.spurious) for c in documents], dtype=np.float64)
        sums: _Table = self._times @ table
        return sums

    def _interval(self, figures: npt.NDArray[np.float64]) -> tuple[float | None, float | None]:
        known = figures[~np.isnan(figures)]
        if not len(known):
            return None, None
        low, high = np.percentile(known, [2.5, 97.5])
        return float(low), float(high)


def _f1(sums: _Table) -> npt.NDArray[np.float64]:
    matched, missed, spurious = sums.T
    return _ratio(2 * matched, 2 * matched + missed + spurious)


def _ratio(
    part: npt.NDArray[np.float64], whole: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Divide; what has nothing to divide by is NaN, and no figure of the interval."""
    found = np.full(len(whole), np.nan)
    np.divide(part, whole, out=found, where=whole > 0)
    return found
