"""Hard wraps and glue: lines put together, and parted, into what a reader sees."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.capture.texts import text_page
from khobor.layers.paragraphs import unglue, unwrap
from khobor.records import Stretch
from khobor.spans import Span
from tests import bengali

LEAD = (
    "মেঘনার ভাঙনে গত দুই দিনে চরপাতা গ্রামের তিনটি পরিবার ঘর হারিয়েছে। নদীর পাড় থেকে আরও দশটি ঘর সরিয়ে"
    " নেওয়া হচ্ছে। উপজেলা প্রশাসন বলছে, ক্ষতিগ্রস্তদের তালিকা তৈরি করা হচ্ছে বৃহস্পতিবারের মধ্যেই।"
)
LAST = (
    "পানি উন্নয়ন বোর্ডের প্রকৌশলী সালমা আক্তার জানান, সোমবার থেকে বালুর বস্তা ফেলার কাজ শুরু হবে। প্রথম ধাপে"
    " দুই শ মিটার এলাকায় পাঁচ হাজার বস্তা ফেলা হবে। স্থায়ী বাঁধের প্রস্তাব পাঠানো হয়েছে ঢাকায়।"
)
HEADLINES = [
    "ইলিশের দাম কমেছে মোহনার ঘাটে, খুশি ক্রেতারা, চিন্তায় জেলেরা",
    "চরে নতুন স্কুল, ক্লাস শুরু সোমবার থেকে, খুশি অভিভাবকেরা",
    "বৃষ্টি চলবে আরও তিন দিন, সতর্ক করল আবহাওয়া অফিস, ছুটি স্কুলে",
    "জেলা ফুটবলে দুই গোলে জয় পবা একাদশের, ফাইনাল শুক্রবার বিকেলে",
]


def wrap(paragraph: str, width: int) -> str:
    """Wrap as mail and terminals do: a word goes to the next line where it does not fit."""
    lines = [""]
    for word in paragraph.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def unwrapped(text: str) -> list[str]:
    page, stretches = text_page(text)
    return [page[stretch.start : stretch.end] for stretch in unwrap(page, stretches)]


@pytest.mark.parametrize("width", [45, 50, 55, 60, 65, 70, 72, 75, 80])
def test_a_wrapped_paragraph_is_one_stretch(width: int) -> None:
    paragraphs = [wrap(LEAD, width), wrap(LAST, width)]
    assert unwrapped("\n\n".join(["শিরোনাম", *paragraphs, "হোম"])) == ["শিরোনাম", *paragraphs, "হোম"]


@pytest.mark.parametrize("width", [50, 60, 70])
def test_paragraphs_that_follow_each_other_without_a_blank_line_are_told_apart(width: int) -> None:
    """Where the first word of the next line would have fitted, a paragraph ends."""
    paragraphs = [wrap(LEAD, width), wrap(LAST, width)]
    assert unwrapped("\n\n".join([wrap(LAST, width), "\n".join(paragraphs)])) == [
        wrap(LAST, width),
        *paragraphs,
    ]


def test_a_paragraph_of_two_lines_may_hold_the_longest_line_of_its_page() -> None:
    """Lines fill the width as their words happen to fit; no group alone knows the width."""
    short = "জেলা প্রশাসক শাহীন আলম বলেন, গৃহহীন তিন পরিবার সোমবার খাসজমি\nপাবে। বাকিদের তালিকা করা হচ্ছে।"
    pages = [wrap(LEAD, 60), short, wrap(LAST, 60)]
    assert max(map(len, short.split("\n"))) > max(map(len, "\n".join(pages[::2]).split("\n")))
    assert unwrapped("\n\n".join(pages)) == pages


def test_lines_that_are_paragraphs_stay_apart() -> None:
    assert unwrapped(f"{LEAD}\n{LAST}\n{LEAD}") == [LEAD, LAST, LEAD]


def test_a_list_of_headlines_stays_a_list() -> None:
    assert unwrapped("\n".join(HEADLINES)) == HEADLINES


def test_a_list_of_headlines_stays_a_list_beside_wrapped_prose() -> None:
    prose = [wrap(LEAD, 65), wrap(LAST, 65)]
    assert unwrapped("\n\n".join([*prose, "\n".join(HEADLINES)])) == [*prose, *HEADLINES]


def test_a_list_of_headlines_does_not_make_its_page_a_wrapped_one() -> None:
    """However alike their lengths: the line above a sentence is a heading, not its beginning."""
    below = [HEADLINES[0], "গত দুই দিনে তিনটি ঘর নদীতে গেছে, সরছে আরও দশটি।"]
    assert unwrapped("\n".join([*HEADLINES, "", *below])) == [*HEADLINES, *below]


def test_a_menu_stays_a_menu() -> None:
    menu = ["হোম", "জেলা", "খেলা", "বিনোদন"]
    assert unwrapped("\n".join(menu) + "\n\n" + wrap(LEAD, 60))[:4] == menu


def test_links_of_wrapped_lines_stay_with_their_paragraph() -> None:
    text = wrap(LEAD, 60)
    lines = text.split("\n")
    stretches, position = [], 0
    for number, line in enumerate(lines):
        link = Span(position, position + 4)
        stretches.append(
            Stretch(position, position + len(line), "html/body/p", number > 0, (link,))
        )
        position += len(line) + 1
    (joined,) = unwrap(text, stretches)
    assert joined == Stretch(
        0, len(text), "html/body/p", False, tuple(s.links[0] for s in stretches)
    )


@given(bengali.texts())
def test_unwrapping_keeps_all_but_white_space_in_order(decoded: str) -> None:
    text, stretches = text_page(decoded)
    joined = unwrap(text, stretches)
    assert "".join("".join(text[s.start : s.end] for s in joined).split()) == "".join(text.split())
    borders = {s.start for s in stretches}, {s.end for s in stretches}
    assert all(s.start in borders[0] and s.end in borders[1] for s in joined)


# --- glue -------------------------------------------------------------------------------------


def unglued(line: str, links: Sequence[str]) -> list[str]:
    spans = [Span(line.index(link), line.index(link) + len(link)) for link in links]
    return [line[span.start : span.end] for span in unglue(line, 0, len(line), spans)]


LONG, LONGER = "ইলিশের দাম কমেছে মোহনার ঘাটে", "বৃষ্টি চলবে আরও তিন দিন, সতর্ক অফিস"


@pytest.mark.parametrize(
    ("line", "links", "expected"),
    [
        (f"{LONG}Rain News: {LONGER}", [], [LONG, f"Rain News: {LONGER}"]),
        (f"{LONG}”Rain: {LONGER}", [], [f"{LONG}”", f"Rain: {LONGER}"]),
        (f"{LONG} WhatsApp: {LONGER}", [], [f"{LONG} WhatsApp: {LONGER}"]),
        (f"{LONG}WhatsApp {LONGER}", [], [f"{LONG}WhatsApp {LONGER}"]),
        (LONG + LONGER, [LONG, LONGER], [LONG, LONGER]),
        (f"{LONG} {LONGER}", [LONG, LONGER], [LONG, LONGER]),
        (f"হোম {LONGER}", ["হোম", LONGER], [f"হোম {LONGER}"]),
        (f"{LONG} » {LONGER}", [], [f"{LONG} »", LONGER]),
        ("হোম » জেলা » ভোলা", [], ["হোম » জেলা » ভোলা"]),
        (LONG, [LONG], [LONG]),
    ],
    ids=[
        "Latin topic",
        "Latin topic behind a quote",
        "Latin topic behind a space",
        "no colon",
        "links",
        "links with a space",
        "a short link",
        "ticker",
        "breadcrumb",
        "one headline",
    ],
)
def test_glued_headlines_are_parted(line: str, links: list[str], expected: list[str]) -> None:
    assert unglued(line, links) == expected


@given(bengali.texts(line_ends=False), st.data())
def test_ungluing_keeps_all_but_white_space_in_order(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    places = data.draw(st.lists(st.integers(start, end), max_size=4).map(sorted))
    links = [Span(a, b) for a, b in zip(places[::2], places[1::2], strict=False) if a < b]
    spans = unglue(text, start, end, links)
    found = "".join(text[span.start : span.end] for span in spans)
    assert "".join(found.split()) == "".join(text[start:end].split())
    assert all(start <= span.start < span.end <= end for span in spans)
