"""Text captures: the decoded file, verbatim but for a leading BOM and the line ends."""

from __future__ import annotations

import pytest
from hypothesis import given

from khobor.capture.pages import capture_page
from khobor.capture.texts import text_page
from khobor.records import Stretch
from tests import bengali


def _read(raw: bytes) -> str:
    return capture_page(raw, source="page.txt").text


def _unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


@given(bengali.texts().filter(lambda text: text.strip("\ufeff").strip()))
def test_the_page_text_is_the_file_but_for_its_line_ends(text: str) -> None:
    """Joiners, no-break spaces, both encodings of a letter, stray marks: all stay."""
    raw = text.encode()
    assert _read(raw) == _unix(text.removeprefix("\ufeff"))


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_read_as_a_newline(line_end: str) -> None:
    lines = ["ভোটের ফল আজ", "", "গণনা চলছে", ""]
    assert _read(line_end.join(lines).encode()) == "\n".join(lines)


def test_mixed_line_ends_are_each_one_newline() -> None:
    assert _read("ক\r\n\r\nখ\r\rগ\n\rঘ".encode()) == "ক\n\nখ\n\nগ\n\nঘ"


@pytest.mark.parametrize("charset", ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le"])
def test_a_leading_byte_order_mark_is_dropped(charset: str) -> None:
    assert _read("\ufeffগণনা চলছে".encode(charset)) == "গণনা চলছে"


def test_a_leading_mark_is_dropped_in_a_declared_encoding_too() -> None:
    text = "গণনা চলছে charset=gb18030"
    assert _read(("\ufeff" + text).encode("gb18030")) == text


def test_only_the_leading_mark_is_dropped() -> None:
    """Editors and scripts that join files leave marks in the middle; offsets count them."""
    assert _read("\ufeffভোট\ufeff\n\ufeffগণনা".encode()) == "ভোট\ufeff\n\ufeffগণনা"


def test_a_second_mark_at_the_start_is_text() -> None:
    """A file with a mark, put behind another mark: one is the file's, one is its content."""
    assert _read("\ufeff\ufeffগণনা চলছে".encode()) == "\ufeffগণনা চলছে"


def test_stretches_are_the_lines_with_something_on_them() -> None:
    text, stretches = text_page("  ভোট \r\nগণনা\r\n \u00a0\r\nফল\n")
    assert text == "  ভোট \nগণনা\n \u00a0\nফল\n"
    assert stretches == (
        Stretch(2, 5),
        Stretch(7, 11, continues=True),
        Stretch(15, 17),
    )
    assert [text[stretch.start : stretch.end] for stretch in stretches] == ["ভোট", "গণনা", "ফল"]


@given(bengali.texts())
def test_stretches_cover_all_but_white_space(decoded: str) -> None:
    text, stretches = text_page(decoded)
    covered = "".join(text[stretch.start : stretch.end] for stretch in stretches)
    assert "".join(covered.split()) == "".join(text.split())
    for stretch in stretches:
        line = text[stretch.start : stretch.end]
        assert line
        assert line == line.strip()
        assert "\n" not in line


@given(bengali.texts())
def test_a_stretch_continues_the_line_right_above_it(decoded: str) -> None:
    text, stretches = text_page(decoded)
    lines = text.split("\n")
    for stretch in stretches:
        number = text.count("\n", 0, stretch.start)
        assert stretch.continues == (number > 0 and bool(lines[number - 1].strip()))
