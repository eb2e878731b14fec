"""Every two-way format: what is written is read back, restricted to what the format can hold."""

from __future__ import annotations

import os

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from khobor.formats.codecs import CODECS, codec_of
from khobor.formats.interface import Codec, FormatError, Returned, Sheet, Unit
from khobor.formats.losses import items_of, losses_of, put_back
from khobor.formats.units import check_unit, outward_sheet, settle, spans_of
from khobor.records import Mention, Quote
from tests.formats.sheets import sheets

# `make integration` tries 2,000.
EXAMPLES = settings(max_examples=int(os.environ.get("KHOBOR_EXAMPLES", "100")))
UNITS: tuple[Unit, ...] = ("code points", "utf-16", "utf-8")


def back(codec: Codec, sheet: Sheet) -> Sheet:
    """Write a sheet, and read it through the folder that a tool would be given."""
    written = codec.write(sheet)
    (returned,) = codec.split({**codec.shared(), **codec.join([written])})
    assert returned.doc_id == sheet.doc_id
    return settle(codec.read(returned, written.ids), sheet.text, where=returned.where)


@pytest.mark.parametrize("name", CODECS)
@EXAMPLES
@given(sheet=sheets() | sheets(blocks=True))
def test_what_is_written_is_read_back_as_far_as_the_format_holds_it(
    name: str, sheet: Sheet
) -> None:
    codec = codec_of(name)
    held = codec.restrict(sheet)
    assert back(codec, sheet) == held
    assert codec.restrict(held) == held
    assert held.text == sheet.text


@pytest.mark.parametrize("name", CODECS)
@EXAMPLES
@given(sheet=sheets())
def test_without_an_edit_the_original_comes_back_whole(name: str, sheet: Sheet) -> None:
    codec = codec_of(name)
    assert put_back(sheet, codec.restrict(sheet), back(codec, sheet)) == sheet


@pytest.mark.parametrize("name", CODECS)
@EXAMPLES
@given(sheet=sheets(), data=st.data())
def test_an_edit_in_the_tool_changes_that_and_nothing_else(
    name: str, sheet: Sheet, data: st.DataObject
) -> None:
    """What the tool gives back is what the format holds of an edited sheet."""
    codec = codec_of(name)
    assume(sheet.mentions)
    victim = data.draw(st.sampled_from(sheet.mentions))
    label = data.draw(st.sampled_from(["PER", "GPE"]).filter(lambda label: label != victim.label))
    edited = msgspec.structs.replace(
        sheet,
        mentions=tuple(
            msgspec.structs.replace(m, label=label) if m.id == victim.id else m
            for m in sheet.mentions
        ),
    )
    held = codec.restrict(sheet)
    assume(any(m.id == victim.id for m in held.mentions))
    assert put_back(sheet, held, codec.restrict(edited)) == edited


@pytest.mark.parametrize("name", CODECS)
@EXAMPLES
@given(sheet=sheets(), data=st.data())
def test_a_swapped_unit_raises_in_every_format(
    name: str, sheet: Sheet, data: st.DataObject
) -> None:
    """What a tool counts in another unit is refused, and its unit is named, wherever it matters."""
    codec = codec_of(name)
    held = codec.restrict(sheet)
    written = codec.write(sheet)
    (returned,) = codec.split({**codec.shared(), **codec.join([written])})
    claim = codec.read(returned, written.ids)
    swapped = data.draw(st.sampled_from([unit for unit in UNITS if unit != claim.unit]))
    spans = {span[:3] for span in spans_of(outward_sheet(held, swapped))}
    same = {span[:3] for span in spans_of(outward_sheet(held, claim.unit))}
    assume(not spans & same and spans)
    words = items_of(outward_sheet(held, swapped))
    moved = msgspec.structs.replace(
        claim,
        sheet=msgspec.structs.replace(
            held,
            mentions=tuple(item for item in words.values() if isinstance(item, Mention)),
            quotes=tuple(item for item in words.values() if isinstance(item, Quote)),
        ),
    )
    with pytest.raises(FormatError, match=f"offsets count {swapped}"):
        check_unit(moved, held, where="x")


@pytest.mark.parametrize("name", CODECS)
def test_losses_are_what_the_format_does_not_hold(name: str) -> None:
    @EXAMPLES
    @given(sheet=sheets())
    def check(sheet: Sheet) -> None:
        held = codec_of(name).restrict(sheet)
        assert (losses_of(sheet, held, name) == []) == (
            (sheet.mentions, sheet.quotes) == (held.mentions, held.quotes)
        )

    check()


@pytest.mark.parametrize("name", CODECS)
def test_the_same_sheet_gives_the_same_bytes(name: str) -> None:
    @EXAMPLES
    @given(sheet=sheets())
    def check(sheet: Sheet) -> None:
        assert codec_of(name).write(sheet) == codec_of(name).write(sheet)

    check()


@pytest.mark.parametrize("name", CODECS)
def test_files_of_a_stranger_are_refused_in_a_sentence(name: str) -> None:
    codec = codec_of(name)

    @settings(max_examples=200)
    @given(
        st.binary(max_size=60), st.sampled_from(["x.ann", "x.json", "x.jsonl", "x.xmi", "x.txt"])
    )
    def check(content: bytes, file: str) -> None:
        refused = None
        try:
            for returned in codec.split({file: content, "x.txt": b"text"}):
                assert isinstance(returned, Returned)
                settle(codec.read(returned, {}), "text", where=returned.where)
        except FormatError as error:
            refused = error
        assert refused is None or (refused.where and refused.fix)

    check()
