"""Rows and lines of splits.jsonl in the wrong place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.release.verification.fakes import (
    FERRY,
    Plant,
    assert_found,
    copy_of,
    edit_line,
    edit_lines,
    edit_row,
    edit_rows,
    fit,
    plain_document,
    shard_with,
    verify_release,
)
from tests.rows import Row


def _drop(config: str, doc_id: str | None = None) -> Plant:
    """Remove the first row of a document."""

    def plant(folder: Path) -> None:
        name = doc_id or plain_document(folder)

        def change(rows: list[Row]) -> None:
            rows.remove(next(row for row in rows if row["doc_id"] == name))

        edit_rows(shard_with(folder, config, name), change)

    return plant


def _copy(config: str, split: str, doc_id: str) -> Callable[[Path], None]:
    """Put a document's rows into another split too."""

    def plant(folder: Path) -> None:
        rows = [
            row
            for row in pq.read_table(shard_with(folder, config, doc_id)).to_pylist()
            if row["doc_id"] == doc_id
        ]
        target = folder / f"data/{config}/{split}-00000-of-00001.parquet"
        edit_rows(target, lambda there: sorted([*there, *rows], key=lambda row: row["doc_id"]))

    return plant


def _all(*plants: Plant) -> Plant:
    def plant(folder: Path) -> None:
        for one in plants:
            one(folder)

    return plant


def _move_plain(folder: Path) -> None:
    name = plain_document(folder)
    for config in ("documents", "pages", "sentences"):
        source = shard_with(folder, config, name)
        _copy(config, "test", name)(folder)
        edit_rows(source, lambda rows: [row for row in rows if row["doc_id"] != name])


def _copy_plain(folder: Path) -> None:
    name = plain_document(folder)
    for config in ("documents", "pages", "sentences"):
        _copy(config, "test", name)(folder)


def _join_clusters(folder: Path) -> None:
    """Say of two documents of two splits that they are one cluster."""
    train = plain_document(folder)
    rows = pq.read_table(folder / "data/documents/test-00000-of-00001.parquet").to_pylist()
    test = next(row["doc_id"] for row in rows if row["entities"] is None)
    for name in (train, test):
        edit_row(folder, "documents", name, lambda row: row.update(cluster_id="one"))
        edit_line(folder / "splits.jsonl", name, cluster_id="one")


def _in_splits(**changes: Any) -> Plant:
    return lambda folder: edit_line(folder / "splits.jsonl", plain_document(folder), **changes)


def _reverse(folder: Path) -> None:
    edit_rows(folder / "data/pages/train-00000-of-00001.parquet", lambda rows: rows[::-1])


def _swap_lines(folder: Path) -> None:
    edit_lines(folder / "splits.jsonl", lambda records: records.reverse())


PLACES: dict[str, tuple[Plant, set[str]]] = {
    "a page is missing": (_drop("pages"), {"orphan-row", "card-figures"}),
    "a document is missing": (
        _drop("documents"),
        {"orphan-row", "card-figures", "count", "split", "licence"},
    ),
    "a sentence is missing": (_drop("sentences"), {"sentence-row", "card-figures"}),
    "a quote is missing": (_drop("quotes", FERRY), {"quote-row", "card-figures"}),
    "a document lies in another split than splits.jsonl says": (
        _move_plain,
        {"split", "card-figures"},
    ),
    "a document lies in two splits": (
        _copy_plain,
        {"duplicate-id", "split", "card-figures", "licence"},
    ),
    "a page has two rows": (
        lambda folder: edit_rows(
            folder / "data/pages/train-00000-of-00001.parquet", lambda rows: [rows[0], *rows]
        ),
        {"duplicate-id", "card-figures"},
    ),
    "rows are not sorted": (_reverse, {"row-order", "orphan-row"}),
    "a cluster lies in two splits": (_join_clusters, {"cross-split"}),
    "a cluster is another than in splits.jsonl": (_in_splits(cluster_id="one"), {"cluster"}),
    "a document first appeared in another version": (
        _in_splits(first_version="9.9.9"),
        {"version"},
    ),
    "a document with rows is withheld": (
        _in_splits(state="withheld", split=None),
        {"withheld-text", "count", "standoff"},
    ),
    "a document that was taken down has rows": (
        _in_splits(state="removed", split=None),
        {"split", "count"},
    ),
    "a document is in no split": (_in_splits(split=None), {"split"}),
    "splits.jsonl is not sorted": (_swap_lines, {"split"}),
    "splits.jsonl has a line twice": (
        lambda folder: edit_lines(
            folder / "splits.jsonl", lambda records: records.insert(0, records[0])
        ),
        {"split"},
    ),
    "a document has no line in splits.jsonl": (
        lambda folder: edit_lines(folder / "splits.jsonl", lambda records: records.pop(0)),
        {"split", "count"},
    ),
}


@pytest.mark.parametrize("name", PLACES)
def test_what_lies_in_the_wrong_place_is_found(
    name: str, small_release: Path, tmp_path: Path
) -> None:
    assert_found(small_release, tmp_path, *PLACES[name])


def test_rows_of_a_withheld_text_are_found(
    release: Path, local_release: Path, tmp_path: Path
) -> None:
    """The rows of a local build, put into a release that is to be published."""
    folder = copy_of(release, tmp_path)
    for config in ("documents", "pages", "sentences", "quotes"):
        source = shard_with(local_release, config, "night-market")
        rows = [row for row in pq.read_table(source).to_pylist() if row["doc_id"] == "night-market"]
        for row in rows:
            row["doc_id"] = "zz-market"  # under another name, too
        edit_rows(
            folder / f"data/{config}/train-00000-of-00001.parquet",
            lambda there, rows=rows: [*there, *rows],
        )
    fit(folder)
    faults = [fault for fault in verify_release(folder) if fault.check == "withheld-text"]
    assert [fault.file for fault in faults] == ["data/documents/train-00000-of-00001.parquet"]
