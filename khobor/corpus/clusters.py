"""Clusters of documents that say the same: they never part over splits."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Literal

import msgspec


class Article(msgspec.Struct, frozen=True):
    """What clustering looks at."""

    doc_id: str
    headline: str
    text: str
    published_at: str | None


class Signature(msgspec.Struct, frozen=True):
    """What is kept of an article to compare it with others."""

    doc_id: str
    key: str


class NearPair(msgspec.Struct, frozen=True, order=True):
    """Two documents that say the same."""

    first: str
    second: str
    why: Literal["same-text", "containment", "headline"]
    containment: float


def folded_key(text: str) -> str:
    """Turn an article's text into the digest of its letters, marks and digits alone.

    NFC, so both encodings of য় are one; white space, punctuation and joiners fall away.
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    kept = "".join(c for c in folded if unicodedata.category(c)[0] in "LMN")
    return hashlib.sha256(kept.encode("utf-8", "surrogatepass")).hexdigest()


def sign(article: Article) -> Signature:
    """Turn an article into its signature."""
    return Signature(article.doc_id, folded_key(article.text))


def near_pairs(
    signatures: Iterable[Signature],
    text_of: Callable[[str], str],  # noqa: ARG001
) -> list[NearPair]:
    """Find the pairs."""
    same: dict[str, list[str]] = defaultdict(list)
    for signature in signatures:
        same[signature.key].append(signature.doc_id)
    return sorted(
        NearPair(min(ids), doc_id, "same-text", 1.0)
        for ids in same.values()
        for doc_id in ids
        if doc_id != min(ids)
    )


def groups(doc_ids: Iterable[str], pairs: Iterable[NearPair]) -> list[tuple[str, ...]]:
    """Turn pairs into connected components, sorted, singletons too."""
    parent = {doc_id: doc_id for doc_id in doc_ids}

    def root(doc_id: str) -> str:
        while parent[doc_id] != doc_id:
            parent[doc_id] = parent[parent[doc_id]]
            doc_id = parent[doc_id]
        return doc_id

    for pair in pairs:
        one, other = sorted((root(pair.first), root(pair.second)))
        parent[other] = one
    found: dict[str, list[str]] = defaultdict(list)
    for doc_id in sorted(parent):
        found[root(doc_id)].append(doc_id)
    return sorted(tuple(members) for members in found.values())


def cluster_ids(articles: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Turn (doc_id, article text) pairs into doc_id → cluster_id."""
    listed = [Article(doc_id, "", text, None) for doc_id, text in articles]
    pairs = near_pairs(map(sign, listed), dict(articles).__getitem__)
    return {d: g[0] for g in groups([a.doc_id for a in listed], pairs) for d in g}
