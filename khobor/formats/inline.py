"""Inline markup: a text with its marks in it, DOC.khobor.txt, to edit in any editor, both ways.

There are no offsets in the file: spans are where the marks stand, in code points of the text.
docs/inline.md says how to write it:

    == khobor DOC
    [ঢাকা|য় GPE#e1] ⟪q1 SPEAKER তিনি⟫ ⟪q1 CUE বলেন⟫, ⟪q1 CONTENT কাজ শুরু।⟫
    == quotes and notes
    q1 direct bare speech speaker=e1
    e1 # a note

Mentions are in square brackets, which nest; parts of quotes, blocks, and the rare mention that
crosses another are in ⟪ ⟫, which may cross anything: ⟪/q1 CUE⟫ ends one that is not the innermost.
Ids of mentions and blocks show only where something refers to them; the others are known again
by where they stand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TypeVar

import msgspec

from khobor.annotations.files import line_order
from khobor.formats.identities import places_key
from khobor.formats.inline_files import HEAD, SUFFIX, split
from khobor.formats.inline_reader import BLOCK, END, MENTION, read
from khobor.formats.interface import BlockSpan, Codec, Sheet, Written, files_apart
from khobor.records import Mention, Part, Quote

# What editors, mail and version control change without a word: control characters, CR, line
# separators, BOM; white space at a line's end.
_FRAGILE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]"
    "|(?P<edge>[^\\S\n\x0b-\x1f\x85\u2028\u2029]+(?=\n|\\Z))"
)
_SYNTAX = re.compile(r"[\[\]|⟪⟫\\]")
_NOTE_FRAGILE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]|^[^\\S\n]|[^\\S\n]\\Z"
)


class _Mark(msgspec.Struct, frozen=True):
    """What stands at the two ends of a span; `bar`, where a mention's bare name ends."""

    start: int
    end: int
    opening: str
    closing: str
    nested: bool = False  # in square brackets: it ends before what it lies in
    bar_at: int = -1
    bar: str = "|"


def write(sheet: Sheet) -> Written:
    """Turn a sheet into its DOC.khobor.txt, UTF-8 with LF."""
    held = restrict(sheet)
    shown = {q.speaker_mention for q in held.quotes} | {
        m.id for m in held.mentions if m.note is not None
    }
    marks = [*_part_marks(held), *_mention_marks(held, shown), *_block_marks(held)]
    body = re.sub("^(?==)", r"\\", _marked(sheet.text, marks), flags=re.MULTILINE)
    lines = [f"{HEAD}{sheet.doc_id}", body, END, *_below(held)]
    ids = {
        places_key(MENTION, number, (m.start, m.end, m.label)): m.id
        for number, m in enumerate(held.mentions)
    } | {
        places_key(BLOCK, number, (b.start, b.end, b.label)): b.id
        for number, b in enumerate(held.blocks)
    }
    content = "".join(line + "\n" for line in lines).encode("utf-8")
    return Written(sheet.doc_id, {sheet.doc_id + SUFFIX: content}, ids)


def _below(sheet: Sheet) -> Iterator[str]:
    """List the lines below the text: what quotes are, then notes."""
    for quote in sheet.quotes:
        speaker = f" speaker={quote.speaker_mention}" if quote.speaker_mention else ""
        yield f"{quote.id} {quote.kind} {quote.marking} {quote.medium}{speaker}"
    items: list[Mention | Quote] = [*sheet.mentions, *sheet.quotes]
    for item in items:
        if item.note is not None:
            yield f"{item.id} # {_escaped_note(item.note)}".rstrip()


# --- marks --------------------------------------------------------------------------------------


def _part_marks(sheet: Sheet) -> Iterator[_Mark]:
    for quote in sheet.quotes:
        for role, part in roles(quote):
            yield _Mark(part.start, part.end, f"⟪{quote.id} {role} ", f"⟪/{quote.id} {role}⟫")


def roles(quote: Quote) -> Iterator[tuple[str, Part]]:
    """List the parts of a quote with their roles."""
    for part in quote.content:
        yield "CONTENT", part
    for role, single in (("CUE", quote.cue), ("SPEAKER", quote.speaker)):
        if single is not None:
            yield role, single
    for part in quote.quoted:
        yield "QUOTED", part


def _mention_marks(sheet: Sheet, shown: set[str | None]) -> Iterator[_Mark]:
    for number, mention in enumerate(sheet.mentions):
        bar_at = mention.name_end if mention.name_end < mention.end else -1
        span, key = (mention.start, mention.end), f"{mention.id} {mention.label}"
        if _crosses(number, sheet.mentions):
            yield _Mark(*span, f"⟪{key} ", f"⟪/{key}⟫", bar_at=bar_at, bar=f"⟪{mention.id}|⟫")
        else:
            shown_id = f"#{mention.id}" if mention.id in shown else ""
            yield _Mark(*span, "[", f" {mention.label}{shown_id}]", nested=True, bar_at=bar_at)


