"""Languages: Bengali told from other scripts, and from Assamese, which shares its own."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from khobor.layers.languages import count_scripts, language_of
from tests import bengali


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("নদীর পানি কমছে।", "bn"),
        ("নদীৰ পানী কমিছে ৱাৰ্ড নং দুই।", "as"),
        ("The river is falling.", "und"),
        ("नदी का पानी घट रहा है।", "und"),
        ("WhatsApp নিয়ে কথা", "bn"),
        ("১২.৩০", "und"),
        ("", "und"),
    ],
)
def test_a_text_is_told_by_its_letters(text: str, language: str) -> None:
    assert language_of(text) == language


def test_one_assamese_name_in_a_long_text_is_no_assamese_text() -> None:
    assert language_of("নদীর পানি কমছে। " * 60 + "সাহিত্যিক ৰ") == "bn"


@given(bengali.texts())
def test_bengali_is_counted_as_the_block_without_its_digits(text: str) -> None:
    block = [c for c in text if "\u0980" <= c <= "\u09ff" and not "\u09e6" <= c <= "\u09ef"]
    scripts = count_scripts(text)
    assert scripts.bengali == len(block)
    assert scripts.assamese == 0
    latin = sum(c.isascii() and c.isalpha() for c in text)
    letters = sum(unicodedata.category(c)[0] == "L" for c in text if not "\u0980" <= c <= "\u09ff")
    assert latin <= scripts.other
    assert letters <= scripts.other + latin
