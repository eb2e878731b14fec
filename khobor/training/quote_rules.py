"""Quotes by rules alone: a reporting expression, what it reports, and who says it.

The rules read a passage at a time: marks in pairs (training.mark_pairs), reporting expressions
(training.cues), then content and speaker by the order in which they stand (annotations/GUIDELINE.md, Q16 to
Q30). They were written on the training split; the CRF of training.quote_taggers takes what they find as features.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from khobor.training.cues import BOLE, Cue, find_cues, is_genitive
from khobor.training.mark_pairs import MARKS, Pair, find_pairs
from khobor.training.passages import Passage
from khobor.training.roles import Saying
from khobor.training.words import LISTS, PRONOUNS

HEADLINES = frozenset({"headline", "subheading", "caption", "standfirst"})


def _forms(listed: str) -> frozenset[str]:
    return frozenset(unicodedata.normalize("NFC", listed).split())


_STOPS = frozenset("।॥৷?!")
_ADVERBS = _forms("তবে অবশ্য এদিকে কিন্তু আর এবং পরে এরপর তখন এখন যদিও অথচ তাই")
# What stands between speaker and verb without being either (guideline Q28).
_BETWEEN = _forms(
    "আরও আরো সাংবাদিকদের সাংবাদিকদেরকে মুঠোফোনে ফোনে সঙ্গে আবার পরে তখন এ দিন এদিন তাঁকে তাকে বিষয়ে"
    " সম্মেলনে জবাবে প্রশ্নের লিখিত বক্তব্যে সংবাদ সন্ধ্যায় সকালে রাতে দুপুরে বিকেলে শেষে সূত্রে সূত্রের তরফে তরফ পক্ষ থেকে যে"
    " অবশ্য নাকি সূত্র বৈঠকে ফেসবুকে ফেসবুকেও সভায় অনুষ্ঠানে আলোচনায় শুনানিতে প্রশ্নে"
)
# A participle before the name ends what the name is not (ত্রাণ নিতে আসা জুলেখা বিবি).
_PARTICIPLES = _forms(
    "আসা থাকা করা দেওয়া নেওয়া পাওয়া যাওয়া দাঁড়িয়ে বসে এসে গিয়ে নিয়ে দিয়ে করে ধরে হাতে থেকে শেষে পরে আগে"
    " দেখে চেপে মুছে হয়ে পেয়ে রেখে তুলে জানিয়ে দাঁড়ানো হওয়া প্রকাশিত বিতরণ ইচ্ছুক অনিচ্ছুক"
    " চাইলে হলে করলে গেলে পর ঝোলানো টাঙানো ফিরে শুয়ে বিষয়ে নিজেই সাঁটানো লাগানো পাঠানো জানতে চেয়ে কাছে"
)
_DATES = (
    LISTS["weekday"] | LISTS["hour"] | _forms("আজ গতকাল এদিন দিন রাতে সকালে দুপুরে বিকেলে সন্ধ্যায় ভোরে")
)
_DOCUMENTS = _forms(
    "বিজ্ঞপ্তিতে বিজ্ঞপ্তি প্রতিবেদনে প্রতিবেদন চিঠিতে বিবৃতিতে রায়ে আদেশে নোটিশে নোটিসে রিপোর্টে টুইটে পোস্টে পেজে তাতে এতে"
    " বার্তায় গণবিজ্ঞপ্তিতে নির্দেশিকায় সমীক্ষায় রুলে"
)


def find_sayings(passage: Passage) -> list[Saying]:
    """Turn a passage into the sayings that the rules find, in order."""
    pairs = find_pairs(passage.tokens, passage.glued)
    sayings = _headline(passage, pairs) if passage.label in HEADLINES else []
    if sayings:
        return sayings
    cues = find_cues(passage.forms)
    taken: set[int] = set()
    for at, cue in enumerate(cues):
        if cue.first in taken or _inside(cue.first, pairs):
            continue
        following = next((c for c in cues[at + 1 :] if not _inside(c.first, pairs)), None)
        saying = _saying(passage, cue, following, pairs, taken)
        if saying is not None:
            sayings.append(saying)
            for first, last in saying.content:
                taken.update(range(first, last))
    return sorted(sayings, key=lambda saying: saying.content[0])


def _inside(at: int, pairs: Sequence[Pair]) -> bool:
    return any(pair.open < at < pair.close for pair in pairs)


def _saying(
    passage: Passage, cue: Cue, following: Cue | None, pairs: Sequence[Pair], taken: set[int]
) -> Saying | None:
    """Find what a cue reports: in marks or bare, behind it or before it."""
    first, last = _sentence(passage, cue.first)
    behind = _skip(passage, cue.last, ("যে", ",", ":", "—", "–", "-"))
    pair = next((p for p in pairs if p.open == behind and p.outer), None)
    if pair is not None and pair.open + 1 < pair.close and _is_whole(passage, pair):
        return Saying(
            ((pair.open + 1, pair.close),),
            (cue.first, cue.last),
            _speaker_before(passage, first, cue),
        )
    before = _content_before(passage, first, cue, pairs, taken)
    if before is not None:
        speaker = _speaker_after(passage, cue.last, last)
        return Saying((before,), (cue.first, cue.last), speaker)
    comma = cue.last < last and (
        passage.tokens[cue.last] in (",", ":") or passage.forms[cue.last] == "যে"
    )
    if not comma:
        return None
    end = _bare_end(passage, cue, following, pairs)
    if behind >= end:
        return None
    speaker = _speaker_before(passage, first, cue)
    if cue.kind == "noun" and speaker is None and behind > cue.last + 1:
        speaker = _speaker_after(passage, cue.last, behind - 1)
    return Saying(((behind, end),), (cue.first, cue.last), speaker)


def _sentence(passage: Passage, at: int) -> tuple[int, int]:
    return next(
        ((first, last) for first, last in passage.sentences if first <= at < last),
        (0, len(passage)),
    )


def _skip(passage: Passage, at: int, skipped: Sequence[str]) -> int:
    while at < len(passage) and (passage.tokens[at] in skipped or passage.forms[at] in skipped):
        at += 1
    return at


def _is_whole(passage: Passage, pair: Pair) -> bool:
    """Tell a pair that holds a whole saying from one around some words of it.

    It closes its sentence, or holds the end of one.
    """
    if not pair.closed:
        return True
    behind = pair.close + 1
    if behind >= len(passage) or passage.tokens[behind] in _STOPS | {",", "—", "–"}:
        return pair.close - pair.open > 2
    return passage.tokens[pair.close - 1] in _STOPS | {","}


def _content_before(
    passage: Passage, first: int, cue: Cue, pairs: Sequence[Pair], taken: set[int]
) -> tuple[int, int] | None:
    """Find content that its cue follows: in marks, before বলে, before a comma, an infinitive."""
    at = cue.first - 1
    said = at >= first and passage.forms[at] in BOLE
    if said:
        at -= 1
    while at >= first and passage.tokens[at] in (",", "—", "–", "-"):
        at -= 1
    if at < 0 or at in taken:
        return None
    pair = next((p for p in pairs if p.closed and p.close == at and p.outer), None)
    if pair is not None and _is_whole_before(passage, pair, first):
        return (pair.open + 1, pair.close) if pair.open + 1 < pair.close else None
    if at < first:
        return None
    start = first
    while start < at and passage.forms[start] in _ADVERBS:
        start += 1
    start = max([start, *(t + 1 for t in taken if first <= t <= at)])
    comma = cue.first - 1 > at and not said
    late = comma and not _has_content_behind(passage, cue)
    infinitive = (
        cue.kind in ("verb", "passive")
        and _is_infinitive(passage.forms[at])
        and (not _has_content_behind(passage, cue))
    )
    if (said or late or infinitive) and start <= at:
        return start, at + 1
    return None


def _is_whole_before(passage: Passage, pair: Pair, first: int) -> bool:
    return pair.open <= first or pair.close - pair.open > 3 or passage.tokens[pair.close - 1] == ","


def _has_content_behind(passage: Passage, cue: Cue) -> bool:
    return cue.last < len(passage) and (
        passage.tokens[cue.last] == "," or passage.forms[cue.last] == "যে"
    )


def _is_infinitive(form: str) -> bool:
    """Tell an infinitive or a verbal noun in the genitive: করতে, রাখার, দেওয়ার."""
    return len(form) > 3 and form.endswith(("তে", "বার", "ওয়ার", "নোর", "ার"))


def _bare_end(passage: Passage, cue: Cue, following: Cue | None, pairs: Sequence[Pair]) -> int:
    """Find where a bare saying ends: before the sentence of the next cue or of a new quotation.

    মতে and অনুযায়ী reach one sentence (guideline Q23), and so does a noun (তাঁর দাবি), mostly.
    """
    last = _sentence(passage, cue.first)[1]
    if cue.kind in ("according", "noun"):
        return _without_stop(passage, last)
    limit = len(passage)
    if following is not None:
        limit = _sentence(passage, following.first)[0]
    for pair in pairs:
        if pair.open >= last:
            starts = [s for s, _ in passage.sentences]
            if pair.open in starts and _is_whole(passage, pair):
                limit = min(limit, pair.open)
    end = last
    for start, behind in passage.sentences:
        if start >= last and behind <= limit:
            end = behind
    return _without_stop(passage, max(end, min(last, len(passage))))


def _without_stop(passage: Passage, end: int) -> int:
    """Leave out a danda behind a closing mark (…‘পথে বসেছেন’।): it is the reporter's."""
    stop = end >= 2 and passage.tokens[end - 1] in _STOPS and passage.tokens[end - 2] in MARKS
    return end - 1 if stop else end


