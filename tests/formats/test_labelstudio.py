"""Label Studio's JSON: its exact bytes, and what people do in the tool."""

from __future__ import annotations

import copy
import json
import xml.etree.ElementTree as ET
from typing import Any

import msgspec
import pytest

from khobor.formats.interface import FormatError, Sheet
from khobor.formats.labelstudio import CODEC
from khobor.formats.labelstudio_tasks import not_read
from khobor.formats.losses import losses_of, put_back
from khobor.formats.units import settle
from khobor.records import BLOCK_LABELS, ENTITY_LABELS, Quote
from tests.formats.labelstudio_samples import (
    IDS,
    SHEET,
    TEXT,
    annotation,
    drawn,
    exported,
    part,
    row,
    sheet_of,
)

GOLDEN = r"""[
{"data": {"text":"🛶 পদ্মাপাড়ের মেলা\n“নৌকা আছে,\nমাঝি নেই,” বলেন রহিমা। “কাল আসুন।”","doc_id":"boat-fair"},
 "annotations": [{"result": [
  {"id":"e1","from_name":"entity","to_name":"text","type":"labels","value":{"start":2,"end":13,"text":"পদ্মাপাড়ের","labels":["LOC"]}},
  {"id":"e1","from_name":"ending","to_name":"text","type":"textarea","value":{"start":2,"end":13,"text":["ের"]}},
  {"id":"e1","from_name":"note","to_name":"text","type":"textarea","value":{"start":2,"end":13,"text":["নদীর পাড়"]}},
  {"id":"e2","from_name":"entity","to_name":"text","type":"labels","value":{"start":46,"end":51,"text":"রহিমা","labels":["PER"]}},
  {"id":"q1","from_name":"quote","to_name":"text","type":"labels","value":{"start":20,"end":39,"text":"নৌকা আছে,\nমাঝি নেই,","labels":["CONTENT"]}},
  {"id":"_q1-content-2","from_name":"quote","to_name":"text","type":"labels","value":{"start":54,"end":63,"text":"কাল আসুন।","labels":["CONTENT"]}},
  {"id":"_q1-cue","from_name":"quote","to_name":"text","type":"labels","value":{"start":41,"end":45,"text":"বলেন","labels":["CUE"]}},
  {"id":"_q1-speaker","from_name":"quote","to_name":"text","type":"labels","value":{"start":46,"end":51,"text":"রহিমা","labels":["SPEAKER"]}},
  {"id":"q1","from_name":"kind","to_name":"text","type":"choices","value":{"start":20,"end":39,"text":"নৌকা আছে,\nমাঝি নেই,","choices":["direct"]}},
  {"id":"q1","from_name":"marking","to_name":"text","type":"choices","value":{"start":20,"end":39,"text":"নৌকা আছে,\nমাঝি নেই,","choices":["marked"]}},
  {"id":"q1","from_name":"medium","to_name":"text","type":"choices","value":{"start":20,"end":39,"text":"নৌকা আছে,\nমাঝি নেই,","choices":["speech"]}},
  {"id":"q1","from_name":"note","to_name":"text","type":"textarea","value":{"start":20,"end":39,"text":["দুই ভাগে"]}},
  {"from_id":"q1","to_id":"_q1-content-2","type":"relation","direction":"right","labels":["content"]},
  {"from_id":"q1","to_id":"_q1-cue","type":"relation","direction":"right","labels":["cue"]},
  {"from_id":"q1","to_id":"_q1-speaker","type":"relation","direction":"right","labels":["speaker"]},
  {"from_id":"q1","to_id":"e2","type":"relation","direction":"right","labels":["mention"]}
 ]}]}
]
"""


def test_a_sheet_is_written_to_these_bytes() -> None:
    written = CODEC.write(SHEET)
    assert CODEC.join([written]) == {"labelstudio.json": GOLDEN.encode()}
    assert written.ids == {"e1": "e1", "e2": "e2", "q1": "q1"}


def test_everything_is_held() -> None:
    assert losses_of(SHEET, CODEC.restrict(SHEET), "labelstudio") == []
    assert sheet_of(exported()) == SHEET
    assert sheet_of(exported(), ids={}) == SHEET


def test_what_is_not_annotated_yet_is_a_task_to_label() -> None:
    empty = Sheet("boat-fair", TEXT)
    (task,) = json.loads(CODEC.join([CODEC.write(empty)])["labelstudio.json"])
    assert task["annotations"] == []
    assert sheet_of(task, ids={}) == empty


