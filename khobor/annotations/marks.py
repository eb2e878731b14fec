"""Quotation marks without a partner: “ ” and ‘ ’, paragraph by paragraph, with a stack.

’ U+2019 is an apostrophe too (ন’টা, পিএলসি’র), and closes before an ending (‘তুমি’র): only what
is open tells which. Straight marks (" and ') have no direction and are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from khobor.records import ARTICLE_LABELS, Block
from khobor.spans import Span

_OPENERS = {"”": "“", "’": "‘"}
_MARK = re.compile("[“”‘’]")
_WORD = "0-9A-Za-z\u00c0-\u024f\u0980-\u09ff\u200c\u200d"
# Numerals cut short, whose ’ is never a closing mark: ন’টা, ছ’মাস, দু’জন, শ’খানেক, ক’দিন.
_ELISION = re.compile(rf"(?<![{_WORD}])(?:দু|ন|ছ|শ|ক|হ|স|সে|তা)’")
# Endings that are put behind a name in marks: ‘তুমি’র, ‘রূপশ্রী’তে (য় in both encodings).
_ENDING = re.compile("(?:র|এর|ের|কে|তে|য়|\u09df|রা|দের|টি|টির|টা|টার|এ|ে|ও|ই)" + rf"(?![{_WORD}])")
_LETTER = re.compile(f"[{_WORD}]")
# Years cut short: ‘৭১, ’৫২.
_YEAR = re.compile(r"[‘’][0-9০-৯]{2}(?![0-9০-৯])")
# Blocks in which a quote may go on from the one before; others stand alone.
_RUNNING = frozenset({"paragraph", "list"})
_WORD_SIZE = 30  # no word is longer, in code points


class _Open(msgspec.Struct, frozen=True):
    """An opening mark that waits for its partner.

    `may_stay`: no fault where nothing closes it, for it may be none, or a ’ closed it that may as
    well be an apostrophe.
    """

    place: int
    mark: str
    may_stay: bool


def unpaired_marks(text: str, blocks: Sequence[Block]) -> list[Span]:
    """Turn a page text and its blocks into the spans of marks without a partner, in order.

    A quote that goes on in the next paragraph is paired: that paragraph opens it anew, or closes
    it. Of article blocks alone.
    """
    places: list[int] = []
    carried: list[_Open] = []
    for block in blocks:
        if block.label not in ARTICLE_LABELS:
            continue
        if block.label not in _RUNNING:
            places.extend(_open_places(*_read_block(text, block, [])))
            continue
        if carried and text[block.start] == carried[0].mark:
            carried = []
        stack, faults = _read_block(text, block, carried)
        places.extend(faults)
        # What was open before this paragraph, and still is, has no partner.
        places.extend(_open_places([entry for entry in stack if entry in carried], []))
        carried = [entry for entry in stack if entry not in carried]
    places.extend(_open_places(carried, []))
    return [Span(place, place + 1) for place in sorted(places)]


def mark_in_context(text: str, place: int) -> str:
    """Turn the place of a mark into the mark with the word that it opens or closes."""
    if text[place] in _OPENERS:
        before = text[max(0, place - _WORD_SIZE) : place]
        return (_words(before)[-1] if before and not before[-1].isspace() else "") + text[place]
    behind = text[place + 1 : place + 1 + _WORD_SIZE]
    return text[place] + (_words(behind)[0] if behind and not behind[0].isspace() else "")


def _words(stretch: str) -> list[str]:
    return [word.strip("“”‘’") for word in stretch.split()]


def _open_places(stack: Sequence[_Open], faults: Sequence[int]) -> Iterator[int]:
    yield from faults
    yield from (entry.place for entry in stack if not entry.may_stay)


def _read_block(text: str, block: Block, carried: Sequence[_Open]) -> tuple[list[_Open], list[int]]:
    """Read the marks of a block: what is open at its end, and the marks without a partner."""
    stack = list(carried)
    faults: list[int] = []
    for found in _MARK.finditer(text, block.start, block.end):
        place, mark = found.start(), found[0]
        if mark in _OPENERS.values():
            stack.append(_Open(place, mark, bool(_YEAR.match(text, place))))
        elif mark == "’" and _is_apostrophe(text, place, block):
            _maybe_close(text, place, stack, carried)
        else:
            _close(place, mark, stack, faults)
    # What a ’ before an ending closed is closed.
    return [entry for entry in stack if not entry.may_stay], faults


def _close(place: int, mark: str, stack: list[_Open], faults: list[int]) -> None:
    """Pair a closing mark; openings of another shape above its own have no partner."""
    opener = _OPENERS[mark]
    if not any(entry.mark == opener for entry in stack):
        faults.append(place)
        return
    while (entry := stack.pop()).mark != opener:
        if not entry.may_stay:
            faults.append(entry.place)


def _is_apostrophe(text: str, place: int, block: Block) -> bool:
    """Tell a ’ that may be an apostrophe: inside a word, behind a short numeral, before a year."""
    before = text[place - 1] if place > block.start else " "
    behind = text[place + 1] if place + 1 < block.end else " "
    if _LETTER.match(before):
        return bool(_LETTER.match(behind)) or _is_elision(text, place)
    return bool(_YEAR.match(text, place))


def _is_elision(text: str, place: int) -> bool:
    found = _ELISION.search(text, max(0, place - 3), place + 1)
    return found is not None and found.end() == place + 1


def _maybe_close(text: str, place: int, stack: list[_Open], carried: Sequence[_Open]) -> None:
    """Note that a ’ before an ending may have closed what is open in this paragraph."""
    if _is_elision(text, place) or not _ENDING.match(text, place + 1):
        return
    if stack and stack[-1].mark == "‘" and stack[-1] not in carried:
        stack[-1] = msgspec.structs.replace(stack[-1], may_stay=True)
