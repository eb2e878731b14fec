"""From entries of a corpus to the rows of a release, spans re-based to the article view.

Labels leave here as the numbers of their ClassLabels; `text[start:end]` holds in every row.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import Any

from khobor.annotations.files import quote_parts
from khobor.capture.pages import text_sha256
from khobor.corpus.corpora import Entry
from khobor.errors import SpanError
from khobor.layers.views import View, ViewBlock
from khobor.records import (
    ANNOTATION_STATES,
    BLOCK_LABELS,
    ENTITY_LABELS,
    PROVENANCES,
    QUOTE_KINDS,
    QUOTE_MARKINGS,
    QUOTE_MEDIA,
    Annotation,
    Document,
    Part,
    Quote,
)
from khobor.release.features import NER_TAGS, QUOTE_TAGS

Row = dict[str, Any]  # a row of parquet: its columns and types are those of release.features

_NER = {tag: number for number, tag in enumerate(NER_TAGS)}
_QUOTE = {tag: number for number, tag in enumerate(QUOTE_TAGS)}


def config_rows(config: str, entry: Entry) -> Iterator[Row]:
    """Turn an entry into its rows of one configuration, in the order of the text."""
    yield from _MAKERS[config](entry)


def _document_rows(entry: Entry) -> Iterator[Row]:
    document, view, metadata = entry.document, entry.view, entry.document.metadata
    annotated = entry.annotation if entry.state != "none" else None
    yield {
        "doc_id": document.doc_id,
        "publisher": metadata.publisher,
        "country": metadata.country,
        "url": metadata.url,
        "licence": entry.row.licence if entry.row is not None else None,
        "provenance": PROVENANCES.index(entry.row.provenance if entry.row else "captured"),
        "language": metadata.language or "bn",
        "captured_at": metadata.captured_at,
        "published_at": metadata.published_at,
        "section": metadata.section,
        "title": metadata.title or _headline(view),
        "text": view.text,
        "text_sha256": text_sha256(view.text),
        "page_sha256": document.text_sha256,
        "cluster_id": entry.split.cluster_id,
        "first_version": entry.split.first_version,
        "annotation": ANNOTATION_STATES.index(entry.state),
        "blocks": [
            {
                "start": block.start,
                "end": block.end,
                "label": BLOCK_LABELS.index(block.label),
                "page_start": block.page_start,
            }
            for block in view.blocks
        ],
        "sentences": list(_bounds(document, view)),
        "entities": _entities(annotated, view) if annotated is not None else None,
        "quotes": [{"id": quote.id, **_quote(quote, view, 0)} for quote in annotated.quotes]
        if annotated is not None
        else None,
    }


def _page_rows(entry: Entry) -> Iterator[Row]:
    document = entry.document
    yield {
        "doc_id": document.doc_id,
        "text": document.text,
        "text_sha256": document.text_sha256,
        "blocks": [
            {
                "start": block.start,
                "end": block.end,
                "label": BLOCK_LABELS.index(block.label),
                "path": block.path or None,
            }
            for block in document.blocks
        ],
    }


def _sentence_rows(entry: Entry) -> Iterator[Row]:
    document, view = entry.document, entry.view
    text, doc_id = document.text, document.doc_id
    state = ANNOTATION_STATES.index(entry.state)
    place_of = {block.page_start: place for place, block in enumerate(view.blocks)}
    starts, ends = document.tokens.starts.tolist(), document.tokens.ends.tolist()
    tokens = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    whole = entry.state in ("silver", "gold")  # of a partial one, what is unmarked says nothing
    tagged = entry.alignment.sentences if entry.alignment and whole else None
    first = 0
    for number, sentence in enumerate(document.sentences):
        start, end = sentence.start, sentence.end
        last = bisect_left(starts, end, first)
        tags = tagged[number] if tagged is not None else None
        place = place_of.get(document.blocks[sentence.block].start, -1)
        block = _holding(view, place, start, end)
        yield {
            "sentence_id": f"{doc_id}/s{number + 1}",
            "doc_id": doc_id,
            "block": place,
            "start": start + block.start - block.page_start,
            "text": text[start:end],
            "tokens": tokens[first:last],
            "token_starts": [at - start for at in starts[first:last]],
            "token_ends": [at - start for at in ends[first:last]],
            "annotation": state,
            "ner_tags": [_NER[tag] for tag in tags.ner_tags] if tags else None,
            "quote_tags": [_QUOTE[tag] for tag in tags.quote_tags] if tags else None,
            "quote_ids": list(tags.quote_ids) if tags else None,
        }
        first = last


def _quote_rows(entry: Entry) -> Iterator[Row]:
    # The rows say nothing of who made them, so a model's are not among them.
    if entry.annotation is None or entry.state in ("none", "silver"):
        return
    view = entry.view
    names = {
        mention.id: entry.document.text[mention.start : mention.name_end]
        for mention in entry.annotation.mentions
    }
    for quote in entry.annotation.quotes:
        start, end = _context(quote, view)
        yield {
            "quote_id": f"{entry.document.doc_id}/{quote.id}",
            "doc_id": entry.document.doc_id,
            **_quote(quote, view, start),
            "speaker_name": names.get(quote.speaker_mention or ""),
            "context": view.text[start:end],
            "context_start": start,
        }


_MAKERS: dict[str, Callable[[Entry], Iterator[Row]]] = {
    "documents": _document_rows,
    "pages": _page_rows,
    "sentences": _sentence_rows,
    "quotes": _quote_rows,
}


def _headline(view: View) -> str | None:
    headlines = [view.text[b.start : b.end] for b in view.blocks if b.label == "headline"]
    return headlines[0] if headlines else None


def _bounds(document: Document, view: View) -> Iterator[Row]:
    """Re-base the sentences: each lies in the block that it names."""
    place_of = {block.page_start: place for place, block in enumerate(view.blocks)}
    for sentence in document.sentences:
        place = place_of.get(document.blocks[sentence.block].start, -1)
        block = _holding(view, place, sentence.start, sentence.end)
        shift = block.start - block.page_start
        yield {"start": sentence.start + shift, "end": sentence.end + shift}


def _holding(view: View, place: int, start: int, end: int) -> ViewBlock:
    """Find the block of a sentence, a span of the page; raise SpanError where it overruns it."""
    block = view.blocks[place]
    if (
        place < 0
        or not block.page_start <= start < end <= block.page_start + block.end - block.start
    ):
        view.to_view(start, end)  # says what is wrong
        raise SpanError(f"the sentence [{start}, {end}) does not lie in the block that it names")
    return block


def _entities(annotation: Annotation, view: View) -> list[Row]:
    rows = []
    for mention in annotation.mentions:
        span = view.to_view(mention.start, mention.end)
        rows.append(
            {
                "id": mention.id,
                "start": span.start,
                "end": span.end,
                "name_end": span.start + mention.name_end - mention.start,
                "label": ENTITY_LABELS.index(mention.label),
                "text": view.text[span.start : span.end],
            }
        )
    return rows


def _quote(quote: Quote, view: View, origin: int) -> Row:
    """Turn a quote into columns, offsets into the view's text from `origin` on."""
    return {
        "kind": QUOTE_KINDS.index(quote.kind),
        "marking": QUOTE_MARKINGS.index(quote.marking),
        "medium": QUOTE_MEDIA.index(quote.medium),
        "content": [_part(part, view, origin) for part in quote.content],
        "cue": _part(quote.cue, view, origin) if quote.cue else None,
        "speaker": _part(quote.speaker, view, origin) if quote.speaker else None,
        "speaker_mention": quote.speaker_mention,
    }


def _part(part: Part, view: View, origin: int) -> Row:
    span = view.to_view(part.start, part.end)
    return {
        "start": span.start - origin,
        "end": span.end - origin,
        "text": view.text[span.start : span.end],
    }


def _context(quote: Quote, view: View) -> tuple[int, int]:
    """Find the blocks that a quote lies in: from the first one's start to the last one's end."""
    spans = [view.to_view(part.start, part.end) for part in quote_parts(quote)]
    blocks = [
        block
        for block in view.blocks
        if any(block.start <= span.start < block.end for span in spans)
    ]
    return min(block.start for block in blocks), max(block.end for block in blocks)
