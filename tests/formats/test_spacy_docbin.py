"""spaCy: what spaCy's own DocBin reader gets back. Skipped without the extra `spacy`."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings

from khobor.formats.codecs import exporter_of
from khobor.formats.interface import FormatError, Sheet, Written
from khobor.formats.tokens import fields_of
from khobor.layers.tokens import tokenize
from khobor.records import Mention
from khobor.spans import Span
from tests.formats.exported import (
    Laid,
    kept_mentions,
    kept_quotes,
    laid,
    left_out,
    named,
    small,
    spans,
    with_blocks,
)

spacy = pytest.importorskip("spacy", reason="the extra spacy is not installed")
EXPORTER = exporter_of("spacy")
EXAMPLES = settings(max_examples=150)


def read(content: bytes) -> list[Any]:
    """Read Docs as spaCy's users do, into the vocabulary of a blank pipeline."""
    docs = spacy.tokens.DocBin().from_bytes(content)
    return list(docs.get_docs(spacy.blank("bn").vocab))


def doc_of(sheet: Sheet, written: Written) -> Any:
    (doc,) = read(written.files[f"{sheet.doc_id}.spacy"])
    return doc


def bounds(span: Any) -> tuple[int, int, str]:
    return span.start_char, span.end_char, span.label_


def test_a_small_document() -> None:
    sheet, sentences = small()
    written = EXPORTER.write(sheet, sentences, False)
    assert written.losses == ()
    doc = doc_of(sheet, written)
    assert doc.text == sheet.text
    assert doc.lang_ == "bn"
    assert [token.text for token in doc] == [
        *("🚢", "মেঘনার", "ঘাটে", "ফেরি", "\n"),
        *("মাঝি", "করিম", "\u00a0", "শেখ", "বলেন", ",", "‘", "ঢাকা", "যাব", "।", " "),
        *("ফিরব", "না", "।", "’"),
    ]
    assert [(e.id_, e.label_, e.text) for e in doc.ents] == [
        ("e1", "LOC", "মেঘনার"),
        ("e2", "PER", "করিম\u00a0শেখ"),
        ("e3", "GPE", "ঢাকা"),
    ]
    quotes = doc.spans["quotes"]
    assert [(s.id_, s.label_, s.text) for s in quotes] == [
        ("q1", "CONTENT", "ঢাকা যাব।  ফিরব না।"),
        ("q1", "CUE", "বলেন"),
        ("q1", "SPEAKER", "মাঝি করিম\u00a0শেখ"),
    ]
    assert quotes.attrs == {
        "q1": {
            "kind": "direct",
            "marking": "bare",
            "medium": "speech",
            "speaker_mention": "e2",
            "note": "দুই\tবাক্য",
        }
    }
    assert doc.user_data["khobor"] == {
        "doc_id": "small",
        "mentions": {"e1": {"name_end": 7}, "e2": {"name_end": 32}, "e3": {"name_end": 44}},
    }
    assert [s.text.strip() for s in doc.sents] == [
        "🚢 মেঘনার ঘাটে ফেরি",
        "মাঝি করিম\u00a0শেখ বলেন, ‘ঢাকা যাব।",
        "ফিরব না।’",
    ]


@EXAMPLES
@given(laid())
def test_the_text_is_whole_and_the_words_are_bnlps(case: Laid) -> None:
    sheet, sentences = case
    doc = doc_of(sheet, EXPORTER.write(sheet, sentences, True))
    assert doc.text == sheet.text
    words = [(t.idx, t.idx + len(t)) for t in doc if not t.text.isspace()]
    assert words == [
        (sentence.start + token.start, sentence.start + token.end)
        for sentence in sentences
        for token in tokenize(sheet.text[sentence.start : sentence.end])
    ]
    first = [next((t.idx for t in sent if not t.text.isspace()), None) for sent in doc.sents]
    assert [start for start in first if start is not None] == [s.start for s in sentences]


