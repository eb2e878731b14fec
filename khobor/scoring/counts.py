"""Counts of what matches, the figures made of them, and Cohen's κ."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec


class Counts(msgspec.Struct, frozen=True, gc=False):
    """What stands in both (matched), in the first alone (missed), in the second alone (spurious)."""

    matched: int = 0
    missed: int = 0
    spurious: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.matched + other.matched,
            self.missed + other.missed,
            self.spurious + other.spurious,
        )

    @property
    def first(self) -> int:
        """How many the first has."""
        return self.matched + self.missed

    @property
    def second(self) -> int:
        """How many the second has."""
        return self.matched + self.spurious

    @property
    def precision(self) -> float | None:
        """The share of the second's that the first has too; None where the second has none."""
        return self.matched / self.second if self.second else None

    @property
    def recall(self) -> float | None:
        """The share of the first's that the second has too; None where the first has none."""
        return self.matched / self.first if self.first else None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall, which knows no first and second; else None."""
        both = self.first + self.second
        return 2 * self.matched / both if both else None


def total(counts: Sequence[Counts]) -> Counts:
    """Add counts up."""
    return sum(counts, Counts())


def cohen_kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Turn (first's label, second's label) pairs into Cohen's κ (Cohen 1960).

    1.0 where both use one and the same label throughout; None without any pair.
    """
    if not pairs:
        return None
    size = len(pairs)
    observed = sum(a == b for a, b in pairs) / size
    labels = {label for pair in pairs for label in pair}
    expected = sum(
        sum(a == label for a, _ in pairs) * sum(b == label for _, b in pairs) for label in labels
    ) / (size * size)
    return 1.0 if expected == 1 else (observed - expected) / (1 - expected)
