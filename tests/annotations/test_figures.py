"""The figures of how quotes are written, counted by hand on a few lines."""

from __future__ import annotations

from typing import Any

import msgspec

from khobor.annotations.figures import QuoteFigures, figure_rows, merge, quote_figures
from khobor.records import Annotation, Document
from tests.samples import document_of


def build(line: str, **fields: Any) -> tuple[Document, Annotation]:
    document, annotation = document_of(("headline", "ঘাটের খবর"), ("paragraph", line))
    quotes = tuple(msgspec.structs.replace(q, **fields) for q in annotation.quotes)
    return document, msgspec.structs.replace(annotation, quotes=quotes)


def figures(line: str, **fields: Any) -> QuoteFigures:
    document, annotation = build(line, **fields)
    return quote_figures(annotation.quotes, document)


TOLD = "⟪q1 SPEAKER তিনি⟫ ⟪q1 CUE বলেন⟫, ⟪q1 CONTENT ঘাটে নৌকা নেই। আমরা বসে আছি।⟫"
MARKED = "⟪q1 SPEAKER তিনি⟫ ⟪q1 CUE বলেন⟫, ‘⟪q1 CONTENT ঘাটে নৌকা নেই।⟫’ আজ হাট।"
BEHIND = '"⟪q1 CONTENT ঘাটে নৌকা নেই⟫"। ⟪q1 CUE বললেন⟫ মাঝি।'


def test_a_bare_quote_of_two_sentences_told_before_its_content() -> None:
    found = figures(TOLD, marking="bare")
    assert (found.quotes, found.before, found.told_bare) == (1, 1, 1)
    assert (found.words, found.several_sentences, found.marks) == (6, 1, {})
    assert found.markings == {"bare": 1}


def test_marks_and_the_danda_inside_them() -> None:
    found = figures(MARKED, marking="marked")
    assert (found.marks, found.danda_inside, found.danda_behind) == ({"‘": 1}, 1, 0)
    assert (found.told_bare, found.several_sentences, found.no_speaker) == (0, 0, 0)


def test_a_cue_behind_the_content_and_a_danda_behind_the_mark() -> None:
    found = figures(BEHIND, marking="marked")
    assert (found.before, found.within, found.behind) == (0, 0, 1)
    assert (found.danda_inside, found.danda_behind, found.no_speaker) == (0, 1, 1)


def test_a_cue_within_the_content() -> None:
    line = "‘⟪q1 CONTENT নৌকা নেই⟫,’ ⟪q1 CUE বললেন⟫ ⟪q1 SPEAKER মাঝি⟫, ‘⟪q1 CONTENT তবু যাব।⟫’"
    assert figures(line, marking="marked").within == 1


def test_a_mixed_quote_counts_the_mark_of_its_marked_part_and_no_danda() -> None:
    line = "⟪q1 SPEAKER তিনি⟫ ⟪q1 CUE জানান⟫, ⟪q1 CONTENT নৌকা “⟪q1 QUOTED কাল থেকে⟫” চলবে⟫।"
    found = figures(line, marking="marked", kind="mixed")
    assert (found.marks, found.danda_inside + found.danda_behind) == ({"“": 1}, 0)


def test_titles_and_sayings_within_sayings_are_marked_spans_that_are_no_quote() -> None:
    line = (
        "‘নীল নদী’ ছবির পরিচালক দু’জন। ⟪q1 SPEAKER মাঝি⟫ ⟪q1 CUE বলেন⟫, ‘⟪q1 CONTENT ছেলে বলল, “আসি”। আর আসেনি।⟫’"
        " (“ঘাট”)"
    )
    found = figures(line, marking="marked")
    assert (found.marked_spans, found.other_spans) == (4, 3)
    mixed = "⟪q1 SPEAKER তিনি⟫ ⟪q1 CUE জানান⟫, ⟪q1 CONTENT নৌকা “⟪q1 QUOTED কাল থেকে⟫” চলবে⟫।"
    found = figures(mixed, marking="marked", kind="mixed")
    assert (found.marked_spans, found.other_spans) == (1, 0)


def test_without_its_text_a_quote_counts_where_no_text_is_needed() -> None:
    _, annotation = build(TOLD, marking="bare")
    found = quote_figures(annotation.quotes, None)
    assert (found.quotes, found.told_bare, found.read, found.words) == (1, 1, 0, 0)


def test_dandas_are_shares_of_the_marked_ones_that_were_read() -> None:
    document, annotation = build(MARKED, marking="marked")
    withheld = quote_figures(
        [msgspec.structs.replace(q, kind="mixed") for q in annotation.quotes], None
    )
    both = merge(quote_figures(annotation.quotes, document), withheld)
    assert (both.danda_inside, both.wholly_marked, both.kinds["mixed"]) == (1, 1, 1)
    shares = {name: value for name, value, _ in figure_rows(both)}
    assert shares["danda inside the closing mark"] == "100 %"


def test_merging_adds_everything_up() -> None:
    one, other = figures(TOLD, marking="bare"), figures(MARKED, marking="marked")
    both = merge(one, other)
    assert (both.quotes, both.before, both.words) == (2, 2, one.words + other.words)
    assert both.markings == {"bare": 1, "marked": 1}
    assert merge(QuoteFigures(), one) == one