@EXAMPLES
@given(laid())
def test_what_was_kept_is_read_back_and_the_rest_is_a_loss(case: Laid) -> None:
    sheet, sentences = case
    written = EXPORTER.write(sheet, sentences, True)
    doc = doc_of(sheet, written)
    kept = kept_mentions(sheet, written)
    assert sorted(map(bounds, doc.ents)) == spans(kept)
    assert doc.user_data["khobor"]["mentions"] == {mention.id: extra(mention) for mention in kept}
    lost = {(loss.item, loss.field) for loss in written.losses}
    assert lost == left_out(written)
    quotes = doc.spans["quotes"]
    held_quotes = kept_quotes(sheet, written)
    assert set(quotes.attrs) == {quote.id for quote in held_quotes}
    for quote in held_quotes:
        for field, parts in fields_of(quote):
            held = [bounds(s)[:2] for s in quotes if (s.id_, s.label_) == (quote.id, field.upper())]
            expected = [(part.start, part.end) for part in parts]
            assert set(held) <= set(expected)
            assert (held == expected) == ((quote.id, field) not in lost)
        facts = quotes.attrs[quote.id]
        assert (facts["kind"], facts["marking"]) == (quote.kind, quote.marking)
        assert (facts["medium"], facts.get("note")) == (quote.medium, quote.note)
        gone = (quote.id, "speaker_mention") in lost
        assert facts.get("speaker_mention") == (None if gone else quote.speaker_mention)


def extra(mention: Mention) -> dict[str, object]:
    said: dict[str, object] = {"name_end": mention.name_end}
    return said | ({"note": mention.note} if mention.note is not None else {})


@EXAMPLES
@given(laid())
def test_what_does_not_fit_is_refused_unless_lossy(case: Laid) -> None:
    sheet, sentences = case
    missing = left_out(EXPORTER.write(sheet, sentences, True))
    if not missing:
        assert EXPORTER.write(sheet, sentences, False).losses == ()
        return
    with pytest.raises(FormatError) as refused:
        EXPORTER.write(sheet, sentences, False)
    assert any(item in refused.value.message for item, _ in missing)


def test_a_name_over_two_sentences_is_held_since_a_doc_is_one_text() -> None:
    sheet, _ = named("ঢাকা। বরিশাল", ("ঢাকা। বরিশাল", "LOC"))
    written = EXPORTER.write(sheet, [Span(0, 5), Span(6, 12)], False)
    assert [ent.text for ent in doc_of(sheet, written).ents] == ["ঢাকা। বরিশাল"]


def test_names_that_overlap_are_refused() -> None:
    case = named("ঢাকা মহানগর পুলিশ", ("ঢাকা", "GPE"), ("ঢাকা মহানগর পুলিশ", "ORG"))
    with pytest.raises(FormatError, match=r"spacy cannot hold e1 \('ঢাকা' at 0\): it lies inside e2"):
        EXPORTER.write(*case, False)


def test_text_between_sentences_has_tokens_too() -> None:
    sheet, _ = named(" খবর\n ঢাকা")
    written = EXPORTER.write(sheet, [Span(6, 10)], False)
    doc = doc_of(sheet, written)
    assert doc.text == sheet.text
    assert [token.text for token in doc] == [" ", "খবর", "\n ", "ঢাকা"]
    assert [token.is_sent_start for token in doc] == [True, False, False, True]


def test_blocks_of_a_page_are_refused() -> None:
    with pytest.raises(FormatError, match="page-1: the sheet has 2 blocks"):
        EXPORTER.write(with_blocks(), [], True)


def test_documents_are_joined_in_order() -> None:
    sheet, sentences = small()
    other = msgspec.structs.replace(sheet, doc_id="other")
    one, two = EXPORTER.write(sheet, sentences, False), EXPORTER.write(other, sentences, False)
    docs = read(EXPORTER.join([two, one])["documents.spacy"])
    assert [doc.user_data["khobor"]["doc_id"] for doc in docs] == ["other", "small"]
    assert [len(doc.ents) for doc in docs] == [3, 3]
    assert read(EXPORTER.join([])["documents.spacy"]) == []


_DIGEST = """
import hashlib
from khobor.formats.spacy_docbin import EXPORTER
from tests.formats.exported import small
print(hashlib.sha256(EXPORTER.write(*small(), False).files["small.spacy"]).hexdigest())
"""


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_same_bytes_come_out_of_any_process(repository: Path, seed: str) -> None:
    here = hashlib.sha256(EXPORTER.write(*small(), False).files["small.spacy"]).hexdigest()
    there = subprocess.run(
        [sys.executable, "-c", _DIGEST],
        cwd=repository,
        env={**os.environ, "PYTHONHASHSEED": seed},
        check=True,
        capture_output=True,
        text=True,
    )
    assert there.stdout.strip() == here
