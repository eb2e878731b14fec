"""Rows of crawls: one to a raw page, and what is wrong with another."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.capture.decoding import MAX_PAGE_BYTES
from khobor.capture.rawpages import DEFAULT_COLUMNS, Columns, RawPage
from khobor.capture.rows import page_of_row
from khobor.records import Reject

TITLE = "হাওরে নৌকাডুবি"
TEXT = "সুনামগঞ্জের হাওরে নৌকা ডুবে গেছে।\n\nসবাই সাঁতরে তীরে উঠেছেন।"
HTML = f"<html><h1>{TITLE}</h1><p>{TEXT}</p></html>"
BIG = "ক" * (MAX_PAGE_BYTES // 3)  # of 3 bytes each
ROW: dict[str, object] = {
    "title": TITLE,
    "text": TEXT,
    "url": "https://haor.example/3",
    "date": "2023-07-19",
}


def one(row: dict[str, object], columns: Columns = DEFAULT_COLUMNS) -> RawPage | Reject:
    return page_of_row(row, source="crawl.jsonl#1", columns=columns)


def page(row: dict[str, object], columns: Columns = DEFAULT_COLUMNS) -> RawPage:
    found = one(row, columns)
    assert isinstance(found, RawPage)
    return found


def reject(row: dict[str, object], columns: Columns = DEFAULT_COLUMNS) -> Reject:
    found = one(row, columns)
    assert isinstance(found, Reject)
    msgspec.json.encode(found)  # it can be written into a report
    return found


def test_a_text_is_its_title_a_blank_line_and_the_text() -> None:
    assert page(ROW | {"category": "জেলা"}) == RawPage(
        source="crawl.jsonl#1",
        payload=f"{TITLE}\n\n{TEXT}".encode(),
        medium="text",
        url="https://haor.example/3",
        published_at="2023-07-19",
        section="জেলা",
        title=TITLE,
    )


def test_html_is_passed_on_as_it_is() -> None:
    found = page(ROW | {"html": f" {HTML}\r\n"})
    assert (found.payload, found.medium, found.title) == (f" {HTML}\r\n".encode(), "html", TITLE)
    assert page({"html": b"\xff\xfe<\x00"}).payload == b"\xff\xfe<\x00"


@pytest.mark.parametrize("text", [f"{TITLE}\n{TEXT}", f"\n\t{TITLE}  \r\n{TEXT}", TITLE])
def test_a_title_that_the_text_begins_with_is_not_repeated(text: str) -> None:
    assert page({"title": f" {TITLE} ", "text": text}).payload == text.encode()


@pytest.mark.parametrize(
    "text", [f"{TITLE}, নিহত নেই", f"{TEXT}\n{TITLE}", f"{TITLE[:-1]}\n{TEXT}"]
)
def test_a_first_line_that_is_not_the_title_does_not_stand_for_it(text: str) -> None:
    assert page({"title": TITLE, "text": text}).payload == f"{TITLE}\n\n{text}".encode()


@pytest.mark.parametrize("title", [None, "", " \n", 7, ["", None], "\ud83d"])
def test_without_a_title_the_text_is_the_payload(title: object) -> None:
    found = page({"title": title, "text": TEXT})
    assert (found.payload, found.title) == (TEXT.encode(), None)


def test_paragraphs_are_joined_by_blank_lines() -> None:
    assert (
        page({"paragraphs": ["ক", " ", None, b"\xe0\xa6\x96", "গ\nঘ"]}).payload.decode()
        == "ক\n\nখ\n\nগ\nঘ"
    )


def test_the_first_column_with_something_in_it_counts() -> None:
    row = {"html": " ", "raw_html": HTML, "text": TEXT, "headline": TITLE, "title": ""}
    assert page(row).payload == HTML.encode()
    assert page(row).title == TITLE
    assert page({"text": None, "body": [], "content": TEXT}).payload == TEXT.encode()


def test_columns_have_the_names_that_one_gives_them() -> None:
    columns = Columns(text=("পাঠ",), title=("শিরোনাম",), date=("কবে",), url=(), section=("বিভাগ",))
    row = {"পাঠ": TEXT, "শিরোনাম": TITLE, "কবে": "১৯ জুলাই ২০২৩", "বিভাগ": ["জেলা", "কৃষি"], "url": "x"}
    found = page(row, columns)
    assert found.payload == f"{TITLE}\n\n{TEXT}".encode()
    assert (found.published_at, found.section, found.url) == ("2023-07-19", "জেলা", None)
    assert reject({"text": TEXT}, columns).reason == "empty"


@pytest.mark.parametrize("value", [7, 1.5, True, {"a": 1}, [1], ["ক", ["খ"]], [{}]])
def test_a_value_that_is_no_text_is_rejected(value: object) -> None:
    for name in ("html", "text"):
        found = reject({name: value})
        assert found.reason == "undecodable"
        assert f"column {name} holds no text" in found.detail


@pytest.mark.parametrize("value", ["খবর \ud83d", ["ক", "\udc00"], b"\xff"])
def test_half_a_character_is_rejected(value: object) -> None:
    assert reject({"text": value}).reason == "undecodable"
    if not isinstance(value, bytes):
        assert reject({"html": value}).reason == "undecodable"


def test_what_describes_a_page_is_left_out_where_it_cannot_be_written() -> None:
    found = page({"text": TEXT, "url": "\ud83d", "section": 3, "date": "গতকাল"})
    assert (found.url, found.section, found.published_at) == (None, None, None)


def test_a_row_without_a_page_names_its_columns() -> None:
    found = reject({"id": 1, "title": TITLE, "খবর": TEXT})
    assert (found.source, found.reason) == ("crawl.jsonl#1", "empty")
    assert "id, title, খবর" in found.detail
    assert "paragraphs" in found.detail
    assert "nothing stands in html, text" in reject({"text": " ", "html": None}).detail
    assert "no columns" in reject({}).detail


def test_a_list_of_columns_stays_short() -> None:
    found = reject({f"{number:03d}" + "x" * 500: 1 for number in range(500)} | {"\ud83d": 1})
    assert len(found.detail) < 1200
    assert "480 more" in found.detail or "481 more" in found.detail
    assert "?" in reject({"\ud83d": 1}).detail


def test_a_page_that_is_too_large_is_rejected() -> None:
    assert len(page({"text": BIG}).payload) <= MAX_PAGE_BYTES
    assert reject({"text": BIG + "কক"}).reason == "too-large"
    assert reject({"html": b"x" * (MAX_PAGE_BYTES + 1)}).reason == "too-large"
    assert reject({"title": TITLE, "text": BIG}).reason == "too-large"


CELLS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.binary(),
    lambda cells: st.lists(cells, max_size=3) | st.dictionaries(st.text(), cells, max_size=2),
    max_leaves=4,
)


@given(
    st.dictionaries(
        st.sampled_from(["html", "text", "title", "url", "date", "section"]) | st.text(), CELLS
    )
)
def test_any_row_is_a_page_or_a_reject_that_can_be_written(row: dict[str, object]) -> None:
    found = one(row)
    msgspec.json.encode(found)
    if isinstance(found, RawPage) and found.medium == "text":
        assert found.payload.decode().encode().strip()
