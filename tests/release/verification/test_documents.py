"""Faults in the rows of documents and pages: found by their text, blocks and spans."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

import pytest

from tests.release.verification.fakes import (
    FERRY,
    Plant,
    assert_found,
    in_plain,
    in_row,
    set_column,
)
from tests.rows import Row


def _shift_entity(row: Row) -> None:
    row["entities"][0]["start"] += 1
    row["entities"][0]["end"] += 1


def _shift_entity_and_words(row: Row) -> None:
    entity = row["entities"][0]
    entity["end"] += 1
    entity["text"] = row["text"][entity["start"] : entity["end"]]


def _change_word(row: Row) -> None:
    """Change a word of an article, with its hash."""
    row["text"] = row["text"].replace("সেতু", "সেতূ", 1)
    row["text_sha256"] = hashlib.sha256(row["text"].encode()).hexdigest()


def _decompose(row: Row) -> None:
    """Normalise a page as a well-meaning script does: য় U+09DF becomes two code points."""
    row["text"] = row["text"].replace("\u09af\u09bc", "\u09df").replace("\u09df", "\u09af\u09bc")
    row["text"] = unicodedata.normalize("NFD", row["text"].replace("ো", "ে\u09be"))
    row["text_sha256"] = hashlib.sha256(row["text"].encode()).hexdigest()


DOCUMENTS: dict[str, tuple[Plant, set[str]]] = {
    "a text has another licence": (
        set_column("documents", FERRY, "licence", "CC0-1.0"),
        {"licence"},
    ),
    "a captured text is said to be composed": (
        in_plain("documents", lambda row: row.update(provenance=1 - row["provenance"])),
        {"licence"},
    ),
    "an entity is shifted by one": (
        in_row("documents", FERRY, _shift_entity),
        {"entity", "standoff"},
    ),
    "an entity takes a space in, its words fit": (
        in_row("documents", FERRY, _shift_entity_and_words),
        {"standoff"},
    ),
    "name_end lies behind the end": (
        in_row("documents", FERRY, lambda row: row["entities"][0].update(name_end=999)),
        {"entity", "standoff"},
    ),
    "an entity has another label": (
        in_row("documents", FERRY, lambda row: row["entities"][0].update(label=0)),
        {"standoff", "tags", "card-figures"},
    ),
    "an entity is left out": (
        in_row("documents", FERRY, lambda row: row["entities"].pop(0)),
        {"standoff", "tags", "card-figures"},
    ),
    "an entity stands there twice": (
        in_row("documents", FERRY, lambda row: row["entities"].insert(0, row["entities"][0])),
        {"entity", "card-figures"},
    ),
    "an offset is negative": (
        in_row("documents", FERRY, lambda row: row["entities"][0].update(start=-3)),
        {"entity", "standoff"},
    ),
    "the content of a quote is cut": (
        in_row(
            "documents",
            FERRY,
            lambda row: row["quotes"][0]["content"][0].update(
                end=row["quotes"][0]["content"][0]["start"] + 3
            ),
        ),
        {"quote-span", "quote-row", "standoff", "tags"},
    ),
    "a quote is of another kind": (
        in_row("documents", FERRY, lambda row: row["quotes"][0].update(kind=1)),
        {"quote-row", "standoff", "card-figures"},
    ),
    "a speaker is no mention": (
        in_row("documents", FERRY, lambda row: row["quotes"][0].update(speaker_mention="e99")),
        {"speaker", "quote-row", "standoff"},
    ),
    "nobody annotated it, and its entities are an empty list": (
        in_plain("documents", lambda row: row.update(entities=[])),
        {"annotation", "standoff"},
    ),
    "an annotated document says that nobody annotated it": (
        set_column("documents", FERRY, "annotation", 0),
        {"annotation", "standoff", "card-figures"},
    ),
    "where a block began in the page is shifted": (
        in_plain("documents", lambda row: row["blocks"][1].update(page_start=0)),
        {"article-block"},
    ),
    "a block has another label than in the page": (
        in_plain("documents", lambda row: row["blocks"][1].update(label=7)),
        {"article-block"},
    ),
    "a block begins one later": (
        in_plain(
            "documents", lambda row: row["blocks"][1].update(start=row["blocks"][1]["start"] + 1)
        ),
        {"article-block", "sentence-span", "sentence-row"},
    ),
    "a sentence ends one earlier": (
        in_plain(
            "documents", lambda row: row["sentences"][0].update(end=row["sentences"][0]["end"] - 1)
        ),
        {"sentence-span", "sentence-row"},
    ),
    "a word of the article is another than in the page": (
        in_plain("documents", _change_word),
        {"article-block", "sentence-row"},
    ),
    "text_sha256 is of another text": (
        in_plain("documents", lambda row: row.update(text_sha256="0" * 64)),
        {"text-hash"},
    ),
    "page_sha256 is of another page": (
        in_plain("documents", lambda row: row.update(page_sha256="0" * 64)),
        {"text-hash"},
    ),
    "a page was normalised": (
        in_row("pages", FERRY, _decompose),
        {"text-hash", "page-block", "article-block"},
    ),
    "a block of a page leaves a letter out": (
        in_row(
            "pages", FERRY, lambda row: row["blocks"][-1].update(end=row["blocks"][-1]["end"] - 1)
        ),
        {"page-block", "standoff"},
    ),
    "a label is no number of the list": (
        in_row("pages", FERRY, lambda row: row["blocks"][0].update(label=99)),
        {"row"},
    ),
    "a text is null": (in_plain("documents", lambda row: row.update(text=None)), {"row"}),
    "a doc_id is null": (in_plain("pages", lambda row: row.update(doc_id=None)), {"row"}),
    "a doc_id is a path": (
        in_plain("documents", lambda row: row.update(doc_id="../up")),
        {"row", "orphan-row"},
    ),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_fault_in_a_document_is_found(name: str, small_release: Path, tmp_path: Path) -> None:
    assert_found(small_release, tmp_path, *DOCUMENTS[name])
