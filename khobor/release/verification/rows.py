"""The rows of a release as records: what each column may hold, nulls and ranges of labels.

The fields are those of release.features, in their order; a test compares them.
"""

from __future__ import annotations

from typing import Annotated

import msgspec

from khobor.records import (
    ANNOTATION_STATES,
    BLOCK_LABELS,
    ENTITY_LABELS,
    PROVENANCES,
    QUOTE_KINDS,
    QUOTE_MARKINGS,
    QUOTE_MEDIA,
    QUOTE_ROLES,
    DocId,
    Sha256,
)

# Numbers of labels; offsets are checked against their text, so here they are any integers.
_Block = Annotated[int, msgspec.Meta(ge=0, lt=len(BLOCK_LABELS))]
_Entity = Annotated[int, msgspec.Meta(ge=0, lt=len(ENTITY_LABELS))]
_Kind = Annotated[int, msgspec.Meta(ge=0, lt=len(QUOTE_KINDS))]
_Marking = Annotated[int, msgspec.Meta(ge=0, lt=len(QUOTE_MARKINGS))]
_Medium = Annotated[int, msgspec.Meta(ge=0, lt=len(QUOTE_MEDIA))]
_Provenance = Annotated[int, msgspec.Meta(ge=0, lt=len(PROVENANCES))]
_State = Annotated[int, msgspec.Meta(ge=0, lt=len(ANNOTATION_STATES))]
_NerTag = Annotated[int, msgspec.Meta(ge=0, le=2 * len(ENTITY_LABELS))]
_QuoteTag = Annotated[int, msgspec.Meta(ge=0, le=2 * len(QUOTE_ROLES))]
_Text = Annotated[str, msgspec.Meta(min_length=1)]


class ArticleBlock(msgspec.Struct, frozen=True, gc=False):
    """A block of documents.blocks."""

    start: int
    end: int
    label: _Block
    page_start: int


class PageBlock(msgspec.Struct, frozen=True, gc=False):
    """A block of pages.blocks."""

    start: int
    end: int
    label: _Block
    path: str | None


class Bounds(msgspec.Struct, frozen=True, gc=False):
    """A sentence of documents.sentences."""

    start: int
    end: int


class Entity(msgspec.Struct, frozen=True, gc=False):
    """A mention of documents.entities."""

    id: _Text
    start: int
    end: int
    name_end: int
    label: _Entity
    text: str


class PartRow(msgspec.Struct, frozen=True, gc=False):
    """A span of a quote with its words."""

    start: int
    end: int
    text: str


class QuoteColumns(msgspec.Struct, frozen=True):
    """What documents.quotes and the rows of quotes share."""

    kind: _Kind
    marking: _Marking
    medium: _Medium
    content: list[PartRow]
    cue: PartRow | None
    speaker: PartRow | None
    speaker_mention: str | None

    @property
    def parts(self) -> list[tuple[int, PartRow]]:
        """Its spans with the number of their role: content, cue, speaker."""
        single = ((1, self.cue), (2, self.speaker))
        return [
            *((0, part) for part in self.content),
            *((role, part) for role, part in single if part is not None),
        ]


class DocumentQuote(QuoteColumns, frozen=True, kw_only=True):
    """A quote of documents.quotes."""

    id: _Text


class DocumentRow(msgspec.Struct, frozen=True):
    """A row of documents."""

    doc_id: DocId
    publisher: str | None
    country: str | None
    url: str | None
    licence: str | None
    provenance: _Provenance
    language: _Text
    captured_at: str | None
    published_at: str | None
    section: str | None
    title: str | None
    text: _Text
    text_sha256: Sha256
    page_sha256: Sha256
    cluster_id: _Text
    first_version: _Text
    annotation: _State
    blocks: list[ArticleBlock]
    sentences: list[Bounds]
    entities: list[Entity] | None
    quotes: list[DocumentQuote] | None


class PageRow(msgspec.Struct, frozen=True):
    """A row of pages."""

    doc_id: DocId
    text: _Text
    text_sha256: Sha256
    blocks: list[PageBlock]


class SentenceRow(msgspec.Struct, frozen=True):
    """A row of sentences."""

    sentence_id: str
    doc_id: DocId
    block: int
    start: int
    text: str
    tokens: list[str]
    token_starts: list[int]
    token_ends: list[int]
    annotation: _State
    ner_tags: list[_NerTag] | None
    quote_tags: list[_QuoteTag] | None
    quote_ids: list[str | None] | None


class QuoteRow(QuoteColumns, frozen=True, kw_only=True):
    """A row of quotes."""

    quote_id: str
    doc_id: DocId
    speaker_name: str | None
    context: str
    context_start: int


AnyRow = DocumentRow | PageRow | SentenceRow | QuoteRow
ROWS: dict[str, type[AnyRow]] = {
    "documents": DocumentRow,
    "pages": PageRow,
    "sentences": SentenceRow,
    "quotes": QuoteRow,
}
