"""A document and its page: hashes, blocks, sentences and spans, all exact.

Offsets are half-open code points; documents count in the article view, pages in the page text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from itertools import pairwise

from khobor.records import ANNOTATION_STATES, ARTICLE_LABELS, BLOCK_LABELS
from khobor.release.verification.faults import Broken, shown
from khobor.release.verification.rows import (
    ArticleBlock,
    Bounds,
    DocumentQuote,
    DocumentRow,
    Entity,
    PageRow,
)

_ARTICLE = frozenset(BLOCK_LABELS.index(label) for label in ARTICLE_LABELS)
_DATELINE, _PARAGRAPH = BLOCK_LABELS.index("dateline"), BLOCK_LABELS.index("paragraph")
NONE = ANNOTATION_STATES.index("none")


def sha256(text: str) -> str:
    """Hash a text as the rows do: its UTF-8."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def check_page(page: PageRow) -> Iterator[Broken]:
    """Check a row of pages: its hash, and that its blocks cover the text but for white space."""
    text, where = page.text, page.doc_id
    digest = sha256(text)
    if digest != page.text_sha256:
        yield "text-hash", _hash_message(where, "text", digest, page.text_sha256)
    position = 0
    for number, block in enumerate(page.blocks):
        if not position <= block.start < block.end <= len(text):
            yield "page-block", _span_message(where, f"block {number}", block, len(text))
            return
        if text[position : block.start].strip():
            yield "page-block", f"{where}: words before block {number} lie in no block"
        if _has_space_at_edge(text[block.start : block.end]):
            yield "page-block", f"{where}: block {number} has white space at its edge"
        position = block.end
    if text[position:].strip():
        yield "page-block", f"{where}: words behind the last block lie in no block"


def check_document(document: DocumentRow, page: PageRow | None) -> Iterator[Broken]:
    """Check a row of documents by itself, and against the page that it was made of."""
    text, where = document.text, document.doc_id
    digest = sha256(text)
    if digest != document.text_sha256:
        yield "text-hash", _hash_message(where, "text", digest, document.text_sha256)
    if page is not None and page.text_sha256 != document.page_sha256:
        found = f"page_sha256 is {document.page_sha256[:12]}…"
        yield "text-hash", f"{where}: {found}, its page has text_sha256 {page.text_sha256[:12]}…"
    blocks_broken = [*_check_blocks(document), *(_compare_blocks(document, page) if page else ())]
    yield from blocks_broken
    yield from _check_sentences(document)
    yield from _check_state(document)
    yield from _check_entities(where, text, document.entities or (), document.blocks)
    yield from _check_quotes(document)


def _check_blocks(document: DocumentRow) -> Iterator[Broken]:
    """Blocks follow each other, parted by a newline; a dateline and its paragraph by a space."""
    text, where, blocks = document.text, document.doc_id, document.blocks
    position, previous = 0, -1
    for number, block in enumerate(blocks):
        if not 0 <= block.start < block.end <= len(text):
            yield "article-block", _span_message(where, f"block {number}", block, len(text))
            return
        joiner = " " if (previous, block.label) == (_DATELINE, _PARAGRAPH) else "\n"
        if text[position : block.start] != (joiner if number else ""):
            found = shown(text[position : block.start])
            yield "article-block", f"{where}: {found} stands before block {number}, not its joint"
        position, previous = block.end, block.label
    if position != len(text):
        yield "article-block", f"{where}: the text goes on behind the last block"


def _compare_blocks(document: DocumentRow, page: PageRow) -> Iterator[Broken]:
    """The blocks of a document are the article's blocks of its page, verbatim."""
    where = document.doc_id
    stated = [(b.page_start, b.end - b.start, b.label) for b in document.blocks]
    made = [(b.start, b.end - b.start, b.label) for b in page.blocks if b.label in _ARTICLE]
    if stated != made:
        at = next((n for n, (a, b) in enumerate(zip(stated, made, strict=False)) if a != b), None)
        place = min(len(stated), len(made)) if at is None else at
        yield (
            "article-block",
            f"{where}: from block {place} on, `blocks` are not the article blocks of the page "
            "(page_start, length, label)",
        )
        return
    for number, block in enumerate(document.blocks):
        size = block.end - block.start
        if (
            document.text[block.start : block.end]
            != page.text[block.page_start : block.page_start + size]
        ):
            found = shown(document.text[block.start : block.end])
            yield (
                "article-block",
                f"{where}: block {number} is {found}, other words than the page has at page_start",
            )


