"""The way back from doccano: entities and relations of one record to mentions, quotes, blocks.

Offsets are UTF-16 code units, as doccano counts.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import msgspec

from khobor.annotations.files import line_order
from khobor.formats.identities import Place, fresh_ids, known_again
from khobor.formats.interface import BlockSpan, Claim, FormatError, Returned, Sheet
from khobor.records import (
    BLOCK_LABELS,
    ENTITY_LABELS,
    QUOTE_KINDS,
    QUOTE_MARKINGS,
    QUOTE_MEDIA,
    Mention,
    Part,
    Quote,
)

FILE = "doccano.jsonl"
MENTION, QUOTE, BLOCK = "mention", "quote", "block"  # families of items
ENDING = "ENDING"
CONTINUES, CUE, SPEAKER, QUOTED = "continues", "cue", "speaker", "quoted"
SPEAKER_MENTION = "speaker mention"
# Relation → label of the span that it leads to; a mention's stands for any entity label.
RELATIONS = {
    CONTINUES: "CONTENT",
    CUE: "CUE",
    SPEAKER: "SPEAKER",
    QUOTED: "QUOTED",
    SPEAKER_MENTION: "PER",
}
_PARTS = ("CONTENT", "CUE", "SPEAKER", "QUOTED")
_HEADS = {
    "·".join(("CONTENT", *attributes)): attributes
    for attributes in itertools.product(QUOTE_KINDS, QUOTE_MARKINGS, QUOTE_MEDIA)
}
LABELS = (*ENTITY_LABELS, ENDING, *_PARTS, *_HEADS, *BLOCK_LABELS)
# JavaScript counts no further, and a text is far shorter.
_Count = Annotated[int, msgspec.Meta(ge=0, lt=2**53)]


class _Entity(msgspec.Struct, frozen=True):
    id: _Count
    label: str
    start_offset: _Count
    end_offset: _Count

    @property
    def place(self) -> Place:
        return self.start_offset, self.end_offset, self.label

    @property
    def part(self) -> Part:
        return Part(self.start_offset, self.end_offset)

    def __str__(self) -> str:
        return f"{self.label} at [{self.start_offset}, {self.end_offset})"


class _Relation(msgspec.Struct, frozen=True):
    from_id: _Count
    to_id: _Count
    type: str


class _Record(msgspec.Struct, frozen=True):
    text: str
    entities: tuple[_Entity, ...]
    relations: tuple[_Relation, ...]


def head_label(quote: Quote) -> str:
    """Make the label of a quote's first content."""
    return "·".join(("CONTENT", quote.kind, quote.marking, quote.medium))


def name_ends(mentions: list[tuple[int, int]], endings: set[tuple[int, int]]) -> list[int]:
    """Turn mentions' spans into the ends of their bare names.

    An ending belongs to every mention that ends with it and begins before it; of several the
    longest counts.
    """
    starts: dict[int, list[int]] = {}
    for start, end in sorted(endings):
        starts.setdefault(end, []).append(start)
    return [
        next((ending for ending in starts.get(end, ()) if ending > start), end)
        for start, end in mentions
    ]


def read(returned: Returned, ids: Mapping[str, str]) -> Claim:
    """Turn a record of doccano into what it claims; raise FormatError with file and line."""
    where = returned.where
    try:
        record = msgspec.json.decode(returned.files[FILE], type=_Record)
    except (ValueError, RecursionError) as error:
        raise FormatError(
            f"no record with entities and relations ({error})",
            where=where,
            fix="export from doccano as JSONL(relation)",
        ) from error
    by_id = {entity.id: entity for entity in record.entities}
    _check_entities(record.entities, by_id, where)
    taken = {*ids.values()}
    mentions = _mentions(record, ids, taken, where)
    quotes = _quotes(record, by_id, mentions, ids, taken, where)
    found = [entity for entity in record.entities if entity.label in BLOCK_LABELS]
    blocks = [
        BlockSpan(ours, entity.start_offset, entity.end_offset, _any(entity.label))
        for entity, ours in _identified(BLOCK, "b", found, ids, taken)
    ]
    sheet = Sheet(
        returned.doc_id,
        record.text,
        tuple(sorted(mentions.values(), key=line_order)),
        tuple(sorted(quotes, key=line_order)),
        tuple(sorted(blocks, key=lambda block: (block.start, block.end, block.id))),
    )
    return Claim("utf-16", record.text, sheet)


def _check_entities(
    entities: tuple[_Entity, ...], by_id: Mapping[int, _Entity], where: str
) -> None:
    if len(by_id) != len(entities):
        raise FormatError(
            "two entities have one id", where=where, fix="export from doccano once more"
        )
    for entity in entities:
        if entity.label not in LABELS:
            raise FormatError(
                f"{entity!s}: no such label",
                where=where,
                fix="relabel it in doccano with a label of doccano-spans.json",
            )


def _any(label: str) -> Any:
    """Let a label pass that was looked up among those of its enumeration."""
    return label


