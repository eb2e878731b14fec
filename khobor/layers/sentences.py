"""Sentences of Bengali news, by a handful of rules, each with its reason.

Offsets are exact: a sentence is a span of the text, nothing is rewritten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from khobor.spans import Span, strip_span

_BENGALI = "\u0980-\u09ff"
_CLOSERS = "’”'\"»)\\]}"
# What ends a sentence: danda । U+0964, ॥ U+0965, ? and !; ৷ U+09F7 (a currency numerator that
# keyboards offer as danda); | U+007C typed for danda, which a Bengali letter precedes (a | with
# a space before it parts menu words). '.' never ends Bengali: it abbreviates (ড., মো., লে.).
_TERMINATOR = re.compile(
    rf"(?:[।॥৷?!]|(?<=[{_BENGALI}])\|)(?:[ \u00a0]?[।॥৷?!])*(?P<closers>[{_CLOSERS}]*)"
)
# English inside a Bengali page: a full stop behind a word of three Latin letters or more (Mr.,
# Dr. are shorter), with a capital, a Bengali letter or the end of the line behind it.
_LATIN_STOP = re.compile(
    rf"(?<=[A-Za-z][a-z][a-z])\.(?P<closers>[{_CLOSERS}]*)(?=\s+[A-Z{_BENGALI}]|\s*$)", re.MULTILINE
)
# A sentence closed by a quotation mark goes on where its reporting verb follows:
# "… যাব।" বললেন তিনি। and ‘… হবে।’ বলে জানান।
_REPORTING = re.compile(
    r"\s*(?:(?:এমনটা|এমনই|এ কথা|একথা|এই কথা|বলে|আরও)\s+)?"
    r"(?:বলে(?:ন|ছেন|ছে|ছিলেন)?|বলছে(?:ন)?|বলল(?:েন)?|জানা(?:ন|লেন|য়|য়|ল)|জানিয়েছে(?:ন)?"
    r"|জানিয়েছে(?:ন)?|লিখেছে(?:ন)?|লেখেন|লিখলেন|মন্তব্য|দাবি|প্রশ্ন|অভিযোগ|বক্তব্য|যোগ কর"
    r"|মত|মতে|আশ্বাস|আর্জি|হুঁশিয়ারি|হুঁশিয়ারি)(?=[\s,।])"
)
# The sentence plainly goes on: "কেন?", প্রশ্ন তাঁর — and (সত্যি?), …
_GOES_ON = re.compile(r"\s*[,;:]|\s*[–—-]\s")
# ১। প্রথম দফা: a list number at the start of a line, not a sentence.
_LIST_NUMBER = re.compile(r"\s*[(]?[0-9০-৯]{1,3}\s*$|\s*[(]?[কখগঘঙ]\s*$")


def split_sentences(text: str, *, wrapped: bool = False) -> list[Span]:
    """Turn a text into the spans of its sentences: code points, half-open, in order.

    Each newline ends a sentence, unless the text is `wrapped`: hard line breaks inside a
    paragraph are white space then. A span has no white space at its edges; together the spans
    cover all else.
    """
    spans = []
    start = 0
    for end in _boundaries(text, wrapped):
        span = strip_span(text, start, end)
        if span.start < span.end:
            spans.append(span)
        start = end
    return spans


def _boundaries(text: str, wrapped: bool) -> Iterator[int]:
    """Yield the offsets at which a sentence ends, in order, the end of the text last."""
    line_start = 0
    lines = [text] if wrapped else text.splitlines(keepends=True)
    for line in lines:
        start = 0
        for found in _candidates(line):
            if _ends_sentence(line, start, found):
                start = found.end()
                yield line_start + start
        line_start += len(line)
        yield line_start


def _candidates(line: str) -> list[re.Match[str]]:
    found = list(_TERMINATOR.finditer(line))
    if "." in line:
        found.extend(_LATIN_STOP.finditer(line))
        found.sort(key=re.Match.start)
    return found


def _ends_sentence(line: str, start: int, found: re.Match[str]) -> bool:
    """Tell whether the terminator ends the sentence that began at `start`."""
    end = found.end()
    closers = found["closers"]
    if _GOES_ON.match(line, end):
        return False
    if closers:
        if ")" in closers and _opened_inside(line, start, found.start()):
            return False  # an aside: তিনি (কে জানে কেন?) চলে গেলেন
        if _REPORTING.match(line, end):
            return False
    return not (line[found.start()] == "।" and _LIST_NUMBER.fullmatch(line, start, found.start()))


def _opened_inside(line: str, start: int, end: int) -> bool:
    """Tell whether the last bracket before `end` opened after the sentence had begun."""
    opened = line.rfind("(", start, end)
    return opened > start and bool(line[start:opened].strip())
