"""What an HTML page says of itself: JSON-LD first, then OpenGraph and <meta>, then <time>.

A value that contradicts itself or cannot be read is left out: no date beats a wrong one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec
from selectolax.lexbor import LexborHTMLParser

from khobor.records import Metadata

# schema.org types of a page that is an article; NewsArticle has these kin in the wild.
_ARTICLE_TYPES = frozenset(
    {"NewsArticle", "Article", "ReportageNewsArticle", "AnalysisNewsArticle", "BlogPosting"}
)
_MAX_JSON_LD = 1_000_000  # characters of one script; a longer one is no metadata
_MAX_DEPTH = 20
_SURROGATE = re.compile("[\\ud800-\\udfff]")


def read_metadata(tree: LexborHTMLParser) -> Metadata:
    """Turn a parsed page into what it says of itself; unknown values are None."""
    article = next(_json_ld_articles(tree), {})
    meta = _meta_values(tree)
    published_at, source = _published(article, meta, tree)
    return Metadata(
        url=_text(article.get("url")) or meta.get("og:url") or _canonical(tree),
        title=_text(article.get("headline")) or meta.get("og:title"),
        publisher=_name(article.get("publisher")) or meta.get("og:site_name"),
        section=_text(article.get("articleSection")) or meta.get("article:section"),
        authors=_names(article.get("author")),
        published_at=published_at,
        published_source=source,
    )


def _published(
    article: dict[str, Any], meta: dict[str, str], tree: LexborHTMLParser
) -> tuple[str | None, str | None]:
    """Find the first readable publication time and where it stands."""
    candidates = [
        (_text(article.get("datePublished")), "json-ld"),
        (meta.get("article:published_time"), "opengraph"),
    ]
    times = {node.attributes.get("datetime") or "" for node in tree.css("time[datetime]")}
    if len(times) == 1:  # several <time>s are those of other headlines too
        candidates.append((times.pop(), "time"))
    for value, source in candidates:
        if value and _is_iso_time(value):
            return value, source
    return None, None


def _is_iso_time(value: str) -> bool:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _json_ld_articles(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    for script in tree.css('script[type="application/ld+json"]'):
        source = script.text_content or script.text() or ""
        if len(source) > _MAX_JSON_LD:
            continue
        try:
            value = _read_json(source)
        except (ValueError, RecursionError):
            continue  # broken JSON-LD is common; the page's other sources still speak
        yield from _articles(value, 0)


def _read_json(source: str) -> Any:
    """Read JSON; the standard library, four times as slow, also takes half a character (\\ud83d)."""
    try:
        return msgspec.json.decode(source)
    except ValueError:
        return json.loads(source)


def _articles(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Find article nodes in JSON-LD, in lists and under @graph."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for entry in value:
            yield from _articles(entry, depth + 1)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if any(isinstance(kind, str) and kind in _ARTICLE_TYPES for kind in kinds):
            yield value
        yield from _articles(value.get("@graph"), depth + 1)


def _meta_values(tree: LexborHTMLParser) -> dict[str, str]:
    values: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        key = node.attributes.get("property") or node.attributes.get("name")
        value = (node.attributes.get("content") or "").strip()
        if key and value:
            values.setdefault(key.lower(), value)
    return values


def _canonical(tree: LexborHTMLParser) -> str | None:
    node = tree.css_first('link[rel="canonical"]')
    return _text(node.attributes.get("href")) if node is not None else None


def _text(value: Any) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    if not isinstance(value, str) or _SURROGATE.search(value):
        return None  # half a character (\\ud83d alone) can be written nowhere
    return value.strip() or None


def _name(value: Any) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _names(value: Any) -> tuple[str, ...]:
    entries = value if isinstance(value, list) else [value]
    return tuple(name for name in map(_name, entries) if name)
