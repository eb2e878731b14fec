"""Markup that would take a parser out of all proportion is refused before it is parsed."""

from __future__ import annotations

import pytest

from khobor.capture.markup import check_markup
from khobor.errors import PageError

HOSTILE = {
    "divs": "<div>" * 100_000,
    "divs with text": "<div>ভোট" * 50_000,
    "capitals": "<DIV\n>" * 50_000,
    "tables": "<table><tr><td>" * 30_000,
    "spans": "<span class=x>" * 50_000,
    "formatting repeated in blocks": "".join(f"<b x{n}><p>" for n in range(20_000)),
}
HARMLESS = {
    "a small page, however deep": "<div>" * 3_000,
    "many blocks": "<div><p>ভোট</p></div>" * 50_000,
    "unclosed paragraphs and items": "<ul>" + "<li>ভোট" * 50_000 + "</ul>" + "<p>গণনা" * 50_000,
    "unclosed cells": "<table>" + "<tr><td>ভোট<td>গণনা" * 30_000 + "</table>",
    "line breaks and pictures": "ভোট<br><img src=x>" * 50_000,
    "links": "<a href=x>ভোট</a>" * 50_000,
    "text with signs": "ক < খ " * 50_000,
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_markup_out_of_all_proportion_is_refused(source: str) -> None:
    with pytest.raises(PageError, match="leave it out") as refused:
        check_markup(source, where="a.html")
    assert refused.value.reason == "too-deep"


@pytest.mark.parametrize("source", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_people_write_passes(source: str) -> None:
    check_markup(source)
