"""HTML: the visible text as a browser lays it out, every character of it."""

from __future__ import annotations

import html
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.capture.pages import capture_page
from khobor.errors import PageError
from khobor.records import Page
from tests import bengali


def read(source: str) -> Page:
    return capture_page(source.encode(), source="page.html")


def lines(source: str) -> list[str]:
    """The lines of a page's text: what one assertion can compare with a browser's layout."""
    return read(source).text.split("\n")


LAYOUTS = {
    "runs of white space": ("<p>নদীর \t\n\r\f  পাড়</p>", ["নদীর পাড়"]),
    "white space at the edges": ("<p>\n  নদীর পাড়\n </p>", ["নদীর পাড়"]),
    "white space around inline tags": ("<p>নদীর <b> পাড় </b> ভাঙে</p>", ["নদীর পাড় ভাঙে"]),
    "no white space, no gap": ("<p>নদী<b>র</b> পাড়<i>ে</i></p>", ["নদীর পাড়ে"]),
    "NBSP is no white space": ("<p>৪০&nbsp; &nbsp;মিটার</p>", ["৪০\u00a0 \u00a0মিটার"]),
    "wide spaces stay": ("<p>৪০\u2003\u2009মিটার</p>", ["৪০\u2003\u2009মিটার"]),
    "paragraphs": ("<p>ভোট</p><p>গণনা</p>", ["ভোট", "গণনা"]),
    "text around a block": ("<div>ভোট<p>গণনা</p>ফল</div>", ["ভোট", "গণনা", "ফল"]),
    "br": ("<p>ভোট<br>গণনা<br/> ফল <br></p>", ["ভোট", "গণনা", "ফল"]),
    "headings": ("<h1>ভোট</h1><h2>গণনা</h2>ফল", ["ভোট", "গণনা", "ফল"]),
    "list": ("<ul><li>চাল<li>ডাল</ul>", ["চাল", "ডাল"]),
    "nested list": ("<ol><li>চাল<ul><li>আতপ</ul>মোটা<li>ডাল</ol>", ["চাল", "আতপ", "মোটা", "ডাল"]),
    "definitions": ("<dl><dt>চাল<dd>৫০ টাকা</dl>", ["চাল", "৫০ টাকা"]),
    "table": ("<table><tr><th>চাল<td>৫০<tr><td>ডাল<td>৯০</table>", ["চাল", "৫০", "ডাল", "৯০"]),
    "figure": ("<figure><img alt=x><figcaption>ছবি</figcaption></figure>খবর", ["ছবি", "খবর"]),
    "rule": ("<div>ভোট<hr>গণনা</div>", ["ভোট", "গণনা"]),
    "pre": ("<pre>চাল  ৫০\n  ডাল\t৯০</pre>", ["চাল  ৫০", "  ডাল\t৯০"]),
    "pre with inline tags": ("<pre>চাল <b> ৫০\nডাল</b></pre>", ["চাল  ৫০", "ডাল"]),
    "pre with CRLF": ("<pre>চাল\r\nডাল\rনুন</pre>", ["চাল", "ডাল", "নুন"]),
    "line breaks between blocks": ("<div>\n\n<p>ভোট</p>\n\n<p>গণনা</p>\n</div>", ["ভোট", "গণনা"]),
    "entities": ("<p>&quot;আম&quot; &amp; &#2460;&#x9BE;ম &lt;b&gt;</p>", ['"আম" & জাম <b>']),
    "image text is not shown": ("<p>ভোট<img alt='ছবি' title='ছবি'></p>", ["ভোট"]),
}


@pytest.mark.parametrize(("source", "expected"), LAYOUTS.values(), ids=LAYOUTS.keys())
def test_text_is_laid_out_as_a_browser_does(source: str, expected: list[str]) -> None:
    assert lines(source) == expected


def test_a_carriage_return_written_as_an_entity_is_no_line_end_of_its_own() -> None:
    """Browsers show U+000D as a space; in a page text it would be a line end to many tools."""
    assert "\r" not in read("<pre>চাল&#13;ডাল</pre>").text


UNSEEN = [
    *("script", "style", "template", "noscript", "textarea", "select", "option", "iframe"),
    *("object", "video", "audio", "canvas", "svg", "math", "title", "datalist", "noembed"),
    *("dialog", "rp"),
]


@pytest.mark.parametrize("tag", UNSEEN)
def test_what_no_reader_sees_is_no_text(tag: str) -> None:
    assert lines(f"<body><p>ভোট</p><{tag}>লুকানো</{tag}><p>গণনা</p>") == ["ভোট", "গণনা"]


@pytest.mark.parametrize(
    "attribute",
    [
        "hidden",
        'hidden=""',
        'style="display:none"',
        'style="color:red; DISPLAY : none;"',
        'style="visibility: hidden"',
    ],
)
def test_what_is_hidden_is_no_text(attribute: str) -> None:
    source = f"<p>ভোট</p><div {attribute}><p>লুকানো <b>সব</b></p></div><p>গণনা</p>"
    assert lines(source) == ["ভোট", "গণনা"]