def _speaker_before(passage: Passage, first: int, cue: Cue) -> tuple[int, int] | None:
    """Find the noun phrase before a cue: from the last border to the cue, without what is between."""
    end = cue.first
    while end > first and (
        passage.forms[end - 1] in _BETWEEN | _DATES or passage.tokens[end - 1] in (",", "—")
    ):
        end -= 1
    if end > first and passage.tokens[end - 1] == ")":
        opened = next((at for at in range(end - 1, first, -1) if passage.tokens[at] == "("), None)
        end = opened if opened is not None else end
    if end <= first:
        return None
    if passage.forms[end - 1] in PRONOUNS:
        return end - 1, end
    start = end - 1
    while start > first and not _is_border(passage, start - 1):
        start -= 1
    while start < end - 1 and passage.forms[start] in _ADVERBS | _DATES:
        start += 1
    return (start, end) if start < end else None


def _is_border(passage: Passage, at: int) -> bool:
    token, form = passage.tokens[at], passage.forms[at]
    if form in _DOCUMENTS:
        return True  # রায়ে আদালত বলেন: by itself it would be the last word of the speaker
    if token in MARKS or token in "-–":
        return False
    return (
        token in _STOPS
        or token in ",;:—"
        or form in _PARTICIPLES
        or form in _DATES
        or (form.endswith(("তে", "ায়")) and not is_genitive(form))
    )


