"""The annotations that a build takes, written down so that each shard reads those of its pages."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping

import msgspec

from khobor.annotations.files import AnnotationFile
from khobor.corpus.works import ANNOTATIONS, finish, part_path
from khobor.paths import as_path

_TAIL = 8  # bytes of the offset of the index, little-endian, at the end


class Stored(msgspec.Struct, frozen=True, array_like=True):
    """Where an annotation lies in the file, in bytes, and the digest of what it says."""

    offset: int
    size: int
    digest: bytes


_encoder = msgspec.msgpack.Encoder()
_files = msgspec.msgpack.Decoder(AnnotationFile)
_indices = msgspec.msgpack.Decoder(dict[str, Stored])


def store_annotations(work: str, chosen: Mapping[str, AnnotationFile]) -> str:
    """Write the annotations of a build by doc_id; give the name of the file."""
    pieces: list[bytes] = []
    index: dict[str, Stored] = {}
    offset = 0
    for doc_id, found in sorted(chosen.items()):
        encoded = _encoder.encode(found)
        index[doc_id] = Stored(offset, len(encoded), hashlib.sha256(encoded).digest()[:16])
        pieces.append(encoded)
        offset += len(encoded)
    pieces += [_encoder.encode(index), offset.to_bytes(_TAIL, "little")]
    key = hashlib.sha256(b"".join(pieces)).hexdigest()[:32]
    path = part_path(work, ANNOTATIONS, key)
    finish(path, pieces)
    return str(path)


@functools.lru_cache(maxsize=4)
def _index(name: str) -> dict[str, Stored]:
    # The name holds the digest of the file: what is remembered of it cannot be outdated.
    content = as_path(name).read_bytes()
    return _indices.decode(content[int.from_bytes(content[-_TAIL:], "little") : -_TAIL])


def digest_of_annotation(name: str, doc_id: str) -> bytes:
    """Digest what the annotation of a document says and where it stands; empty without one."""
    stored = _index(name).get(doc_id) if name else None
    return stored.digest if stored is not None else b""


def read_stored(name: str, doc_id: str) -> AnnotationFile | None:
    """Read the annotation of a document; None where nobody made one."""
    stored = _index(name).get(doc_id) if name else None
    if stored is None:
        return None
    with as_path(name).open("rb") as content:
        content.seek(stored.offset)
        return _files.decode(content.read(stored.size))


def stored_names(name: str) -> list[str]:
    """List the documents that have an annotation in the file, sorted."""
    return sorted(_index(name)) if name else []
