"""What is kept of an article to find those near it: short, and the same on every machine."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import date

import msgspec
import numpy as np
import numpy.typing as npt

# Letters in a row that candidates must share. Ten tell articles apart where five, which are
# compared in the end, are in half of all news (docs/decisions/0006-near-duplicates.md).
_CANDIDATE_SIZE = 10
# One in so many of an article's ten-letter pieces is kept, those of the smallest hashes; of a
# short article this many, so that it is not left to chance.
_KEPT_SHARE = 16
_KEPT_AT_LEAST = 32
# A headline joins articles of some days only if it says something: not "রাশিফল" or "আজকের খেলা".
_LEAST_HEADLINE = 20

_FACTOR = np.uint64(0x9E3779B97F4A7C15)


class Article(msgspec.Struct, frozen=True):
    """What clustering looks at. `published_at` may be anything; no date plays no part."""

    doc_id: str
    headline: str
    text: str
    published_at: str | None


class Signature(msgspec.Struct, frozen=True):
    """What is kept of an article to compare it with others.

    `key`: digest of its folded text, empty where nothing is left of it. `headline`: the folded
    headline, empty where it is too short to mean one event. `day`: proleptic days, where known.
    `pieces`: hashes of some of its ten-letter pieces, ascending, 8 bytes each, little-endian.
    """

    doc_id: str
    key: str
    headline: str
    day: int | None
    pieces: bytes


class _Kept(dict[int, int | None]):
    """Code points that folding keeps, looked up once each; None is left out."""

    def __missing__(self, code: int) -> int | None:
        kept = code if unicodedata.category(chr(code))[0] in "LMN" else None
        self[code] = kept
        return kept


_KEPT = _Kept()


def fold(text: str) -> str:
    """Turn a text into its letters, marks and digits alone.

    NFC, so both encodings of য় (U+09DF and U+09AF U+09BC) are one; white space, punctuation and
    joiners fall away. For comparing only: nothing that has offsets is ever folded.
    """
    return unicodedata.normalize("NFC", text).casefold().translate(_KEPT)


def sign(article: Article) -> Signature:
    """Turn an article into its signature, a pure function of the article."""
    folded = fold(article.text)
    headline = fold(article.headline)
    return Signature(
        article.doc_id,
        hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest() if folded else "",
        headline if len(headline) >= _LEAST_HEADLINE else "",
        _day(article.published_at),
        _pieces(folded),
    )


def _day(published_at: str | None) -> int | None:
    try:
        return date.fromisoformat((published_at or "")[:10]).toordinal()
    except ValueError:
        return None


def _pieces(folded: str) -> bytes:
    codes = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    count = len(codes) - _CANDIDATE_SIZE + 1
    if count <= 0:
        return b""
    hashes = np.zeros(count, np.uint64)
    for place in range(_CANDIDATE_SIZE):
        hashes = hashes * _FACTOR + codes[place : place + count]
    distinct = np.unique(_mix(hashes))
    kept = max(_KEPT_AT_LEAST, len(distinct) // _KEPT_SHARE)
    return distinct[:kept].astype("<u8").tobytes()


def _mix(hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Spread hashes over all 64 bits (the finaliser of SplitMix64, Steele and others 2014)."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return hashes ^ (hashes >> np.uint64(31))
