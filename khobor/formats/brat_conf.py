"""What a brat folder has once: annotation.conf, visual.conf, tools.conf.

The language of these files: https://brat.nlplab.org/configuration.html
"""

from __future__ import annotations

from collections.abc import Iterator

from khobor.formats.colours import BLOCK_COLOURS, ENTITY_COLOURS, QUOTE_COLOURS
from khobor.records import (
    BLOCK_LABELS,
    ENTITY_LABELS,
    QUOTE_KINDS,
    QUOTE_MARKINGS,
    QUOTE_MEDIA,
)

# The type of a quote's event and of its trigger, which is the content.
QUOTE = "Quote"
# Types of a quote's other parts; each is also the role in which its event has it.
CUE, SPEAKER, QUOTED, CONTENT = "Cue", "Speaker", "Quoted", "Content"
PART_TYPES = (CUE, SPEAKER, QUOTED, CONTENT)
SPEAKER_MENTION = "SpeakerMention"

# What stands behind a bare name, glued on. brat's form is a list to choose from, and it drops a
# value that is not on it when anything else of the span is edited; so an ending that is not here
# is told by its length.
ENDING, ENDING_LENGTH = "Ending", "EndingLength"
ENDINGS = (
    *("ের", "র", "ে", "টি", "কে", "তে"),
    *("\u09df", "\u09af\u09bc"),  # য় U+09DF, and as য + ় U+09BC
    *("\u09dfের", "\u09af\u09bcের", "\u09dfে", "\u09af\u09bcে"),
    *("বার", "েক", "েকের", "টা", "জন", "েই", "েও", "ই", "ও", "টো", "টে", "টির", "টিতে", "টার"),
    *("জনের", "জনকে", "রও", "রা", "েরা", "দের", "টাও", "তেই", "তেও", "টিও", "টুকু"),
    *("-এর", "-এ", "-কে", "-তে", "-র", "–এর"),
)
MAX_ENDING = 30  # code points
ENDING_LENGTHS = tuple(str(length) for length in range(1, MAX_ENDING + 1))

QUOTE_VALUES: dict[str, tuple[str, ...]] = {
    "Kind": QUOTE_KINDS,
    "Marking": QUOTE_MARKINGS,
    "Medium": QUOTE_MEDIA,
}
MENTION_VALUES = {ENDING: ENDINGS, ENDING_LENGTH: ENDING_LENGTHS}

_GLYPHS: dict[str, tuple[str, ...]] = {
    "Kind": ("D", "I", "M"),
    "Marking": ("“", "-", "H"),
    "Medium": ("S", "P", "T", "?"),
    ENDING: ENDINGS,
    ENDING_LENGTH: tuple(f"+{length}" for length in ENDING_LENGTHS),
}
_PART_COLOURS = {
    QUOTE: QUOTE_COLOURS["CONTENT"],
    CONTENT: QUOTE_COLOURS["CONTENT"],
    CUE: QUOTE_COLOURS["CUE"],
    SPEAKER: QUOTE_COLOURS["SPEAKER"],
    QUOTED: QUOTE_COLOURS["QUOTED"],
}
_RULE = "-" * 20  # a line between two groups of types in brat's form


def shared_files() -> dict[str, bytes]:
    """Turn our labels and colours into the configuration of a brat folder."""
    texts = {
        "annotation.conf": _annotation(),
        "visual.conf": _visual(),
        "tools.conf": _tools(),
    }
    return {name: "".join(f"{line}\n" for line in text).encode() for name, text in texts.items()}


def _annotation() -> Iterator[str]:
    mention = f"<MENTION>={'|'.join(ENTITY_LABELS)}"
    yield "[entities]"
    yield from (*ENTITY_LABELS, _RULE, *PART_TYPES, _RULE, *BLOCK_LABELS)
    yield from ("", "[relations]")
    yield "# no relation to draw: which spans may nest and cross"
    yield "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"
    yield from ("", "[events]", mention)
    roles = (
        f"{CUE}?:{CUE}",
        f"{SPEAKER}?:{SPEAKER}",
        f"{SPEAKER_MENTION}?:<MENTION>",
        f"{QUOTED}*:{QUOTED}",
        f"{CONTENT}*:{CONTENT}",
    )
    yield f"{QUOTE}\t{', '.join(roles)}"
    yield from ("", "[attributes]", mention)
    for name, values in QUOTE_VALUES.items():
        yield f"{name}\tArg:{QUOTE}, Value:{'|'.join(values)}"
    for name, values in MENTION_VALUES.items():
        yield f"{name}\tArg:<MENTION>, Value:{'|'.join(values)}"


def _visual() -> Iterator[str]:
    yield "[labels]"
    yield f"{QUOTE} | {QUOTE} | Q"
    yield f"{CONTENT} | {CONTENT} | Q+"
    yield f"{SPEAKER} | {SPEAKER} | Sp"
    yield f"{SPEAKER_MENTION} | is"
    yield from ("", "[drawing]")
    yield "SPAN_DEFAULT\tfgColor:black, bgColor:#e6e6e6, borderColor:darken"
    yield "ARC_DEFAULT\tcolor:black, dashArray:-, arrowHead:triangle-5, labelArrow:none"
    for label, colour in (ENTITY_COLOURS | _PART_COLOURS | BLOCK_COLOURS).items():
        yield f"{label}\tbgColor:{colour}"
    yield f"{SPEAKER_MENTION}\tcolor:#1b6ca8, dashArray:3-3"
    for name, glyphs in _GLYPHS.items():
        yield f"{name}\tglyph:{'|'.join(glyphs)}"


def _tools() -> Iterator[str]:
    yield "[options]"
    yield "Validation\tvalidate:all"
    yield "Tokens\ttokenizer:whitespace"
    yield "Sentences\tsplitter:newline"
    yield "Annotation-log\tlogfile:<NONE>"
