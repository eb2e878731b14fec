"""standoff/: what annotators said as offsets into the page text, against the rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from khobor.manifests import SplitRow
from khobor.records import (
    ANNOTATION_STATES,
    BLOCK_LABELS,
    ENTITY_LABELS,
    QUOTE_KINDS,
    QUOTE_MARKINGS,
    QUOTE_MEDIA,
    AnnotationHeader,
    Block,
    CatalogueRow,
    Mention,
    Part,
    Quote,
)
from khobor.release.verification.faults import Broken, Faults, shown
from khobor.release.verification.lines import BrokenLines, read_lines
from khobor.release.verification.rows import DocumentRow, PageRow

CATALOGUE = "standoff/catalogue.jsonl"
_MOST_BYTES = 64 << 20  # read whole: a page has at most 10 MB
_STATE_OF = {"todo": "none", "partial": "partial", "complete": "gold"}
_Span = tuple[int, int]


class Standoff(msgspec.Struct, frozen=True):
    """One file of standoff/."""

    header: AnnotationHeader
    blocks: tuple[Block, ...]
    mentions: tuple[Mention, ...]
    quotes: tuple[Quote, ...]

    @property
    def items(self) -> list[Mention | Quote]:
        """Its mentions and quotes."""
        return [*self.mentions, *self.quotes]


def standoff_name(doc_id: str) -> str:
    """Name the file of a document."""
    return f"standoff/{doc_id}.jsonl"


def read_standoff(
    folder: Path, name: str, sizes: Mapping[str, int], faults: Faults
) -> Standoff | None:
    """Read a file of standoff/; None, and a fault, where it is none."""
    if sizes[name] > _MOST_BYTES:
        faults.add(name, "record", f"has {sizes[name]:,} bytes, more than is read here")
        return None
    kind: type = AnnotationHeader | Block | Mention | Quote  # type: ignore[assignment]  # a union is no type to mypy
    try:
        records: list[object] = list(read_lines(folder, name, sizes, kind, faults))
    except BrokenLines:
        return None
    headers = [record for record in records if isinstance(record, AnnotationHeader)]
    if len(headers) != 1 or records[0] is not headers[0]:
        faults.add(name, "standoff", "expected one header in its first line")
        return None
    return Standoff(
        headers[0],
        tuple(record for record in records if isinstance(record, Block)),
        tuple(record for record in records if isinstance(record, Mention)),
        tuple(record for record in records if isinstance(record, Quote)),
    )


def read_catalogue(folder: Path, sizes: Mapping[str, int], faults: Faults) -> list[CatalogueRow]:
    """Read the catalogue of withheld pages, where there is one."""
    if CATALOGUE not in sizes:
        return []
    try:
        rows = list(read_lines(folder, CATALOGUE, sizes, CatalogueRow, faults))
    except BrokenLines:
        return []
    return rows


def check_catalogue(
    catalogued: Mapping[str, CatalogueRow], places: Mapping[str, SplitRow]
) -> Iterator[Broken]:
    """Check that the catalogue has the withheld pages of splits.jsonl, and none of their words."""
    for doc_id, row in catalogued.items():
        if not row.withheld:
            yield "standoff", f"{doc_id} is not withheld; only withheld pages stand here"
        if row.title is not None:
            yield "withheld-text", f"{doc_id} has a title, which is text of the page"
        if doc_id not in places:
            yield "standoff", f"{doc_id} has no line in splits.jsonl"
    for doc_id, place in places.items():
        if place.state == "withheld" and doc_id not in catalogued:
            yield (
                "standoff",
                f"{doc_id} is withheld and has no line, so nobody can recognise its page",
            )


def check_withheld(
    standoff: Standoff, place: SplitRow, row: CatalogueRow | None
) -> Iterator[Broken]:
    """Check that the stand-off of a withheld text is of that page and holds none of its words."""
    header, doc_id = standoff.header, place.doc_id
    if place.state != "withheld":
        yield "standoff", f"{doc_id} is {place.state}, so nothing of it belongs here"
    if header.doc_id != doc_id:
        yield "standoff", f"is of {header.doc_id}, its name says {doc_id}"
    if row is not None and row.text_sha256 != header.text_sha256:
        found = f"text_sha256 is {header.text_sha256[:12]}…"
        yield "standoff", f"{found}, the catalogue says {row.text_sha256[:12]}…"
    for item in standoff.items:
        yield from _check_name(item)
        if item.note is not None:
            yield "withheld-text", f"{item.id} has a note, which may quote a text that is withheld"
        if any(surface is not None for _, surface in _surfaces(item)):
            yield "withheld-text", f"{item.id} holds words of a text that is withheld"


def _check_name(item: Mention | Quote) -> Iterator[Broken]:
    if isinstance(item, Mention) and not item.start < item.name_end <= item.end:
        span = f"({item.start}, {item.end}]"
        yield "standoff", f"{item.id}: name_end {item.name_end} does not lie in {span}"


def _surfaces(item: Mention | Quote) -> Iterator[tuple[_Span, str | None]]:
    if isinstance(item, Mention):
        yield (item.start, item.end), item.surface
        return
    single = [part for part in (item.cue, item.speaker) if part is not None]
    for part in (*item.content, *item.quoted, *single):
        yield (part.start, part.end), part.surface


def check_standoff(
    standoff: Standoff, document: DocumentRow, page: PageRow | None
) -> Iterator[Broken]:
    """Check that a stand-off says of the page text what the rows say of the article."""
    header = standoff.header
    if header.doc_id != document.doc_id:
        yield "standoff", f"is of {header.doc_id}, its name says {document.doc_id}"
    if header.text_sha256 != document.page_sha256:
        found = f"text_sha256 is {header.text_sha256[:12]}…"
        yield "standoff", f"{found}, documents.page_sha256 is {document.page_sha256[:12]}…"
        return
    state = ANNOTATION_STATES[document.annotation]
    if state != "silver" and _STATE_OF[header.progress] != state:
        yield "standoff", f"its progress is {header.progress}, documents.annotation is {state}"
    if page is not None:
        blocks = [(block.start, block.end, BLOCK_LABELS[block.label]) for block in page.blocks]
        if [(block.start, block.end, block.label) for block in standoff.blocks] != blocks:
            yield "standoff", "its blocks are not those of the row in pages"
        yield from _check_words(standoff, page.text)
    if state != "none":
        yield from _compare(standoff, document)


def _check_words(standoff: Standoff, text: str) -> Iterator[Broken]:
    """Surfaces are left out in a stand-off; where one stands, it is what the page says."""
    for item in standoff.items:
        yield from _check_name(item)
        for (start, end), surface in _surfaces(item):
            if not 0 <= start < end <= len(text):
                yield "standoff", f"{item.id}: [{start}, {end}) does not lie in the page text"
            elif surface is not None and surface != text[start:end]:
                found = shown(text[start:end])
                yield "standoff", f"{item.id} is {found} in the page text, not {shown(surface)}"


def _compare(standoff: Standoff, document: DocumentRow) -> Iterator[Broken]:
    """Mentions and quotes are those of the row, moved from the page into the article."""

    def moved(start: int, end: int) -> _Span:
        for block in document.blocks:
            shift = block.start - block.page_start
            if block.start <= start + shift and end + shift <= block.end:
                return start + shift, end + shift
        return -1, -1  # it lies in no block of the article

    def part(span: Part | None) -> _Span | None:
        return None if span is None else moved(span.start, span.end)

    mentions = {
        m.id: (*moved(m.start, m.end), m.name_end - m.start, m.label) for m in standoff.mentions
    }
    entities = {
        e.id: (e.start, e.end, e.name_end - e.start, ENTITY_LABELS[e.label])
        for e in document.entities or ()
    }
    yield from _differences("mention", mentions, entities)
    said = {
        q.id: (
            [moved(span.start, span.end) for span in q.content],
            part(q.cue),
            part(q.speaker),
            (q.kind, q.marking, q.medium, q.speaker_mention),
        )
        for q in standoff.quotes
    }
    quotes = {
        q.id: (
            [(span.start, span.end) for span in q.content],
            (q.cue.start, q.cue.end) if q.cue else None,
            (q.speaker.start, q.speaker.end) if q.speaker else None,
            (
                QUOTE_KINDS[q.kind],
                QUOTE_MARKINGS[q.marking],
                QUOTE_MEDIA[q.medium],
                q.speaker_mention,
            ),
        )
        for q in document.quotes or ()
    }
    yield from _differences("quote", said, quotes)


def _differences(
    name: str, stated: Mapping[str, object], rows: Mapping[str, object]
) -> Iterator[Broken]:
    for one in sorted(stated.keys() | rows.keys()):
        if one not in rows:
            yield "standoff", f"{name} {one} stands in no row of documents"
        elif one not in stated:
            yield "standoff", f"{name} {one} of the row in documents is not here"
        elif stated[one] != rows[one]:
            yield "standoff", f"{name} {one} is {stated[one]} here, {rows[one]} in documents"
