"""Where the bare name ends inside a mention: what is glued on behind it.

হোয়াটসঅ্যাপের is হোয়াটসঅ্যাপ + ের, but শুক্রবার ends in র by itself. The last words of bare names that were
seen decide first; then the longest end of the word that was seen, with what was mostly glued on there.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from khobor.records import Mention
from khobor.training.words import ENDINGS

_LONGEST = 6  # of a word's end, in code points
_JOINERS = "-–’'"  # সিবিআই-কে, পিএলসি’র


class NameEnds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was seen in training.

    `words`: last words of bare names. `endings`: a label and the end of a last word, such as
    "GPE লেটে", to what was mostly glued on ("ে"); without a label, of all labels.
    """

    words: tuple[str, ...] = ()
    endings: dict[str, str] = {}


def learn_name_ends(mentions: Iterable[tuple[str, Mention]]) -> NameEnds:
    """Turn (surface, mention) pairs into NameEnds."""
    words: set[str] = set()
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for surface, mention in mentions:
        bare = surface[: mention.name_end - mention.start]
        words.add(_last_word(bare))
        glued = _nfc(surface[len(bare) :])
        for key in _keys(_last_word(surface), mention.label):
            seen[key][glued] += 1
    return NameEnds(tuple(sorted(words)), dict(sorted(_decided(seen))))


def _decided(seen: Mapping[str, Counter[str]]) -> Iterator[tuple[str, str]]:
    for key, counts in seen.items():
        yield key, max(counts, key=lambda glued: (counts[glued], len(glued), glued))


def bare_length(surface: str, label: str, learned: NameEnds, words: frozenset[str]) -> int:
    """Tell how many code points of a mention's surface are its bare name (1 at least).

    `words` is `learned.words` as a set.
    """
    word = _last_word(surface)
    if len(word) < 2:
        return len(surface)
    for key in _keys(word, label):
        # The whole word was seen: that is surer than its pieces.
        if key.endswith(f" ^{word}") and key in learned.endings:
            return _without(surface, learned.endings[key])
    joined = next((at for at in range(len(word) - 1, 1, -1) if word[at] in _JOINERS), 0)
    if joined and word[joined + 1 :] in ENDINGS:
        return _without(surface, word[joined:])
    if word in words:
        return len(surface)
    for ending in ENDINGS:
        if word.endswith(ending) and word.removesuffix(ending) in words:
            return _without(surface, ending)
    for key in _keys(word, label):
        if key in learned.endings:
            return _without(surface, learned.endings[key])
    return len(surface)


def _keys(word: str, label: str) -> Iterator[str]:
    """Yield the ends of a word, the longest first, with the label and then without."""
    framed = f"^{word}"
    ends = [framed, *(word[-n:] for n in range(min(_LONGEST, len(word)), 0, -1))]
    for end in ends:
        yield f"{label} {end}"
        yield f" {end}"


def _without(surface: str, glued: str) -> int:
    """Find where a surface, NFC or not, ends without what is glued on (NFC)."""
    whole = _nfc(surface)
    if not glued or not whole.endswith(glued) or len(whole) == len(glued):
        return len(surface)
    kept = whole.removesuffix(glued)
    for length in range(len(surface) - 1, 0, -1):
        if _nfc(surface[:length]) == kept:
            return length
    return len(surface)


def _last_word(surface: str) -> str:
    words = surface.split()
    return _nfc(words[-1]) if words else ""


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
