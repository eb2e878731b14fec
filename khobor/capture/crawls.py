"""Crawl files: WARC, JSON Lines and Parquet, read record by record in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from khobor.records import Reject


class RawPage(msgspec.Struct, frozen=True):
    """A raw page out of a crawl file: its payload, and what the crawl says of it.

    `source` is the crawl file's name, `#`, and the record's number from 1.
    """

    source: str
    payload: bytes
    medium: Literal["text", "html"]
    url: str | None = None
    captured_at: str | None = None
    published_at: str | None = None
    section: str | None = None
    title: str | None = None


class Columns(msgspec.Struct, frozen=True):
    """Which columns of JSON Lines and Parquet files hold what; the first of each that is there."""

    html: tuple[str, ...] = ("html", "content_html", "raw_html")
    text: tuple[str, ...] = ("text", "body", "content", "paragraphs")
    title: tuple[str, ...] = ("title", "headline")
    url: tuple[str, ...] = ("url", "link")
    date: tuple[str, ...] = ("date", "published_at", "published")
    section: tuple[str, ...] = ("section", "category")


def is_crawl(name: str) -> bool:
    """Tell a crawl file by its name."""
    raise NotImplementedError


def read_crawl(
    path: Path, *, source: str, columns: Columns = Columns()
) -> Iterator[RawPage | Reject]:
    """Turn a crawl file into its raw pages and rejects, one a record, in the file's order."""
    raise NotImplementedError