def _crosses(number: int, mentions: tuple[Mention, ...]) -> bool:
    """Tell whether square brackets cannot hold a mention: it crosses another, or its name does.

    `mentions` are sorted, so that of two with one span the first is the outer one.
    """
    one = mentions[number]
    for place, other in enumerate(mentions):
        if place == number:
            continue
        if one.start < other.start < one.end < other.end:
            return True
        if other.start < one.start < other.end < one.end:
            return True
        inside = one.start <= other.start and other.end <= one.end
        same = (one.start, one.end) == (other.start, other.end)
        inner = inside and (not same or place > number)
        if inner and other.start < one.name_end < other.end:
            return True
    return False


def _block_marks(sheet: Sheet) -> Iterator[_Mark]:
    for block in sheet.blocks:
        yield _Mark(block.start, block.end, f"⟪{block.label} ", f"⟪/{block.label}⟫")


def _marked(text: str, marks: list[_Mark]) -> str:
    """Put marks into a text. At one offset spans end, then names, then others begin."""
    beginning: dict[int, list[_Mark]] = {}
    bars = {mark.bar_at: "" for mark in marks}
    for mark in sorted(marks, key=lambda mark: (-mark.end, mark.nested)):
        beginning.setdefault(mark.start, []).append(mark)
        bars[mark.bar_at] += mark.bar
    offsets = sorted({offset for m in marks for offset in (m.start, m.end, m.bar_at)} - {-1})
    pieces: list[str] = []
    around: list[_Mark] = []
    position, begun = 0, False
    for offset in offsets:
        pieces.append(_escaped(text[position:offset], begun=begun, last=False))
        pieces.extend(_closed(around, offset))
        pieces.append(bars.get(offset, ""))
        begun = offset in beginning
        for mark in beginning.get(offset, ()):
            around.append(mark)
            pieces.append(mark.opening)
        position = offset
    pieces.append(_escaped(text[position:], begun=begun, last=True))
    return "".join(pieces)


def _closed(around: list[_Mark], offset: int) -> Iterator[str]:
    """End the marks that end at an offset, the innermost first."""
    for mark in [mark for mark in reversed(around) if mark.end == offset]:
        innermost = next(other for other in reversed(around) if other.nested == mark.nested)
        # Equal marks may stand side by side; the one that began last is the one that ends.
        yield "⟫" if not mark.nested and innermost is mark else mark.closing
        del around[next(n for n in range(len(around) - 1, -1, -1) if around[n] is mark)]


# --- escapes ------------------------------------------------------------------------------------


def _hexed(text: str) -> str:
    return "".join(f"\\u{{{ord(char):x}}}" for char in text)


def _escaped(text: str, *, begun: bool, last: bool) -> str:
    """Escape the text up to a mark.

    `begun`: a mark's own space stands right before; a line break would leave it at a line's end.
    `last`: no mark follows, so white space at its end stands at a line's end.
    """
    start = _hexed("\n") if begun and text.startswith("\n") else ""
    pieces, position = [start], 1 if start else 0
    for found in _FRAGILE.finditer(text, position):
        if found["edge"] and found.end() == len(text) and not last:
            continue
        pieces += [_SYNTAX.sub(r"\\\g<0>", text[position : found.start()]), _hexed(found[0])]
        position = found.end()
    return "".join(pieces) + _SYNTAX.sub(r"\\\g<0>", text[position:])


def _escaped_note(note: str) -> str:
    escaped = note.replace("\\", "\\\\").replace("\n", "\\n")
    return _NOTE_FRAGILE.sub(lambda found: _hexed(found[0]), escaped)


# --- what it holds ------------------------------------------------------------------------------


def restrict(sheet: Sheet) -> Sheet:
    """Turn a sheet into what the markup holds of it: everything that the scheme allows.

    Left out: parts of one role of one quote that cross each other, blocks of one label that do,
    and a speaker's mention that the sheet has not.
    """
    held = msgspec.structs.replace
    ids = {mention.id for mention in sheet.mentions}
    quotes = (
        held(
            quote,
            content=tuple(_without_crossing(quote.content)),
            quoted=tuple(_without_crossing(quote.quoted)),
            speaker_mention=quote.speaker_mention if quote.speaker_mention in ids else None,
        )
        for quote in sheet.quotes
        if quote.content
    )
    blocks = sorted(sheet.blocks, key=lambda block: (block.start, block.end, block.id))
    crossing = {
        block.id
        for label in {block.label for block in blocks}
        for block in _crossing([block for block in blocks if block.label == label])
    }
    return held(
        sheet,
        mentions=tuple(sorted(sheet.mentions, key=line_order)),
        quotes=tuple(sorted(quotes, key=line_order)),
        blocks=tuple(block for block in blocks if block.id not in crossing),
    )


def _without_crossing(parts: Iterable[Part]) -> list[Part]:
    ordered = sorted(parts, key=lambda part: (part.start, part.end))
    crossing = _crossing(ordered)
    return [part for part in ordered if part not in crossing]


S = TypeVar("S", Part, BlockSpan)


def _crossing(ordered: list[S]) -> list[S]:
    """List the spans that cross one before them: a mark's end would not tell which one ends."""
    kept: list[S] = []
    crossing: list[S] = []
    for span in ordered:
        if any(one.start < span.start < one.end < span.end for one in kept):
            crossing.append(span)
        else:
            kept.append(span)
    return crossing


CODEC = Codec("inline", write, split, read, restrict, files_apart)