def test_a_mention_that_the_sheet_has_not_is_never_related() -> None:
    """A relation to no region breaks the page of the task."""
    lonely = msgspec.structs.replace(SHEET, mentions=())
    (task,) = json.loads(CODEC.join([CODEC.write(lonely)])["labelstudio.json"])
    rows = task["annotations"][0]["result"]
    regions = {r["id"] for r in rows if r["type"] == "labels"}
    relations = [r for r in rows if r["type"] == "relation"]
    assert len(relations) == 3
    assert all({r["from_id"], r["to_id"]} <= regions for r in relations)
    assert [loss.field for loss in losses_of(lonely, CODEC.restrict(lonely), "labelstudio")] == [
        "speaker_mention"
    ]


def test_the_configurations_offer_every_label_and_name_all_controls() -> None:
    files = CODEC.shared()
    assert set(files) == {"labelstudio.xml", "labelstudio-blocks.xml"}
    article = ET.fromstring(files["labelstudio.xml"])
    offered = {
        labels.get("name"): [label.get("value") for label in labels]
        for labels in article.iter("Labels")
    }
    assert offered == {
        "entity": list(ENTITY_LABELS),
        "quote": ["CONTENT", "CUE", "SPEAKER", "QUOTED"],
    }
    (blocks,) = ET.fromstring(files["labelstudio-blocks.xml"]).iter("Labels")
    assert [label.get("value") for label in blocks] == list(BLOCK_LABELS)
    names = {tag.get("name") for tag in article.iter() if tag.get("toName") == "text"}
    assert names >= {r["from_name"] for r in exported()["annotations"][0]["result"] if "id" in r}
    assert b"white-space: pre-wrap" in files["labelstudio.xml"]


# --- what people do in the tool -----------------------------------------------------------------


def test_a_new_name_gets_a_fresh_id_and_everything_else_is_as_it_was() -> None:
    back = sheet_of(
        exported(lambda rows: rows.append(drawn("LLRp8QXcWm", "মেলা", "entity", "EVENT")))
    )
    after = put_back(SHEET, CODEC.restrict(SHEET), back)
    new = [m for m in after.mentions if m not in SHEET.mentions]
    assert [(m.id, m.surface, m.label) for m in new] == [("e3", "মেলা", "EVENT")]
    assert msgspec.structs.replace(after, mentions=SHEET.mentions) == SHEET


def test_a_fresh_id_is_not_that_of_something_deleted() -> None:
    def replace(rows: list[dict[str, Any]]) -> None:
        rows[:] = [r for r in rows if r.get("id") != "e1"]
        rows.append(drawn("-_aB3dE6gH", "মেলা", "entity", "EVENT"))

    assert [m.id for m in sheet_of(exported(replace)).mentions] == ["e3", "e2"]


def test_without_a_sidecar_what_was_drawn_still_gets_ids_of_its_own() -> None:
    task = exported(lambda rows: rows.append(drawn("LLRp8QXcWm", "মেলা", "entity", "EVENT")))
    assert [m.id for m in sheet_of(task, ids={}).mentions] == ["e1", "e3", "e2"]


def test_a_region_drawn_over_a_line_end_has_a_backslash_in_its_words() -> None:
    new = drawn("scQYH-bh5J", "মেলা\n“নৌকা", "entity", "WORK")
    assert new["value"]["text"] == "মেলা\\n“নৌকা"
    back = sheet_of(exported(lambda rows: rows.append(new)))
    assert back.mentions[1].surface == "মেলা\n“নৌকা"


def test_a_quote_drawn_by_hand_has_relations_without_names_in_any_direction() -> None:
    def quote_again(rows: list[dict[str, Any]]) -> None:
        rows[:] = [
            drawn("aaaaaaaaaa", "কাল আসুন", "quote", "CONTENT"),
            *(
                {"id": "aaaaaaaaaa", "from_name": name, "type": "choices", "value": {"choices": [c]}}
                for name, c in (("kind", "direct"), ("marking", "marked"), ("medium", "speech"))
            ),
            drawn("bbbbbbbbbb", "বলেন", "quote", "CUE"),
            drawn("cccccccccc", "রহিমা", "quote", "SPEAKER"),
            drawn("dddddddddd", "রহিমা", "entity", "PER"),
            {"from_id": "bbbbbbbbbb", "to_id": "aaaaaaaaaa", "type": "relation", "direction": "right"},
            {"from_id": "cccccccccc", "to_id": "aaaaaaaaaa", "type": "relation", "direction": "left"},
            {"from_id": "cccccccccc", "to_id": "dddddddddd", "type": "relation", "direction": "bi"},
        ]  # fmt: skip

    (quote,) = sheet_of(exported(quote_again)).quotes
    assert quote == Quote(
        "q2", (part("কাল আসুন"),), "direct", "marked", "speech", part("বলেন"), part("রহিমা"), "e3"
    )


