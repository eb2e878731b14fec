"""Decoding: what the bytes show goes before what a page declares."""

from __future__ import annotations

import codecs
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.capture.decoding import MAX_PAGE_BYTES, decode_page
from khobor.errors import PageError
from tests import bengali

TEXT = "মেঘনার পাড়ে ভাঙন শুরু হয়েছে। গ্রামের ‘তিনটি’ ঘর নদীতে গেছে 🙂।\n"
PAGE = (
    '<!DOCTYPE html>\n<html lang="en"><head>\n<meta http-equiv="Content-Type"'
    ' content="text/html; charset={}">\n<title>{}</title></head>\n<body><p>{}</p></body></html>\n'
)
BOMS = {
    "utf-8": codecs.BOM_UTF8,
    "utf-16-le": codecs.BOM_UTF16_LE,
    "utf-16-be": codecs.BOM_UTF16_BE,
    "utf-32-le": codecs.BOM_UTF32_LE,
    "utf-32-be": codecs.BOM_UTF32_BE,
}


def reason_of(raw: bytes) -> str:
    with pytest.raises(PageError) as caught:
        decode_page(raw, where="page.html")
    assert caught.value.where == "page.html"
    return caught.value.reason


@given(bengali.texts().filter(str.strip))
def test_utf8_is_read_as_it_is(text: str) -> None:
    if not text.startswith("\ufeff"):
        assert decode_page(text.encode()) == (text, "utf-8")


@pytest.mark.parametrize(("charset", "mark"), BOMS.items(), ids=BOMS.keys())
def test_a_byte_order_mark_decides_and_is_dropped(charset: str, mark: bytes) -> None:
    assert decode_page(mark + TEXT.encode(charset)) == (TEXT, charset)


@pytest.mark.parametrize(("charset", "mark"), BOMS.items(), ids=BOMS.keys())
def test_a_byte_order_mark_goes_before_a_declaration(charset: str, mark: bytes) -> None:
    page = PAGE.format("gb18030", "খবর", TEXT)
    assert decode_page(mark + page.encode(charset)) == (page, charset)


def test_only_one_byte_order_mark_is_dropped() -> None:
    assert decode_page(codecs.BOM_UTF8 * 2 + TEXT.encode())[0] == "\ufeff" + TEXT


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        PAGE.format("utf-16", "খবর", TEXT),
        PAGE.format("utf-8", "খবর", TEXT),
        "\n\n" + TEXT * 99,
    ],
    ids=["text", "page", "wrongly declared page", "long text"],
)
def test_utf16_without_a_mark_is_told_by_its_bytes(charset: str, text: str) -> None:
    assert decode_page(text.encode(charset)) == (text, charset)


@pytest.mark.parametrize(
    "declared", ["iso-8859-1", "windows-1252", "us-ascii", "utf-16", "x-unknown", "gb18030"]
)
def test_a_wrong_declaration_over_utf8_is_not_believed(declared: str) -> None:
    page = PAGE.format(declared, "খবর", TEXT)
    assert decode_page(page.encode()) == (page, "utf-8")


@pytest.mark.parametrize("quoted", ["gb18030", "'gb18030'", "GB18030"])
def test_a_declaration_is_believed_where_utf8_fails(quoted: str) -> None:
    page = PAGE.format(quoted, "খবর", TEXT)
    assert decode_page(page.encode("gb18030")) == (page, "gb18030")


def test_a_declaration_that_no_bengali_page_can_hold_saves_nothing() -> None:
    page = PAGE.format("iso-8859-1", "café", "café, déjà vu " * 9)
    assert reason_of(page.encode("latin-1")) == "undecodable"


@pytest.mark.parametrize("cut", [1, 2])
def test_a_page_cut_in_the_middle_of_a_letter_is_still_that_page(cut: int) -> None:
    raw = (TEXT + "নদী").encode()[:-cut]
    assert decode_page(raw) == (TEXT + "নদ\ufffd", "utf-8")


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_utf16_cut_in_the_middle_of_a_letter_is_still_that_page(charset: str) -> None:
    text, found = decode_page((TEXT + "নদী").encode(charset)[:-1])
    assert (text, found) == (TEXT + "নদ\ufffd", charset)


def test_a_smudged_byte_shows_as_a_browser_shows_it() -> None:
    assert decode_page(b"\xff" + TEXT.encode()) == ("\ufffd" + TEXT, "utf-8")


@pytest.mark.parametrize(("smudges", "reason"), [(10, None), (11, "undecodable")])
def test_one_character_in_a_thousand_may_be_smudged(smudges: int, reason: str | None) -> None:
    """Ten in ten thousand, in a row: a page in which bytes were overwritten."""
    raw = ("জ" * 5_000).encode() + b"\xff" * smudges + ("ল" * (5_000 - smudges)).encode()
    if reason is None:
        assert decode_page(raw)[0].count("\ufffd") == smudges
    else:
        assert reason_of(raw) == reason


def test_a_page_of_other_bytes_is_undecodable() -> None:
    assert reason_of(bytes(range(128, 256)) * 20) == "undecodable"


def test_a_page_of_the_greatest_length_is_read_and_a_longer_one_is_not() -> None:
    raw = TEXT.encode().ljust(MAX_PAGE_BYTES, b" ")
    assert decode_page(raw)[0].startswith(TEXT)
    assert reason_of(raw + b" ") == "too-large"


@pytest.mark.parametrize("raw", [b"", b" ", b"\r\n\t \n"])
def test_a_page_without_characters_is_empty(raw: bytes) -> None:
    assert reason_of(raw) == "empty"


@given(st.binary(max_size=200), st.sampled_from([b"", *BOMS.values(), b"<meta charset=gb18030>"]))
def test_any_bytes_are_a_text_or_a_reject(raw: bytes, start: bytes) -> None:
    with contextlib.suppress(PageError):
        text, charset = decode_page(start + raw)
        assert text.encode().decode() == text  # no lone surrogate: it can be written and hashed
        assert codecs.lookup(charset)
