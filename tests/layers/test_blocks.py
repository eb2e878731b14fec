"""Blocks: every stretch of a page has its label, and the article is found whole."""

from __future__ import annotations

import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.capture.pages import capture_page
from khobor.errors import PageError
from khobor.layers.blocks import label_blocks
from khobor.records import ARTICLE_LABELS, FURNITURE_LABELS, Block, Page
from tests import bengali

HEADLINE = "মেঘনার ভাঙনে ঘর হারাল তিনটি পরিবার"
LEAD = (
    "মেঘনার ভাঙনে গত দুই দিনে চরপাতা গ্রামের তিনটি পরিবার ঘর হারিয়েছে। নদীর পাড় থেকে আরও দশটি ঘর সরিয়ে"
    " নেওয়া হচ্ছে। উপজেলা প্রশাসন বলছে, ক্ষতিগ্রস্তদের তালিকা তৈরি করা হচ্ছে।"
)
QUOTED = (
    "গ্রামের জেলে রহিম মাঝি বলেন, ‘রাতে নদীর শব্দে ঘুম ভেঙে যায়। সকালে উঠে দেখি, রান্নাঘরটি আর নেই।"
    " ছেলেমেয়েদের নিয়ে এখন ভাইয়ের বাড়িতে আছি, সেখানেও নদী এগিয়ে আসছে।’"
)
LAST = (
    "পানি উন্নয়ন বোর্ডের প্রকৌশলী সালমা আক্তার জানান, সোমবার থেকে বালুর বস্তা ফেলার কাজ শুরু হবে। প্রথম ধাপে"
    " দুই শ মিটার এলাকায় পাঁচ হাজার বস্তা ফেলা হবে।"
)
PROMOTED = "চরে নতুন স্কুল, ক্লাস শুরু সোমবার থেকে"
OTHER = "ইলিশের দাম কমেছে মোহনার ঘাটে, খুশি ক্রেতারা"

NUKTA = {"\u09a1\u09bc": "\u09dc", "\u09a2\u09bc": "\u09dd", "\u09af\u09bc": "\u09df"}

Labels = list[tuple[str, str]]


def page_of(content: str, source: str = "page.txt") -> Page:
    return capture_page(content.encode(), source=source)


def labels_of(content: str, source: str = "page.txt") -> Labels:
    page = page_of(content, source)
    return [(block.label, page.text[block.start : block.end]) for block in label_blocks(page)]


def check_cover(text: str, blocks: tuple[Block, ...]) -> None:
    """Blocks cover all but white space, in order, without white space at their edges."""
    position = 0
    for block in blocks:
        assert text[position : block.start].strip() == ""
        content = text[block.start : block.end]
        assert content
        assert content == content.strip()
        position = block.end
    assert text[position:].strip() == ""


# --- whole pages ------------------------------------------------------------------------------

TEXT_CAPTURE = f"""হোম | জেলা | খেলা
{HEADLINE}
ভোলা প্রতিনিধি
প্রকাশ: ১২ সেপ্টেম্বর ২০২৩, ১০:২৫
ছবি: সংগৃহীত

ভোলা: {LEAD}

আরও পড়ুন: {PROMOTED}

{QUOTED}

বস্তা ফেলা শুরু

{LAST}

শেয়ার করুন
বিজ্ঞাপন
{OTHER}
যোগাযোগ
"""


def test_a_text_capture_is_labelled_line_by_line() -> None:
    assert labels_of(TEXT_CAPTURE) == [
        ("chrome", "হোম | জেলা | খেলা"),
        ("headline", HEADLINE),
        ("byline", "ভোলা প্রতিনিধি"),
        ("timestamp", "প্রকাশ: ১২ সেপ্টেম্বর ২০২৩, ১০:২৫"),
        ("caption", "ছবি: সংগৃহীত"),
        ("dateline", "ভোলা:"),
        ("paragraph", LEAD),
        ("chrome", "আরও পড়ুন:"),
        ("related", PROMOTED),
        ("paragraph", QUOTED),
        ("subheading", "বস্তা ফেলা শুরু"),
        ("paragraph", LAST),
        ("chrome", "শেয়ার করুন"),
        ("advert", "বিজ্ঞাপন"),
        ("related", OTHER),
        ("chrome", "যোগাযোগ"),
    ]


