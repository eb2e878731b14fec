"""Escapes: whatever a text says, it stays in its cell, its line, its picture."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from khobor.release.card.escapes import as_json, cell
from khobor.release.card.svgs import drawing, label
from tests.bengali import texts

ANYTHING = st.one_of(texts(), st.text(), st.text(alphabet="|\\`<>[]()\n\r\u2028\x00&*_~#!-$:@.w"))


@given(ANYTHING)
def test_a_cell_is_one_line_without_markup(text: str) -> None:
    escaped = cell(text)
    assert len(escaped.splitlines()) <= 1
    assert not re.search(r"(?<!\\)(?:\\\\)*[|<>`\[\]]", escaped)


@given(ANYTHING)
def test_json_is_one_line_that_reads_back(text: str) -> None:
    line = as_json({"text": text})
    assert len(line.splitlines()) == 1
    assert json.loads(line) == {"text": text}


@given(ANYTHING)
def test_a_picture_is_xml_whatever_stands_in_it(text: str) -> None:
    svg = drawing(10, 10, [label(0, 0, text)], title=text, about=text)
    root = ElementTree.fromstring(svg)
    assert {child.tag.rpartition("}")[2] for child in root} == {"title", "desc", "rect", "text"}


def test_joiners_stay_and_what_turns_text_round_goes() -> None:
    assert cell("র\u200d্যাব") == "র\u200d্যাব"
    assert cell("a\u202eb") == "a b"