def test_a_quote_keeps_its_id_when_content_is_added_before_it() -> None:
    def add(rows: list[dict[str, Any]]) -> None:
        rows.append(drawn("aaaaaaaaaa", "মেলা", "quote", "CONTENT"))
        rows.append({"from_id": "aaaaaaaaaa", "to_id": "q1", "type": "relation", "direction": "right"})  # fmt: skip

    (quote,) = sheet_of(exported(add)).quotes
    assert quote.id == "q1"
    assert quote.content == (part("মেলা"), *SHEET.quotes[0].content)


def test_one_region_may_be_a_name_and_a_part_of_a_quote() -> None:
    def label_twice(rows: list[dict[str, Any]]) -> None:
        rows[:] = [
            r for r in rows if r.get("id") != "_q1-speaker" and r.get("to_id") != "_q1-speaker"
        ]
        rows.append(drawn("e2", "রহিমা", "quote", "SPEAKER"))
        rows.append({"from_id": "q1", "to_id": "e2", "type": "relation", "direction": "right"})

    assert sheet_of(exported(label_twice)) == SHEET


def test_an_ending_is_found_however_the_text_spells_it() -> None:
    """য় is typed as U+09DF, and stands as য and ় in the text."""
    text = "মধুপুর গিয\u09bc\u09c7ছি"
    record = {
        "data": {"text": text, "doc_id": "boat-fair"},
        "annotations": [{"result": [
            {"id": "e1", "from_name": "entity", "type": "labels",
             "value": {"start": 7, "end": 14, "text": text[7:14], "labels": ["LOC"]}},
            {"id": "e1", "from_name": "ending", "type": "textarea",
             "value": {"text": ["\u09df\u09c7ছি"]}},
        ]}],
    }  # fmt: skip
    (returned,) = CODEC.split({"x.json": json.dumps([record]).encode()})
    sheet = settle(CODEC.read(returned, {}), text, where="x")
    assert text[7 : sheet.mentions[0].name_end] == "গি"


# --- what Label Studio exports beside ------------------------------------------------------------


def test_the_newest_completed_annotation_counts_and_the_rest_is_named() -> None:
    task = exported()
    older = copy.deepcopy(task["annotations"][0]["result"])
    row(older, "e1")["value"]["labels"] = ["GPE"]
    task["annotations"] += [
        annotation(older, id=9, updated_at="2026-03-04T05:06:07Z"),
        annotation([], id=12, updated_at="2026-03-05T05:06:07Z", was_cancelled=True),
    ]
    task["drafts"] = [{"id": 1, "result": []}, {"id": 2, "result": []}]
    task["predictions"] = [3]
    assert sheet_of(task) == SHEET
    (returned,) = CODEC.split({"x.json": json.dumps([task]).encode()})
    assert not_read(returned) == [
        "1 older annotation",
        "1 skipped annotation",
        "2 drafts",
        "1 prediction",
    ]


def test_the_task_that_was_exported_may_lie_beside_the_one_that_came_back() -> None:
    ours = CODEC.join([CODEC.write(SHEET)])
    task = exported(lambda rows: row(rows, "e1")["value"].update(labels=["GPE"]))
    for name in ("a.json", "project-1.json"):
        (returned,) = CODEC.split({**ours, name: json.dumps([task]).encode()})
        assert CODEC.read(returned, IDS).sheet.mentions[0].label == "GPE"


def test_tasks_come_back_in_any_order_and_file() -> None:
    others = [msgspec.structs.replace(SHEET, doc_id=f"page-{n}") for n in range(3)]
    tasks = [{**exported(), "data": {"text": TEXT, "doc_id": other.doc_id}} for other in others]
    files = {
        "b.json": json.dumps(tasks[:2]).encode(),
        "A.JSON": b"\xef\xbb\xbf" + json.dumps(tasks[2:], indent=2).encode(),
        "readme.txt": b"no task",
        **CODEC.shared(),
    }
    assert sorted(one.doc_id for one in CODEC.split(files)) == ["page-0", "page-1", "page-2"]


def utf16(rows: list[dict[str, Any]]) -> None:
    """Count as old versions did: everything here stands behind one emoji."""
    for r in rows:
        if "start" in r.get("value", {}):
            r["value"]["start"] += 1
            r["value"]["end"] += 1


def test_offsets_of_an_old_export_are_refused_and_the_unit_is_named() -> None:
    with pytest.raises(
        FormatError, match=r"all of it fits where offsets count utf-16.*--unit utf-16"
    ):
        sheet_of(exported(utf16))


def test_offsets_of_an_old_export_are_read_in_its_unit() -> None:
    task = exported(utf16)
    task["completions"] = task.pop("annotations")
    task["completions"][0].update(created_at=1600000000, updated_at=None)
    assert sheet_of(task, unit="utf-16") == SHEET
