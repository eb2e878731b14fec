"""Raw pages out of crawl files, and the names of the columns that hold them."""

from __future__ import annotations

import msgspec

from khobor.records import Medium


class RawPage(msgspec.Struct, frozen=True):
    """A raw page out of a crawl file: its payload, and what the crawl says of it.

    `source` is the crawl file's name, `#`, and the record's number from 1: of a WARC file the
    record's, of JSON Lines the line's, of CSV and Parquet the row's. Times are ISO 8601.
    """

    source: str
    payload: bytes
    medium: Medium
    url: str | None = None
    captured_at: str | None = None
    published_at: str | None = None
    section: str | None = None
    title: str | None = None


class RawLine(msgspec.Struct, frozen=True):
    """A line of a JSON Lines crawl that nobody has parsed yet; `number` counts from 1."""

    source: str
    number: int
    line: bytes


class Columns(msgspec.Struct, frozen=True):
    """Which columns of JSON Lines, CSV and Parquet hold what; the first of each that is there."""

    html: tuple[str, ...] = ("html", "content_html", "raw_html")
    text: tuple[str, ...] = ("text", "body", "article_body", "content", "paragraphs")
    title: tuple[str, ...] = ("title", "headline")
    url: tuple[str, ...] = ("url", "link")
    date: tuple[str, ...] = ("date", "published_at", "date_published", "published")
    section: tuple[str, ...] = ("section", "category")


DEFAULT_COLUMNS = Columns()
