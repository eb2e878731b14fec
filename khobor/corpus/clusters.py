"""Clusters of documents that say the same: they never part over splits."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import defaultdict
from collections.abc import Iterable


def folded_key(text: str) -> str:
    """Turn an article's text into the digest of its letters, marks and digits alone.

    NFC, so both encodings of য় are one; white space, punctuation and joiners fall away.
    """
    folded = unicodedata.normalize("NFC", text).casefold()
    kept = "".join(c for c in folded if unicodedata.category(c)[0] in "LMN")
    return hashlib.sha256(kept.encode("utf-8", "surrogatepass")).hexdigest()


def cluster_ids(articles: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Turn (doc_id, article text) pairs into doc_id → cluster_id.

    Documents with one folded text are one cluster; its id is its smallest doc_id.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for doc_id, text in articles:
        groups[folded_key(text)].append(doc_id)
    return {doc_id: min(group) for group in groups.values() for doc_id in group}
