"""Releases with a fault planted in them, and how a faker makes the checksums fit again."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from khobor.release.parquet import ROW_GROUP
from khobor.release.verification.faults import Faults
from khobor.release.verification.folders import check_sums, list_files
from khobor.release.verification.releases import verify_release
from tests.rows import Row, contents_of

Plant = Callable[[Path], None]
# libyaml's, where PyYAML has them: ten times as fast.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
FERRY, ORANGE, PARTIAL = "char-ferry", "orange-garden", "potato-store"

# What the books say beside the fault itself, as long as nobody has made them fit again.
BOOKKEEPING = frozenset(
    {"checksum", "unlisted", "rows-digest", "row-count", "byte-count", "card-sizes", "missing-file"}
)


def checks_of(folder: Path) -> set[str]:
    """Verify a release and give the ids of what was found."""
    return {fault.check for fault in verify_release(folder)}


def assert_found(release: Path, tmp_path: Path, plant: Plant, expected: set[str]) -> None:
    """A planted fault makes the checksums stale, and is all that is found when they fit again.

    That it is found beside stale checksums too is tested for some of them, in test_planted.
    """
    folder = copy_of(release, tmp_path)
    plant(folder)
    faults = Faults()
    check_sums(folder, list_files(folder, faults), frozenset(), faults)
    assert {fault.check for fault in faults.listed()} & BOOKKEEPING
    fit(folder)
    assert checks_of(folder) == expected


def assert_found_beside_stale_books(
    release: Path, tmp_path: Path, plant: Plant, expected: set[str]
) -> None:
    """A planted fault is found although the checksums alone would give it away."""
    folder = copy_of(release, tmp_path)
    plant(folder)
    raw = checks_of(folder)
    assert expected <= raw
    assert raw - expected <= BOOKKEEPING
    assert raw & BOOKKEEPING


def copy_of(release: Path, out: Path) -> Path:
    """Copy a release, to spoil the copy."""
    return Path(shutil.copytree(release, out / release.name))


# --- planting ---------------------------------------------------------------------------------


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table as release.parquet does."""
    pq.write_table(
        table.combine_chunks(),
        path,
        row_group_size=ROW_GROUP,
        compression="zstd",
        write_page_index=True,
        use_content_defined_chunking=True,
    )


def edit_table(path: Path, edit: Callable[[pa.Table], pa.Table]) -> None:
    """Rewrite a parquet file."""
    write_table(path, edit(pq.read_table(path)))


def edit_rows(path: Path, edit: Callable[[list[Row]], list[Row] | None]) -> None:
    """Rewrite the rows of a parquet file: `edit` changes the list, or gives another."""

    def rewrite(table: pa.Table) -> pa.Table:
        rows = table.to_pylist()
        return pa.Table.from_pylist(edit(rows) or rows, schema=table.schema)

    edit_table(path, rewrite)


def shard_with(folder: Path, config: str, doc_id: str) -> Path:
    """Find the file with a document's rows."""
    return next(
        path
        for path in sorted((folder / "data" / config).glob("*.parquet"))
        if doc_id in pq.read_table(path, columns=["doc_id"])["doc_id"].to_pylist()
    )


def edit_row(
    folder: Path, config: str, doc_id: str, edit: Callable[[Row], None], number: int = 0
) -> None:
    """Change one row of a document: its `number`-th in that configuration."""

    def change(rows: list[Row]) -> None:
        edit([row for row in rows if row["doc_id"] == doc_id][number])

    edit_rows(shard_with(folder, config, doc_id), change)


def edit_text(path: Path, old: str, new: str) -> None:
    """Replace the first place of a string in a text file; it must be there."""
    text = path.read_bytes().decode("utf-8")
    assert old in text
    path.write_bytes(text.replace(old, new, 1).encode("utf-8"))


