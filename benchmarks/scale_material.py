"""Crawl files to build from: Inqilab articles, generated pages; the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from benchmarks.material import articles
from benchmarks.releases import pages
from benchmarks.synthetic import article_html


def write_lines(path: Path, lines: Iterable[bytes]) -> Path:
    """Write JSON Lines."""
    with path.open("wb") as written:
        written.writelines(lines)
    return path


def inqilab_lines(count: int) -> Iterator[bytes]:
    """Give so many articles as rows; where there are not as many, some again with another end."""
    listed = list(articles())
    for number in range(count):
        article = listed[number % len(listed)]
        again = number // len(listed)
        body = article.body + (f"\n\nপাঠক সংস্করণ {again}।" if again else "")
        yield msgspec.json.encode({"title": article.title, "body": body}) + b"\n"


def generated_lines(count: int) -> Iterator[bytes]:
    """Give so many generated captures of 127 made-up words as rows."""
    return pages(count)


def html_lines(count: int) -> Iterator[bytes]:
    """Give so many generated HTML pages of 250 kB as rows."""
    for number in range(count):
        html = article_html(number).decode()
        yield msgspec.json.encode({"url": f"https://news.example/{number}", "html": html}) + b"\n"
