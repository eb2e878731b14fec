"""Annotations for the tests of scores: one document of 200 code points, nothing in files."""

from __future__ import annotations

from typing import Any

import msgspec

from khobor.records import Annotation, Mention, Part, Quote

SHA = "0" * 64


def mention(
    start: int, end: int, label: Any = "PER", name_end: int | None = None, *, id_: str = ""
) -> Mention:
    """A mention; without `name_end` the bare name is all of it."""
    return Mention(id_ or f"e{start}", start, end, name_end or end, label)


def quote(*content: tuple[int, int], **fields: Any) -> Quote:
    """A bare indirect quote; `cue` and `speaker` are (start, end) or None."""
    values: dict[str, Any] = {"kind": "indirect", "marking": "bare", "medium": "speech"}
    for name in ("cue", "speaker"):
        span = fields.pop(name, None)
        values[name] = Part(*span) if span else None
    number = fields.pop("id", f"q{content[0][0]}")
    return Quote(number, tuple(Part(*span) for span in content), **(values | fields))


def annotation(*things: Mention | Quote, doc_id: str = "d1", **fields: Any) -> Annotation:
    """A finished annotation of mentions and quotes."""
    made = Annotation(
        doc_id,
        SHA,
        "x",
        "1.0",
        "complete",
        tuple(thing for thing in things if isinstance(thing, Mention)),
        tuple(thing for thing in things if isinstance(thing, Quote)),
    )
    return msgspec.structs.replace(made, **fields)


def shifted(made: Annotation, by: int) -> Annotation:
    """The same annotation with every offset moved on."""

    def part(span: Part | None) -> Part | None:
        return None if span is None else Part(span.start + by, span.end + by)

    return msgspec.structs.replace(
        made,
        mentions=tuple(
            msgspec.structs.replace(
                m, start=m.start + by, end=m.end + by, name_end=m.name_end + by, surface=None
            )
            for m in made.mentions
        ),
        quotes=tuple(
            msgspec.structs.replace(
                q,
                content=tuple(Part(p.start + by, p.end + by) for p in q.content),
                quoted=tuple(Part(p.start + by, p.end + by) for p in q.quoted),
                cue=part(q.cue),
                speaker=part(q.speaker),
            )
            for q in made.quotes
        ),
    )
