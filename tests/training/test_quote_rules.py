"""Quotes by rules, in the orders in which newsrooms write content, cue and speaker."""

from __future__ import annotations

import pytest

from khobor.records import BlockLabel, Quote
from khobor.training.quote_taggers import find_quotes
from tests.samples import document_of


def quotes_in(*lines: tuple[BlockLabel, str]) -> list[Quote]:
    document, annotation = document_of(*lines)
    return find_quotes(document, annotation.mentions, None)


def said(quote: Quote) -> tuple[str, str | None, str | None]:
    content = " / ".join(part.surface or "" for part in quote.content)
    return (
        content,
        quote.cue.surface if quote.cue else None,
        quote.speaker.surface if quote.speaker else None,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "মাঝি রফিক মিয়া বলেন, ‘নৌকা নেই। আমরা বসে আছি।’ ঘাট ফাঁকা।",
            ("নৌকা নেই। আমরা বসে আছি।", "বলেন", "মাঝি রফিক মিয়া"),
        ),
        (
            "ঘাট আজ খোলা থাকবে বলে জানান ইজারাদার সেলিম খান।",
            ("ঘাট আজ খোলা থাকবে", "জানান", "ইজারাদার সেলিম খান"),
        ),
        (
            "“জল নেমে গেছে,” বললেন মালতী।",
            ("জল নেমে গেছে,", "বললেন", "মালতী"),
        ),
        (
            "সমিতির বিজ্ঞপ্তিতে বলা হয়েছে, ভাড়া বাড়বে না।",
            ("ভাড়া বাড়বে না।", "বলা হয়েছে", "সমিতির বিজ্ঞপ্তিতে"),
        ),
        (
            "রায়ে আদালত বলেন, মজুরি আটকে রাখা যাবে না।",
            ("মজুরি আটকে রাখা যাবে না।", "বলেন", "আদালত"),
        ),
        (
            "তাঁর দাবি, ঘাট খোলা ছিল। পরে বৃষ্টি নামে।",
            ("ঘাট খোলা ছিল।", "দাবি", "তাঁর"),
        ),
    ],
)
def test_a_saying(text: str, expected: tuple[str, str, str]) -> None:
    assert [said(quote) for quote in quotes_in(("paragraph", text))] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "ঘাটের নাম ‘পুরোনো খেয়া’ রাখা হয়েছে।",
        "বৃষ্টি নামবে বলে সবাই ঘরে ফিরল।",
        "ছয় দফা দাবি নিয়ে মিছিল বেরোয়।",
    ],
)
def test_titles_and_words_that_report_nothing_are_no_quotes(text: str) -> None:
    assert quotes_in(("paragraph", text)) == []


def test_a_headline_joins_content_and_speaker_by_a_colon() -> None:
    (quote,) = quotes_in(("headline", "চারা না পেলে বাগান থাকবে না: কমলা চাষি"))
    assert said(quote) == ("চারা না পেলে বাগান থাকবে না", None, "কমলা চাষি")
    assert quote.marking == "headline"


def test_a_pronoun_points_back_to_the_person_last_named() -> None:
    first, second = quotes_in(
        ("paragraph", "ঘাটের ইজারাদার [সেলিম খান PER] বলেন, ‘নৌকা কম।’"),
        ("paragraph", "তিনি আরও বলেন, ‘ভাড়া বাড়েনি।’"),
    )
    assert first.speaker_mention == second.speaker_mention == "e1"


@pytest.mark.parametrize(
    ("text", "kind", "medium"),
    [
        ("রফিক বলেন, ‘আমরা যাব।’", "direct", "speech"),
        ("রফিক বলেন, ঘাট খোলা থাকবে।", "indirect", "speech"),
        ("রফিক বলেন, আমরা কাল যাব।", "direct", "speech"),
        ("নোটিশে বলা হয়েছে, ঘাট বন্ধ থাকবে।", "indirect", "document"),
        ("রফিক ফেসবুকে লেখেন, ‘ঘাট বন্ধ কেন?’", "direct", "post"),
    ],
)
def test_kind_and_medium(text: str, kind: str, medium: str) -> None:
    (quote,) = quotes_in(("paragraph", text))
    assert (quote.kind, quote.medium) == (kind, medium)
