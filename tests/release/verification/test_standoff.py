"""Faults in standoff/: offsets that say something else, and words of withheld texts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.release.verification.fakes import FERRY, Plant, assert_found, edit_lines

WITHHELD = "night-market"
Record = dict[str, Any]


def _in(doc_id: str, kind: str, edit: Callable[[Record], object]) -> Plant:
    """Change the first record of a kind in a document's stand-off."""

    def change(records: list[Record]) -> None:
        edit(next(record for record in records if record["type"] == kind))

    return lambda folder: edit_lines(folder / f"standoff/{doc_id}.jsonl", change)


def _shift(record: Record) -> None:
    for name in ("start", "end", "name_end"):
        record[name] += 1


def _drop(kind: str) -> Plant:
    def change(records: list[Record]) -> None:
        records.remove(next(record for record in records if record["type"] == kind))

    return lambda folder: edit_lines(folder / f"standoff/{FERRY}.jsonl", change)


def _rename(folder: Path) -> None:
    (folder / f"standoff/{FERRY}.jsonl").rename(folder / "standoff/another.jsonl")


def _in_catalogue(**changes: Any) -> Plant:
    return lambda folder: edit_lines(
        folder / "standoff/catalogue.jsonl", lambda rows: rows[0].update(changes)
    )


def _in_misfits(**changes: Any) -> Plant:
    return lambda folder: edit_lines(
        folder / "reports/misfits.jsonl", lambda misfits: misfits[0].update(changes)
    )


def _empty_catalogue(folder: Path) -> None:
    (folder / "standoff/catalogue.jsonl").write_bytes(b"")


def _unknown(folder: Path) -> None:
    row = json.loads((folder / "standoff/catalogue.jsonl").read_bytes())
    edit_lines(
        folder / "standoff/catalogue.jsonl",
        lambda rows: rows.append({**row, "doc_id": "unknown"}),
    )


STANDOFFS: dict[str, tuple[Plant, set[str]]] = {
    "a mention is shifted by one": (_in(FERRY, "mention", _shift), {"standoff"}),
    "a mention has another label": (
        _in(FERRY, "mention", lambda record: record.update(label="WORK")),
        {"standoff"},
    ),
    "a mention lies behind the page": (
        _in(FERRY, "mention", lambda record: record.update(end=10**6, name_end=10**6)),
        {"standoff"},
    ),
    "a mention has the words of another": (
        _in(FERRY, "mention", lambda record: record.update(surface="অন্য")),
        {"standoff"},
    ),
    "a mention is missing": (_drop("mention"), {"standoff"}),
    "a quote of the stand-off is missing": (_drop("quote"), {"standoff"}),
    "a block is missing": (_drop("block"), {"standoff"}),
    "the header is missing": (_drop("annotation"), {"standoff"}),
    "it is of another page": (
        _in(FERRY, "annotation", lambda record: record.update(text_sha256="0" * 64)),
        {"standoff"},
    ),
    "it is of another document": (
        _in(FERRY, "annotation", lambda record: record.update(doc_id="another")),
        {"standoff"},
    ),
    "it says that it is not complete": (
        _in(FERRY, "annotation", lambda record: record.update(progress="partial")),
        {"standoff"},
    ),
    "it follows another guideline": (
        _in(FERRY, "annotation", lambda record: record.update(guideline="9.9")),
        {"guideline"},
    ),
    "a field is none of ours": (
        _in(FERRY, "mention", lambda record: record.update(colour="blue")),
        {"record"},
    ),
    "a file has another name": (_rename, {"standoff", "misfit"}),
    "a withheld text gives a surface away": (
        _in(WITHHELD, "mention", lambda record: record.update(surface="নীলফামারী")),
        {"withheld-text"},
    ),
    "a withheld text is quoted in a note": (
        _in(WITHHELD, "quote", lambda record: record.update(note="‘এবার ঠান্ডা আগে পড়েছে’")),
        {"withheld-text"},
    ),
    "a withheld page's title is given away": (
        _in_catalogue(title="রাতের হাটে শীতের কাপড়"),
        {"withheld-text"},
    ),
    "a withheld page is said not to be": (_in_catalogue(withheld=False), {"standoff"}),
    "a withheld page has another hash": (_in_catalogue(text_sha256="0" * 64), {"standoff"}),
    "a withheld page has no line in the catalogue": (_empty_catalogue, {"standoff"}),
    "a misfit is of no item": (_in_misfits(annotation_id="e999"), {"misfit"}),
    "a misfit lies behind the page": (_in_misfits(end=10**6), {"misfit"}),
    "a misfit is of a text that is not here": (_in_misfits(doc_id=WITHHELD), {"misfit"}),
    "a name ends before it begins": (
        _in(WITHHELD, "mention", lambda record: record.update(name_end=0)),
        {"standoff"},
    ),
    "the catalogue has a page that is nowhere else": (_unknown, {"standoff"}),
}


@pytest.mark.parametrize("name", STANDOFFS)
def test_a_fault_of_a_standoff_is_found(name: str, small_release: Path, tmp_path: Path) -> None:
    assert_found(small_release, tmp_path, *STANDOFFS[name])
