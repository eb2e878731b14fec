"""WARC files, plain or gzipped record by record, by FastWARC; damage is found and passed over.

FastWARC reads on where a file is whole, and stops at the first damage, or silently at a record that
breaks off. So a record is held back until what follows it shows that it was whole; behind damage
the reader goes on at the next place that looks like a record's start.
"""

from __future__ import annotations

import os
import re
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from khobor.capture.dates import parse_date
from khobor.capture.decoding import MAX_PAGE_BYTES
from khobor.capture.rawpages import RawPage
from khobor.capture.responses import is_html, media_type, page_of_response
from khobor.capture.rows import too_large
from khobor.errors import PageError, UsageError
from khobor.records import Reject

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

# A file with more damaged places is no crawl any more; each costs a new start of the reader.
MAX_DAMAGES = 100
_MAX_HEADER = 64 * 1024  # of a WARC record, and as much again of its HTTP header
_MAX_BLOCK = MAX_PAGE_BYTES + _MAX_HEADER
_STEP = 64 * 1024
_GZIP_MAGIC = b"\x1f\x8b\x08"
_START = re.compile(
    # A gzip member: magic, deflate, flags, time, level, system.
    rb"\x1f\x8b\x08[\x00-\x1f].{4}[\x00\x02\x04][\x00-\x0d\xff]|WARC/\d\.\d+\r\n[A-Za-z-]+:",
    re.DOTALL,
)
_LONGEST_START = 64
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_END_OF_HEADER = b"\r\n\r\n"
_END_OF_RECORD = b"\r\n\r\n"


class _Read(NamedTuple):
    """A record that was read: where it starts in the file, its page, whether bytes lack."""

    start: int
    pages: tuple[RawPage | Reject, ...]  # one or none
    is_cut: bool


def read_warc(raw: BinaryIO, *, source: str) -> Iterator[RawPage | Reject]:
    """Turn a WARC file into the HTML pages of its responses and resources, and rejects.

    Records that are no pages (requests, images, redirects) are counted and passed over. A record
    that is not whole, and a place where no record can be read, is a Reject with its byte in the
    file. Raises UsageError where FastWARC is not installed.
    """
    try:
        from fastwarc.warc import ArchiveIterator
    except ImportError as error:
        raise UsageError(
            "WARC files are read by FastWARC, which is not installed",
            where=source,
            fix="run: pip install 'khobor[warc]'",
        ) from error
    size = raw.seek(0, os.SEEK_END)
    number = damages = 0
    start: int | None = 0
    while start is not None and start < size:
        raw.seek(start)
        last: _Read | None = None
        complaint = ""
        try:
            for record in ArchiveIterator(raw, parse_http=False):
                read = _read(record, f"{source}#{number + 1}")
                if last is not None:
                    yield from last.pages
                number, last = number + 1, read
        except OSError as error:
            complaint = str(error)
        end = start if last is None else _end(raw, last, start, is_clean=not complaint)
        if last is not None and end is not None:
            yield from last.pages
            if _is_over(raw, end):
                return
            if _next_start(raw, end, end) is not None:  # a zipped record behind a plain one
                start = end
                continue
        damages += 1
        if end is None and last is not None:  # the Reject stands in the place of its page
            damaged, what = last.start, "the record is not whole"
        else:
            number += 1
            damaged, what = end or start, "no record can be read"
        start = _next_start(raw, damaged + 1, size) if damages < MAX_DAMAGES else None
        yield _damage(f"{source}#{number}", f"at byte {damaged:,} {what}", complaint, start)


def _damage(source: str, what: str, complaint: str, start: int | None) -> Reject:
    why = f" ({complaint})" if complaint else ""
    then = "the rest is not read" if start is None else f"reading goes on at byte {start:,}"
    return Reject(source, "unreadable", f"{what}{why}, {then}; fetch the file again")


# --- one record -------------------------------------------------------------------------------


def _read(record: WarcRecord, source: str) -> _Read:
    """Read a record's block as far as a page may reach; OSError where the file is damaged."""
    block = _block(record)
    declared = (record.headers.get("Content-Length") or "").strip()
    length = int(declared) if re.fullmatch(r"[0-9]{1,18}", declared) else None
    # A header that breaks off is read as if it were whole, and lacks its last line, the length.
    is_cut = length is None or len(block) < min(length, _MAX_BLOCK)
    return _Read(record.stream_pos, _pages(record, block, source), is_cut)


