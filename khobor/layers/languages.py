"""Bengali or not: by counting scripts, text by text."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from khobor.records import Language

_PLANE = 1 << 16  # code points that UTF-16 writes as one number
_BENGALI = slice(0x980, 0xA00)
_BENGALI_DIGITS = slice(0x9E6, 0x9F0)  # ০ to ৯
# What is neither ASCII nor a letter: general punctuation with quotes, dashes and joiners, the
# no-break space, । U+0964 and ॥ U+0965 (of the Devanagari block).
_MARKS = (slice(0x2000, 0x2040), slice(0xA0, 0xA1), slice(0x964, 0x966))
# ৰ U+09F0 and ৱ U+09F1 are letters of Assamese, which shares the script; Bengali text quotes
# one now and then.
_ASSAMESE = ("\u09f0", "\u09f1")
_ASSAMESE_SHARE = 0.005
# Both counts are added at once: the other scripts' in the upper half of a number.
_HALF = 32


class Scripts(msgspec.Struct, frozen=True, gc=False):
    """How many characters of a text are letters and signs of Bengali, and of other scripts."""

    bengali: int
    assamese: int  # of the Bengali ones: ৰ and ৱ
    other: int

    @property
    def bengali_share(self) -> float:
        """The share of Bengali ones, 0 where there are no letters."""
        return self.bengali / (self.bengali + self.other) if self.bengali else 0.0


@functools.cache
def _counters() -> NDArray[np.int64]:
    """Make the table code point → what it adds to the counts (half a megabyte, once)."""
    table = np.zeros(_PLANE, dtype=np.int64)
    for letters in (slice(0x41, 0x5B), slice(0x61, 0x7B), slice(0x80, None)):  # A to Z, a to z
        table[letters] = 1 << _HALF
    for marks in (*_MARKS, _BENGALI_DIGITS):
        table[marks] = 0
    table[_BENGALI.start : _BENGALI_DIGITS.start] = 1
    table[_BENGALI_DIGITS.stop : _BENGALI.stop] = 1
    return table


def count_scripts(text: str) -> Scripts:
    """Turn a text into the counts of its scripts."""
    return count_lines(text, (0,))[0] if text else Scripts(0, 0, 0)


def count_lines(text: str, starts: Sequence[int]) -> list[Scripts]:
    """Turn a text and the offsets at which its lines begin into the counts of each line.

    A line reaches to the next one's start: what lies between is white space. `starts` ascend.
    """
    if not starts:
        return []
    encoded = text.encode("utf-16-le", "surrogatepass")
    if len(encoded) == 2 * len(text):
        codes: NDArray[np.uint16 | np.uint32] = np.frombuffer(encoded, dtype="<u2")
    else:  # an emoji, mostly
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    added = _counters().take(codes, mode="clip")  # U+FFFF counts as all that lies beyond it
    sums = np.add.reduceat(added, starts).tolist()
    if any(letter in text for letter in _ASSAMESE):
        assamese = [
            sum(text.count(letter, start, end) for letter in _ASSAMESE)
            for start, end in pairwise((*starts, len(text)))
        ]
    else:
        assamese = [0] * len(sums)
    low = (1 << _HALF) - 1
    return [
        Scripts(both & low, count, both >> _HALF)
        for both, count in zip(sums, assamese, strict=True)
    ]


def add_scripts(several: Iterable[Scripts]) -> Scripts:
    """Turn the counts of several texts into those of all of them."""
    bengali = assamese = other = 0
    for scripts in several:
        bengali += scripts.bengali
        assamese += scripts.assamese
        other += scripts.other
    return Scripts(bengali, assamese, other)


def language_of(text: str) -> Language:
    """Turn a text into its language: bn, as (Assamese), or und for anything else."""
    return language_of_scripts(count_scripts(text))


def language_of_scripts(scripts: Scripts) -> Language:
    """Turn counts of scripts into the language: half of the letters or more must be Bengali."""
    if scripts.bengali_share < 0.5:
        return "und"
    return "as" if scripts.assamese > _ASSAMESE_SHARE * scripts.bengali else "bn"
