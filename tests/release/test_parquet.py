"""Parquet files: the same rows are the same bytes, and no rows are no file."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from khobor.release.features import config_features
from khobor.release.parquet import ROW_GROUP, write_parquet

SCHEMA = config_features("pages").arrow_schema
Rows = list[dict[str, Any]]


@pytest.fixture
def rows() -> Rows:
    """More rows than a row group holds."""
    return [
        {
            "doc_id": f"d{number:05}",
            "text": f"খবর {number}।",
            "text_sha256": "0" * 64,
            "blocks": [{"start": 0, "end": 5, "label": 6, "path": None}],
        }
        for number in range(ROW_GROUP + 5)
    ]


def test_rows_come_back_as_they_were(rows: Rows, tmp_path: Path) -> None:
    written = write_parquet(tmp_path, "pages", "train", rows, SCHEMA)
    assert written is not None
    path = tmp_path / written.path
    assert pq.read_table(path).to_pylist() == rows
    assert (written.config, written.split, written.rows) == ("pages", "train", len(rows))
    assert written.path == "data/pages/train-00000-of-00001.parquet"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == written.sha256


def test_equal_rows_are_equal_bytes(rows: Rows, tmp_path: Path) -> None:
    first = write_parquet(tmp_path / "a", "pages", "train", rows, SCHEMA)
    assert write_parquet(tmp_path / "b", "pages", "train", iter(rows), SCHEMA) == first


def test_the_logical_digest_sees_a_changed_row(rows: Rows, tmp_path: Path) -> None:
    first = write_parquet(tmp_path / "a", "pages", "train", rows, SCHEMA)
    rows[3]["blocks"][0]["label"] = 7
    second = write_parquet(tmp_path / "b", "pages", "train", rows, SCHEMA)
    assert first is not None
    assert second is not None
    assert first.rows_sha256 != second.rows_sha256


def test_no_rows_are_no_file(tmp_path: Path) -> None:
    assert write_parquet(tmp_path, "pages", "train", [], SCHEMA) is None
    assert list(tmp_path.rglob("*")) == []


def test_files_have_fixed_row_groups_zstd_and_a_page_index(rows: Rows, tmp_path: Path) -> None:
    write_parquet(tmp_path, "pages", "train", rows, SCHEMA)
    metadata = pq.read_metadata(tmp_path / "data" / "pages" / "train-00000-of-00001.parquet")
    groups = [metadata.row_group(group) for group in range(metadata.num_row_groups)]
    assert [group.num_rows for group in groups] == [ROW_GROUP, 5]
    columns = [group.column(place) for group in groups for place in range(metadata.num_columns)]
    assert {column.compression for column in columns} == {"ZSTD"}
    assert all(column.has_offset_index for column in columns)


def test_a_row_without_a_declared_type_is_refused(rows: Rows, tmp_path: Path) -> None:
    """An offset as text would be a column of another type in the next version."""
    rows[0]["blocks"][0]["start"] = "0"
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        write_parquet(tmp_path, "pages", "train", rows, SCHEMA)
