"""Crawl files to spools: one task reads a file through and writes down what is still to be done."""

from __future__ import annotations

import hashlib

import msgspec

from khobor.corpus.documents import crawl_records
from khobor.corpus.shards import Job, ShardReceipt, items_of, spool_key
from khobor.corpus.spools import Record, cut, encode_spool, write_spool
from khobor.corpus.works import PAGES, read_receipt


class Scan(msgspec.Struct, frozen=True):
    """A crawl file to be cut into spools; `source` is its name in reports. A task."""

    job: Job
    source: str
    path: str


class Spooled(msgspec.Struct, frozen=True):
    """A range of a crawl file's records; with a receipt it is done already, and not spooled."""

    spool: str
    pages: int
    receipt: ShardReceipt | None


def scan_crawl(scan: Scan) -> tuple[Spooled, ...]:
    """Turn a crawl file into its spools, in the order of its records.

    A file that cannot be opened is one record, a reject. Memory is bounded by a spool.
    """
    return tuple(
        _spool(scan, records)
        for records in cut(crawl_records(scan.path, scan.source, scan.job.columns))
    )


def _spool(scan: Scan, records: list[Record]) -> Spooled:
    encoded = encode_spool(records)
    digest = hashlib.sha256(encoded).hexdigest()[:32]
    key = spool_key(scan.job, digest, lambda: items_of(records, scan.path, scan.job.columns))
    receipt = read_receipt(scan.job.work, PAGES, key, ShardReceipt)
    if receipt is None:
        write_spool(scan.job.work, digest, encoded)
    return Spooled(digest, len(records), receipt)
