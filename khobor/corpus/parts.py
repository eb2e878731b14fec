"""The part that a page shard writes: its documents, and behind them what the whole corpus asks.

Documents lie one behind the other, each at an offset that the index names, so that one can be
read without the others; signatures, rejects and findings stand in the index. MessagePack, arrays
of offsets as int32, little-endian.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec
import numpy as np

from khobor.annotations.alignments import Alignment
from khobor.annotations.checks import Finding
from khobor.corpus.signatures import Signature
from khobor.errors import KhoborError
from khobor.layers.views import article_view
from khobor.records import Annotation, AnnotationState, Block, CatalogueRow, Document, Reject

_MAGIC = b"khobor1\n"
_OPEN_PARTS = 64
_TAIL = 8  # bytes of the offset of the index, little-endian, at the end


class Draft(msgspec.Struct, frozen=True, array_like=True):
    """A document with its annotation, before its split is known."""

    document: Document
    row: CatalogueRow | None = None
    annotation: Annotation | None = None
    alignment: Alignment | None = None


class Leaf(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What the whole corpus asks of a document, and where it lies in its part.

    `place` is its page's number in the shard, `digest` of all that the part says of it.
    `silver` is where a model's annotation stands, (file, line of its header).
    """

    doc_id: str
    source: str
    place: int
    raw_sha256: str
    offset: int
    size: int
    digest: bytes
    country: str
    publisher: str
    state: AnnotationState
    quoted: bool
    withheld: bool
    silver: tuple[str, int] | None = None


class Index(msgspec.Struct, frozen=True, array_like=True):
    """The end of a part: of each document a leaf and a signature, and what became of the rest."""

    leaves: tuple[Leaf, ...]
    signatures: tuple[Signature, ...]
    rejects: tuple[Reject, ...]
    findings: tuple[Finding, ...]


def _encode(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.astype("<i4").tobytes()
    raise NotImplementedError(f"{type(value).__name__} does not stand in a part")


def _decode(_: type, value: Any) -> Any:
    return np.frombuffer(value, dtype="<i4").astype(np.int32, copy=False)


class _Texts(msgspec.Struct):
    """What of a document its article text is made from."""

    text: str
    blocks: tuple[Block, ...]


class _TextDraft(msgspec.Struct, array_like=True):
    """A draft of which no more is read."""

    document: _Texts


_encoder = msgspec.msgpack.Encoder(enc_hook=_encode)
_drafts = msgspec.msgpack.Decoder(Draft, dec_hook=_decode)
_text_drafts = msgspec.msgpack.Decoder(_TextDraft)
_indices = msgspec.msgpack.Decoder(Index)


def encode_draft(draft: Draft) -> bytes:
    """Turn a draft into bytes, the same for the same draft."""
    return _encoder.encode(draft)


class PartWriter:
    """Gives the pieces of a part in order; the index comes when all documents are through."""

    def __init__(self) -> None:
        self.offset = len(_MAGIC)

    def head(self) -> bytes:
        """Begin a part."""
        return _MAGIC

    def add(self, encoded: bytes) -> int:
        """Count an encoded draft in: the offset at which it will stand."""
        offset = self.offset
        self.offset += len(encoded)
        return offset

    def end(self, index: Index) -> bytes:
        """End a part with its index."""
        return _encoder.encode(index) + self.offset.to_bytes(_TAIL, "little")


def read_index(path: Path) -> Index:
    """Read the index of a part. Raises KhoborError where the file is none."""
    with path.open("rb") as part:
        size = part.seek(0, 2)
        part.seek(max(0, size - _TAIL))
        offset = int.from_bytes(part.read(_TAIL), "little")
        part.seek(min(offset, size))
        try:
            return _indices.decode(part.read()[:-_TAIL])
        except msgspec.MsgspecError as error:
            raise KhoborError(
                f"is no part of a build ({error})",
                where=str(path),
                fix="delete the work folder and build again",
            ) from error


def read_drafts(path: Path, spans: Iterable[tuple[int, int]]) -> Iterator[Draft]:
    """Read documents of a part by (offset, size) in bytes, in the order asked."""
    with path.open("rb") as part:
        for offset, size in spans:
            part.seek(offset)
            yield _drafts.decode(part.read(size))


class ArticleTexts:
    """Reads article texts out of parts, one by one; the files read last stay open."""

    def __init__(self) -> None:
        self._open: OrderedDict[Path, BinaryIO] = OrderedDict()

    def __enter__(self) -> ArticleTexts:
        return self

    def __exit__(self, *_: object) -> None:
        for part in self._open.values():
            part.close()
        self._open.clear()

    def read(self, path: Path, offset: int, size: int) -> str:
        """Read the article text of the document that lies at an offset of a part, in bytes."""
        part = self._open.pop(path, None)
        if part is None:
            if len(self._open) >= _OPEN_PARTS:
                self._open.popitem(last=False)[1].close()
            part = cast("BinaryIO", path.open("rb"))
        self._open[path] = part
        part.seek(offset)
        document = _text_drafts.decode(part.read(size)).document
        return article_view(document.text, document.blocks).text
