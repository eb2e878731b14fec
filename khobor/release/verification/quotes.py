"""The rows of quotes of one document, against its row of documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from khobor.release.verification.faults import Broken, shown
from khobor.release.verification.rows import (
    DocumentQuote,
    DocumentRow,
    PartRow,
    QuoteColumns,
    QuoteRow,
)


def check_quotes(document: DocumentRow, rows: Sequence[QuoteRow]) -> Iterator[Broken]:
    """Check that a document's rows of quotes say what documents.quotes says, in its context."""
    quotes = document.quotes or ()
    expected = [f"{document.doc_id}/{quote.id}" for quote in quotes]
    found = [row.quote_id for row in rows]
    if found != expected:
        missing, more = set(expected) - set(found), set(found) - set(expected)
        said = f"; missing {shown(min(missing))}" if missing else ""
        said += f"; not there {shown(min(more))}" if more else ""
        yield (
            "quote-row",
            f"{document.doc_id}: {len(found)} rows of quotes are not the {len(expected)} of "
            f"documents.quotes, in their order{said}",
        )
        return
    names = {e.id: document.text[e.start : e.name_end] for e in document.entities or ()}
    for row, quote in zip(rows, quotes, strict=True):
        yield from _check_row(document, row, quote)
        name = names.get(quote.speaker_mention) if quote.speaker_mention is not None else None
        if row.speaker_name != name:
            found_name, bare = shown(row.speaker_name), shown(name)
            yield (
                "speaker",
                f"{row.quote_id}: speaker_name is {found_name}, its mention's bare name {bare}",
            )


def _check_row(document: DocumentRow, row: QuoteRow, quote: DocumentQuote) -> Iterator[Broken]:
    start, name = row.context_start, row.quote_id
    if start < 0 or document.text[start : start + len(row.context)] != row.context:
        yield "quote-row", f"{name}: `context` is not the document's text at context_start {start}"
    elif (start, start + len(row.context)) != _context(document, quote):
        yield "quote-row", f"{name}: `context` is not the blocks in which the quote stands"
    for _, part in row.parts:
        if part.start < 0 or row.context[part.start : part.end] != part.text:
            words = shown(row.context[max(part.start, 0) : max(part.end, 0)])
            yield "quote-row", f"{name} is {words} in its context, not {shown(part.text)}"
    for column in ("kind", "marking", "medium", "speaker_mention"):
        if getattr(row, column) != getattr(quote, column):
            yield "quote-row", f"{name}: `{column}` differs from that of documents.quotes"
    if _placed(row, start) != _placed(quote, 0):
        yield "quote-row", f"{name}: content, cue or speaker lie elsewhere than in documents.quotes"


def _placed(quote: QuoteColumns, origin: int) -> list[tuple[int, int, int]]:
    """List role, start and end of the parts, in the document's text."""
    return [(role, *_moved(part, origin)) for role, part in quote.parts]


def _moved(part: PartRow, origin: int) -> tuple[int, int]:
    return part.start + origin, part.end + origin


def _context(document: DocumentRow, quote: DocumentQuote) -> tuple[int, int]:
    """Find where the context of a quote begins and ends: whole blocks, all that it lies in."""
    starts = [part.start for _, part in quote.parts]
    blocks = [b for b in document.blocks if any(b.start <= start < b.end for start in starts)]
    if not blocks:
        return 0, 0
    return blocks[0].start, blocks[-1].end
