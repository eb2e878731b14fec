"""Spools: ranges of a crawl file's records, written down so that any process can read them.

A crawl file can be read from its start alone (it is packed, or a damaged place decides what
follows), so one task reads it through and spools its records, some hundred a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from khobor.capture.crawls import RawLine, RawPage
from khobor.corpus.works import SPOOLS, part_path
from khobor.paths import write_file
from khobor.records import Reject

# Records of a spool; fewer where they are large. A worker holds one spool in memory.
SPOOL_PAGES = 512
_SPOOL_BYTES = 32 * 1024 * 1024


class Record(msgspec.Struct, frozen=True, array_like=True):
    """A record of a crawl file: a raw page, a line to be parsed, or the reject that it is."""

    page: RawPage | None = None
    line: RawLine | None = None
    reject: Reject | None = None


_encoder = msgspec.msgpack.Encoder()
_records = msgspec.msgpack.Decoder(list[Record])


def cut(records: Iterable[RawPage | RawLine | Reject]) -> Iterator[list[Record]]:
    """Cut the records of a crawl file into those of its spools, in order."""
    batch: list[Record] = []
    size = 0
    for found in records:
        if isinstance(found, Reject):
            batch.append(Record(reject=found))
        elif isinstance(found, RawLine):
            batch.append(Record(line=found))
            size += len(found.line)
        else:
            batch.append(Record(page=found))
            size += len(found.payload)
        if len(batch) == SPOOL_PAGES or size >= _SPOOL_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def encode_spool(records: list[Record]) -> bytes:
    """Turn records into the bytes of their spool."""
    return _encoder.encode(records)


def write_spool(work: str, digest: str, encoded: bytes) -> None:
    """Write a spool, named by the digest of its bytes."""
    write_file(part_path(work, SPOOLS, digest), encoded)


def read_spool(work: str, digest: str) -> list[Record]:
    """Read the records of a spool, some tens of megabytes at most."""
    return _records.decode(part_path(work, SPOOLS, digest).read_bytes())


def delete_spool(work: str, digest: str) -> None:
    """Delete a spool, whose shard is done."""
    part_path(work, SPOOLS, digest).unlink(missing_ok=True)
