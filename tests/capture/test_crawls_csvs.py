"""CSV tables of pages: cells with line ends in them, names of columns, and damage."""

from __future__ import annotations

import csv
import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.capture.csvs import read_csv
from khobor.capture.decoding import MAX_PAGE_BYTES
from khobor.capture.rawpages import DEFAULT_COLUMNS, Columns, RawPage
from khobor.records import Reject
from tests.bengali import texts

BODY = "ঘাটে নৌকা ভিড়েছে।\nযাত্রীরা নেমেছেন, ‘বাড়ি’ ফিরছেন।"


def read(raw: bytes, columns: Columns = DEFAULT_COLUMNS) -> list[RawPage | Reject]:
    return list(read_csv(io.BytesIO(raw), source="crawl.csv", columns=columns))


def table(*rows: tuple[str, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


@pytest.mark.parametrize("zip_up", [bytes, gzip.compress])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_a_row_is_a_page_whatever_its_cells_hold(zip_up, bom: bytes) -> None:  # type: ignore[no-untyped-def]
    raw = bom + table(
        ("Date Published", "Headline", "Article Body"),
        ("2022-05-04 10:30:00", "ঘাটে, নৌকা", BODY),
        ("", "দ্বিতীয়", "আরও এক পাতা।"),
    )
    first, second = read(zip_up(raw))
    assert isinstance(first, RawPage)
    assert isinstance(second, RawPage)
    assert first.payload.decode() == f"ঘাটে, নৌকা\n\n{BODY}"
    assert (first.source, second.source) == ("crawl.csv#1", "crawl.csv#2")
    assert (first.title, first.medium) == ("ঘাটে, নৌকা", "text")
    assert first.published_at == "2022-05-04T10:30:00"


@given(st.lists(texts(max_size=6).filter(lambda text: text.strip() != ""), min_size=1, max_size=4))
def test_no_character_of_a_cell_is_lost(bodies: list[str]) -> None:
    pages = read(table(("text",), *((body,) for body in bodies)))
    kept = [page.payload.decode() for page in pages if isinstance(page, RawPage)]
    assert kept == bodies


def test_columns_are_named_without_case() -> None:
    raw = table(("News Text", "Title"), (BODY, "ঘাট"))
    (page,) = read(raw, Columns(text=("news text",)))
    assert isinstance(page, RawPage)
    assert page.title == "ঘাট"


def test_a_table_without_a_page_says_which_columns_it_has() -> None:
    (reject,) = read(table(("id", "label"), ("1", "খেলা")))
    assert isinstance(reject, Reject)
    assert reject.reason == "empty"
    assert "id, label" in reject.detail


def test_a_row_that_is_not_utf8_costs_itself_alone() -> None:
    raw = b"text\n" + b"\xff\xfe\n" + "ভালো পাতা\n".encode()
    bad, good = read(raw)
    assert isinstance(bad, Reject)
    assert bad.reason == "undecodable"
    assert isinstance(good, RawPage)


@pytest.mark.parametrize(
    "damage",
    [b'"never closed', b'"ab"c,d\n', b'"' + b"a" * (MAX_PAGE_BYTES + 10) + b'"\n'],
    ids=["open quote", "text behind a quote", "endless cell"],
)
def test_damage_ends_the_file_behind_its_good_rows(damage: bytes) -> None:
    good, bad = read("text\nভালো পাতা\n".encode() + damage)
    assert isinstance(good, RawPage)
    assert isinstance(bad, Reject)
    assert (bad.source, bad.reason) == ("crawl.csv#2", "unreadable")
    assert "row 1" in bad.detail


def test_a_gzip_file_that_breaks_off_says_so() -> None:
    whole = gzip.compress(table(("text",), *((f"{n} {BODY}",) for n in range(2000))))
    *_, last = read(whole[: len(whole) // 2])
    assert isinstance(last, Reject)
    assert last.reason == "unreadable"
