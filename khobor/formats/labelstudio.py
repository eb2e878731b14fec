"""Label Studio's full JSON, both ways. Label Studio counts code points.

The format is https://labelstud.io/guide/export ("Label Studio JSON format of annotated tasks"),
and what Label Studio 1.23.2 was seen to do with it:

- `data` comes back as it was, and so does `result` where nobody opened the task; where somebody
  did, untouched regions keep id, span and place. The server checks nothing, so the reader does.
- A region drawn over a line end has backslash and n in its `value.text`.
- JSON-MIN, CSV and CoNLL exports drop relations; old versions counted UTF-16 (import with --unit).
- A relation that leads to no region breaks the page of the task: none is ever written.
- One annotation a task: of two the page shows the last.

Each item is one region, with its own id: a mention, the first content of a quote, a block. The
other parts of a quote are regions `_q1-cue`, `_q1-content-2`, to which relations lead from the first
content; kind, marking and medium are choices of it. A name's glued ending is text of its region.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from khobor.annotations.files import line_order
from khobor.formats.interface import BlockSpan, Codec, Sheet, Written
from khobor.formats.labelstudio_config import (
    BLOCK,
    CONTENT,
    CUE,
    ENDING,
    ENTITY,
    KIND,
    MARKING,
    MEDIUM,
    NOTE,
    PART,
    QUOTED,
    SPEAKER,
    TEXT,
    TO_CONTENT,
    TO_CUE,
    TO_MENTION,
    TO_QUOTED,
    TO_SPEAKER,
    shared,
)
from khobor.formats.labelstudio_reader import place_order, read
from khobor.formats.labelstudio_tasks import not_read, split
from khobor.formats.losses import items_of
from khobor.records import Mention, Part, Quote

FILE = "labelstudio.json"

# What a task's `result` is made of, and what has a place in the text.
_Row = dict[str, object]
_Spanned = Part | Mention | BlockSpan


def write(sheet: Sheet) -> Written:
    """Turn a sheet into a task with one annotation; with none where nothing is annotated yet.

    A task without an annotation is one that Label Studio offers for labelling.
    """
    held = restrict(sheet)
    rows = [
        *(row for mention in held.mentions for row in _mention_rows(mention, held.text)),
        *(row for quote in held.quotes for row in _quote_rows(quote, held.text)),
        *(_region(block.id, block, held.text, BLOCK, block.label) for block in held.blocks),
        *(row for quote in held.quotes for row in _relation_rows(quote)),
    ]
    data = _json({TEXT: sheet.text, "doc_id": sheet.doc_id})
    lines = b",\n  ".join(map(_json, rows))
    annotations = b'[{"result": [\n  ' + lines + b"\n ]}]" if rows else b"[]"
    task = b'{"data": ' + data + b',\n "annotations": ' + annotations + b"}"
    # Items alone: a region of another id is new, or a further part of a quote.
    ids = {name: name for name in items_of(held)}
    return Written(sheet.doc_id, {f"{sheet.doc_id}.json": task}, ids)


def _json(value: object) -> bytes:
    return msgspec.json.encode(value)


def _region(name: str, span: _Spanned, text: str, control: str, label: str) -> _Row:
    surface = text[span.start : span.end]
    return _row(name, span, control, "labels", {TEXT: surface, "labels": [label]})


def _row(name: str, span: _Spanned, control: str, kind: str, value: _Row) -> _Row:
    return {
        "id": name,
        "from_name": control,
        "to_name": TEXT,
        "type": kind,
        "value": {"start": span.start, "end": span.end, **value},
    }


def _mention_rows(mention: Mention, text: str) -> Iterator[_Row]:
    yield _region(mention.id, mention, text, ENTITY, mention.label)
    if mention.name_end < mention.end:
        ending = text[mention.name_end : mention.end]
        yield _row(mention.id, mention, ENDING, "textarea", {TEXT: [ending]})
    if mention.note is not None:
        yield _row(mention.id, mention, NOTE, "textarea", {TEXT: [mention.note]})


def _quote_rows(quote: Quote, text: str) -> Iterator[_Row]:
    head = quote.content[0]
    surface = text[head.start : head.end]
    for name, part, label, _ in _parts(quote):
        yield _region(name, part, text, PART, label)
    for control, choice in ((KIND, quote.kind), (MARKING, quote.marking), (MEDIUM, quote.medium)):
        yield _row(quote.id, head, control, "choices", {TEXT: surface, "choices": [choice]})
    if quote.note is not None:
        yield _row(quote.id, head, NOTE, "textarea", {TEXT: [quote.note]})


def _relation_rows(quote: Quote) -> Iterator[_Row]:
    ends = [(name, relation) for name, _, _, relation in _parts(quote) if name != quote.id]
    if quote.speaker_mention is not None:
        ends.append((quote.speaker_mention, TO_MENTION))
    for name, relation in ends:
        yield {
            "from_id": quote.id,
            "to_id": name,
            "type": "relation",
            "direction": "right",
            "labels": [relation],
        }


def _parts(quote: Quote) -> Iterator[tuple[str, Part, str, str]]:
    """List (region id, part, label, relation).

    No item's id begins with _, so none is taken; other marks would keep a region uncoloured, since
    the id stands in a selector of the page's style.
    """
    for number, part in enumerate(quote.content, 1):
        name = quote.id if number == 1 else f"_{quote.id}-content-{number}"
        yield name, part, CONTENT, TO_CONTENT
    if quote.cue is not None:
        yield f"_{quote.id}-cue", quote.cue, CUE, TO_CUE
    if quote.speaker is not None:
        yield f"_{quote.id}-speaker", quote.speaker, SPEAKER, TO_SPEAKER
    for number, part in enumerate(quote.quoted, 1):
        yield f"_{quote.id}-quoted-{number}", part, QUOTED, TO_QUOTED


def restrict(sheet: Sheet) -> Sheet:
    """Turn a sheet into what Label Studio can hold of it: all but what says nothing.

    Left out are an empty note, a quote without content, and a speaker's mention that the sheet
    has not (its relation would lead nowhere). Parts come back in the order of the text.
    """
    ids = {mention.id for mention in sheet.mentions}
    replace = msgspec.structs.replace
    mentions = (replace(mention, note=mention.note or None) for mention in sheet.mentions)
    quotes = (
        replace(
            quote,
            note=quote.note or None,
            content=tuple(sorted(quote.content, key=place_order)),
            quoted=tuple(sorted(quote.quoted, key=place_order)),
            speaker_mention=quote.speaker_mention if quote.speaker_mention in ids else None,
        )
        for quote in sheet.quotes
        if quote.content
    )
    return replace(
        sheet,
        mentions=tuple(sorted(mentions, key=line_order)),
        quotes=tuple(sorted(quotes, key=line_order)),
        blocks=tuple(sorted(sheet.blocks, key=place_order)),
    )


def join(written: Sequence[Written]) -> dict[str, bytes]:
    """Put the tasks of all documents into the one list that Label Studio imports."""
    tasks = (task for one in written for task in one.files.values())
    return {FILE: b"[\n" + b",\n".join(tasks) + b"\n]\n"}


CODEC = Codec("labelstudio", write, split, read, restrict, join, shared, not_read)