def _identified(
    family: str, prefix: str, found: list[_Entity], ids: Mapping[str, str], taken: set[str]
) -> Iterable[tuple[_Entity, str]]:
    """Give entities our ids, fresh ones to new items."""
    fresh = fresh_ids(prefix, taken)
    for entity, ours in zip(
        found, known_again(family, [entity.place for entity in found], ids), strict=True
    ):
        name = ours or next(fresh)
        taken.add(name)
        yield entity, name


def _mentions(
    record: _Record, ids: Mapping[str, str], taken: set[str], where: str
) -> dict[int, Mention]:
    """Turn entities with entity labels into mentions by doccano's id."""
    found = [entity for entity in record.entities if entity.label in ENTITY_LABELS]
    endings = [entity for entity in record.entities if entity.label == ENDING]
    spans = [(entity.start_offset, entity.end_offset) for entity in found]
    for ending in endings:
        if not any(
            start < ending.start_offset and end == ending.end_offset for start, end in spans
        ):
            raise FormatError(
                f"{ending!s} is the ending of no mention",
                where=where,
                fix="an ending lies inside a mention and ends where it ends: delete it in "
                "doccano, or mark name and ending as the mention",
            )
    ends = name_ends(spans, {(ending.start_offset, ending.end_offset) for ending in endings})
    return {
        entity.id: Mention(
            ours, entity.start_offset, entity.end_offset, name_end, _any(entity.label)
        )
        for (entity, ours), name_end in zip(
            _identified(MENTION, "e", found, ids, taken), ends, strict=True
        )
    }


def _quotes(
    record: _Record,
    by_id: Mapping[int, _Entity],
    mentions: Mapping[int, Mention],
    ids: Mapping[str, str],
    taken: set[str],
    where: str,
) -> list[Quote]:
    led_to: dict[int, dict[str, list[int]]] = {}
    reached: set[int] = set()
    for relation in record.relations:
        _check_relation(relation, by_id, where)
        led_to.setdefault(relation.from_id, {}).setdefault(relation.type, []).append(relation.to_id)
        reached.add(relation.to_id)
    for entity in record.entities:
        if entity.label in _PARTS and entity.id not in reached:
            raise FormatError(
                f"{entity!s} belongs to no quote",
                where=where,
                fix="draw a relation in doccano from the quote's content to it"
                + (
                    ", or say what quote it is: CONTENT·direct·marked·speech"
                    if entity.label == "CONTENT"
                    else ""
                ),
            )
    heads = [entity for entity in record.entities if entity.label in _HEADS]
    return [
        _quote(ours, head, led_to.get(head.id, {}), by_id, mentions, where)
        for head, ours in _identified(QUOTE, "q", heads, ids, taken)
    ]


def _check_relation(relation: _Relation, by_id: Mapping[int, _Entity], where: str) -> None:
    head, other = by_id.get(relation.from_id), by_id.get(relation.to_id)
    if head is None or other is None:
        raise FormatError(
            f"a relation {relation.type!r} from {relation.from_id} to {relation.to_id} leads to "
            "no entity",
            where=where,
            fix="delete it in doccano",
        )
    fits = relation.type in RELATIONS and (
        other.label in ENTITY_LABELS
        if relation.type == SPEAKER_MENTION
        else other.label == RELATIONS[relation.type]
    )
    if head.label not in _HEADS or not fits:
        raise FormatError(
            f"a relation {relation.type!r} leads from {head!s} to {other!s}",
            where=where,
            fix="expected from a CONTENT·… to what the relation is called: "
            + ", ".join(f"{kind} → {label}" for kind, label in RELATIONS.items()),
        )


def _quote(
    ours: str,
    head: _Entity,
    led_to: Mapping[str, list[int]],
    by_id: Mapping[int, _Entity],
    mentions: Mapping[int, Mention],
    where: str,
) -> Quote:
    def parts(kind: str) -> list[Part]:
        found = {other: by_id[other].part for other in led_to.get(kind, ())}
        return list(found.values())

    def single(kind: str) -> Part | None:
        found = parts(kind)
        if len(found) > 1:
            raise _too_many(head, kind, where)
        return found[0] if found else None

    named = [mentions[other].id for other in dict.fromkeys(led_to.get(SPEAKER_MENTION, ()))]
    if len(named) > 1:
        raise _too_many(head, SPEAKER_MENTION, where)
    kind, marking, medium = _HEADS[head.label]
    return Quote(
        id=ours,
        content=tuple(sorted([head.part, *parts(CONTINUES)], key=_part_order)),
        kind=_any(kind),
        marking=_any(marking),
        medium=_any(medium),
        cue=single(CUE),
        speaker=single(SPEAKER),
        speaker_mention=named[0] if named else None,
        quoted=tuple(sorted(parts(QUOTED), key=_part_order)),
    )


def _too_many(head: _Entity, kind: str, where: str) -> FormatError:
    return FormatError(
        f"{head!s} has more than one relation {kind!r}",
        where=where,
        fix="delete all but one in doccano; of joint speakers link the first named",
    )


def _part_order(part: Part) -> tuple[int, int]:
    return part.start, part.end
