"""khobor verify, rows: every planted fault is found, also where the checksums fit again."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from khobor.release.verification.releases import verify_release
from tests.release.fakes import (
    BOOKKEEPING,
    Plant,
    checks_of,
    copy_of,
    edit_line,
    edit_lines,
    edit_row,
    edit_rows,
    edit_table,
    fit,
    shard_with,
)
from tests.rows import Row

FERRY, ORANGE, PLAIN, PARTIAL = "char-ferry", "orange-garden", None, "potato-store"


def _row(config: str, doc_id: str, edit: Callable[[Row], object], number: int = 0) -> Plant:
    """Plant a change of one row."""
    return lambda folder: edit_row(folder, config, doc_id, lambda row: _run(edit, row), number)


def _run(edit: Callable[[Row], object], row: Row) -> None:
    edit(row)


def _set(config: str, doc_id: str, column: str, value: object, number: int = 0) -> Plant:
    return _row(config, doc_id, lambda row: row.update({column: value}), number)


def _plain(folder: Path, at: int = 0) -> str:
    """Name a document that nobody annotated."""
    rows = pq.read_table(folder / "data/documents/train-00000-of-00001.parquet").to_pylist()
    return str([row["doc_id"] for row in rows if row["entities"] is None][at])


def _in_plain(config: str, edit: Callable[[Row], object], number: int = 0) -> Plant:
    return lambda folder: edit_row(
        folder, config, _plain(folder), lambda row: _run(edit, row), number
    )


# --- documents and pages ----------------------------------------------------------------------


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
    "an entity is shifted by one": (
        _row("documents", FERRY, _shift_entity),
        {"entity", "standoff"},
    ),
    "an entity takes a space in, its words fit": (
        _row("documents", FERRY, _shift_entity_and_words),
        {"standoff"},
    ),
    "name_end lies behind the end": (
        _row("documents", FERRY, lambda row: row["entities"][0].update(name_end=999)),
        {"entity", "standoff"},
    ),
    "an entity has another label": (
        _row("documents", FERRY, lambda row: row["entities"][0].update(label=0)),
        {"standoff", "tags"},
    ),
    "an entity is left out": (
        _row("documents", FERRY, lambda row: row["entities"].pop(0)),
        {"standoff", "tags", "card-figures"},
    ),
    "an entity stands there twice": (
        _row("documents", FERRY, lambda row: row["entities"].insert(0, row["entities"][0])),
        {"entity", "card-figures"},
    ),
    "an offset is negative": (
        _row("documents", FERRY, lambda row: row["entities"][0].update(start=-3)),
        {"entity", "standoff"},
    ),
    "the content of a quote is cut": (
        _row("documents", FERRY, lambda row: row["quotes"][0]["content"][0].update(end=200)),
        {"quote-span", "quote-row", "standoff", "tags"},
    ),
    "a quote is of another kind": (
        _row("documents", FERRY, lambda row: row["quotes"][0].update(kind=1)),
        {"quote-row", "standoff", "card-figures"},
    ),
    "a speaker is no mention": (
        _row("documents", FERRY, lambda row: row["quotes"][0].update(speaker_mention="e99")),
        {"speaker", "quote-row", "standoff"},
    ),
    "nobody annotated it, and its entities are an empty list": (
        _in_plain("documents", lambda row: row.update(entities=[])),
        {"annotation", "standoff"},
    ),
    "an annotated document says that nobody annotated it": (
        _set("documents", FERRY, "annotation", 0),
        {"annotation", "standoff"},
    ),
    "where a block began in the page is shifted": (
        _in_plain("documents", lambda row: row["blocks"][1].update(page_start=0)),
        {"article-block"},
    ),
    "a block has another label than in the page": (
        _in_plain("documents", lambda row: row["blocks"][1].update(label=7)),
        {"article-block"},
    ),
    "a block begins one later": (
        _in_plain(
            "documents", lambda row: row["blocks"][1].update(start=row["blocks"][1]["start"] + 1)
        ),
        {"article-block", "sentence-span", "sentence-row"},
    ),
    "a sentence ends one earlier": (
        _in_plain(
            "documents", lambda row: row["sentences"][0].update(end=row["sentences"][0]["end"] - 1)
        ),
        {"sentence-span", "sentence-row"},
    ),
    "a word of the article is another than in the page": (
        _in_plain("documents", _change_word),
        {"article-block", "sentence-row"},
    ),
    "text_sha256 is of another text": (
        _in_plain("documents", lambda row: row.update(text_sha256="0" * 64)),
        {"text-hash"},
    ),
    "page_sha256 is of another page": (
        _in_plain("documents", lambda row: row.update(page_sha256="0" * 64)),
        {"text-hash"},
    ),
    "a page was normalised": (
        _row("pages", FERRY, _decompose),
        {"text-hash", "page-block", "article-block", "standoff"},
    ),
    "a block of a page leaves a letter out": (
        _row(
            "pages", FERRY, lambda row: row["blocks"][-1].update(end=row["blocks"][-1]["end"] - 1)
        ),
        {"page-block", "standoff"},
    ),
    "a label is no number of the list": (
        _row("pages", FERRY, lambda row: row["blocks"][0].update(label=99)),
        {"row"},
    ),
    "a text is null": (_in_plain("documents", lambda row: row.update(text=None)), {"row"}),
    "a doc_id is null": (_in_plain("pages", lambda row: row.update(doc_id=None)), {"row"}),
    "a doc_id is a path": (
        _in_plain("documents", lambda row: row.update(doc_id="../up")),
        {"row", "row-order"},
    ),
}


# --- sentences and quotes ---------------------------------------------------------------------


def _merge_tokens(row: Row) -> None:
    """Make one token of two that touch: every offset and every word stays right."""
    starts, ends, tokens = row["token_starts"], row["token_ends"], row["tokens"]
    at = next(n for n in range(len(starts) - 1) if ends[n] == starts[n + 1])
    tokens[at : at + 2] = [tokens[at] + tokens[at + 1]]
    del ends[at], starts[at + 1]


def _tag(column: str, old: int, new: int) -> Callable[[Row], None]:
    def change(row: Row) -> None:
        row[column][row[column].index(old)] = new

    return change


def _shift_token(row: Row) -> None:
    row["token_starts"][0] += 1


def _no_ids(row: Row) -> None:
    row["quote_ids"] = [one and "q9" for one in row["quote_ids"]]


SENTENCES: dict[str, tuple[Plant, set[str]]] = {
    "a token is shifted by one": (_in_plain("sentences", _shift_token), {"token"}),
    "two tokens are one": (_in_plain("sentences", _merge_tokens), {"token"}),
    "a token has other words": (
        _in_plain("sentences", lambda row: row["tokens"].__setitem__(0, "অন্য")),
        {"token"},
    ),
    "a token is missing": (
        _in_plain(
            "sentences",
            lambda row: [row[c].pop() for c in ("tokens", "token_starts", "token_ends")],
        ),
        {"token", "card-figures"},
    ),
    "a token has no end": (
        _in_plain("sentences", lambda row: row["token_ends"].pop()),
        {"token"},
    ),
    "a sentence is shifted by one": (
        _in_plain("sentences", lambda row: row.update(start=row["start"] + 1)),
        {"sentence-row"},
    ),
    "a sentence is another's": (
        _in_plain("sentences", lambda row: row.update(block=row["block"] + 1)),
        {"sentence-row"},
    ),
    "a sentence is numbered wrong": (
        _in_plain("sentences", lambda row: row.update(sentence_id="s1")),
        {"sentence-row"},
    ),
    "I- goes on from nothing": (
        _row("sentences", FERRY, _tag("ner_tags", 0, 2)),
        {"bio", "tags"},
    ),
    "a mention has no tag": (_row("sentences", FERRY, _tag("ner_tags", 5, 0)), {"tags"}),
    "a tag has the label of another": (_row("sentences", FERRY, _tag("ner_tags", 5, 7)), {"tags"}),
    "a cue is tagged as a speaker": (
        _row("sentences", FERRY, _tag("quote_tags", 3, 5), 4),
        {"tags"},
    ),
    "tokens belong to another quote": (_row("sentences", FERRY, _no_ids, 4), {"tags"}),
    "there are more tags than tokens": (
        _row("sentences", FERRY, lambda row: row["ner_tags"].append(0)),
        {"tag-count"},
    ),
    "tags of a gold sentence are null": (
        _set("sentences", FERRY, "ner_tags", None),
        {"annotation"},
    ),
    "what nobody annotated has tags O": (
        _in_plain("sentences", lambda row: row.update(ner_tags=[0] * len(row["tokens"]))),
        {"annotation"},
    ),
    "what is partly annotated has tags": (
        _row("sentences", PARTIAL, lambda row: row.update(ner_tags=[0] * len(row["tokens"]))),
        {"annotation"},
    ),
    "a sentence says that it is gold": (
        _in_plain("sentences", lambda row: row.update(annotation=3)),
        {"annotation"},
    ),
    "a tag is no number of the list": (_row("sentences", FERRY, _tag("ner_tags", 0, 23)), {"row"}),
    "a part of a quote is shifted in its context": (
        _row("quotes", FERRY, lambda row: row["cue"].update(start=row["cue"]["start"] + 1)),
        {"quote-row"},
    ),
    "a context begins elsewhere": (
        _row("quotes", FERRY, lambda row: row.update(context_start=row["context_start"] + 1)),
        {"quote-row"},
    ),
    "a context is cut": (
        _row("quotes", FERRY, lambda row: row.update(context=row["context"][:-1])),
        {"quote-row"},
    ),
    "a speaker's name keeps its ending": (
        _set("quotes", ORANGE, "speaker_name", "প্রেম ছেত্রীর"),
        {"speaker"},
    ),
    "a speaker has no name": (_set("quotes", ORANGE, "speaker_name", None), {"speaker"}),
    "a row of quotes says another marking": (_set("quotes", FERRY, "marking", 2), {"quote-row"}),
}


# --- rows of the wrong place ------------------------------------------------------------------


def _drop(config: str, doc_id: str | None = None) -> Plant:
    """Remove the first row of a document."""

    def plant(folder: Path) -> None:
        name = doc_id or _plain(folder)

        def change(rows: list[Row]) -> None:
            rows.remove(next(row for row in rows if row["doc_id"] == name))

        edit_rows(shard_with(folder, config, name), change)

    return plant


def _copy(config: str, split: str, doc_id: str) -> Callable[[Path], None]:
    """Put a document's rows into another split too."""

    def plant(folder: Path) -> None:
        rows = [
            row
            for row in pq.read_table(shard_with(folder, config, doc_id)).to_pylist()
            if row["doc_id"] == doc_id
        ]
        target = folder / f"data/{config}/{split}-00000-of-00001.parquet"
        edit_rows(target, lambda there: sorted([*there, *rows], key=lambda row: row["doc_id"]))

    return plant


