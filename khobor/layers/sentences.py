"""Sentences of Bengali news, by a handful of rules, each with its reason.

Offsets are exact: a sentence is a span of the text, nothing is rewritten.
"""

from __future__ import annotations

import re

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
# (ড., মো., লে.). Marks that close, a danda behind them (‘কে ডাকে?’।) and emoji stay to the left.
_TERMINATOR = re.compile(
    rf"[।॥৷?!|](?:\s?[।॥৷?!])*(?P<closers>[{_CLOSERS}]*)(?P<danda>[।॥৷]?)"
    r"(?:\s?[\u2600-\u27bf\U0001f1e6-\U0001faff][\ufe0f\u200d]*)*"
)
_LATIN_DOT = re.compile(r"[A-Za-z]\.")
# A ? inside an address (form?id=7) has one of these right behind it.
_ADDRESS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789=&%/")
# English inside a Bengali page: a full stop behind a word of three Latin letters or more that is
# no abbreviation, or before a closing quote, with a capital, a Bengali letter or the end of the
# text behind it.
_LATIN_STOP = re.compile(
    r"(?<=[A-Za-z])\.(?:(?<=[A-Za-z][a-z][a-z]\.)(?<!Ltd\.)(?<!Prof\.)(?<!Inc\.)(?<!Corp\.)"
    r"(?<!Govt\.)(?<!Dept\.)(?<!Capt\.)(?<!Univ\.)(?<!Assoc\.)(?<!Hon\.)(?<!Gen\.)(?<!etc\.)"
    rf"|(?=[’”'\"]))(?P<closers>[{_CLOSERS}]*)(?P<danda>)(?=\s+[A-Z{_BENGALI}]|\s*\Z)"
)
# A sentence closed by a quotation mark goes on where its reporting verb follows:
# "… যাব।" বললেন তিনি। and ‘… হবে।’ বলে জানান। Case and emphasis may be glued on (বলেও, প্রশ্নের).
_REPORTING = re.compile(
    _either(
        r"\s*(?:(?:এমনটাই?|এমনই|এমন|এ কথা|একথা|এই কথা|এই|বলে[ওই]?|আরও)\s+)?"
        r"(?:বলে(?:ন|ছেন|ছে|ছিলেন)?|বলছে(?:ন)?|বলছিলেন|বলল(?:েন)?|জানা(?:ন|লেন|য়|ল)"
        r"|জানিয়ে(?:ছেন|ছে)?|লিখেছে(?:ন)?|লেখেন|লিখলেন|বলতে|মন্তব্য|দাবি|প্রশ্ন|অভিযোগ|বক্তব্য|স্লোগান"
        r"|জিজ্ঞেস|জিজ্ঞাসা|চিৎকার|চেঁচিয়ে"
        r"|শিরোনামে?|যোগ কর(?:েন|লেন)|মত|মতে|আশ্বাস|আর্জি|হুঁশিয়ারি)(?:ে?র|ে)?[ওই]?(?=[\s,।]|\Z)"
    )
)
# The same behind one or two words (… ম্যাচ শেষে বললেন অধিনায়ক।); with a comma before the danda the
# verb begins a saying of its own (… পরে তিনি বলেন, ‘…).
_REPORTING_LATER = re.compile(
    r"\s*(?!\S*কথা)(?:[^\s,।?!]+\s+){1,2}"
    r"(?:বললেন|বলেন|বলছেন|বলছিলেন|জানালেন|জানান|লেখেন|লিখলেন|(?:প্রশ্ন|জিজ্ঞেস) কর(?:েন|লেন))\s[^,।?!]*[।!]"
)
# How far back a rule looks inside a sentence: one of millions of marks must not take hours.
_LOOK_BACK = 2_000
# The sentence plainly goes on: "কেন?", প্রশ্ন তাঁর — and behind a closing mark “কেন?”—প্রশ্ন গ্রামের।
_GOES_ON = frozenset(",;:")
_DASHES = frozenset("–—-")
# Endings that stand behind a closing mark; any other letter there lacks its space (…।’এরপর).
_ENDING = re.compile(_either(rf"(?:র|ের|এর|কে|তে|টি|টা|টির|টার|য়|রা|দের|ও|ই)(?![{_BENGALI}])"))
_OPENERS = {"’": "‘", "”": "“", "'": "'", '"': '"'}
_LIST_LETTERS = "কখগঘঙ"
_BEFORE_LISTED = frozenset({"", *_LIST_LETTERS, *"0123456789", *"০১২৩৪৫৬৭৮৯"})
# ১। প্রথম দফা: a list number at the start of a line or behind a colon, not a sentence.
_LIST_NUMBER = re.compile(r"(?:.*:)?\s*[(]?(?:[0-9০-৯]{1,3}|[কখগঘঙ])\s*", re.DOTALL)


def split_sentences(text: str, *, wrapped: bool = False) -> list[Span]:
    """Turn a text into the spans of its sentences: code points, half-open, in order.

    Each newline ends a sentence, unless the text is `wrapped`: hard line breaks inside a
    paragraph are white space then. A span has no white space at its edges; together the spans
    cover all else.
    """
    return [Span(start, end) for start, end in sentence_bounds(text, wrapped=wrapped)]


def sentence_bounds(text: str, *, wrapped: bool = False) -> list[tuple[int, int]]:
    """Turn a text into the (start, end) of its sentences; see split_sentences."""
    bounds = []
    start = 0
    for end in _boundaries(text, wrapped):
        last = end
        while start < end and text[start].isspace():
            start += 1
        while start < last and text[last - 1].isspace():
            last -= 1
        if start < last:
            bounds.append((start, last))
        start = end
    return bounds


