"""Clusters of documents that say the same: they never part over splits.

Candidates share sampled ten-letter pieces; each is then verified in the texts by the containment
of five-letter pieces. Pairs found among the first documents of a sequence do not hang on those
after them, so that a corpus with a few more pages clusters the others as before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Literal

import msgspec
import numpy as np
import numpy.typing as npt

from khobor.corpus.signatures import Article, Signature, fold, sign

__all__ = ["Article", "NearPair", "Signature", "containment", "groups", "near_pairs", "sign"]

# Measured on 17,751 articles: docs/decisions/0006-near-duplicates.md.
CONTAINMENT = 0.6
_SIZE = 5
# Days between two articles of one headline that report one event.
_DAYS = 3
# Sampled pieces that a pair must share to be compared: this many, and this part of the fewer.
_LEAST_SHARED = 2
_LEAST_SHARE = 0.1
# A document is compared with this many before it that share a piece; where more have it, the
# piece is a phrase that all news uses, or they are copies, which the last one before links.
_WIDEST = 48
_TEXTS_KEPT = 512


class NearPair(msgspec.Struct, frozen=True, order=True):
    """Two documents that say the same; `first` < `second`."""

    first: str
    second: str
    why: Literal["same-text", "containment", "headline"]
    containment: float


def near_pairs(signatures: Iterable[Signature], text_of: Callable[[str], str]) -> list[NearPair]:
    """Find the documents near each other, as pairs that link all that belong together.

    `text_of` gives the article text of a doc_id. Of equal texts each is linked to the first one,
    which stands for all. Which pairs link a document to those before it does not hang on those
    after it. Memory is some 100 bytes a sampled piece, time near-linear in the documents.
    """
    listed = list(signatures)
    found = {
        *_equal_texts(listed),
        *_equal_headlines(listed),
        *_contained(_first_of_each_text(listed), text_of),
    }
    return sorted(found)


def _first_of_each_text(signatures: Sequence[Signature]) -> list[Signature]:
    seen: set[str] = set()
    firsts = []
    for signature in signatures:
        if signature.key and signature.key not in seen:
            seen.add(signature.key)
            firsts.append(signature)
    return firsts


def _equal_texts(signatures: Sequence[Signature]) -> Iterator[NearPair]:
    firsts: dict[str, str] = {}
    for signature in signatures:
        first = firsts.setdefault(signature.key, signature.doc_id)
        if signature.key and first != signature.doc_id:
            yield _pair(first, signature.doc_id, "same-text", 1.0)


def _equal_headlines(signatures: Sequence[Signature]) -> Iterator[NearPair]:
    """Link each document to the first ones of its headline on each of the days around its own."""
    firsts: dict[tuple[str, int], str] = {}
    for signature in signatures:
        if not signature.headline or signature.day is None:
            continue
        for day in range(signature.day - _DAYS, signature.day + _DAYS + 1):
            first = firsts.get((signature.headline, day))
            if first is not None:
                yield _pair(first, signature.doc_id, "headline", 0.0)
        firsts.setdefault((signature.headline, signature.day), signature.doc_id)


def _contained(
    signatures: Sequence[Signature], text_of: Callable[[str], str]
) -> Iterator[NearPair]:
    @lru_cache(maxsize=_TEXTS_KEPT)
    def pieces(place: int) -> frozenset[str]:
        return _five_letter_pieces(text_of(signatures[place].doc_id))

    for earlier, later in _candidates([signature.pieces for signature in signatures]):
        share = _contained_share(pieces(later), pieces(earlier))
        if share >= CONTAINMENT:
            yield _pair(signatures[earlier].doc_id, signatures[later].doc_id, "containment", share)


def containment(one: str, other: str) -> float:
    """Turn two texts into the share of the shorter one's five-letter pieces that the other has.

    Of the folded texts; 0 where one of them has none.
    """
    return _contained_share(_five_letter_pieces(one), _five_letter_pieces(other))


def _five_letter_pieces(text: str) -> frozenset[str]:
    folded = fold(text)
    return frozenset(folded[at : at + _SIZE] for at in range(len(folded) - _SIZE + 1))


def _contained_share(one: frozenset[str], other: frozenset[str]) -> float:
    fewer = min(len(one), len(other))
    return len(one & other) / fewer if fewer else 0.0


def _pair(
    one: str, other: str, why: Literal["same-text", "containment", "headline"], share: float
) -> NearPair:
    return NearPair(min(one, other), max(one, other), why, round(share, 4))


def _candidates(pieces: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Turn documents' sampled pieces into the pairs of places worth comparing, (earlier, later)."""
    if not any(pieces):
        return
    counts = np.array([len(each) // 8 for each in pieces], np.int64)
    hashes = np.frombuffer(b"".join(pieces), "<u8")
    owners = np.repeat(np.arange(len(pieces), dtype=np.int64), counts)
    order = np.lexsort((owners, hashes))
    hashes, owners = hashes[order], owners[order]
    shared = hashes[1:] == hashes[:-1]
    lonely = ~np.r_[shared, False] & ~np.r_[False, shared]
    hashes, owners = hashes[~lonely], owners[~lonely]
    if not len(hashes):
        return
    begins = np.r_[True, hashes[1:] != hashes[:-1]]
    begin_of = np.maximum.accumulate(np.where(begins, np.arange(len(hashes)), 0))
    rank = np.arange(len(hashes)) - begin_of  # how many before it have the piece
    found, times = _count_pairs(owners, rank, len(pieces))
    earlier, later = np.divmod(found, len(pieces))
    fewer = np.minimum(counts[earlier], counts[later])
    worth = (times >= _LEAST_SHARED) & (times >= _LEAST_SHARE * fewer)
    chosen = np.lexsort((earlier[worth], later[worth]))
    yield from zip(earlier[worth][chosen].tolist(), later[worth][chosen].tolist(), strict=True)


def _count_pairs(
    owners: npt.NDArray[np.int64], rank: npt.NDArray[np.int64], size: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Count for each pair of owners (earlier * size + later) the pieces that both have."""
    found = np.empty(0, np.int64)
    times = np.empty(0, np.int64)
    for back in range(1, _WIDEST + 1):
        # Beyond _WIDEST before it, a document is compared with the last one alone.
        later = np.flatnonzero(rank >= back if back == 1 else (rank >= back) & (rank <= _WIDEST))
        if not len(later):
            break
        pairs, counted = np.unique(owners[later - back] * size + owners[later], return_counts=True)
        found, merged = np.unique(np.r_[found, pairs], return_inverse=True)
        times = np.bincount(merged, np.r_[times, counted], len(found)).astype(np.int64)
    return found, times


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
