"""BNLP's tokens, with the offsets that BNLP does not give.

bnlp-toolkit's BasicTokenizer (4.4.1) splits at white space (str.isspace) and makes each
punctuation character but '.' a token. So its tokens are exactly the runs of a per-character
class table, which is built here by asking BNLP's own `_is_punctuation` of every code point.
The table depends on the Unicode data of this Python; see `tokenizer_version`.
"""

from __future__ import annotations

import functools
import importlib.machinery
import importlib.metadata
import importlib.util
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from khobor.arrays import Int32Array
from khobor.records import Sentence, Tokens
from khobor.spans import Span

# Space is 0, as is what lies beyond the ends of a text.
_SPACE, _WORD, _PUNCTUATION = 0, 1, 2
_PLANE = 1 << 16  # code points that UTF-16 writes as one number
_CUT = 1 << 4
_UTF_16, _UTF_32 = np.dtype("<u2"), np.dtype("<u4")


def _bounds_table(*, starts: bool) -> bytes:
    """Make the table of what lies at a place between two characters, one before, one behind.

    A token starts (or ends) where the class changes, beside every punctuation character, and
    where a cut is set; the key is before << 2 | behind, with _CUT where there is one.
    """
    table = bytearray(256)
    for before in (_SPACE, _WORD, _PUNCTUATION):
        for behind in (_SPACE, _WORD, _PUNCTUATION):
            inked = (behind if starts else before) != _SPACE
            parted = before != behind or before == _PUNCTUATION
            table[before << 2 | behind] = inked and parted
            table[before << 2 | behind | _CUT] = inked
    return bytes(table)


_STARTS, _ENDS = _bounds_table(starts=True), _bounds_table(starts=False)


@functools.cache
def bnlp_basic() -> ModuleType:
    """Load bnlp/tokenizer/basic.py by its path.

    `import bnlp` would load gensim and nltk and try a download; the file itself imports
    unicodedata and typing alone.
    """
    package = importlib.util.find_spec("bnlp")
    if package is None or not package.submodule_search_locations:
        raise ModuleNotFoundError("bnlp-toolkit is not installed: pip install bnlp-toolkit")
    path = Path(package.submodule_search_locations[0]) / "tokenizer" / "basic.py"
    spec = importlib.machinery.ModuleSpec(
        "khobor_bnlp_basic",
        importlib.machinery.SourceFileLoader("khobor_bnlp_basic", str(path)),
        origin=str(path),
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)  # type: ignore[union-attr]  # set two lines above
    return module


def tokenizer_version() -> str:
    """Name what the tokens depend on: BNLP's release and Python's Unicode data."""
    release = importlib.metadata.version("bnlp-toolkit")
    return f"bnlp-toolkit {release}, Unicode {unicodedata.unidata_version}"


def class_table() -> NDArray[np.uint8]:
    """Make the table code point → word, space or punctuation character (1.1 MB, once)."""
    return _classes(sys.maxunicode + 1)


@functools.cache
def _classes(size: int) -> NDArray[np.uint8]:
    """Make the table of the first code points, by asking BNLP of each."""
    is_punctuation = bnlp_basic()._is_punctuation
    table = np.full(size, _WORD, dtype=np.uint8)
    for code in range(size):
        character = chr(code)
        if character.isspace():
            table[code] = _SPACE
        # BNLP hides '.' behind a word (XTEMPDOT) while it splits: '.' is a word character.
        elif character != "." and is_punctuation(character):
            table[code] = _PUNCTUATION
    return table


def token_bounds(text: str) -> tuple[Int32Array, Int32Array]:
    """Turn a text into the bounds of BNLP's tokens: (starts, ends), int32, code points.

    `text[starts[i]:ends[i]]` is BNLP's i-th token, verbatim. (BNLP itself rewrites the string
    XTEMPDOT to '.'; here it stays as written.)
    """
    return _runs(_classes_of(text), ())


def sentence_tokens(text: str, sentences: Sequence[Sentence]) -> Tokens:
    """Turn a page text and its sentences into the bounds of BNLP's tokens of each sentence.

    The same as `token_bounds` of every sentence's own text, moved to the page: a border of a
    sentence ends a token, which counts where ৷ U+09F7 (a number to BNLP, so part of a word)
    has no space behind it.
    """
    if not sentences:
        return Tokens(_NONE, _NONE)
    last = sentences[-1].end
    classes = _classes_of(text[:last])
    cuts = []
    end = 0
    for sentence in sentences:
        start = sentence.start
        if start == end:
            cuts.append(start)
        elif start - end > 1 or not text[end].isspace():
            classes[end + 1 : start + 1] = _SPACE  # furniture, mostly: it has no tokens
        end = sentence.end
    return Tokens(*_runs(classes, cuts))


_NONE: Int32Array = np.empty(0, dtype=np.int32)


def _runs(classes: NDArray[np.uint8], cuts: Sequence[int]) -> tuple[Int32Array, Int32Array]:
    """Find the runs of classes, cut at the given offsets too."""
    # One byte a place: the classes before and behind it. bytes.translate then looks both up.
    places = classes[:-1] << 2
    places |= classes[1:]
    if cuts:
        places[cuts] |= _CUT
    keys = places.tobytes()
    starts = np.frombuffer(keys.translate(_STARTS), dtype=np.bool_).nonzero()[0]
    ends = np.frombuffer(keys.translate(_ENDS), dtype=np.bool_).nonzero()[0]
    return starts.astype(np.int32), ends.astype(np.int32)


def _classes_of(text: str) -> NDArray[np.uint8]:
    """Look up the class of every character; a space lies before the first and behind the last."""
    classes = np.empty(len(text) + 2, dtype=np.uint8)
    classes[0] = classes[-1] = _SPACE
    _classify(text, classes[1:-1])
    return classes


def _classify(text: str, out: NDArray[np.uint8]) -> None:
    """Look up the class of every character."""
    encoded = text.encode("utf-16-le", "surrogatepass")
    if len(encoded) == 2 * len(text):
        codes = np.frombuffer(encoded, dtype=_UTF_16)
        _classes(_PLANE).take(codes, out=out, mode="clip")
    else:  # an emoji, mostly
        wide = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=_UTF_32)
        class_table().take(wide, out=out, mode="clip")


def tokenize(text: str) -> list[Span]:
    """Turn a text into the spans of BNLP's tokens; a wrapper of `token_bounds`."""
    starts, ends = token_bounds(text)
    return [Span(start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