def _all(*plants: Plant) -> Plant:
    def plant(folder: Path) -> None:
        for one in plants:
            one(folder)

    return plant


def _move_plain(folder: Path) -> None:
    name = _plain(folder)
    for config in ("documents", "pages", "sentences"):
        source = shard_with(folder, config, name)
        _copy(config, "test", name)(folder)
        edit_rows(source, lambda rows: [row for row in rows if row["doc_id"] != name])


def _copy_plain(folder: Path) -> None:
    name = _plain(folder)
    for config in ("documents", "pages", "sentences"):
        _copy(config, "test", name)(folder)


def _join_clusters(folder: Path) -> None:
    """Say of two documents of two splits that they are one cluster."""
    train = _plain(folder)
    rows = pq.read_table(folder / "data/documents/test-00000-of-00001.parquet").to_pylist()
    test = next(row["doc_id"] for row in rows if row["entities"] is None)
    for name in (train, test):
        edit_row(folder, "documents", name, lambda row: row.update(cluster_id="one"))
        edit_line(folder / "splits.jsonl", name, cluster_id="one")


def _in_splits(**changes: Any) -> Plant:
    return lambda folder: edit_line(folder / "splits.jsonl", _plain(folder), **changes)


def _reverse(folder: Path) -> None:
    edit_rows(folder / "data/pages/train-00000-of-00001.parquet", lambda rows: rows[::-1])


