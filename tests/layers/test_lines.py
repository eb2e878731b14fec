"""Lines: what the labeller sees of them."""

from __future__ import annotations

import pytest

from khobor.capture.pages import capture_page
from khobor.layers.lines import Line, read_lines


def lines_of(source: str, name: str = "page.html") -> list[Line]:
    page = capture_page(source.encode(), source=name)
    return read_lines(page.text, page.stretches)


def seen(line: Line, field: str) -> bool:
    """Whether a line has a feature, by its words or by its place on the page."""
    return any(getattr(part, field, False) for part in (line, line.words, line.place))


def test_repeats_are_counted_in_both_encodings_and_without_a_topic() -> None:
    source = "সময় কম\nসম\u09df কম\nভোট: সময়  কম\nসময় বেশি\n".replace("য়", "\u09af\u09bc")
    assert [line.repeats for line in lines_of(source, "a.txt")] == [3, 3, 3, 1]


def test_the_share_of_links_is_that_of_their_text() -> None:
    (line,) = lines_of("<p><a href=x>ভোট</a> গণনা আজ</p>")
    assert line.link_share == pytest.approx(3 / 11)


@pytest.mark.parametrize(
    ("text", "share"),
    [("ভোট", 1.0), ("vote", 0.0), ("১২.৩০", 0.0), ("ভোট vote", 3 / 7), ("—", 0.0)],
)
def test_the_share_of_bengali_counts_letters_alone(text: str, share: float) -> None:
    (line,) = lines_of(text, "a.txt")
    assert line.bengali_share == pytest.approx(share)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ('<div class="related-news"><p>ভোট</p></div>', "furniture"),
        ('<div id="sidebar"><p>ভোট</p></div>', "furniture"),
        ("<footer><p>ভোট</p></footer>", "furniture"),
        ('<div class="ad"><p>ভোট</p></div>', "advert"),
        ("<p>বিজ্ঞাপন</p>", "advert"),
        ("<p>[ Advertisement ]</p>", "advert"),
        ("<p>শেয়ার করুন</p>", "chrome"),
        ("<p>ফেসবুক</p>", "chrome"),
        ("<p>আরও পড়ুন</p>", "related_title"),
        ("<p>হোম | জেলা | খেলা</p>", "menu"),
        ("<p>ভোলা প্রতিনিধি</p>", "byline"),
        ('<p class="author-name">রুমা সরকার</p>', "byline"),
        ("<p>১২ সেপ্টেম্বর ২০২৩</p>", "timestamp"),
        ("<p>১২ ফেব্রু\u09dfারি ২০২৩</p>", "timestamp"),
        ("<p>১২ ফেব্রু\u09af\u09bcারি ২০২৩</p>", "timestamp"),
        ("<time>আজ সকালে</time>", "timestamp"),
        ('<p class="post-date">আজ সকালে</p>', "timestamp"),
        ("<figcaption>মেঘনার পাড়</figcaption>", "caption"),
        ("<p>ছবি: রুমা সরকার</p>", "caption"),
        ('<p class="summary">মেঘনার পাড়</p>', "standfirst"),
        ("<p>• নৌকা</p>", "bullet"),
        ("<p>১। নৌকা</p>", "bullet"),
        ("<li>নৌকা</li>", "bullet"),
        ("<p>জল নামে।’</p>", "terminated"),
        ("<p>জল নামে’।</p>", "terminated"),
    ],
)
def test_a_line_is_seen_for_what_it_is(path: str, field: str) -> None:
    (line,) = lines_of(path)
    assert seen(line, field)


def test_a_sentence_of_news_is_seen_for_nothing_else() -> None:
    (line,) = lines_of(
        '<div class="shared-water header"><p>মেঘনার ভাঙনে তিনটি ঘর নদীতে গেছে।</p></div>'
    )
    fields = ("furniture", "advert", "chrome", "related_title", "menu", "glued", "byline")
    assert not any(seen(line, field) for field in fields)
    assert not any(seen(line, field) for field in ("timestamp", "caption", "bullet"))


@pytest.mark.parametrize(
    ("source", "tag"),
    [("<h2><span>ভোট</span></h2>", "h2"), ("<ul><li><b>ভোট</b></ul>", "li"), ("<b>ভোট</b>", "")],
)
def test_a_line_belongs_to_its_heading_or_nearest_block(source: str, tag: str) -> None:
    (line,) = lines_of(source)
    assert line.place.tag == tag
