"""The way back from Label Studio: an annotation of a task to mentions, quotes and blocks.

Offsets are code points, as Label Studio counts; they are not believed before `settle` checks them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from khobor.annotations.files import line_order
from khobor.formats.identities import fresh_ids
from khobor.formats.interface import BlockSpan, Claim, FormatError, Returned, Sheet
from khobor.formats.labelstudio_config import (
    BLOCK,
    CHOICES,
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
    RELATIONS,
    SPEAKER,
    TO_CONTENT,
    TO_CUE,
    TO_MENTION,
    TO_QUOTED,
    TO_SPEAKER,
)
from khobor.formats.labelstudio_regions import Gathered, Link, Region, gather
from khobor.formats.labelstudio_tasks import chosen, read_task
from khobor.records import ItemId, Mention, Part, Quote

_PART_RELATIONS = {
    CONTENT: TO_CONTENT,
    CUE: TO_CUE,
    SPEAKER: TO_SPEAKER,
    QUOTED: TO_QUOTED,
}
# Label Studio's own id of a region that was drawn in it: nanoid of ten characters.
_DRAWN_LENGTH = 10


def read(returned: Returned, ids: Mapping[str, str]) -> Claim:
    """Turn a task into what its newest completed annotation claims.

    Raises FormatError, with file, task and region, for what the labeling configuration does not
    allow, for a part that belongs to no quote, and where the annotation is gone.
    """
    where = returned.where
    task = read_task(returned)
    annotation = chosen(task, where)
    if annotation is None and ids:
        raise FormatError(
            "the task came back without an annotation, and it had one",
            where=where,
            fix="submit an annotation in Label Studio, or leave the task out of the export",
        )
    rows = annotation.result if annotation else ()
    gathered = gather(rows, task.data.text, where)
    names = _Names(gathered.regions, ids)
    mentions = _mentions(gathered, names, where)
    quotes = _quotes(gathered, mentions, names, where)
    blocks = [
        BlockSpan(names.of([region], "b"), region.start, region.end, _any(region.labels[BLOCK]))
        for region in gathered.regions.values()
        if BLOCK in region.labels
    ]
    sheet = Sheet(
        returned.doc_id,
        task.data.text,
        tuple(sorted(mentions.values(), key=line_order)),
        tuple(sorted(quotes, key=line_order)),
        tuple(sorted(blocks, key=place_order)),
    )
    return Claim("code points", task.data.text, sheet)


def place_order(span: Part | BlockSpan) -> tuple[int, int]:
    """Order spans by where they stand."""
    return span.start, span.end


def _any(value: str) -> Any:
    """Let a value pass that was looked up in its enumeration."""
    return value


class _Names:
    """Gives items their ids: the one that they were exported with, else a fresh one."""

    def __init__(self, regions: Iterable[str], ids: Mapping[str, str]) -> None:
        # Without a sidecar a region keeps any id that an item may have and that no one drew.
        self._known = ids or {name: name for name in regions if _is_ours(name)}
        self._taken = set(self._known.values())
        self._given: set[str] = set()

    def of(self, regions: Iterable[Region], prefix: str) -> str:
        """Name the item that these regions make up: after the first of them that has a name."""
        known = (self._known.get(region.id) for region in regions)
        name = next((one for one in known if one and one not in self._given), None)
        name = name or next(fresh_ids(prefix, self._taken | self._given))
        self._given.add(name)
        return name


def _is_ours(name: str) -> bool:
    try:
        return len(name) != _DRAWN_LENGTH and msgspec.convert(name, ItemId) == name
    except msgspec.ValidationError:
        return False


# --- mentions ---------------------------------------------------------------------------------


def _mentions(gathered: Gathered, names: _Names, where: str) -> dict[str, Mention]:
    """Turn regions with an entity label into mentions by the id of the region."""
    return {
        region.id: Mention(
            names.of([region], "e"),
            region.start,
            region.end,
            _name_end(region, where) if ENDING in region.texts else region.end,
            _any(region.labels[ENTITY]),
            region.surface,
            region.texts.get(NOTE),
        )
        for region in gathered.regions.values()
        if ENTITY in region.labels
    }


def _name_end(region: Region, where: str) -> int:
    """Turn the ending that was typed beside a mention into the end of the bare name.

    Raises FormatError where the mention does not end so.
    """
    ending, surface = region.texts[ENDING], region.surface
    if surface is None:
        return region.end - len(ending)
    size = _ending_size(surface, ending)
    if size is None or size >= len(surface):
        raise FormatError(
            f"{region!s}: {surface!r} does not end with {ending!r} after a name",
            where=f"{where}, region {region.id}",
            fix=f"correct {ENDING!r} in Label Studio, or clear it",
        )
    # In old exports an emoji counts two; the region itself shows which way it was counted.
    counted = surface[len(surface) - size :]
    wide = region.end - region.start != len(surface)
    return region.end - (len(counted.encode("utf-16-le")) // 2 if wide else size)


def _ending_size(surface: str, ending: str) -> int | None:
    """Count the code points of the ending as the text spells it (য় is one or two of them)."""
    if surface.endswith(ending):
        return len(ending)
    spelled = unicodedata.normalize("NFC", ending)
    for size in range(1, min(len(surface), 2 * len(ending)) + 1):
        if unicodedata.normalize("NFC", surface[-size:]) == spelled:
            return size
    return None


# --- quotes -----------------------------------------------------------------------------------


class _Group:
    """A quote while it is gathered: its contents, and what relations lead to."""

    def __init__(self, contents: list[Region]) -> None:
        self.contents = contents
        self.others: dict[str, list[Region]] = {name: [] for name in RELATIONS}

    def add(self, name: str, region: Region) -> None:
        """Add a region that a relation leads to, once."""
        if region not in self.others[name]:
            self.others[name].append(region)

    def __str__(self) -> str:
        return str(self.contents[0])


def _quotes(
    gathered: Gathered, mentions: Mapping[str, Mention], names: _Names, where: str
) -> list[Quote]:
    links = [_role(link, where) for link in gathered.links]
    groups = _groups(gathered, links)
    by_content = {region.id: group for group in groups for region in group.contents}
    for name, source, target in links:
        if source.id in by_content and name != TO_CONTENT:
            by_content[source.id].add(name, target)
    for name, source, target in links:
        if source.id not in by_content:  # from a speaker to the mention that it is
            for group in groups:
                if source in group.others[TO_SPEAKER]:
                    group.add(name, target)
    _check_all_belong(gathered, groups, where)
    return [_quote(group, mentions, names, where) for group in groups]


def _role(link: Link, where: str) -> tuple[str, Region, Region]:
    """Turn a relation into (its name, from, to), whichever way it was drawn.

    Drawn by hand it has no name: the labels of its two ends tell it.
    """
    for source, target in ((link.source, link.target), (link.target, link.source)):
        possible = list(_possible(source, target))
        if link.name in possible or (link.name is None and possible):
            return link.name or possible[0], source, target
    raise FormatError(
        f"a relation {link.name or ''!r} leads from {link.source!s} to {link.target!s}",
        where=f"{where}, region {link.source.id}",
        fix=f"expected from {CONTENT} to a part of its quote that the relation is named after, or "
        "to the mention that its speaker is: delete or rename it in Label Studio",
    )


def _possible(source: Region, target: Region) -> Iterator[str]:
    if source.labels.get(PART) == CONTENT and PART in target.labels:
        yield _PART_RELATIONS[target.labels[PART]]
    if source.labels.get(PART) in (CONTENT, SPEAKER) and ENTITY in target.labels:
        yield TO_MENTION


def _groups(gathered: Gathered, links: list[tuple[str, Region, Region]]) -> list[_Group]:
    """Gather contents that relations hold together, in the order of the text."""
    contents = [one for one in gathered.regions.values() if one.labels.get(PART) == CONTENT]
    beside: dict[str, list[Region]] = {one.id: [] for one in contents}
    for name, source, target in links:
        if name == TO_CONTENT:
            beside[source.id].append(target)
            beside[target.id].append(source)
    groups: list[_Group] = []
    seen: set[str] = set()
    for first in contents:
        waiting, members = [first], []
        while waiting:
            region = waiting.pop()
            if region.id not in seen:
                seen.add(region.id)
                members.append(region)
                waiting += beside[region.id]
        if members:
            groups.append(_Group(sorted(members, key=lambda one: (one.start, one.end, one.id))))
    return groups


def _check_all_belong(gathered: Gathered, groups: list[_Group], where: str) -> None:
    reached = {
        region.id
        for group in groups
        for regions in ([group.contents], group.others.values())
        for some in regions
        for region in some
    }
    for region in gathered.regions.values():
        if PART in region.labels and region.id not in reached:
            raise FormatError(
                f"{region!s} belongs to no quote",
                where=f"{where}, region {region.id}",
                fix=f"draw a relation in Label Studio from the quote's {CONTENT} to it",
            )
        if region.choices and region.labels.get(PART) != CONTENT:
            raise FormatError(
                f"{region!s} has {', '.join(region.choices)}",
                where=f"{where}, region {region.id}",
                fix=f"choose it for the quote's {CONTENT} in Label Studio, and delete it here",
            )


def _quote(group: _Group, mentions: Mapping[str, Mention], names: _Names, where: str) -> Quote:
    where = f"{where}, region {group.contents[0].id}"
    chosen_of = {control: _choice(group, control, where) for control in CHOICES}
    named = _single(group, TO_MENTION, where)
    cue, speaker = _single(group, TO_CUE, where), _single(group, TO_SPEAKER, where)
    return Quote(
        id=names.of(group.contents, "q"),
        content=tuple(region.part for region in group.contents),
        kind=_any(chosen_of[KIND]),
        marking=_any(chosen_of[MARKING]),
        medium=_any(chosen_of[MEDIUM]),
        cue=cue.part if cue else None,
        speaker=speaker.part if speaker else None,
        speaker_mention=mentions[named.id].id if named else None,
        quoted=tuple(sorted((one.part for one in group.others[TO_QUOTED]), key=place_order)),
        note=_note(group),
    )


def _choice(group: _Group, control: str, where: str) -> str:
    found = {one.choices[control] for one in group.contents if control in one.choices}
    if len(found) != 1:
        raise FormatError(
            f"the quote of {group!s} has "
            + (f"more than one {control}" if found else f"no {control}"),
            where=where,
            fix=f"choose one of {', '.join(CHOICES[control])} for its {CONTENT} in Label Studio",
        )
    return found.pop()


def _single(group: _Group, relation: str, where: str) -> Region | None:
    found = group.others[relation]
    if len(found) > 1:
        raise FormatError(
            f"the quote of {group!s} has more than one {relation}",
            where=where,
            fix="delete all but one relation in Label Studio; of joint speakers keep the first",
        )
    return found[0] if found else None


def _note(group: _Group) -> str | None:
    """Join the notes on the parts of a quote; a part that is a mention too keeps its own."""
    parts = [*group.contents, *(one for some in group.others.values() for one in some)]
    notes = [one.texts[NOTE] for one in parts if NOTE in one.texts and ENTITY not in one.labels]
    return "\n".join(notes) or None
