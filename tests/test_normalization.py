"""NFC by khobor is NFC."""

from __future__ import annotations

import unicodedata
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from khobor.normalization import nfc
from tests.bengali import texts


@given(texts() | st.text())
def test_nfc_is_that_of_unicode(text: str) -> None:
    assert nfc(text) == unicodedata.normalize("NFC", text)


def test_nfc_is_that_of_unicode_for_any_three_letters_in_a_row() -> None:
    # য় ড় ঢ় in both encodings, ে া ৗ ো ৌ, nukta and virama, joiners, a letter and a space.
    letters = "ক য়যড়ডঢ়ঢ\u09bc\u09cd\u09c7\u09be\u09d7\u09cb\u09cc\u200c\u200d\u09fe\u0301é"
    for chosen in product(letters, repeat=3):
        text = "".join(chosen)
        assert nfc(text) == unicodedata.normalize("NFC", text)
