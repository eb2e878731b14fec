"""Languages: Bengali told from other scripts, and from Assamese, which shares its own."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.capture.pages import capture_page
from khobor.layers.blocks import label_furniture
from khobor.layers.languages import count_lines, count_scripts, language_of
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


@given(bengali.texts() | st.text("ab ৰৱক১é\u00a0।—🙂\u200d漢"))
def test_other_scripts_are_all_other_letters_and_signs(text: str) -> None:
    scripts = count_scripts(text)
    marks = "\u00a0।॥"
    assert scripts.assamese == text.count("ৰ") + text.count("ৱ")
    assert scripts.other == sum(
        c.isalpha()
        if c.isascii()
        else c not in marks and not "\u0980" <= c <= "\u09ff" and not "\u2000" <= c < "\u2040"
        for c in text
    )


@given(st.lists(st.text("abৰক১ 🙂", min_size=1), min_size=1))
def test_lines_are_counted_each_as_alone(lines: list[str]) -> None:
    text = "\n".join(lines)
    starts = [sum(len(line) + 1 for line in lines[:place]) for place in range(len(lines))]
    assert count_lines(text, starts) == [count_scripts(line) for line in lines]


def test_a_block_is_told_by_the_whole_of_it() -> None:
    """As `khobor verify` does, which reads the block alone."""
    text = "নদীর পানি কমছে। " * 30 + "নদীৰ পানী কমিছে ৱাৰ্ড নং দুই। " * 3
    (block,) = label_furniture(capture_page(text.encode(), source="a.txt"))
    assert block.language == language_of(text) == "as"
