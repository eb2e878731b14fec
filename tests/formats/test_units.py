"""Units and changed texts are told by evidence; what does not fit is refused by its name."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given

from khobor.formats.interface import Claim, FormatError, Sheet, Unit
from khobor.formats.losses import items_of
from khobor.formats.units import check_same_text, offsets_of, outward_sheet, settle
from khobor.records import Mention
from tests.bengali import texts
from tests.formats.sheets import sheets

TEXT = "🚢 ঢাকায় লঞ্চ ভিড়েছে।"
SHEET = Sheet("page-1", TEXT, (Mention("e1", 2, 7, 6, "GPE", "ঢাকায়"[:5]),))


def sheet_at(start: int, end: int) -> Sheet:
    mention = Mention("e1", start, end, end, "GPE", TEXT[start:end])
    return Sheet("page-1", TEXT, (mention,))


@pytest.mark.parametrize("unit", ["code points", "utf-16", "utf-8"])
@given(sheet=sheets())
def test_every_unit_is_converted_exactly(unit: Unit, sheet: Sheet) -> None:
    claim = Claim(unit, sheet.text, outward_sheet(sheet, unit))
    assert settle(claim, sheet.text, where="x") == sheet


@pytest.mark.parametrize("swapped", ["utf-16", "utf-8"])
@given(sheet=sheets())
def test_a_swapped_unit_is_named_and_refused_unless_it_makes_no_difference(
    swapped: Unit, sheet: Sheet
) -> None:
    outward = outward_sheet(sheet, swapped)
    claim = Claim("code points", None, outward)
    if items_of(outward) == items_of(sheet):  # nothing beyond the plane stands before a span
        assert settle(claim, sheet.text, where="x") == sheet
        return
    try:
        found = settle(claim, sheet.text, where="x")
    except FormatError as error:
        refusal = error
        assert settle(claim, sheet.text, where="x", unit=swapped) == sheet
    else:
        # Words that stand at both places: the surfaces agree, so no tool's file can tell.
        refusal = None
        surfaces = [m.surface for m in found.mentions]
        assert surfaces == [m.surface for m in sheet.mentions]
    assert refusal is None or refusal.where == "x"


def test_after_an_emoji_a_utf16_offset_says_so() -> None:
    start = TEXT.index("লঞ্চ")
    shifted = outward_sheet(sheet_at(start, start + 4), "utf-16")
    with pytest.raises(FormatError, match="all of it fits where offsets count utf-16"):
        settle(Claim("code points", TEXT, shifted), TEXT, where="page-1")


@pytest.mark.parametrize(
    ("start", "end"),
    [(2, 3), (3, 7), (0, 99), (5, 5), (-1, 2)],
)
def test_a_span_that_splits_a_letter_or_lies_outside_is_refused_with_its_words(
    start: int, end: int
) -> None:
    mention = Mention("e1", start, end, end, "GPE")
    with pytest.raises(FormatError) as caught:
        settle(Claim("code points", TEXT, Sheet("page-1", TEXT, (mention,))), TEXT, where="x")
    assert "e1" in str(caught.value)


def test_half_a_surrogate_pair_is_no_place() -> None:
    mention = Mention("e1", 1, 4, 4, "GPE")
    with pytest.raises(FormatError, match="inside a character"):
        settle(Claim("utf-16", TEXT, Sheet("page-1", TEXT, (mention,))), TEXT, where="x")


@pytest.mark.parametrize(
    ("theirs", "says"),
    [
        (TEXT + "\n", "a line break was added"),
        ("\ufeff" + TEXT, "byte order mark"),
        ("নদী" + TEXT[3:], "differs from offset 0"),
    ],
)
def test_a_changed_text_is_named(theirs: str, says: str) -> None:
    with pytest.raises(FormatError, match=says):
        check_same_text(TEXT, theirs, where="x")


@pytest.mark.parametrize(
    ("ours", "theirs", "says"),
    [
        ("ক\nখ", "ক\r\nখ", "CR LF"),
        (" ক খ ", "ক খ", "trimmed"),
        ("ক\u00a0খ", "ক খ", "no-break"),
        ("র\u200d্যাব", "র্যাব", "joiners"),
        ("সম\u09df", "সম\u09af\u09bc", "NFC"),
    ],
)
def test_what_tools_do_to_texts_is_known(ours: str, theirs: str, says: str) -> None:
    with pytest.raises(FormatError, match=says):
        check_same_text(ours, theirs, where="x")


@given(texts())
def test_offsets_go_out_and_come_back(text: str) -> None:
    for unit in ("utf-16", "utf-8"):
        offsets = offsets_of(text, unit)  # type: ignore[arg-type]
        assert [offsets.inward[out] for out in offsets.outward] == list(range(len(text) + 1))


def test_a_small_text_is_not_made_huge() -> None:
    text = "ক" * 4096
    mention = Mention("e1", 0, 4096, 4096, "GPE")
    many = tuple(msgspec.structs.replace(mention, id=f"e{n}") for n in range(40_000))
    with pytest.raises(FormatError, match="code points together"):
        settle(Claim("code points", text, Sheet("page-1", text, many)), text, where="x")