HTML_PAGE = f"""<!DOCTYPE html><html><body><nav><a href=/>হোম</a><a href=/k>খেলা</a></nav>
<article><h1>{HEADLINE}</h1><p class="summary">দশটি ঘর সরছে, বালুর বস্তা পড়বে সোমবার থেকে</p>
<div class="author">রুমা সরকার</div><time datetime="2023-09-12">১২ সেপ্টেম্বর ২০২৩</time>
<figure><img><figcaption>ভাঙনের মুখে চরপাতা</figcaption></figure>
<p>ভোলা: {LEAD}</p><p>{QUOTED}</p><h3>বস্তা ফেলা শুরু</h3><p>{LAST}</p>
<ul><li>পাঁচ হাজার বালুর বস্তা ফেলা হবে।<li>দশটি নৌকা ভাড়া করা হয়েছে।</ul><p>{LEAD}</p></article>
<aside><h4>সর্বশেষ</h4><a href=x>{OTHER}</a></aside><div class="ad-slot">বিজ্ঞাপন</div>
<footer>সম্পাদক: অনিল বর্মন</footer></body></html>"""


def test_an_html_page_is_labelled_by_its_elements_too() -> None:
    assert labels_of(HTML_PAGE, "page.html") == [
        ("chrome", "হোম"),
        ("chrome", "খেলা"),
        ("headline", HEADLINE),
        ("standfirst", "দশটি ঘর সরছে, বালুর বস্তা পড়বে সোমবার থেকে"),
        ("byline", "রুমা সরকার"),
        ("timestamp", "১২ সেপ্টেম্বর ২০২৩"),
        ("caption", "ভাঙনের মুখে চরপাতা"),
        ("dateline", "ভোলা:"),
        ("paragraph", LEAD),
        ("paragraph", QUOTED),
        ("subheading", "বস্তা ফেলা শুরু"),
        ("paragraph", LAST),
        ("list", "পাঁচ হাজার বালুর বস্তা ফেলা হবে।"),
        ("list", "দশটি নৌকা ভাড়া করা হয়েছে।"),
        ("paragraph", LEAD),
        ("chrome", "সর্বশেষ"),
        ("related", OTHER),
        ("advert", "বিজ্ঞাপন"),
        ("chrome", "সম্পাদক: অনিল বর্মন"),
    ]


@pytest.mark.parametrize(
    ("content", "source"), [(TEXT_CAPTURE, "page.txt"), (HTML_PAGE, "page.html")]
)
def test_both_encodings_of_a_letter_have_the_same_labels(content: str, source: str) -> None:
    decomposed = unicodedata.normalize("NFC", content)
    composed = re.sub("[\u09a1\u09a2\u09af]\u09bc", lambda pair: NUKTA[pair[0]], decomposed)
    assert composed != decomposed
    labels = [label for label, _ in labels_of(decomposed, source)]
    assert [label for label, _ in labels_of(composed, source)] == labels


def test_blocks_of_html_keep_the_path_of_their_element() -> None:
    paths = {block.label: block.path for block in label_blocks(page_of(HTML_PAGE, "a.html"))}
    assert paths["headline"] == "html/body/article/h1"
    assert paths["advert"] == "html/body/div.ad-slot"


def test_the_title_of_the_metadata_finds_the_headline() -> None:
    head = f'<meta property="og:title" content="{HEADLINE}">'
    body = f"<h1>দৈনিক কাশবন আজকের খবর</h1><div>{HEADLINE}</div><p>{LEAD}</p><p>{QUOTED}</p>"
    found = dict(labels_of(f"<head>{head}</head><body>{body}", "page.html"))
    assert found["headline"] == HEADLINE


DATELINES = [
    *("কলকাতা:", "নিজস্ব সংবাদদাতা, পুরুলিয়া:", "ঢাকা, ৫ অক্টোবর:", "খুলনা (বাসস):", "নয়াদিল্লি :"),
    *("চট্টগ্রামঃ", "ঢাকা, ৫ অক্টোবর ২০২১ —", "কক্স বাজার:", "ব্রাহ্মণবা\u09dcিয়া:", "কু\u09dcিগ্রাম (ইউএনবি) –"),
]


@pytest.mark.parametrize("dateline", DATELINES)
@pytest.mark.parametrize("gap", [" ", "\u00a0", "  "], ids=["space", "NBSP", "spaces"])
def test_a_dateline_is_cut_off_its_paragraph(dateline: str, gap: str) -> None:
    labels = labels_of(f"{HEADLINE}\n\n{dateline}{gap}{LEAD}\n\n{QUOTED}\n")
    assert labels[1:3] == [("dateline", dateline), ("paragraph", LEAD)]


@pytest.mark.parametrize(
    "opening", ["তিনি বলেন, সব শেষ:", "ভোলায় ভাঙন—", "২০২১:", "গ্রামের সব মানুষ এক কথা বলছেন:"]
)
def test_what_only_looks_like_a_dateline_stays_in_its_paragraph(opening: str) -> None:
    labels = labels_of(f"{HEADLINE}\n\n{opening} {LEAD}\n\n{QUOTED}\n")
    assert labels[1] == ("paragraph", f"{opening} {LEAD}")


