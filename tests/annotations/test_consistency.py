"""Warnings over a corpus: a planted fault for every one, its neighbours that are none, exceptions."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given

from khobor.annotations.checks import Finding
from khobor.annotations.consistency import (
    CHECKS,
    AnnotatedText,
    check_consistency,
    fold,
)
from khobor.annotations.files import AnnotationFile, annotation_lines
from khobor.annotations.marks import mark_in_context, unpaired_marks
from khobor.records import Block, BlockLabel, KnownException, Mention, Progress
from tests.bengali import texts
from tests.samples import SAMPLES, Sample, page_of

Line = tuple[BlockLabel, str]


def _text(*lines: str | Line, doc: str = "small", progress: Progress = "complete") -> AnnotatedText:
    """Turn paragraphs in the notation of tests/samples.py into an annotated text."""
    labelled = tuple(("paragraph", line) if isinstance(line, str) else line for line in lines)
    parts = {"q1": {}, "q2": {}}
    sample = Sample(doc, "", "", labelled, quotes=parts, progress=progress)  # type: ignore[arg-type]
    return _annotated(sample)


def _annotated(sample: Sample) -> AnnotatedText:
    text, blocks, annotation = page_of(sample)
    lines = list(enumerate(annotation_lines(annotation), 1))
    found = AnnotationFile(
        f"gold/{sample.doc_id}.jsonl",
        1,
        annotation,
        tuple(n for n, line in lines if isinstance(line, Mention)),
        tuple(n for n, line in lines[1:] if not isinstance(line, Mention)),
    )
    return AnnotatedText(sample.doc_id, f"pages/{sample.doc_id}/page.txt", text, blocks, found)


def _found(*texts: AnnotatedText) -> list[tuple[str, str, int]]:
    return [(f.check, f.file, f.line) for f in check_consistency(texts)]


def test_a_sound_corpus_has_no_warnings() -> None:
    assert check_consistency([_annotated(sample) for sample in SAMPLES]) == []


# --- names ------------------------------------------------------------------------------------


def test_a_name_with_another_label_than_elsewhere_is_found_in_the_minority() -> None:
    one = _text("[পথদিশা PRODUCT] অ্যাপ আর [পথদিশা|র PRODUCT] পাতা।", doc="one")
    two = _text("ক্ষমা চাইল [পথদিশা ORG]।", doc="two")
    (finding,) = check_consistency([two, one])
    assert (finding.check, finding.file, finding.line) == ("other-label", "gold/two.jsonl", 2)
    assert "is ORG here and PRODUCT in 2 of 3 places (gold/one.jsonl:2); " in finding.message


def test_of_two_labels_with_equal_rights_the_first_counts() -> None:
    one = _text("[মেঘনা LOC] আর [মেঘনা ORG]।")
    assert _found(one) == [("other-label", "gold/small.jsonl", 3)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("সম\u09df\u09c7র কাগজ", "সম\u09af\u09bc\u09c7র কাগজ", id="both encodings"),
        pytest.param("র\u200d\u09cd\u09afাব", "র\u09cd\u09afাব", id="ZWJ"),
        pytest.param("ফেব্\u200cরু দল", "ফেব্রু দল", id="ZWNJ"),
        pytest.param("হাসান\u00a0আলি", "হাসান আলি", id="no-break space"),
    ],
)
def test_spellings_that_look_alike_are_one_name(one: str, other: str) -> None:
    assert [check for check, _, _ in _found(_text(f"কাল [{one} ORG] আর [{other} LOC] দেখি।"))] == [
        "other-label"
    ]


def test_a_number_alone_is_no_name() -> None:
    assert _found(_text("[৪২ NUM] জন, বয়স [৪২ DATE]।")) == []


def test_a_name_with_its_ending_inside_is_found_where_the_name_alone_is_marked() -> None:
    text = _text("[তিস্তা|য় LOC] জল, [তিস্তার LOC] চর।")
    (finding,) = check_consistency([text])
    assert (finding.check, finding.line) == ("whole-name", 3)
    assert "at gold/small.jsonl:2 it is 'তিস্তা'; " in finding.message


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("[তিস্তা LOC] আর [তিস্তা|র LOC]।", id="cut off"),
        pytest.param("শুধু [তিস্তার LOC] চর।", id="the name alone is nowhere"),
        pytest.param("[দু’|জন NUM], [দু NUM] আর [দুই NUM] জন।", id="two letters"),
        pytest.param("[রাত ৯ TIME] আর [রাত ৯টা TIME]।", id="টা of a clock time"),
    ],
)
def test_a_name_that_ends_as_it_should_is_no_fault(line: str) -> None:
    assert _found(_text(line)) == []


@pytest.mark.parametrize(
    "ending", ["", "র", "ের", "কে", "তে", "\u09df", "\u09af\u09bc", "রা", "’র", "-কে"]
)
def test_a_name_that_is_marked_once_and_left_out_once_is_found(ending: str) -> None:
    text = _text("আজ [বরিশাল GPE] যাব।", f"কাল বরিশাল{ending} দেখি।")
    (finding,) = check_consistency([text])
    start = text.text.rindex("বরিশাল")
    assert (finding.check, finding.file, finding.line) == (
        "unmarked-name",
        "pages/small/page.txt",
        2,
    )
    assert f"not at [{start}, {start + len('বরিশাল' + ending)}); annotate" in finding.message
    assert "gold/small.jsonl" in finding.message


@pytest.mark.parametrize("name", ["রা\u09dfগঞ্জ", "রা\u09af\u09bcগঞ্জ", "রা\u200c\u09dfগঞ্জ"])
def test_a_name_left_out_is_found_in_any_spelling_at_its_place_in_the_text(name: str) -> None:
    text = _text("আজ [রা\u09dfগঞ্জ GPE] যাব।", f"য়\u200cসময় {name}ে নয়, {name} ছাড়ি।")
    (finding,) = check_consistency([text])
    start = text.text.rindex(name)
    assert f"[{start}, {start + len(name)})" in finding.message


@pytest.mark.parametrize(
    ("lines", "progress"),
    [
        pytest.param(["[বরিশাল GPE] আর [বরিশাল শহর GPE]।"], "complete", id="inside a longer one"),
        pytest.param(["[বরিশাল GPE]", ("chrome", "বরিশাল")], "complete", id="furniture"),
        pytest.param(["[বরিশাল GPE] আর বরিশালিয়া।"], "complete", id="another word"),
        pytest.param(["[বরিশাল GPE] আর নববরিশাল।"], "complete", id="the end of a word"),
        pytest.param(["[ভোলা GPE] গেল, রিনা PER আর [রিনা PER]।"], "partial", id="unfinished"),
        pytest.param(["[আশা|র PER] কথা, আশা আছে।"], "complete", id="too short"),
        pytest.param(["[গোধূলি WORK] নাটক, গোধূলি বেলা।"], "complete", id="a title"),
        pytest.param(["[Kashban ORG], info@Kashban.example"], "complete", id="an address"),
    ],
)
def test_words_that_need_no_mark_are_no_fault(lines: list[str | Line], progress: Progress) -> None:
    assert _found(_text(*lines, progress=progress)) == []


# --- speech -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "তিনি বলেন, ‘ঘাট আজ বন্ধ। কাল আসুন।’ পরে যান।",
        "তিনি জানান: “ঘাট আজ বন্ধ। কাল আসুন।” পরে যান।",
        'তিনি লিখেছেন, "ঘাট আজ বন্ধ। কাল আসুন।" পরে যান।',
        "তিনি বললেন যে, ‘ঘাট আজ বন্ধ। কাল আসুন।’",
        "তিনি দাবি করেন, ‘ঘাট আজ বন্ধ। কাল আসুন।",
        "তিনি জানিয়\u09c7ছেন, ‘ঘাট আজ বন্ধ। কাল আসুন।’".replace("য়\u09c7", "\u09df\u09c7"),
    ],
)
def test_marked_words_behind_a_verb_of_saying_are_found(line: str) -> None:
    (finding,) = [f for f in check_consistency([_text("শুরু।", line)]) if f.check != "unpaired-mark"]
    assert (finding.check, finding.line) == ("speech-without-quote", 2)
    assert finding.message.startswith("'ঘাট আজ বন্ধ। কাল আসুন।' stands in marks behind ")
    assert "; annotate it in gold/small.jsonl" in finding.message


def test_an_apostrophe_closes_no_speech() -> None:
    (finding,) = check_consistency([_text("তিনি বলেন, ‘ন’টায় দু’জন যাব।’ শেষ।")])
    assert finding.message.startswith("'ন’টায় দু’জন যাব।' stands")


@pytest.mark.parametrize(
    ("line", "progress"),
    [
        pytest.param(
            "⟪q1 SPEAKER তিনি⟫ ⟪q1 CUE বলেন⟫, ‘⟪q1 CONTENT ঘাট বন্ধ।⟫’", "complete", id="a quote"
        ),
        pytest.param("তিনি বলেন, ‘ঘাট বন্ধ।’", "partial", id="unfinished"),
        pytest.param("মেয়র বললেন ‘উঠোন’ নাটকের কথা।", "complete", id="no comma"),
        pytest.param("তিনি বাস করেন, ‘উঠোন’ নামের বাড়িতে।", "complete", id="another করেন"),
        pytest.param("মিছিলে স্লোগান ওঠে, ‘ঘাট চাই’।", "complete", id="a slogan"),
        pytest.param("তিনি বলেন, ‘’ কিছু নয়।", "complete", id="nothing inside"),
    ],
)
def test_marks_that_hold_no_speech_or_an_annotated_one_are_no_fault(
    line: str, progress: Progress
) -> None:
    assert _found(_text(line, progress=progress)) == []


# --- marks ------------------------------------------------------------------------------------


def _unpaired(*paragraphs: str) -> list[str]:
    text = "\n".join(paragraphs)
    blocks, position = [], 0
    for paragraph in paragraphs:
        blocks.append(Block(position, position + len(paragraph), "paragraph"))
        position += len(paragraph) + 1
    return [mark_in_context(text, span.start) for span in unpaired_marks(text, blocks)]


@pytest.mark.parametrize(
    "paragraph",
    [
        "তিনি বলেন, ‘চলুন।’",
        "‘তুমি’র গান, ‘রূপশ্রী’তে টাকা, ‘পলাশ’-কে চিঠি।",
        "ন’টা, দু’জন, ছ’মাস, পিএলসি’র, O’Brien, শ’ খানেক।",
        "‘ন’টায় দু’জন যাব, পিএলসি’র গাড়িতে।’",
        "“তিনি ‘উঠোন’ দেখেছেন।”",
        "’৭১ সালে, ‘৫২ সালে।",
        "“‘আমি’র কথা।”",
        "straight \"one and 'two",
    ],
)
def test_paired_marks_and_apostrophes_are_no_fault(paragraph: str) -> None:
    assert _unpaired(paragraph) == []


@pytest.mark.parametrize(
    ("paragraph", "found"),
    [
        ("তিনি বলেন, ‘চলুন সবাই।", ["‘চলুন"]),
        ("তিনি বলেন, চলুন সবাই।’ পরে", ["সবাই।’"]),
        ("তিনি বলেন, “চলুন সবাই।’ পরে", ["“চলুন", "সবাই।’"]),
        ("“একটি ‘দুটি” তিনটি", ["‘দুটি"]),
        ("‘ন’টায় দু’জন যাব।", ["‘ন’টায়"]),
        ("’তুমি’ গান", ["’", "তুমি’"]),
        ("সব শেষে “", ["“"]),
    ],
)
def test_a_mark_without_a_partner_is_found_with_its_word(paragraph: str, found: list[str]) -> None:
    assert _unpaired(paragraph) == found


def test_a_quote_over_paragraphs_is_paired_where_it_goes_on() -> None:
    assert _unpaired("বলেন, ‘এক।", "‘দুই।", "‘তিন।’ শেষ।") == []  # opened anew
    assert _unpaired("বলেন, “এক।", "দুই।” শেষ।") == []  # closed in the next
    assert _unpaired("বলেন, ‘এক।", "‘দুই।", "তিন।") == ["‘দুই।"]
    assert _unpaired("বলেন, ‘এক।", "দুই।", "তিন।’ শেষ।") == ["‘এক।", "তিন।’"]
    assert _unpaired("বলেন, ‘এক।", "পিএলসি’র লোক।") == ["‘এক।"]


def test_furniture_between_paragraphs_parts_no_quote_and_a_headline_stands_alone() -> None:
    lines: list[Line] = [
        ("headline", "‘চলুন সবাই"),
        ("paragraph", "লেখা ‘এক।"),
        ("advert", "‘বিজ্ঞাপন"),
        ("paragraph", "দুই।’ শেষ।"),
    ]
    assert _found(_text(*lines)) == [("unpaired-mark", "pages/small/page.txt", 1)]


def test_marks_are_looked_at_where_nobody_annotated() -> None:
    text = msgspec.structs.replace(_text("বলেন, ‘এক।"), found=None)
    assert [check for check, _, _ in _found(text)] == ["unpaired-mark"]


# --- exceptions -------------------------------------------------------------------------------

FAULTY = _text(
    "তিনি বলেন, ‘আসছি।’ পরে [পথদিশা ORG], [পথদিশা PRODUCT] আর [পথদিশা PRODUCT]।",
    "[বরিশাল GPE], [বরিশালের GPE] আর বরিশাল।",
    "কাল “শেষ।",
)
NAMED = {
    "other-label": "পথদিশা",
    "speech-without-quote": "আসছি।",
    "unmarked-name": "বরিশাল",
    "unpaired-mark": "“শেষ।",
    "whole-name": "বরিশালের",
}


def _with(*exceptions: KnownException, unread: tuple[str, ...] = ()) -> list[Finding]:
    return check_consistency(
        [FAULTY], list(enumerate(exceptions, 1)), exceptions_file="exceptions.jsonl", unread=unread
    )


def test_every_warning_is_planted_once_and_says_what_to_do() -> None:
    findings = _with()
    assert sorted(f.check for f in findings) == sorted(CHECKS) == sorted(NAMED)
    for finding in findings:
        assert finding.level == "warning"
        assert re.fullmatch(r".+; .+", finding.message), finding.message
        assert NAMED[finding.check] in finding.message
        assert "annotations/exceptions.jsonl" in finding.message


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("doc_id", [None, "small"])
def test_a_known_exception_silences_its_warning_and_no_other(
    check: str, doc_id: str | None
) -> None:
    left = _with(KnownException(check, NAMED[check], "a reason", doc_id))
    assert sorted(f.check for f in left) == sorted(set(CHECKS) - {check})


@pytest.mark.parametrize(
    ("exception", "said"),
    [
        (KnownException("other-label", "ঢাকা", "a reason"), "no warning other-label names 'ঢাকা'"),
        (KnownException("whole-name", "পথদিশা", "a reason"), "no warning whole-name"),
        (KnownException("other-label", "পথদিশা", "a reason", "large"), "in large; remove the line"),
        (KnownException("other-lable", "পথদিশা", "a reason"), "expected one of other-label, "),
    ],
)
def test_an_exception_that_covers_nothing_is_a_warning_itself(
    exception: KnownException, said: str
) -> None:
    findings = _with(KnownException("unmarked-name", "বরিশাল", "a reason"), exception)
    (finding,) = [f for f in findings if f.check == "unused-exception"]
    assert (finding.file, finding.line, finding.level) == ("exceptions.jsonl", 2, "warning")
    assert said in finding.message
    assert len(findings) == len(CHECKS)  # all but one, and the unused exception


def test_an_exception_for_a_text_that_is_not_here_is_not_judged() -> None:
    exception = KnownException("other-label", "ঢাকা", "a reason", "withheld-page")
    assert len(_with(exception, unread=("withheld-page",))) == len(CHECKS)


@given(text=texts())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(text=texts())
def test_any_text_has_marks_that_are_paired_or_not(text: str) -> None:
    """Whatever stands there, each mark is named once at most, at a mark."""
    spans = unpaired_marks(text, [Block(0, len(text), "paragraph")] if text else [])
    assert len(set(spans)) == len(spans)
    assert all(text[span.start : span.end] in "‘’“”" for span in spans)
    assert spans == sorted(spans)
