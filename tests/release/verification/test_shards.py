"""Parquet files that would fill the memory, and rows of other types."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from khobor.release.verification import shards
from khobor.release.verification.faults import Fault
from khobor.release.verification.releases import verify_release
from tests.release.verification.fakes import copy_of, edit_table, fit

PAGES = "data/pages/train-00000-of-00001.parquet"
SENTENCES = "data/sentences/train-00000-of-00001.parquet"


def _of(folder: Path, file: str, check: str) -> list[Fault]:
    return [f for f in verify_release(folder) if (f.file, f.check) == (file, check)]


@pytest.mark.parametrize(
    ("limit", "most", "said"),
    [
        ("_MOST_ROWS", 2, "rows, expected at most 2"),
        ("_MOST_GROUP_BYTES", 100, "unpacks to"),
        ("_MOST_VALUES", 20, "has a column of"),
    ],
)
def test_a_row_group_too_large_for_the_memory_is_refused_by_its_footer(
    limit: str,
    most: int,
    said: str,
    small_release: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(shards, limit, most)
    monkeypatch.setattr(pq.ParquetFile, "iter_batches", None)  # nothing of it is unpacked
    (fault,) = _of(small_release, PAGES, "parquet")
    assert said in fault.message


def test_a_batch_that_unpacks_to_too_much_is_refused(
    small_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "_MOST_BATCH_BYTES", 100)
    faults = [fault for fault in verify_release(small_release) if fault.check == "parquet"]
    assert faults
    assert all("rows unpack to" in fault.message for fault in faults)


def test_equal_values_that_take_no_bytes_are_counted(small_release: Path, tmp_path: Path) -> None:
    """A list of eleven million zeros is a file of a few kilobytes."""
    folder = copy_of(small_release, tmp_path)
    count = shards._MOST_VALUES + 1

    def bomb(table: pa.Table) -> pa.Table:
        at = table.column_names.index("token_starts")
        zeros = pa.ListArray.from_arrays(
            pa.array([0, count], pa.int32()), pa.nulls(count, pa.int32())
        )
        return table.slice(0, 1).set_column(at, table.schema.field(at), zeros)

    edit_table(folder / SENTENCES, bomb)
    assert (folder / SENTENCES).stat().st_size < 100_000
    (fault,) = _of(folder, SENTENCES, "parquet")
    assert "values, more than is read here" in fault.message


def test_few_rows_are_unpacked_at_a_time_where_values_may_be_large(small_release: Path) -> None:
    metadata = pq.read_metadata(small_release / PAGES)
    assert shards.batch_rows(metadata) == 250
    largest = max(metadata.row_group(0).column(at).total_uncompressed_size for at in range(4))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "_WORST_BATCH_BYTES", 3 * largest)
        assert shards.batch_rows(metadata) == 3
        patch.setattr(shards, "_WORST_BATCH_BYTES", 1)
        assert shards.batch_rows(metadata) == 1


def test_a_release_of_small_batches_reads_the_same(
    small_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shards, "_BATCH_ROWS", 1)
    assert verify_release(small_release) == []


def test_a_column_of_another_type_is_a_fault_and_its_rows_are_not_read(
    small_release: Path, tmp_path: Path
) -> None:
    folder = copy_of(small_release, tmp_path)

    def widen(table: pa.Table) -> pa.Table:
        at = table.schema.get_field_index("block")
        return table.set_column(at, "block", table["block"].cast(pa.int64()))

    edit_table(folder / SENTENCES, widen)
    fit(folder)
    (fault,) = verify_release(folder)
    assert (fault.check, "int64" in fault.message) == ("features", True)
