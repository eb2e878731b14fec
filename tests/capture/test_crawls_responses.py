"""HTTP responses of a crawl: which deliver a page, and the page without its encodings."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zlib
from collections.abc import Callable
from typing import BinaryIO

import pytest
from fastwarc.stream_io import BrotliWriter, GzipWriter, WarcWriter, ZstdWriter
from hypothesis import given
from hypothesis import strategies as st

from khobor.capture.crawls import RawPage
from khobor.capture.decoding import MAX_PAGE_BYTES
from khobor.records import Reject
from tests.crawls import HTML, OTHER, SECOND, URL, http, pages, read, record, rejected


@pytest.mark.parametrize(
    "block",
    [
        http(HTML, status="404 Not Found"),
        http(HTML, status="206 Partial Content"),
        http(b"", "Location: /18", status="301 Moved Permanently"),
        http(b'{"a": 1}', kind="application/json"),
        http(HTML, kind="text/plain"),
        http(b"\x89PNG\r\n", kind=None),
        http(b"<?xml version='1.0'?><rss></rss>", kind="application/octet-stream"),
    ],
)
def test_a_response_that_is_no_page_is_passed_over(block: bytes) -> None:
    assert pages(record(block) + SECOND) == [OTHER]


@pytest.mark.parametrize("warc_type", ["request", "metadata", "revisit", "warcinfo", "conversion"])
def test_a_record_that_is_no_response_is_passed_over(warc_type: str) -> None:
    assert pages(record(http(HTML), warc_type=warc_type) + SECOND) == [OTHER]


@pytest.mark.parametrize(
    "kind", ["text/html", "TEXT/HTML;charset=x", "text/html, text/html", "application/xhtml+xml"]
)
def test_html_is_told_by_its_media_type_whatever_it_looks_like(kind: str) -> None:
    assert pages(record(http(b"\xff\xfe<", kind=kind))) == [b"\xff\xfe<"]


@pytest.mark.parametrize("kind", [None, "", "application/octet-stream", "*/*"])
@pytest.mark.parametrize(
    "start", [b"", b"\xef\xbb\xbf\r\n ", b'<?xml version="1.0" encoding="utf-8"?>\n']
)
def test_html_of_an_unknown_type_is_told_by_its_first_tag(kind: str | None, start: bytes) -> None:
    assert pages(record(http(start + HTML, kind=kind))) == [start + HTML]
    bare = start + b"<HTML lang=bn><p>x"
    assert pages(record(http(bare, kind=kind))) == [bare]


def test_a_resource_is_a_page_by_its_own_type() -> None:
    assert pages(record(HTML, warc_type="resource", kind="text/html")) == [HTML]
    assert pages(record(b"log", warc_type="resource", kind="text/plain") + SECOND) == [OTHER]


def test_the_payload_is_verbatim_whatever_charset_it_declares() -> None:
    body = HTML + b"\xff\x00\r\n"
    assert pages(record(http(body, kind="text/html; charset=iso-8859-1"))) == [body]
    assert pages(record(http(body).replace(b"HTTP/1.1 200 OK\r\n", b"HTTP/2 200\r\n"))) == [body]


# --- transfer and content encodings -----------------------------------------------------------


def chunked(body: bytes, size: int = 40) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def bare_deflate(body: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(body) + deflater.flush()


def brotli(body: bytes) -> bytes:
    out = io.BytesIO()
    with BrotliWriter(out) as writer:
        writer.write(body)
    return out.getvalue()


def zstd(body: bytes) -> bytes:
    out = io.BytesIO()
    with ZstdWriter(out) as writer:
        writer.write(body)
    return out.getvalue()


ENCODINGS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "GZIP": gzip.compress,
    "deflate": zlib.compress,
    "deflate ": bare_deflate,
    "br": brotli,
    "zstd": zstd,
    "br, gzip": lambda body: gzip.compress(brotli(body)),
    "identity": lambda body: body,
    "none": lambda body: body,
}


@pytest.mark.parametrize(("name", "encode"), ENCODINGS.items())
def test_a_content_encoding_is_undone(name: str, encode) -> None:  # type: ignore[no-untyped-def]
    block = http(encode(HTML), f"Content-Encoding: {name}")
    assert pages(record(block)) == [HTML]
    both = http(chunked(encode(HTML)), f"Content-Encoding: {name}", "Transfer-Encoding: chunked")
    assert pages(record(both)) == [HTML]


@pytest.mark.parametrize("name", ["gzip", "deflate", "br", "zstd", "gzip, br", "compress"])
def test_an_encoding_that_the_crawler_undid_already_is_passed_over(name: str) -> None:
    assert pages(record(http(HTML, f"Content-Encoding: {name}"))) == [HTML]
    assert pages(record(http(HTML, "Transfer-Encoding: chunked"))) == [HTML]
    assert pages(record(http(b"plain words", "Content-Encoding: gzip"))) == [b"plain words"]


@pytest.mark.parametrize(
    "body",
    [
        chunked(HTML).replace(b"28\r\n", b"28;name=value\r\n"),
        chunked(HTML).replace(b"28\r\n", b"00028 \r\n"),
        chunked(HTML).replace(b"\r\n", b"\n"),
        chunked(HTML)[:-2] + b"Expires: 0\r\n\r\n",
        chunked(HTML)[:-5],
        chunked(HTML, 7),
    ],
)
def test_chunks_are_joined_however_they_are_written(body: bytes) -> None:
    assert pages(record(http(body, "Transfer-Encoding: chunked"))) == [HTML]


def test_what_a_cut_body_has_is_taken() -> None:
    """Common Crawl cuts long pages; a browser shows the part that came."""
    (page,) = pages(record(http(chunked(HTML)[:60], "Transfer-Encoding: chunked")))
    assert page == HTML[:50]  # a chunk of 40 and 10 bytes of the next
    assert pages(record(http(chunked(HTML)[:47], "Transfer-Encoding: chunked"))) == [HTML[:40]]
    (page,) = pages(record(http(gzip.compress(HTML * 99)[:-20], "Content-Encoding: gzip")))
    assert HTML in page
    assert (HTML * 99).startswith(page)


def test_a_body_of_several_gzip_members_is_joined() -> None:
    body = gzip.compress(HTML[:20]) + gzip.compress(HTML[20:])
    assert pages(record(http(body, "Content-Encoding: gzip"))) == [HTML]


@pytest.mark.parametrize(
    ("block", "word"),
    [
        (http(gzip.compress(HTML)[:10] + b"\xff" * 30, "Content-Encoding: gzip"), "gzip"),
        (http(brotli(HTML)[:-9] + b"?" * 9, "Content-Encoding: br"), "br"),
        (http(gzip.compress(HTML) * 101, "Content-Encoding: gzip"), "gzip"),
        (http(b"\x1f\x9d\x90", "Content-Encoding: compress"), "'compress'"),
        (http(b"?", "Content-Encoding: " + "gzip, " * 9), "content encodings"),
        (http(b"28\r\n" + HTML[:40] + b"\r\nxx\r\n", "Transfer-Encoding: chunked"), "byte 46"),
        (b"HTTP/1.1 OK\r\n\r\n" + HTML, "HTTP header"),
        (HTML, "HTTP header"),
        (b"", "HTTP header"),
        (http(HTML, *(f"X-{number}: y" for number in range(200))), "HTTP header"),
    ],
)
def test_a_page_whose_encoding_cannot_be_undone_is_rejected(block: bytes, word: str) -> None:
    reject = rejected(record(block))
    assert (reject.source, reject.reason) == ("crawl.warc.gz#1", "undecodable")
    assert word in reject.detail


CRUMB = b"1;" + b"n" * 900 + b"\r\n<\r\n"  # a chunk of one byte


def bomb(size: int) -> bytes:
    return gzip.compress(b"<html>" + bytes(size), compresslevel=1)


@pytest.mark.parametrize(
    "block",
    [
        http(b"<html>" + bytes(MAX_PAGE_BYTES)),
        http(chunked(b"<html>" + bytes(MAX_PAGE_BYTES), 1 << 20), "Transfer-Encoding: chunked"),
        http(bomb(3 * MAX_PAGE_BYTES), "Content-Encoding: gzip"),
        http(zlib.compress(bytes(3 * MAX_PAGE_BYTES)), "Content-Encoding: deflate"),
        http(brotli(bytes(3 * MAX_PAGE_BYTES)), "Content-Encoding: br"),
        http(gzip.compress(bomb(3 * MAX_PAGE_BYTES)), "Content-Encoding: gzip, gzip"),
        http(gzip.compress(bytes(MAX_PAGE_BYTES)) * 3, "Content-Encoding: gzip"),
        http(bytes(2 * MAX_PAGE_BYTES)),
        http(CRUMB * (MAX_PAGE_BYTES // 800), "Transfer-Encoding: chunked"),
        http(CRUMB * (MAX_PAGE_BYTES // 800) + HTML, "Transfer-Encoding: chunked"),
    ],
    ids=[
        "plain",
        "chunked",
        "gzip",
        "deflate",
        "br",
        "gzip-gzip",
        "members",
        "twice",
        "crumbs",
        "crumbs-cut",
    ],
)
def test_a_page_that_is_too_large_is_rejected_and_reading_goes_on(block: bytes) -> None:
    first, second = read(record(block) + SECOND)
    assert isinstance(first, Reject)
    assert (first.source, first.reason) == ("crawl.warc.gz#1", "too-large")
    assert second == RawPage(
        "crawl.warc.gz#2", OTHER, "html", URL, captured_at="2021-10-05T04:30:15Z"
    )


@pytest.mark.parametrize(
    ("name", "writer"), [("gzip", GzipWriter), ("br", BrotliWriter), ("zstd", ZstdWriter)]
)
def test_a_bomb_is_not_held_whole(name: str, writer: Callable[[BinaryIO], WarcWriter]) -> None:
    out = io.BytesIO()
    with writer(out) as encoded:
        for _ in range(100):
            encoded.write(bytes(1024 * 1024))
    raw = record(http(out.getvalue(), f"Content-Encoding: {name}"))
    tracemalloc.start()
    assert rejected(raw).reason == "too-large"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5 * MAX_PAGE_BYTES


def test_a_resource_that_is_too_large_is_rejected() -> None:
    raw = record(HTML.ljust(MAX_PAGE_BYTES + 1), warc_type="resource", kind="text/html")
    assert rejected(raw).reason == "too-large"


def test_the_longest_page_is_read() -> None:
    (page,) = pages(record(http(HTML.ljust(MAX_PAGE_BYTES))))
    assert len(page) == MAX_PAGE_BYTES


def test_a_large_record_that_is_no_page_is_passed_over() -> None:
    video = record(http(bytes(2 * MAX_PAGE_BYTES), kind="video/mp4"))
    assert pages(video + SECOND + video) == [OTHER]


@given(st.binary(max_size=60), st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br"]))
def test_any_body_is_a_page_or_a_reject(body: bytes, encoding: str) -> None:
    (page,) = read(
        record(http(body, f"Content-Encoding: {encoding}", "Transfer-Encoding: chunked"))
    )
    assert isinstance(page, RawPage) or page.reason == "undecodable"
