"""A line of the head with byline, time and buttons: cut into its parts, to the letter."""

from __future__ import annotations

import pytest
from hypothesis import given

from khobor.capture.pages import capture_page
from khobor.layers.blocks import label_blocks
from khobor.layers.credits import cut_credits
from tests.bengali import texts

B, T, C = "byline", "timestamp", "chrome"


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        (
            "মাহবুবা খাতুন প্রকাশ: সোমবার, ২২ মে ২০২৩, ৮:১৫ এএম | হালনাগাদ: ৪:৩০ পিএম",
            [(B, "মাহবুবা খাতুন"), (T, "প্রকাশ: সোমবার, ২২ মে ২০২৩, ৮:১৫ এএম | হালনাগাদ: ৪:৩০ পিএম")],
        ),
        (
            "By: ওয়েব ডেস্ক | Updated at : 17 Jul 2022 07:48 PM (IST)",
            [(B, "By: ওয়েব ডেস্ক |"), (T, "Updated at : 17 Jul 2022 07:48 PM (IST)")],
        ),
        (
            "লেখা: জেলা ব্যুরো  প্রকাশিত: ১৩ মার্চ ২০২৪ ০৬:১৫ মন্তব্য করুন",
            [(B, "লেখা: জেলা ব্যুরো"), (T, "প্রকাশিত: ১৩ মার্চ ২০২৪ ০৬:১৫"), (C, "মন্তব্য করুন")],
        ),
        (
            "প্রকাশিত: ৮ অগস্ট ২০২৪ ০৬:৪০ আপডেট: ১১:০২ ২টি মন্তব্য",
            [(T, "প্রকাশিত: ৮ অগস্ট ২০২৪ ০৬:৪০ আপডেট: ১১:০২"), (C, "২টি মন্তব্য")],
        ),
        ("নিজস্ব প্রতিবেদক, ১২ মে ২০২২", [(B, "নিজস্ব প্রতিবেদক,"), (T, "১২ মে ২০২২")]),
    ],
)
def test_a_line_is_cut_where_a_reader_would(line: str, pieces: list[tuple[str, str]]) -> None:
    found = cut_credits(line)
    assert [(label, line[span.start : span.end]) for span, label in found] == pieces


@pytest.mark.parametrize(
    "line",
    [
        "নিজস্ব প্রতিবেদক",  # no date
        "প্রকাশ: ১২ মে ২০২২, ১০:৩০",  # nothing but the time
        "জলপাইগুড়ি, ৪ নভেম্বর ২০২২",  # a place belongs to its date
        "রবিবার, ১৭ সেপ্টেম্বর ২০২৩",  # so does a weekday
        "সাভার থেকে প্রকাশ: ১৪ মার্চ ২০২৪",
        "৫ অক্টোবর ২০২১ থেকে বন্ধ রয়েছে ঘাটটি",  # what follows is no button
        "",
    ],
)
def test_other_lines_stay_whole(line: str) -> None:
    assert cut_credits(line) == []


def test_both_encodings_of_a_letter_are_cut_alike() -> None:
    for letter in ("\u09df", "\u09af\u09bc"):
        line = f"লেখা: সময়ী রা{letter}  প্রকাশিত: ১৩ জানু{letter}ারি ২০২৪"
        spans = [line[span.start : span.end] for span, _ in cut_credits(line)]
        assert spans == [f"লেখা: সময়ী রা{letter}", f"প্রকাশিত: ১৩ জানু{letter}ারি ২০২৪"]


@given(texts(line_ends=False), texts(line_ends=False))
def test_no_letter_is_lost_or_doubled(before: str, behind: str) -> None:
    line = f"{before} প্রকাশিত: ১৩ মার্চ ২০২৪ ০৬:১৫ {behind}".strip()
    pieces = cut_credits(line)
    position = 0
    for span, _ in pieces:
        assert position <= span.start < span.end <= len(line)
        assert line[position : span.start].strip() == ""
        position = span.end
    assert not pieces or line[position:].strip() == ""


def test_a_credit_that_is_glued_to_its_caption_is_a_block_of_its_own() -> None:
    page = capture_page(
        "<html><body><h1>ঘাটে নতুন নৌকা নামল আজ</h1><figure><img><figcaption>ঘাটে নৌকার সারি, বুধবার"
        "<span>ছবি: মোহনা</span></figcaption></figure><p>চরের মানুষের পারাপারের জন্য নতুন দুটি নৌকা নেমেছে। "
        "সকাল থেকে রাত পর্যন্ত নৌকা চলবে।</p><p>ভাড়া লাগবে না শিক্ষার্থীদের, জানিয়েছে ইউনিয়ন পরিষদ।</p></body></html>".encode(),
        source="page.html",
    )
    captions = [page.text[b.start : b.end] for b in label_blocks(page) if b.label == "caption"]
    assert captions == ["ঘাটে নৌকার সারি, বুধবার", "ছবি: মোহনা"]
