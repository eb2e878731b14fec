"""The rows of a release: exact offsets in all of them, tags that follow from the spans."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest

from khobor.corpus.corpora import Corpus
from khobor.errors import SpanError
from khobor.records import Sentence
from khobor.release.features import CONFIGS, config_features
from khobor.release.rows import config_rows
from tests.rows import (
    assert_offsets_are_exact,
    assert_tags_follow_from_spans,
    names_of,
    read_rows,
)
from tests.samples import FERRY, SAMPLES, page_of


def test_every_span_of_every_row_is_exact(release: Path) -> None:
    assert_offsets_are_exact(release)


def test_every_span_of_a_local_build_is_exact(local_release: Path) -> None:
    assert_offsets_are_exact(local_release)
    assert "night-market" in {row["doc_id"] for row in read_rows(local_release, "documents")}


def test_tags_can_be_made_again_from_the_spans_alone(release: Path) -> None:
    assert_tags_follow_from_spans(release)


def test_what_nobody_annotated_has_null_tags_and_never_o(release: Path) -> None:
    states = names_of("sentences", "annotation")
    seen = set()
    for row in read_rows(release, "sentences"):
        state = states[row["annotation"]]
        seen.add(state)
        tags = (row["ner_tags"], row["quote_tags"], row["quote_ids"])
        if state == "gold":
            assert all(len(column) == len(row["tokens"]) for column in tags)
        else:
            assert tags == (None, None, None)
    assert seen == {"none", "partial", "gold"}


def test_documents_that_nobody_annotated_have_null_spans(release: Path) -> None:
    states = names_of("documents", "annotation")
    for row in read_rows(release, "documents"):
        annotated = states[row["annotation"]] != "none"
        assert (row["entities"] is not None) == annotated
        assert (row["quotes"] is not None) == annotated


@pytest.mark.parametrize("config", CONFIGS)
def test_no_document_is_lost_or_in_two_splits(release: Path, corpus: Corpus, config: str) -> None:
    ids = [row["doc_id"] for row in read_rows(release, config)]
    expected = {entry.document.doc_id for entry in corpus.entries}
    if config == "quotes":
        expected = {e.document.doc_id for e in corpus.entries if e.annotation}
    assert set(ids) == expected
    if config in ("documents", "pages"):
        assert len(ids) == len(expected)


def test_every_sentence_token_and_quote_of_the_corpus_has_its_row(
    release: Path, corpus: Corpus
) -> None:
    sentences = read_rows(release, "sentences")
    assert len(sentences) == sum(len(e.document.sentences) for e in corpus.entries)
    assert len({row["sentence_id"] for row in sentences}) == len(sentences)
    tokens = sum(len(row["tokens"]) for row in sentences)
    assert tokens == sum(len(entry.document.tokens.starts) for entry in corpus.entries)
    quotes = read_rows(release, "quotes")
    assert len(quotes) == sum(len(e.annotation.quotes) for e in corpus.entries if e.annotation)
    assert len({row["quote_id"] for row in quotes}) == len(quotes)


def test_rows_are_sorted_inside_their_split(release: Path) -> None:
    for file in sorted((release / "data").rglob("*.parquet")):
        ids = pq.read_table(file, columns=["doc_id"])["doc_id"].to_pylist()
        assert ids == sorted(ids)


def test_the_article_view_leaves_furniture_out_and_the_page_keeps_it(release: Path) -> None:
    documents = {row["doc_id"]: row for row in read_rows(release, "documents")}
    pages = {row["doc_id"]: row for row in read_rows(release, "pages")}
    text = documents["char-ferry"]["text"]
    assert "ইলিশের দাম" not in text
    assert "বিজ্ঞাপন" not in text
    assert "বরিশাল: তেঁতুলিয়া" in text  # a dateline and its paragraph are one line
    assert pages["char-ferry"]["text"] == page_of(FERRY)[0]
    labels = config_features("documents")["blocks"].feature["label"].names
    assert {labels[b["label"]] for b in documents["char-ferry"]["blocks"]} == {
        *("headline", "byline", "dateline", "paragraph"),
    }


def test_a_document_row_says_what_the_catalogue_says(release: Path) -> None:
    row = next(r for r in read_rows(release, "documents") if r["doc_id"] == "char-ferry")
    assert (row["publisher"], row["country"], row["language"]) == ("দৈনিক মোহনা", "BD", "bn")
    assert (row["licence"], row["url"]) == ("CC-BY-4.0", "https://char-ferry.example/1")
    assert row["title"] == "চরমাদারিতে নতুন ফেরি, নদী পার হতে লাগবে ২০ মিনিট"
    assert row["first_version"] == "1.0.0"
    assert row["cluster_id"] == "char-ferry"
    assert row["page_sha256"] == page_of(FERRY)[2].text_sha256


def test_a_quote_row_names_its_speaker_even_behind_a_pronoun(release: Path) -> None:
    rows = {row["quote_id"]: row for row in read_rows(release, "quotes")}
    said = rows["char-ferry/q2"]
    assert said["speaker"]["text"] == "তিনি"
    assert said["speaker_name"] == "রুবিনা আক্তার"
    assert said["cue"]["text"] == "জানান"
    assert names_of("quotes", "kind")[said["kind"]] == "indirect"
    assert said["context"].startswith("ঘন কুয়াশার")
    headline = rows["orange-garden/q1"]
    assert headline["cue"] is None
    assert names_of("quotes", "marking")[headline["marking"]] == "headline"
    assert headline["speaker_name"] == "প্রেম ছেত্রী"
    document = rows["haor-boat-school/q1"]
    assert document["speaker_mention"] is document["speaker_name"] is None
    assert names_of("quotes", "medium")[document["medium"]] == "document"


def test_the_context_of_a_quote_over_two_paragraphs_holds_both(release: Path) -> None:
    row = next(r for r in read_rows(release, "quotes") if r["quote_id"] == "orange-garden/q2")
    assert len(row["content"]) == 2
    assert row["context"].count("\n") == 1
    assert row["context"].startswith("চাষি")
    assert row["context"].endswith("মুখ খোলেনি।")


def test_name_end_is_carried_into_the_article_view(release: Path) -> None:
    row = next(r for r in read_rows(release, "documents") if r["doc_id"] == "char-ferry")
    names = [row["text"][e["start"] : e["name_end"]] for e in row["entities"]]
    text, _, annotation = page_of(FERRY)
    assert names == [text[m.start : m.name_end] for m in annotation.mentions]
    assert names[0] == "চরমাদারি"


def test_pages_have_the_paths_of_html_and_none_for_text(release: Path) -> None:
    pages = {row["doc_id"]: row for row in read_rows(release, "pages")}
    assert all(block["path"] for block in pages["orange-garden"]["blocks"])
    assert all(block["path"] is None for block in pages["char-ferry"]["blocks"])


def test_a_withheld_page_has_no_row_anywhere(release: Path) -> None:
    (withheld,) = [sample for sample in SAMPLES if sample.withheld]
    for config in CONFIGS:
        for row in read_rows(release, config):
            assert row["doc_id"] != withheld.doc_id


@pytest.mark.parametrize("config", ["documents", "sentences"])
@pytest.mark.parametrize("fault", ["overruns its block", "names another block"])
def test_a_sentence_outside_its_block_is_refused(corpus: Corpus, config: str, fault: str) -> None:
    entry = next(e for e in corpus.entries if len(e.document.sentences) > 1)
    document = entry.document
    first, last = document.sentences[0], document.sentences[-1]
    assert first.block != last.block
    overruns = fault == "overruns its block"
    end, block = (last.end, first.block) if overruns else (first.end, last.block)
    spoiled = msgspec.structs.replace(document, sentences=(Sentence(first.start, end, block),))
    with pytest.raises(SpanError):
        list(config_rows(config, msgspec.structs.replace(entry, document=spoiled)))