def _speaker_after(passage: Passage, first: int, last: int) -> tuple[int, int] | None:
    """Find the noun phrase behind a cue: to the end of the sentence or the next comma."""
    end = first
    while end < last and passage.tokens[end] not in _STOPS | {",", ";", ":", "(", "—"}:
        end += 1
    return (first, end) if first < end <= first + 12 else None


def _headline(passage: Passage, pairs: Sequence[Pair]) -> list[Saying]:
    """Find the quote of a headline: wholly in marks, or joined to its speaker by a colon."""
    size = len(passage)
    pair = pairs[0] if pairs else None
    if pair is not None and pair.open == 0 and pair.close == size - 1 and size > 4:
        return [Saying(((1, size - 1),))]
    colons = [at for at, token in enumerate(passage.tokens) if token == ":" and 0 < at < size - 1]
    if len(colons) != 1 or passage.label not in ("headline", "subheading"):
        return []
    colon = colons[0]
    left, right = (0, colon), (colon + 1, size)
    if _is_speaker(passage, right) and colon >= 3:
        return [Saying((_unmarked(passage, left),), None, right)]
    if _is_role(passage, left) and size - colon > 3:
        return [Saying((_unmarked(passage, right),), None, left)]
    return []


def _unmarked(passage: Passage, stretch: tuple[int, int]) -> tuple[int, int]:
    first, last = stretch
    if last - first > 2 and passage.tokens[first] in MARKS and passage.tokens[last - 1] in MARKS:
        return first + 1, last - 1
    return stretch


def _is_speaker(passage: Passage, stretch: tuple[int, int]) -> bool:
    """Tell what may be a speaker behind a headline's colon: a short phrase without a number or mark."""
    words = passage.tokens[stretch[0] : stretch[1]]
    return len(words) <= 5 and not any(
        word in MARKS or word in _STOPS | {","} or word[0].isdigit() for word in words
    )


def _is_role(passage: Passage, stretch: tuple[int, int]) -> bool:
    forms = passage.forms[stretch[0] : stretch[1]]
    return len(forms) <= 5 and (forms[-1] in LISTS["title"] or forms[-1] in LISTS["body"])
