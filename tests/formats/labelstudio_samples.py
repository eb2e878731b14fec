"""A task of Label Studio to test with, and what people do to it there."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from khobor.formats.interface import Sheet
from khobor.formats.labelstudio import CODEC
from khobor.formats.units import settle
from khobor.records import Mention, Part, Quote

# 🛶 is one code point and two of UTF-16; the line end lies inside q1's first content.
TEXT = "🛶 পদ্মাপাড়ের মেলা\n“নৌকা আছে,\nমাঝি নেই,” বলেন রহিমা। “কাল আসুন।”"


def part(surface: str) -> Part:
    start = TEXT.index(surface)
    return Part(start, start + len(surface), surface)


def mention(name: str, surface: str, ending: str, label: Any, note: str | None = None) -> Mention:
    span = part(surface)
    return Mention(name, span.start, span.end, span.end - len(ending), label, surface, note)


SHEET = Sheet(
    "boat-fair",
    TEXT,
    (
        mention("e1", "পদ্মাপাড়ের", "ের", "LOC", "নদীর পাড়"),
        mention("e2", "রহিমা", "", "PER"),
    ),
    (
        Quote(
            "q1",
            (part("নৌকা আছে,\nমাঝি নেই,"), part("কাল আসুন।")),
            "direct",
            "marked",
            "speech",
            part("বলেন"),
            part("রহিমা"),
            "e2",
            (),
            "দুই ভাগে",
        ),
    ),
)
IDS = CODEC.write(SHEET).ids

Task = dict[str, Any]
Change = Callable[[list[dict[str, Any]]], object]


def exported(*changes: Change, result: list[dict[str, Any]] | None = None) -> Task:
    """What Label Studio exports of the task, after changes to the rows of its annotation."""
    (task,) = json.loads(CODEC.join([CODEC.write(SHEET)])["labelstudio.json"])
    rows = task["annotations"][0]["result"] if result is None else result
    for change in changes:
        change(rows)
    return {
        "id": 7,
        "inner_id": 1,
        "data": task["data"],
        "meta": {},
        "annotations": [annotation(rows, updated_at="2026-03-04T05:06:07.100000Z")],
        "drafts": [],
        "predictions": [],
        "total_annotations": 1,
    }


def annotation(result: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    """An annotation with the fields that Label Studio adds."""
    return {
        "id": 11,
        "completed_by": 1,
        "result": result,
        "was_cancelled": False,
        "ground_truth": False,
        "lead_time": 12.5,
        "unique_id": "0feb5c3e-05ee-499e-bf89-d5b115c65a07",
        "last_action": None,
        **fields,
    }


def sheet_of(task: Task, *, unit: Any = None, ids: dict[str, str] = IDS) -> Sheet:
    (returned,) = CODEC.split({"project-1-at-2026-03-04.json": json.dumps([task]).encode()})
    return settle(CODEC.read(returned, ids), TEXT, where=returned.where, unit=unit)


def row(rows: list[dict[str, Any]], name: str, control: str = "") -> dict[str, Any]:
    """The first row of a region, or what a control says of it."""
    return next(r for r in rows if r.get("id") == name and control in ("", r["from_name"]))


def drawn(name: str, surface: str, control: str, label: str) -> dict[str, Any]:
    """A region as the page makes one: the line end of its words is a backslash and n."""
    start = TEXT.index(surface)
    return {
        "value": {
            "start": start,
            "end": start + len(surface),
            "text": surface.replace("\n", "\\n"),
            "labels": [label],
        },
        "id": name,
        "from_name": control,
        "to_name": "text",
        "type": "labels",
        "origin": "manual",
    }