def test_a_byline_before_a_colon_is_cut_off_too() -> None:
    labels = labels_of(f"{HEADLINE}\n\nনিজস্ব প্রতিবেদক: {LEAD}\n\n{QUOTED}\n")
    assert labels[1:3] == [("byline", "নিজস্ব প্রতিবেদক:"), ("paragraph", LEAD)]


FURNITURE_INSIDE = {
    "advert": ("বিজ্ঞাপন", [("advert", "বিজ্ঞাপন")]),
    "link": (f"আরও পড়ুন: {PROMOTED}", [("chrome", "আরও পড়ুন:"), ("related", PROMOTED)]),
}


@pytest.mark.parametrize("behind", [1, 2], ids=["behind the lead", "before the last"])
@pytest.mark.parametrize(
    ("line", "labelled"), FURNITURE_INSIDE.values(), ids=FURNITURE_INSIDE.keys()
)
def test_one_line_of_furniture_inside_the_body_is_bridged(
    line: str, labelled: Labels, behind: int
) -> None:
    """Neither the lead above it nor the paragraph below it may fall out of the article."""
    lines = [LEAD, QUOTED, LAST]
    expected: Labels = [("paragraph", paragraph) for paragraph in lines]
    lines.insert(behind, line)
    expected[behind:behind] = labelled
    assert labels_of("\n\n".join([HEADLINE, *lines])) == [("headline", HEADLINE), *expected]


def test_an_advert_element_inside_the_body_is_bridged() -> None:
    advert = '<div class="ad-slot">বিজ্ঞাপন</div>'
    source = f"<h1>{HEADLINE}</h1><p>{LEAD}</p>{advert}<p>{QUOTED}</p><p>{LAST}</p>"
    assert labels_of(source, "page.html") == [
        ("headline", HEADLINE),
        ("paragraph", LEAD),
        ("advert", "বিজ্ঞাপন"),
        ("paragraph", QUOTED),
        ("paragraph", LAST),
    ]


def test_lines_with_bullets_are_a_list_and_one_alone_is_none() -> None:
    bullets = ["• পাঁচ হাজার বালুর বস্তা ফেলা হবে।", "• দশটি নৌকা ভাড়া করা হয়েছে।"]
    lines = [HEADLINE, LEAD, *bullets, QUOTED, "১। প্রথম ধাপের কাজ শুরু হবে সোমবার।", LAST]
    labels = [label for label, _ in labels_of("\n\n".join(lines))]
    assert labels == ["headline", "paragraph", "list", "list", *("paragraph",) * 3]


def test_a_line_that_asks_to_share_is_no_promoted_headline() -> None:
    line = "খবরটি এখনই বন্ধুদের সঙ্গে শেয়ার করুন"
    assert labels_of(f"{HEADLINE}\n\n{LEAD}\n\n{QUOTED}\n\n{line}")[-1] == ("chrome", line)


def test_glued_headlines_are_blocks_of_their_own() -> None:
    glued = "ভাঙনে ঘর হারাল পরিবারRiver News: চরে নতুন স্কুল চালুSchool: ক্লাস শুরু সোমবার"
    labels = labels_of(f"{HEADLINE}\n\n{LEAD}\n\n{QUOTED}\n\nহোম\n{glued}\n")
    assert labels[-3:] == [
        ("related", "ভাঙনে ঘর হারাল পরিবার"),
        ("related", "River News: চরে নতুন স্কুল চালু"),
        ("related", "School: ক্লাস শুরু সোমবার"),
    ]


def test_a_hard_wrapped_paragraph_is_one_block_with_its_line_ends() -> None:
    wrapped = (
        "মেঘনার ভাঙনে গত দুই দিনে ভোলার চরপাতা গ্রামের তিনটি পরিবার\nঘর হারিয়েছে। আরও দশটি ঘর সরিয়ে নেওয়া"
        " হচ্ছে বলে জানিয়েছেন\nউপজেলা প্রশাসনের কর্মকর্তারা। ভাঙন থামাতে বালুর বস্তা ফেলার\nকাজ শুরু হবে সোমবার।"
    )
    labels = labels_of(f"{HEADLINE}\n\n{wrapped}\n\n{wrapped}\n\nহোম\nযোগাযোগ\n")
    assert labels == [
        ("headline", HEADLINE),
        ("paragraph", wrapped),
        ("paragraph", wrapped),
        ("chrome", "হোম"),
        ("chrome", "যোগাযোগ"),
    ]