def test_an_open_dialog_is_text() -> None:
    assert lines("<p>ভোট</p><dialog open>গণনা</dialog>") == ["ভোট", "গণনা"]


@pytest.mark.parametrize("attribute", ['style="display:block"', 'aria-hidden="true"', "style"])
def test_what_only_looks_hidden_is_text(attribute: str) -> None:
    assert lines(f"<p>ভোট</p><p {attribute}>গণনা</p>") == ["ভোট", "গণনা"]


def test_comments_and_the_head_are_no_text() -> None:
    source = "<head><title>খবর</title><meta content='x'></head><body><!-- টীকা --><p>ভো<!-- -->ট</p>"
    assert lines(source) == ["ভোট"]


def test_furniture_is_text_too() -> None:
    source = "<nav><a href=/>হোম</a></nav><main><p>ভোট</p></main><footer>যোগাযোগ</footer>"
    assert lines(source) == ["হোম", "ভোট", "যোগাযোগ"]


ADJACENT = {
    "spans": ("<div><span>প্রতিবেদক</span><span>ঢাকা</span></div>", ["প্রতিবেদক", "ঢাকা"]),
    "links": ("<nav><a href=a>খেলা</a><a href=b>জেলা</a></nav>", ["খেলা", "জেলা"]),
    "white space parts them": ("<div><b>ঢাকা</b> <b>খুলনা</b></div>", ["ঢাকা খুলনা"]),
    "text of its own": ("<div>আজ <b>ঢা</b><i>কা</i></div>", ["আজ ঢাকা"]),
    "a paragraph is no box of boxes": ("<p><b>ঢা</b><i>কা</i></p>", ["ঢাকা"]),
    "one box": ("<div><span>ঢাকা</span></div>", ["ঢাকা"]),
    "a comment between them": ("<div><b>ঢাকা</b><!-- --><b>খুলনা</b></div>", ["ঢাকা", "খুলনা"]),
}


@pytest.mark.parametrize(("source", "expected"), ADJACENT.values(), ids=ADJACENT.keys())
def test_boxes_side_by_side_are_not_glued_to_one_word(source: str, expected: list[str]) -> None:
    assert lines(source) == expected


BROKEN = {
    "unclosed": ("<div><p>ভোট<p>গণনা", ["ভোট", "গণনা"]),
    "misnested": ("<p><b>ভোট <i>গণনা</b> ফল</i></p>", ["ভোট গণনা ফল"]),
    "stray end tags": ("</div></p><p>ভোট</b></span> গণনা</p></body></html>", ["ভোট গণনা"]),
    "text after the end": ("<html><body><p>ভোট</p></body></html>গণনা", ["ভোট", "গণনা"]),
    "two bodies": ("<body><p>ভোট</p></body><body><p>গণনা</p>", ["ভোট", "গণনা"]),
    "bare text": ("ভোট গণনা", ["ভোট গণনা"]),
    "quote left open": ('<p>ভোট</p><a href="x>গণনা', ["ভোট"]),
    "tag left open": ("<p>ভোট</p><p class=", ["ভোট"]),
    "less-than in text": ("<p>৩ < ৫ এবং ৭<৯</p>", ["৩ < ৫ এবং ৭<৯"]),
    "NUL": ("<p>ভো\0ট</p>", ["ভোট"]),
    "script left open": ("<p>ভোট</p><script>var a = '<p>গণনা</p>'", ["ভোট"]),
    "half a surrogate pair": ("<p>ভোট&#xD800;</p>", ["ভোট\ufffd"]),
}


@pytest.mark.parametrize(("source", "expected"), BROKEN.values(), ids=BROKEN.keys())
def test_broken_markup_is_read_as_browsers_do(source: str, expected: list[str]) -> None:
    assert lines(source) == expected


@pytest.mark.parametrize("tag", ["div", "span", "i"])
def test_deep_nesting_is_read(tag: str) -> None:
    page = read(f"<{tag}>" * 3_000 + "ভোট")
    assert page.text == "ভোট"
    assert 0 < len(page.stretches[0].path) < 1_000


@pytest.mark.parametrize("source", ["<p></p>", "<p> &nbsp; </p>", "<p>\u200b\ufeff</p>", "<img>"])
def test_a_page_that_shows_nothing_is_empty(source: str) -> None:
    with pytest.raises(PageError) as caught:
        read(source)
    assert caught.value.reason == "empty"


# --- stretches --------------------------------------------------------------------------------


def links(source: str) -> list[list[str]]:
    page = read(source)
    return [[page.text[a.start : a.end] for a in line.links] for line in page.stretches]


