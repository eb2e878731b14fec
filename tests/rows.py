"""The rows of a release read back from its files, and the invariants that each must keep."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from khobor.release.features import config_features

Row = dict[str, Any]


def read_rows(release: Path, config: str) -> list[Row]:
    """Read all rows of a configuration, split by split."""
    files = sorted((release / "data" / config).glob("*.parquet"))
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def names_of(config: str, column: str) -> list[str]:
    """Name the labels of a column of tags or of an enumeration."""
    feature = config_features(config)[column]
    return list(getattr(feature, "feature", feature).names)


def assert_offsets_are_exact(release: Path) -> None:
    """text[start:end] is the thing, in every row of every configuration."""
    documents = {row["doc_id"]: row for row in read_rows(release, "documents")}
    pages = {row["doc_id"]: row for row in read_rows(release, "pages")}
    assert set(documents) == set(pages)
    for doc_id, row in documents.items():
        _assert_document(row, pages[doc_id])
        _assert_page(pages[doc_id])
    for row in read_rows(release, "sentences"):
        _assert_sentence(row, documents[row["doc_id"]])
    for row in read_rows(release, "quotes"):
        document = documents[row["doc_id"]]
        start = row["context_start"]
        assert document["text"][start : start + len(row["context"])] == row["context"]
        for part in parts_of(row):
            assert row["context"][part["start"] : part["end"]] == part["text"] != ""
        original = next(
            q for q in document["quotes"] if f"{row['doc_id']}/{q['id']}" == row["quote_id"]
        )
        assert [p["start"] + start for p in parts_of(row)] == [
            p["start"] for p in parts_of(original)
        ]


def parts_of(quote: Row) -> Iterator[Row]:
    """List the spans of a quote's row: content, cue, speaker."""
    yield from quote["content"]
    yield from (quote[role] for role in ("cue", "speaker") if quote[role] is not None)


def _assert_document(row: Row, page: Row) -> None:
    text = row["text"]
    assert hashlib.sha256(text.encode()).hexdigest() == row["text_sha256"]
    assert row["page_sha256"] == page["text_sha256"]
    for block in row["blocks"]:
        inside = text[block["start"] : block["end"]]
        assert inside == inside.strip() != ""
        assert page["text"][block["page_start"] : block["page_start"] + len(inside)] == inside
    for left, right in zip(row["blocks"], row["blocks"][1:], strict=False):
        assert text[left["end"] : right["start"]] in ("\n", " ")
    for sentence in row["sentences"]:
        inside = text[sentence["start"] : sentence["end"]]
        assert inside == inside.strip() != ""
    for entity in row["entities"] or []:
        assert text[entity["start"] : entity["end"]] == entity["text"] != ""
        assert entity["start"] < entity["name_end"] <= entity["end"]
    for quote in row["quotes"] or []:
        for part in parts_of(quote):
            assert text[part["start"] : part["end"]] == part["text"] != ""


def _assert_page(row: Row) -> None:
    text = row["text"]
    assert hashlib.sha256(text.encode()).hexdigest() == row["text_sha256"]
    position = 0
    for block in row["blocks"]:
        assert not text[position : block["start"]].strip()
        inside = text[block["start"] : block["end"]]
        assert inside == inside.strip() != ""
        position = block["end"]
    assert not text[position:].strip()


def _assert_sentence(row: Row, document: Row) -> None:
    text, start = row["text"], row["start"]
    assert document["text"][start : start + len(text)] == text
    block = document["blocks"][row["block"]]
    assert block["start"] <= start < start + len(text) <= block["end"]
    bounds = list(zip(row["token_starts"], row["token_ends"], strict=True))
    assert [text[left:right] for left, right in bounds] == row["tokens"]
    assert "".join(text.split()) == "".join(row["tokens"])


def assert_tags_follow_from_spans(release: Path) -> None:
    """The tags of `sentences` can be made again from the spans of `documents`, and only there."""
    documents = {row["doc_id"]: row for row in read_rows(release, "documents")}
    gold = names_of("documents", "annotation").index("gold")
    ner, quote_tags = names_of("sentences", "ner_tags"), names_of("sentences", "quote_tags")
    entity_labels = config_features("documents")["entities"].feature["label"].names
    for row in read_rows(release, "sentences"):
        document = documents[row["doc_id"]]
        if document["annotation"] != gold:
            assert row["ner_tags"] is row["quote_tags"] is row["quote_ids"] is None
            continue
        mentions = [
            (entity["start"], entity["end"], entity_labels[entity["label"]], entity["id"])
            for entity in document["entities"]
        ]
        parts = [
            (part["start"], part["end"], role.upper(), quote["id"])
            for quote in document["quotes"]
            for role in ("content", "cue", "speaker")
            for part in (quote[role] if role == "content" else [quote[role]])
            if part is not None
        ]
        assert [ner[tag] for tag in row["ner_tags"]] == _tags(row, mentions)[0]
        expected, owners = _tags(row, parts)
        assert [quote_tags[tag] for tag in row["quote_tags"]] == expected
        assert row["quote_ids"] == owners


def _tags(row: Row, spans: list[tuple[int, int, str, str]]) -> tuple[list[str], list[str | None]]:
    """Tag the tokens of a sentence: the first span that overlaps a token has it."""
    tags: list[str] = []
    owners: list[str | None] = []
    before: tuple[int, int, str, str] | None = None
    for left, right in zip(row["token_starts"], row["token_ends"], strict=True):
        start, end = row["start"] + left, row["start"] + right
        span = next((span for span in spans if span[0] < end and start < span[1]), None)
        tags.append("O" if span is None else f"{'I' if span == before else 'B'}-{span[2]}")
        owners.append(None if span is None else span[3])
        before = span
    return tags, owners


def contents_of(folder: Path) -> dict[str, str]:
    """Turn a folder into relative path → SHA-256 of its bytes."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