def edit_manifest(folder: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    """Change manifest.json."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_bytes())
    edit(manifest)
    path.write_bytes(json.dumps(manifest, ensure_ascii=False, indent=2).encode() + b"\n")


def edit_lines(path: Path, edit: Callable[[list[dict[str, Any]]], None]) -> None:
    """Change the records of a JSON Lines file."""
    records = [json.loads(line) for line in path.read_bytes().splitlines()]
    edit(records)
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
    path.write_bytes("".join(lines).encode())


def edit_line(path: Path, doc_id: str, **changes: Any) -> None:
    """Change the line of a document in splits.jsonl."""

    def change(records: list[dict[str, Any]]) -> None:
        next(record for record in records if record["doc_id"] == doc_id).update(changes)

    edit_lines(path, change)


def in_row(config: str, doc_id: str, edit: Callable[[Row], object], number: int = 0) -> Plant:
    """Plant a change of one row."""
    return lambda folder: edit_row(folder, config, doc_id, lambda row: _run(edit, row), number)


def _run(edit: Callable[[Row], object], row: Row) -> None:
    edit(row)


def set_column(config: str, doc_id: str, column: str, value: object, number: int = 0) -> Plant:
    return in_row(config, doc_id, lambda row: row.update({column: value}), number)


def plain_document(folder: Path, at: int = 0) -> str:
    """Name a document that nobody annotated."""
    rows = pq.read_table(folder / "data/documents/train-00000-of-00001.parquet").to_pylist()
    return str([row["doc_id"] for row in rows if row["entities"] is None][at])


def in_plain(config: str, edit: Callable[[Row], object], number: int = 0) -> Plant:
    return lambda folder: edit_row(
        folder, config, plain_document(folder), lambda row: _run(edit, row), number
    )


# --- making it fit again ----------------------------------------------------------------------


def fit(folder: Path) -> None:
    """Recompute what vouches for the files: manifest, sizes in the card, Croissant, SHA256SUMS."""
    changed = _fit_manifest(folder)
    if changed:
        _fit_card(folder)
        _fit_croissant(folder, changed)
    fit_sums(folder)


def _fit_manifest(folder: Path) -> dict[str, str]:
    """Say of each file what is true of it now; give the digests that changed, old → new."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_bytes())
    changed: dict[str, str] = {}

    def fitted() -> Iterator[dict[str, Any]]:
        for file in manifest["files"]:
            shard = folder / file["path"]
            if not shard.is_file():
                continue
            content = shard.read_bytes()
            stated = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            if stated["sha256"] == file["sha256"]:
                yield file
                continue
            changed[file["sha256"]] = stated["sha256"]
            rows = pq.read_table(shard).to_pylist()
            digest = hashlib.sha256(msgspec.json.Encoder().encode_lines(rows)).hexdigest()
            yield {**file, **stated, "rows": len(rows), "rows_sha256": digest}

    before, manifest["files"] = manifest["files"], list(fitted())
    if manifest["files"] == before:
        return changed
    path.write_bytes(json.dumps(manifest, ensure_ascii=False, indent=2).encode() + b"\n")
    return changed


def _fit_croissant(folder: Path, changed: dict[str, str]) -> None:
    """Give the files of croissant.json the digests that they have now."""
    path = folder / "croissant.json"
    text = path.read_text(encoding="utf-8")
    for old, new in changed.items():
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")


def _fit_card(folder: Path) -> None:
    """Give the splits of the card's YAML the sizes that the files have now."""
    path = folder / "README.md"
    _, encoded, body = path.read_text(encoding="utf-8").split("---\n", 2)
    header = yaml.load(encoded, Loader=_LOADER)
    for info in header["dataset_info"]:
        for split in info["splits"]:
            shard = folder / f"data/{info['config_name']}/{split['name']}-00000-of-00001.parquet"
            if not shard.is_file():
                continue
            split["num_bytes"] = shard.stat().st_size
            split["num_examples"] = pq.read_metadata(shard).num_rows
        size = sum(split["num_bytes"] for split in info["splits"])
        info["download_size"] = info["dataset_size"] = size
    dumped = yaml.dump(header, Dumper=_DUMPER, sort_keys=False, allow_unicode=True)
    path.write_text(f"---\n{dumped}---\n{body}", encoding="utf-8")


def fit_sums(folder: Path) -> None:
    """Write SHA256SUMS anew over all that is there."""
    sums = contents_of(folder)
    sums.pop("SHA256SUMS", None)
    lines = [f"{digest}  {name}\n" for name, digest in sorted(sums.items())]
    (folder / "SHA256SUMS").write_bytes("".join(lines).encode())
