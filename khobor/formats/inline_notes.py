"""What stands below the text of inline markup: a line of what a quote is, or of a note."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

import msgspec

from khobor.formats.interface import FormatError
from khobor.records import (
    QUOTE_KINDS,
    QUOTE_MARKINGS,
    QUOTE_MEDIA,
    QuoteKind,
    QuoteMarking,
    QuoteMedium,
)

_ID = r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}"
_NOTE = re.compile(rf"(?P<id>{_ID}) #(?: (?P<note>.*))?", re.DOTALL)
_QUOTE = re.compile(
    rf"(?P<id>{_ID}) +(?P<kind>{'|'.join(QUOTE_KINDS)}) +(?P<marking>{'|'.join(QUOTE_MARKINGS)})"
    rf" +(?P<medium>{'|'.join(QUOTE_MEDIA)})(?: +speaker=(?P<speaker>{_ID}))?"
)
_ESCAPE = re.compile(r"\\(?:u\{(?P<hex>[0-9A-Fa-f]{1,6})\}|(?P<line>n)|(?P<self>\\))|(?P<bad>\\)")


class Said(msgspec.Struct, frozen=True):
    """What a quote is, and the line that says it."""

    kind: QuoteKind
    marking: QuoteMarking
    medium: QuoteMedium
    speaker: str | None
    where: str


class Note(msgspec.Struct, frozen=True):
    """A note and its line."""

    words: str
    where: str


class Below(msgspec.Struct, frozen=True):
    """The lines below a text by the item that they are about."""

    quotes: dict[str, Said]
    notes: dict[str, Note]

    def note(self, item: str) -> str | None:
        """Look up an item's note."""
        found = self.notes.get(item)
        return found.words if found else None

    def speakers(self) -> set[str]:
        """Gather the mentions that quotes refer to."""
        return {said.speaker for said in self.quotes.values() if said.speaker is not None}

    def check_notes(self, items: AbstractSet[str]) -> None:
        """Raise FormatError for a note whose item is not in the text."""
        for item, note in self.notes.items():
            if item not in items:
                raise FormatError(
                    f"no {item} in the text",
                    where=note.where,
                    fix=f"write #{item} behind its label, as in [ঢাকা GPE#{item}], or delete the "
                    "line",
                )

    def check_quotes(self, quotes: AbstractSet[str], mentions: AbstractSet[str]) -> None:
        """Raise FormatError for a line about a quote, or with a speaker, that is not in the text."""
        for item, said in self.quotes.items():
            if item not in quotes:
                raise FormatError(
                    f"no part of {item} in the text",
                    where=said.where,
                    fix=f"mark it, as in ⟪{item} CONTENT …⟫, or delete the line",
                )
            if said.speaker is not None and said.speaker not in mentions:
                raise FormatError(
                    f"no mention {said.speaker} in the text",
                    where=said.where,
                    fix=f"write #{said.speaker} behind the speaker's label, as in "
                    f"[রহিমা PER#{said.speaker}], or leave speaker= out",
                )


def read_below(text: str, name: str, first: int) -> Below:
    """Turn the lines below a text, of which `first` is the number of the first, into what they say.

    Raises FormatError with file and line.
    """
    quotes: dict[str, Said] = {}
    notes: dict[str, Note] = {}
    for number, untrimmed in enumerate(text.split("\n"), first):
        line, where = untrimmed.strip(" \t"), f"{name}:{number}:1"
        if not line:
            continue
        note, quote = _NOTE.fullmatch(line), _QUOTE.fullmatch(line)
        found = note or quote
        if found is None:
            raise FormatError(
                f"{line[:60]!r} says neither what a quote is nor a note",
                where=where,
                fix=_expected(),
            )
        if found["id"] in (notes if note else quotes):
            raise FormatError(
                f"a second line about {found['id']}", where=where, fix="leave one of the two"
            )
        if note:
            notes[note["id"]] = Note(_unescaped(note["note"] or "", where), where)
        elif quote:
            quotes[quote["id"]] = msgspec.convert({**quote.groupdict(), "where": where}, Said)
    return Below(quotes, notes)


def _expected() -> str:
    return (
        f"write `q1 KIND MARKING MEDIUM`, KIND one of {', '.join(QUOTE_KINDS)}, MARKING one of "
        f"{', '.join(QUOTE_MARKINGS)}, MEDIUM one of {', '.join(QUOTE_MEDIA)}, then speaker=e1 "
        "where a mention names the speaker; or a note: `e1 # words`"
    )


def _unescaped(note: str, where: str) -> str:
    def character(found: re.Match[str]) -> str:
        if found["hex"] and int(found["hex"], 16) <= 0x10FFFF:
            return chr(int(found["hex"], 16))
        if found["line"] or found["self"]:
            return "\n" if found["line"] else "\\"
        raise FormatError(
            f"{found[0]} in a note is no escape",
            where=where,
            fix="write \\\\ for the character itself, \\n for a line break",
        )

    return _ESCAPE.sub(character, note)
