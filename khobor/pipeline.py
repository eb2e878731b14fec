"""The stages of one page in order: capture, blocks, sentences, tokens. A pure function."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec

from khobor.capture.dates import parse_date_line
from khobor.capture.decoding import MAX_PAGE_BYTES
from khobor.capture.pages import capture_page
from khobor.errors import UsageError
from khobor.layers.blocks import label_blocks
from khobor.layers.sentences import sentence_bounds
from khobor.layers.tokens import sentence_tokens
from khobor.records import ARTICLE_LABELS, Block, Document, Metadata, Page, Sentence


def read_page(source: str | os.PathLike[str]) -> Document:
    """Turn a raw page's file (HTML or text capture) into a Document with all its layers.

    Offsets are half-open code points into `document.text`, the verbatim page text. Raises
    UsageError where the file cannot be read, PageError where the page is no Bengali article.
    """
    path = Path(source)
    return build_document(capture_page(read_raw(path), source=path.name))


def read_raw(path: Path) -> bytes:
    """Read a raw page's bytes, one more than MAX_PAGE_BYTES at most; raise UsageError."""
    try:
        if path.exists() and not path.is_file():  # a pipe would keep its reader waiting
            raise UsageError("is no file", where=str(path), fix="expected a page's file")
        with path.open("rb") as raw:
            return raw.read(MAX_PAGE_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"cannot be read ({error.strerror})", where=str(path), fix="expected a page's file"
        ) from error


def build_document(page: Page, blocks: Sequence[Block] | None = None) -> Document:
    """Turn a captured page into a Document; `blocks` made by hand go before the labeller's."""
    labelled = tuple(blocks) if blocks is not None else label_blocks(page)
    sentences = tuple(_sentences(page.text, labelled))
    return Document(
        doc_id=page.doc_id,
        source=page.source,
        raw_sha256=page.raw_sha256,
        text=page.text,
        text_sha256=page.text_sha256,
        metadata=_dated(page, labelled),
        blocks=labelled,
        sentences=sentences,
        tokens=sentence_tokens(page.text, sentences),
    )


def _dated(page: Page, blocks: Sequence[Block]) -> Metadata:
    """Read the visible date line where the page's markup gives no time of publication.

    It may stand in the byline. Lines are read as one, so that "published" goes before "updated";
    what does not agree dates nothing: no date beats a wrong one.
    """
    if page.metadata.published_at is not None:
        return page.metadata
    for label in ("timestamp", "byline"):
        lines = [page.text[block.start : block.end] for block in blocks if block.label == label]
        date = parse_date_line(" | ".join(lines)) if lines else None
        if date is not None:
            return msgspec.structs.replace(
                page.metadata, published_at=date, published_source="date-line"
            )
    return page.metadata


def _sentences(text: str, blocks: Sequence[Block]) -> list[Sentence]:
    """Split the article's blocks; a newline inside a block is a hard wrap, so no border."""
    sentences = []
    for number, block in enumerate(blocks):
        if block.label in ARTICLE_LABELS:
            at = block.start
            bounds = sentence_bounds(text[at : block.end], wrapped=True)
            sentences.extend([Sentence(at + start, at + end, number) for start, end in bounds])
    return sentences
