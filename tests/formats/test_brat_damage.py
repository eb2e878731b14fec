"""brat: what it and its users do to a file, and what is refused how."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khobor.formats.brat import CODEC
from khobor.formats.interface import FormatError, Sheet
from khobor.formats.losses import put_back
from tests.formats.brat_sample import GOLDEN, IDS, SHEET, TEXT, came_back

# --- what brat and its users do -----------------------------------------------------------------


def test_a_new_item_gets_an_id_that_is_free() -> None:
    ann = GOLDEN.replace("T1001", "T1").replace("E1001", "E1")
    sheet = came_back(ann, ids={**IDS, "T9": "e1", "E9": "q3"})
    assert [m.id for m in sheet.mentions] == ["e2", "e7"]
    assert [q.id for q in sheet.quotes] == ["q4", "q2"]


def test_an_edit_in_brat_changes_that_and_nothing_else() -> None:
    ann = GOLDEN.replace("GPE 2 7\tঢাকার", "LOC 2 7\tঢাকার").replace(
        "Kind E1001 direct", "Kind E1001 mixed"
    )
    dhaka, rahim = SHEET.mentions
    first, second = SHEET.quotes
    assert put_back(SHEET, CODEC.restrict(SHEET), came_back(ann)) == msgspec.structs.replace(
        SHEET,
        mentions=(msgspec.structs.replace(dhaka, label="LOC"), rahim),
        quotes=(msgspec.structs.replace(first, kind="mixed"), second),
    )


def test_lines_in_another_order_say_the_same() -> None:
    assert came_back("".join(reversed(GOLDEN.splitlines(keepends=True)))) == SHEET


@pytest.mark.parametrize(
    "ann",
    [
        GOLDEN.replace("\n", "\r\n"),
        "\ufeff" + GOLDEN,
        GOLDEN.replace("\n", "\n\n"),
        GOLDEN.removesuffix("\n"),
        GOLDEN.replace("PER 8 16\tরহিম খান", "PER 8 16"),  # brat fills the words in
    ],
)
def test_what_editors_do_to_an_ann_does_no_harm(ann: str) -> None:
    assert came_back(ann) == SHEET


def test_a_span_that_brat_moved_over_a_line_end_is_read() -> None:
    """brat writes the line break into the T line, and cannot read that line itself."""
    ann = GOLDEN.replace("24 27;28 33\tনদী নামছে", "24 33\tনদী\nনামছে")
    assert came_back(ann) == SHEET
    broken = ann.replace("E1001\tQuote:T1005", "E1001\tQuote:T1099")
    with pytest.raises(FormatError, match="Quote of E1001 is T1099, which is missing") as error:
        came_back(broken)
    assert error.value.where == "padma-1.ann:12"


def test_an_empty_ann_is_a_document_that_nobody_touched() -> None:
    assert came_back("", ids={}) == Sheet("padma-1", TEXT)
    with pytest.raises(FormatError, match="it is empty, but 4 items were exported; leave the"):
        came_back("\n")


def utf16(ann: str) -> str:
    """Turn the offsets behind the emoji into those of a tool that counts UTF-16."""
    lines = []
    for line in ann.splitlines():
        name, data, *tail = line.split("\t")
        if name.startswith("T"):
            label, spans = data.split(" ", 1)
            pairs = [pair.split(" ") for pair in spans.split(";")]
            spans = ";".join(f"{int(a) + 1} {int(b) + 1}" for a, b in pairs)
            data = f"{label} {spans}"
        lines.append("\t".join([name, data, *tail]))
    return "\n".join(lines) + "\n"


def test_offsets_in_utf16_are_refused_and_named() -> None:
    with pytest.raises(FormatError, match="all of it fits where offsets count utf-16"):
        came_back(utf16(GOLDEN))
    assert came_back(utf16(GOLDEN), unit="utf-16") == SHEET


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (TEXT.strip(), "white space at its edges was trimmed"),
        (TEXT.replace("\n", "\r\n"), "line ends were made CR LF"),
        ("\ufeff" + TEXT, "a byte order mark stands before it"),
        (TEXT.replace("সেতু", "সেতূ"), "it differs from offset 51 on"),
    ],
)
def test_a_changed_text_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(FormatError, match=f"the text came back changed: {sentence}"):
        came_back(GOLDEN, text=text)


@pytest.mark.parametrize(
    ("change", "line", "sentence"),
    [
        (("GPE 2 7\tঢাকার", "GPE 3 7\tঢাকার"), 0, "the text at \\[3, 7\\) is '.*', the tool says 'ঢ"),
        (("24 27;28 33\tনদী না", "24 27;28 33\tনদি না"), 0, "the tool says 'নদি না"),
        (("24 27;28 33\tনদী", "24 27;29 33\tনদী"), 0, "the tool says"),
        (("PER 8 16", "PER 16 8"), 0, "is empty"),
        (("PER 8 16\tরহিম খান", "PER 8 999999"), 0, "outside the text"),
        (("PER 8 16\t", "PER 8 99999999999999\t"), 2, "T1002 has no span"),
        (("PER 8 16\t", "PER -8 16\t"), 2, "T1002 has no span"),
        (("PER 8 16\t", "PER 8 ১৬\t"), 2, "T1002 has no span"),
        (("PER 8 16\tরহিম খান", "PER 8 12;13 16\tরহিম খান"), 2, "T1002, a PER, is in 2 pieces"),
        (("PER 8 16\t", "PER 8 12;10 16\t"), 2, "the fragments of T1002 overlap"),
        (("PER 8 16", "Person 8 16"), 2, "T1002 is a 'Person'; choose a type"),
        (("PER 8 16", "headline 8 16"), 11, "SpeakerMention of E1001 is T1002, which is headline"),
        (("T1002", "X1002"), 2, "no line of brat: 'X1002"),
        (("T1003\t", "T1001\t"), 3, "T1001 is there twice"),
        (("E1001\tQuote:T1005 ", "E1001\tQuote "), 11, "E1001 is no quote"),
        (("E1001\tQuote:T1005 ", "E1001\tAttack:T1005 "), 11, "E1001 is no quote"),
        (("Quote:T1005", "Quote:T1003"), 11, "Quote of E1001 is T1003, which is Cue"),
        (("Quote:T1005", "Quote:T77"), 11, "Quote of E1001 is T77, which is missing"),
        ((" Quoted2:T1009", " Cue2:T1003"), 12, "E1002 has 2 of Cue; delete all arcs but one"),
        ((" Quoted2:T1009", " Place:T1001"), 12, "E1002 has no role Place"),
        ((" Quoted2:T1009", " Quote:T1010"), 12, "E1002 has no role Quote"),
        ((" Quoted2:T1009", ""), 9, "T1009 is a Quoted of no quote; draw an arc"),
        (
            ("Kind E1001 direct", "Kind E1001 loud"),
            14,
            "Kind of E1001 is loud; choose one of direct",
        ),
        (("A1002\tKind E1001 direct\n", ""), 11, "Kind of E1001 is not chosen"),
        (("Kind E1001 direct", "Kind E1001"), 14, "A1002 gives no value"),
        (("Kind E1002 mixed", "Kind E1001 mixed"), 17, "E1001 has two values of Kind"),
        (("Kind E1001", "Kind T1001"), 14, "no place for Kind of T1001"),
        (("Ending T1001 র", "Ending T1001 ের"), 13, "T1001: 'ের' is not the end of 'ঢাকার'"),
        (("Ending T1001 র", "EndingLength T1001 5"), 13, "'5' is not the length of an ending"),
        (
            ("A1002\tKind", "A2\tEndingLength T1001 2\nA1002\tKind"),
            1,
            "EndingLength of T1001 differ",
        ),
        (("AnnotatorNotes E1001", "AnnotatorNotes T1005"), 21, "no place for a note on T1005"),
        (("AnnotatorNotes E1001", "AnnotatorNotes T1001"), 21, "T1001 has two notes"),
        (("AnnotatorNotes E1001", "Remark E1001"), 21, "#1002 is no note"),
        (("A1001\t", "R1\tOrg Arg1:T1 Arg2:T2\nA1001\t"), 13, "no place for relations \\(R1\\)"),
        (("A1001\t", "N1\tReference T1 W:1\tx\nA1001\t"), 13, "no place for normalizations"),
        (("A1001\t", "*\tEquiv T1 T2\nA1001\t"), 13, "no place for equivalences"),
        (("A1001\t", "T1\theadline 0 1\t🙂\nA1001\t"), 0, "it holds blocks, and mentions"),
    ],
)
def test_a_fault_is_named(change: tuple[str, str], line: int, sentence: str) -> None:
    ann = GOLDEN.replace(*change, 1)
    assert ann != GOLDEN
    with pytest.raises(FormatError, match=sentence) as error:
        came_back(ann)
    assert error.value.where == (f"padma-1.ann:{line}" if line else "padma-1.ann")
    assert error.value.fix


def test_the_event_of_a_deleted_quote_leaves_parts_that_are_named() -> None:
    """brat deletes the event and its trigger, and keeps its cue."""
    gone = ("T1010", "E1002", "A1005", "A1006", "A1007")
    ann = "".join(line for line in GOLDEN.splitlines(keepends=True) if not line.startswith(gone))
    with pytest.raises(FormatError, match="T1006 is a Cue of no quote"):
        came_back(ann)


def test_bytes_that_are_no_utf8_are_refused() -> None:
    with pytest.raises(FormatError, match=r"padma-1.ann: byte 0 is not UTF-8"):
        came_back(b"\xff")
    with pytest.raises(FormatError, match=r"padma-1.txt: byte 0 is not UTF-8"):
        came_back(GOLDEN, text=b"\xff")


@settings(max_examples=500)
@given(
    at=st.integers(0, len(GOLDEN)),
    size=st.integers(0, 12),
    words=st.sampled_from(["", "\t", "\n", " ", ";", ":", "9", "T1005", "\u2028", "\x00", "E1001"]),
)
def test_a_damaged_ann_is_read_or_refused_in_a_sentence(at: int, size: int, words: str) -> None:
    refused, sheet = None, None
    try:
        sheet = came_back(GOLDEN[:at] + words + GOLDEN[at + size :])
    except FormatError as error:
        refused = error
    assert refused is None or (refused.where.startswith("padma-1.ann") and refused.fix)
    assert sheet is None or sheet.text == TEXT


# --- folders ------------------------------------------------------------------------------------


def test_folders_of_a_download_are_ignored_and_so_are_other_files() -> None:
    files = {
        "annotation.conf": b"",
        "out/b.ann": b"",
        "out/b.txt": b"b",
        "../../a.txt": b"a",
        "C:\\out\\a.ann": b"",
        "__MACOSX/._a.ann": b"\x00",
        "readme.txt": b"",
    }
    assert [(r.doc_id, r.where) for r in CODEC.split(files)] == [("a", "a.ann"), ("b", "b.ann")]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"a.ann": b""}, "a.ann: its text is missing; put a.txt beside it"),
        ({"x/a.ann": b"", "y/a.ann": b"", "a.txt": b""}, "y/a.ann: a.ann is there twice"),
        ({"-a.ann": b"", "-a.txt": b""}, "'-a' is no doc_id"),
        ({"a\n.ann": b"", "a\n.txt": b""}, "is no doc_id"),
        ({"a" * 81 + ".ann": b""}, "is no doc_id"),
        ({"a.ann": b" " * (2**24 + 1), "a.txt": b""}, "16777217 bytes are too many"),
        ({"a.ann": b"", "a.txt": b" " * (2**24 + 1)}, "a.txt: 16777217 bytes are too many"),
    ],
)
def test_files_that_are_no_documents_are_refused(files: dict[str, bytes], sentence: str) -> None:
    with pytest.raises(FormatError, match=sentence):
        list(CODEC.split(files))


def test_a_file_of_very_many_lines_is_refused() -> None:
    with pytest.raises(FormatError, match=r"padma-1\.ann:50001: too many lines"):
        came_back("".join(f"T{number}\tPER 8 16\n" for number in range(50_001)))


@pytest.mark.parametrize(
    "ann",
    [
        "".join(f"T{number}\tPER 0 900000000\n" for number in range(2)),
        "T1\tQuoted 0 500000\nE1\tQuote:T1" + " Quoted:T1" * 100 + "\n",
    ],
)
def test_spans_that_would_fill_the_memory_are_refused(ann: str) -> None:
    with pytest.raises(FormatError, match=r"padma-1\.ann: its spans cover \d+ code points"):
        came_back(ann)
