"""Reporting expressions: which tokens say that somebody says something."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

import msgspec

# verb: the subject says (বলেন); passive: it is said, by a body or a document (বলা হয়েছে);
# noun: a saying by name (তাঁর দাবি); according: by somebody's word (মতে, অনুযায়ী).
CueKind = Literal["verb", "passive", "noun", "according"]


class Cue(msgspec.Struct, frozen=True):
    """A reporting expression: tokens `[first, last)` of a passage."""

    first: int
    last: int
    kind: CueKind


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _forms(listed: str) -> frozenset[str]:
    return frozenset(_nfc(listed).split())


# Finite verbs of saying, in the forms of a report (present, perfect, past; honorific and not).
_SAYS = _forms(
    "বলেন বলেছেন বললেন বলছেন বলেছিলেন বলছিলেন বলল বলেছে বলছে বলেছিল বলছিল বললো"
    " জানান জানালেন জানিয়েছেন জানাচ্ছেন জানিয়েছিলেন জানাচ্ছিলেন জানাল জানায় জানিয়েছে জানাচ্ছে জানিয়েছিল জানালো"
    " লেখেন লিখেছেন লিখলেন লিখছেন লিখেছিলেন লেখে লিখেছে লিখল বোঝালেন বোঝাচ্ছিলেন শোনালেন চেঁচালেন"
)
# বলে is a complementiser and a participle far more often than the verb: see rules.
BOLE = _forms("বলে বলেও")
_SPOKEN = _forms("বলা জানানো লেখা বোঝানো শোনানো")
_PASSIVE = _forms("হয় হয়েছে হয়েছিল হচ্ছে হয়েছেঃ আছে রয়েছে ছিল হল হলো হইয়াছে")
_KNOWN = _forms("গেছে গিয়েছে যায় গেল")
_LIGHT = _forms(
    "করেন করেছেন করছেন করলেন করেছিলেন করে করেছে করছে করল জানান জানিয়েছেন জানালেন জানায় জানিয়েছে জানাল"
    " দেন দিয়েছেন দিলেন দিয়েছিলেন দেয় দিয়েছে দিল তোলেন তুলেছেন তুললেন তোলে তুলেছে রাখেন রেখেছেন রাখলেন"
)
# Nouns that name a saying; with a light verb or by themselves they report (guideline Q7).
NOUNS = _forms(
    "দাবি অভিযোগ মন্তব্য আহ্বান আশঙ্কা আশা আশ্বাস নির্দেশ হুঁশিয়ারি পরামর্শ অনুরোধ প্রশ্ন ঘোষণা আক্ষেপ যুক্তি জবাব"
    " ব্যাখ্যা ধারণা সন্দেহ স্বীকার উল্লেখ আর্জি আবেদন প্রস্তাব বক্তব্য ভাষ্য খবর কথা উত্তর সুপারিশ চিন্তা রসিকতা"
    " সতর্ক যোগ শুরু মত অনুমান বিশ্বাস পাল্টা তথ্য"
)
_WEAK = _forms("কথা খবর সতর্ক যোগ শুরু মত স্বীকার উল্লেখ তথ্য পাল্টা")  # report only as patterns say
_ACCORDING = _forms("মতে অনুযায়ী অনুসারে ভাষ্যমতে তথ্যমতে কথায় ভাষায় হিসাবে হিসেবে ভাষ্যে মতানুসারে বয়ানে")
_THINKS = _forms("করেন করছেন করে করছে করেছেন করলেন হয়েছে হয় হচ্ছে")
GENITIVES = re.compile(r"(?:র|দের|তাঁর|তার|এর)$")


def is_genitive(form: str) -> bool:
    """Tell whether a form may be in the genitive (সমিতির, তাঁর, গ্রামবাসীদের)."""
    return bool(GENITIVES.search(form))


def find_cues(forms: Sequence[str]) -> list[Cue]:
    """Turn the forms of a passage's tokens into its cues, in order, not overlapping."""
    cues: list[Cue] = []
    at = 0
    while at < len(forms):
        cue = _cue_at(forms, at)
        if cue is None:
            at += 1
            continue
        cues.append(cue)
        at = cue.last
    return cues


def _cue_at(forms: Sequence[str], at: int) -> Cue | None:
    form = forms[at]
    behind = forms[at + 1] if at + 1 < len(forms) else ""
    further = forms[at + 2] if at + 2 < len(forms) else ""
    before = forms[at - 1] if at else ""
    if form in _SAYS:
        return Cue(at, at + 1, "verb")
    if form in _SPOKEN and behind in _PASSIVE:
        return Cue(at, at + 2, "passive")
    if form == "জানা" and behind in _KNOWN and before in _forms("সূত্রে থেকে"):
        return Cue(at, at + 2, "passive")
    if form == "মনে" and behind in _THINKS:
        return Cue(at, at + 2, "verb")
    if form == "বলে" and behind == "," and before not in _PASSIVE:
        return Cue(at, at + 1, "verb")  # সে বলে, …: before a comma it is the verb
    if form == "বলে" and behind in _forms("ওঠেন উঠলেন ওঠে উঠল গেলেন"):
        return Cue(at, at + 2, "verb")
    if form == _nfc("যোগ") and behind in _LIGHT:
        return Cue(at, at + 2, "verb")
    if form == "জানতে" and behind in _forms("চান চেয়েছেন চাইলেন চায়"):
        return Cue(at, at + 2, "verb")
    if form in NOUNS:
        return _noun_at(forms, at, before, behind, further)
    if form in _ACCORDING and is_genitive(before):
        return Cue(at, at + 1, "according")
    if form in _forms("অনুযায়ী অনুসারে") and before in _forms(
        "হিসাব তথ্য রিপোর্ট প্রতিবেদন সমীক্ষা ভাষ্য বিবৃতি"
    ):
        return Cue(at, at + 1, "according")
    return None


def _noun_at(forms: Sequence[str], at: int, before: str, behind: str, further: str) -> Cue | None:
    """A noun of saying with its light verb, or by itself before a comma or behind বলে."""
    form = forms[at]
    if behind == "প্রকাশ" and further in _LIGHT:
        return Cue(at, at + 3, "verb")
    if behind == "করা" and further in _PASSIVE:
        return Cue(at, at + 3, "passive")
    if behind in _LIGHT and form not in _forms("কথা খবর মত তথ্য শুরু জবাব উত্তর"):
        return Cue(at, at + 2, "verb")
    if behind in _forms("জানান জানিয়েছেন জানিয়েছে") and form == "কথা":
        return Cue(at, at + 2, "verb")
    if before in BOLE and form not in _WEAK:
        return Cue(at, at + 1, "noun")
    alone = behind in (",", ":", "।", "—") or behind in _forms("তাঁর তাঁদের তার ওঁর")
    if (
        alone
        and form not in _forms("যোগ শুরু মত সতর্ক স্বীকার উল্লেখ")
        and (is_genitive(before) or behind in _forms("তাঁর তাঁদের") or before == "সূত্রের")
    ):
        return Cue(at, at + 1, "noun")
    return None
