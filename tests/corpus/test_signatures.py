"""Signatures are what a plain reading of their rule says, however fast they are made."""

from __future__ import annotations

import hashlib
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.corpus.clusters import containment
from khobor.corpus.signatures import (
    Article,
    distinct_sorted,
    fold,
    fold_codes,
    hash_pieces,
    sign,
)
from tests.bengali import texts

TEXTS = texts() | st.text()


def _fold(text: str) -> str:
    """Fold by the words of the rule: NFC, no case, letters, marks and numbers alone."""
    plain = unicodedata.normalize("NFC", text).casefold()
    return "".join(c for c in plain if unicodedata.category(c)[0] in "LMN")


def _containment(one: str, other: str) -> float:
    sets = [{f[at : at + 5] for at in range(len(f) - 4)} for f in (_fold(one), _fold(other))]
    fewer = min(map(len, sets))
    return len(sets[0] & sets[1]) / fewer if fewer else 0.0


@given(TEXTS)
def test_folding_is_what_its_rule_says(text: str) -> None:
    assert fold(text) == _fold(text)
    assert fold_codes(text).tolist() == [ord(c) for c in _fold(text)]


@given(TEXTS, TEXTS)
def test_containment_is_what_its_rule_says(one: str, other: str) -> None:
    assert containment(one, other) == _containment(one, other)
    assert containment(one + other, other + one) == _containment(one + other, other + one)


@pytest.mark.parametrize("text", ["ক𝟘𝟙𝟚𝟛𝟜", "漢字漢字漢字", "abcdeকখগঘঙ漢", "ค" * 9])
def test_letters_beyond_the_packed_ones_are_told_apart(text: str) -> None:
    assert containment(text, text) == 1.0
    assert containment(text, text[:-1] + "ঝ") == _containment(text, text[:-1] + "ঝ")


@given(TEXTS, st.integers(1, 12))
def test_pieces_are_hashed_as_a_polynomial(text: str, size: int) -> None:
    codes = fold_codes(text)
    if len(codes) < size:
        return
    factor = 0x9E3779B97F4A7C15
    expected = []
    for place in range(len(codes) - size + 1):
        value = 0
        for code in codes[place : place + size].tolist():
            value = (value * factor + code) % 2**64
        expected.append(value)
    assert hash_pieces(codes, size).tolist() == expected


@given(st.lists(st.integers(0, 9)))
def test_distinct_values_are_sorted(values: list[int]) -> None:
    assert distinct_sorted(np.array(values, np.uint64)).tolist() == sorted(set(values))


def test_a_signature_stays_what_it_is() -> None:
    """Splits of frozen versions hang on it: a change here moves documents between clusters."""
    text = "চরের নতুন ঘাটে নৌকা ভিড়েছে। " * 3 + "হাটের দিনে ভিড় হয়। É"
    signature = sign(Article("a", "চরের নতুন ঘাটে নৌকা ভিড়েছে", text, "2021-10-05T10:00"))
    assert signature.headline == "চরেরনতুনঘাটেনৌকাভিড়েছে".replace("ড়", "ড\u09bc")
    assert signature.day == 738068
    pieces = np.frombuffer(signature.pieces, "<u8")
    assert (len(pieces), sorted(set(pieces.tolist()))) == (32, pieces.tolist())
    digest = hashlib.sha256(signature.pieces + signature.key.encode()).hexdigest()
    assert digest[:16] == "ce36af52981bdf4d"
