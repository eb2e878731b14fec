"""What a CAS that came back says: its feature structures to a claim, offsets in UTF-16 as they are.

Other layers, other views and what is not in the index of the view are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import msgspec

from khobor.annotations.files import line_order
from khobor.formats import uima
from khobor.formats.interface import BlockSpan, Claim, FormatError, Sheet, Unit
from khobor.formats.uima_structures import Found, Structure, number_of
from khobor.formats.units import Offsets, offsets_of
from khobor.records import (
    BLOCK_LABELS,
    ENTITY_LABELS,
    QUOTE_KINDS,
    QUOTE_MARKINGS,
    QUOTE_MEDIA,
    ItemId,
    Mention,
    Part,
    Quote,
)


def claim_of(found: Found, doc_id: str, ids: Mapping[str, str]) -> Claim:
    """Turn what a file holds into a claim; raise FormatError where a layer is not filled in."""
    entities, quotes = _layer(found, uima.ENTITY), _layer(found, uima.QUOTE)
    blocks = _layer(found, uima.BLOCK)
    taken = set(ids.values())
    names = {
        **_ids(found, entities, "e", taken),
        **_ids(found, quotes, "q", taken),
        **_ids(found, blocks, "b", taken),
    }
    evidence = _Evidence(found)
    mentions = [_mention(found, one, names[one.number], evidence) for one in entities]
    reported = [_quote(found, one, names, evidence) for one in quotes]
    sheet = Sheet(
        doc_id,
        _restored(found),
        tuple(sorted(mentions, key=line_order)),
        tuple(sorted(reported, key=line_order)),
        tuple(_block(found, one, names[one.number]) for one in blocks),
    )
    _refuse_loose_parts(found, quotes)
    return Claim("utf-16", sheet.text, sheet)


def _layer(found: Found, kind: str) -> list[Structure]:
    """List the annotations of a layer in the view, in the order of the text."""
    layer = [
        structure
        for structure in found.structures.values()
        if structure.type == kind and structure.number in found.members
    ]

    def order(structure: Structure) -> tuple[int, int, int]:
        begin, end = _span(found, structure)
        return begin, -end, structure.number

    return sorted(layer, key=order)


def _span(found: Found, structure: Structure) -> tuple[int, int]:
    begin, end, sofa = (
        number_of(structure.features.get(name), what=name, where=found.at(structure))
        for name in ("begin", "end", "sofa")
    )
    if sofa != found.sofa:
        raise FormatError(
            f"an annotation of {uima.INITIAL_VIEW} lies in another view",
            where=found.at(structure),
            fix="export the document from the tool again",
        )
    return begin, end


def _words(structure: Structure, feature: str) -> str | None:
    """Turn a feature into its string; an empty one is none, as INCEpTION may leave either."""
    value = structure.features.get(feature)
    return value if isinstance(value, str) and value else None


def _choice(found: Found, structure: Structure, feature: str, choices: Sequence[str]) -> Any:
    value = _words(structure, feature)
    if value not in choices:
        layer = structure.type.rpartition(".")[2]
        raise FormatError(
            f"{feature} of a {layer} is {value!r}" if value else f"a {layer} has no {feature}",
            where=found.at(structure),
            fix=f"choose one of {', '.join(choices)}",
        )
    return value


def _ids(
    found: Found, structures: Sequence[Structure], prefix: str, taken: set[str]
) -> dict[int, str]:
    """Give every annotation its id: its own, or a fresh one; `taken` grows by them.

    Of two with one id (a copy made in the tool) the first keeps it.
    """
    owned: dict[str, int] = {}
    for structure in structures:
        own = _words(structure, "id")
        if own is not None:
            owned.setdefault(_item_id(found, structure, own), structure.number)
    taken |= set(owned)
    kept = {number: own for own, number in owned.items()}
    fresh = 0
    for structure in structures:
        if structure.number not in kept:
            fresh += 1
            while f"{prefix}{fresh}" in taken:
                fresh += 1
            kept[structure.number] = f"{prefix}{fresh}"
            taken.add(f"{prefix}{fresh}")
    return kept


def _item_id(found: Found, structure: Structure, own: str) -> str:
    try:
        return msgspec.convert(own, ItemId)
    except msgspec.ValidationError as error:
        raise FormatError(
            f"the id {own[:60]!r} is none of khobor's",
            where=found.at(structure),
            fix="leave the feature id alone; empty it in a new annotation",
        ) from error


# --- which unit the file counts in ------------------------------------------------------------


class _Evidence:
    """The words that a file says lie at a span, where it shows that it does not count UTF-16.

    A CAS has no surfaces. Yet a document annotation ends where the text ends, and an ending
    stands where its mention ends: where only another unit fits, the words in that unit are what
    the file means, and settling them says so.
    """

    def __init__(self, found: Found) -> None:
        self._found = found
        self._real = _restored(found)
        self._offsets = cache(self._offsets_in)
        self._unit = self._counted()

    def _offsets_in(self, unit: Unit) -> Offsets:
        return offsets_of(self._found.text, unit)

    def _counted(self) -> Unit | None:
        """Tell the unit that the document annotation shows, where it is not UTF-16."""
        for structure in self._found.structures.values():
            if structure.type in uima.DOCUMENT_TYPES and structure.number in self._found.members:
                end = str(structure.features.get("end"))
                fitting = [u for u in _UNITS if str(_length(self._found.text, u)) == end]
                if fitting and "utf-16" not in fitting:
                    return fitting[0]
        return None

    def words(self, begin: int, end: int, unit: Unit | None = None) -> str | None:
        """Say the words that the file means at a span, None where nothing speaks for a unit."""
        counted = self._unit or unit
        if counted is None or counted == "utf-16":
            return None
        at = self._offsets(counted).inward
        if begin not in at or end not in at:
            return None
        return self._real[at[begin] : at[end]]

    def ending(self, begin: int, end: int, ending: str) -> tuple[int, Unit] | None:
        """Tell the end of the bare name before an ending, and the unit in which it fits."""
        for unit in _UNITS:
            offsets = self._offsets(unit)
            start, stop = offsets.inward.get(begin), offsets.inward.get(end)
            if start is None or stop is None or stop - len(ending) <= start:
                continue
            if self._found.text.endswith(ending, start, stop):
                return offsets.outward[stop - len(ending)], unit
        return None


def _length(text: str, unit: Unit) -> int:
    """Count a text in a unit, without the table of its offsets."""
    encoding, width = _WIDTHS[unit]
    return len(text.encode(encoding, "surrogatepass")) // width


_WIDTHS: dict[Unit, tuple[str, int]] = {
    "utf-16": ("utf-16-le", 2),
    "code points": ("utf-32-le", 4),
    "utf-8": ("utf-8", 1),
}
_UNITS = tuple(_WIDTHS)  # in the order in which they are tried


# --- the layers -------------------------------------------------------------------------------


def _mention(found: Found, entity: Structure, item_id: str, evidence: _Evidence) -> Mention:
    begin, end = _span(found, entity)
    name_end, unit = end, None
    if (ending := _words(entity, "ending")) is not None:
        fit = evidence.ending(begin, end, ending)
        if fit is None:
            raise FormatError(
                f"the ending {ending[:40]!r} does not stand at the end of [{begin}, {end}) "
                "behind a name",
                where=found.at(entity),
                fix="write what is glued to the name, letter by letter, or empty the ending",
            )
        name_end, unit = fit
    return Mention(
        item_id,
        begin,
        end,
        name_end,
        _choice(found, entity, "value", ENTITY_LABELS),
        evidence.words(begin, end, unit),
        _words(entity, "note"),
    )


def _quote(found: Found, quote: Structure, names: Mapping[int, str], evidence: _Evidence) -> Quote:
    item_id = names[quote.number]
    begin, end = _span(found, quote)
    parts: dict[str, list[Part]] = {role: [] for role in uima.ROLES}
    parts["content"].append(Part(begin, end, evidence.words(begin, end)))
    for link, target in _links(found, quote, "parts"):
        role = _choice(found, link, "role", uima.ROLES)
        begin, end = _span(found, target)
        parts[role].append(Part(begin, end, evidence.words(begin, end)))
    for role in ("cue", "speaker"):
        if len(parts[role]) > 1:
            raise FormatError(
                f"quote {item_id} has {len(parts[role])} parts in the role {role}",
                where=found.at(quote),
                fix=f"link one {role} at most",
            )
    return Quote(
        item_id,
        uima.in_order(tuple(parts["content"])),
        _choice(found, quote, "kind", QUOTE_KINDS),
        _choice(found, quote, "marking", QUOTE_MARKINGS),
        _choice(found, quote, "medium", QUOTE_MEDIA),
        next(iter(parts["cue"]), None),
        next(iter(parts["speaker"]), None),
        _speaker_mention(found, quote, names),
        uima.in_order(tuple(parts["quoted"])),
        _words(quote, "note"),
    )


def _speaker_mention(found: Found, quote: Structure, names: Mapping[int, str]) -> str | None:
    targets = [target for _, target in _links(found, quote, "speakerMention")]
    if len(targets) > 1:
        raise FormatError(
            f"a quote has {len(targets)} links in speakerMention",
            where=found.at(quote),
            fix="link the one entity that the speaker is",
        )
    if targets and targets[0].number not in names:
        raise FormatError(
            "speakerMention links to an entity that was deleted",
            where=found.at(quote),
            fix="clear the slot, or link an entity that is there",
        )
    return names[targets[0].number] if targets else None


def _links(found: Found, quote: Structure, slot: str) -> Iterator[tuple[Structure, Structure]]:
    """List the links in a slot of a quote with their targets."""
    for number in _references(found, quote, slot):
        link = found.structures.get(number)
        targets = _references(found, link, "target") if link else []
        target = found.structures.get(targets[0]) if len(targets) == 1 else None
        if link is None or target is None or target.type != uima.SLOTS[slot]:
            layer = uima.SLOTS[slot].rpartition(".")[2]
            raise FormatError(
                f"a slot in {slot} is not filled with a {layer}",
                where=found.at(quote),
                fix=f"link a {layer}, or delete the slot",
            )
        yield link, target


def _references(found: Found, structure: Structure, feature: str) -> list[int]:
    """Turn a feature into the numbers that it refers to, through an array that stands apart."""
    numbers = _numbers(found, structure, feature)
    array = found.structures.get(numbers[0]) if len(numbers) == 1 else None
    if array is not None and (array.type == "uima.cas.FSArray" or array.type.endswith("[]")):
        return _numbers(found, array, "elements")
    return numbers


def _numbers(found: Found, structure: Structure, feature: str) -> list[int]:
    value = structure.features.get(feature, ())
    values = value.split() if isinstance(value, str) else value
    if isinstance(values, int):
        values = (values,)
    return [number_of(one, what=feature, where=found.at(structure)) for one in values]


def _block(found: Found, block: Structure, item_id: str) -> BlockSpan:
    return BlockSpan(item_id, *_span(found, block), _choice(found, block, "value", BLOCK_LABELS))


def _refuse_loose_parts(found: Found, quotes: Sequence[Structure]) -> None:
    linked = {target.number for quote in quotes for _, target in _links(found, quote, "parts")}
    for part in _layer(found, uima.PART):
        if part.number not in linked:
            begin, end = _span(found, part)
            raise FormatError(
                f"the KhoborQuotePart at [{begin}, {end}) belongs to no quote",
                where=found.at(part),
                fix="link it in the parts of its quote, or delete it",
            )


def _restored(found: Found) -> str:
    """Put back the characters that XML cannot hold, where a KhoborCharacter says so."""
    layer = _layer(found, uima.CHARACTER)
    if not layer:
        return found.text
    at = offsets_of(found.text, "utf-16").inward
    chars = list(found.text)
    for structure in layer:
        begin, _ = _span(found, structure)
        code = re.fullmatch(r"U\+([0-9A-F]{4})", _words(structure, "code") or "")
        char = chr(int(code[1], 16)) if code else ""
        place = at.get(begin, len(chars))
        stands = found.text[place : place + 1]
        if not uima.is_unfit(char) or stands != uima.picture_of(char):
            raise FormatError(
                f"a KhoborCharacter does not stand on the picture of its code (on {stands!r})",
                where=found.at(structure),
                fix="leave this layer as khobor exported it",
            )
        chars[place] = char
    return "".join(chars)
