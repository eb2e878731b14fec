"""Words: how much of a text another text holds."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable

import msgspec

_JOINERS = str.maketrans("", "", "\u200c\u200d\ufeff")


class Overlap(msgspec.Struct, frozen=True):
    """Counts of words: common to both, predicted, gold."""

    common: int
    predicted: int
    gold: int

    @property
    def precision(self) -> float:
        return self.common / self.predicted if self.predicted else float(not self.gold)

    @property
    def recall(self) -> float:
        return self.common / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        both = self.predicted + self.gold
        return 2 * self.common / both if both else 1.0


def overlap(predicted: Iterable[str], gold: Iterable[str]) -> Overlap:
    """Compare two texts as bags of words parted by white space."""
    left = Counter(word for line in predicted for word in line.split())
    right = Counter(word for line in gold for word in line.split())
    return Overlap((left & right).total(), left.total(), right.total())


def total(overlaps: Iterable[Overlap]) -> Overlap:
    """Add overlaps up, for a micro average."""
    listed = list(overlaps)
    return Overlap(
        sum(each.common for each in listed),
        sum(each.predicted for each in listed),
        sum(each.gold for each in listed),
    )


def mean(values: Iterable[float]) -> float:
    """Turn numbers into their mean; 0 of none."""
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def squeeze(text: str) -> str:
    """Fold white space: runs of it become one space, none at the edges."""
    return " ".join(text.split())


def one_spelling(text: str) -> str:
    """Turn a text into NFC without joiners, which some peers do to all they read.

    Scores in one spelling say what an extractor chose; scores of the words as they stand also
    say whether it kept them.
    """
    return unicodedata.normalize("NFC", text).translate(_JOINERS)


def respell(lines: Iterable[str], spelling: Callable[[str], str]) -> list[str]:
    """Turn lines into a spelling of theirs."""
    return [spelling(line) for line in lines]
