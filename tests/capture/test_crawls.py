"""Crawl files: told by their names, read by their formats, and refused in a sentence."""

from __future__ import annotations

import gzip
import io
import json
import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.capture.crawls import CRAWL_SUFFIXES, Columns, RawPage, is_crawl, read_crawl
from khobor.errors import KhoborError, UsageError
from khobor.records import Reject

TEXT = "হাওরের নৌকা ঘাটে ফিরেছে।"
LINE = json.dumps({"text": TEXT}).encode() + b"\n"
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>" + TEXT.encode()
WARC = (
    b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http\r\nContent-Length: %d\r\n\r\n"
    b"%s\r\n\r\n" % (len(HTTP), HTTP)
)


def parquet() -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table({"text": [TEXT]}), out)
    return out.getvalue()


FILES = {
    "a.warc": WARC,
    "a.warc.gz": gzip.compress(WARC),
    "a.jsonl": LINE,
    "a.jsonl.gz": gzip.compress(LINE),
    "a.ndjson": LINE,
    "a.ndjson.gz": gzip.compress(LINE),
    "a.json.gz": gzip.compress(LINE),
    "a.csv": f"text\n{TEXT}\n".encode(),
    "a.csv.gz": gzip.compress(f"text\n{TEXT}\n".encode()),
    "a.parquet": parquet(),
}


def test_every_kind_of_crawl_file_has_its_test() -> None:
    assert sorted(FILES) == sorted(f"a{suffix}" for suffix in CRAWL_SUFFIXES)


@pytest.mark.parametrize("name", FILES)
def test_a_crawl_file_is_told_by_its_name_and_read(name: str, tmp_path: Path) -> None:
    for named in (name, name.upper()):
        assert is_crawl(named)
        path = tmp_path / named
        path.write_bytes(FILES[name])
        (page,) = read_crawl(path, source=f"folder/{named}")
        assert isinstance(page, RawPage)
        assert page.source == f"folder/{named}#1"
        assert page.payload.decode().removeprefix("<html>") == TEXT


@pytest.mark.parametrize(
    "name", ["a.html", "a.txt", "a.json", "a.gz", "warc", "a.warc.zst", "a.jsonl.bak", "jsonl"]
)
def test_another_file_is_no_crawl(name: str, tmp_path: Path) -> None:
    assert not is_crawl(name)
    (tmp_path / name).write_bytes(LINE)
    with pytest.raises(UsageError, match=r"expected \.warc, \.warc\.gz"):
        list(read_crawl(tmp_path / name, source=name))


def test_gzip_is_told_by_its_first_bytes_not_by_the_name(tmp_path: Path) -> None:
    for name, raw in (("a.jsonl", gzip.compress(LINE)), ("a.jsonl.gz", LINE), ("a.warc.gz", WARC)):
        (tmp_path / name).write_bytes(raw)
        (page,) = read_crawl(tmp_path / name, source=name)
        assert isinstance(page, RawPage)


def test_columns_are_passed_on(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(LINE)
    (page,) = read_crawl(path, source="a.jsonl", columns=Columns(text=("article",)))
    assert isinstance(page, Reject)
    assert (page.source, page.reason) == ("a.jsonl#1", "empty")


@pytest.mark.parametrize("raw", [b"", b"\n \n", gzip.compress(b"", mtime=0)])
def test_a_file_without_a_page_is_one_reject(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(raw)
    (page,) = read_crawl(path, source="a.jsonl")
    assert isinstance(page, Reject)
    assert (page.source, page.reason) == ("a.jsonl", "empty")


def test_a_warc_file_of_other_records_is_one_reject(tmp_path: Path) -> None:
    path = tmp_path / "a.warc"
    path.write_bytes(WARC.replace(b"200 OK", b"404 No"))
    (page,) = read_crawl(path, source="a.warc")
    assert isinstance(page, Reject)
    assert (page.source, page.reason) == ("a.warc", "empty")


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_cannot_be_opened_is_an_error(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        list(read_crawl(tmp_path / name, source=name))
    (tmp_path / name).mkdir()
    with pytest.raises(UsageError, match="is no file"):
        list(read_crawl(tmp_path / name, source=name))


def test_a_pipe_does_not_keep_its_reader_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jsonl")
    with pytest.raises(UsageError, match="is no file"):
        list(read_crawl(tmp_path / "a.jsonl", source="a.jsonl"))


@pytest.mark.parametrize("name", FILES)
@given(raw=st.binary(max_size=300), keep=st.integers(0, 400))
def test_no_input_raises_anything_but_an_error_of_khobor(
    name: str, raw: bytes, keep: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(FILES[name][:keep] + raw)
    try:
        found = list(read_crawl(path, source=name))
    except KhoborError:
        return
    assert found
    assert all(page.source.split("#")[0] == name for page in found)
