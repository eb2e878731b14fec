"""Where the bare name ends: learned endings are cut off, words that end so by themselves are not."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from khobor.records import EntityLabel, Mention
from khobor.training.name_ends import bare_length, learn_name_ends
from tests.bengali import texts

SEEN: list[tuple[str, str, EntityLabel]] = [
    ("সিলেট", "ের", "GPE"),
    ("সিলেট", "ে", "GPE"),
    ("খুলনা", "", "GPE"),
    ("শুক্রবার", "", "DATE"),
    ("শনিবার", "", "DATE"),
    ("রহিমা বেগম", "কে", "PER"),
    ("সিবিআই", "-কে", "ORG"),
]


def learned() -> tuple[object, frozenset[str]]:
    mentions = [
        (name + glued, Mention("e1", 0, len(name + glued), len(name), label))
        for name, glued, label in SEEN
    ]
    ends = learn_name_ends(mentions)
    return ends, frozenset(ends.words)


@pytest.mark.parametrize(
    ("surface", "label", "bare"),
    [
        ("খুলনার", "GPE", "খুলনা"),  # seen bare
        ("রবিবার", "DATE", "রবিবার"),  # ends as শনিবার does, which stood whole
        ("বাজেটের", "GPE", "বাজেট"),  # ends as সিলেটের does
        ("ইসিবি-কে", "ORG", "ইসিবি"),
        ("সালমা বেগমকে", "PER", "সালমা বেগম"),
    ],
)
def test_bare_names(surface: str, label: str, bare: str) -> None:
    ends, words = learned()
    assert surface[: bare_length(surface, label, ends, words)] == bare  # type: ignore[arg-type]


def test_the_other_encoding_of_a_letter_is_cut_at_the_same_letter() -> None:
    ends = learn_name_ends([("কয়রায়", Mention("e1", 0, 6, 5, "GPE"))])
    for surface in ("কয়রায়", unicodedata.normalize("NFC", "কয়রায়")):
        length = bare_length(surface, "GPE", ends, frozenset(ends.words))
        assert 1 <= length <= len(surface)


@given(texts(line_ends=False, max_size=6))
def test_a_bare_name_is_never_empty(surface: str) -> None:
    ends, words = learned()
    surface = surface.strip() or "ঢাকা"
    assert 1 <= bare_length(surface, "GPE", ends, words) <= len(surface)  # type: ignore[arg-type]
