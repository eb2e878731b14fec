"""Kind, marking, medium and speaker's mention of a quote, by rules of the guideline (Q11 to Q17, Q31, Q32)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from khobor.records import Mention, Part, QuoteKind, QuoteMarking, QuoteMedium
from khobor.training.features import form_of
from khobor.training.mark_pairs import MARKS, find_pairs
from khobor.training.passages import Passage
from khobor.training.words import LISTS, PRONOUNS


def _forms(listed: str) -> frozenset[str]:
    return frozenset(unicodedata.normalize("NFC", listed).split())


def _stems(listed: str) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", listed).split())


_FIRST_PERSON = _forms(
    "আমি আমরা আমার আমাদের আমাকে আমাদেরকে আমাকেও আমিও আমরাও আমাদেরও আমাদেরই মোরা মোদের আমরাই আমায়"
)
# First-person verbs: করছি, করেছি, করলাম, করছিলাম, করতাম, করব, করি; and orders: করুন, দিন, রাখুন.
_FIRST_VERB = re.compile(r"(?:েছি|ছি|ছিলাম|লাম|তাম|লুম|াইনি|িনি|রিনি|ব|বো|মু|ুম)$")
_ORDER = re.compile(r"(?:ুন|ান|িন)$")
_NOT_FIRST = _forms(
    "সব খুব যাব তব রব গৌরব অভাব প্রভাব স্বভাব হিসাব জবাব নবাব সম্ভব অসম্ভব উৎসব পূর্ব গর্ব সর্ব কিতাব ভাব তাঁদেরব ক্লাব আরব"
    " বাস্তব মানব নীরব সচিব বিপ্লব প্রস্তাব দ্রুতবিচ্ছিন্নব ধানব অনুভব জীব পল্লব তিনি যিনি ইনি উনি"
)
_HONORIFIC = _forms("পাননি করেননি দেননি জানাননি হননি আসেননি")
_PUBLIC = _stems("টুইট ফেসবুক পোস্ট এক্স হ্যান্ডল ইনস্টাগ্রাম স্ট্যাটাস লাইভ ইউটিউব পেজ মন্তব্যের")
_DOCUMENT = _stems(
    "বিজ্ঞপ্তি প্রতিবেদন চিঠি বিবৃতি রায় আদেশ নোটিশ নোটিস রিপোর্ট সমীক্ষা হিসাব হিসেব তথ্য বার্তা ইমেল ইমেইল ই-মেইল স্মারকলিপি"
    " নির্দেশিকা বুলেটিন সতর্কবার্তা রুল এজাহার আবেদনপত্র দলিল তালিকা পরিসংখ্যান ফেস্টুন গণবিজ্ঞপ্তি এসএমএস প্রজ্ঞাপন ফলক সূচি"
)
_THOUGHTS = _stems("মনে ধারণা আশঙ্কা সন্দেহ অনুমান")
_BODIES = _stems(
    "পুলিশ কর্তৃপক্ষ দফতর দপ্তর অধিদপ্তর অধিদফতর সংস্থা সমিতি সরকার প্রশাসন পুরসভা পৌরসভা কমিশন বোর্ড মালিকপক্ষ হাসপাতাল"
    " থানা মন্ত্রণালয় মন্ত্রক পঞ্চায়েত সংগঠন কমিটি ক্লাব কোম্পানি ব্যাংক ব্যাঙ্ক রেল পক্ষ কার্যালয় অফিস হাইকোর্ট আদালত পরিষদ"
)
_BESIDE_TITLE = LISTS["title-of"] | LISTS["thing"]


def marking_of(
    passage: Passage, content: tuple[int, int], *, cue: bool, speaker: bool
) -> QuoteMarking:
    """Tell whether a content stands in marks, is joined by a headline's colon, or stands bare."""
    if speaker and not cue:
        return "headline"
    first, _ = content
    return "marked" if first > 0 and passage.tokens[first - 1] in MARKS else "bare"


def quoted_parts(passage: Passage, content: tuple[int, int]) -> list[tuple[int, int]]:
    """Find the parts of a bare content that are the speaker's own words in marks (Q13).

    Titles, names of schemes and things (‘দুয়ারে ত্রাণ’ শিবির), and what ends in a glued ending, are none.
    """
    first, last = content
    tokens, glued = passage.tokens[first:last], passage.glued[first:last]
    parts = []
    for pair in find_pairs(tokens, glued):
        behind = pair.close + 1
        if not pair.closed or not pair.outer or pair.close - pair.open < 2:
            continue
        following = form_of(tokens[behind]) if behind < len(tokens) else ""
        if behind < len(tokens) and (glued[behind] and following and following[0].isalpha()):
            continue
        if following in _BESIDE_TITLE or (pair.close - pair.open == 2 and following):
            continue
        parts.append((first + pair.open + 1, first + pair.close))
    return parts


