"""Tables of pages, JSON Lines and Parquet: rows to raw pages, and what is wrong with the others."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import tracemalloc
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.capture.decoding import MAX_PAGE_BYTES
from khobor.capture.rawpages import DEFAULT_COLUMNS, Columns, RawLine, RawPage
from khobor.capture.tables import MAX_LINE_BYTES, cut_json_lines, parse_line, read_parquet
from khobor.records import Reject

TITLE = "হাওরে নৌকাডুবি"
TEXT = "সুনামগঞ্জের হাওরে নৌকা ডুবে গেছে।\n\nসবাই সাঁতরে তীরে উঠেছেন।"
HTML = f"<html><h1>{TITLE}</h1><p>{TEXT}</p></html>"
BIG = "ক" * (MAX_PAGE_BYTES // 3)  # of 3 bytes each
ROW = {"title": TITLE, "text": TEXT, "url": "https://haor.example/3", "date": "2023-07-19"}


def _parsed(raw: BinaryIO, columns: Columns) -> Iterator[RawPage | Reject]:
    for found in cut_json_lines(raw, source="crawl.jsonl"):
        yield parse_line(found, columns) if isinstance(found, RawLine) else found


def from_lines(raw: bytes, columns: Columns = DEFAULT_COLUMNS) -> list[RawPage | Reject]:
    return list(_parsed(io.BytesIO(raw), columns))


def from_parquet(raw: bytes, columns: Columns = DEFAULT_COLUMNS) -> list[RawPage | Reject]:
    return list(read_parquet(io.BytesIO(raw), source="crawl.parquet", columns=columns))


def lines(*rows: object, ascii_only: bool = False) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=ascii_only) + "\n" for row in rows).encode()


def parquet(columns: dict[str, Any], **options: Any) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out, **options)
    return out.getvalue()


def reasons(found: list[RawPage | Reject]) -> list[str]:
    return [entry.reason if isinstance(entry, Reject) else entry.medium for entry in found]


# --- JSON Lines -------------------------------------------------------------------------------


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("zip_up", [bytes, gzip.compress])
def test_a_line_is_a_page_and_its_number_is_the_lines(zip_up, ascii_only: bool) -> None:  # type: ignore[no-untyped-def]
    raw = b"\xef\xbb\xbf" + lines(ROW) + b"\r\n \n" + lines({"html": HTML}, ascii_only=ascii_only)
    found = from_lines(zip_up(raw.rstrip()))
    assert [entry.source for entry in found] == ["crawl.jsonl#1", "crawl.jsonl#4"]
    assert reasons(found) == ["text", "html"]


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (b"{", "line 2 is no JSON (character 2"),
        (lines(ROW)[:40], "is "),
        (b'{"text": "a"} {"text": "b"}', "is no JSON (character 15"),
        (b'["text"]', "no object"),
        (b"7", "no object"),
        (b"\xff\xfe{}", "is not UTF-8 (byte 1)"),
        (b"[" * 100_000, "is no JSON that can be read"),
        (b'{"text": ' + b"7" * 5_000 + b"}", "is no JSON that can be read"),
        (b"\x00\x00", "is no JSON"),
    ],
)
def test_a_line_that_is_no_object_is_rejected_and_reading_goes_on(line: bytes, word: str) -> None:
    found = from_lines(lines(ROW) + line + b"\n" + lines(ROW))
    assert reasons(found) == ["text", "undecodable", "text"]
    assert isinstance(found[1], Reject)
    assert found[1].source == "crawl.jsonl#2"
    assert word in found[1].detail


def test_numbers_that_json_has_not_are_read_as_python_writes_them() -> None:
    assert reasons(from_lines(b'{"score": NaN, "text": "\xe0\xa6\x95"}\n')) == ["text"]


def test_a_line_that_is_too_long_is_rejected_and_reading_goes_on() -> None:
    long = b'{"text": "' + b"x" * MAX_LINE_BYTES + b'"}\n'
    found = from_lines(lines(ROW) + long + lines(ROW) + long.rstrip())
    assert reasons(found) == ["text", "too-large", "text", "too-large"]
    assert found[1].source == "crawl.jsonl#2"


def test_the_longest_page_is_read_however_it_is_escaped() -> None:
    assert reasons(from_lines(lines({"html": BIG}, ascii_only=True))) == ["html"]


def test_a_line_of_the_greatest_length_is_read() -> None:
    fits = b" " * (MAX_LINE_BYTES - len(lines(ROW))) + lines(ROW)
    assert reasons(from_lines(fits + lines(ROW))) == ["text", "text"]
    assert reasons(from_lines(b" " + fits + lines(ROW))) == ["too-large", "text"]


def test_a_gzip_file_that_breaks_off_says_so_behind_its_good_rows() -> None:
    rows = lines(*({"text": f"{TEXT} {number * 7919 % 10_000}"} for number in range(2_000)))
    zipped = gzip.compress(rows)
    found = from_lines(zipped[: len(zipped) // 2])
    last = found.pop()
    assert isinstance(last, Reject)
    assert last.reason == "unreadable"
    assert last.source == f"crawl.jsonl#{len(found) + 1}"
    assert f"breaks off behind line {len(found):,}" in last.detail
    assert 500 < len(found) < 2_000
    assert found == from_lines(rows)[: len(found)]


@pytest.mark.parametrize(
    ("raw", "good"),
    [
        (gzip.compress(lines(ROW), mtime=0)[:-6] + bytes(6), 1),  # the checksum
        (gzip.compress(lines(ROW), mtime=0) + b"junk", 1),
        (gzip.compress(lines(ROW), mtime=0) + gzip.compress(lines(ROW))[:12], 1),
        (gzip.compress(lines(ROW), mtime=0)[:14] + b"\xff" * 20, 0),
        (b"\x1f\x8b", 0),
        (b"\x1f\x8b\x08\xff", 0),
    ],
)
def test_a_damaged_gzip_file_ends_with_a_reject(raw: bytes, good: int) -> None:
    assert reasons(from_lines(raw)) == ["text"] * good + ["unreadable"]


def test_lines_are_read_as_they_are_asked_for() -> None:
    raw = io.BytesIO(lines(ROW) * 20_000)
    found = _parsed(raw, DEFAULT_COLUMNS)
    assert isinstance(next(found), RawPage)
    assert raw.tell() < len(raw.getvalue()) / 10
    assert sum(1 for _ in found) == 19_999


def test_gzip_files_one_behind_the_other_are_one() -> None:
    assert reasons(from_lines(gzip.compress(lines(ROW), mtime=0) * 3)) == ["text"] * 3


def test_a_gzip_bomb_does_not_exhaust_memory() -> None:
    """A line of 150 MB in a file of 1 MB."""
    deflater = zlib.compressobj(1, wbits=16 + zlib.MAX_WBITS)
    zeros = bytes(1024 * 1024)
    bomb = b"".join(deflater.compress(zeros) for _ in range(150)) + deflater.flush()
    tracemalloc.start()
    assert reasons(from_lines(bomb)) == ["too-large"]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 * MAX_LINE_BYTES


@given(st.binary(max_size=200), st.sampled_from([b"", b"\x1f\x8b\x08\x00", lines(ROW)]))
def test_any_bytes_are_lines_or_rejects(raw: bytes, start: bytes) -> None:
    for form in (start + raw, gzip.compress(start + raw)):
        found = from_lines(form)
        assert found == from_lines(form)
        assert {type(entry) for entry in found} <= {RawPage, Reject}
        assert len({entry.source for entry in found}) == len(found)


# --- Parquet ----------------------------------------------------------------------------------


def test_a_row_is_a_page_and_only_the_columns_that_count_are_read() -> None:
    raw = parquet(
        {
            "id": [1, 2, 3],
            "title": [TITLE, None, ""],
            "text": [TEXT, "", TEXT],
            "html": [None, HTML, " "],
            "url": ["https://haor.example/3", None, None],
            "date": [dt.date(2023, 7, 19), None, dt.date(1970, 1, 1)],
            "embedding": [[0.1, 0.2]] * 3,
        }
    )
    found = from_parquet(raw)
    assert [entry.source for entry in found] == [f"crawl.parquet#{row}" for row in (1, 2, 3)]
    first, second, third = found
    assert first == RawPage(
        source="crawl.parquet#1",
        payload=f"{TITLE}\n\n{TEXT}".encode(),
        medium="text",
        url="https://haor.example/3",
        published_at="2023-07-19",
        title=TITLE,
    )
    assert second == RawPage("crawl.parquet#2", HTML.encode(), "html")
    assert third == RawPage("crawl.parquet#3", TEXT.encode(), "text")


@pytest.mark.parametrize(
    "values",
    [
        pa.array([TEXT, None]),
        pa.array([TEXT, None], pa.large_string()),
        pa.array([TEXT.encode(), None]),
        pa.array([TEXT, None]).dictionary_encode(),
        pa.ExtensionArray.from_storage(pa.json_(), pa.array([TEXT, None])),
        pa.array([TEXT.split("\n\n"), None]),
        pa.array([TEXT.split("\n\n"), []], pa.large_list(pa.large_string())),
    ],
    ids=lambda values: str(values.type)[:20],
)
def test_strings_are_read_in_every_form_that_parquet_has(values: pa.Array) -> None:
    first, second = from_parquet(parquet({"text": values}))
    assert isinstance(first, RawPage)
    assert first.payload.decode() == TEXT
    assert isinstance(second, Reject)
    assert second.reason == "empty"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([dt.date(2023, 7, 19)], pa.date64()), "2023-07-19"),
        (pa.array([dt.datetime(2023, 7, 19, 10, 30)]), "2023-07-19T10:30:00"),
        (pa.array([1689755400123456789], pa.timestamp("ns")), "2023-07-19T08:30:00"),
        (pa.array([1689755400], pa.timestamp("s", "UTC")), "2023-07-19T08:30:00Z"),
        (pa.array([1689755400], pa.timestamp("s", "Asia/Dhaka")), "2023-07-19T14:30:00+0600"),
        (pa.array(["১৯ জুলাই ২০২৩, ১০:৩০"]), "2023-07-19T10:30"),
        (pa.array([1689755400]), None),  # of seconds or milliseconds: nobody says
        (pa.array([{"day": 19}]), None),
        (pa.array([None], pa.null()), None),
    ],
)
def test_a_date_is_read_in_every_form_that_parquet_has(
    values: pa.Array, expected: str | None
) -> None:
    (found,) = from_parquet(parquet({"text": [TEXT], "date": values}))
    assert isinstance(found, RawPage)
    assert found.published_at == expected


def test_invalid_utf8_is_rejected_as_text_and_verbatim_as_html() -> None:
    bad = pa.array([b"\xff<p>"]).cast(pa.binary()).view(pa.string())
    assert reasons(from_parquet(parquet({"text": bad}))) == ["undecodable"]
    (found,) = from_parquet(parquet({"html": bad}))
    assert isinstance(found, RawPage)
    assert found.payload == b"\xff<p>"


@pytest.mark.parametrize("values", [[1], [1.5], [{"html": HTML}], [[1]], [dt.time(10, 30)]])
def test_a_column_that_holds_no_text_is_rejected(values: list[object]) -> None:
    assert reasons(from_parquet(parquet({"text": values}))) == ["undecodable"]


def test_a_table_without_a_page_column_is_one_reject_that_lists_the_columns() -> None:
    (found,) = from_parquet(parquet({"id": [1, 2], "খবর": [TEXT, TEXT]}))
    assert isinstance(found, Reject)
    assert (found.source, found.reason) == ("crawl.parquet", "empty")
    assert "id, খবর" in found.detail
    assert reasons(from_parquet(parquet({"খবর": [TEXT]}), Columns(text=("খবর",)))) == ["text"]


def test_a_page_that_is_too_large_is_rejected_and_the_next_row_read() -> None:
    assert reasons(from_parquet(parquet({"text": [BIG + "কক", TEXT]}))) == ["too-large", "text"]


def test_rows_of_all_row_groups_and_batches_are_counted() -> None:
    raw = parquet({"text": [f"{TEXT} {row}" for row in range(250)]}, row_group_size=100)
    found = from_parquet(raw)
    assert [entry.source for entry in found] == [f"crawl.parquet#{row}" for row in range(1, 251)]
    assert all(
        isinstance(entry, RawPage) and entry.payload.decode() == f"{TEXT} {row}"
        for row, entry in enumerate(found)
    )


@pytest.mark.parametrize(
    "options", [{"compression": "gzip"}, {"compression": "none", "write_page_checksum": True}]
)
def test_a_row_group_that_is_damaged_is_a_reject_and_the_next_is_read(
    options: dict[str, Any],
) -> None:
    texts = [f"{TEXT} {row}" for row in range(30)]
    raw = bytearray(parquet({"text": texts}, row_group_size=10, use_dictionary=False, **options))
    chunk = pq.ParquetFile(io.BytesIO(bytes(raw))).metadata.row_group(1).column(0)
    place = chunk.data_page_offset + chunk.total_compressed_size * 3 // 4
    raw[place : place + 20] = bytes(20)
    found = from_parquet(bytes(raw))
    assert reasons(found) == ["text"] * 10 + ["unreadable"] + ["text"] * 10
    assert isinstance(found[10], Reject)
    assert found[10].source == "crawl.parquet#11"
    assert "rows 11 to 20 cannot be read" in found[10].detail
    assert found[11].source == "crawl.parquet#21"


TABLE = parquet({"text": [TEXT, TEXT], "date": ["2023-07-19"] * 2})


@pytest.mark.parametrize("raw", [b"", b"PAR1", b"PAR1" * 9, TABLE[:-9], TABLE[9:], TABLE[:40]])
def test_a_file_that_is_no_parquet_is_one_reject(raw: bytes) -> None:
    assert reasons(from_parquet(raw)) == ["unreadable"]


@given(
    st.lists(
        st.tuples(st.integers(0, len(TABLE) - 1), st.binary(min_size=1, max_size=8)), max_size=3
    )
)
def test_damage_to_a_parquet_file_never_raises(changes: list[tuple[int, bytes]]) -> None:
    raw = bytearray(TABLE)
    for at, put_in in changes:
        raw[at : at + len(put_in)] = put_in
    found = from_parquet(bytes(raw))
    assert {type(entry) for entry in found} <= {RawPage, Reject}
    msgspec.json.encode(found)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_table_or_a_reject(raw: bytes) -> None:
    assert reasons(from_parquet(raw)) == ["unreadable"]
    assert {type(entry) for entry in from_parquet(b"PAR1" + raw + b"PAR1")} <= {RawPage, Reject}
