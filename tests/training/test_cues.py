"""Reporting expressions: a verb with its light verb is one, a word that only looks like one is none."""

from __future__ import annotations

import unicodedata

import pytest

from khobor.layers.tokens import tokenize
from khobor.training.cues import find_cues
from khobor.training.features import form_of


def cues_of(text: str) -> list[tuple[str, str]]:
    spans = tokenize(text)
    forms = [form_of(text[span.start : span.end]) for span in spans]
    return [
        (text[spans[cue.first].start : spans[cue.last - 1].end], cue.kind)
        for cue in find_cues(forms)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("রহিমা বেগম বলেন, ঘাটে নৌকা নেই।", [("বলেন", "verb")]),
        ("মাঝিরা দাবি করেন, ভাড়া বাড়েনি।", [("দাবি করেন", "verb")]),
        ("বিজ্ঞপ্তিতে বলা হয়েছে, ঘাট বন্ধ।", [("বলা হয়েছে", "passive")]),
        ("আবহাওয়া দফতরের মতে, বৃষ্টি হবে।", [("মতে", "according")]),
        ("তাঁর দাবি, ঘাট খোলা ছিল।", [("দাবি", "noun")]),
        ("বাঁধ ভাঙবে বলে আশঙ্কা প্রকাশ করেন তিনি।", [("আশঙ্কা প্রকাশ করেন", "verb")]),
        ("মৌমিতা বলে, বাবা ভ্যান চালান।", [("বলে", "verb")]),
        ("বৃষ্টি হবে বলে ঘাট বন্ধ।", []),
        ("ছয় দফা দাবি নিয়ে মিছিল।", []),
    ],
)
def test_cues(text: str, expected: list[tuple[str, str]]) -> None:
    assert cues_of(text) == expected


def test_both_encodings_of_a_letter_are_one_cue() -> None:
    for text in ("জেলা প্রশাসন জানায়, ঘাট বন্ধ।", unicodedata.normalize("NFC", "জেলা প্রশাসন জানায়, ঘাট বন্ধ।")):
        assert [kind for _, kind in cues_of(text)] == ["verb"]
