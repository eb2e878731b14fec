"""From a brat .ann to what it claims of its text. Unit: code points of the .txt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, get_args

from khobor.annotations.files import line_order
from khobor.formats.brat_conf import (
    CONTENT,
    CUE,
    ENDING,
    ENDING_LENGTH,
    ENDING_LENGTHS,
    MENTION_VALUES,
    PART_TYPES,
    QUOTE,
    QUOTE_VALUES,
    QUOTED,
    SPEAKER,
    SPEAKER_MENTION,
)
from khobor.formats.brat_lines import AnnFile, EventLine, SpanLine, only_broken, parse
from khobor.formats.interface import BlockSpan, Claim, FormatError, Returned, Sheet, Unit
from khobor.formats.units import Offsets, offsets_of
from khobor.records import BLOCK_LABELS, ENTITY_LABELS, Mention, Part, Quote

Named = Callable[[str, str], str]  # brat's id, and the letter of a fresh one, to ours


def read(returned: Returned, ids: Mapping[str, str]) -> Claim:
    """Turn a document's files into what they claim of its text.

    Raises FormatError where the .ann is not brat's, says something that a sheet has no place
    for, or is empty though items were exported: brat begins with an empty .ann, so nobody can
    tell one that was lost from one in which all was deleted.
    """
    texts = {name[-4:]: _decoded(content, where=name) for name, content in returned.files.items()}
    text, content = texts[".txt"], texts[".ann"]
    if ids and not content.strip():
        raise FormatError(
            f"it is empty, but {len(ids)} items were exported",
            where=returned.where,
            fix="leave the document out if nobody worked on it, else restore the file",
        )
    file = parse(content, text, where=returned.where)
    offsets = _offsets_that_fit(file, text)
    named = _namer(ids)
    _check_targets(file)
    mentions = _mentions(file, text, offsets, named)
    sheet = Sheet(
        returned.doc_id,
        text,
        tuple(sorted(mentions.values(), key=line_order)),
        tuple(sorted(_quotes(file, text, offsets, named, mentions), key=line_order)),
        tuple(_blocks(file, text, offsets, named)),
    )
    if sheet.blocks and (sheet.mentions or sheet.quotes):
        raise FormatError(
            "it holds blocks, and mentions or quotes",
            where=returned.where,
            fix="blocks stand in an export of whole pages, mentions and quotes in one of articles",
        )
    return Claim("code points", text, sheet)


def _decoded(content: bytes, *, where: str) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise FormatError(
            f"byte {error.start} is not UTF-8", where=where, fix="save the file as UTF-8"
        ) from None


def _namer(ids: Mapping[str, str]) -> Named:
    taken = set(ids.values())
    counts: dict[str, int] = {}

    def named(theirs: str, letter: str) -> str:
        if theirs in ids:
            return ids[theirs]
        while True:
            counts[letter] = counts.get(letter, 0) + 1
            fresh = f"{letter}{counts[letter]}"
            if fresh not in taken:
                return fresh

    return named


# --- spans --------------------------------------------------------------------------------------


def _offsets_that_fit(file: AnnFile, text: str) -> Offsets:
    """Find the unit in which all words of the file stand at their spans; else code points.

    It only tells how to cut the words of fragments: settle() decides what the offsets count.
    """
    for unit in get_args(Unit):
        offsets = offsets_of(text, unit)
        if all(_fits(span, text, offsets.inward) for span in file.spans.values()):
            return offsets
    return offsets_of(text, "code points")


def _fits(span: SpanLine, text: str, at: Mapping[int, int]) -> bool:
    pairs = [(at.get(start), at.get(end)) for start, end in span.fragments]
    known = [(start, end) for start, end in pairs if start is not None and end is not None]
    if len(known) < len(pairs) or span.words is None:
        return len(known) == len(pairs)
    size = sum(end - start for start, end in known) + len(known) - 1
    return size == len(span.words) and span.words == " ".join(text[a:b] for a, b in known)


def _parts(span: SpanLine, text: str, offsets: Offsets) -> list[Part]:
    """Turn a T line into its parts: fragments that only a line break parts are one."""
    at = offsets.inward
    groups: list[list[tuple[int, int, str | None]]] = []
    for start, end, words in sorted(_claimed(span, at), key=lambda fragment: fragment[:2]):
        before = at.get(groups[-1][-1][1]) if groups else None
        here = at.get(start)
        if before is not None and here is not None and only_broken(text[before:here]):
            groups[-1].append((start, end, words))
        else:
            groups.append([(start, end, words)])
    return [_joined(group, text, at) for group in groups]


def _claimed(span: SpanLine, at: Mapping[int, int]) -> Iterator[tuple[int, int, str | None]]:
    """List the fragments of a T line with their words, which spaces part; the last has the rest."""
    position = 0
    last = len(span.fragments) - 1
    for number, (start, end) in enumerate(span.fragments):
        size = at[end] - at[start] if start in at and end in at else end - start
        following = None if number == last else position + max(size, 0)
        yield start, end, None if span.words is None else span.words[position:following]
        position = (following or 0) + 1


def _joined(group: list[tuple[int, int, str | None]], text: str, at: Mapping[int, int]) -> Part:
    start, end = group[0][0], group[-1][1]
    if any(words is None for _, _, words in group):
        return Part(start, end)
    claimed = " ".join(words or "" for _, _, words in group)
    found = [text[at[a] : at[b]] for a, b, _ in group if a in at and b in at]
    # brat shows a space where the line breaks; the words are the text's.
    same = len(group) > 1 and found == [words for _, _, words in group]
    return Part(start, end, text[at[start] : at[end]] if same else claimed)


def _single(file: AnnFile, name: str, text: str, offsets: Offsets) -> Part:
    span = file.spans[name]
    parts = _parts(span, text, offsets)
    if len(parts) > 1 and not _fits(span, text, offsets.inward):
        # What lies between the pieces is not the text that they were cut from: settle() says so.
        return Part(parts[0].start, parts[-1].end, span.words)
    if len(parts) > 1:
        raise file.error(
            span.line,
            f"{name}, a {span.label}, is in {len(parts)} pieces",
            "give it one stretch of text, or make two of it",
        )
    return parts[0]


# --- items --------------------------------------------------------------------------------------


def _check_targets(file: AnnFile) -> None:
    """Raise FormatError where a line speaks of something that is not there or cannot have it."""
    for name, span in file.spans.items():
        if span.label not in (QUOTE, *PART_TYPES, *ENTITY_LABELS, *BLOCK_LABELS):
            raise file.error(
                span.line, f"{name} is a {span.label[:40]!r}", "choose a type of annotation.conf"
            )
    allowed: dict[str, dict[str, tuple[str, ...]]] = {
        name: MENTION_VALUES for name, span in file.spans.items() if span.label in ENTITY_LABELS
    } | dict.fromkeys(file.events, QUOTE_VALUES)
    for target, values in file.attributes.items():
        for attribute, value in values.items():
            if attribute not in allowed.get(target, {}):
                raise file.error(
                    value.line, f"no place for {attribute[:40]} of {target}", "delete it"
                )
    for target, note in file.notes.items():
        if target not in allowed:
            raise file.error(
                note.line,
                f"no place for a note on {target}",
                "put it on an entity or a quote",
            )


def _mentions(file: AnnFile, text: str, offsets: Offsets, named: Named) -> dict[str, Mention]:
    mentions = {}
    for name, span in file.spans.items():
        if span.label in ENTITY_LABELS:
            part = _single(file, name, text, offsets)
            label: Any = span.label
            mentions[name] = Mention(
                id=named(name, "e"),
                start=part.start,
                end=part.end,
                name_end=_name_end(file, name, part, text, offsets),
                label=label,
                surface=part.surface,
                note=_note(file, name),
            )
    return mentions


def _note(file: AnnFile, name: str) -> str | None:
    return (file.notes[name].value or None) if name in file.notes else None


def _name_end(file: AnnFile, name: str, part: Part, text: str, offsets: Offsets) -> int:
    """Turn the ending that is glued to a mention into the end of the bare name."""
    start, end = offsets.inward.get(part.start), offsets.inward.get(part.end)
    if start is None or end is None or part.surface not in (None, text[start:end]):
        return part.end  # settle() refuses the span
    surface = text[start:end]
    lengths = set()
    for attribute, given in file.attributes.get(name, {}).items():
        ending = given.value
        length = int(ending) if attribute == ENDING_LENGTH and ending in ENDING_LENGTHS else 0
        if attribute == ENDING and surface.endswith(ending):
            length = len(ending)
        if not 0 < length < len(surface):
            raise file.error(
                given.line,
                f"{name}: {ending[:40]!r} is not the {_ENDING_WORDS[attribute]} of {surface[:40]!r}",
                "choose the ending that is glued to the name, or none",
            )
        lengths.add(length)
    if len(lengths) > 1:
        raise file.error(
            file.spans[name].line,
            f"{ENDING} and {ENDING_LENGTH} of {name} differ",
            f"take {ENDING_LENGTH} out",
        )
    return offsets.outward[end - lengths.pop()] if lengths else part.end


_ENDING_WORDS = {ENDING: "end", ENDING_LENGTH: "length of an ending"}


def _blocks(file: AnnFile, text: str, offsets: Offsets, named: Named) -> list[BlockSpan]:
    blocks = []
    for name, span in file.spans.items():
        if span.label in BLOCK_LABELS:
            part = _single(file, name, text, offsets)
            label: Any = span.label
            blocks.append(BlockSpan(named(name, "b"), part.start, part.end, label))
    return sorted(blocks, key=lambda block: (block.start, -block.end, block.id))


def _quotes(
    file: AnnFile,
    text: str,
    offsets: Offsets,
    named: Named,
    mentions: Mapping[str, Mention],
) -> list[Quote]:
    used: set[str] = set()
    quotes = []
    for name, event in file.events.items():
        spans = _arguments(file, name, event)
        used.update(target for targets in spans.values() for target in targets)

        def single(target: str) -> Part:
            return _single(file, target, text, offsets)

        content = [
            *_parts(file.spans[event.trigger], text, offsets),
            *map(single, spans[CONTENT]),
        ]
        speaker_mention = spans[SPEAKER_MENTION]
        quotes.append(
            Quote(
                id=named(name, "q"),
                content=_sorted(content),
                cue=single(spans[CUE][0]) if spans[CUE] else None,
                speaker=single(spans[SPEAKER][0]) if spans[SPEAKER] else None,
                speaker_mention=mentions[speaker_mention[0]].id if speaker_mention else None,
                quoted=_sorted(list(map(single, spans[QUOTED]))),
                note=_note(file, name),
                **_values(file, name, event),
            )
        )
    _check_used(file, used)
    return quotes


def _sorted(parts: list[Part]) -> tuple[Part, ...]:
    return tuple(sorted(parts, key=lambda part: (part.start, part.end)))


_ROLE_TYPES = {
    QUOTE: (QUOTE,),
    CUE: (CUE,),
    SPEAKER: (SPEAKER,),
    SPEAKER_MENTION: ENTITY_LABELS,
    QUOTED: (QUOTED,),
    CONTENT: (CONTENT,),
}


def _arguments(file: AnnFile, name: str, event: EventLine) -> dict[str, list[str]]:
    """Turn an event into the T lines of each role, its trigger as that of Quote."""
    roles = {QUOTE: [event.trigger]} | event.roles
    for role, targets in roles.items():
        if role not in _ROLE_TYPES or (role == QUOTE and QUOTE in event.roles):
            raise file.error(event.line, f"{name} has no role {role[:40]}", "delete the arc")
        if len(targets) > 1 and role in (CUE, SPEAKER, SPEAKER_MENTION):
            raise file.error(
                event.line, f"{name} has {len(targets)} of {role}", "delete all arcs but one"
            )
        for target in targets:
            label = file.spans[target].label if target in file.spans else "missing"
            if label not in _ROLE_TYPES[role]:
                raise file.error(
                    event.line,
                    f"{role} of {name} is {target[:40]}, which is {label}",
                    f"expected a span of type {' or '.join(_ROLE_TYPES[role])}",
                )
    return {role: roles.get(role, []) for role in _ROLE_TYPES}


def _values(file: AnnFile, name: str, event: EventLine) -> dict[str, Any]:
    values = {}
    for attribute, choices in QUOTE_VALUES.items():
        given = file.attributes.get(name, {}).get(attribute)
        if given is None or given.value not in choices:
            raise file.error(
                given.line if given else event.line,
                f"{attribute} of {name} is {given.value[:40] if given else 'not chosen'}",
                f"choose one of {', '.join(choices)}",
            )
        values[attribute.lower()] = given.value
    return values


def _check_used(file: AnnFile, used: set[str]) -> None:
    for name, span in file.spans.items():
        if span.label in (QUOTE, *PART_TYPES) and name not in used:
            raise file.error(
                span.line,
                f"{name} is a {span.label} of no quote",
                "draw an arc from its quote to it, or delete it",
            )
