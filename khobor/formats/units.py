"""Offsets in other units, and what a tool did to a text: told by evidence, never by a guess."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from typing import get_args

import msgspec

from khobor.formats.interface import BlockSpan, Claim, FormatError, Sheet, Unit
from khobor.records import Mention, Part, Quote
from khobor.spans import ZWJ, ZWNJ, on_grapheme_border

_SIZES: dict[str, Callable[[str], int]] = {
    "code points": lambda _: 1,
    "utf-16": lambda char: 2 if ord(char) > 0xFFFF else 1,
    "utf-8": lambda char: len(char.encode("utf-8", "surrogatepass")),
}


# Spans of one sheet together, each counted as often as it is used: a stranger's file could make
# a small text huge. The longest page, covered some dozen times over, has less.
_MAX_COVERED = 1 << 27


class Offsets(msgspec.Struct, frozen=True):
    """The offsets of a text in another unit, and back."""

    unit: Unit
    outward: list[int]  # code points → unit
    inward: dict[int, int]  # unit → code points; only for offsets between two characters


def offsets_of(text: str, unit: Unit) -> Offsets:
    """Turn a text into its offsets in a unit."""
    size = _SIZES[unit]
    outward = [0]
    for char in text:
        outward.append(outward[-1] + size(char))
    return Offsets(unit, outward, {there: here for here, there in enumerate(outward)})


# What tools, editors and ways of copying are known to do to a text.
_CHANGES: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("line ends were made CR LF", lambda text: text.replace("\n", "\r\n")),
    ("white space at its edges was trimmed", str.strip),
    ("white space at its end was trimmed", str.rstrip),
    ("a line break was added at its end", lambda text: text + "\n"),
    ("a byte order mark stands before it", lambda text: "\ufeff" + text),
    ("no-break spaces were made spaces", lambda text: text.replace("\u00a0", " ")),
    ("it was normalised to NFC", lambda text: unicodedata.normalize("NFC", text)),
    ("it was normalised to NFD", lambda text: unicodedata.normalize("NFD", text)),
    ("it was normalised to NFKC", lambda text: unicodedata.normalize("NFKC", text)),
    ("joiners were dropped", lambda text: text.replace(ZWJ, "").replace(ZWNJ, "")),
)


def check_same_text(ours: str, theirs: str, *, where: str) -> None:
    """Raise FormatError where the text that came back is another one; say what was done to it."""
    if theirs == ours:
        return
    known = next((what for what, change in _CHANGES if change(ours) == theirs), None)
    pairs = enumerate(zip(ours, theirs, strict=False))
    at = next((n for n, (a, b) in pairs if a != b), min(len(ours), len(theirs)))
    found = known or f"it differs from offset {at} on ({theirs[max(0, at - 10) : at + 10]!r})"
    raise FormatError(
        f"the text came back changed: {found}",
        where=where,
        fix="offsets refer to the text as it was exported: restore it in the tool and export from "
        "there again, or keep it from being changed",
    )


def settle(claim: Claim, text: str, *, where: str, unit: Unit | None = None) -> Sheet:
    """Turn what a tool claims into a sheet over `text`, every offset and surface verified.

    `unit` says which unit the file really counts in, where it is not the format's own. Raises
    FormatError where a span lies outside the text, inside a character or a letter with its
    signs, or is not the text that the tool says it is; where another unit fits every span, it
    is named.
    """
    if claim.text is not None:
        check_same_text(text, claim.text, where=where)
    sheet = msgspec.structs.replace(claim.sheet, text=text)
    declared = unit or claim.unit
    fault = _first_fault(sheet, text, declared)
    if fault is None:
        return _converted(sheet, offsets_of(text, declared), text)
    fitting = [u for u in get_args(Unit) if u != declared and _first_fault(sheet, text, u) is None]
    hint = f"; all of it fits where offsets count {fitting[0]}" if fitting else ""
    fix = (
        f"import with --unit {fitting[0].replace(' ', '-')}, or export from the tool in {declared}"
        if fitting
        else "correct the span in the tool; khobor does not search for it"
    )
    raise FormatError(f"{fault} (offsets in {declared}){hint}", where=where, fix=fix)


def check_unit(claim: Claim, exported: Sheet, *, where: str) -> None:
    """Raise FormatError where more spans stand as they were exported in another unit than in the own.

    Formats that give back no words (doccano) have no other evidence: after an emoji, an offset in
    another unit is another word. `exported` is what the tool was given.
    """
    spans = {(start, end) for _, start, end, _ in spans_of(claim.sheet)}
    there = {
        unit: len(spans & {(start, end) for _, start, end, _ in spans_of(sheet)})
        for unit in get_args(Unit)
        for sheet in [outward_sheet(exported, unit)]
    }
    best = max(get_args(Unit), key=lambda unit: (there[unit], unit == claim.unit))
    if there[best] > there[claim.unit]:
        raise FormatError(
            f"{there[best]} of {len(spans)} spans stand where they were exported if offsets count "
            f"{best}, {there[claim.unit]} if they count {claim.unit}",
            where=where,
            fix=f"import with --unit {best.replace(' ', '-')}, or export from the tool in "
            f"{claim.unit}",
        )


def spans_of(sheet: Sheet) -> Iterator[tuple[str, int, int, str | None]]:
    """List (item id, start, end, surface) of every span of a sheet."""
    for mention in sheet.mentions:
        yield mention.id, mention.start, mention.end, mention.surface
    for quote in sheet.quotes:
        for part in _parts(quote):
            yield quote.id, part.start, part.end, part.surface
    for block in sheet.blocks:
        yield block.id, block.start, block.end, None


def _parts(quote: Quote) -> list[Part]:
    single = [part for part in (quote.cue, quote.speaker) if part is not None]
    return [*quote.content, *single, *quote.quoted]


def _first_fault(sheet: Sheet, text: str, unit: Unit) -> str | None:
    inward = offsets_of(text, unit).inward
    covered = 0
    for item, start, end, surface in spans_of(sheet):
        if start not in inward or end not in inward:
            inside = start if start not in inward else end
            return f"{item}: offset {inside} lies outside the text or inside a character"
        here, there = inward[start], inward[end]
        covered += max(0, there - here)
        if covered > _MAX_COVERED:
            return f"{item}: the spans cover more than {_MAX_COVERED:,} code points together"
        found = text[here:there]
        if not here < there:
            return f"{item}: the span [{start}, {end}) is empty"
        if surface is not None and surface != found:
            return f"{item}: the text at [{start}, {end}) is {found!r}, the tool says {surface!r}"
        for offset in (here, there):
            if not on_grapheme_border(text, offset):
                around = text[max(0, offset - 6) : offset + 6]
                return f"{item}: an edge of [{start}, {end}) splits a letter in {around!r}"
    for mention in sheet.mentions:
        if mention.name_end not in inward:
            return f"{mention.id}: name_end {mention.name_end} lies inside a character"
    return None


def _converted(sheet: Sheet, offsets: Offsets, text: str) -> Sheet:
    at = offsets.inward

    def part(old: Part) -> Part:
        return Part(at[old.start], at[old.end], text[at[old.start] : at[old.end]])

    return msgspec.structs.replace(
        sheet,
        mentions=tuple(
            msgspec.structs.replace(
                m,
                start=at[m.start],
                end=at[m.end],
                name_end=at[m.name_end],
                surface=text[at[m.start] : at[m.end]],
            )
            for m in sheet.mentions
        ),
        quotes=tuple(_converted_quote(quote, part) for quote in sheet.quotes),
        blocks=tuple(BlockSpan(b.id, at[b.start], at[b.end], b.label) for b in sheet.blocks),
    )


def _converted_quote(quote: Quote, part: Callable[[Part], Part]) -> Quote:
    return msgspec.structs.replace(
        quote,
        content=tuple(map(part, quote.content)),
        quoted=tuple(map(part, quote.quoted)),
        cue=part(quote.cue) if quote.cue else None,
        speaker=part(quote.speaker) if quote.speaker else None,
    )


def outward_sheet(sheet: Sheet, unit: Unit) -> Sheet:
    """Turn a sheet into one whose offsets count in another unit, for a codec to write."""
    out = offsets_of(sheet.text, unit).outward

    def part(old: Part) -> Part:
        return Part(out[old.start], out[old.end], old.surface)

    def mention(old: Mention) -> Mention:
        return msgspec.structs.replace(
            old, start=out[old.start], end=out[old.end], name_end=out[old.name_end]
        )

    return msgspec.structs.replace(
        sheet,
        mentions=tuple(map(mention, sheet.mentions)),
        quotes=tuple(_converted_quote(quote, part) for quote in sheet.quotes),
        blocks=tuple(BlockSpan(b.id, out[b.start], out[b.end], b.label) for b in sheet.blocks),
    )