def _swap_lines(folder: Path) -> None:
    edit_lines(folder / "splits.jsonl", lambda records: records.reverse())


PLACES: dict[str, tuple[Plant, set[str]]] = {
    "a page is missing": (_drop("pages"), {"orphan-row", "card-figures"}),
    "a document is missing": (
        _drop("documents"),
        {"orphan-row", "card-figures", "count", "split"},
    ),
    "a sentence is missing": (_drop("sentences"), {"sentence-row", "card-figures"}),
    "a quote is missing": (_drop("quotes", FERRY), {"quote-row", "card-figures"}),
    "a document lies in another split than splits.jsonl says": (
        _move_plain,
        {"split", "card-figures"},
    ),
    "a document lies in two splits": (_copy_plain, {"duplicate-id", "split", "card-figures"}),
    "a page has two rows": (
        lambda folder: edit_rows(
            folder / "data/pages/train-00000-of-00001.parquet", lambda rows: [rows[0], *rows]
        ),
        {"duplicate-id", "card-figures"},
    ),
    "rows are not sorted": (_reverse, {"row-order"}),
    "a cluster lies in two splits": (_join_clusters, {"cross-split"}),
    "a cluster is another than in splits.jsonl": (_in_splits(cluster_id="one"), {"cluster"}),
    "a document first appeared in another version": (
        _in_splits(first_version="9.9.9"),
        {"version"},
    ),
    "a document with rows is withheld": (
        _in_splits(state="withheld", split=None),
        {"withheld-text", "count"},
    ),
    "a document that was taken down has rows": (
        _in_splits(state="removed", split=None),
        {"split", "count"},
    ),
    "a document is in no split": (_in_splits(split=None), {"split"}),
    "splits.jsonl is not sorted": (_swap_lines, {"split"}),
    "splits.jsonl has a line twice": (
        lambda folder: edit_lines(
            folder / "splits.jsonl", lambda records: records.insert(0, records[0])
        ),
        {"split"},
    ),
    "a document has no line in splits.jsonl": (
        lambda folder: edit_lines(folder / "splits.jsonl", lambda records: records.pop(0)),
        {"split", "count"},
    ),
}
PLANTS = {**DOCUMENTS, **SENTENCES, **PLACES}