def kind_of(
    passage: Passage, contents: Sequence[tuple[int, int]], marking: QuoteMarking, *, parts: bool
) -> QuoteKind:
    """Tell direct, indirect and mixed by marks, and in bare quotes by person and order (Q14)."""
    if marking == "marked":
        return "direct"
    if parts and marking == "bare":
        return "mixed"
    forms = [form for first, last in contents for form in _outside_marks(passage, first, last)]
    return "direct" if any(map(_is_first_person, forms)) else "indirect"


def _outside_marks(passage: Passage, first: int, last: int) -> list[str]:
    tokens = passage.tokens[first:last]
    inside = {
        at
        for pair in find_pairs(tokens, passage.glued[first:last])
        for at in range(pair.open, pair.close)
    }
    return [form for at, form in enumerate(passage.forms[first:last]) if at not in inside]


def _is_first_person(form: str) -> bool:
    if form in _FIRST_PERSON:
        return True
    return (
        len(form) > 3
        and form not in _NOT_FIRST
        and form not in _HONORIFIC
        and bool(_FIRST_VERB.search(form))
        and not form.endswith(("ননি", "েনি", "বিনি"))
    )


def medium_of(
    passage: Passage,
    cue: tuple[int, int] | None,
    speaker: tuple[int, int] | None,
    sentence: tuple[int, int],
) -> QuoteMedium:
    """Tell speech, post, document and unknown by speaker, cue and the words around them (Q32)."""
    said = passage.forms[slice(*cue)] if cue else ()
    names = passage.forms[slice(*speaker)] if speaker else ()
    first, last = sentence
    frame = passage.forms[first : max(first, (cue or speaker or (last, last))[1])]
    if _any(names, _PUBLIC) or (_any(frame, _PUBLIC) and _any(said, _stems("লেখ লিখ"))):
        return "post"
    if _any(names, _DOCUMENT) or _any(
        frame, _stems("বিজ্ঞপ্তিতে বিবৃতিতে চিঠিতে প্রতিবেদনে বার্তায় রায়ে আদেশে")
    ):
        return "document"
    if _any(said, _THOUGHTS) and not _any(said, _stems("প্রকাশ জানান জানিয়")):
        return "unknown"
    if _any(said, _stems("অনুযায়ী অনুসারে তথ্যমতে হিসাবে লেখ লিখ")):
        return "document"
    if names and _any(names[-1:], _BODIES):
        return "unknown"
    around = passage.forms[first:last]
    if _any(around, _stems("তরফে পক্ষ সূত্রে সূত্রের")):
        return "unknown"
    return "speech"


def _any(forms: Sequence[str], stems: Sequence[str]) -> bool:
    return any(form.startswith(stem) for form in forms for stem in stems)


class Speakers:
    """Who has spoken in a document so far: which mention a pronoun or a role points back to (Q31)."""

    def __init__(self, text: str, mentions: Sequence[Mention]) -> None:
        self._text = text
        self._mentions = sorted(mentions, key=lambda mention: mention.start)
        self._last: str | None = None

    def mention_of(self, speaker: Part | None, *, headline: bool) -> str | None:
        """Find the mention of a speaker, in the order of the quotes; None where none is named."""
        found = self._find(speaker, headline=headline)
        if speaker is not None and not headline:
            self._last = found
        return found

    def _find(self, speaker: Part | None, *, headline: bool) -> str | None:
        if speaker is None:
            return None if headline else self._last
        inside = [m for m in self._mentions if speaker.start <= m.start and m.end <= speaker.end]
        persons = [m for m in inside if m.label == "PER"]
        if persons:
            # A person that the speaker does not end with owns it: রহিমার বাবা.
            return persons[-1].id if speaker.end >= persons[-1].end else None
        words = [form_of(word) for word in self._text[speaker.start : speaker.end].split()]
        bodies = [m for m in inside if m.label in ("ORG", "GPE", "LOC", "NORP")]
        if bodies and (_ends_with(bodies[-1], speaker) or _names_document(words)):
            return bodies[-1].id if _ends_with(bodies[-1], speaker) else bodies[0].id
        if headline:
            return None
        if words and words[-1] in PRONOUNS:
            return self._pronoun(speaker.start)
        return None

    def _pronoun(self, start: int) -> str | None:
        """Find the person last named before a pronoun; else who spoke last."""
        earlier = [m for m in self._mentions if m.label == "PER" and m.end <= start]
        return earlier[-1].id if earlier else self._last


def _ends_with(mention: Mention, speaker: Part) -> bool:
    return speaker.end - mention.end <= 1


def _names_document(words: Sequence[str]) -> bool:
    return bool(words) and _any(words[-1:], (*_DOCUMENT, *_PUBLIC))
