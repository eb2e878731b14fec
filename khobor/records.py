"""The records of khobor: what travels between stages and stands in files.

All are frozen msgspec Structs that refuse unknown fields; `schema/` is exported from them.
Every offset is a half-open span of Python code points: into the page text in pages, documents
and annotations, into the article view in the rows of a release.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

import msgspec
import numpy as np

from khobor.arrays import Int32Array
from khobor.spans import Span

# --- enumerations: append-only, since the numbers of ClassLabels follow their order -----------

BlockLabel = Literal[
    "headline",
    "standfirst",
    "byline",
    "dateline",
    "timestamp",
    "subheading",
    "paragraph",
    "list",
    "caption",
    "related",
    "advert",
    "chrome",
]
BLOCK_LABELS: tuple[str, ...] = get_args(BlockLabel)
FURNITURE_LABELS = frozenset({"related", "advert", "chrome"})
ARTICLE_LABELS = frozenset(BLOCK_LABELS) - FURNITURE_LABELS

EntityLabel = Literal[
    "PER", "ORG", "GPE", "LOC", "PRODUCT", "WORK", "EVENT", "NORP", "DATE", "TIME", "NUM"
]
ENTITY_LABELS: tuple[str, ...] = get_args(EntityLabel)

QuoteKind = Literal["direct", "indirect", "mixed"]
QUOTE_KINDS: tuple[str, ...] = get_args(QuoteKind)
QuoteMarking = Literal["marked", "bare", "headline"]
QUOTE_MARKINGS: tuple[str, ...] = get_args(QuoteMarking)
QuoteMedium = Literal["speech", "post", "document", "unknown"]
QUOTE_MEDIA: tuple[str, ...] = get_args(QuoteMedium)
QUOTE_ROLES: tuple[str, ...] = ("CONTENT", "CUE", "SPEAKER")

Progress = Literal["todo", "partial", "complete"]
# hand: somebody answers for it; silver: a model's, which nobody has corrected yet.
AnnotationStatus = Literal["hand", "silver"]
AnnotationState = Literal["none", "partial", "silver", "gold"]
ANNOTATION_STATES: tuple[str, ...] = get_args(AnnotationState)
Medium = Literal["text", "html"]
Language = Literal["bn", "as", "und"]
Provenance = Literal["composed", "captured"]
PROVENANCES: tuple[str, ...] = get_args(Provenance)
SplitName = Literal["train", "validation", "test"]
SPLITS: tuple[SplitName, ...] = get_args(SplitName)

# Why a page became no document.
RejectReason = Literal[
    "unreadable",  # the file, or a part of a crawl file, cannot be read
    "unsupported",  # neither a text capture nor HTML
    "too-large",  # longer than capture.decode.MAX_PAGE_BYTES
    "too-deep",  # markup that would cost out of all proportion to parse (capture.markup)
    "undecodable",  # not text in any encoding that it declares or shows
    "empty",  # no visible character
    "not-bengali",  # letters of other scripts, or Assamese
    "no-article",  # furniture alone: a section front, a video page
    "duplicate",  # its doc_id is another page's
    "not-in-catalogue",  # passed with --pages, but no withheld page has its hash
    "crashed",  # reading it killed its process each time
]


# --- constrained values -----------------------------------------------------------------------

# A doc_id is a folder's and a file's name: no separator, no leading dot, no line end.
DocId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$(?!\n)", max_length=80)]
ItemId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$(?!\n)", max_length=40)]
Sha256 = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
Country = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$(?!\n)")]  # ISO 3166-1 alpha-2
# ISO 8601: a year, a day or a time, with its zone where it is known.
IsoTime = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?)?)?$(?!\n)"
    ),
]
Offset = Annotated[int, msgspec.Meta(ge=0)]
Words = Annotated[str, msgspec.Meta(pattern=r"\S")]  # something must be said


# --- pages ------------------------------------------------------------------------------------


class Metadata(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a page says of itself; times are ISO 8601 as the page writes them."""

    url: str | None = None
    title: str | None = None
    publisher: str | None = None
    country: str | None = None
    language: str | None = None
    section: str | None = None
    authors: tuple[str, ...] = ()
    published_at: str | None = None
    published_source: str | None = None
    captured_at: str | None = None


class Stretch(
    msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True
):
    """A line of the page text as the page lays it out, before it is labelled.

    `path` is the DOM path with classes (empty in a text capture), `continues` says that one
    line break alone (no blank line, no new element) parts it from the stretch before, `links`
    are the spans of its anchor texts.
    """

    start: Offset
    end: Offset
    path: str = ""
    continues: bool = False
    links: tuple[Span, ...] = ()


