"""Metadata: what an HTML page says of itself, and nothing where it cannot be believed."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.capture.pages import capture_page
from khobor.records import Metadata

ARTICLE: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "url": "https://kashban.example/7",
    "headline": "চরে নতুন স্কুল",
    "datePublished": "2023-09-17T10:25:00+06:00",
    "articleSection": "শিক্ষা",
    "publisher": {"@type": "Organization", "name": "দৈনিক কাশবন"},
    "author": [{"@type": "Person", "name": "রুমা সরকার"}, {"name": "অনিল বর্মন"}],
}
META = """
<meta property="og:url" content="https://kashban.example/8">
<meta property="og:title" content="চরে স্কুল">
<meta property="og:site_name" content="কাশবন">
<meta property="article:section" content="সারা দেশ">
<meta property="article:published_time" content="2023-09-17T11:00:00+06:00">
"""
OF_ARTICLE = Metadata(
    url="https://kashban.example/7",
    title="চরে নতুন স্কুল",
    publisher="দৈনিক কাশবন",
    section="শিক্ষা",
    authors=("রুমা সরকার", "অনিল বর্মন"),
    published_at="2023-09-17T10:25:00+06:00",
    published_source="json-ld",
)
OF_META = Metadata(
    url="https://kashban.example/8",
    title="চরে স্কুল",
    publisher="কাশবন",
    section="সারা দেশ",
    published_at="2023-09-17T11:00:00+06:00",
    published_source="opengraph",
)


def script(value: Any) -> str:
    content = value if isinstance(value, str) else json.dumps(value)
    return f'<script type="application/ld+json">{content}</script>'


def read(head: str, body: str = "") -> Metadata:
    source = f"<html><head>{head}</head><body><p>খবর</p>{body}</body></html>"
    return capture_page(source.encode(), source="page.html").metadata


NESTINGS = {
    "alone": ARTICLE,
    "list": [{"@type": "WebSite", "name": "কাশবন"}, ARTICLE],
    "graph": {"@context": "x", "@graph": [{"@type": "BreadcrumbList"}, ARTICLE]},
    "graph of one": {"@graph": ARTICLE},
    "list in graph in list": [{"@graph": [[ARTICLE]]}],
    "several types": {**ARTICLE, "@type": ["Thing", "NewsArticle"]},
    "another kind of article": {**ARTICLE, "@type": "ReportageNewsArticle"},
    "lists of one": {**ARTICLE, "headline": ["চরে নতুন স্কুল"], "publisher": [ARTICLE["publisher"]]},
    "names alone": {**ARTICLE, "publisher": "দৈনিক কাশবন", "author": ["রুমা সরকার", "অনিল বর্মন"]},
    "white space": {**ARTICLE, "headline": " চরে নতুন স্কুল\n"},
}


@pytest.mark.parametrize("value", NESTINGS.values(), ids=NESTINGS.keys())
def test_an_article_is_found_wherever_json_ld_holds_it(value: Any) -> None:
    assert read(script(value) + META) == OF_ARTICLE


def test_json_ld_may_stand_anywhere_on_the_page() -> None:
    assert read(script({"@type": "WebSite", "url": "x"}), script(ARTICLE)) == OF_ARTICLE


def test_of_two_articles_the_first_one_is_the_page() -> None:
    other = {**ARTICLE, "headline": "আরও খবর"}
    assert read(script(ARTICLE) + script(other)) == OF_ARTICLE


BROKEN = {
    "cut off": '{"@type": "NewsArticle", "headline": "চ',
    "line end in a string": '{"@type": "NewsArticle", "headline": "ক\nখ"}',
    "trailing comma": '{"@type": "NewsArticle",}',
    "empty": "",
    "a comment": "<!-- {} -->",
    "nested without end": "[" * 100_000,
    "nested deep": "[" * 500 + "]" * 500,
    "no article": {"@type": "WebSite", "url": "https://kashban.example"},
    "a number": "1" * 5_000,
    "values of other kinds": {
        **{"@type": "NewsArticle", "headline": 7, "url": {"x": []}, "datePublished": [None]},
        **{"author": [None, 3, [], {}], "publisher": {"name": None}, "articleSection": []},
    },
    "type of another kind": {**ARTICLE, "@type": {"x": 1}},
    "null": None,
}


@pytest.mark.parametrize("value", BROKEN.values(), ids=BROKEN.keys())
def test_broken_json_ld_leaves_the_word_to_the_other_sources(value: Any) -> None:
    assert read(script(value) + META) == OF_META


def test_broken_json_ld_does_not_hide_a_sound_one() -> None:
    assert read(script("{") + script(ARTICLE)) == OF_ARTICLE


def test_half_a_surrogate_pair_in_json_ld_does_no_harm() -> None:
    """It is no character: a record that held it could not be written."""
    metadata = read(
        script('{"@type": "NewsArticle", "headline": "চর \\ud83d", "author": "\\udc00"}')
    )
    assert msgspec.json.decode(msgspec.json.encode(metadata), type=Metadata) == metadata


def test_a_page_that_says_nothing_has_no_metadata() -> None:
    assert read("<title>খবর</title>") == Metadata()


def test_a_text_capture_has_no_metadata() -> None:
    assert capture_page((META + script(ARTICLE)).encode(), source="a.txt").metadata == Metadata()


@pytest.mark.parametrize(
    "head",
    [
        '<meta name="og:title" content=" চরে স্কুল ">',
        '<meta property="OG:Title" content="চরে স্কুল"><meta property="og:title" content="দ্বিতীয়">',
        '<meta property="og:title" content=""><meta property="og:title" content="চরে স্কুল">',
    ],
    ids=["name", "the first of two", "an empty one before"],
)
def test_meta_elements_are_read_as_they_are_written_in_the_wild(head: str) -> None:
    assert read(head).title == "চরে স্কুল"


def test_a_canonical_link_is_the_last_source_of_the_url() -> None:
    link = '<link rel="canonical" href="https://kashban.example/9">'
    assert read(link).url == "https://kashban.example/9"
    assert read(link + META).url == "https://kashban.example/8"


# --- dates ------------------------------------------------------------------------------------

TIME = '<time datetime="{}">আজ</time>'
MORNING, NOON = "2023-09-17T10:25:00+06:00", "2023-09-17T12:00:00+06:00"


def published(head: str, body: str = "") -> tuple[str | None, str | None]:
    metadata = read(head, body)
    return metadata.published_at, metadata.published_source


def dated(value: object) -> str:
    return script({"@type": "NewsArticle", "datePublished": value})


def test_one_time_element_dates_the_page() -> None:
    assert published("", TIME.format(MORNING)) == (MORNING, "time")
    assert published("", TIME.format(MORNING) * 3) == (MORNING, "time")


def test_several_times_are_those_of_other_headlines_too() -> None:
    assert published("", TIME.format(MORNING) + TIME.format(NOON)) == (None, None)


def test_several_times_do_not_hide_a_better_source() -> None:
    body = TIME.format(NOON) + TIME.format("2023-01-01")
    assert published(dated(MORNING), body) == (MORNING, "json-ld")


WRONG = [
    *("", "17 September 2023", "2023-13-45", "2023-02-30T10:00:00", "0000-00-00", "গতকাল"),
    *("১৭ সেপ্টেম্বর ২০২৩", "2023-09-17T25:61:00", "1694924700", "null", 1694924700, None, {"x": 1}),
]


@pytest.mark.parametrize("value", WRONG)
def test_a_wrong_date_is_left_out(value: object) -> None:
    assert published(dated(value)) == (None, None)
    if isinstance(value, str):
        assert published("", TIME.format(value)) == (None, None)
        head = f'<meta property="article:published_time" content="{value}">'
        assert published(head) == (None, None)


@pytest.mark.parametrize("value", WRONG)
def test_a_wrong_date_leaves_the_word_to_the_next_source(value: object) -> None:
    assert published(dated(value) + META) == ("2023-09-17T11:00:00+06:00", "opengraph")
    assert published(dated(value), TIME.format(MORNING)) == (MORNING, "time")


@pytest.mark.parametrize(
    "value", [MORNING, "2023-09-17", "2023-09-17T04:25:00Z", "2023-09-17T04:25:00.000Z"]
)
def test_a_date_stays_as_the_page_writes_it(value: str) -> None:
    assert published(dated(value)) == (value, "json-ld")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(MORNING),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*ARTICLE, "@graph", "name"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*ARTICLE, "@graph", "name"]), _JSON, max_size=8))
def test_any_json_ld_gives_metadata_that_can_be_written(value: dict[str, Any]) -> None:
    metadata = read(script({**value, "@type": "NewsArticle"}))
    assert msgspec.json.decode(msgspec.json.encode(metadata), type=Metadata) == metadata
