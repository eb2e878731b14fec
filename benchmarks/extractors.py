"""Extractors of a page's article: khobor and its peers, as one table of functions.

Each turns the bytes of an HTML page into an Extract. The peers get the page decoded (khobor
decodes by itself): most of the measured pages declare iso-8859-1 over UTF-8.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import msgspec

from khobor.capture.decoding import decode_page
from khobor.capture.pages import capture_page
from khobor.errors import PageError
from khobor.layers.blocks import label_blocks
from khobor.records import Block, Page

ARTICLE_TEXT = frozenset({"paragraph", "dateline", "list", "subheading", "standfirst"})


class Extract(msgspec.Struct, frozen=True):
    """What an extractor finds on a page; None is what it does not look for."""

    lines: tuple[str, ...]  # of the article's text
    headline: str | None = None
    bylines: tuple[str, ...] | None = None
    dates: tuple[str, ...] | None = None


Extractor = Callable[[bytes], Extract]


def khobor(raw: bytes, source: str = "page.html") -> Extract:
    """Extract with khobor; a rejected page is an empty Extract."""
    try:
        page = capture_page(raw, source=source)
        return from_blocks(page, label_blocks(page))
    except PageError:
        return Extract((), "", (), ())


def from_blocks(page: Page, blocks: tuple[Block, ...]) -> Extract:
    """Turn a page and its blocks into an Extract."""

    def texts(*labels: str) -> tuple[str, ...]:
        return tuple(
            page.text[block.start : block.end] for block in blocks if block.label in labels
        )

    return Extract(
        lines=texts(*ARTICLE_TEXT),
        headline=next(iter(texts("headline")), ""),
        bylines=texts("byline"),
        dates=texts("timestamp"),
    )


def trafilatura(raw: bytes, **options: bool) -> Extract:
    """Extract with trafilatura, comments left out; its metadata is ISO dates and one author."""
    from trafilatura import bare_extraction

    document = bare_extraction(_decode(raw), include_comments=False, with_metadata=True, **options)
    if document is None:
        return Extract((), "", (), ())
    return Extract(
        lines=tuple((document.text or "").split("\n")),
        headline=document.title or "",
        bylines=(document.author,) if document.author else (),
        dates=(document.date,) if document.date else (),
    )


def justext(raw: bytes) -> Extract:
    """Extract with jusText and its own Bengali stop words."""
    import justext as package

    paragraphs = package.justext(_decode(raw), _bengali_stop_words())
    return Extract(tuple(part.text for part in paragraphs if not part.is_boilerplate))


def resiliparse(raw: bytes) -> Extract:
    """Extract with resiliparse's main content."""
    from resiliparse.extract.html2text import extract_plain_text

    text = extract_plain_text(
        _decode(raw), main_content=True, comments=False, alt_texts=False, list_bullets=False
    )
    return Extract(tuple(text.split("\n")))


EXTRACTORS: dict[str, Extractor] = {
    "khobor": khobor,
    "trafilatura": trafilatura,
    "trafilatura, favor_recall": lambda raw: trafilatura(raw, favor_recall=True),
    "trafilatura, favor_precision": lambda raw: trafilatura(raw, favor_precision=True),
    "trafilatura, fast": lambda raw: trafilatura(raw, fast=True),
    "jusText, Bengali": justext,
    "resiliparse, main content": resiliparse,
}


@cache
def _bengali_stop_words() -> frozenset[str]:
    from justext import get_stoplist

    return frozenset(get_stoplist("Bengali"))


def _decode(raw: bytes) -> str:
    return decode_page(raw)[0]
