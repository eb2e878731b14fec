"""WARC records and files for the tests of crawls, made byte by byte."""

from __future__ import annotations

import gzip
import io

from khobor.capture.crawls import RawPage
from khobor.capture.warcs import read_warc
from khobor.records import Reject

HTML = "<!DOCTYPE html><html><body><p>চরে নতুন স্কুলের ক্লাস শুরু হয়েছে।</p></body></html>".encode()
OTHER = HTML.replace("চরে".encode(), "হাওরে".encode())
URL = "https://dhaleshwari.example/news/17"


def http(
    body: bytes,
    *headers: str,
    status: str = "200 OK",
    kind: str | None = "text/html; charset=utf-8",
) -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers]
    if kind is not None:
        lines.append(f"Content-Type: {kind}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def record(
    block: bytes,
    *headers: str,
    warc_type: str = "response",
    length: int | str | None = None,
    kind: str | None = "application/http; msgtype=response",
    url: str = URL,
) -> bytes:
    lines = [
        "WARC/1.0",
        f"WARC-Type: {warc_type}",
        "WARC-Record-ID: <urn:uuid:0b7d1a52-6d5e-4b8f-9d1e-1f2a3b4c5d6e>",
        "WARC-Date: 2021-10-05T04:30:15Z",
        f"WARC-Target-URI: {url}",
        *headers,
        f"Content-Length: {len(block) if length is None else length}",
    ]
    if kind is not None:
        lines.append(f"Content-Type: {kind}")
    return "\r\n".join([*lines, "", ""]).encode() + block + b"\r\n\r\n"


def zipped(*records: bytes) -> bytes:
    return b"".join(gzip.compress(one, mtime=0) for one in records)


def read(raw: bytes) -> list[RawPage | Reject]:
    return list(read_warc(io.BytesIO(raw), source="crawl.warc.gz"))


def pages(raw: bytes) -> list[bytes]:
    """Read a file without damage."""
    found = read(raw)
    assert [page for page in found if isinstance(page, Reject)] == []
    return [page.payload for page in found if isinstance(page, RawPage)]


def rejected(raw: bytes) -> Reject:
    (page,) = read(raw)
    assert isinstance(page, Reject)
    return page


FIRST = record(http(HTML))
SECOND = record(http(OTHER))
WARCINFO = record(
    b"software: Wget/1.21\r\nformat: WARC File Format 1.0\r\n",
    warc_type="warcinfo",
    kind="application/warc-fields",
)
REQUEST = record(
    b"GET /news/17 HTTP/1.1\r\nHost: dhaleshwari.example\r\n\r\n",
    warc_type="request",
    kind="application/http; msgtype=request",
)
METADATA = record(b"fetchTimeMs: 12\r\n", warc_type="metadata", kind="application/warc-fields")
