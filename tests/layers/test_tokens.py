"""Tokens: BNLP's own, on every character that there is, with exact bounds."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given

from khobor.layers.sentences import split_sentences
from khobor.layers.tokens import (
    bnlp_basic,
    sentence_tokens,
    token_bounds,
    tokenize,
    tokenizer_version,
)
from khobor.records import Sentence
from khobor.spans import Span
from tests import bengali

ARTICLES = 723  # in ../shared/data/news/prothomalo.jsonl.gz


def by_bnlp(text: str) -> list[str]:
    tokens: list[str] = bnlp_basic().BasicTokenizer().tokenize(text)
    return tokens


def by_khobor(text: str) -> list[str]:
    starts, ends = token_bounds(text)
    return [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]


def _sentences(text: str) -> list[Sentence]:
    return [Sentence(span.start, span.end, 0) for span in split_sentences(text)]


def test_tokens_are_bnlps_on_every_code_point() -> None:
    """Each stands between letters, twice in a row: word, white space, or a token for each."""
    plane = 0x10000
    for first in range(0, sys.maxunicode + 1, plane):
        characters = map(chr, range(first, first + plane))
        text = " ".join(f"ক{c}{c}খ" for c in characters)
        if by_khobor(text) != by_bnlp(text):
            differing = [
                f"U+{code:04X}"
                for code in range(first, first + plane)
                if by_khobor(f"ক{chr(code)}খ") != by_bnlp(f"ক{chr(code)}খ")
            ]
            pytest.fail(f"in {len(differing)} code points: {differing[:20]}")


@given(bengali.texts().filter(lambda text: "XTEMPDOT" not in text))
def test_tokens_are_bnlps_on_any_text(text: str) -> None:
    assert by_khobor(text) == by_bnlp(text)


def test_bnlps_inner_word_for_a_dot_stays_as_written() -> None:
    """BNLP rewrites XTEMPDOT to '.'; a token of ours is always the text at its bounds."""
    assert by_khobor("XTEMPDOT ড.XTEMPDOT") == ["XTEMPDOT", "ড.XTEMPDOT"]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("১২,৫০০", ["১২", ",", "৫০০"]),
        ("২০২১-এর", ["২০২১", "-", "এর"]),
        ("ন’টা", ["ন", "’", "টা"]),
        ("a@b.example", ["a", "@", "b.example"]),
        ("ড. রহমান", ["ড.", "রহমান"]),
        ("9.30টা", ["9.30টা"]),
        ("বলল...", ["বলল..."]),
        ("৳৫০০", ["৳৫০০"]),
        ("ভালো🙂", ["ভালো🙂"]),
        ("ঘ৷", ["ঘ৷"]),
        ("ঘর।", ["ঘর", "।"]),
        ("পা\u09a1\u09bc পা\u09dc", ["পা\u09a1\u09bc", "পা\u09dc"]),
        ("র\u200d\u09cd\u09afাব উদ্\u200cযাপন", ["র\u200d\u09cd\u09afাব", "উদ্\u200cযাপন"]),
        ("জল\u00a0নামে", ["জল", "নামে"]),
    ],
)
def test_the_published_tokenisation(text: str, tokens: list[str]) -> None:
    assert by_khobor(text) == tokens


@given(bengali.texts())
def test_bounds_are_int32_in_order_and_cover_all_but_white_space(text: str) -> None:
    starts, ends = token_bounds(text)
    assert (starts.dtype, ends.dtype) == (np.int32, np.int32)
    assert "".join(by_khobor(text)) == "".join(text.split())
    assert (starts < ends).all()
    assert (ends[:-1] <= starts[1:]).all()


@given(bengali.texts())
def test_spans_are_the_bounds(text: str) -> None:
    starts, ends = token_bounds(text)
    assert tokenize(text) == [Span(int(s), int(e)) for s, e in zip(starts, ends, strict=True)]


@given(bengali.texts())
def test_tokens_of_sentences_are_those_of_each_sentences_own_text(text: str) -> None:
    sentences = _sentences(text)
    tokens = sentence_tokens(text, sentences)
    expected = [
        (sentence.start + span.start, sentence.start + span.end)
        for sentence in sentences
        for span in tokenize(text[sentence.start : sentence.end])
    ]
    assert list(zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)) == expected
    assert (tokens.starts.dtype, tokens.ends.dtype) == (np.int32, np.int32)


def test_the_border_of_a_sentence_ends_a_token() -> None:
    """৷ is part of a word to BNLP; behind it a sentence may begin without a space."""
    text = "জল নামে৷ঘর ভাঙে৷"
    sentences = [Sentence(0, 8, 0), Sentence(8, 16, 0)]
    tokens = sentence_tokens(text, sentences)
    words = [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]
    assert words == ["জল", "নামে৷", "ঘর", "ভাঙে৷"]
    assert by_khobor(text) == ["জল", "নামে৷ঘর", "ভাঙে৷"]


def test_what_lies_outside_sentences_has_no_tokens() -> None:
    text = "হোম জল নামে। যোগাযোগ"
    tokens = sentence_tokens(text, [Sentence(4, 12, 0)])
    assert (tokens.starts.tolist(), tokens.ends.tolist()) == ([4, 7, 11], [6, 11, 12])


@pytest.mark.parametrize("text", ["", " \n\u00a0", "জল নামে।"])
def test_without_sentences_there_are_no_tokens(text: str) -> None:
    tokens = sentence_tokens(text, [])
    assert len(tokens.starts) == len(tokens.ends) == 0
    assert tokens.starts.dtype == np.int32


def test_real_articles_have_bnlps_tokens(shared: Path) -> None:
    """In the whole text, and sentence by sentence."""
    rows, different = 0, []
    with gzip.open(shared / "news" / "prothomalo.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            rows += 1
            body = json.loads(line)["body"]
            sentences = _sentences(body)
            tokens = sentence_tokens(body, sentences)
            bounds = zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)
            words = [body[start:end] for start, end in bounds]
            expected = [
                token
                for sentence in sentences
                for token in by_bnlp(body[sentence.start : sentence.end])
            ]
            if by_khobor(body) != by_bnlp(body) or words != expected:
                different.append(rows)
    assert (rows, different) == (ARTICLES, [])


def test_the_version_names_bnlp_and_the_unicode_data() -> None:
    """Both decide what is punctuation."""
    assert tokenizer_version().startswith("bnlp-toolkit 4.")
    assert ", Unicode 1" in tokenizer_version()
