"""GLiNER: places of words, ends inclusive, lead back to the same surfaces."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from khobor.errors import UsageError
from khobor.training import Article, collect_examples, gliner_task, merge_found, read_gliner
from khobor.training.tags import entity_spans, role_spans
from tests.training.articles import written


def test_a_name_is_its_words_and_the_last_one_is_counted_in() -> None:
    (row,) = gliner_task().make(written("গতকাল [রহিম শেখ PER] [ঢাকা|য় GPE] এলেন।"))
    assert row["tokenized_text"] == ["গতকাল", "রহিম", "শেখ", "ঢাকায়", "এলেন", "।"]
    assert row["ner"] == [[1, 2, "PER"], [3, 3, "GPE"]]


def test_every_span_comes_back_or_is_listed(articles: list[Article]) -> None:
    task = gliner_task(max_words=40)
    for article in articles:
        rows = task.make(article)
        listed = {id_ for row in rows for id_ in row["inexact"] + row["cut"]}
        assert listed == ({"e10"} if article.doc_id == "char-ferry" else {"e4"} & listed)
        found = merge_found(
            rows, [read_gliner(row, row["ner"]) for row in rows], lambda s: (s.start, s.end)
        )
        wanted = [one for one in entity_spans(article) if one.id not in listed]
        assert found[article.doc_id] == [msgspec.structs.replace(one, id="") for one in wanted]


def test_quotes_over_several_sentences_are_spans_with_roles(articles: list[Article]) -> None:
    task = gliner_task(layer="quotes", max_width=None)
    for article in articles:
        (row,) = task.make(article)
        assert row["inexact"] == []
        found = read_gliner(row, row["ner"], layer="quotes")
        assert found == [msgspec.structs.replace(one, id="") for one in role_spans(article)]


def test_a_span_that_is_too_wide_is_left_out_and_listed() -> None:
    article = written("[জাতীয় নদী রক্ষা কমিশন ORG] আর [ঢাকা GPE]।")
    (row,) = gliner_task(max_width=3).make(article)
    assert (row["ner"], row["inexact"]) == ([[5, 5, "GPE"]], ["e1"])


def test_labels_have_the_names_that_the_model_reads() -> None:
    names = {"PER": "ব্যক্তি"}
    (row,) = gliner_task(names=names).make(written("[রহিম PER] [ঢাকা|য় GPE]।"))
    assert row["ner"] == [[0, 0, "ব্যক্তি"], [1, 1, "GPE"]]
    assert [one.label for one in read_gliner(row, row["ner"], names=names)] == ["PER", "GPE"]


@pytest.mark.parametrize(
    "arguments",
    [{"names": {"PERSON": "x"}}, {"names": {"PER": "x", "ORG": "x"}}, {"max_width": 0}],
)
def test_senseless_names_and_widths_are_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        gliner_task(**arguments)


@pytest.mark.parametrize("span", [[0, 9, "PER"], [1, 0, "PER"], [-1, 0, "PER"], [0, 0, "person"]])
def test_places_and_labels_that_are_none_are_refused(span: list[Any]) -> None:
    (row,) = gliner_task().make(written("[রহিম PER] এলেন।"))
    with pytest.raises(UsageError, match="ends are inclusive"):
        read_gliner(row, [span])


def test_what_nobody_annotated_gives_no_row(rows: list[dict[str, Any]]) -> None:
    report = collect_examples(rows, gliner_task(), states=("none", "gold")).report
    assert (report.documents, report.examples) == (4, 3)
