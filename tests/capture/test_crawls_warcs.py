"""WARC files: of Common Crawl and of wget, whole and damaged in every way a file can be."""

from __future__ import annotations

import gzip
import hashlib
import io
import sys
from pathlib import Path

import pytest
from fastwarc.warc import WarcRecord, WarcRecordType
from hypothesis import given
from hypothesis import strategies as st

from khobor.capture.crawls import RawPage, read_crawl
from khobor.capture.warcs import MAX_DAMAGES, read_warc
from khobor.errors import UsageError
from khobor.records import Reject
from tests.crawls import (
    FIRST,
    HTML,
    METADATA,
    OTHER,
    REQUEST,
    SECOND,
    URL,
    WARCINFO,
    http,
    pages,
    read,
    record,
    zipped,
)


def outline(raw: bytes) -> list[tuple[str, str]]:
    """Turn a damaged file into its numbers, each with `first`, `other` or the Reject's reason."""
    names = {HTML: "first", OTHER: "other"}
    return [
        (
            page.source.split("#")[1],
            page.reason if isinstance(page, Reject) else names[page.payload],
        )
        for page in read(raw)
    ]


# --- whole files ------------------------------------------------------------------------------


@pytest.mark.parametrize("zip_up", [b"".join, lambda records: zipped(*records)])
def test_a_crawl_gives_its_html_responses_with_their_address_and_time(zip_up) -> None:  # type: ignore[no-untyped-def]
    raw = zip_up([WARCINFO, REQUEST, FIRST, METADATA, REQUEST, SECOND, METADATA])
    assert read(raw) == [
        RawPage("crawl.warc.gz#3", HTML, "html", URL, captured_at="2021-10-05T04:30:15Z"),
        RawPage("crawl.warc.gz#6", OTHER, "html", URL, captured_at="2021-10-05T04:30:15Z"),
    ]


def test_a_file_zipped_as_one_is_read_too() -> None:
    assert pages(gzip.compress(WARCINFO + FIRST + SECOND)) == [HTML, OTHER]
    assert pages(zipped(WARCINFO + FIRST, SECOND + METADATA)) == [HTML, OTHER]


def test_plain_and_zipped_records_may_follow_each_other() -> None:
    assert pages(FIRST + zipped(SECOND) + FIRST) == [HTML, OTHER, HTML]
    assert pages(zipped(FIRST) + SECOND + zipped(FIRST)) == [HTML, OTHER, HTML]


def test_a_file_that_fastwarc_writes_is_read() -> None:
    out = io.BytesIO()
    for body in (HTML, OTHER):
        written = WarcRecord()
        written.init_headers(WarcRecordType.response, content_length=len(http(body)))
        written.headers["WARC-Target-URI"] = URL
        written.is_http = True
        written.set_bytes_content(http(body))
        written.write(out, checksum_data=True)
    assert pages(out.getvalue()) == [HTML, OTHER]


def test_the_brackets_that_wget_puts_around_an_address_are_taken_off() -> None:
    (page,) = read(record(http(HTML), url=f"<{URL}>"))
    assert isinstance(page, RawPage)
    assert page.url == URL


# --- damage -----------------------------------------------------------------------------------

LONG = record(http(HTML), length=len(http(HTML)) + 50)
SHORT = record(http(HTML), length=len(http(HTML)) - 10)
JUNK = b"not a record\r\n" * 3
FLIPPED = bytearray(zipped(FIRST))
FLIPPED[-6] ^= 0xFF  # in the checksum


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        # cut, anywhere
        (FIRST + SECOND[:-40], "first unreadable"),
        (FIRST + SECOND[:60], "first unreadable"),
        (FIRST + SECOND[: SECOND.index(b"Content-Length") + 17], "first unreadable"),
        (FIRST + SECOND[:3], "first unreadable"),
        (FIRST + SECOND[:-4], "first other"),  # the line ends behind a record are not missed
        (zipped(FIRST, SECOND)[:-40], "first unreadable"),
        (zipped(FIRST, SECOND)[:-3], "first unreadable"),
        (zipped(FIRST) + zipped(SECOND)[:60], "first unreadable"),
        (zipped(FIRST) + b"\x1f", "first unreadable"),
        (gzip.compress(FIRST + SECOND)[:-9], "first unreadable"),
        # records that lie about their length
        (LONG + SECOND + FIRST, "unreadable other first"),
        (SHORT + SECOND + FIRST, "unreadable other first"),
        (zipped(LONG, SECOND, FIRST), "unreadable other first"),
        (zipped(SHORT, SECOND, FIRST), "unreadable other first"),
        (FIRST + SHORT, "first unreadable"),
        (zipped(FIRST, SHORT), "first unreadable"),
        (record(http(HTML), length=10**15) + SECOND, "unreadable other"),
        (zipped(record(http(HTML), length=10**15), SECOND), "unreadable other"),
        (record(http(HTML), length=10**30) + SECOND, "unreadable other"),
        (record(http(HTML), length=-1) + SECOND, "unreadable other"),
        (record(http(HTML), length="") + SECOND, "unreadable other"),
        (record(http(HTML), length="0x10") + SECOND, "unreadable other"),
        (FIRST + SECOND.replace(b"Content-Length:", b"Content-Length :", 1), "first unreadable"),
        (FIRST.replace(b"Content-Length", b"Content-Lies") + SECOND, "unreadable other"),
        (record(b"GET /", warc_type="request", length=400) + SECOND, "unreadable other"),
        # what is no record
        (JUNK, "unreadable"),
        (JUNK + FIRST, "unreadable first"),
        (FIRST + JUNK + SECOND, "first unreadable other"),
        (FIRST + b"?\r\n" + SECOND, "first unreadable other"),
        (FIRST[:-4] + b"WARC/1.0\r\nX: " + b"y" * 70_000, "first unreadable"),
        (zipped(FIRST) + JUNK + zipped(SECOND), "first unreadable other"),
        (zipped(FIRST) + bytes(FLIPPED) + zipped(SECOND), "first unreadable other"),
        # of records zipped together nobody can tell where the damage begins
        (gzip.compress(WARCINFO + FIRST) + bytes(FLIPPED) + zipped(SECOND), "unreadable other"),
        (FIRST + bytes(600), "first unreadable"),
        (zipped(FIRST) + bytes(600), "first unreadable"),
        (FIRST + b"\r\n" * 9, "first"),
        (b"\r\n" + FIRST + b"\r\n\r\n" + SECOND, "first other"),
        (FIRST.replace(b"WARC-Type", b"X: " + b"y" * 70_000 + b"\r\nWARC-Type") + SECOND, "unreadable other"),
        (FIRST.replace(b"WARC-Type", b"X-Type") + SECOND, "unreadable other"),
    ],
)  # fmt: skip
def test_what_can_be_read_of_a_damaged_file_is_read(raw: bytes, expected: str) -> None:
    found = outline(raw)
    assert " ".join(what for _, what in found) == expected
    numbers = [int(number) for number, _ in found]
    assert numbers == sorted(set(numbers))


