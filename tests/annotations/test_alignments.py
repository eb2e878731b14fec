"""From spans to tags, worked out by hand on small documents, and what no tag can say."""

from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from khobor.annotations.alignments import Alignment, align
from khobor.capture.pages import capture_page
from khobor.errors import AnnotationError
from khobor.pipeline import build_document
from khobor.records import Annotation, Block, Document, Mention, Part, Quote
from khobor.spans import strip_span
from tests import bengali
from tests.samples import document_of


def _aligned(*lines: str) -> tuple[Document, Annotation, Alignment]:
    document, annotation = document_of(*(("paragraph", line) for line in lines))
    return document, annotation, align(document, annotation)


def _tokens(document: Document) -> list[str]:
    bounds = zip(document.tokens.starts.tolist(), document.tokens.ends.tolist(), strict=True)
    return [document.text[start:end] for start, end in bounds]


def _misfits(alignment: Alignment) -> list[tuple[str, str]]:
    return [(misfit.annotation_id, misfit.kind) for misfit in alignment.misfits]


def test_mentions_become_bio_tags() -> None:
    document, _, alignment = _aligned("[ঢাকা|য় GPE] বৃষ্টি, বলেছেন [রুবিনা আক্তার PER]।")
    assert _tokens(document) == ["ঢাকায়", "বৃষ্টি", ",", "বলেছেন", "রুবিনা", "আক্তার", "।"]
    (sentence,) = alignment.sentences
    assert sentence.ner_tags == ("B-GPE", "O", "O", "O", "B-PER", "I-PER", "O")
    assert alignment.misfits == ()


def test_neighbours_of_one_label_stay_apart() -> None:
    _, _, alignment = _aligned("[ঢাকা GPE]-[বরিশাল GPE] [খুলনা GPE] পথ।")
    assert alignment.sentences[0].ner_tags == ("B-GPE", "O", "B-GPE", "B-GPE", "O", "O")


def test_every_token_that_a_mention_touches_has_its_tag() -> None:
    """BNLP splits ২০২১-এর and দু’জন; the mention goes over all of their tokens."""
    document, _, alignment = _aligned("[২০২১|-এর DATE] পর [দু’|জন NUM] আসেন।")
    assert _tokens(document) == ["২০২১", "-", "এর", "পর", "দু", "’", "জন", "আসেন", "।"]
    assert alignment.sentences[0].ner_tags == (
        *("B-DATE", "I-DATE", "I-DATE"),
        "O",
        *("B-NUM", "I-NUM", "I-NUM"),
        "O",
        "O",
    )
    assert alignment.misfits == ()


def test_tags_come_sentence_by_sentence() -> None:
    document, _, alignment = _aligned("[ঢাকা GPE] দূরে। কাছে [খুলনা GPE]।", "[যশোর GPE] মাঝে।")
    assert [sentence.ner_tags for sentence in alignment.sentences] == [
        ("B-GPE", "O", "O"),
        ("O", "B-GPE", "O"),
        ("B-GPE", "O", "O"),
    ]
    assert [sentence.first for sentence in alignment.sentences] == [0, 3, 6]
    assert len(alignment.sentences) == len(document.sentences)


def test_the_parts_of_a_quote_have_its_roles_and_its_id() -> None:
    document, _, alignment = _aligned(
        "⟪q1 SPEAKER রফিক মিয়া⟫ ⟪q1 CUE বলেন⟫, ‘⟪q1 CONTENT নদী আসছে।⟫’ ⟪q2 CONTENT ঘর গেছে⟫"
        " বলে ⟪q2 CUE জানান⟫ ⟪q2 SPEAKER তিনি⟫।"
    )
    assert _tokens(document)[:8] == ["রফিক", "মিয়া", "বলেন", ",", "‘", "নদী", "আসছে", "।"]
    tags = [tag for sentence in alignment.sentences for tag in sentence.quote_tags]
    ids = [owner for sentence in alignment.sentences for owner in sentence.quote_ids]
    assert tags == [
        *("B-SPEAKER", "I-SPEAKER", "B-CUE", "O", "O", "B-CONTENT", "I-CONTENT", "I-CONTENT", "O"),
        *("B-CONTENT", "I-CONTENT", "O", "B-CUE", "B-SPEAKER", "O"),
    ]
    assert ids == [
        *("q1", "q1", "q1", None, None, "q1", "q1", "q1", None),
        *("q2", "q2", None, "q2", "q2", None),
    ]


def test_content_that_goes_on_in_the_next_sentence_begins_again() -> None:
    _, _, alignment = _aligned(
        "⟪q1 SPEAKER তিনি⟫ ⟪q1 CUE বলেন⟫, ⟪q1 CONTENT নদী আসছে। ঘর গেছে আগেই। যাব কোথায়?⟫"
    )
    assert [sentence.quote_tags for sentence in alignment.sentences] == [
        ("B-SPEAKER", "B-CUE", "O", "B-CONTENT", "I-CONTENT", "I-CONTENT"),
        ("B-CONTENT", "I-CONTENT", "I-CONTENT", "I-CONTENT"),
        ("B-CONTENT", "I-CONTENT", "I-CONTENT"),
    ]
    assert {owner for s in alignment.sentences[1:] for owner in s.quote_ids} == {"q1"}
    assert alignment.misfits == ()


