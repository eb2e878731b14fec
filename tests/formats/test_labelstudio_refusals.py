"""What Label Studio lets people do, or what a stranger's file holds, and an import refuses."""

from __future__ import annotations

from typing import Any

import pytest

from khobor.formats.interface import FormatError
from khobor.formats.labelstudio import CODEC
from tests.formats.labelstudio_samples import TEXT, Change, exported, row, sheet_of


def _value(name: str, **fields: Any) -> Change:
    return lambda rows: row(rows, name)["value"].update(fields)


def _said(name: str, control: str, **fields: Any) -> Change:
    return lambda rows: row(rows, name, control)["value"].update(fields)


def _without(name: str, control: str) -> Change:
    return lambda rows: rows.remove(row(rows, name, control))


def _relation(source: str, target: str, *labels: str) -> Change:
    return lambda rows: rows.append(
        {"from_id": source, "to_id": target, "type": "relation", "direction": "right",
         "labels": list(labels)}
    )  # fmt: skip


def _unrelated(target: str) -> Change:
    def change(rows: list[dict[str, Any]]) -> None:
        rows[:] = [r for r in rows if r.get("to_id") != target]

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_value("e1", end=12), r"the text at \[2, 12\) is 'পদ্মাপাড়ে', the tool says"),
        (_value("e1", end=1000, text=None), "offset 1000 lies outside the text"),
        (_value("e1", start=-1), "offset -1 lies outside"),
        (_value("e1", start=10**30), "lies outside"),
        (_value("e1", start=13, end=2), "is empty"),
        (_value("e1", start="2"), "Expected `int | null`, got `str`"),
        (_value("e1", start=None), "e1: it has no start or no end"),
        (_value("e1", labels=["PERSON"]), r"region e1: 'entity' is PERSON; choose one of PER, ORG"),
        (_value("e1", labels=["PER", "ORG"]), "'entity' is PER, ORG; choose one"),
        (_value("e1", labels=[]), "'entity' is empty"),
        (_said("e1", "ending", text=["এর"]), "does not end with 'এর' after a name"),
        (_said("e2", "", text="অন্য"), "is 'রহিমা', the tool says 'অন্য'"),
        (_said("q1", "kind", choices=["speech"]), "'kind' is speech; choose one of direct"),
        (_without("q1", "kind"), r"quote of CONTENT at \[20, 39\) has no kind; choose one"),
        (_without("e1", "entity"), "region e1: it has no label"),
        (_unrelated("_q1-cue"), r"CUE at \[41, 45\) belongs to no quote; draw a relation"),
        (_unrelated("_q1-content-2"), r"CONTENT at \[54, 63\) has no kind"),
        (_relation("q1", "nowhere", "cue"), "from q1 to nowhere, and one of them is no region"),
        (_relation("q1", "e1", "mention"), "has more than one mention; delete all but one"),
        (_relation("q1", "_q1-cue", "speaker"), "a relation 'speaker' leads from CONTENT at"),
        (_relation("e1", "e2"), r"leads from LOC at \[2, 13\) to PER at \[46, 51\)"),
        (_relation("q1", "_q1-cue", "subject"), "expected one of content, cue, speaker"),
        (lambda rows: rows.append(row(rows, "e1")), "two regions have this id"),
        (lambda rows: row(rows, "e1").pop("id"), "a row has no id"),
        (lambda rows: row(rows, "e1").update(from_name="ner"), "from the control 'ner'"),
        (lambda rows: row(rows, "e1").update(type="hypertextlabels"), "'hypertextlabels'"),
        (
            lambda rows: rows.append({**row(rows, "q1", "kind"), "id": "_q1-cue"}),
            r"CUE at \[41, 45\) has kind; choose it for the quote's CONTENT",
        ),
        (
            lambda rows: rows.append({**row(rows, "q1", "kind"), "id": "_q1-content-2",
                                      "value": {"choices": ["mixed"]}}),
            "has more than one kind",
        ),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_in_a_sentence(change: Change, sentence: str) -> None:
    with pytest.raises(FormatError, match=sentence) as refused:
        sheet_of(exported(change))
    assert refused.value.where.startswith("project-1-at-2026-03-04.json, task 1")
    assert refused.value.fix


def test_a_text_that_was_trimmed_or_changed_is_refused() -> None:
    task = exported()
    task["data"]["text"] = TEXT.replace("\n", "\r\n")
    with pytest.raises(FormatError, match="line ends were made CR LF"):
        sheet_of(task)


def test_an_annotation_that_is_gone_or_was_skipped_is_not_an_empty_one() -> None:
    task = exported()
    task["annotations"][0]["was_cancelled"] = True
    with pytest.raises(FormatError, match="its annotator skipped the task"):
        sheet_of(task)
    task["annotations"] = []
    with pytest.raises(FormatError, match="came back without an annotation"):
        sheet_of(task)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"no json", "no list of tasks"),
        (b'{"data": {}}', "no list of tasks"),
        (b"[" * 100_000, "no list of tasks"),
        ('[{"text": "ক", "doc_id": "x", "entity": []}]'.encode(), r'as "JSON" \(not JSON-MIN'),
        (b'[{"data": {"text": "x"}, "annotations": []}]', "no task with data.doc_id"),
        (b'[{"data": {"text": "x", "doc_id": "../../etc/passwd"}}]', "no task with data.doc_id"),
        (b'[{"data": {"text": "x", "doc_id": "a"}}, {"data": {"doc_id": "a"}}]',
         "a stands in x.json, task 1 already"),
        (b'[{"data": {"text": 5, "doc_id": "a"}}]', "no task of the labeling configuration"),
        (b'[{"data": {"text": "x", "doc_id": "a"}, "annotations": {}}]', "no task of"),
        (b'[{"data": {"text": "x", "doc_id": "a", "deep": ' + b"[" * 100_000, "no list of tasks"),
    ],
)  # fmt: skip
def test_files_of_another_kind_are_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(FormatError, match=sentence) as refused:
        _ = [CODEC.read(returned, {}) for returned in CODEC.split({"x.json": content})]
    assert refused.value.where.startswith("x.json")
