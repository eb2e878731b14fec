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

from khobor.corpus.signatures import (
    Article,
    Signature,
    distinct_sorted,
    fold_codes,
    hash_pieces,
    sign,
)

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
_TEXTS_KEPT = 4096
# Shared pieces whose pairs are counted at once: some 400 MB at the very most.
_PLACES_AT_ONCE = 1_000_000


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
    def pieces(place: int) -> npt.NDArray[np.uint64]:
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


def _five_letter_pieces(text: str) -> npt.NDArray[np.uint64]:
    """Turn a text into its distinct five-letter pieces as numbers, ascending.

    Code points below U+1000 (Latin, Bengali and their neighbours) are packed, 12 bits each;
    a piece with another one is its hash with the highest bit set.
    """
    codes = fold_codes(text)
    if len(codes) < _SIZE:
        return np.empty(0, np.uint64)
    wide = codes.astype(np.uint64)
    count = len(codes) - _SIZE + 1
    packed = wide[:count]
    for place in range(1, _SIZE):
        packed = (packed << np.uint64(12)) | wide[place : place + count]
    if codes.max() >= 0x1000:
        large = np.convolve(codes >= 0x1000, np.ones(_SIZE, np.int64), "valid") > 0
        packed = np.where(large, hash_pieces(codes, _SIZE) | np.uint64(1 << 63), packed)
    return distinct_sorted(packed)


def _contained_share(one: npt.NDArray[np.uint64], other: npt.NDArray[np.uint64]) -> float:
    fewer, more = (one, other) if len(one) <= len(other) else (other, one)
    if not len(fewer):
        return 0.0
    found = np.searchsorted(more, fewer)
    found[found == len(more)] = 0
    return int(np.count_nonzero(more[found] == fewer)) / len(fewer)


def _pair(
    one: str, other: str, why: Literal["same-text", "containment", "headline"], share: float
) -> NearPair:
    return NearPair(min(one, other), max(one, other), why, round(share, 4))


def _candidates(pieces: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Turn documents' sampled pieces into the pairs of places worth comparing, (earlier, later)."""
    if not any(pieces):
        return
    counts = np.array([len(each) // 8 for each in pieces], np.int64)
    owners, rank = _shared(np.frombuffer(b"".join(pieces), "<u8"), counts)
    by_owner = np.argsort(owners, kind="stable").astype(np.int32)
    begins = np.searchsorted(owners[by_owner], np.arange(len(pieces) + 1))
    first = 0
    while first < len(pieces):
        # So many documents that their pairs stay within bounds, but one at least.
        last = int(np.searchsorted(begins, begins[first] + _PLACES_AT_ONCE, side="right")) - 1
        last = min(max(last, first + 1), len(pieces))
        later, earlier, times = _count_pairs(by_owner[begins[first] : begins[last]], owners, rank)
        fewer = np.minimum(counts[earlier], counts[later])
        worth = (times >= _LEAST_SHARED) & (times >= _LEAST_SHARE * fewer)
        yield from zip(earlier[worth].tolist(), later[worth].tolist(), strict=True)
        first = last


def _shared(
    hashes: npt.NDArray[np.uint64], counts: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Sort pieces that several documents have: their owners, and how many have each before them.

    `counts` are the pieces of each document, one behind the other in `hashes`. Equal pieces lie
    side by side, by the place of their owners.
    """
    owners = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    same = hashes[1:] == hashes[:-1]
    shared = np.r_[same, False] | np.r_[False, same]
    hashes, owners = hashes[shared], owners[shared]
    places = np.arange(len(hashes), dtype=np.int32)
    begins = np.r_[True, hashes[1:] != hashes[:-1]][: len(hashes)]
    return owners, places - np.maximum.accumulate(np.where(begins, places, 0)).astype(np.int32)


def _count_pairs(
    places: npt.NDArray[np.int32], owners: npt.NDArray[np.int32], rank: npt.NDArray[np.int32]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Count the pieces that documents share with those before them: (later, earlier, times).

    `places` are all places of these documents in the sorted pieces. Sorted by later, earlier.
    """
    size = np.int64(len(owners) and int(owners.max()) + 1)
    found = []
    for back in range(1, _WIDEST + 1):
        # Beyond _WIDEST before it, a document is compared with the last one alone.
        if back > 1:
            places = places[(rank[places] >= back) & (rank[places] <= _WIDEST)]
        else:
            places = places[rank[places] >= 1]
        if not len(places):
            break
        found.append(owners[places].astype(np.int64) * size + owners[places - back])
    if not found:
        nothing = np.empty(0, np.int64)
        return nothing, nothing, nothing
    pairs = np.sort(np.concatenate(found))
    starts = np.flatnonzero(np.r_[True, pairs[1:] != pairs[:-1]])
    later, earlier = np.divmod(pairs[starts], size)
    return later, earlier, np.diff(np.r_[starts, len(pairs)])


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