def test_content_in_two_parts_begins_twice() -> None:
    _, _, alignment = _aligned("‘⟪q1 CONTENT আমি⟫’ ‘⟪q1 CONTENT যাব না⟫’, ⟪q1 CUE বলেন⟫ তিনি।")
    tags = [tag for tag in alignment.sentences[0].quote_tags if tag != "O"]
    assert tags == ["B-CONTENT", "B-CONTENT", "I-CONTENT", "B-CUE"]


def test_mentions_and_quotes_do_not_hide_each_other() -> None:
    _, _, alignment = _aligned(
        "⟪q1 SPEAKER চাষি [মতিন মিয়া PER]⟫ ⟪q1 CUE বলেন⟫, ⟪q1 CONTENT [ঢাকা GPE] যাব।⟫"
    )
    (sentence,) = alignment.sentences
    assert sentence.ner_tags == ("O", "B-PER", "I-PER", "O", "O", "B-GPE", "O", "O")
    assert sentence.quote_tags == (
        *("B-SPEAKER", "I-SPEAKER", "I-SPEAKER", "B-CUE", "O"),
        *("B-CONTENT", "I-CONTENT", "I-CONTENT"),
    )
    assert alignment.misfits == ()


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("দাম ৳[৩০ NUM] হলো।", id="before"),
        pytest.param("কাল [বরিশাল GPE]৷", id="danda typed as a digit"),
        pytest.param("বসে [২০২১ DATE]সালে।", id="behind"),
    ],
)
def test_a_token_larger_than_its_mention_is_tagged_and_listed(line: str) -> None:
    document, annotation, alignment = _aligned(line)
    (mention,) = annotation.mentions
    assert sum(tag != "O" for tag in alignment.sentences[0].ner_tags) == 1
    (misfit,) = alignment.misfits
    assert (misfit.doc_id, misfit.annotation_id, misfit.kind) == ("small", "e1", "token-larger")
    assert (misfit.start, misfit.end) == (mention.start, mention.end)
    assert document.text[misfit.start : misfit.end] in misfit.detail


def test_a_token_keeps_the_first_tag_and_the_second_is_listed() -> None:
    document, _, alignment = _aligned("দাম [বরিশাল GPE]৳[৩০ NUM] হলো।")
    assert _tokens(document)[1] == "বরিশাল৳৩০"
    assert alignment.sentences[0].ner_tags == ("O", "B-GPE", "O", "O")
    assert _misfits(alignment) == [
        ("e1", "token-larger"),
        ("e2", "token-larger"),
        ("e2", "token-taken"),
    ]


def test_what_is_left_of_a_mention_behind_a_taken_token_begins_with_b() -> None:
    _, _, alignment = _aligned("দাম [বরিশাল GPE]৳[৩০ টাকা NUM] হলো।")
    assert alignment.sentences[0].ner_tags == ("O", "B-GPE", "B-NUM", "O", "O")


def test_content_behind_a_token_of_another_quote_begins_again() -> None:
    _, _, alignment = _aligned("⟪q2 CONTENT নদী আসছে ⟪q1 CUE বলেন⟫ চাষি রফিক⟫।")
    (sentence,) = alignment.sentences
    assert sentence.quote_tags == (
        *("B-CONTENT", "I-CONTENT", "B-CUE", "B-CONTENT", "I-CONTENT", "O"),
    )
    assert sentence.quote_ids == ("q2", "q2", "q1", "q2", "q2", None)
    assert _misfits(alignment) == [("q2", "token-taken")]


def test_a_mention_over_two_sentences_is_listed() -> None:
    document, _, alignment = _aligned("গান [এসো। বৈশাখ WORK] গাই।")
    assert len(document.sentences) == 2
    assert _misfits(alignment) == [("e1", "crosses-sentences")]
    assert [sentence.ner_tags for sentence in alignment.sentences] == [
        ("O", "B-WORK", "I-WORK"),
        ("B-WORK", "O", "O"),
    ]


def test_a_speaker_over_two_sentences_is_listed_and_content_is_not() -> None:
    _, _, alignment = _aligned("⟪q1 SPEAKER মতিন। রফিক⟫ ⟪q1 CUE বলেন⟫, ⟪q1 CONTENT যাব। আসব।⟫")
    assert _misfits(alignment) == [("q1", "crosses-sentences")]


def test_a_mention_in_furniture_is_listed() -> None:
    document, annotation = document_of(("chrome", "[ঢাকা GPE] শহর"), ("paragraph", "আজ বৃষ্টি।"))
    alignment = align(document, annotation)
    assert _misfits(alignment) == [("e1", "outside-sentences")]
    assert {tag for sentence in alignment.sentences for tag in sentence.ner_tags} == {"O"}


