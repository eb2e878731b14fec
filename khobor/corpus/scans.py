"""Crawl files to spools: one task reads a file through and writes down what is still to be done."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import BinaryIO

import msgspec

from khobor.capture.tables import GZIP_MAGIC, cut_json_lines
from khobor.corpus.documents import crawl_records
from khobor.corpus.shards import Job, ShardReceipt, items_of, spool_key
from khobor.corpus.spools import Record, cut, encode_spool, write_spool
from khobor.corpus.works import PAGES, read_receipt
from khobor.paths import as_path

# Spools that one task makes of a file that can be read on from where it stopped.
_SPOOLS_AT_ONCE = 8
_PLAIN_LINES = (".jsonl", ".ndjson")


class Scan(msgspec.Struct, frozen=True):
    """A crawl file to be cut into spools; `source` is its name in reports. A task.

    Of a file of plain lines it may be the rest: from a byte on, with so many lines and spools
    before it.
    """

    job: Job
    source: str
    path: str
    offset: int = 0
    lines: int = 0
    spools: int = 0


class Spooled(msgspec.Struct, frozen=True):
    """A range of a crawl file's records; with a receipt it is done already, and not spooled."""

    spool: str
    pages: int
    receipt: ShardReceipt | None


class Scanned(msgspec.Struct, frozen=True):
    """Spools in the order of their records, and what of the file is still to be scanned."""

    spools: tuple[Spooled, ...]
    rest: Scan | None = None


def scan_crawl(scan: Scan) -> Scanned:
    """Turn a crawl file, or the next part of it, into spools. Memory is bounded by a spool.

    Plain lines are left for a later task after some spools, so that the pages of these need not
    wait. A file that cannot be opened is one record, a reject.
    """
    if scan.source.lower().endswith(_PLAIN_LINES):
        with suppress(OSError), as_path(scan.path).open("rb") as raw:
            if scan.offset or raw.read(len(GZIP_MAGIC)) != GZIP_MAGIC:
                raw.seek(scan.offset)
                found = _scan_lines(scan, raw)
                if found.spools or scan.offset:
                    return found
    records = crawl_records(scan.path, scan.source, scan.job.columns)
    return Scanned(tuple(_spool(scan, batch) for batch in cut(records)))


def _scan_lines(scan: Scan, raw: BinaryIO) -> Scanned:
    spools: list[Spooled] = []
    batches = cut(cut_json_lines(raw, source=scan.source, before=scan.lines))
    for batch in batches:
        spools.append(_spool(scan, batch))
        if len(spools) == _SPOOLS_AT_ONCE:
            # A batch is given before anything behind it is read: here the next one begins.
            rest = msgspec.structs.replace(
                scan,
                offset=raw.tell(),
                lines=_number(batch[-1]),
                spools=scan.spools + len(spools),
            )
            return Scanned(tuple(spools), rest)
    return Scanned(tuple(spools))


def _number(record: Record) -> int:
    """Tell the line of a record."""
    if record.line is not None:
        return record.line.number
    assert record.reject is not None
    return int(record.reject.source.rpartition("#")[2])


def _spool(scan: Scan, records: list[Record]) -> Spooled:
    encoded = encode_spool(records)
    digest = hashlib.sha256(encoded).hexdigest()[:32]
    key = spool_key(scan.job, digest, lambda: items_of(records, scan.path, scan.job.columns))
    receipt = read_receipt(scan.job.work, PAGES, key, ShardReceipt)
    if receipt is None:
        write_spool(scan.job.work, digest, encoded)
    return Spooled(digest, len(records), receipt)
