"""The head of an article, and its tail: what stands above and below the body."""

from __future__ import annotations

import pytest

from khobor.capture.pages import capture_page
from khobor.layers.blocks import label_blocks

HEADLINE = "মেঘনার ভাঙনে ঘর হারাল তিনটি পরিবার"
SUMMARY = "ভোলার চরপাতায় ভাঙন থামেনি, দশটি ঘর সরিয়ে নেওয়া হচ্ছে বলে জানিয়েছে প্রশাসন।"
LEAD = (
    "মেঘনার ভাঙনে গত দুই দিনে চরপাতা গ্রামের তিনটি পরিবার ঘর হারিয়েছে। নদীর পাড় থেকে আরও দশটি ঘর সরিয়ে"
    " নেওয়া হচ্ছে। ক্ষতিগ্রস্তদের তালিকা তৈরি করা হচ্ছে।"
)
QUOTED = (
    "জেলে রহিম মাঝি বলেন, ‘রাতে নদীর শব্দে ঘুম ভেঙে যায়। সকালে উঠে দেখি, রান্নাঘরটি আর নেই।"
    " এখন ভাইয়ের বাড়িতে আছি, সেখানেও নদী এগিয়ে আসছে।’"
)
BODY = [("paragraph", LEAD), ("paragraph", QUOTED)]

Labels = list[tuple[str, str]]


def labels_of(content: str, source: str = "page.html") -> Labels:
    page = capture_page(content.encode(), source=source)
    return [(block.label, page.text[block.start : block.end]) for block in label_blocks(page)]


def labels_of_lines(*lines: str) -> Labels:
    return labels_of("\n\n".join(lines), "page.txt")


# --- headlines --------------------------------------------------------------------------------

BODY_HTML = f"<p>{LEAD}</p><p>{QUOTED}</p>"
HEADLINES = {
    "h1": f"<h1>{HEADLINE}</h1>",
    "h2 below the site's name": f"<h1><a href=/>দৈনিক কাশবন পত্রিকা</a></h1><h2>{HEADLINE}</h2>",
    "h1 above another h2": f"<h1>{HEADLINE}</h1><h2>চরপাতায় এখন শুধু নদীর শব্দ</h2>",
    "h1 in furniture": f"<nav><h1>দৈনিক কাশবন পত্রিকা</h1></nav><div>{HEADLINE}</div>",
    "a line": f"<div>হোম</div><div>{HEADLINE}</div>",
    "the title": f'<meta property="og:title" content="{HEADLINE}"><h1>আজকের খবর সবার আগে</h1><div>{HEADLINE}</div>',
}


@pytest.mark.parametrize("head", HEADLINES.values(), ids=HEADLINES.keys())
def test_the_headline_is_found(head: str) -> None:
    headlines = [text for label, text in labels_of(head + BODY_HTML) if label == "headline"]
    assert headlines == [HEADLINE]


def test_the_title_is_recognised_in_the_other_encoding() -> None:
    title, line = "চরে সম\u09df কম, বাড়ছে ভাঙন", "চরে সম\u09af\u09bc কম, বাড়ছে ভাঙন"
    head = (
        f'<meta property="og:title" content="{title}"><div>{line}</div><div>জেলার পাতা থেকে আজ</div>'
    )
    assert ("headline", line) in labels_of(head + BODY_HTML)


def test_a_sentence_above_the_body_is_no_headline() -> None:
    labels = labels_of_lines("আজ সারা দিন বৃষ্টি ছিল।", "হোম", "জেলা", "খেলা", LEAD, QUOTED)
    assert "headline" not in dict(labels)


# --- what stands between headline and body ----------------------------------------------------


def test_a_name_above_the_time_is_a_byline() -> None:
    assert labels_of_lines(HEADLINE, "রুমা সরকার", "১২ সেপ্টেম্বর ২০২৩", LEAD, QUOTED) == [
        ("headline", HEADLINE),
        ("byline", "রুমা সরকার"),
        ("timestamp", "১২ সেপ্টেম্বর ২০২৩"),
        *BODY,
    ]


def test_a_word_of_the_page_above_the_body_is_no_byline() -> None:
    assert labels_of_lines(HEADLINE, "ভোলা", LEAD, QUOTED)[1] == ("chrome", "ভোলা")


