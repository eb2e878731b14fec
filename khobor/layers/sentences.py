"""Sentences of Bengali news, by a handful of rules, each with its reason.

Offsets are exact: a sentence is a span of the text, nothing is rewritten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from khobor.spans import Span

_BENGALI = "\u0980-\u09ff"
_CLOSERS = "’”'\"»)\\]}"


def _either(pattern: str) -> str:
    """Turn a pattern in decomposed spelling into one that reads both encodings of য় ড় ঢ়."""
    for composed, decomposed in (
        ("\u09df", "\u09af\u09bc"),  # য়
        ("\u09dc", "\u09a1\u09bc"),  # ড়
        ("\u09dd", "\u09a2\u09bc"),  # ঢ়
    ):
        pattern = pattern.replace(composed, decomposed)
        pattern = pattern.replace(decomposed, f"(?:{composed}|{decomposed})")
    return pattern


# What may end a sentence: danda । U+0964, ॥ U+0965, ? and !; ৷ U+09F7 (a currency numerator that
# keyboards offer as danda); | U+007C typed for danda. '.' never ends Bengali: it abbreviates
# (ড., মো., লে.).
_TERMINATOR = re.compile(rf"[।॥৷?!|](?:\s?[।॥৷?!])*(?P<closers>[{_CLOSERS}]*)")
# A ? inside an address (form?id=7) has one of these right behind it.
_ADDRESS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789=&%/")
# English inside a Bengali page: a full stop behind a word of three Latin letters or more that is
# no abbreviation, with a capital, a Bengali letter or the end of the text behind it.
_LATIN_STOP = re.compile(
    r"(?<=[A-Za-z][a-z][a-z])(?<!Ltd)(?<!Prof)(?<!Inc)(?<!Corp)(?<!Govt)(?<!Dept)(?<!Capt)"
    r"(?<!Univ)(?<!Assoc)(?<!Hon)(?<!Gen)(?<!etc)"
    rf"\.(?P<closers>[{_CLOSERS}]*)(?=\s+[A-Z{_BENGALI}]|\s*\Z)"
)
# A sentence closed by a quotation mark goes on where its reporting verb follows:
# "… যাব।" বললেন তিনি। and ‘… হবে।’ বলে জানান। Case and emphasis may be glued on (বলেও, দাবিও).
_REPORTING = re.compile(
    _either(
        r"\s*(?:(?:এমনটাই?|এমনই|এ কথা|একথা|এই কথা|বলে[ওই]?|আরও)\s+)?"
        r"(?:বলে(?:ন|ছেন|ছে|ছিলেন)?|বলছে(?:ন)?|বলল(?:েন)?|জানা(?:ন|লেন|য়|ল)|জানিয়েছে(?:ন)?"
        r"|লিখেছে(?:ন)?|লেখেন|লিখলেন|মন্তব্য|দাবি|প্রশ্ন|অভিযোগ|বক্তব্য|যোগ কর(?:েন|লেন)"
        r"|মত|মতে|আশ্বাস|আর্জি|হুঁশিয়ারি)[ওই]?(?=[\s,।])"
    )
)
# The sentence plainly goes on: "কেন?", প্রশ্ন তাঁর — and “কেন?”—প্রশ্ন গ্রামের।
_GOES_ON = frozenset(",;:–—")
_HYPHEN = re.compile(r"\s+-\s")
# ১। প্রথম দফা: a list number at the start of a line, not a sentence.
_LIST_NUMBER = re.compile(r"\s*[(]?[0-9০-৯]{1,3}\s*|\s*[(]?[কখগঘঙ]\s*")


def split_sentences(text: str, *, wrapped: bool = False) -> list[Span]:
    """Turn a text into the spans of its sentences: code points, half-open, in order.

    Each newline ends a sentence, unless the text is `wrapped`: hard line breaks inside a
    paragraph are white space then. A span has no white space at its edges; together the spans
    cover all else.
    """
    spans = []
    start = 0
    for end in _boundaries(text, wrapped):
        while start < end and text[start].isspace():
            start += 1
        last = end
        while start < last and text[last - 1].isspace():
            last -= 1
        if start < last:
            spans.append(Span(start, last))
        start = end
    return spans


def _boundaries(text: str, wrapped: bool) -> Iterator[int]:
    """Yield the offsets at which a sentence ends, in order, the end of the text last."""
    line_start = 0
    lines = [text] if wrapped else text.splitlines(keepends=True)
    for whole in lines:
        line = whole if wrapped else whole.splitlines()[0]
        start = 0
        for found in _candidates(line):
            end = _sentence_end(line, start, found)
            if end is not None:
                start = end
                yield line_start + end
        line_start += len(whole)
        yield line_start


def _candidates(line: str) -> list[re.Match[str]]:
    found = list(_TERMINATOR.finditer(line))
    if "." in line:
        found.extend(_LATIN_STOP.finditer(line))
        found.sort(key=re.Match.start)
    return found


def _sentence_end(line: str, start: int, found: re.Match[str]) -> int | None:
    """Find where the terminator ends the sentence that began at `start`; None: it does not."""
    place, end = found.span()
    closers = found["closers"]
    if line[place] in "|?!" and _is_no_terminator(line, place, end):
        return None
    if closers and closers[-1] in "'\"" and _opens(line, start, end):
        # হয়েছে।"পরের: the mark opens what follows.
        return end - 1
    behind = line[end : end + 8]
    following = behind.lstrip()[:1]
    if following in _GOES_ON or (following == "-" and _HYPHEN.match(behind)):
        return None
    if closers:
        if ")" in closers and _opened_inside(line, start, place):
            return None  # an aside: তিনি (কে জানে কেন?) চলে গেলেন
        if _REPORTING.match(line, end):
            return None
    if place - start < 8 and line[place] == "।" and _LIST_NUMBER.fullmatch(line, start, place):
        return None
    return end


def _is_no_terminator(line: str, place: int, end: int) -> bool:
    """Tell a | that parts menu words (no Bengali letter before it), a ? inside an address."""
    if line[place] == "|":
        return not (place and "\u0980" <= line[place - 1] <= "\u09ff")
    return end == place + 1 and line[end : end + 1] in _ADDRESS


def _opens(line: str, start: int, end: int) -> bool:
    """Tell whether the straight mark before `end` opens: a letter behind it, none open before."""
    glued = end < len(line) and line[end].isalpha()
    return glued and line.count(line[end - 1], start, end - 1) % 2 == 0


def _opened_inside(line: str, start: int, end: int) -> bool:
    """Tell whether the last bracket before `end` opened after the sentence had begun."""
    opened = line.rfind("(", start, end)
    return opened > start and bool(line[start:opened].strip())
