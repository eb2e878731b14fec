"""brat: its exact files, its own grammar, and what they hold."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khobor.formats.brat import CODEC
from khobor.formats.brat_conf import MAX_ENDING
from khobor.formats.brat_lines import escape_note, unescape_note
from khobor.formats.colours import BLOCK_COLOURS, ENTITY_COLOURS
from khobor.formats.interface import Sheet
from khobor.formats.units import settle
from khobor.records import BLOCK_LABELS, ENTITY_LABELS, Mention, Part, Quote
from tests.formats.brat_grammar import faults, sections, slices
from tests.formats.brat_sample import CONF, GOLDEN, IDS, PAGE, SHEET, TEXT, came_back, mention, part
from tests.formats.sheets import sheets

# --- what is written ----------------------------------------------------------------------------


def test_the_files_are_these() -> None:
    written = CODEC.write(SHEET)
    assert written.files == {"padma-1.txt": TEXT.encode(), "padma-1.ann": GOLDEN.encode()}
    assert written.ids == IDS


def test_everything_of_them_is_read() -> None:
    assert CODEC.restrict(SHEET) == SHEET
    assert came_back(GOLDEN) == SHEET


def test_blocks_are_spans_with_their_label() -> None:
    written = CODEC.write(PAGE)
    assert written.files["page.ann"].decode() == (
        "T1001\theadline 0 7\tশিরোনাম\nT1002\tparagraph 9 19;21 30\tপ্রথম লাইন পরের লাইন\n"
    )
    (returned,) = CODEC.split(written.files)
    assert settle(CODEC.read(returned, written.ids), PAGE.text, where="page") == PAGE


@settings(max_examples=300)
@given(sheet=sheets() | sheets(blocks=True))
def test_what_is_written_is_brats_grammar(sheet: Sheet) -> None:
    files = CODEC.write(sheet).files
    assert faults(files["page-1.ann"].decode(), files["page-1.txt"].decode(), CONF) == []


@settings(max_examples=300)
@given(sheet=sheets() | sheets(blocks=True))
def test_offsets_slice_the_text_as_brat_slices_it(sheet: Sheet) -> None:
    """Code points of the .txt, which is the text byte for byte; fragments joined by spaces."""
    files = CODEC.write(sheet).files
    text = files["page-1.txt"].decode()
    assert text == sheet.text
    spans = [
        line.split("\t", 2)
        for line in files["page-1.ann"].decode().splitlines()
        if line.startswith("T")
    ]
    assert len(spans) >= len(sheet.mentions) + len(sheet.blocks)
    for _, data, words in spans:
        assert slices(text, data.split(" ", 1)[1]) == words


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("GPE 2 7", "GPE 2 8"), "the text is another one"),
        (("GPE 2 7", "TOWN 2 7"), "TOWN is not declared"),
        (("24 27;28 33", "28 33;24 27"), "out of order"),
        (("24 27;28 33", "24 24;28 33"), "an empty fragment"),
        (("T1007\tSpeaker", "T1006\tSpeaker"), "twice"),
        (("Quote:T1010", "Quote:T1009"), "is not a Quote"),
        (("Quoted2", "Quoted"), "without a number"),
        (("Quoted2", "Cue2"), "Cue2 may not be"),
        (("mixed", "other"), "Kind of E1002 may not be other"),
        (("A1002\tKind E1001", "A1002\tKind T1005"), "an attribute of T1005"),
        (("AnnotatorNotes E1001", "AnnotatorNotes T1005"), "a note on T1005"),
        (("\tকারণ\n", "\tকারণ "), "no end"),
        (("A1001\t", "1001\t"), "no line"),
    ],
)
def test_the_grammar_knows_what_is_wrong(change: tuple[str, str], fault: str) -> None:
    assert faults(GOLDEN, TEXT, CONF) == []
    assert fault in "\n".join(faults(GOLDEN.replace(*change), TEXT, CONF))


def test_the_configuration_knows_every_label_and_its_colour() -> None:
    shared = {name: sections(content.decode()) for name, content in CODEC.shared().items()}
    assert list(shared) == ["annotation.conf", "visual.conf", "tools.conf"]
    annotation, visual = shared["annotation.conf"], shared["visual.conf"]
    assert list(annotation) == ["entities", "relations", "events", "attributes"]
    assert annotation["entities"] == [
        *ENTITY_LABELS,
        "Cue",
        "Speaker",
        "Quoted",
        "Content",
        *BLOCK_LABELS,
    ]
    for label, colour in (ENTITY_COLOURS | BLOCK_COLOURS).items():
        assert f"{label}\tbgColor:{colour}" in visual["drawing"]
    for line in annotation["attributes"][1:]:
        # A value without a glyph is shown as a warning.
        name, values = line.split("\t")[0], line.split("Value:")[1].split("|")
        (glyphs,) = [g for g in visual["drawing"] if g.startswith(f"{name}\tglyph:")]
        assert len(glyphs.split("|")) == len(values) == len(set(values))


# --- what it holds ------------------------------------------------------------------------------


@pytest.mark.parametrize("gap", ["\n", "\r\n", "\n\n", " \n ", "\u2028", "\u0085"])
def test_two_parts_of_a_content_and_one_with_a_line_break_are_told_apart(gap: str) -> None:
    text = f"এক{gap}দুই"
    one = (Part(0, len(text), text),)
    two = (Part(0, 2, "এক"), Part(len(text) - 3, len(text), "দুই"))
    for content in (one, two):
        sheet = Sheet("d", text, (), (Quote("q1", content, "direct", "marked", "speech"),))
        written = CODEC.write(sheet)
        (returned,) = CODEC.split(written.files)
        assert settle(CODEC.read(returned, written.ids), text, where="d") == sheet


def test_parts_that_a_cue_parts_are_fragments_of_the_trigger() -> None:
    content = (part("নদী"), part("সেতু বন্ধ"))
    quote = msgspec.structs.replace(SHEET.quotes[0], content=content)
    written = CODEC.write(msgspec.structs.replace(SHEET, quotes=(quote,)))
    ann = written.files["padma-1.ann"].decode()
    assert "Quote 24 27;48 57\tনদী সেতু বন্ধ\n" in ann
    assert came_back(ann, ids=written.ids).quotes == (quote,)


def test_an_ending_that_is_on_no_list_is_told_by_its_length() -> None:
    odd = mention("e1", "PER", "রহিম খান বলেন", ending=" খান বলেন")
    written = CODEC.write(Sheet("padma-1", TEXT, (odd,)))
    ann = written.files["padma-1.ann"].decode()
    assert "A1001\tEndingLength T1001 9\n" in ann
    assert came_back(ann, ids=written.ids).mentions == (odd,)


def test_an_ending_that_is_too_long_is_lost() -> None:
    text = "ক" * (MAX_ENDING + 2)
    sheet = Sheet("d", text, (Mention("e1", 0, len(text), 1, "PER", text),))
    assert CODEC.restrict(sheet).mentions[0].name_end == len(text)


def test_a_span_with_white_space_at_an_edge_is_not_held() -> None:
    bad = mention("e1", "PER", " রহিম")
    quote = msgspec.structs.replace(SHEET.quotes[0], speaker_mention="e1")
    worse = msgspec.structs.replace(SHEET.quotes[1], cue=part("বলেন,\n"))
    sheet = Sheet("padma-1", TEXT, (bad,), (quote, worse))
    held = CODEC.restrict(sheet)
    assert held.mentions == ()
    assert held.quotes == (msgspec.structs.replace(quote, speaker_mention=None),)
    written = CODEC.write(sheet)
    assert came_back(written.files["padma-1.ann"], ids=written.ids) == held


@given(st.text(st.characters(exclude_categories=("Cs",)) | st.sampled_from("\\ntru0\n\t\u2028 ")))
def test_a_note_is_one_line_that_brat_does_not_trim(note: str) -> None:
    line = escape_note(note)
    assert len(line.splitlines()) <= 1
    assert line.strip() == line
    assert "\t" not in line
    assert unescape_note(line) == note


def test_a_note_of_an_annotator_may_hold_backslashes() -> None:
    ann = GOLDEN.replace("\tকারণ\n", "\tC:\\games \\q \\\n")
    assert came_back(ann).quotes[0].note == "C:\\games \\q \\"