@pytest.mark.parametrize("name", PLANTS)
def test_a_planted_fault_is_found_also_where_the_checksums_fit_again(
    name: str, release: Path, tmp_path: Path
) -> None:
    plant, expected = PLANTS[name]
    folder = copy_of(release, tmp_path)
    plant(folder)
    raw = checks_of(folder)
    assert expected <= raw
    assert raw - expected <= BOOKKEEPING
    assert "checksum" in raw
    fit(folder)
    assert checks_of(folder) == expected


def test_rows_of_a_withheld_text_are_found(
    release: Path, local_release: Path, tmp_path: Path
) -> None:
    """The rows of a local build, put into a release that is to be published."""
    folder = copy_of(release, tmp_path)
    for config in ("documents", "pages", "sentences", "quotes"):
        source = shard_with(local_release, config, "night-market")
        rows = [row for row in pq.read_table(source).to_pylist() if row["doc_id"] == "night-market"]
        for row in rows:
            row["doc_id"] = "zz-market"  # under another name, too
        edit_rows(
            folder / f"data/{config}/train-00000-of-00001.parquet",
            lambda there, rows=rows: [*there, *rows],
        )
    fit(folder)
    faults = [fault for fault in verify_release(folder) if fault.check == "withheld-text"]
    assert [fault.file for fault in faults] == ["data/documents/train-00000-of-00001.parquet"]


def test_a_column_of_another_type_is_a_fault_and_its_rows_are_not_read(
    release: Path, tmp_path: Path
) -> None:
    folder = copy_of(release, tmp_path)

    def widen(table: pa.Table) -> pa.Table:
        at = table.schema.get_field_index("block")
        return table.set_column(at, "block", table["block"].cast(pa.int64()))

    edit_table(folder / "data/sentences/train-00000-of-00001.parquet", widen)
    fit(folder)
    (fault,) = verify_release(folder)
    assert (fault.check, "int64" in fault.message) == ("features", True)
