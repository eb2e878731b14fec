"""doccano JSONL with relations, both ways. doccano counts UTF-16 code units.

Verified by importing into and exporting from doccano 1.8.4 (a sequence labelling project with
"Use relation labeling" and "Allow overlapping spans"; import and export format JSONL(relation)):

- Offsets are stored and given back as they are, and its annotation view counts as JavaScript does
  (doccano issue 2290; for files that count otherwise there is --unit). With "Count
  grapheme clusters as one character" it counts neither: leave that off.
- Entities and relations get new ids, and fields of an entity beyond its span and label are
  dropped: notes and ids cannot travel. Items are known again by span and label.
- Other fields of a record become its meta data and come back; doc_id is one.
- Encoding "Auto" reads raw Bengali wrongly, so the file is pure ASCII (JSON escapes).

A quote's first content is labelled `CONTENT·kind·marking·medium`, and relations lead from it to
its other parts: so what is selected and relabelled in doccano is all there is. The glued ending of
a name is a span ENDING that ends where the mention ends.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from khobor.annotations.files import line_order
from khobor.formats.colours import COLOURS
from khobor.formats.doccano_reader import (
    BLOCK,
    CONTINUES,
    CUE,
    ENDING,
    FILE,
    LABELS,
    MENTION,
    QUOTE,
    QUOTED,
    RELATIONS,
    SPEAKER,
    SPEAKER_MENTION,
    head_label,
    name_ends,
    read,
)
from khobor.formats.identities import places_key
from khobor.formats.interface import Codec, FormatError, Returned, Sheet, Written
from khobor.formats.units import outward_sheet
from khobor.jsonl import MAX_LINE_BYTES
from khobor.records import DocId, Mention, Part, Quote

# doccano refuses two labels with one key.
_KEYS = {"PER": "p", "ORG": "o", "GPE": "g", "LOC": "l", "PRODUCT": "r", "WORK": "w", "EVENT": "e",
         "NORP": "n", "DATE": "d", "TIME": "t", "NUM": "u", "CONTENT": "c", "CUE": "k",
         "SPEAKER": "s", "QUOTED": "q", "ENDING": "z"}  # fmt: skip


class _Rows:
    """The entities and relations of a record while it is written, numbered from 1."""

    def __init__(self) -> None:
        self.entities: list[dict[str, int | str]] = []
        self.relations: list[dict[str, int | str]] = []
        self.ids: dict[str, str] = {}

    def span(self, part: Part | Mention, label: str, family: str = "", ours: str = "") -> int:
        """Add a span, with our id where it stands for an item; return its number."""
        return self.place(part.start, part.end, label, family, ours)

    def place(self, start: int, end: int, label: str, family: str = "", ours: str = "") -> int:
        """Add a span by its offsets."""
        number = len(self.entities) + 1
        self.entities.append(
            {"id": number, "label": label, "start_offset": start, "end_offset": end}
        )
        if family:
            self.ids[places_key(family, number, (start, end, label))] = ours
        return number

    def relate(self, head: int, other: int, kind: str) -> None:
        """Add a relation from a quote's first content."""
        number = len(self.relations) + 1
        self.relations.append({"id": number, "from_id": head, "to_id": other, "type": kind})


def write(sheet: Sheet) -> Written:
    """Turn a sheet into its line of a doccano import."""
    there = outward_sheet(restrict(sheet), "utf-16")
    rows = _Rows()
    numbers = {m.id: rows.span(m, m.label, MENTION, m.id) for m in there.mentions}
    for start, end in sorted({(m.name_end, m.end) for m in there.mentions if m.name_end < m.end}):
        rows.place(start, end, ENDING)
    for quote in there.quotes:
        _write_quote(rows, quote, numbers)
    for block in there.blocks:
        rows.place(block.start, block.end, block.label, BLOCK, block.id)
    record = {
        "text": sheet.text,
        "doc_id": sheet.doc_id,
        "entities": rows.entities,
        "relations": rows.relations,
    }
    line = json.dumps(record, ensure_ascii=True, separators=(",", ":")) + "\n"
    return Written(sheet.doc_id, {FILE: line.encode("ascii")}, rows.ids)


