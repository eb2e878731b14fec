"""Between a document of the corpus and the sheet that a tool gets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from khobor.annotations.files import line_order
from khobor.formats.interface import BlockSpan, Sheet
from khobor.layers.views import View, article_view
from khobor.records import Annotation, Block, Document, Mention, Part, Quote
from khobor.spans import Span


def article_sheet(document: Document, annotation: Annotation) -> Sheet:
    """Turn a document and its annotation into a sheet over the article view.

    Raises SpanError where a span lies in no article block, or crosses one.
    """
    view = article_view(document.text, document.blocks)

    def part(old: Part) -> Part:
        span = view.to_view(old.start, old.end)
        return Part(span.start, span.end, view.text[span.start : span.end])

    return Sheet(
        document.doc_id,
        view.text,
        tuple(_mention_in_view(mention, view) for mention in annotation.mentions),
        tuple(_with_parts(quote, part) for quote in annotation.quotes),
    )


def page_sheet(document: Document) -> Sheet:
    """Turn a document into a sheet over its whole page, with its blocks."""
    return Sheet(
        document.doc_id,
        document.text,
        blocks=tuple(
            BlockSpan(f"b{number}", block.start, block.end, block.label)
            for number, block in enumerate(document.blocks, start=1)
        ),
    )


def sheet_sentences(document: Document) -> list[Span]:
    """Turn a document's sentences into spans of its article view."""
    view = article_view(document.text, document.blocks)
    return [view.to_view(sentence.start, sentence.end) for sentence in document.sentences]


def annotation_of(sheet: Sheet, document: Document, original: Annotation) -> Annotation:
    """Turn a sheet over the article view back into an annotation of the page text.

    The header is the original's. Where the original has no surfaces (its text is withheld) the
    result has none. Raises SpanError where a span lies on the join of two blocks.
    """
    view = article_view(document.text, document.blocks)
    bare = not _has_surfaces(original)
    text = document.text

    def part(old: Part) -> Part:
        span = view.to_page(old.start, old.end)
        return Part(span.start, span.end, None if bare else text[span.start : span.end])

    def mention(old: Mention) -> Mention:
        span = view.to_page(old.start, old.end)
        return msgspec.structs.replace(
            old,
            start=span.start,
            end=span.end,
            name_end=old.name_end + span.start - old.start,
            surface=None if bare else text[span.start : span.end],
        )

    return msgspec.structs.replace(
        original,
        mentions=tuple(sorted(map(mention, sheet.mentions), key=line_order)),
        quotes=tuple(sorted((_with_parts(quote, part) for quote in sheet.quotes), key=line_order)),
    )


def blocks_of(sheet: Sheet) -> tuple[Block, ...]:
    """Turn a sheet over a whole page into the page's blocks, in order."""
    ordered = sorted(sheet.blocks, key=lambda block: (block.start, block.end))
    return tuple(Block(block.start, block.end, block.label) for block in ordered)


def _mention_in_view(mention: Mention, view: View) -> Mention:
    span = view.to_view(mention.start, mention.end)
    return msgspec.structs.replace(
        mention,
        start=span.start,
        end=span.end,
        name_end=mention.name_end + span.start - mention.start,
        surface=view.text[span.start : span.end],
    )


def _with_parts(quote: Quote, part: Callable[[Part], Part]) -> Quote:
    return msgspec.structs.replace(
        quote,
        content=tuple(map(part, quote.content)),
        quoted=tuple(map(part, quote.quoted)),
        cue=part(quote.cue) if quote.cue else None,
        speaker=part(quote.speaker) if quote.speaker else None,
    )


def _has_surfaces(annotation: Annotation) -> bool:
    parts: Sequence[Mention | Part] = [
        *annotation.mentions,
        *(part for quote in annotation.quotes for part in quote.content),
    ]
    return not parts or any(item.surface is not None for item in parts)
