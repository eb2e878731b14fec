"""Token classification: every label leads back to the surface that was annotated."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from khobor.errors import UsageError
from khobor.layers.sentences import split_sentences
from khobor.records import Mention
from khobor.training import (
    NER_TAGS,
    QUOTE_TAGS,
    Article,
    Labelled,
    article_words,
    collect_examples,
    label_names,
    merge_labels,
    read_labels,
    token_task,
)
from khobor.training.encodings import encode_text
from khobor.training.subwords import IGNORED
from khobor.training.tags import entity_spans, role_spans
from tests.bengali import texts
from tests.release.conftest import corpus, release, sources  # noqa: F401  # fixtures
from tests.training.articles import written
from tests.training.conftest import TOKENIZERS

_MADE = {name: make() for name, make in TOKENIZERS.items()}
# What Bengali has that tokenizers break: a conjunct, ZWJ before a hasanta, ZWNJ, য় ড় ঢ় in
# both encodings, a split vowel sign, and an apostrophe inside a word.
SUBTLE = [
    "ক্ষ্মীপুর",
    "র\u200d\u09cd\u09afাব",
    "উদ্\u200cযাপন",
    "সম\u09dfপুর",
    "সম\u09af\u09bcপুর",
    "পা\u09dcগ্রাম",
    "পা\u09a1\u09bcগ্রাম",
    "আষা\u09dd",
    "আষা\u09a2\u09bc",
    "ক\u09c7\u09beটালপুর",
    "স্ট্রিট",
]


def _with_spans(text: str, spans: list[tuple[int, int, str]]) -> Article:
    mentions = [
        Mention(f"e{number}", start, end, end, label, text[start:end])  # type: ignore[arg-type]
        for number, (start, end, label) in enumerate(spans, 1)
    ]
    return Article("small", text, "gold", tuple(split_sentences(text)), tuple(mentions), ())


@pytest.mark.parametrize("label_all", [False, True])
@pytest.mark.parametrize("surface", SUBTLE)
def test_a_subtle_name_comes_back_as_it_was_written(
    tokenizer: Tokenizer, surface: str, label_all: bool
) -> None:
    text = f"গতকাল {surface} থেকে ‘{surface}’, তারপর ঢাকা।"
    first, second = text.index(surface), text.rindex(surface)
    size = len(surface)
    article = _with_spans(text, [(first, first + size, "GPE"), (second, second + size, "ORG")])
    (row,) = token_task(tokenizer, max_tokens=400, label_all=label_all).make(article)
    assert row["inexact"] == []
    found = read_labels(row, row["labels"])
    assert [text[one.start : one.end] for one in found] == [surface, surface]
    assert [one.label for one in found] == ["GPE", "ORG"]


@pytest.mark.parametrize("surface", SUBTLE)
def test_the_offsets_of_labelled_subwords_lie_in_the_name(
    tokenizer: Tokenizer, surface: str
) -> None:
    text = f"গতকাল {surface} থেকে"
    start = text.index(surface)
    article = _with_spans(text, [(start, start + len(surface), "GPE")])
    (row,) = token_task(tokenizer, max_tokens=400, label_all=True).make(article)
    encoding = tokenizer.encode(text)
    assert row["input_ids"] == encoding.ids
    inside = [
        text[a:b].strip()
        for (a, b), label in zip(encoding.offsets, row["labels"], strict=True)
        if label > 0
    ]
    assert inside
    assert all(piece in surface for piece in inside)
    names = [NER_TAGS[label] for label in row["labels"] if label > 0]
    assert names == ["B-GPE"] + ["I-GPE"] * (len(names) - 1)


def test_the_first_subword_alone_has_the_label_unless_all_are_asked_for(
    tokenizers: dict[str, Tokenizer],
) -> None:
    text = "চরমাদারিপুরের"
    article = _with_spans(text, [(0, len(text), "GPE")])
    begins, goes_on = NER_TAGS.index("B-GPE"), NER_TAGS.index("I-GPE")
    task = token_task(tokenizers["byte-level"], max_tokens=100)
    first = task.make(article)[0]["labels"]
    assert first == [IGNORED, begins, *[IGNORED] * (len(first) - 2)]
    task = token_task(tokenizers["byte-level"], max_tokens=100, label_all=True)
    everywhere = task.make(article)[0]["labels"]
    assert len(everywhere) > 3
    assert everywhere == [IGNORED, begins, *[goes_on] * (len(everywhere) - 3), IGNORED]


@pytest.mark.parametrize("name", list(TOKENIZERS))
@given(drawn=st.data())
def test_any_text_gives_every_span_back_or_says_that_it_does_not(
    name: str, drawn: st.DataObject
) -> None:
    text = drawn.draw(texts())
    words = article_words(_with_spans(text, []))
    count = len(words.starts)
    spans = []
    place = 0
    while place < count and len(spans) < 4:
        first = drawn.draw(st.integers(place, count - 1))
        last = drawn.draw(st.integers(first, min(first + 3, count - 1)))
        label = drawn.draw(st.sampled_from(["PER", "GPE"]))
        spans.append((words.starts[first], words.ends[last], label))
        place = last + 1
    article = _with_spans(text, spans)
    label_all = drawn.draw(st.booleans())
    task = token_task(_MADE[name], max_tokens=30, stride=1, label_all=label_all)
    rows = task.make(article)
    found = merge_labels(rows, [row["labels"] for row in rows]).get("small", [])
    back = {(one.start, one.end, one.label) for one in found}
    said = {id_ for row in rows for id_ in (*row["cut"], *row["inexact"])}
    assert all(len(row["input_ids"]) <= 30 for row in rows)
    assert len(back) == len(found)
    for mention in article.mentions or ():
        listed = mention.id in said
        assert listed or (mention.start, mention.end, mention.label) in back


@pytest.mark.parametrize("name", list(TOKENIZERS))
@given(
    pieces=st.lists(
        st.sampled_from([*SUBTLE, "নদী", "ক্ষেত", "২০২১", "🙂"]), min_size=1, max_size=12
    ),
    chosen=st.sets(st.integers(0, 11)),
    label_all=st.booleans(),
)
def test_words_between_spaces_come_back_without_an_exception(
    name: str, pieces: list[str], chosen: set[int], label_all: bool
) -> None:
    text = " ".join(pieces)
    starts = [sum(len(piece) + 1 for piece in pieces[:place]) for place in range(len(pieces))]
    spans = [
        (starts[place], starts[place] + len(piece), "GPE")
        for place, piece in enumerate(pieces)
        if place in chosen
    ]
    task = token_task(_MADE[name], max_tokens=2000, label_all=label_all)
    (row,) = task.make(_with_spans(text, spans))
    assert row["inexact"] == []
    found = [(one.start, one.end, one.label) for one in read_labels(row, row["labels"])]
    assert found == spans
    assert [text[start:end] for start, end, _ in found] == [
        pieces[n] for n in sorted(chosen) if n < len(pieces)
    ]


def _bare(spans: Iterable[Labelled]) -> list[Labelled]:
    return [msgspec.structs.replace(one, id="") for one in spans]


# ৳৩০ and পাঠশালা৷ (U+09F7) are one token of BNLP's each, and larger than what is annotated: no tag
# can say that.
_LARGER = {"char-ferry": "e10", "haor-boat-school": "e4"}


def _apart(article: Article, found: Iterable[Labelled]) -> list[Labelled]:
    """Leave out what overlaps the mention that no tag can say."""
    larger = [m for m in article.mentions or () if m.id == _LARGER.get(article.doc_id)]
    return [
        one for one in found if not any(one.start < m.end and m.start < one.end for m in larger)
    ]


def test_the_samples_come_back_whole(tokenizer: Tokenizer, articles: list[Article]) -> None:
    task = token_task(tokenizer, max_tokens=300)
    roles = token_task(tokenizer, layer="quotes", max_tokens=300)
    for article in articles:
        inexact = [_LARGER[article.doc_id]] if article.doc_id in _LARGER else []
        rows = task.make(article)
        assert [id_ for row in rows for id_ in row["cut"] + row["inexact"]] == inexact
        found = merge_labels(rows, [row["labels"] for row in rows])[article.doc_id]
        assert _apart(article, found) == _bare(_apart(article, entity_spans(article)))
        rows = roles.make(article)
        assert [id_ for row in rows for id_ in row["cut"] + row["inexact"]] == []
        found = merge_labels(rows, [row["labels"] for row in rows], layer="quotes")[article.doc_id]
        assert found == _bare(role_spans(article))


def test_small_windows_cut_no_entity(tokenizer: Tokenizer, articles: list[Article]) -> None:
    for article in articles:
        rows = token_task(tokenizer, max_tokens=64, stride=1).make(article)
        assert len(rows) > 2
        assert all(len(row["input_ids"]) <= 64 for row in rows)
        assert [row["cut"] for row in rows] == [[]] * len(rows)
        found = merge_labels(rows, [row["labels"] for row in rows])[article.doc_id]
        assert _apart(article, found) == _bare(_apart(article, entity_spans(article)))


def test_an_entity_that_no_window_can_hold_is_listed(tokenizers: dict[str, Tokenizer]) -> None:
    article = written(f"[{'জাতীয় নদী রক্ষা কমিশন ' * 20}শাখা ORG] আজ খুলেছে।")
    rows = token_task(tokenizers["byte-level"], max_tokens=40).make(article)
    assert all(len(row["input_ids"]) <= 40 for row in rows)
    assert "e1" in {id_ for row in rows for id_ in (*row["cut"], *row["inexact"])}


def test_a_mention_inside_a_word_is_listed(tokenizers: dict[str, Tokenizer]) -> None:
    text = "ভারতবাংলাদেশ সীমান্ত"
    article = _with_spans(text, [(4, 12, "GPE")])
    (row,) = token_task(tokenizers["byte-level"], max_tokens=100).make(article)
    assert row["inexact"] == ["e1"]


def test_what_nobody_annotated_teaches_nothing(tokenizers: dict[str, Tokenizer]) -> None:
    article = Article("small", "ঢাকা শহর।", "none", (), None, None)
    (row,) = token_task(tokenizers["unigram"], max_tokens=100).make(article)
    assert set(row["labels"]) == {IGNORED}
    assert max(row["subword_words"]) >= 0


def test_labels_have_the_numbers_of_the_release(release: Any) -> None:  # noqa: F811
    from datasets import load_dataset

    sentences = load_dataset(str(release), "sentences", split="train")
    names = sentences.features["ner_tags"].feature.names
    assert list(label_names().values()) == names == list(NER_TAGS)
    names = sentences.features["quote_tags"].feature.names
    assert list(label_names("quotes").values()) == names == list(QUOTE_TAGS)


def test_padding_behind_a_row_is_no_label(tokenizers: dict[str, Tokenizer]) -> None:
    article = written("[ঢাকা GPE] শহর।")
    (row,) = token_task(tokenizers["unigram"], max_tokens=100).make(article)
    padded = [*row["labels"], 3, 3, 3]
    assert read_labels(row, padded) == [Labelled(0, 4, "GPE")]


def test_a_tokenizer_of_transformers_gives_the_same_rows(
    tokenizers: dict[str, Tokenizer], articles: list[Article]
) -> None:
    transformers = pytest.importorskip("transformers", reason="the extra train is not installed")
    for tokenizer in tokenizers.values():
        wrapped = transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer)
        for article in articles:
            plain = token_task(tokenizer, max_tokens=80, stride=1).make(article)
            assert token_task(wrapped, max_tokens=80, stride=1).make(article) == plain
        with pytest.raises(UsageError, match="does not say how many tokens"):
            token_task(wrapped)


def test_a_tokenizer_that_cuts_by_itself_is_refused() -> None:
    tokenizer = TOKENIZERS["byte-level"]()
    tokenizer.enable_truncation(10)
    with pytest.raises(UsageError, match="no_truncation"):
        token_task(tokenizer, max_tokens=10)


def test_a_slow_tokenizer_is_refused() -> None:
    class Slow:
        is_fast = False

    with pytest.raises(UsageError, match="gives no offsets"):
        token_task(Slow(), max_tokens=10)


def test_senseless_limits_and_layers_are_refused(tokenizers: dict[str, Tokenizer]) -> None:
    with pytest.raises(UsageError, match="leaves no room beside 2 special tokens"):
        token_task(tokenizers["unigram"], max_tokens=2)
    with pytest.raises(UsageError, match="does not say how many"):
        token_task(tokenizers["unigram"])
    with pytest.raises(UsageError, match="no layer 'names'"):
        token_task(tokenizers["unigram"], layer="names", max_tokens=50)  # type: ignore[arg-type]


def test_a_planted_fault_in_the_labels_is_noticed(tokenizers: dict[str, Tokenizer]) -> None:
    """Else `inexact` could be empty by construction."""
    article = written("[ঢাকা GPE] শহর।")
    (row,) = token_task(tokenizers["byte-level"], max_tokens=100).make(article)
    shifted = [row["labels"][0], IGNORED, *row["labels"][2:]]
    assert read_labels(row, shifted) == []


def test_rows_of_a_stretch_count_from_the_article(tokenizers: dict[str, Tokenizer]) -> None:
    article = written("প্রথম বাক্য এখানে।", "[ঢাকা GPE] শহর।")
    report = collect_examples([], token_task(tokenizers["byte-level"], max_tokens=20)).report
    assert report.documents == 0
    rows = token_task(tokenizers["byte-level"], max_tokens=20).make(article)
    start = article.text.index("ঢাকা")
    found = merge_labels(rows, [row["labels"] for row in rows])["small"]
    assert found == [Labelled(start, start + 4, "GPE")]
    assert encode_text(tokenizers["byte-level"], "ঢাকা").offsets[0] == (0, 0)
