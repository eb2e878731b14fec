"""Where the words that a model wrote stand in a text.

A language model answers in words, without offsets. They are looked for as they are; then in
either encoding of য় ড় ঢ়, since many models write one whatever they read.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from khobor.layers.tokens import token_bounds
from khobor.spans import Span


class Surfaces:
    """A text in which words are looked for; spans are its code points, half-open."""

    def __init__(self, text: str) -> None:
        self.text = text
        starts, ends = token_bounds(text)
        self._starts, self._ends = set(starts.tolist()), set(ends.tolist())
        self._folded: tuple[str, list[int]] | None = None

    def all_of(self, surface: str) -> list[Span]:
        """List where a surface stands, in order: whole words if it ever is whole words."""
        surface = surface.strip()
        if not surface:
            return []
        found = self._exact(surface) or self._either_encoding(surface)
        whole = [s for s in found if s.start in self._starts and s.end in self._ends]
        return whole or found

    def next_of(self, surface: str, start: int) -> Span | None:
        """Find the first place of a surface from `start` on, else the last one before it."""
        found = self.all_of(surface)
        behind = [span for span in found if span.start >= start]
        return behind[0] if behind else (found[-1] if found else None)

    def nearest_of(self, surface: str, near: Sequence[Span]) -> Span | None:
        """Find the place of a surface that is nearest to some spans, inside none of them.

        The place before is taken of two at the same distance; a place inside, where all are.
        """
        found = self.all_of(surface)
        outside = [s for s in found if not any(s.start < n.end and n.start < s.end for n in near)]
        return min(
            outside or found,
            key=lambda span: min((_gap(span, one) for one in near), default=0),
            default=None,
        )

    def _exact(self, surface: str) -> list[Span]:
        places = []
        place = self.text.find(surface)
        while place >= 0:
            places.append(Span(place, place + len(surface)))
            place = self.text.find(surface, place + len(surface))
        return places

    def _either_encoding(self, surface: str) -> list[Span]:
        if self._folded is None:
            self._folded = _fold(self.text)
        folded, origins = self._folded
        wanted = _fold(surface)[0]
        places = []
        place = folded.find(wanted)
        while place >= 0:
            end = place + len(wanted)
            # A place inside a character (য of য়) is none.
            if _is_border(origins, place) and _is_border(origins, end):
                places.append(Span(origins[place], origins[end]))
            place = folded.find(wanted, end)
        return places


def _fold(text: str) -> tuple[str, list[int]]:
    """Decompose each character (U+09DF to U+09AF U+09BC), any white space to a space.

    The list says for every code point of the result, and for its end, where it is from.
    """
    parts, origins = [], []
    for place, character in enumerate(text):
        part = " " if character.isspace() else unicodedata.normalize("NFD", character)
        parts.append(part)
        origins += [place] * len(part)
    return "".join(parts), [*origins, len(text)]


def _is_border(origins: Sequence[int], place: int) -> bool:
    return place == 0 or origins[place] != origins[place - 1]


def _gap(one: Span, other: Span) -> int:
    return max(one.start - other.end, other.start - one.end, 0)
