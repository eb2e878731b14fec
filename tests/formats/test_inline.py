"""Inline markup: the file as a person sees it, what editors do to it, faults and their sentences."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings

from khobor.formats.inline import CODEC
from khobor.formats.interface import BlockSpan, FormatError, Sheet
from khobor.formats.units import settle
from khobor.records import Mention, Part, Quote
from tests.formats.sheets import sheets

NAME = "chara-ghat.khobor.txt"
FILE = """\
== khobor chara-ghat
[সুজাতা মণ্ডল|ের PER#e1] নৌকা ভোরে [চরঘাট|ে LOC] ভেড়ে।
⟪q1 SPEAKER তিনি⟫ ⟪q1 CUE বলেন⟫, ‘⟪q1 CONTENT মাছ কম, তবু নদী ছাড়ব না।⟫’
ভাড়া [১২ টাকা NUM] \\| পাতায় \\[২\\]\\u{20}
\\= শেষ
== quotes and notes
q1 direct marked speech speaker=e1
e1 # পুরো নাম\\nদুই সারি
"""


def unmarked(file: str, ids: dict[str, str] | None = None, name: str = NAME) -> Sheet:
    (returned,) = CODEC.split({name: file.encode()})
    claim = CODEC.read(returned, ids or {})
    assert claim.text is not None
    return settle(claim, claim.text, where=returned.where)


def marked(sheet: Sheet) -> str:
    ((_, content),) = CODEC.write(sheet).files.items()
    return content.decode()


def words(*pairs: tuple[int, int], text: str) -> list[str]:
    return [text[start:end] for start, end in pairs]


def test_a_file_says_what_stands_in_it_and_is_written_as_it_was() -> None:
    sheet = unmarked(FILE)
    assert sheet.doc_id == "chara-ghat"
    assert sheet.text == (
        "সুজাতা মণ্ডলের নৌকা ভোরে চরঘাটে ভেড়ে।\n"
        "তিনি বলেন, ‘মাছ কম, তবু নদী ছাড়ব না।’\n"
        "ভাড়া ১২ টাকা | পাতায় [২] \n"
        "= শেষ"
    )
    assert [
        (m.id, m.surface, sheet.text[m.start : m.name_end], m.label) for m in sheet.mentions
    ] == [
        ("e1", "সুজাতা মণ্ডলের", "সুজাতা মণ্ডল", "PER"),
        ("e2", "চরঘাটে", "চরঘাট", "LOC"),
        ("e3", "১২ টাকা", "১২ টাকা", "NUM"),
    ]
    assert sheet.mentions[0].note == "পুরো নাম\nদুই সারি"
    (quote,) = sheet.quotes
    assert (quote.kind, quote.marking, quote.medium) == ("direct", "marked", "speech")
    assert [one.surface for one in quote.content] == ["মাছ কম, তবু নদী ছাড়ব না।"]
    assert (quote.cue and quote.cue.surface, quote.speaker_mention) == ("বলেন", "e1")
    assert marked(sheet) == FILE


def test_whole_pages_have_their_blocks_marked_by_label() -> None:
    text = "নদীর খবর\nঢাকা: মাছ কম।\nনদী শান্ত।\n"
    spans = [("b1", 0, 8, "headline"), ("b2", 9, 13, "dateline"), ("x", 15, 33, "paragraph")]
    blocks = tuple(BlockSpan(name, start, end, label) for name, start, end, label in spans)  # type: ignore[arg-type]
    sheet = Sheet("page", text, blocks=blocks)
    file = marked(sheet)
    assert file == (
        "== khobor page\n⟪headline নদীর খবর⟫\n⟪dateline ঢাকা⟫: ⟪paragraph মাছ কম।\nনদী শান্ত।⟫\n\n"
        "== quotes and notes\n"
    )
    assert unmarked(file, CODEC.write(sheet).ids) == sheet
    relabelled = file.replace("dateline", "byline")
    assert [(b.id, b.label) for b in unmarked(relabelled, CODEC.write(sheet).ids).blocks] == [
        ("b1", "headline"),
        ("b2", "byline"),
        ("x", "paragraph"),
    ]


def test_mentions_that_cross_and_parts_that_cross_are_held() -> None:
    text = "কাক খাল গাছ"
    mentions = (
        Mention("e1", 0, 7, 5, "ORG", "কাক খাল", None),
        Mention("e2", 4, 11, 11, "LOC", "খাল গাছ"),
    )
    quote = Quote("q1", (Part(0, 7, "কাক খাল"),), "direct", "bare", "post", cue=Part(4, 11, "খাল গাছ"))
    sheet = Sheet("d", text, mentions, (quote,))
    assert marked(sheet) == (
        "== khobor d\n⟪q1 CONTENT ⟪e1 ORG কাক ⟪q1 CUE ⟪e2 LOC খ⟪e1|⟫াল⟪/e1 ORG⟫⟪/q1 CONTENT⟫ গাছ⟫⟫\n"
        "== quotes and notes\nq1 direct bare post\n"
    )
    assert unmarked(marked(sheet)) == sheet


def test_nested_names_stand_in_nested_brackets_and_twins_keep_their_ids() -> None:
    text = "ঢাকা পুলিশ"
    twins = (
        Mention("A", 0, 10, 10, "ORG", text),
        Mention("B", 0, 10, 10, "ORG", text),
        Mention("e9", 0, 4, 4, "GPE", "ঢাকা"),
    )
    sheet = Sheet("d", text, twins)
    assert "[[[ঢাকা GPE] পুলিশ ORG] ORG]" in marked(sheet)
    assert unmarked(marked(sheet), CODEC.write(sheet).ids) == sheet


def test_a_new_mention_needs_no_id_and_an_old_one_keeps_its_own() -> None:
    ids = CODEC.write(unmarked(FILE)).ids
    edited = FILE.replace("১২ টাকা NUM", "১২ টাকা TIME").replace("ভোরে", "[ভোর|ে TIME]")
    assert [(m.surface, m.id) for m in unmarked(edited, ids).mentions] == [
        ("সুজাতা মণ্ডলের", "e1"),
        ("ভোরে", "e4"),
        ("চরঘাটে", "e2"),
        ("১২ টাকা", "e3"),
    ]


EDITORS: dict[str, Callable[[str], str]] = {
    "CR LF": lambda file: file.replace("\n", "\r\n"),
    "CR": lambda file: file.replace("\n", "\r"),
    "byte order mark": lambda file: "\ufeff" + file,
    "white space at line ends": lambda file: "\n".join(map(str.rstrip, file.split("\n"))),
    "no line break at the end": lambda file: file.removesuffix("\n"),
    "line breaks at the end": lambda file: file + "\n\n",
}


@pytest.mark.parametrize("change", EDITORS.values(), ids=EDITORS)
def test_what_editors_do_unasked_does_no_harm(change: Callable[[str], str]) -> None:
    @settings(max_examples=100)
    @given(sheets() | sheets(blocks=True))
    def check(sheet: Sheet) -> None:
        ids = CODEC.write(sheet).ids
        assert unmarked(change(marked(sheet)), ids) == CODEC.restrict(sheet) == sheet

    check()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("ক\r\nখ", "ক\\u{d}\nখ"),
        ("ক \t\nখ\u00a0", "ক\\u{20}\\u{9}\nখ\\u{a0}"),
        ("\ufeffক\u2028খ\x85গ", "\\u{feff}ক\\u{2028}খ\\u{85}গ"),
        ("র\u200d\u09cd\u09af উদ্\u200cয", "র\u200d\u09cd\u09af উদ্\u200cয"),
        ("== quotes and notes\n=", "\\== quotes and notes\n\\="),
        ("\\u{20} [ঢাকা GPE] ⟪q1 CUE ক⟫ |", "\\\\u{20} \\[ঢাকা GPE\\] \\⟪q1 CUE ক\\⟫ \\|"),
        ("\x00\x1b ক", "\\u{0}\\u{1b} ক"),
        ("", ""),
    ],
)
def test_what_would_be_lost_or_mistaken_is_escaped(text: str, written: str) -> None:
    """Joiners (U+200D, U+200C) stay: they belong to letters, and editors keep them."""
    file = marked(Sheet("d", text))
    assert file == f"== khobor d\n{written}\n== quotes and notes\n"
    assert unmarked(file).text == text


# --- faults: (what stands there, what was written instead, line:column, the sentence) -----------

FAULTS = [
    (" LOC]", " PLACE]", "2:50", "] is no mark here; end a mention with a space and its label"),
    ("[চরঘাট|ে", "চরঘাটে", "2:42", "` LOC]` ends no mention; put [ before the name"),
    (" NUM]", "", "4:7", "does not end; write ` LABEL]` behind its last word"),
    ("⟫’", "’", "3:35", "does not end; write `⟫` behind its last word"),
    ("⟪q1 CUE ", "⟪q1 VERB ", "3:19", "⟪ is no mark here; begin a part of a quote with its id"),
    ("⟪q1 CUE বলেন⟫", "বলেন⟫", "3:23", "⟫ ends nothing; delete it"),
    ("⟪q1 CUE বলেন⟫", "⟪q1 CUE ⟫বলেন", "3:19", "nothing stands in the mark"),
    ("বলেন⟫", "বলেন⟪/q1 SPEAKER⟫", "3:31", "⟪/q1 SPEAKER⟫ ends nothing"),
    ("মাছ কম", "⟪q1 CUE মাছ⟫ কম", "3:47", "q1 has a second CUE; two cues are two quotes"),
    ("⟪q1 CONTENT মাছ", "⟪q1 QUOTED মাছ", "3:1", "q1 has no CONTENT; mark what was said"),
    ("\\|", "|", "4:21", "| parts no name from its ending; write it once inside a mention"),
    ("চরঘাট|ে", "চর|ঘাট|ে", "2:43", "| parts no name from its ending"),
    ("[১২", "\\১২", "4:7", "\\ is no mark here; write \\\\ for the character itself"),
    ("\\u{20}", "\\u{110000}", "4:36", "\\u{110000} is no character"),
    ("[চরঘাট", "চরঘ[াট", "2:39", "an edge of the mark splits a letter"),
    (" NUM]", " NUM#e1]", "4:7", "a second mention e1; leave #e1 out of the new one"),
    ("\\=", "==", "5:1", "a line of the text begins with ==; write \\=="),
    ("== quotes and notes\n", "", "8:1", "found 0; put the line behind the text"),
    ("e1 # ", "== quotes and notes\n", "8:1", "found 2; put the line behind the text"),
    ("== khobor", "=khobor", "1:1", "begin the file with `== khobor DOC`"),
    ("chara-ghat", "../secret", "1:1", "begin the file with `== khobor DOC`"),
    ("PER#e1", "PER", "7:1", "no mention e1 in the text; write #e1 behind the speaker's label"),
    ("e1 # ", "e7 # ", "8:1", "no e7 in the text; write #e7 behind its label"),
    ("e1 # ", "e1 ", "8:1", "says neither what a quote is nor a note; write `q1 KIND"),
    ("e1 # ", "q1 direct bare speech\n# ", "8:1", "a second line about q1"),
    ("direct marked", "marked direct", "7:1", "says neither what a quote is nor a note"),
    ("q1 direct", "q2 direct", "7:1", "no part of q2 in the text; mark it"),
    ("q1 direct marked speech speaker=e1\n", "", "3:1", "what q1 is does not stand below the text"),
    ("\\nদুই", "\\দুই", "8:1", "\\ in a note is no escape"),
    ("১২ টাকা NUM]", "১২ টাকা NUM] ⟪headline শেষ⟫", "2:1", "in a text whose blocks are marked"),
]


@pytest.mark.parametrize(("old", "new", "place", "sentence"), FAULTS)
def test_a_fault_is_told_with_line_and_column_and_what_to_write(
    old: str, new: str, place: str, sentence: str
) -> None:
    assert FILE.count(old) >= 1
    with pytest.raises(FormatError) as refused:
        unmarked(FILE.replace(old, new, 1))
    assert refused.value.where == f"{NAME}:{place}"
    assert sentence in str(refused.value)
    assert refused.value.fix


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda file: file.replace("ভোরে", "সকালে"), "it differs from offset 20 on"),
        (lambda file: file.replace("ভোরে ", "ভোরে\n"), "it differs from offset 24 on"),
        (lambda file: unicodedata.normalize("NFC", file), "it was normalised to NFC"),
        (lambda file: file.replace("\n== quotes", "\n\n== quotes"), "a line break was added"),
    ],
)
def test_a_changed_text_is_refused(change: Callable[[str], str], sentence: str) -> None:
    """ড় U+09DC is what NFC takes apart."""
    file = FILE.replace("\u09a1\u09bc", "\u09dc")
    (returned,) = CODEC.split({NAME: change(file).encode()})
    with pytest.raises(FormatError, match=sentence):
        settle(CODEC.read(returned, {}), unmarked(file).text, where=returned.where)


def test_a_new_mention_never_takes_an_id_that_a_line_below_refers_to() -> None:
    """Its number would link a quote to a name by chance."""
    file = FILE.replace("[সুজাতা মণ্ডল|ের PER#e1]", "সুজাতা মণ্ডলের").replace("e1 #", "e2 #")
    with pytest.raises(FormatError, match="no mention e1 in the text"):
        unmarked(file)
    with pytest.raises(FormatError, match="no e2 in the text"):
        unmarked(file.replace(" speaker=e1", ""))
    ids = CODEC.write(unmarked(FILE)).ids
    assert marked(unmarked(FILE.replace("PER#e1", "PER"), ids)) == FILE


def test_other_encodings_are_told() -> None:
    """Windows' Notepad calls UTF-16 "Unicode"."""
    with pytest.raises(FormatError, match=r"chara-ghat.khobor.txt:1: not UTF-8; save it"):
        list(CODEC.split({NAME: FILE.encode("utf-16")}))


def test_files_may_be_renamed_and_others_stand_beside_them() -> None:
    files = {"copy of x.khobor.txt": FILE.encode(), "readme.txt": b"x", "x.jsonl": b"\xff"}
    assert [one.doc_id for one in CODEC.split(files)] == ["chara-ghat"]
    with pytest.raises(FormatError, match=r"stands in a.khobor.txt already"):
        list(CODEC.split({"a.khobor.txt": FILE.encode(), "b.khobor.txt": FILE.encode()}))


def test_floods_of_marks_and_large_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for flood in ("[" * 100_000, "⟪q1 CUE ক" * 100_000):
        with pytest.raises(FormatError, match="more than 200 marks are open"):
            unmarked(f"== khobor d\n{flood}\n== quotes and notes\n")
    monkeypatch.setattr("khobor.formats.inline_files.MAX_BYTES", 10)
    with pytest.raises(FormatError, match="larger than 10 bytes"):
        unmarked(FILE)


def test_parts_of_one_role_that_cross_are_left_out() -> None:
    """A mark's end would not tell which of the two it ends."""
    parts: Any = tuple(Part(start, start + 4, "কাকা"[:4]) for start in (0, 2))
    sheet = Sheet("d", "কাকাকাকা", quotes=(Quote("q1", parts, "direct", "bare", "post"),))
    assert [part.start for part in CODEC.restrict(sheet).quotes[0].content] == [0]
    assert all(a.end <= b.start for a, b in pairwise(CODEC.restrict(sheet).quotes[0].content))
