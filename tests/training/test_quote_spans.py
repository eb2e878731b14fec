"""Quotes as spans: offsets into the row's text, roles, and the name behind a pronoun."""

from __future__ import annotations

import msgspec
import pytest

from khobor.errors import UsageError
from khobor.training import Article, quote_span_task, read_quote_spans
from tests.training.test_windows import LONG_QUOTE


def test_every_part_is_what_its_row_says_at_its_place(articles: list[Article]) -> None:
    for article in articles:
        for row in quote_span_task(max_size=60).make(article):
            assert row["text"] == article.text[row["start"] : row["end"]]
            for quote in row["quotes"]:
                parts = [quote["cue"], quote["speaker"], quote["speaker_name"], *quote["content"]]
                for part in filter(None, parts):
                    assert row["text"][part["start"] : part["end"]] == part["text"] != ""


def test_quotes_come_back_as_they_were(articles: list[Article]) -> None:
    for article in articles:
        rows = quote_span_task(max_size=60).make(article)
        assert [row["cut"] for row in rows] == [[]] * len(rows)
        found = [quote for row in rows for quote in read_quote_spans(row)]
        assert found == [
            msgspec.structs.replace(quote, speaker_mention=None, quoted=())
            for quote in article.quotes or ()
        ]


def test_the_name_behind_a_pronoun_is_given_where_the_window_has_it(
    articles: list[Article],
) -> None:
    ferry = next(article for article in articles if article.doc_id == "char-ferry")
    (row,) = quote_span_task().make(ferry)
    second = row["quotes"][1]
    assert (second["speaker"]["text"], second["speaker_name"]["text"]) == ("তিনি", "রুবিনা আক্তার")


def test_a_quote_larger_than_a_window_is_given_as_far_as_it_lies_there() -> None:
    rows = quote_span_task(max_size=12).make(LONG_QUOTE)
    assert {id_ for row in rows for id_ in row["cut"]} == {"q1"}
    pieces = [part["text"] for row in rows for q in row["quotes"] for part in q["content"]]
    assert len(pieces) > 1
    (quote,) = LONG_QUOTE.quotes or ()
    assert " ".join(pieces) == quote.content[0].surface


def test_a_part_outside_the_text_is_refused() -> None:
    (row,) = quote_span_task().make(LONG_QUOTE)
    (quote,) = row["quotes"]
    wrong = quote | {"content": [{"start": 0, "end": len(row["text"]) + 1, "text": "…"}]}
    with pytest.raises(UsageError, match="code points of the row's text"):
        read_quote_spans(row, [wrong])
