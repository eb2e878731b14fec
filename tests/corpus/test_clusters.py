"""Documents that say the same are one cluster, however they are typed."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given

from khobor.corpus.clusters import cluster_ids, folded_key
from tests import bengali

# Decomposed where Bengali has two encodings: ড় য় ঢ় with U+09BC; ো is U+09CB.
_ARTICLE = "পাড\u09bc ভাঙছে, ল\u09cbকের সম\u09af\u09bc নেই। আষাঢ\u09bcের আগে বাঁধ চাই।"


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(
            _ARTICLE.replace("ড\u09bc", "\u09dc")
            .replace("\u09af\u09bc", "\u09df")
            .replace("ঢ\u09bc", "\u09dd"),
            id="precomposed nukta letters",
        ),
        pytest.param(_ARTICLE.replace("\u09cb", "\u09c7\u09be"), id="split vowel sign"),
        pytest.param(_ARTICLE.replace(" ", "\n\u00a0"), id="other white space"),
        pytest.param(_ARTICLE.replace("।", "৷ ").replace("৷ ", " | "), id="other danda"),
        pytest.param(_ARTICLE.replace("বাঁধ", "‘বাঁ\u200cধ’"), id="marks and joiners"),
    ],
)
def test_one_article_typed_otherwise_is_one_cluster(other: str) -> None:
    assert other != _ARTICLE
    assert cluster_ids([("b", _ARTICLE), ("a", other), ("c", "আরেক খবর।")]) == {
        "a": "a",
        "b": "a",
        "c": "c",
    }


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(_ARTICLE.replace("নেই", "আছে"), id="a word"),
        pytest.param(_ARTICLE.replace("বাঁধ", "বাধ"), id="a sign"),
        pytest.param(_ARTICLE + " ৫০০", id="a number"),
    ],
)
def test_an_article_that_says_something_else_is_a_cluster_of_its_own(other: str) -> None:
    assert cluster_ids([("a", _ARTICLE), ("b", other)]) == {"a": "a", "b": "b"}


@given(text=bengali.texts())
def test_a_text_and_its_normal_forms_have_one_key(text: str) -> None:
    assert folded_key(text) == folded_key(unicodedata.normalize("NFC", text))
    assert folded_key(text) == folded_key(unicodedata.normalize("NFD", text))


def test_the_order_of_documents_plays_no_part() -> None:
    articles = [(f"d{number:02}", f"খবর {number % 4}") for number in range(12)]
    shuffled = articles[:]
    random.Random(5).shuffle(shuffled)
    assert cluster_ids(shuffled) == cluster_ids(articles)
    assert set(cluster_ids(articles).values()) == {"d00", "d01", "d02", "d03"}