def test_an_element_called_summary_is_a_standfirst_however_short() -> None:
    head = f'<h1>{HEADLINE}</h1><p class="summary">ভাঙন থামেনি, বস্তা আসছে</p>'
    assert labels_of(head + BODY_HTML)[1] == ("standfirst", "ভাঙন থামেনি, বস্তা আসছে")


STANDFIRSTS = {
    "a dateline behind it": ([f"ভোলা: {LEAD}", QUOTED], [("dateline", "ভোলা:"), *BODY]),
    "a byline behind it": (
        ["ভোলা প্রতিনিধি", LEAD, QUOTED],
        [("byline", "ভোলা প্রতিনিধি"), *BODY],
    ),
    "the time behind it": (
        ["প্রকাশ: ১২ মে ২০২৩", LEAD, QUOTED],
        [("timestamp", "প্রকাশ: ১২ মে ২০২৩"), *BODY],
    ),
    "said again": (
        [LEAD, f"{QUOTED} {SUMMARY}"],
        [("paragraph", LEAD), ("paragraph", f"{QUOTED} {SUMMARY}")],
    ),
}


@pytest.mark.parametrize(("lines", "expected"), STANDFIRSTS.values(), ids=STANDFIRSTS.keys())
def test_a_sentence_under_the_headline_is_a_standfirst(lines: list[str], expected: Labels) -> None:
    assert labels_of_lines(HEADLINE, SUMMARY, *lines) == [
        ("headline", HEADLINE),
        ("standfirst", SUMMARY),
        *expected,
    ]


def test_a_short_first_paragraph_is_no_standfirst() -> None:
    labels = labels_of_lines(HEADLINE, SUMMARY, LEAD, QUOTED)
    assert labels == [("headline", HEADLINE), ("paragraph", SUMMARY), *BODY]


# --- the tail ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("নিজস্ব প্রতিবেদক", "byline"),
        ("ছবি: রুমা সরকার", "caption"),
        ("আপডেট: ১২ মে ২০২৩", "timestamp"),
        ("১২ মে ২০২৩", "chrome"),
        ("যোগাযোগ", "chrome"),
    ],
)
def test_the_line_below_the_body_may_belong_to_the_article(line: str, label: str) -> None:
    labels = labels_of_lines(HEADLINE, LEAD, QUOTED, line, "হোম", "যোগাযোগ")
    assert labels[:4] == [("headline", HEADLINE), *BODY, (label, line)]


def test_a_byline_far_below_the_body_is_another_articles() -> None:
    lines = ["হোম", "জেলা", "খেলা", "নিজস্ব প্রতিবেদক"]
    assert labels_of_lines(HEADLINE, LEAD, QUOTED, *lines)[-1] == ("chrome", "নিজস্ব প্রতিবেদক")


def test_a_reporters_name_and_place_under_the_headline_is_no_headline() -> None:
    found = labels_of_lines(HEADLINE, "উত্তম মাইতি, তমলুক", "১২ মে ২০২৩, ১০:৩০", LEAD, QUOTED)
    assert found[:3] == [
        ("headline", HEADLINE),
        ("byline", "উত্তম মাইতি, তমলুক"),
        ("timestamp", "১২ মে ২০২৩, ১০:৩০"),
    ]


def test_a_headline_under_a_read_on_title_in_the_midst_of_the_body_is_related() -> None:
    other = "কয়রায় বাঁধের ফাটল মেরামতে স্বেচ্ছাশ্রমে তিন শ মানুষ"
    found = labels_of_lines(HEADLINE, LEAD, "আরও পড়ুন", other, QUOTED)
    assert ("related", other) in found


def test_a_short_last_paragraph_behind_a_read_on_box_stays_in_the_article() -> None:
    last = "তিনি বলেন, “পুজোর আগে দাম কমবে বলে মনে হয় না।”"
    box = "<p>আরও পড়ুন: দিঘায় ফের ভাঙন, সতর্ক প্রশাসন</p>"
    found = labels_of(f"<article><h1>{HEADLINE}</h1>{BODY_HTML}{box}<p>{last}</p></article>")
    assert found[-1] == ("paragraph", last)
    assert ("chrome", "আরও পড়ুন:") in found