def _boundaries(text: str, wrapped: bool) -> list[int]:
    """Find the offsets at which sentences end, in order, the end of the text last."""
    if wrapped:
        return [*_sentence_ends(text), len(text)]
    ends: list[int] = []
    line_start = 0
    for whole in text.splitlines(keepends=True):
        ends.extend(line_start + end for end in _sentence_ends(whole.splitlines()[0]))
        line_start += len(whole)
        ends.append(line_start)
    return ends


def _sentence_ends(line: str) -> list[int]:
    """Find the offsets of a line at which terminators end sentences, in order."""
    return danda_ends(line) if _has_dandas_alone(line) else ruled_ends(line)


def ruled_ends(line: str) -> list[int]:
    """The same by asking the rules of every terminator."""
    ends = []
    start = 0
    for found in _candidates(line):
        end = _sentence_end(line, start, found)
        if end is not None:
            start = end
            ends.append(end)
    return ends


def danda_ends(line: str) -> list[int]:
    """The same where । is the only terminator, as in most paragraphs.

    Of one with a space and a letter behind it, or nothing, and no list number before it, no rule
    has anything to say, so none is asked.
    """
    ends = []
    start = 0
    place = line.find("।")
    while place >= 0:
        behind = line[place + 1 : place + 3]
        if (not behind or (behind[0] == " " and behind[1:].isalpha())) and (
            line[place - 1 : place] not in _BEFORE_LISTED
        ):
            place = start = place + 1
            ends.append(place)
        else:
            found = next(_TERMINATOR.finditer(line, place))
            place = found.end()
            end = _sentence_end(line, start, found)
            if end is not None:
                start = end
                ends.append(end)
        place = line.find("।", place)
    return ends


def _has_dandas_alone(line: str) -> bool:
    """Tell whether । is the only terminator of a line; asked one by one, which is faster."""
    return not (
        "?" in line
        or "!" in line
        or "|" in line
        or "৷" in line
        or "॥" in line
        or ("." in line and _LATIN_DOT.search(line))
    )


def _candidates(line: str) -> list[re.Match[str]]:
    found = list(_TERMINATOR.finditer(line))
    if "." in line:
        found.extend(_LATIN_STOP.finditer(line))
        found.sort(key=re.Match.start)
    return found


def _sentence_end(line: str, start: int, found: re.Match[str]) -> int | None:
    """Find where the terminator ends the sentence that began at `start`; None: it does not."""
    place, end = found.span()
    if line[place] in "|?!" and _is_no_terminator(line, place, end):
        return None
    if line[place] == "।" and _is_in_number(line, start, place):
        return None
    following = line[end : end + 8].lstrip()[:1]
    if following in _GOES_ON:
        return None
    if found["closers"] and not found["danda"]:
        return _end_behind_closers(line, start, found, following)
    return end


def _end_behind_closers(line: str, start: int, found: re.Match[str], following: str) -> int | None:
    """The same where marks close behind the terminator: the sentence may go on around them."""
    place, end = found.span()
    closers = found["closers"]
    glued = end < len(line) and line[end].isalpha() and end == found.end("closers")
    if (
        glued
        and closers[-1] in "'\""
        and line.count(closers[-1], max(start, end - _LOOK_BACK), end - 1) % 2 == 0
    ):
        return end - 1  # হয়েছে।"পরের: the mark opens what follows
    if following in _DASHES or (glued and _ENDING.match(line, end)):
        return None  # ‘কেন?’র উত্তর, ‘বিচার চাই!’-এর মতো: an ending behind the mark
    if ")" in closers and _opened_inside(line, start, place):
        return None  # an aside: তিনি (কে জানে কেন?) চলে গেলেন
    if line[place] in "?!" and _closes_title(line, start, place, closers[0]):
        return None
    if _REPORTING.match(line, end) or _REPORTING_LATER.match(line, end):
        return None
    return end


def _is_in_number(line: str, start: int, place: int) -> bool:
    """Tell the danda of a list number (১। …) or a date (১০।১২।২০২৩)."""
    before, behind = line[place - 1 : place], line[place + 1 : place + 2]
    if before.isdigit() and behind.isdigit():
        return True
    listed = before.isdigit() or (before and before in _LIST_LETTERS)
    return bool(listed) and bool(
        _LIST_NUMBER.fullmatch(line, max(start, place - _LOOK_BACK), place)
    )


def _closes_title(line: str, start: int, place: int, closer: str) -> bool:
    """Tell a title with ? or ! in mid-sentence (নাটক ‘কে ডাকে?’ দেখানো হয়) from speech.

    Speech has a comma or colon before its opening mark, or begins the sentence.
    """
    opener = _OPENERS.get(closer)
    opened = line.rfind(opener, max(start, place - _LOOK_BACK), place) if opener else -1
    before = line[max(start, opened - _LOOK_BACK) : opened].rstrip() if opened > start else ""
    return bool(before) and before[-1] not in ",:;–—-।?!"


def _is_no_terminator(line: str, place: int, end: int) -> bool:
    """Tell a | that parts menu words (no Bengali letter before it), a ? inside an address."""
    if line[place] == "|":
        return not (place and "\u0980" <= line[place - 1] <= "\u09ff")
    return end == place + 1 and line[end : end + 1] in _ADDRESS


def _opened_inside(line: str, start: int, end: int) -> bool:
    """Tell whether the last bracket before `end` opened after the sentence had begun."""
    opened = line.rfind("(", max(start, end - _LOOK_BACK), end)
    return opened > start and bool(line[max(start, opened - _LOOK_BACK) : opened].strip())
