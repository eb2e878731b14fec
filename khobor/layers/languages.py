"""Bengali or not: by counting scripts, text by text."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from khobor.records import Language

_NOT_ASCII_LETTERS = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
)
_NOT_ASCII = bytes(range(0x80, 0x100))
# What is neither ASCII nor a letter, in UTF-8: general punctuation with quotes, dashes and
# joiners (U+2000–U+203F), the no-break space, danda and double danda (of the Devanagari block).
_MARKS = (b"\xe2\x80", b"\xc2\xa0", b"\xe0\xa5\xa4", b"\xe0\xa5\xa5")
# ৰ U+09F0 and ৱ U+09F1 are letters of Assamese, which shares the script; Bengali text quotes
# one now and then.
_ASSAMESE = (b"\xe0\xa7\xb0", b"\xe0\xa7\xb1")
_DIGITS = tuple(bytes((0xE0, 0xA7, last)) for last in range(0xA6, 0xB0))  # ০ U+09E6 to ৯ U+09EF
_ASSAMESE_SHARE = 0.005


class Scripts(msgspec.Struct, frozen=True, gc=False):
    """How many characters of a text are letters and signs of Bengali, and of other scripts."""

    bengali: int
    assamese: int  # of the Bengali ones: ৰ and ৱ
    other: int

    @property
    def bengali_share(self) -> float:
        """The share of Bengali ones, 0 where there are no letters."""
        return self.bengali / (self.bengali + self.other) if self.bengali else 0.0


def count_scripts(text: str) -> Scripts:
    """Turn a text into the counts of its scripts.

    Works on UTF-8, where counting bytes is fast: the Bengali block U+0980–U+09FF is E0 A6 xx
    and E0 A7 xx, and E0 begins a character wherever it stands.
    """
    encoded = text.encode("utf-8", "surrogatepass")
    block = encoded.count(b"\xe0\xa6") + encoded.count(b"\xe0\xa7")
    bengali = block - sum(map(encoded.count, _DIGITS))
    latin = len(encoded.translate(None, _NOT_ASCII_LETTERS))
    beyond_ascii = len(text) - len(encoded.translate(None, _NOT_ASCII))
    marks = sum(map(encoded.count, _MARKS))
    assamese = sum(map(encoded.count, _ASSAMESE))
    return Scripts(bengali, assamese, latin + max(0, beyond_ascii - block - marks))


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
