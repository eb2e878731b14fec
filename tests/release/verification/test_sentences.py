"""Faults in the rows of sentences and quotes: found by documents, tokens and the spans of tags."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.release.verification.fakes import (
    FERRY,
    ORANGE,
    PARTIAL,
    Plant,
    assert_found,
    edit_rows,
    in_plain,
    in_row,
    set_column,
    shard_with,
)
from tests.rows import Row


def _merge_tokens(row: Row) -> None:
    """Make one token of two that touch: every offset and every word stays right."""
    starts, ends, tokens = row["token_starts"], row["token_ends"], row["tokens"]
    at = next(n for n in range(len(starts) - 1) if ends[n] == starts[n + 1])
    tokens[at : at + 2] = [tokens[at] + tokens[at + 1]]
    del ends[at], starts[at + 1]


def _tag(column: str, old: int, new: int) -> Plant:
    """Change the first tag of that number."""

    def plant(folder: Path) -> None:
        def change(rows: list[Row]) -> None:
            tags = next(r[column] for r in rows if r["doc_id"] == FERRY and old in r[column])
            tags[tags.index(old)] = new

        edit_rows(shard_with(folder, "sentences", FERRY), change)

    return plant


def _shift_token(row: Row) -> None:
    row["token_starts"][0] += 1


def _other_quote(folder: Path) -> None:
    def change(rows: list[Row]) -> None:
        row = next(row for row in rows if any(row["quote_ids"] or ()))
        row["quote_ids"] = [one and "q9" for one in row["quote_ids"]]

    edit_rows(shard_with(folder, "sentences", FERRY), change)


SENTENCES: dict[str, tuple[Plant, set[str]]] = {
    "a token is shifted by one": (in_plain("sentences", _shift_token), {"token"}),
    "two tokens are one": (in_plain("sentences", _merge_tokens, 1), {"token", "card-figures"}),
    "a token has other words": (
        in_plain("sentences", lambda row: row["tokens"].__setitem__(0, "অন্য")),
        {"token"},
    ),
    "a token is missing": (
        in_plain(
            "sentences",
            lambda row: [row[c].pop() for c in ("tokens", "token_starts", "token_ends")],
        ),
        {"token", "card-figures"},
    ),
    "a token has no end": (
        in_plain("sentences", lambda row: row["token_ends"].pop()),
        {"token"},
    ),
    "a sentence is shifted by one": (
        in_plain("sentences", lambda row: row.update(start=row["start"] + 1)),
        {"sentence-row"},
    ),
    "a sentence is another's": (
        in_plain("sentences", lambda row: row.update(block=row["block"] + 1)),
        {"sentence-row"},
    ),
    "a sentence is numbered wrong": (
        in_plain("sentences", lambda row: row.update(sentence_id="s1")),
        {"sentence-row"},
    ),
    "I- goes on from nothing": (
        _tag("ner_tags", 0, 2),
        {"bio", "tags"},
    ),
    "a mention has no tag": (_tag("ner_tags", 5, 0), {"tags"}),
    "a tag has the label of another": (
        _tag("ner_tags", 5, 7),
        {"tags"},
    ),
    "a cue is tagged as a speaker": (
        _tag("quote_tags", 3, 5),
        {"tags"},
    ),
    "tokens belong to another quote": (_other_quote, {"tags"}),
    "there are more tags than tokens": (
        in_row("sentences", FERRY, lambda row: row["ner_tags"].append(0)),
        {"tag-count"},
    ),
    "tags of a gold sentence are null": (
        set_column("sentences", FERRY, "ner_tags", None),
        {"annotation"},
    ),
    "what nobody annotated has tags O": (
        in_plain("sentences", lambda row: row.update(ner_tags=[0] * len(row["tokens"]))),
        {"annotation"},
    ),
    "what is partly annotated has tags": (
        in_row("sentences", PARTIAL, lambda row: row.update(ner_tags=[0] * len(row["tokens"]))),
        {"annotation"},
    ),
    "a sentence says that it is gold": (
        in_plain("sentences", lambda row: row.update(annotation=3)),
        {"annotation"},
    ),
    "a tag is no number of the list": (
        _tag("ner_tags", 0, 23),
        {"row"},
    ),
    "a part of a quote is shifted in its context": (
        in_row("quotes", FERRY, lambda row: row["cue"].update(start=row["cue"]["start"] + 1)),
        {"quote-row"},
    ),
    "a context begins elsewhere": (
        in_row("quotes", FERRY, lambda row: row.update(context_start=row["context_start"] + 1)),
        {"quote-row"},
    ),
    "a context is cut": (
        in_row("quotes", FERRY, lambda row: row.update(context=row["context"][:-1])),
        {"quote-row"},
    ),
    "a speaker's name keeps its ending": (
        set_column("quotes", ORANGE, "speaker_name", "প্রেম ছেত্রীর"),
        {"speaker"},
    ),
    "a speaker has no name": (set_column("quotes", ORANGE, "speaker_name", None), {"speaker"}),
    "a row of quotes says another marking": (
        set_column("quotes", FERRY, "marking", 2),
        {"quote-row"},
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_a_fault_in_a_sentence_or_quote_is_found(
    name: str, small_release: Path, tmp_path: Path
) -> None:
    assert_found(small_release, tmp_path, *SENTENCES[name])
