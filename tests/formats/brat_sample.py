"""A document in brat: a sheet, the .ann that it is, and how one that came back is read."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from khobor.formats.brat import CODEC
from khobor.formats.interface import BlockSpan, Sheet, Unit
from khobor.formats.units import settle
from khobor.records import Mention, Part, Quote

TEXT = "🙂 ঢাকার রহিম খান বলেন,\n‘নদী\nনামছে’। তিনি জানান, সেতু বন্ধ।\n"
CONF = CODEC.shared()["annotation.conf"].decode()


def part(words: str, text: str = TEXT) -> Part:
    start = text.index(words)
    return Part(start, start + len(words), words)


def mention(
    name: str, label: str, words: str, *, ending: str = "", note: str | None = None
) -> Mention:
    at = part(words)
    fields = {
        "id": name,
        "start": at.start,
        "end": at.end,
        "name_end": at.end - len(ending),
        "label": label,
        "surface": words,
        "note": note,
    }
    return msgspec.convert(fields, Mention)


SHEET = Sheet(
    "padma-1",
    TEXT,
    (
        mention("dhaka", "GPE", "ঢাকার", ending="র", note="a\tb\nc"),
        mention("e7", "PER", "রহিম খান"),
    ),
    (
        Quote(
            "q1",
            (part("নদী\nনামছে"),),
            "direct",
            "marked",
            "speech",
            cue=part("বলেন"),
            speaker=part("রহিম খান"),
            speaker_mention="e7",
            note="কারণ",
        ),
        Quote(
            "q2",
            (part("সেতু বন্ধ"),),
            "mixed",
            "marked",
            "speech",
            cue=part("জানান"),
            speaker=part("তিনি"),
            speaker_mention="e7",
            quoted=(part("সেতু"), part("বন্ধ")),
        ),
    ),
)
GOLDEN = """\
T1001\tGPE 2 7\tঢাকার
T1002\tPER 8 16\tরহিম খান
T1003\tCue 17 21\tবলেন
T1004\tSpeaker 8 16\tরহিম খান
T1005\tQuote 24 27;28 33\tনদী নামছে
T1006\tCue 41 46\tজানান
T1007\tSpeaker 36 40\tতিনি
T1008\tQuoted 48 52\tসেতু
T1009\tQuoted 53 57\tবন্ধ
T1010\tQuote 48 57\tসেতু বন্ধ
E1001\tQuote:T1005 Cue:T1003 Speaker:T1004 SpeakerMention:T1002
E1002\tQuote:T1010 Cue:T1006 Speaker:T1007 SpeakerMention:T1002 Quoted:T1008 Quoted2:T1009
A1001\tEnding T1001 র
A1002\tKind E1001 direct
A1003\tMarking E1001 marked
A1004\tMedium E1001 speech
A1005\tKind E1002 mixed
A1006\tMarking E1002 marked
A1007\tMedium E1002 speech
#1001\tAnnotatorNotes T1001\ta\\tb\\nc
#1002\tAnnotatorNotes E1001\tকারণ
"""
IDS = {"T1001": "dhaka", "T1002": "e7", "E1001": "q1", "E1002": "q2"}
PAGE = Sheet(
    "page",
    "শিরোনাম\r\nপ্রথম লাইন\r\nপরের লাইন\n",
    blocks=(BlockSpan("b1", 0, 7, "headline"), BlockSpan("b2", 9, 30, "paragraph")),
)


def came_back(
    ann: str | bytes,
    *,
    text: str | bytes = TEXT,
    ours: str = TEXT,
    ids: Mapping[str, str] = IDS,
    unit: Unit | None = None,
) -> Sheet:
    """Read what came back from brat, and settle it on our text."""
    files = {
        "padma-1.ann": ann.encode() if isinstance(ann, str) else ann,
        "padma-1.txt": text.encode() if isinstance(text, str) else text,
    }
    (returned,) = CODEC.split(files)
    return settle(CODEC.read(returned, ids), ours, where=returned.where, unit=unit)