def test_a_reject_of_damage_says_where_it_is_and_where_reading_goes_on() -> None:
    _, reject, page = read(FIRST + JUNK + SECOND)
    assert isinstance(reject, Reject)
    assert reject.source == "crawl.warc.gz#2"
    assert f"at byte {len(FIRST):,} " in reject.detail
    assert f"goes on at byte {len(FIRST + JUNK):,}" in reject.detail
    assert isinstance(page, RawPage)
    assert page.source == "crawl.warc.gz#3"


def test_the_checksum_of_a_long_record_counts() -> None:
    noise = b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(10_000))
    raw = bytearray(zipped(record(http(b"<html>" + noise))))
    assert pages(zipped(SECOND) + bytes(raw)) == [OTHER, b"<html>" + noise]
    raw[-6] ^= 0xFF
    assert outline(zipped(SECOND) + bytes(raw)) == [("1", "other"), ("2", "unreadable")]
    assert outline(bytes(raw) + zipped(SECOND)) == [("1", "unreadable"), ("2", "other")]


def test_a_file_of_damage_alone_comes_to_an_end() -> None:
    found = read(b"WARC/1.0\r\nA:" * 5_000)
    assert len(found) == MAX_DAMAGES
    assert isinstance(found[-1], Reject)
    assert "the rest is not read" in found[-1].detail
    looks_zipped = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
    assert len(read(looks_zipped * 5_000)) == 1


def test_an_empty_file_has_no_page() -> None:
    assert read(b"") == []


WHOLE = [record(http(b"<html>%d" % number)) for number in range(4)]


FORMS = {
    "plain": b"".join(WHOLE),
    "zipped": zipped(*WHOLE),
    "zipped as one": gzip.compress(b"".join(WHOLE), mtime=0),
}


@given(
    st.sampled_from(sorted(FORMS)),
    st.lists(st.tuples(st.integers(0), st.integers(0, 30), st.binary(max_size=20)), max_size=4),
)
def test_damage_never_raises_and_never_loses_count(
    form: str, changes: list[tuple[int, int, bytes]]
) -> None:
    raw = bytearray(FORMS[form])
    for place, dropped, put_in in changes:
        at = place % (len(raw) + 1)
        raw[at : at + dropped] = put_in
    found = read(bytes(raw))
    assert found == read(bytes(raw))
    numbers = [int(page.source.split("#")[1]) for page in found]
    assert numbers == sorted(set(numbers))
    if form != "plain":  # where no checksum stands, a changed word of a header may pass
        assert len(found) == 4 or any(isinstance(page, Reject) for page in found)


@given(st.binary(max_size=300), st.sampled_from([b"", b"WARC/1.0\r\n", b"\x1f\x8b\x08\x00", FIRST]))
def test_any_bytes_end_in_pages_and_rejects(raw: bytes, start: bytes) -> None:
    for page in read(start + raw):
        assert isinstance(page, RawPage | Reject)


# --- the library ------------------------------------------------------------------------------


def test_without_fastwarc_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "crawl.warc"
    path.write_bytes(FIRST)
    monkeypatch.setitem(sys.modules, "fastwarc", None)
    monkeypatch.setitem(sys.modules, "fastwarc.warc", None)
    with pytest.raises(UsageError, match=r"pip install 'khobor\[warc\]'"):
        list(read_crawl(path, source="crawl.warc"))


def test_a_crawl_is_read_as_its_pages_are_asked_for() -> None:
    raw = io.BytesIO(FIRST * 5_000)
    crawl = read_warc(raw, source="crawl.warc")
    assert isinstance(next(crawl), RawPage)
    assert raw.tell() < len(raw.getvalue()) / 10
    assert sum(1 for _ in crawl) == 4_999