def _write_quote(rows: _Rows, quote: Quote, numbers: Mapping[str, int]) -> None:
    head = rows.span(quote.content[0], head_label(quote), QUOTE, quote.id)
    for part in quote.content[1:]:
        rows.relate(head, rows.span(part, "CONTENT"), CONTINUES)
    for single, label, kind in ((quote.cue, "CUE", CUE), (quote.speaker, "SPEAKER", SPEAKER)):
        if single is not None:
            rows.relate(head, rows.span(single, label), kind)
    for part in quote.quoted:
        rows.relate(head, rows.span(part, "QUOTED"), QUOTED)
    if quote.speaker_mention is not None:
        rows.relate(head, numbers[quote.speaker_mention], SPEAKER_MENTION)


def restrict(sheet: Sheet) -> Sheet:
    """Turn a sheet into what doccano can hold of it: all but notes.

    An ending is left out where mentions end together and it would be read as another's; a
    speaker's mention where the sheet has no such mention; a quote where it has no content.
    """
    held = msgspec.structs.replace
    endings = {(m.name_end, m.end) for m in sheet.mentions if m.name_end < m.end}
    read_so = name_ends([(m.start, m.end) for m in sheet.mentions], endings)
    wrong = {m.end for m, there in zip(sheet.mentions, read_so, strict=True) if there != m.name_end}
    ids = {mention.id for mention in sheet.mentions}
    mentions = (
        held(m, note=None, name_end=m.end if m.end in wrong else m.name_end) for m in sheet.mentions
    )
    quotes = (
        held(
            q,
            note=None,
            content=tuple(sorted(q.content, key=_place)),
            quoted=tuple(sorted(q.quoted, key=_place)),
            speaker_mention=q.speaker_mention if q.speaker_mention in ids else None,
        )
        for q in sheet.quotes
        if q.content
    )
    return held(
        sheet,
        mentions=tuple(sorted(mentions, key=line_order)),
        quotes=tuple(sorted(quotes, key=line_order)),
    )


def _place(part: Part) -> tuple[int, int]:
    return part.start, part.end


class _Named(msgspec.Struct, frozen=True):
    """Which document a record is; whatever else it holds is read later."""

    doc_id: DocId


def split(files: Mapping[str, bytes]) -> Iterator[Returned]:
    """Turn the .jsonl files that doccano exported (all.jsonl, admin.jsonl) into their records."""
    seen: dict[str, str] = {}
    for name in sorted(files):
        if not name.lower().endswith(".jsonl"):
            continue
        for number, line in enumerate(files[name].split(b"\n"), 1):
            if not line.strip():
                continue
            where = f"{name}:{number}"
            doc_id = _doc_id(line, where)
            if doc_id in seen:
                raise FormatError(
                    f"{doc_id} stands at {seen[doc_id]} already",
                    where=where,
                    fix="import the export of one annotator at a time",
                )
            seen[doc_id] = where
            yield Returned(doc_id, where, {FILE: line})


def _doc_id(line: bytes, where: str) -> str:
    if len(line) > MAX_LINE_BYTES:
        raise FormatError(
            f"the record is longer than {MAX_LINE_BYTES:,} bytes",
            where=where,
            fix="expected one document a line",
        )
    try:
        return msgspec.json.decode(line, type=_Named).doc_id
    except (ValueError, RecursionError) as error:
        raise FormatError(
            f"no record of doccano with a doc_id ({error})",
            where=where,
            fix="export from doccano as JSONL(relation), with the meta data that was imported",
        ) from error


def join(written: Sequence[Written]) -> dict[str, bytes]:
    """Put the lines of all documents into one file."""
    return {FILE: b"".join(one.files[FILE] for one in written)}


def shared() -> dict[str, bytes]:
    """Make the files that doccano's Labels page imports: tab Span, then tab Relation."""
    spans = [_label(label, COLOURS[label.split("·")[0]]) for label in LABELS]
    relations = [_label(kind, COLOURS[label]) for kind, label in RELATIONS.items()]
    return {"doccano-spans.json": _pretty(spans), "doccano-relations.json": _pretty(relations)}


def _label(text: str, colour: str) -> dict[str, str | None]:
    """Turn a label into doccano's label type; its keys are camel case in such files."""
    return {
        "text": text,
        "prefixKey": None,
        "suffixKey": _KEYS.get(text),
        "backgroundColor": colour,
        "textColor": _readable_on(colour),
    }


def _readable_on(colour: str) -> str:
    """Choose black or white by the luma of ITU-R BT.601."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#000000" if 0.299 * red + 0.587 * green + 0.114 * blue > 140 else "#ffffff"


def _pretty(labels: list[dict[str, str | None]]) -> bytes:
    return (json.dumps(labels, ensure_ascii=True, indent=1) + "\n").encode("ascii")


CODEC = Codec("doccano", write, split, read, restrict, join, shared)
