"""Features of words: one for both encodings of a letter, and none that hangs on chance."""

from __future__ import annotations

import unicodedata

from hypothesis import given

from khobor.layers.tokens import tokenize
from khobor.training.features import (
    Surroundings,
    ending_of,
    form_of,
    lists_of,
    path_of,
    repeat_features,
    sequence_features,
    shape_of,
    word_features,
)
from khobor.training.words import LISTS
from tests.bengali import texts


@given(texts())
def test_every_token_has_features_and_none_is_empty(text: str) -> None:
    tokens = [text[span.start : span.end] for span in tokenize(text)]
    rows = sequence_features(tokens)
    assert len(rows) == len(tokens)
    assert all(row and all(row) for row in rows)


def test_both_encodings_have_the_same_form() -> None:
    for word in ("সম\u09df", "পা\u09dc", "আষা\u09dd"):
        other = unicodedata.normalize("NFC", word)
        assert word != other
        assert form_of(word) == form_of(other)


def test_shapes() -> None:
    assert shape_of("২০২১-এর") == "৯-ক"
    assert shape_of("Facebook") == "Aa"
    assert shape_of("র\u200d\u09cd\u09afাব") == "ক"


def test_a_list_is_found_through_a_glued_ending() -> None:
    assert ending_of(form_of("খুলনার")) == "র"
    assert "district" in lists_of(form_of("খুলনার"))
    assert "list=district" in word_features("খুলনায়")


def test_every_listed_word_is_in_the_form_that_is_looked_up() -> None:
    for name, words in LISTS.items():
        for word in words:
            assert word == unicodedata.normalize("NFC", word), (name, word)
            assert " " not in word


def test_what_stands_beside_a_word_elsewhere_on_its_page() -> None:
    page = [["চরভাবনা", "ইউনিয়নে", "ভোট"], ["তিনি", "চরভাবনার", "মানুষ"]]
    repeats = repeat_features(page)
    (stem,) = [stem for stem in repeats if stem.startswith("চরভাবন")]
    assert "page:1:place" in repeats[stem]
    second = sequence_features(page[1], around=Surroundings(repeats=repeats))
    assert "page:1:place" in second[1]
    assert "page:1:place" not in second[0]


def test_a_path_is_found_through_a_glued_ending_and_marked() -> None:
    assert path_of("খুলনা", {"খুলনা": "0101"}) == "0101"
    assert path_of("খুলনার", {"খুলনা": "0101"}) == "~0101"
    assert path_of("বরিশাল", {"খুলনা": "0101"}) == ""