LINKS = {
    "inside a line": ("<p>আজ <a href=x>ভোট</a> ও <a href=y>গণনা</a>।</p>", [["ভোট", "গণনা"]]),
    "white space inside": ("<p>আজ<a href=x> ভোট </a>চলছে</p>", [["ভোট"]]),
    "white space outside": ("<p>আজ <a href=x>ভোট</a> চলছে</p>", [["ভোট"]]),
    "inline tags inside": ("<p><a href=x>ভো<b>ট</b></a></p>", [["ভোট"]]),
    "over a br": ("<p>আজ <a href=x>ভোট<br>গণনা</a> চলছে</p>", [["ভোট"], ["গণনা"]]),
    "around blocks": ("<a href=x><h2>ভোট</h2><p>গণনা</p></a>ফল", [["ভোট"], ["গণনা"], []]),
    "empty": ("<p>আজ <a href=x></a>ভোট <a href=y> </a></p>", [[]]),
    "hidden": ("<p>আজ <a href=x hidden>ভোট</a></p>", [[]]),
    "image alone": ("<p>আজ <a href=x><img alt=ভোট></a> ভোট</p>", [[]]),
    "no-break space": ("<p>আজ&nbsp;<a href=x>&nbsp;ভোট</a></p>", [["ভোট"]]),
}


@pytest.mark.parametrize(("source", "expected"), LINKS.values(), ids=LINKS.keys())
def test_links_are_spans_of_their_own_text(source: str, expected: list[list[str]]) -> None:
    assert links(source) == expected


def test_a_stretch_continues_the_line_before_one_br_alone() -> None:
    source = "<p>ক<br>খ<br><br>গ</p><p>ঘ<br> <br>ঙ<br>চ</p>"
    assert [line.continues for line in read(source).stretches] == [
        *(False, True, False),
        *(False, False, True),
    ]


def test_lines_of_pre_continue_each_other() -> None:
    page = read("<pre>ক\nখ\n\nগ</pre>")
    assert [line.continues for line in page.stretches] == [False, True, False]


def test_a_path_names_elements_ids_and_classes_down_to_the_text() -> None:
    source = '<div id="main" class="post  body"><h1 class="a/b"><b>ভোট</b></h1><p>গণনা</p></div>'
    assert [line.path for line in read(source).stretches] == [
        "html/body/div#main.post.body/h1.a_b/b",
        "html/body/div#main.post.body/p",
    ]


def test_a_path_holds_no_white_space_and_stays_short() -> None:
    source = f'<div id="a b\n/c" class="{"long " * 1_000}">' * 200 + "ভোট"
    (line,) = read(source).stretches
    assert not re.search(r"\s", line.path)
    assert len(line.path) < 3_000


# --- properties -------------------------------------------------------------------------------


def _visible(text: str) -> str:
    """White space of CSS collapsed; the parser drops NUL and reads CR as a line end."""
    return re.sub("[ \t\n\r\f]+", " ", text.replace("\0", "")).strip(" ")


@given(bengali.texts())
def test_every_character_of_a_paragraph_is_kept(text: str) -> None:
    assert lines(f"<p>{html.escape(text)}ভোট</p>") == [_visible(f"{text}ভোট")]


def _ink(text: str) -> str:
    """What a page shows: lines of white space and format characters alone are left out."""
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) != "Cf")


TAGS = ("div", "span", "p", "b", "i", "li", "h2", "section", "a", "ul", "blockquote", "pre", "font")
UNSEEN_LEAF = st.sampled_from(
    ["<script>x</script>", "<!-- x -->", "<p hidden>x</p>", "<br>", "<img>"]
)


def _trees() -> st.SearchStrategy[str]:
    leaves = bengali.texts(max_size=8).map(html.escape) | UNSEEN_LEAF
    return st.recursive(
        leaves,
        lambda inner: st.builds(
            "<{0}>{1}</{0}>".format, st.sampled_from(TAGS), st.lists(inner, max_size=4).map("".join)
        ),
        max_leaves=20,
    )


@given(_trees())
def test_nothing_visible_vanishes_and_nothing_changes_its_place(tree: str) -> None:
    """The characters of the page text are those of the source, in order, but for white space."""
    seen = re.sub(r"<script>x</script>|<!-- x -->|<p hidden>x</p>|<[^>]*>", "", tree)
    expected = html.unescape(seen).replace("\0", "")
    assert _ink(read(f"<body><p>শুরু</p>{tree}").text) == _ink("শুরু" + expected)


@given(_trees())
def test_stretches_are_lines_of_the_page_text_in_order(tree: str) -> None:
    page = read(f"<body><p>শুরু</p>{tree}")
    position = 0
    for stretch in page.stretches:
        assert page.text[position : stretch.start].strip() == ""
        line = page.text[stretch.start : stretch.end]
        assert line
        assert line == line.strip()
        assert "\n" not in line
        for link in stretch.links:
            assert stretch.start <= link.start < link.end <= stretch.end
        position = stretch.end
    assert page.text[position:].strip() == ""