def _check_sentences(document: DocumentRow) -> Iterator[Broken]:
    """Sentences cover the text but for white space, in order, each in one block."""
    text, where, blocks = document.text, document.doc_id, document.blocks
    place, position = 0, 0
    for number, sentence in enumerate(document.sentences):
        start, end = sentence.start, sentence.end
        if not position <= start < end <= len(text):
            yield "sentence-span", _span_message(where, f"sentence {number}", sentence, len(text))
            return
        if text[position:start].strip():
            yield "sentence-span", f"{where}: words before sentence {number} lie in none"
        if _has_space_at_edge(text[start:end]):
            yield "sentence-span", f"{where}: sentence {number} has white space at its edge"
        while place < len(blocks) and blocks[place].end <= start:
            place += 1
        if place == len(blocks) or not blocks[place].start <= start < end <= blocks[place].end:
            yield "sentence-span", f"{where}: sentence {number} lies in no block, or in two"
        position = end
    if text[position:].strip():
        yield "sentence-span", f"{where}: words behind the last sentence lie in none"


def _check_state(document: DocumentRow) -> Iterator[Broken]:
    """What nobody annotated has null spans, never empty lists."""
    for name, column in (("entities", document.entities), ("quotes", document.quotes)):
        if (column is None) != (document.annotation == NONE):
            state = ANNOTATION_STATES[document.annotation]
            found = "null" if column is None else f"a list of {len(column)}"
            yield "annotation", f"{document.doc_id}: annotation is {state}, `{name}` is {found}"


def _check_entities(
    where: str, text: str, entities: Sequence[Entity], blocks: Sequence[ArticleBlock]
) -> Iterator[Broken]:
    """Mentions hold their words, lie in one block, are sorted, and do not overlap."""
    for entity in entities:
        start, end = entity.start, entity.end
        name = f"{where}: {entity.id}"
        if not 0 <= start < end <= len(text):
            yield "entity", _span_message(where, entity.id, entity, len(text))
            continue
        if text[start:end] != entity.text:
            yield (
                "entity",
                f"{name} is {shown(text[start:end])} in the text, not {shown(entity.text)}",
            )
        if not start < entity.name_end <= end:
            yield "entity", f"{name}: name_end {entity.name_end} does not lie in ({start}, {end}]"
        if not any(block.start <= start and end <= block.end for block in blocks):
            yield "entity", f"{name} lies in no block, or in two"
    for left, right in pairwise(entities):
        if right.start < left.end:
            yield "entity", f"{where}: {right.id} begins before {left.id} ends"
    yield from _check_ids(where, "entity", [entity.id for entity in entities])


def _check_quotes(document: DocumentRow) -> Iterator[Broken]:
    """Quotes have content, their parts hold their words, their speaker is a mention."""
    text, where, quotes = document.text, document.doc_id, document.quotes or ()
    mentions = {entity.id for entity in document.entities or ()}
    for quote in quotes:
        yield from check_parts(where, quote, text)
        for _, part in quote.parts:
            if not any(b.start <= part.start and part.end <= b.end for b in document.blocks):
                yield "quote-span", f"{where}: {quote.id} has a part in no block, or in two"
        if quote.speaker_mention is not None and quote.speaker_mention not in mentions:
            found = shown(quote.speaker_mention)
            yield "speaker", f"{where}: {quote.id} has speaker_mention {found}, which is no entity"
    yield from _check_ids(where, "quote-span", [quote.id for quote in quotes])


def check_parts(where: str, quote: DocumentQuote, text: str) -> Iterator[Broken]:
    """Check that a quote has content, and that its parts hold their words, without overlaps."""
    if not quote.content:
        yield "quote-span", f"{where}: {quote.id} has no content"
    position = -1
    for _, part in sorted(quote.parts, key=lambda found: found[1].start):
        if not 0 <= part.start < part.end <= len(text):
            yield "quote-span", _span_message(where, quote.id, part, len(text))
            continue
        found = text[part.start : part.end]
        if found != part.text:
            yield (
                "quote-span",
                f"{where}: {quote.id} is {shown(found)} in the text, not {shown(part.text)}",
            )
        if part.start < position:
            yield "quote-span", f"{where}: content, cue and speaker of {quote.id} overlap"
        position = part.end


def _check_ids(where: str, check: str, ids: Sequence[str]) -> Iterator[Broken]:
    if len(set(ids)) != len(ids):
        twice = next(one for at, one in enumerate(ids) if one in ids[:at])
        yield check, f"{where}: the id {shown(twice)} stands there twice"


def _has_space_at_edge(text: str) -> bool:
    return text[0].isspace() or text[-1].isspace()


def _hash_message(where: str, column: str, found: str, stated: str) -> str:
    return f"{where}: `{column}` has SHA-256 {found[:12]}…, {column}_sha256 says {stated[:12]}…"


def _span_message(where: str, name: str, span: Bounds | object, size: int) -> str:
    start, end = getattr(span, "start", None), getattr(span, "end", None)
    return (
        f"{where}: {name} [{start}, {end}) is empty, out of order or outside the text of {size} "
        "code points"
    )
