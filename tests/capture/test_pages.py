"""Pages: what capture says of the payload, whatever form it has."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given

from khobor.capture.pages import capture_page, text_sha256
from khobor.errors import PageError
from tests import bengali

TEXT = "চরে নতুন স্কুল\nক্লাস শুরু হয়েছে।\n"
HTML = "<!DOCTYPE html><html><body><h1>চরে নতুন স্কুল</h1><p>ক্লাস শুরু হয়েছে।</p></body></html>"


def medium(content: str, source: str) -> str:
    return capture_page(content.encode(), source=source).medium


@pytest.mark.parametrize("name", ["page.html", "page.HTM", "page.xhtml", "a.b.html"])
def test_a_suffix_of_html_decides(name: str) -> None:
    assert medium("চরে নতুন স্কুল", name) == "html"


@pytest.mark.parametrize("name", ["page.txt", "page.TXT"])
def test_a_text_capture_stays_text_whatever_it_holds(name: str) -> None:
    page = capture_page(HTML.encode(), source=name)
    assert (page.medium, page.text) == ("text", HTML)


@pytest.mark.parametrize(
    "start", ["<!DOCTYPE html>", "\n <html lang=bn>", "<head>", "<BODY>", "<?xml?>", "<!-- x -->"]
)
def test_without_a_suffix_the_content_decides(start: str) -> None:
    assert medium(start + "<p>চরে নতুন স্কুল</p>", "page") == "html"
    assert medium("চরে <b>নতুন</b> স্কুল", "page") == "text"


def test_a_mark_before_the_markup_does_not_hide_it() -> None:
    assert medium("\ufeff" + HTML, "page") == "html"


@pytest.mark.parametrize("source", ["page.txt", "page.html"])
def test_a_page_carries_the_hashes_of_its_payload_and_its_text(source: str) -> None:
    raw = b"\xef\xbb\xbf" + (TEXT if source == "page.txt" else HTML).encode()
    page = capture_page(raw, source=source)
    assert page.raw_sha256 == hashlib.sha256(raw).hexdigest()
    assert page.text_sha256 == hashlib.sha256(page.text.encode()).hexdigest()
    assert page.doc_id == page.raw_sha256[:16]
    assert page.source == source
    assert page.charset == "utf-8"


def test_the_catalogue_names_a_page_where_it_does() -> None:
    assert capture_page(TEXT.encode(), source="a.txt", doc_id="char-school").doc_id == "char-school"


def test_capture_is_a_function_of_bytes_and_name() -> None:
    assert capture_page(HTML.encode(), source="a") == capture_page(HTML.encode(), source="a")


@given(bengali.texts())
def test_texts_that_differ_in_one_character_have_other_hashes(text: str) -> None:
    """Above all where they look alike: \u09df and \u09af\u09bc, with and without a joiner."""
    variants = [text, text + "\u200c", text + "\u200d", text + "\u09df", text + "\u09af\u09bc"]
    assert len(set(map(text_sha256, variants))) == 5


@pytest.mark.parametrize(
    ("raw", "source", "reason"),
    [
        (b"", "page.txt", "empty"),
        (b"\xef\xbb\xbf", "page.txt", "empty"),
        (b"\xef\xbb\xbf \n\xc2\xa0", "page.txt", "empty"),
        (b"<html><script>x</script></html>", "page.html", "empty"),
        (b"\xff\xfe", "page.html", "empty"),
        (bytes(range(128, 256)), "page.html", "undecodable"),
    ],
)
def test_a_page_without_text_is_rejected_for_a_reason(raw: bytes, source: str, reason: str) -> None:
    with pytest.raises(PageError) as caught:
        capture_page(raw, source=source)
    assert (caught.value.reason, caught.value.where) == (reason, source)
