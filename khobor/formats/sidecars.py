"""The sidecar of an export: what a format cannot hold, and what the tool was given.

One line a document in sidecar.jsonl beside the exported files. It holds the annotation as it was,
so that an import changes what the tool changed and nothing else; and no text, but its hash.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from khobor.errors import RecordError
from khobor.jsonl import read_records, write_records
from khobor.records import Annotation, Block, DocId, Sha256

SIDECAR = "sidecar.jsonl"


class Sidecar(msgspec.Struct, frozen=True, tag="sidecar", forbid_unknown_fields=True):
    """What an import needs to know of one exported document.

    `sheet_sha256` is of the text that the tool was given; `ids` maps the tool's ids to the ones
    here. Either `annotation` or `blocks` was exported.
    """

    format: str
    doc_id: DocId
    sheet_sha256: Sha256
    ids: dict[str, str]
    annotation: Annotation | None = None
    blocks: tuple[Block, ...] | None = None


def read_sidecars(path: Path) -> dict[str, Sidecar]:
    """Turn a sidecar.jsonl into doc_id → Sidecar; raise RecordError for a second one of a page."""
    found: dict[str, Sidecar] = {}
    for number, record in read_records(path, Sidecar):
        if record.doc_id in found:
            raise RecordError(
                f"a second sidecar of {record.doc_id}",
                where=f"{path}:{number}",
                fix="export again into an empty folder",
            )
        found[record.doc_id] = record
    return found


def write_sidecars(path: Path, sidecars: list[Sidecar]) -> None:
    """Turn sidecars into a sidecar.jsonl, sorted by document."""
    write_records(path, sorted(sidecars, key=lambda sidecar: sidecar.doc_id))
