"""Documents that say the same are found by their texts, whatever their cluster_id says."""

from __future__ import annotations

from operator import itemgetter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from khobor.corpus.corpora import assemble
from khobor.release.verification import nearness
from khobor.release.verification.releases import verify_release
from khobor.release.writers import write_release
from tests.release.verification.fakes import (
    checks_of,
    copy_of,
    edit_line,
    edit_lines,
    edit_row,
    edit_rows,
    fit,
    shard_with,
)
from tests.samples import write_plain_pages


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release in which two pages differ in a comma alone."""
    folder = tmp_path_factory.mktemp("twins")
    plain = write_plain_pages(folder / "in", 9)
    text = (plain / "bridge-000.txt").read_text(encoding="utf-8")
    (plain / "twin.txt").write_text(text.replace("।", " ।"), encoding="utf-8")
    return write_release(assemble([plain]), folder / "out", name="twins", version="1.0.0.dev0")[0]


def _pair(folder: Path) -> tuple[str, str, str]:
    """Name the two documents of one cluster, and their split."""
    for path in sorted((folder / "data" / "documents").iterdir()):
        rows = pq.read_table(path).to_pylist()
        clusters = [row["cluster_id"] for row in rows]
        twins = [row["doc_id"] for row in rows if clusters.count(row["cluster_id"]) == 2]
        if twins:
            first, second = twins
            return first, second, path.name.partition("-")[0]
    raise AssertionError("no two documents share a cluster")


def _forge_cluster(folder: Path, doc_id: str) -> None:
    """Give a document a cluster of its own, wherever it is named."""
    edit_row(folder, "documents", doc_id, lambda row: row.update(cluster_id=doc_id))
    edit_line(folder / "splits.jsonl", doc_id, cluster_id=doc_id)


def test_twins_in_one_cluster_are_sound(twins: Path) -> None:
    assert verify_release(twins) == []
    _pair(twins)


def test_twins_in_two_splits_are_found_where_every_id_is_forged(
    twins: Path, tmp_path: Path
) -> None:
    folder = copy_of(twins, tmp_path)
    first, second, split = _pair(folder)
    _forge_cluster(folder, second)
    target = "test" if split != "test" else "train"
    edit_line(folder / "splits.jsonl", second, split=target)
    for config in ("documents", "pages", "sentences"):
        source = shard_with(folder, config, second)
        rows = [row for row in pq.read_table(source).to_pylist() if row["doc_id"] == second]
        edit_rows(source, lambda there: [row for row in there if row["doc_id"] != second])
        edit_rows(
            folder / f"data/{config}/{target}-00000-of-00001.parquet",
            lambda there, rows=rows: sorted([*there, *rows], key=itemgetter("doc_id")),
        )
    assert "near-duplicate" in checks_of(folder)
    fit(folder)
    # The card still counts the rows of before; its tables are no part of the books.
    assert checks_of(folder) == {"near-duplicate", "card-figures"}
    (fault,) = (f for f in verify_release(folder) if f.check == "near-duplicate")
    assert first in fault.message
    assert second in fault.message


def test_twins_of_one_version_with_two_clusters_are_found(twins: Path, tmp_path: Path) -> None:
    """In one split no harm is done yet; the next version would part them."""
    folder = copy_of(twins, tmp_path)
    _, second, _ = _pair(folder)
    _forge_cluster(folder, second)
    fit(folder)
    assert checks_of(folder) == {"cluster"}


def test_clusters_that_a_later_document_links_are_sound(twins: Path, tmp_path: Path) -> None:
    folder = copy_of(twins, tmp_path)
    first, second, _ = _pair(folder)
    _forge_cluster(folder, second)
    for doc_id in (first, second):
        edit_row(folder, "documents", doc_id, lambda row: row.update(first_version="0.9.0"))
    edit_lines(
        folder / "splits.jsonl",
        lambda lines: [
            line.update(first_version="0.9.0")
            for line in lines
            if line["doc_id"] in (first, second)
        ],
    )
    fit(folder)
    assert verify_release(folder) == []


def test_texts_are_read_again_by_row_groups_and_few_are_kept(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearness, "_MOST_CHARACTERS", 2_000)
    path = release / "data/documents/train-00000-of-00001.parquet"
    rows = {row["doc_id"]: row["text"] for row in pq.read_table(path).to_pylist()}
    shard = nearness.Shard(
        path.relative_to(release).as_posix(), "documents", "train", len(rows), 1, (), joinable=True
    )
    texts = nearness._Texts(release, [shard])
    most = 0
    for doc_id in [*rows, *reversed(rows)]:
        assert texts.read(doc_id) == rows[doc_id]
        most = max(most, sum(map(len, texts._kept.values())))
    assert most < 2_000 + max(map(len, rows.values()))
    assert sum(map(len, rows.values())) > 4_000
