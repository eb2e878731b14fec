"""Documents that say the same, found again in their texts: a cluster_id can be forged, a text not.

Of each document its signature is kept, no text; the few texts that have to be compared are read
from the parquet files again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from khobor.corpus.clusters import Article, Signature, near_pairs, sign
from khobor.records import BLOCK_LABELS
from khobor.release.verification.faults import Broken, Faults, shown
from khobor.release.verification.rows import DocumentRow
from khobor.release.verification.shards import BrokenShard, Shard, batch_rows
from khobor.release.versions import base_version

_HEADLINE = BLOCK_LABELS.index("headline")
_MOST_CHARACTERS = 32 << 20  # of texts that are kept while pairs are compared


class _Place(msgspec.Struct, frozen=True, gc=False):
    """What a row of documents says of its split and cluster."""

    split: str
    cluster_id: str
    first_version: str


class Nearness:
    """The signatures of all documents of a release, gathered while its rows go by."""

    def __init__(self) -> None:
        self._places: dict[str, _Place] = {}
        self._signatures: list[Signature] = []

    def add(self, split: str, document: DocumentRow) -> None:
        """Sign a document, the first row of its name."""
        if document.doc_id in self._places:
            return  # reported as duplicate-id
        headlines = [b for b in document.blocks if b.label == _HEADLINE][:1]
        headline = "".join(document.text[max(b.start, 0) : max(b.end, 0)] for b in headlines)
        article = Article(document.doc_id, headline, document.text, document.published_at)
        self._signatures.append(sign(article))
        self._places[document.doc_id] = _Place(split, document.cluster_id, document.first_version)

    def check(
        self, folder: Path, shards: Sequence[Shard], version: str, faults: Faults
    ) -> Iterator[Broken]:
        """Check that no two documents that say the same lie in two splits.

        Those that came in together, in this version, have one cluster_id too. Others may have
        two: a later document, or a withheld one in a local build, can link clusters that were
        placed apart.
        """
        texts = _Texts(folder, [shard for shard in shards if shard.config == "documents"])
        try:
            pairs = near_pairs(self._signatures, texts.read)
        except BrokenShard as error:
            faults.add(error.file, error.check, error.message)
            return
        new = "" if version.endswith("+local") else base_version(version)
        for pair in pairs:
            one, other = self._places[pair.first], self._places[pair.second]
            said = f"{pair.first} and {pair.second} say the same ({pair.why})"
            if one.split != other.split:
                yield "near-duplicate", f"{said} and lie in {one.split} and {other.split}"
            elif one.cluster_id != other.cluster_id and one.first_version == new == (
                other.first_version
            ):
                ids = f"{shown(one.cluster_id)} and {shown(other.cluster_id)}"
                yield "cluster", f"{said}, their cluster_id is {ids}"


class _Texts:
    """Texts of documents by doc_id: read by row groups, the last ones kept."""

    def __init__(self, folder: Path, shards: Sequence[Shard]) -> None:
        self._folder = folder
        self._shards = shards
        self._groups: dict[str, tuple[str, int]] = {}  # doc_id → file, row group
        self._kept: dict[str, str] = {}
        self._size = 0

    def read(self, doc_id: str) -> str:
        """Give the text of a document; raise BrokenShard where its file cannot be read again."""
        if doc_id in self._kept:
            return self._kept[doc_id]
        if not self._groups:
            for shard in self._shards:
                with _opened(self._folder, shard.path) as file:
                    for group in range(file.num_row_groups):
                        for name, _ in _columns(file, shard.path, group, ["doc_id"]):
                            self._groups.setdefault(name, (shard.path, group))
        if doc_id not in self._groups:
            raise BrokenShard("data/documents", "parquet", f"{doc_id} is gone while it was read")
        return self._read_group(doc_id)

    def _read_group(self, doc_id: str) -> str:
        path, group = self._groups[doc_id]
        if self._size > _MOST_CHARACTERS:
            self._kept.clear()
            self._size = 0
        wanted = ""
        with _opened(self._folder, path) as file:
            for name, found in _columns(file, path, group, ["doc_id", "text"]):
                text = found or ""  # null: a fault that is reported by another check
                if name == doc_id:
                    wanted = text
                if name not in self._kept and self._size <= _MOST_CHARACTERS:
                    self._kept[name] = text
                    self._size += len(text)
        return wanted


def _opened(folder: Path, path: str) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(folder / path)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise BrokenShard(path, "parquet", f"cannot be read again: {shown(error)}") from error


def _columns(
    file: pq.ParquetFile, path: str, group: int, names: list[str]
) -> Iterator[tuple[str, str]]:
    """Read the first and the last of some columns of a row group, in bounded batches."""
    size = batch_rows(file.metadata)
    try:
        for batch in file.iter_batches(batch_size=size, row_groups=[group], columns=names):
            first, last = batch.columns[0], batch.columns[-1]
            yield from zip(first.to_pylist(), last.to_pylist(), strict=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise BrokenShard(path, "parquet", f"cannot be read again: {shown(error)}") from error
