"""What was frozen: annotations/splits.jsonl (append-only) and annotations/releases.jsonl.

splits.jsonl has a line for each document that a frozen version knows; where a document has
several lines the last one holds. releases.jsonl has a line for each frozen version, then one for
each of its documents.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from khobor.errors import RecordError
from khobor.jsonl import read_records
from khobor.manifests import FrozenDocument, FrozenRelease, SplitRow

SPLITS_FILE = "splits.jsonl"
RELEASES_FILE = "releases.jsonl"


class Frozen(msgspec.Struct, frozen=True):
    """A frozen version with its documents, by doc_id."""

    release: FrozenRelease
    documents: dict[str, FrozenDocument]


class History(msgspec.Struct, frozen=True):
    """All that is frozen: the row of each document, and the versions, oldest first."""

    rows: Mapping[str, SplitRow] = {}
    versions: tuple[Frozen, ...] = ()

    @property
    def last(self) -> Frozen | None:
        """The version that was frozen last."""
        return self.versions[-1] if self.versions else None


def read_history(annotations: Path) -> History:
    """Turn an annotations folder into its History; empty where nothing is frozen.

    Raises RecordError where a line is none of these records, or stands in the wrong place.
    """
    return History(
        _read_rows(annotations / SPLITS_FILE), tuple(_read_versions(annotations / RELEASES_FILE))
    )


def _read_rows(path: Path) -> dict[str, SplitRow]:
    rows: dict[str, SplitRow] = {}
    if not path.is_file():
        return rows
    for number, row in read_records(path, SplitRow):
        before = rows.get(row.doc_id)
        if before is not None and before.state == "published" == row.state and before != row:
            raise RecordError(
                f"{row.doc_id} is published in {before.split} already, and never changes its split",
                where=f"{path}:{number}",
                fix="restore the file from version control; only `make release` writes it",
            )
        rows[row.doc_id] = row
    return rows


def _read_versions(path: Path) -> list[Frozen]:
    versions: list[Frozen] = []
    if not path.is_file():
        return versions
    for number, record in read_records(path, FrozenRelease | FrozenDocument):  # type: ignore[arg-type]  # a union is no type to mypy
        if isinstance(record, FrozenRelease):
            versions.append(Frozen(record, {}))
            continue
        if not versions or versions[-1].release.version != record.version:
            raise RecordError(
                f"a document of version {record.version} does not follow that version's line",
                where=f"{path}:{number}",
                fix="restore the file from version control; only `make release` writes it",
            )
        versions[-1].documents[record.doc_id] = record
    return versions


def append_history(annotations: Path, rows: Iterable[SplitRow], frozen: Frozen) -> None:
    """Append rows to splits.jsonl, then a version to releases.jsonl: with that it is frozen.

    Each file is replaced as a whole; what stood in it stays, byte for byte.
    """
    _append(annotations / SPLITS_FILE, rows)
    lines: list[FrozenRelease | FrozenDocument] = [frozen.release]
    lines += (frozen.documents[doc_id] for doc_id in sorted(frozen.documents))
    _append(annotations / RELEASES_FILE, lines)


def _append(path: Path, records: Iterable[SplitRow | FrozenRelease | FrozenDocument]) -> None:
    before = path.read_bytes() if path.is_file() else b""
    if before and not before.endswith(b"\n"):
        before += b"\n"
    temporary = path.with_name(path.name + ".tmp")
    temporary.write_bytes(before + msgspec.json.Encoder().encode_lines(list(records)))
    os.replace(temporary, path)
