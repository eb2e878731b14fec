"""Documents that say the same are one cluster, however they are typed."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given, strategies

from khobor.corpus.clusters import Article, containment, groups, near_pairs, sign
from khobor.corpus.signatures import fold
from tests import bengali
from tests.stories import story

# Decomposed where Bengali has two encodings: ড় য় ঢ় with U+09BC; ো is U+09CB.
_ARTICLE = "পাড\u09bc ভাঙছে, ল\u09cbকের সম\u09af\u09bc নেই। আষাঢ\u09bcের আগে বাঁধ চাই।"


def cluster_ids(texts: list[tuple[str, str]]) -> dict[str, str]:
    pairs = near_pairs([sign(Article(d, "", t, None)) for d, t in texts], dict(texts).__getitem__)
    return {d: members[0] for members in groups([d for d, _ in texts], pairs) for d in members}


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


def test_an_article_of_which_little_changed_is_near_and_another_is_not() -> None:
    sentences = story(5)
    texts = {
        "agency": " ".join(sentences),
        "again": " ".join(["ঢাকা ব্যুরো:", *sentences[:3], story(31)[3], sentences[4]]),
        "other": " ".join(story(12)),
    }
    assert cluster_ids(list(texts.items())) == {
        "agency": "again",
        "again": "again",
        "other": "other",
    }


def test_a_note_that_a_long_article_holds_is_near_it() -> None:
    note = " ".join(story(3))
    article = " ".join([*story(10), *story(3), *story(17), *story(24)])
    assert containment(note, article) == 1.0
    assert cluster_ids([("note", note), ("article", article)])["note"] == "article"


_HEADLINE = "মেঘনার ওপর সেতুর শেষ খুঁটি বসল শুক্রবার সকালে"


@pytest.mark.parametrize(
    ("headline", "day", "near"),
    [
        pytest.param(_HEADLINE, "2021-03-08", True, id="three days later"),
        pytest.param(f"‘{_HEADLINE}’ ", "2021-03-05T09:00:00+06:00", True, id="other marks"),
        pytest.param(_HEADLINE, "2021-03-09", False, id="four days later"),
        pytest.param(_HEADLINE, None, False, id="no date"),
        pytest.param(_HEADLINE, "৫ মার্চ", False, id="no date that can be read"),
        pytest.param("আজকের আবহাওয়া", "2021-03-05", False, id="a column, not an event"),
    ],
)
def test_one_headline_within_days_is_one_cluster(
    headline: str, day: str | None, near: bool
) -> None:
    first = _HEADLINE if headline != "আজকের আবহাওয়া" else headline
    texts = {"a": " ".join(story(1)), "b": " ".join(story(9))}
    signatures = [
        sign(Article("a", first, texts["a"], "2021-03-05")),
        sign(Article("b", headline, texts["b"], day)),
    ]
    assert [pair.why for pair in near_pairs(signatures, texts.__getitem__)] == ["headline"] * near


@pytest.mark.parametrize("text", ["", "।", "খবর", "\ud800", "😀 " * 40])
def test_texts_with_little_in_them_are_taken(text: str) -> None:
    assert cluster_ids([("a", text), ("b", " ".join(story(2)))]) == {"a": "a", "b": "b"}


@given(data=strategies.data(), count=strategies.integers(2, 12))
def test_pairs_among_the_first_do_not_hang_on_those_after_them(
    data: strategies.DataObject, count: int
) -> None:
    texts = {
        f"d{place:02}": " ".join(
            sentence
            for number in data.draw(
                strategies.lists(strategies.integers(0, 8), min_size=1, max_size=3)
            )
            for sentence in story(number)
        )
        for place in range(count)
    }
    signatures = [sign(Article(d, "", text, None)) for d, text in texts.items()]
    pairs = near_pairs(signatures, texts.__getitem__)
    few = {signature.doc_id for signature in signatures[: count // 2]}
    assert near_pairs(signatures[: count // 2], texts.__getitem__) == [
        pair for pair in pairs if {pair.first, pair.second} <= few
    ]


def test_many_copies_are_one_cluster() -> None:
    texts = {
        f"d{number:03}": " ".join([*story(number % 7), f"মুদ্রিত সংস্করণ {number}।", *story(44)[:1]])
        for number in range(600)
    }
    assert len(set(cluster_ids(list(texts.items())).values())) <= 7


@given(text=bengali.texts())
def test_a_text_and_its_normal_forms_have_one_key(text: str) -> None:
    assert fold(text) == fold(unicodedata.normalize("NFC", text))
    assert fold(text) == fold(unicodedata.normalize("NFD", text))


def test_the_order_of_documents_plays_no_part() -> None:
    articles = [(f"d{number:02}", f"খবর {number % 4}") for number in range(12)]
    shuffled = articles[:]
    random.Random(5).shuffle(shuffled)
    assert cluster_ids(shuffled) == cluster_ids(articles)
    assert set(cluster_ids(articles).values()) == {"d00", "d01", "d02", "d03"}
