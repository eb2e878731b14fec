"""Every two-way format: what is written is read back, restricted to what the format can hold."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from khobor.formats.codecs import CODECS, codec_of
from khobor.formats.interface import Codec, FormatError, Returned, Sheet
from khobor.formats.losses import losses_of, put_back
from khobor.formats.units import settle
from tests.formats.sheets import sheets

EXAMPLES = settings(max_examples=100)


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
