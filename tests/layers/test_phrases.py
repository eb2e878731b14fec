"""Phrases are read in folding, so that both encodings of a letter are one."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given

from khobor.layers import phrases
from khobor.layers.phrases import fold
from tests import bengali


@given(bengali.texts())
def test_folding_twice_is_folding_once(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert fold(f"\u00a0{text}\n") == folded


@given(bengali.texts())
def test_canonically_equal_texts_fold_to_one(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


def test_folding_keeps_words_and_joiners_apart() -> None:
    assert fold("র\u200d\u09cd\u09afাব  \u00a0 দল\n") == "র\u200d\u09cd\u09afাব দল"


@pytest.mark.parametrize(
    "pattern", [value for value in vars(phrases).values() if isinstance(value, re.Pattern)]
)
def test_every_pattern_is_written_in_folding(pattern: re.Pattern[str]) -> None:
    """A composed letter in a pattern would never match a folded line."""
    assert not re.search("[\u09dc\u09dd\u09df]", pattern.pattern)
    assert unicodedata.normalize("NFC", pattern.pattern) == pattern.pattern
