"""Instructions: answers quote the text exactly, and what a model writes is found again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.errors import UsageError
from khobor.training import Article, instruction_task, merge_answers, read_answer
from khobor.training.surfaces import Surfaces
from tests.training.articles import written


def _answer(row: dict[str, Any]) -> str:
    said: str = row["messages"][1]["content"]
    return said


def test_the_answer_quotes_the_text_exactly(articles: list[Article]) -> None:
    for article in articles:
        for row in instruction_task(max_size=60).make(article):
            user, assistant = row["messages"]
            assert (user["role"], assistant["role"]) == ("user", "assistant")
            assert user["content"].endswith(f"\n\n{row['text']}")
            for entity in json.loads(assistant["content"])["entities"]:
                assert entity["text"] in row["text"]
        (row,) = instruction_task(layer="quotes").make(article)
        for quote in json.loads(_answer(row))["quotes"]:
            given = [quote["cue"], quote["speaker"], quote["speaker_name"], *quote["content"]]
            assert all(one in row["text"] for one in given if one is not None)


@pytest.mark.parametrize("stride", [0, 2])
def test_answers_of_windows_lead_back_to_the_annotation(
    articles: list[Article], stride: int
) -> None:
    for article in articles:
        rows = instruction_task(max_size=60, stride=stride).make(article)
        assert [row["inexact"] + row["cut"] for row in rows] == [[]] * len(rows)
        answers = merge_answers(rows, [read_answer(row, _answer(row)) for row in rows])
        found = [(m.start, m.end, m.label) for m in answers[article.doc_id].mentions]
        assert found == [(m.start, m.end, m.label) for m in article.mentions or ()]
        assert answers[article.doc_id].problems == ()

        rows = instruction_task(layer="quotes", max_size=80, stride=stride).make(article)
        read = [read_answer(row, _answer(row), layer="quotes") for row in rows]
        answer = merge_answers(rows, read)[article.doc_id]
        wanted = article.quotes or ()
        assert [(q.content, q.cue, q.speaker, q.kind, q.medium) for q in answer.quotes] == [
            (q.content, q.cue, q.speaker, q.kind, q.medium) for q in wanted
        ]


def test_a_speaker_is_named_by_a_mention_of_the_answer(articles: list[Article]) -> None:
    ferry = next(article for article in articles if article.doc_id == "char-ferry")
    (row,) = instruction_task(layer="quotes").make(ferry)
    answer = read_answer(row, _answer(row), layer="quotes")
    names = {mention.id: mention.surface for mention in answer.mentions}
    assert [names[quote.speaker_mention or ""] for quote in answer.quotes] == ["রুবিনা আক্তার"] * 2


def test_either_encoding_of_a_letter_is_found_and_the_text_s_own_is_given() -> None:
    article = written("সমিতি [ঢাকা|\u09df GPE] বসেছে।")
    (row,) = instruction_task().make(article)
    answer = read_answer(row, '{"entities":[{"text":"ঢাকা\u09af\u09bc","label":"GPE"}]}')
    assert [mention.surface for mention in answer.mentions] == ["ঢাকা\u09df"]
    assert answer.problems == ()


def test_half_a_letter_is_not_found() -> None:
    assert Surfaces("সম\u09df").all_of("সম\u09af") == []
    assert [(s.start, s.end) for s in Surfaces("সম\u09df").all_of("সম\u09af\u09bc")] == [(0, 3)]


def test_whole_words_are_found_before_parts_of_words() -> None:
    text = "ঢাকাবাসী ঢাকা ছাড়ছেন"
    assert [(s.start, s.end) for s in Surfaces(text).all_of("ঢাকা")] == [(9, 13)]


def test_what_an_answer_cannot_say_is_listed() -> None:
    article = written("ঢাকা শব্দটি ছোট। শহরের নাম [ঢাকা GPE]।")
    (row,) = instruction_task().make(article)
    assert row["inexact"] == ["e1"]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("", "no JSON object"),
        ("আমি জানি না", "no JSON object"),
        ('{"entities": [{"text": "ঢাকা", "label": "GPE"}', "no JSON object"),
        ('{"names": []}', "no list 'entities'"),
        ('{"entities": ["ঢাকা"]}', "no object"),
        ('{"entities": [{"text": "ঢাকা", "label": "CITY"}]}', "no text with a label"),
        ('{"entities": [{"text": ["ঢাকা"], "label": "GPE"}]}', "no text with a label"),
        ('{"entities": [{"text": "খুলনা", "label": "GPE"}]}', "the text has no 'খুলনা'"),
        ('{"entities": [{"text": " ", "label": "GPE"}]}', "the text has no ' '"),
    ],
)
def test_a_wrong_answer_is_a_problem_and_no_error(answer: str, problem: str) -> None:
    (row,) = instruction_task().make(written("[ঢাকা GPE] শহর।"))
    read = read_answer(row, answer)
    assert read.mentions == ()
    assert problem in read.problems[0]


def test_words_around_the_json_do_no_harm_and_the_rest_of_a_wrong_answer_is_read() -> None:
    (row,) = instruction_task().make(written("[ঢাকা GPE] শহর।"))
    listed = '[{"text": "খুলনা", "label": "GPE"}, {"text": "ঢাকা", "label": "GPE"}]'
    read = read_answer(row, f'Here it is:\n```json\n{{"entities": {listed}}}\n```\nDone.')
    assert [mention.surface for mention in read.mentions] == ["ঢাকা"]
    assert len(read.problems) == 1


@given(
    answer=st.one_of(
        st.text(),
        st.recursive(
            st.none()
            | st.integers()
            | st.text(max_size=5)
            | st.sampled_from(["ঢাকা", "GPE", "বলেন"]),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        ["entities", "quotes", "text", "label", "content", "cue", "kind"]
                    ),
                    inner,
                )
            ),
        ).map(lambda said: json.dumps({"entities": said, "quotes": [said]})),
    )
)
def test_no_answer_raises_and_every_surface_is_the_text_s(answer: str) -> None:
    article = written("⟪q1 SPEAKER তিনি⟫ ⟪q1 CUE বলেন⟫, ‘⟪q1 CONTENT [ঢাকা GPE] শহর।⟫’")
    for layer in ("entities", "quotes"):
        (row,) = instruction_task(layer=layer).make(article)  # type: ignore[arg-type]
        read = read_answer(row, answer, layer=layer)  # type: ignore[arg-type]
        for mention in read.mentions:
            assert article.text[mention.start : mention.end] == mention.surface
        for quote in read.quotes:
            assert [article.text[p.start : p.end] for p in quote.content] == [
                part.surface for part in quote.content
            ]


def test_a_prompt_of_one_s_own_stands_before_the_text() -> None:
    (row,) = instruction_task(prompt="নাম খুঁজুন:").make(written("[ঢাকা GPE] শহর।"))
    assert row["messages"][0]["content"] == "নাম খুঁজুন:\n\nঢাকা শহর।"


def test_a_layer_that_is_none_is_refused() -> None:
    with pytest.raises(UsageError, match="no layer"):
        instruction_task(layer="names", prompt="…")  # type: ignore[arg-type]
