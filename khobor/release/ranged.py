"""Release files of a range of documents: tasks that any process can run, each to one part."""

from __future__ import annotations

import functools
import hashlib
import tempfile
from importlib.metadata import version as package_version
from pathlib import Path

import msgspec
import pyarrow as pa

import khobor
from khobor.corpus.gathering import Range, Section, read_section
from khobor.corpus.shards import Job
from khobor.corpus.stored import read_range
from khobor.corpus.works import (
    RELEASE,
    Receipt,
    finish,
    key_of,
    part_path,
    read_receipt,
    write_receipt,
)
from khobor.engines.interface import without_collector
from khobor.manifests import FrozenDocument, ReleaseFile, SplitRow
from khobor.release.contents import digest_entries
from khobor.release.datafiles import Part, write_part
from khobor.release.facts import encode_facts
from khobor.release.packs import pack_folder
from khobor.release.settlements import settle

FACTS, MISFITS, CONTENTS, PLACES = (
    "facts.msgpack",
    "misfits.jsonl",
    "contents.msgpack",
    "splits.jsonl",
)


class RangeTask(msgspec.Struct, frozen=True):
    """A range of documents of a reduction to be written as of a version. A task.

    `schemas` are Arrow's of the configurations, serialised: `datasets`, which makes them, takes
    most of a second to import.
    """

    job: Job
    gathered: str
    range: Range
    version: str
    schemas: dict[str, bytes]


class RangeReceipt(Receipt, frozen=True, kw_only=True):
    """What became of a range: its data files, and their documents."""

    files: tuple[ReleaseFile, ...]
    documents: int


@functools.cache
def release_code() -> str:
    """Digest all code of khobor, and the versions that the bytes of a release hang on."""
    folder = Path(khobor.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    for name in ("pyarrow", "datasets", "msgspec"):
        digest.update(f"{name} {package_version(name)}\0".encode())
    return digest.hexdigest()


def write_range(task: RangeTask) -> RangeReceipt:
    """Turn a range of documents into a pack of release files, unless it is there."""
    work, each = task.job.work, task.range
    key = key_of(
        release_code(), task.version, each.split, f"{each.shard}/{each.shards}", each.content
    )
    found = read_receipt(work, RELEASE, key, RangeReceipt)
    if found is not None:
        return found
    with without_collector(), tempfile.TemporaryDirectory(prefix="khobor-") as scratch:
        part, documents = _write_files(task, Path(scratch))
        size, digest = finish(part_path(work, RELEASE, key), pack_folder(Path(scratch)))
    receipt = RangeReceipt(
        key=key, bytes=size, sha256=digest, files=part.files, documents=documents
    )
    write_receipt(work, RELEASE, receipt)
    return receipt


def _write_files(task: RangeTask, folder: Path) -> tuple[Part, int]:
    """Write the files of a range, and what is known of it, below a folder."""
    each = task.range
    entries = [
        msgspec.structs.replace(entry, split=settle(entry.split, task.version))
        for entry in read_range(task.job, task.gathered, each.section)
    ]
    schemas = {
        config: pa.ipc.read_schema(pa.py_buffer(schema)) for config, schema in task.schemas.items()
    }
    part = write_part(
        folder, entries, schemas, split=each.split, shard=each.shard, shards=each.shards
    )
    (folder / FACTS).write_bytes(encode_facts(part.facts))
    misfits = [m for entry in entries if entry.alignment for m in entry.alignment.misfits]
    (folder / MISFITS).write_bytes(msgspec.json.Encoder().encode_lines(misfits))
    return part, len(entries)


class PlacesTask(msgspec.Struct, frozen=True):
    """All rows of splits.jsonl, to be written as of a version. A task."""

    job: Job
    gathered: str
    places: Section
    version: str


def write_places(task: PlacesTask) -> Receipt:
    """Turn the places of all documents into the lines of splits.jsonl, unless they are there."""
    work = task.job.work
    key = key_of(release_code(), task.version, "places", task.places.digest)
    found = read_receipt(work, RELEASE, key, Receipt)
    if found is not None:
        return found
    rows = read_section(work, task.gathered, task.places, SplitRow)
    encode = msgspec.json.Encoder().encode
    lines = (encode(settle(row, task.version)) + b"\n" for row in rows)
    size, digest = finish(part_path(work, RELEASE, key), lines)
    receipt = Receipt(key=key, bytes=size, sha256=digest)
    write_receipt(work, RELEASE, receipt)
    return receipt


class DigestTask(msgspec.Struct, frozen=True):
    """A range of documents to be compared with the version frozen last. A task."""

    job: Job
    gathered: str
    range: Range


def digest_range(task: DigestTask) -> list[FrozenDocument]:
    """Turn a range of documents into their digests, by doc_id."""
    entries = read_range(task.job, task.gathered, task.range.section)
    return list(digest_entries(entries).values())
