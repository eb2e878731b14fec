"""Roles of tokens in quotes, with the direction in which their cue lies.

A quote is laid over tokens as BIO tags whose names say where to find the rest of it, so that a tag
sequence can be put together again: AFTER and SPEAKER-BEFORE belong to the cue on the one side,
BEFORE and SPEAKER-AFTER to the one on the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from khobor.records import Quote
from khobor.training.passages import Passage, tokens_in

CUE = "CUE"
AFTER = "AFTER"  # content whose cue stands before it: তিনি বলেন, …
BEFORE = "BEFORE"  # content whose cue stands behind it: … বলে জানান তিনি
ALONE = "ALONE"  # content without a cue: headlines
ON = "ON"  # content that goes on from the passage before
NAMED = "NAMED"  # speaker whose cue stands behind: তিনি বলেন
NAMING = "NAMING"  # speaker whose cue stands before: বলেন তিনি
HEAD = "HEAD"  # speaker that a colon joins to its content

Piece = tuple[int, int, str]  # first and behind-last token, role


class Saying(msgspec.Struct, frozen=True):
    """A quote in tokens of one passage; `goes_on` where it began in the passage before."""

    content: tuple[tuple[int, int], ...]
    cue: tuple[int, int] | None = None
    speaker: tuple[int, int] | None = None
    goes_on: bool = False


def pieces_of(passage: Passage, quotes: Iterable[Quote]) -> list[Piece]:
    """Turn the quotes of a document into the pieces that lie in one passage, in order."""
    pieces: list[Piece] = []
    low, high = passage.starts[0], passage.ends[-1]

    def place(start: int, end: int) -> tuple[int, int] | None:
        if not low <= start < high:
            return None
        first, last = tokens_in(passage, start, end)
        return (first, last) if first < last else None

    for quote in quotes:
        cue = place(quote.cue.start, quote.cue.end) if quote.cue else None
        if cue:
            pieces.append((*cue, CUE))
        for part in quote.content:
            if (found := place(part.start, part.end)) is None:
                continue
            pieces.append((*found, _content_role(quote, found, cue, low)))
        speaker = place(quote.speaker.start, quote.speaker.end) if quote.speaker else None
        if speaker:
            role = HEAD if cue is None else (NAMED if speaker < cue else NAMING)
            pieces.append((*speaker, role))
    return sorted(pieces)


def _content_role(
    quote: Quote, found: tuple[int, int], cue: tuple[int, int] | None, low: int
) -> str:
    if cue is not None:
        return AFTER if cue < found else BEFORE
    earlier = [quote.content[0], *([quote.cue] if quote.cue else [])]
    return ON if any(part.start < low for part in earlier) else ALONE


def tags_of(pieces: Sequence[Piece], size: int) -> list[str]:
    """Turn pieces into one BIO tag a token; of two that overlap, the first stays."""
    tags = ["O"] * size
    for first, last, role in pieces:
        if any(tags[at] != "O" for at in range(first, last)):
            continue
        for at in range(first, last):
            tags[at] = f"{'B' if at == first else 'I'}-{role}"
    return tags


def sayings_of(pieces: Sequence[Piece]) -> list[Saying]:
    """Put the pieces of a passage together to sayings, in order of their first token.

    A piece joins the nearest cue on its side; content that finds none stands alone, a cue or a
    speaker without content drops out.
    """
    cues = [at for at, piece in enumerate(pieces) if piece[2] == CUE]
    content: dict[int, list[tuple[int, int]]] = {at: [] for at in cues}
    speaker: dict[int, tuple[int, int]] = {}
    sayings: list[Saying] = []
    alone: list[tuple[int, int]] = []
    heads: list[tuple[int, int]] = []
    for at, (first, last, role) in enumerate(pieces):
        before = max((cue for cue in cues if cue < at), default=None)
        behind = min((cue for cue in cues if cue > at), default=None)
        if role in (AFTER, BEFORE):
            owner = before if role == AFTER else behind
            owner = owner if owner is not None else (behind if role == AFTER else before)
            if owner is None:
                alone.append((first, last))
            else:
                content[owner].append((first, last))
        elif role in (NAMED, NAMING):
            owner = behind if role == NAMED else before
            if owner is not None:
                speaker.setdefault(owner, (first, last))
        elif role == ON:
            sayings.append(Saying(((first, last),), goes_on=True))
        elif role == ALONE:
            alone.append((first, last))
        elif role == HEAD:
            heads.append((first, last))
    for cue in cues:
        if content[cue]:
            place = (pieces[cue][0], pieces[cue][1])
            sayings.append(Saying(tuple(content[cue]), place, speaker.get(cue)))
    if alone:
        sayings += [Saying((part,), None, heads[0] if heads else None) for part in alone[:1]]
        sayings += [Saying((part,)) for part in alone[1:]]
    return sorted(sayings, key=lambda saying: saying.content[0])