class Page(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A captured page: its verbatim text, where its lines came from, what it says of itself."""

    doc_id: DocId
    source: str
    medium: Medium
    charset: str
    raw_sha256: Sha256
    text: str
    text_sha256: Sha256
    metadata: Metadata
    stretches: tuple[Stretch, ...]


class Block(
    msgspec.Struct,
    frozen=True,
    gc=False,
    tag="block",
    forbid_unknown_fields=True,
    omit_defaults=True,
):
    """A labelled stretch of the page text, without white space at its edges.

    `language` is told by its letters: bn, as (Assamese) or und (anything else).
    """

    start: Offset
    end: Offset
    label: BlockLabel
    path: str = ""
    language: Language = "bn"


class BlocksHeader(msgspec.Struct, frozen=True, tag="blocks", forbid_unknown_fields=True):
    """The first line of a blocks.jsonl: which text the blocks lie in."""

    doc_id: DocId
    text_sha256: Sha256


class CatalogueRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A page of the corpus folder: a line of pages/catalogue.jsonl."""

    doc_id: DocId
    raw_sha256: Sha256
    text_sha256: Sha256
    publisher: str
    country: Country
    url: str
    licence: str
    provenance: Provenance
    language: str = "bn"
    captured_at: IsoTime | None = None
    published_at: IsoTime | None = None
    section: str | None = None
    title: str | None = None
    withheld: bool = False
    medium: Medium | None = None  # of a withheld page, whose payload is not here
    note: str | None = None


# --- documents --------------------------------------------------------------------------------


class Sentence(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A sentence of the page text; `block` is its block's place in Document.blocks."""

    start: Offset
    end: Offset
    block: int


class Tokens(msgspec.Struct, frozen=True, forbid_unknown_fields=True, eq=False):
    """Bounds of BNLP's tokens in the page text: two int32 arrays of one length."""

    starts: Int32Array
    ends: Int32Array

    __hash__ = None  # type: ignore[assignment]  # arrays have no hash

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Tokens)
            and np.array_equal(self.starts, other.starts)
            and np.array_equal(self.ends, other.ends)
        )


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page with its layers: blocks cover it, sentences lie in article blocks, tokens in them."""

    doc_id: DocId
    source: str
    raw_sha256: Sha256
    text: str
    text_sha256: Sha256
    metadata: Metadata
    blocks: tuple[Block, ...]
    sentences: tuple[Sentence, ...]
    tokens: Tokens


class Reject(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page that became no document, and why."""

    source: str
    reason: RejectReason
    detail: str
    raw_sha256: Sha256 | None = None


# --- annotations ------------------------------------------------------------------------------


class Part(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """A span of a quote with its surface (left out where the text is withheld)."""

    start: Offset
    end: Offset
    surface: str | None = None


class Mention(
    msgspec.Struct,
    frozen=True,
    gc=False,
    tag="mention",
    forbid_unknown_fields=True,
    omit_defaults=True,
):
    """A named entity; the bare name without a glued ending is `[start, name_end)`."""

    id: ItemId
    start: Offset
    end: Offset
    name_end: Offset
    label: EntityLabel
    surface: str | None = None
    note: str | None = None


class Quote(
    msgspec.Struct, frozen=True, tag="quote", forbid_unknown_fields=True, omit_defaults=True
):
    """Something reported as said: its content, the words that report it, and who said it."""

    id: ItemId
    content: tuple[Part, ...]
    kind: QuoteKind
    marking: QuoteMarking
    medium: QuoteMedium
    cue: Part | None = None
    speaker: Part | None = None
    speaker_mention: ItemId | None = None
    quoted: tuple[Part, ...] = ()
    note: str | None = None


class AnnotationHeader(
    msgspec.Struct, frozen=True, tag="annotation", forbid_unknown_fields=True, omit_defaults=True
):
    """The first line of an annotation file."""

    doc_id: DocId
    text_sha256: Sha256
    annotator: str
    guideline: str
    progress: Progress
    status: AnnotationStatus = "hand"


class Annotation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one annotator says of one page text: mentions and quotes, sorted by start."""

    doc_id: DocId
    text_sha256: Sha256
    annotator: str
    guideline: str
    progress: Progress
    mentions: tuple[Mention, ...] = ()
    quotes: tuple[Quote, ...] = ()
    status: AnnotationStatus = "hand"


class AdjudicationHeader(
    msgspec.Struct, frozen=True, tag="adjudication", forbid_unknown_fields=True
):
    """The first line of a file of decisions: whose annotations of which text they are about."""

    doc_id: DocId
    text_sha256: Sha256
    first: str
    second: str


class Difference(msgspec.Struct, frozen=True, tag="difference", forbid_unknown_fields=True):
    """A place where two annotators differ, and what was decided.

    `take` is one of their names, `both`, `neither` or `own` (the items of `own`); empty until
    decided. `reason` goes into the note of what is taken. `context` is for the reader alone.
    """

    id: ItemId
    take: str
    reason: str
    context: str
    first: tuple[Mention | Quote, ...]
    second: tuple[Mention | Quote, ...]
    own: tuple[Mention | Quote, ...] = ()


class KnownException(
    msgspec.Struct, frozen=True, tag="exception", forbid_unknown_fields=True, omit_defaults=True
):
    """A warning that is right as it is, with the reason: a line of annotations/exceptions.jsonl.

    `text` is the bare name or the stretch that the warning names; without a `doc_id` it holds in
    every document.
    """

    check: Words
    text: Words
    reason: Words
    doc_id: DocId | None = None


MisfitKind = Literal[
    "token-larger",  # a token reaches beyond the span: its tag says more than the span does
    "token-taken",  # the token carries another item's tag already
    "crosses-sentences",  # a mention, cue or speaker ends in a later sentence
    "outside-sentences",  # no token of a sentence lies there
]


class Misfit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of an annotation that the tags of sentences and tokens cannot say exactly."""

    doc_id: DocId
    annotation_id: str
    kind: MisfitKind
    start: Offset
    end: Offset
    detail: str