# --- rejects ----------------------------------------------------------------------------------

REJECTS = {
    "English": (
        "The river has taken three houses in the village this week.\n\n"
        "Ten more houses are being moved, officials said on Monday, and work goes on.\n",
        "not-bengali",
    ),
    "English with a Bengali name": (
        "খবর\n\n" + "The river has taken three houses in the village this week, they said.\n" * 4,
        "not-bengali",
    ),
    "Hindi": ("नदी के कटाव में तीन घर बह गए हैं। दस और घर हटाए जा रहे हैं।\n" * 4, "not-bengali"),
    "Assamese": ("নদীৰ গৰাখহনীয়াত তিনিটা পৰিয়াল গৃহহীন হৈছে। আৰু দহটা ঘৰ ভাঙিছে।\n" * 4, "not-bengali"),
    "digits": ("১ ২ ৩ ৪ ৫\n" * 20, "no-article"),
    "section front": (f"হোম\nজেলা\n{HEADLINE}\n{PROMOTED}\n{OTHER}\nযোগাযোগ\n", "no-article"),
    "one short sentence": ("ভিডিও দেখুন এখানে।\n", "no-article"),
    "headline alone": (HEADLINE, "no-article"),
    "a few words": ("ভোট শুরু হয়। ভোট শেষ হয়।\n\nগণনা শুরু হয়। গণনা চলে।", "no-article"),
}


@pytest.mark.parametrize(("content", "reason"), REJECTS.values(), ids=REJECTS.keys())
def test_a_page_without_a_bengali_article_is_rejected(content: str, reason: str) -> None:
    with pytest.raises(PageError) as caught:
        label_blocks(page_of(content))
    assert (caught.value.reason, caught.value.where) == (reason, "page.txt")


@pytest.mark.parametrize("letter", ["ৰ", "ৱ"])
def test_one_assamese_letter_in_a_bengali_article_does_no_harm(letter: str) -> None:
    content = f"{HEADLINE}\n\n{LEAD}\n\n{QUOTED}\n\n{LAST} অসমিয়া বর্ণ {letter} নিয়ে প্রদর্শনী চলছে।\n"
    assert ("headline", HEADLINE) in labels_of(content)


# --- properties -------------------------------------------------------------------------------


def _without_assamese(text: str) -> str:
    return text.translate({ord("ৰ"): None, ord("ৱ"): None})


_LINES = st.lists(
    st.sampled_from(
        [
            *(HEADLINE, LEAD, QUOTED, LAST, PROMOTED, OTHER, "বিজ্ঞাপন", "আরও পড়ুন", "", "", "হোম"),
            *(f"আরও পড়ুন: {PROMOTED}", f"ভোলা:\u00a0{LEAD}", f"{OTHER}River News: {PROMOTED}"),
            *("হোম | জেলা | খেলা", "১। রাস্তা", "• নৌকা", "প্রকাশ: ১২ মে ২০২৩", "প্রতিনিধি"),
        ]
    )
    | bengali.texts(max_size=12).map(_without_assamese),
    max_size=12,
)
_TAGS = st.sampled_from(
    ["p", "div", "li", "h1", "h2", "a", "span", "nav", "pre", 'div class="ad"', 'p class="lead"']
)


@given(_LINES, _LINES)
def test_blocks_cover_every_text_capture(above: list[str], below: list[str]) -> None:
    page = page_of("\n".join([*above, "", LEAD, "", QUOTED, *below]))
    check_cover(page.text, label_blocks(page))


@given(st.lists(st.tuples(_TAGS, _LINES), max_size=6))
def test_blocks_cover_every_html_page(elements: list[tuple[str, list[str]]]) -> None:
    body = "".join(
        f"<{tag}>{'<br>'.join(map(html.escape, lines))}</{tag.split()[0]}>"
        for tag, lines in elements
    )
    page = page_of(f"<body><h1>{HEADLINE}</h1>{body}<p>{LEAD}</p><p>{QUOTED}</p>", "page.html")
    check_cover(page.text, label_blocks(page))


@given(_LINES)
def test_any_page_has_an_article_or_is_rejected_for_a_reason(lines: list[str]) -> None:
    try:
        blocks = label_blocks(page_of("\n".join(["হোম", *lines])))
    except PageError as error:
        reason = error.reason
    else:
        reason = None
        assert {block.label for block in blocks} & ARTICLE_LABELS
        assert {block.label for block in blocks} <= ARTICLE_LABELS | FURNITURE_LABELS
    assert reason in {None, "not-bengali", "no-article"}