def test_without_any_item_every_tag_is_o() -> None:
    document, _, alignment = _aligned("আজ বৃষ্টি। কাল রোদ।")
    for sentence in alignment.sentences:
        assert set(sentence.ner_tags) == set(sentence.quote_tags) == {"O"}
        assert set(sentence.quote_ids) == {None}
    assert sum(len(s.ner_tags) for s in alignment.sentences) == len(document.tokens.starts)


def test_an_annotation_for_another_text_is_refused() -> None:
    document, annotation = document_of(("paragraph", "[ঢাকা GPE] শহর।"))
    other = msgspec.structs.replace(annotation, text_sha256="0" * 64)
    with pytest.raises(AnnotationError, match="small") as caught:
        align(document, other)
    assert "reanchor" in caught.value.fix


@pytest.mark.parametrize(("start", "end"), [(3, 99), (99, 120), (4, 4), (6, 5)])
def test_an_offset_past_the_end_is_refused_with_its_item(start: int, end: int) -> None:
    document, annotation = document_of(("paragraph", "ঢাকা শহর।"))
    mention = Mention("e7", start, end, end, "GPE")
    with pytest.raises(AnnotationError, match="e7"):
        align(document, msgspec.structs.replace(annotation, mentions=(mention,)))
    quote = Quote("q7", (Part(start, end),), "direct", "bare", "speech")
    with pytest.raises(AnnotationError, match="q7"):
        align(document, msgspec.structs.replace(annotation, quotes=(quote,)))


# --- for any text ----------------------------------------------------------------------------


@st.composite
def _documents(draw: st.DrawFn) -> Document:
    """Any text, each of its lines a paragraph."""
    text = draw(bengali.texts())
    assume(text.strip("\ufeff").strip())
    page = capture_page(text.encode(), source="any.txt", doc_id="any")
    blocks = [Block(stretch.start, stretch.end, "paragraph") for stretch in page.stretches]
    return build_document(page, blocks)


def _annotation(document: Document, spans: list[tuple[int, int]]) -> Annotation:
    labels = ("PER", "GPE")
    return Annotation(
        doc_id=document.doc_id,
        text_sha256=document.text_sha256,
        annotator="gold",
        guideline="1.0",
        progress="complete",
        mentions=tuple(
            Mention(f"e{number}", start, end, end, labels[number % 2])  # type: ignore[arg-type]  # two labels
            for number, (start, end) in enumerate(spans)
        ),
    )


def _decode(document: Document, alignment: Alignment) -> list[tuple[int, int, str]]:
    """Read BIO tags back into spans: an independent reader, strict about I without B."""
    starts, ends = document.tokens.starts.tolist(), document.tokens.ends.tolist()
    spans: list[tuple[int, int, str]] = []
    for sentence in alignment.sentences:
        before = "O"
        for place, tag in enumerate(sentence.ner_tags, sentence.first):
            if tag.startswith("B-"):
                spans.append((starts[place], ends[place], tag[2:]))
            elif tag.startswith("I-"):
                assert before[2:] == tag[2:], "I follows a tag of its own label"
                spans[-1] = (spans[-1][0], ends[place], tag[2:])
            before = tag
    return spans


@given(document=_documents(), data=st.data())
def test_mentions_on_token_borders_come_back_exactly(
    document: Document, data: st.DataObject
) -> None:
    starts, ends = document.tokens.starts.tolist(), document.tokens.ends.tolist()
    chosen: list[tuple[int, int]] = []
    for sentence in document.sentences:
        inside = [at for at, start in enumerate(starts) if sentence.start <= start < sentence.end]
        cuts = data.draw(st.sets(st.integers(0, len(inside)), max_size=6).map(sorted))
        for left, right in pairwise(cuts):
            if data.draw(st.booleans()):
                chosen.append((starts[inside[left]], ends[inside[right - 1]]))
    annotation = _annotation(document, chosen)
    alignment = align(document, annotation)
    assert alignment.misfits == ()
    assert _decode(document, alignment) == [(m.start, m.end, m.label) for m in annotation.mentions]


@given(document=_documents(), data=st.data())
def test_any_mention_comes_back_exactly_or_is_a_misfit(
    document: Document, data: st.DataObject
) -> None:
    cuts = data.draw(st.sets(st.integers(0, len(document.text)), max_size=9).map(sorted))
    spans = [strip_span(document.text, left, right) for left, right in pairwise(cuts)]
    annotation = _annotation(document, [(s.start, s.end) for s in spans if s.start < s.end])
    alignment = align(document, annotation)
    exact = set(_decode(document, alignment))
    listed = {misfit.annotation_id for misfit in alignment.misfits}
    for mention in annotation.mentions:
        came_back = (mention.start, mention.end, mention.label) in exact
        assert came_back != (mention.id in listed)
    for sentence in alignment.sentences:
        assert len(sentence.ner_tags) == len(sentence.quote_tags) == len(sentence.quote_ids)
