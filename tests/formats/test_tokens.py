"""Which spans the tokens of sentences can hold, and what is said of those that they cannot."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khobor.errors import SpanError
from khobor.formats.codecs import EXPORTERS, exporter_of
from khobor.formats.conll2003 import EXPORTER as CONLL
from khobor.formats.conllu import EXPORTER as CONLLU
from khobor.formats.gliner import EXPORTER as GLINER
from khobor.formats.interface import Exporter, FormatError, Sheet
from khobor.formats.tokens import Fitted, fit, token_text, wanted_mentions
from khobor.layers.tokens import tokenize
from khobor.records import Mention, Part, Quote
from khobor.spans import Span
from tests.formats.exported import (
    Laid,
    kept_mentions,
    kept_quotes,
    laid,
    left_out,
    named,
    small,
    with_blocks,
)

EXAMPLES = settings(max_examples=200)
TOKEN_FORMATS = [CONLL, CONLLU, GLINER]
FLAT = [CONLL, CONLLU]


def sentence_edges(sheet: Sheet, sentences: list[Span]) -> list[tuple[set[int], set[int]]]:
    """List starts and ends of the tokens of each sentence, tokenised by itself."""
    edges = []
    for sentence in sentences:
        tokens = tokenize(sheet.text[sentence.start : sentence.end])
        starts = {sentence.start + token.start for token in tokens}
        edges.append((starts, {sentence.start + token.end for token in tokens}))
    return edges


@EXAMPLES
@given(laid())
def test_a_span_fits_where_its_edges_are_edges_of_tokens_of_one_sentence(case: Laid) -> None:
    sheet, sentences = case
    edges = sentence_edges(sheet, sentences)
    possible = {
        mention.id
        for mention in sheet.mentions
        if any(mention.start in starts and mention.end in ends for starts, ends in edges)
    }
    tokens = token_text(sheet, sentences, "x")
    wanted = wanted_mentions(sheet.mentions)
    fitted, losses = fit(sheet, tokens, wanted, "x", lossy=True)
    kept = {one.wanted.item for one in fitted}
    assert kept <= possible
    assert sorted([*kept, *(loss.item for loss in losses)]) == sorted(m.id for m in sheet.mentions)
    by_id = {mention.id: mention for mention in sheet.mentions}
    for gone in possible - kept:
        assert any(outranks(by_id[other], by_id[gone]) for other in kept)
    for one in fitted:
        assert spelled(sheet, tokens.starts, tokens.ends, one) == by_id[one.wanted.item].surface


def outranks(kept: Mention, gone: Mention) -> bool:
    shared = kept.start < gone.end and gone.start < kept.end
    return shared and kept.end - kept.start >= gone.end - gone.start


def spelled(sheet: Sheet, starts: tuple[int, ...], ends: tuple[int, ...], one: Fitted) -> str:
    return sheet.text[starts[one.tokens.start] : ends[one.tokens.end - 1]]


@EXAMPLES
@given(laid(), st.sampled_from(TOKEN_FORMATS))
def test_what_does_not_fit_is_refused_unless_lossy(case: Laid, exporter: Exporter) -> None:
    sheet, sentences = case
    lossy = exporter.write(sheet, sentences, True)
    missing = left_out(lossy)
    if not missing:
        assert exporter.write(sheet, sentences, False) == lossy
        return
    with pytest.raises(FormatError) as refused:
        exporter.write(sheet, sentences, False)
    assert refused.value.where == sheet.doc_id
    assert refused.value.fix
    assert any(item in refused.value.message for item, _ in missing)


@EXAMPLES
@given(laid(), st.sampled_from(TOKEN_FORMATS))
def test_an_item_and_field_is_lost_once_and_the_same_bytes_come_twice(
    case: Laid, exporter: Exporter
) -> None:
    sheet, sentences = case
    written = exporter.write(sheet, sentences, True)
    lost = [(loss.item, loss.field) for loss in written.losses]
    assert len(set(lost)) == len(lost)
    assert list(written.losses) == sorted(written.losses)
    whole = {item for item, field in lost if field == "all of it"}
    assert not whole & {item for item, field in lost if field != "all of it"}
    assert exporter.write(sheet, sentences, True) == written


@EXAMPLES
@given(laid())
def test_a_quote_without_content_left_is_left_out_whole(case: Laid) -> None:
    sheet, sentences = case
    written = CONLLU.write(sheet, sentences, True)
    kept = {quote.id for quote in kept_quotes(sheet, written)}
    content = written.files[f"{sheet.doc_id}.conllu"].decode()
    for quote in sheet.quotes:
        assert (f"-CONTENT:{quote.id}" in content) == (quote.id in kept)
        assert (f":{quote.id}" in content) == (quote.id in kept)


@pytest.mark.parametrize("exporter", TOKEN_FORMATS)
def test_blocks_of_a_page_are_refused(exporter: Exporter) -> None:
    with pytest.raises(FormatError, match=f"page-1: the sheet has 2 blocks.*{exporter.name}"):
        exporter.write(with_blocks(), [Span(0, 5)], True)


@pytest.mark.parametrize("exporter", TOKEN_FORMATS)
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("৩০", "e1 ('৩০' at 5): it begins inside the token '৳৩০'"),
        ("দর", "e1 ('দর' at 0): it ends inside the token 'দরে'"),
        ("৳৩০। কাল", "e1 ('৳৩০। কাল' at 4): it crosses the border of a sentence"),
        (" ৳৩০", "e1 (' ৳৩০' at 3): it begins or ends in white space"),
    ],
)
def test_a_name_that_is_not_whole_tokens_is_named(exporter: Exporter, name: str, said: str) -> None:
    sheet, _ = named("দরে ৳৩০। কাল থেকে", (name, "NUM"))
    sentences = [Span(0, 8), Span(9, 17)]
    with pytest.raises(FormatError) as refused:
        exporter.write(sheet, sentences, False)
    assert f"{exporter.name} cannot hold {said}" in refused.value.message
    (loss,) = exporter.write(sheet, sentences, True).losses
    assert (loss.item, loss.field) == ("e1", "all of it")
    assert loss.reason.startswith(said)


@pytest.mark.parametrize("exporter", FLAT)
@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("ঢাকা", "ঢাকা মহানগর পুলিশ"), "e1 ('ঢাকা' at 0): it lies inside e2 ('ঢাকা মহানগর পুলিশ' at 0)"),
        (
            ("ঢাকা মহানগর", "মহানগর পুলিশ"),
            "e1 ('ঢাকা মহানগর' at 0): it overlaps e2 ('মহানগর পুলিশ' at 5)",
        ),
        (("ঢাকা", "ঢাকা"), "e2 ('ঢাকা' at 0): it has the same words as e1 ('ঢাকা' at 0)"),
    ],
)
def test_two_names_that_collide_are_both_named(
    exporter: Exporter, names: tuple[str, str], said: str
) -> None:
    sheet, sentences = named("ঢাকা মহানগর পুলিশ জানায়", (names[0], "GPE"), (names[1], "ORG"))
    with pytest.raises(FormatError) as refused:
        exporter.write(sheet, sentences, False)
    assert f"{exporter.name} cannot hold {said}" in refused.value.message
    gone = said[:2]
    written = exporter.write(sheet, sentences, True)
    assert [mention.id for mention in kept_mentions(sheet, written)] == [
        mention.id for mention in sheet.mentions if mention.id != gone
    ]


def test_the_number_of_spans_that_do_not_fit_is_said() -> None:
    sheet, sentences = named("৳৩০ ও ৳৫০", ("৩০", "NUM"), ("৫০", "NUM"))
    with pytest.raises(FormatError, match=r"৳৩০.*\(and 1 more\)"):
        CONLL.write(sheet, sentences, False)


def test_a_part_of_a_quote_that_does_not_fit_is_lost_by_its_field() -> None:
    sheet, sentences = small()
    (quote,) = sheet.quotes
    start = sheet.text.index("বলেন")
    cut = msgspec.structs.replace(quote, cue=Part(start, start + 2, "বল"), note=None)
    broken = msgspec.structs.replace(sheet, quotes=(cut,))
    with pytest.raises(
        FormatError, match=r"q1 cue \('বল' at 33\): it ends inside the token 'বলেন'"
    ):
        CONLLU.write(broken, sentences, False)
    written = CONLLU.write(broken, sentences, True)
    assert [(loss.item, loss.field) for loss in written.losses] == [("q1", "cue")]
    assert b"-CUE:" not in written.files["small.conllu"]
    assert b"B-CONTENT:q1" in written.files["small.conllu"]


def test_a_speaker_that_was_left_out_is_not_pointed_to() -> None:
    sheet, sentences = named("৳৩০ দেব", ("৩০", "NUM"))
    text = sheet.text
    quote = Quote("q1", (Part(0, 7, text),), "direct", "bare", "speech", speaker_mention="e1")
    said = msgspec.structs.replace(sheet, quotes=(quote,))
    written = CONLLU.write(said, sentences, True)
    assert [(loss.item, loss.field) for loss in written.losses] == [
        ("e1", "all of it"),
        ("q1", "speaker_mention"),
    ]
    assert b"speaker_mention" not in written.files["small.conllu"]


def test_text_that_is_in_no_sentence_is_said() -> None:
    sheet, _ = named("ঢাকা থেকে বরিশাল", ("ঢাকা থেকে বরিশাল", "LOC"))
    with pytest.raises(FormatError, match="a part of it lies in no sentence"):
        GLINER.write(sheet, [Span(0, 4), Span(10, 16)], False)
    with pytest.raises(FormatError, match="no token of a sentence lies there"):
        GLINER.write(sheet, [], False)


@pytest.mark.parametrize("sentences", [[Span(5, 9), Span(0, 4)], [Span(0, 5), Span(4, 9)]])
def test_sentences_out_of_order_are_refused(sentences: list[Span]) -> None:
    sheet, _ = named("ঢাকা থেকে বরিশাল")
    with pytest.raises(SpanError, match="begins before the end of the one before it"):
        CONLL.write(sheet, sentences, True)


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_exporter_is_found_by_its_name(name: str) -> None:
    if name == "spacy":
        pytest.importorskip("spacy", reason="the extra spacy is not installed")
    assert exporter_of(name).name == name
