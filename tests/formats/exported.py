"""What the tests of one-way formats share: a small sheet, laid sheets, and what was kept of them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from hypothesis import strategies as st

from khobor.formats.interface import BlockSpan, Sheet, Written
from khobor.formats.sheets import article_sheet, sheet_sentences
from khobor.layers.sentences import split_sentences
from khobor.records import Mention, Quote
from khobor.spans import Span
from tests.formats.sheets import sheets
from tests.samples import document_of

Laid = tuple[Sheet, list[Span]]
Found = tuple[int, int, str]  # start, end, label or role, in code points of the sheet's text


def small() -> Laid:
    """A headline and a saying of two sentences, in a no-break space and an emoji before a name."""
    document, annotation = document_of(
        ("headline", "🚢 [মেঘনা|র LOC] ঘাটে ফেরি"),
        (
            "paragraph",
            "⟪q1 SPEAKER মাঝি [করিম\u00a0শেখ PER]⟫ ⟪q1 CUE বলেন⟫, ‘⟪q1 CONTENT [ঢাকা GPE] যাব।"
            "  ফিরব না।⟫’",
        ),
    )
    sheet = article_sheet(document, annotation)
    (quote,) = sheet.quotes
    told = msgspec.structs.replace(quote, speaker_mention="e2", note="দুই\tবাক্য")
    return msgspec.structs.replace(sheet, quotes=(told,)), sheet_sentences(document)


@st.composite
def laid(draw: st.DrawFn) -> Laid:
    """Any sheet and its sentences; a line break ends one, or is a hard wrap in it."""
    sheet = draw(sheets())
    return sheet, split_sentences(sheet.text, wrapped=draw(st.booleans()))


def named(text: str, *names: tuple[str, str]) -> Laid:
    """A text of one sentence with names given by their words: (words, label)."""
    mentions = []
    for number, (words, label) in enumerate(names, 1):
        start = text.index(words)
        end = start + len(words)
        mentions.append(Mention(f"e{number}", start, end, end, label, words))  # type: ignore[arg-type]
    return Sheet("small", text, tuple(mentions)), [Span(0, len(text))]


def with_blocks() -> Sheet:
    """A page with two blocks."""
    blocks = (BlockSpan("b1", 0, 4, "chrome"), BlockSpan("b2", 5, 9, "paragraph"))
    return Sheet("page-1", "খবর! ঢাকা", blocks=blocks)


def kept_mentions(sheet: Sheet, written: Written) -> list[Mention]:
    """List the mentions that no loss says were left out."""
    gone = {loss.item for loss in written.losses if loss.field == "all of it"}
    return [mention for mention in sheet.mentions if mention.id not in gone]


def kept_quotes(sheet: Sheet, written: Written) -> list[Quote]:
    """List the quotes that no loss says were left out."""
    gone = {loss.item for loss in written.losses if loss.field == "all of it"}
    return [quote for quote in sheet.quotes if quote.id not in gone]


def left_out(written: Written) -> set[tuple[str, str]]:
    """List (item, field) of what did not fit, as opposed to what a format has no place for."""
    return {
        (loss.item, loss.field)
        for loss in written.losses
        if not loss.reason.endswith("has no place for it")
    }


def spans(mentions: Sequence[Mention]) -> list[Found]:
    """Turn mentions into (start, end, label), sorted."""
    return sorted((mention.start, mention.end, mention.label) for mention in mentions)


def offsets(text: str, words: Sequence[str], *, start: int = 0) -> list[tuple[int, int]]:
    """Find words one after another in a text, nothing but white space between them."""
    found = []
    for word in words:
        while not text.startswith(word, start):
            assert text[start].isspace()
            start += 1
        found.append((start, start + len(word)))
        start += len(word)
    return found
