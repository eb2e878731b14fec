"""A sheet for the tests of UIMA, and what is done to its files."""

from __future__ import annotations

from khobor.formats.interface import Codec, Sheet
from khobor.formats.units import settle
from khobor.records import Mention, Part, Quote

TEXT = "🙂 মেঘনার ঘাটে “কাজ” চলছে।\nতিনি বলেন, শেষ হবে।"


def part(words: str) -> Part:
    """Find words that TEXT has once."""
    start = TEXT.index(words)
    return Part(start, start + len(words), words)


RIVER = part("মেঘনার")
SHEET = Sheet(
    "page-1",
    TEXT,
    (Mention("e1", RIVER.start, RIVER.end, RIVER.end - 1, "LOC", RIVER.surface, 'নদী\n"ও" <ঘাট>'),),
    (
        Quote(
            "q1",
            (part("“কাজ” চলছে"), part("শেষ হবে")),
            "mixed",
            "marked",
            "speech",
            part("বলেন"),
            part("তিনি"),
            "e1",
            (part("কাজ"),),
        ),
    ),
)


def returned(codec: Codec, name: str, content: bytes, text: str = TEXT) -> Sheet:
    """Read a file that came back, as an import does."""
    (one,) = codec.split({name: content})
    return settle(codec.read(one, {}), text, where=one.where)
