"""Spans: code points, half-open; where a reader sees a border between letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.errors import SpanError
from khobor.spans import Span, check_span, on_grapheme_border, strip_span
from tests import bengali


@given(bengali.texts(), st.data())
def test_stripping_a_span_strips_its_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    span = strip_span(text, start, end)
    assert text[span.start : span.end] == text[start:end].strip()
    assert start <= span.start <= span.end <= end


def test_a_stretch_of_white_space_strips_to_an_empty_span_at_its_start() -> None:
    assert strip_span("জল \u00a0\n নামে", 2, 6) == Span(2, 2)


@pytest.mark.parametrize(("start", "end"), [(0, 1), (0, 7), (6, 7)])
def test_a_span_inside_its_text_is_accepted(start: int, end: int) -> None:
    check_span("জল নামে", start, end)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (0, 8), (3, 3), (4, 2), (7, 8)])
def test_a_span_outside_its_text_is_refused_with_its_place(start: int, end: int) -> None:
    with pytest.raises(SpanError, match=r"page-1: .*7 code points"):
        check_span("জল নামে", start, end, where="page-1")


# ‖ stands where a reader sees a border; everywhere else there must be none.
CLUSTERS = {
    "vowel sign": "ন‖দী",
    "split vowel sign": "ক\u09c7\u09be",
    "nukta": "স‖ম‖\u09af\u09bc",
    "composed nukta": "স‖ম‖\u09df",
    "conjunct": "ক্ষে‖ত",
    "conjunct of three": "স্ত্রী",
    "candrabindu": "চাঁ‖দ",
    "ZWNJ after hasanta": "উ‖দ্\u200c‖যা‖প‖ন",
    "ZWJ in a conjunct": "র\u200d\u09cd\u09afা‖ব",
    "hasanta at the end of a word": "বি‖রা‖ট্‖ ‖দ‖ল",
    "hasanta before a comma": "ব্যা‖স্‖,",
    "ZWJ at the end of a word": "হ‖ঠা‖ত্\u200d‖ ‖জ‖ল",
    "ZWJ before a comma": "হ‖ঠা‖ত্\u200d‖,",
    "ZWJ before a danda": "বি‖দ্যু‖ত্\u200d‖।",
    "ZWJ before a closing quote": "হ‖ঠা‖ত্\u200d‖’",
    "a sign behind white space": "ক‖ ‖\u09be‖ক",
    "Latin": "D‖r‖.",
    "Latin accent": "e\u0301‖t",
    "skin tone": "👍\U0001f3fd‖ন",
    "joined emoji": "👩\u200d🌾‖ন",
    "emoji with variation selector": "❤\ufe0f‖ন",
    "flag": "🇧🇩‖ন",
    "two flags": "🇧🇩‖🇮🇳",
}


@pytest.mark.parametrize("marked", CLUSTERS.values(), ids=CLUSTERS.keys())
def test_borders_between_letters_are_those_a_reader_sees(marked: str) -> None:
    clusters = marked.split("‖")
    text = "".join(clusters)
    expected = {sum(map(len, clusters[:place])) for place in range(len(clusters) + 1)}
    found = {offset for offset in range(len(text) + 1) if on_grapheme_border(text, offset)}
    assert found == expected


@given(bengali.texts(max_size=10))
def test_every_text_begins_and_ends_at_a_border(text: str) -> None:
    assert on_grapheme_border(text, 0)
    assert on_grapheme_border(text, len(text))
