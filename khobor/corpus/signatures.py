"""What is kept of an article to find those near it: short, and the same on every machine."""

from __future__ import annotations

import functools
import hashlib
import sys
import unicodedata
from datetime import date

import msgspec
import numpy as np
import numpy.typing as npt

from khobor.normalization import nfc

# Letters in a row that candidates must share. Ten tell articles apart where five, which are
# compared in the end, are in half of all news (docs/decisions/0006-near-duplicates.md).
_CANDIDATE_SIZE = 10
# One in so many of an article's ten-letter pieces is kept, those of the smallest hashes; of a
# short article this many, so that it is not left to chance.
_KEPT_SHARE = 16
_KEPT_AT_LEAST = 32
# A headline joins articles of some days only if it says something: not "রাশিফল" or "আজকের খেলা".
_LEAST_HEADLINE = 20

_FACTOR = 0x9E3779B97F4A7C15
_WORD = 1 << 64


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


@functools.cache
def _kept(size: int) -> npt.NDArray[np.bool_]:
    """Make the table of the first code points, whether folding keeps each: letters, marks, numbers."""
    categories = map(unicodedata.category, map(chr, range(size)))
    return np.fromiter((category[0] in "LMN" for category in categories), np.bool_, size)


def fold(text: str) -> str:
    """Turn a text into its letters, marks and digits alone.

    NFC, so both encodings of য় (U+09DF and U+09AF U+09BC) are one; white space, punctuation and
    joiners fall away. For comparing only: nothing that has offsets is ever folded.
    """
    return fold_codes(text).tobytes().decode("utf-32-le", "surrogatepass")


def fold_codes(text: str) -> npt.NDArray[np.uint32]:
    """Turn a text into the code points of its folded form."""
    plain = nfc(text).casefold()
    codes = np.frombuffer(plain.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    # Few texts reach beyond the first plane, whose table takes a sixteenth of the time to make.
    size = 1 << 16 if not len(codes) or codes.max() < 1 << 16 else sys.maxunicode + 1
    return codes[_kept(size).take(codes)]


def sign(article: Article) -> Signature:
    """Turn an article into its signature, a pure function of the article."""
    codes = fold_codes(article.text)
    folded = codes.tobytes().decode("utf-32-le", "surrogatepass")
    headline = fold(article.headline)
    return Signature(
        article.doc_id,
        hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest() if folded else "",
        headline if len(headline) >= _LEAST_HEADLINE else "",
        _day(article.published_at),
        _pieces(codes),
    )


def _day(published_at: str | None) -> int | None:
    try:
        return date.fromisoformat((published_at or "")[:10]).toordinal()
    except ValueError:
        return None


def _pieces(codes: npt.NDArray[np.uint32]) -> bytes:
    if len(codes) < _CANDIDATE_SIZE:
        return b""
    distinct = distinct_sorted(_mix(hash_pieces(codes, _CANDIDATE_SIZE)))
    kept = max(_KEPT_AT_LEAST, len(distinct) // _KEPT_SHARE)
    return distinct[:kept].astype("<u8").tobytes()


def hash_pieces(codes: npt.NDArray[np.uint32], size: int) -> npt.NDArray[np.uint64]:
    """Hash every piece of `size` code points: a polynomial in _FACTOR, modulo 2 to the 64.

    By doubling: pieces of two make those of four, and so on, so ten take four steps, not ten.
    """
    hashes = codes.astype(np.uint64)
    done: npt.NDArray[np.uint64] | None = None  # hashes of the first letters, as far as needed
    length, covered = 1, 0
    while True:
        if size & length:
            shift = np.uint64(pow(_FACTOR, length, _WORD))
            if done is None:
                done = hashes
            else:
                count = len(codes) - covered - length + 1
                done = done[:count] * shift + hashes[covered : covered + count]
            covered += length
        if covered == size:
            assert done is not None
            return done[: len(codes) - size + 1]
        shift = np.uint64(pow(_FACTOR, length, _WORD))
        hashes = hashes[:-length] * shift + hashes[length:]
        length *= 2


def distinct_sorted(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Turn values into the distinct ones, ascending (np.unique hashes first, and takes longer)."""
    values = np.sort(values)
    if len(values) < 2:
        return values
    return values[np.r_[True, values[1:] != values[:-1]]]


def _mix(hashes: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Spread hashes over all 64 bits (the finaliser of SplitMix64, Steele and others 2014)."""
    hashes = (hashes ^ (hashes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    hashes = (hashes ^ (hashes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return hashes ^ (hashes >> np.uint64(31))
