"""From the bytes of one raw page to a Page; a pure function of the bytes and their name."""

from __future__ import annotations

import hashlib
import re

from selectolax.lexbor import LexborHTMLParser

from khobor.capture.decoding import as_utf8, decode_page
from khobor.capture.html import html_page
from khobor.capture.markup import check_markup
from khobor.capture.metadata import read_metadata
from khobor.capture.texts import text_page
from khobor.errors import PageError
from khobor.records import Medium, Metadata, Page

HTML_SUFFIXES = (".html", ".htm", ".xhtml")
TEXT_SUFFIXES = (".txt",)
_HTML_START = re.compile(r"\s*<(?:!doctype|html|head|body|\?xml|!--)", re.IGNORECASE)


def sha256_of(payload: bytes) -> str:
    """Turn bytes into the hex digest of their SHA-256."""
    return hashlib.sha256(payload).hexdigest()


def text_sha256(text: str) -> str:
    """Turn a text into the SHA-256 of its UTF-8, the hash that annotations carry."""
    return sha256_of(_encode(text))


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def capture_page(
    raw: bytes, *, source: str, doc_id: str | None = None, medium: Medium | None = None
) -> Page:
    """Turn the bytes of a raw page into a Page.

    `source` is its file name: the suffix tells HTML from text, unless `medium` does; without a
    known suffix the content does. `doc_id` is the catalogue's, else the first 16 hex digits of the SHA-256.
    Raises PageError with the reason of the reject.
    """
    decoded, charset = decode_page(raw, where=source)
    medium = medium or ("html" if _is_html(decoded, source) else "text")
    if medium == "html":
        check_markup(decoded, where=source)
        tree = LexborHTMLParser(as_utf8(raw, decoded, charset))
        text, stretches = html_page(tree)
        metadata = read_metadata(tree)
    else:
        text, stretches = text_page(decoded)
        metadata = Metadata()
    if not stretches:
        raise PageError(
            "the page shows no text",
            where=source,
            fix="capture it as a browser shows it",
            reason="empty",
        )
    digest, encoded = sha256_of(raw), _encode(text)
    return Page(
        doc_id=doc_id or digest[:16],
        source=source,
        medium=medium,
        charset=charset,
        raw_sha256=digest,
        text=text,
        # A text capture in UTF-8 is its own page text, mostly.
        text_sha256=digest if encoded == raw else sha256_of(encoded),
        metadata=metadata,
        stretches=stretches,
    )


def _is_html(decoded: str, source: str) -> bool:
    name = source.lower()
    if name.endswith(TEXT_SUFFIXES):
        return False
    return name.endswith(HTML_SUFFIXES) or bool(_HTML_START.match(decoded[:1000]))
