"""Articles: rows of documents back into records, and rows that are refused."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from khobor.errors import UsageError
from khobor.release.features import config_features
from khobor.training import read_article, read_articles
from khobor.training.articles import quote_parts, sheet_of
from tests.samples import FERRY, TRAM, page_of
from tests.training.articles import article_of, row_of


def test_a_row_is_the_annotation_that_it_was_made_of() -> None:
    text, _, annotation = page_of(FERRY)
    article = read_article(row_of(FERRY), features=config_features("documents"))
    assert article.text == text
    assert article.state == "gold"
    assert article.mentions == annotation.mentions
    assert article.quotes == annotation.quotes
    for quote in article.quotes or ():
        for _, part in quote_parts(quote):
            assert text[part.start : part.end] == part.surface


def test_names_of_labels_are_read_like_their_numbers() -> None:
    row = row_of(FERRY)
    row["annotation"] = "gold"
    row["entities"] = [entity | {"label": "PER"} for entity in row["entities"]]
    article = read_article(row)
    assert {mention.label for mention in article.mentions or ()} == {"PER"}


def test_what_nobody_annotated_has_no_mentions_which_is_not_an_empty_list() -> None:
    article = article_of(TRAM)
    assert (article.mentions, article.quotes) == (None, None)
    assert sheet_of(article).mentions == ()


def test_gold_alone_enters_unless_more_is_asked_for(rows: list[dict[str, Any]]) -> None:
    skipped: Counter[str] = Counter()
    assert [a.state for a in read_articles(rows, skipped=skipped)] == ["gold"] * 3
    assert skipped == {"none": 1, "partial": 1}
    more = list(read_articles(rows, states=("gold", "partial")))
    assert [article.state for article in more] == ["gold"] * 3 + ["partial"]


@pytest.mark.parametrize("states", ["gold", ("golden",)])
def test_states_that_do_not_exist_are_refused(states: Any) -> None:
    with pytest.raises(UsageError, match="states"):
        list(read_articles([], states=states))


def test_a_row_of_another_configuration_is_refused() -> None:
    with pytest.raises(UsageError, match=r"no column .*entities.*documents"):
        read_article({"doc_id": "a", "text": "ক", "tokens": ["ক"], "annotation": "gold"})


def test_a_text_that_was_normalised_is_refused() -> None:
    row = row_of(FERRY)
    row["text"] = "\u200b" + row["text"]
    with pytest.raises(UsageError, match=r"char-ferry.*entity e1 says"):
        read_article(row)


def test_a_span_behind_the_text_is_refused() -> None:
    row = row_of(FERRY)
    row["sentences"] = [{"start": 0, "end": len(row["text"]) + 1}]
    with pytest.raises(UsageError, match="code points"):
        read_article(row)


def test_a_label_that_this_khobor_does_not_know_is_refused() -> None:
    row = row_of(FERRY)
    row["entities"][0] |= {"label": 99}
    with pytest.raises(UsageError, match=r"entities.label is 99"):
        read_article(row)