def _pages(record: WarcRecord, block: bytes, source: str) -> tuple[RawPage | Reject, ...]:
    """Turn a record into its page, or the reject of it; nothing where it holds no page."""
    if "WARC-Type" not in record.headers:
        detail = f"the record at byte {record.stream_pos:,} has no WARC-Type; fetch the file again"
        return (Reject(source, "unreadable", detail),)
    is_large = len(block) == _MAX_BLOCK  # what was not read may be what the page lacks
    try:
        page = _page(record, block)
    except PageError as error:
        if is_large:
            return (too_large(source, "the page"),)
        return (Reject(source, error.reason, f"{error.message}; {error.fix}"),)  # type: ignore[arg-type]  # a RejectReason
    if page is None:
        return ()
    if is_large or len(page) > MAX_PAGE_BYTES:
        return (too_large(source, "the page"),)
    raw_page = RawPage(
        source=source,
        payload=page,
        medium="html",
        # wget writes the address in brackets: <https://…>
        url=(record.headers.get("WARC-Target-URI") or "").strip().strip("<>") or None,
        captured_at=parse_date(record.headers.get("WARC-Date") or ""),
    )
    return (raw_page,)


def _block(record: WarcRecord) -> bytes:
    pieces = []
    missing = _MAX_BLOCK
    while missing and (piece := record.reader.read(missing)):
        pieces.append(piece)
        missing -= len(piece)
    return b"".join(pieces)


def _page(record: WarcRecord, block: bytes) -> bytes | None:
    """Find the HTML page of a record; None where it holds none."""
    kind = media_type(record.headers.get("Content-Type") or "")
    match str(record.record_type):
        case "response" if kind in ("application/http", ""):
            return page_of_response(block)
        case "response" | "resource":
            return block if is_html(kind, block) else None
    return None


# --- whole records, and where the next one starts ---------------------------------------------


def _end(raw: BinaryIO, last: _Read, start: int, *, is_clean: bool) -> int | None:
    """Find the byte behind the record read last; None where the record is not whole.

    `start` is where the reader began, `is_clean` says that it came to the file's end.
    """
    if last.is_cut:
        return None
    if _is_gzip(raw, last.start):
        member = _member(raw, last.start)
        if member is not None:
            end, header, size = member
            length = _record_length(header)
            # The two line ends behind a record are left out by some writers.
            if length is not None and length <= size <= length + len(_END_OF_RECORD):
                return end
    elif not _is_gzip(raw, start):
        raw.seek(last.start)
        length = _record_length(raw.read(_MAX_HEADER))
        if length is None:
            return None
        raw.seek(last.start + length)
        behind = raw.read(_STEP)
        stripped = behind.lstrip(b"\r\n")
        if behind.startswith(_END_OF_RECORD) or stripped.startswith(b"WARC/") or not stripped:
            return last.start + length + len(behind) - len(stripped)
        return None
    return _end_of_members(raw, start) if is_clean else None


def _record_length(header: bytes) -> int | None:
    """Turn the start of a record into the bytes of its header and block together."""
    end = header.find(_END_OF_HEADER)
    declared = _LENGTH.search(header, 0, end + 2) if end >= 0 else None
    return end + len(_END_OF_HEADER) + int(declared[1]) if declared is not None else None


def _end_of_members(raw: BinaryIO, start: int) -> int | None:
    """Find the end of a gzip file that was not zipped record by record, if all of it is whole."""
    while _is_gzip(raw, start):
        member = _member(raw, start)
        if member is None:
            return None
        start = member[0]
    return start


def _member(raw: BinaryIO, start: int) -> tuple[int, bytes, int] | None:
    """Unzip a gzip member: (the byte behind it, its first bytes, its size unzipped)."""
    raw.seek(start)
    inflater = zlib.decompressobj(16 + zlib.MAX_WBITS)
    header = b""
    size = 0
    while not inflater.eof:
        zipped = inflater.unconsumed_tail or raw.read(_STEP)
        try:
            piece = inflater.decompress(zipped, _STEP)
        except zlib.error:
            return None
        if not zipped and not piece:
            return None
        size += len(piece)
        if len(header) < _MAX_HEADER:
            header += piece
    return raw.tell() - len(inflater.unused_data), header, size


def _is_gzip(raw: BinaryIO, start: int) -> bool:
    raw.seek(start)
    return raw.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC


def _is_over(raw: BinaryIO, end: int) -> bool:
    """Tell whether nothing but line ends follows."""
    raw.seek(end)
    behind = raw.read(_STEP)
    return len(behind) < _STEP and not behind.strip(b"\r\n")


def _next_start(raw: BinaryIO, start: int, last: int) -> int | None:
    """Find the next byte at which a record starts, zipped or not, up to `last`."""
    while start <= last:
        raw.seek(start)
        window = raw.read(min(_STEP, last - start + _LONGEST_START))
        for found in _START.finditer(window):
            place = start + found.start()
            if place > last:
                return None
            if found[0].startswith(b"WARC/") or _holds_record(raw, place):
                return place
        if len(window) <= _LONGEST_START:
            return None
        start += len(window) - _LONGEST_START
    return None


def _holds_record(raw: BinaryIO, start: int) -> bool:
    raw.seek(start)
    try:
        unzipped = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(raw.read(_STEP), 5)
    except zlib.error:
        return False
    return unzipped == b"WARC/"
