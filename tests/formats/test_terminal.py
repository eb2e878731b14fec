"""The page in a terminal: what is shown, and what a stranger's page must not do to it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
import pytest

from khobor.capture.pages import capture_page
from khobor.errors import AnnotationError
from khobor.formats.terminal import render
from khobor.pipeline import build_document
from khobor.records import Annotation, Block, BlockLabel, Document, Mention, Metadata, Part, Quote
from tests.samples import FERRY, document_of, page_of

_ANSI = re.compile(r"\x1b\[([0-9;]*)m")

_SMALL: tuple[tuple[BlockLabel, str], ...] = (
    ("chrome", "হোম"),
    ("headline", "[বরিশাল|ে GPE] নতুন ফেরি"),
    ("paragraph", "⟪q1 SPEAKER চাষি [মতিন মিয়া PER]⟫ ⟪q1 CUE বলেন⟫, ‘⟪q1 CONTENT [ঢাকা GPE] যাব।⟫’"),
    ("related", "ইলিশের দাম কমেছে"),
)
_PLAIN = """\
small · দৈনিক মোহনা · BD · 2021-10-05 · annotations of gold (complete)

chrome      হোম
headline    [বরিশাল|ে GPE] নতুন ফেরি
paragraph   ⟪q1 SPEAKER চাষি [মতিন মিয়া PER]⟫ ⟪q1 CUE বলেন⟫, ‘⟪q1 CONTENT [ঢাকা GPE] যাব।⟫’
related     ইলিশের দাম কমেছে"""


@pytest.fixture
def small() -> tuple[Document, Annotation]:
    document, annotation = document_of(*_SMALL)
    metadata = Metadata(publisher="দৈনিক মোহনা", country="BD", published_at="2021-10-05")
    return msgspec.structs.replace(document, metadata=metadata), annotation


def test_a_page_without_colour(small: tuple[Document, Annotation]) -> None:
    assert render(*small) == _PLAIN


def test_a_page_without_its_furniture(small: tuple[Document, Annotation]) -> None:
    kept = [line for line in _PLAIN.splitlines() if not line.startswith(("chrome", "related"))]
    assert render(*small, furniture=False).splitlines() == kept


def test_a_page_that_nobody_annotated(small: tuple[Document, Annotation]) -> None:
    shown = render(small[0], None)
    assert shown.splitlines()[0].endswith("2021-10-05 · not annotated")
    assert "paragraph   চাষি মতিন মিয়া বলেন, ‘ঢাকা যাব।’" in shown.splitlines()


def test_a_models_annotation_is_shown_as_a_models(small: tuple[Document, Annotation]) -> None:
    document, annotation = small
    silver = msgspec.structs.replace(annotation, annotator="silver", status="silver")
    assert "annotations of silver (silver: a model's)" in render(document, silver).splitlines()[0]


def test_every_mark_of_an_annotation_is_shown() -> None:
    """The notation of the samples is what is printed, so a whole page comes back as written."""
    text, blocks, annotation = page_of(FERRY)
    page = capture_page(text.encode(), source="ferry.txt", doc_id=FERRY.doc_id)
    shown = render(build_document(page, blocks), annotation).splitlines()[2:]
    assert shown == [f"{label:<12}{line}" for label, line in FERRY.lines]


def test_hard_wraps_stay_lines_under_one_label() -> None:
    page = capture_page("প্রথম সারি\nদ্বিতীয় সারি।".encode(), source="a.txt", doc_id="a")
    document = build_document(page, [Block(0, len(page.text), "paragraph")])
    assert render(document, None).splitlines()[2:] == [
        "paragraph   প্রথম সারি",
        "            দ্বিতীয় সারি।",
    ]


def test_the_outer_of_two_spans_at_one_place_encloses_the_inner() -> None:
    document, annotation = document_of(("paragraph", "⟪q1 SPEAKER [মতিন PER]⟫ ⟪q1 CUE বলেন⟫"))
    assert render(document, annotation).endswith("⟪q1 SPEAKER [মতিন PER]⟫ ⟪q1 CUE বলেন⟫")


@pytest.mark.parametrize("color", [False, True])
def test_control_characters_of_a_page_are_shown_and_not_sent(color: bool) -> None:
    text = "লাল\x1b[31m নদী\x07 পাড়\x9b2J শেষ\x00।"
    page = capture_page(text.encode(), source="a.txt", doc_id="a")
    document = msgspec.structs.replace(
        build_document(page, [Block(0, len(page.text), "paragraph")]),
        metadata=Metadata(publisher="কাগজ\x1b]0;owned\x07", published_at="\x1b[2J"),
    )
    annotation = Annotation(
        doc_id="a",
        text_sha256=document.text_sha256,
        annotator="gold",
        guideline="1.0",
        progress="complete",
        mentions=(Mention("e1", 0, 8, 8, "LOC"),),
    )
    shown = (
        _ANSI.sub("", render(document, annotation, color=color))
        if color
        else render(document, annotation)
    )
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", shown)
    for escaped in (r"\x1b[31m", r"\x07", r"\x9b2J", r"\x00", r"\x1b]0;owned", r"\x1b[2J"):
        assert escaped in shown


def _painted(shown: str) -> Iterator[tuple[str, frozenset[str]]]:
    """Read a coloured text as a terminal does: each character with the codes that are on."""
    codes: frozenset[str] = frozenset()
    position = 0
    for found in _ANSI.finditer(shown):
        yield from ((character, codes) for character in shown[position : found.start()])
        position = found.end()
        codes = frozenset() if found[1] == "0" else codes | set(found[1].split(";"))
    yield from ((character, codes) for character in shown[position:])


def _codes_of(shown: str, words: str) -> set[frozenset[str]]:
    painted = list(_painted(shown))
    start = "".join(character for character, _ in painted).index(words)
    return {codes for _, codes in painted[start : start + len(words)]}


def test_colours_nest_where_spans_do(small: tuple[Document, Annotation]) -> None:
    shown = render(*small, color=True)
    (content,) = _codes_of(shown, " যাব।")
    (inner,) = _codes_of(shown, "ঢাকা")
    (speaker,) = _codes_of(shown, "চাষি ")
    (name,) = _codes_of(shown, "মতিন মিয়া")
    (cue,) = _codes_of(shown, "বলেন")
    (outside,) = _codes_of(shown, ", ‘")
    (entity,) = _codes_of(shown, "বরিশাল")
    assert len({content, speaker, cue}) == 3
    assert all((content, speaker, cue, entity))
    assert inner == content | entity  # a mention keeps the colour of the quote around it
    assert name == speaker | entity
    assert outside == frozenset()  # and nothing stays on behind it


def test_a_colour_goes_on_behind_a_hard_wrap_and_stays_out_of_the_margin() -> None:
    page = capture_page("তিনি বলেন, আমি\nআসব না।".encode(), source="a.txt", doc_id="a")
    document = build_document(page, [Block(0, len(page.text), "paragraph")])
    annotation = Annotation(
        doc_id="a",
        text_sha256=document.text_sha256,
        annotator="gold",
        guideline="1.0",
        progress="complete",
        quotes=(Quote("q1", (Part(11, len(page.text)),), "direct", "bare", "speech"),),
    )
    shown = render(document, annotation, color=True)
    (before,) = _codes_of(shown, "আমি")
    (behind,) = _codes_of(shown, "আসব না।")
    assert before == behind != frozenset()
    painted = list(_painted(shown))
    wrap = max(place for place, (character, _) in enumerate(painted) if character == "\n")
    assert not any(before <= codes for _, codes in painted[wrap + 1 : wrap + 13])


def test_every_line_ends_without_colour(small: tuple[Document, Annotation]) -> None:
    for line in render(*small, color=True).splitlines()[2:]:
        assert line.endswith("\x1b[0m")


def test_colour_adds_names_and_changes_no_letter(small: tuple[Document, Annotation]) -> None:
    bare = _ANSI.sub("", render(*small, color=True)).splitlines()[2:]
    assert bare == [
        "chrome      হোম",
        "headline    বরিশাল|ে·GPE নতুন ফেরি",
        "paragraph   চাষি মতিন মিয়া·PER·q1 বলেন·q1, ‘ঢাকা·GPE যাব।·q1’",
        "related     ইলিশের দাম কমেছে",
    ]


def test_an_annotation_for_another_text_is_refused(small: tuple[Document, Annotation]) -> None:
    other = msgspec.structs.replace(small[1], text_sha256="0" * 64)
    with pytest.raises(AnnotationError, match="small"):
        render(small[0], other)
