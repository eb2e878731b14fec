"""The small reduction between pages and files: duplicates, clusters, splits, ranges of files.

It reads the indices of all parts, in the order of the plan, and writes one part: what the writing
of a release asks, each section to be read alone.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from khobor.annotations.checks import Finding
from khobor.annotations.files import AnnotationFile
from khobor.corpus.checks import PageText, check_annotations, silver_left_out
from khobor.corpus.chosen import read_stored, stored_names
from khobor.corpus.clusters import NearPair, near_pairs
from khobor.corpus.documents import duplicate
from khobor.corpus.histories import History, read_history
from khobor.corpus.parts import ArticleTexts, Leaf, read_index
from khobor.corpus.placements import place_candidates
from khobor.corpus.ranges import cut_ranges
from khobor.corpus.shards import Job
from khobor.corpus.signatures import Signature
from khobor.corpus.splits import Candidate
from khobor.corpus.works import (
    PAGES,
    PLACES,
    Receipt,
    finish,
    key_of,
    part_path,
    pieces_of,
    read_receipt,
    write_receipt,
)
from khobor.engines.interface import without_collector
from khobor.manifests import SplitRow
from khobor.paths import as_path
from khobor.records import SPLITS, CatalogueRow, Reject, SplitName

T = TypeVar("T")


class Gather(msgspec.Struct, frozen=True):
    """All parts of a build, in the order of its plan, and what decides where documents go. A task.

    `annotations` is the folder with the frozen versions, `rejects` were made before any shard.
    """

    job: Job
    shards: tuple[str, ...]  # keys
    annotations: str
    history: str  # digest of the frozen versions there
    withheld: tuple[CatalogueRow, ...] = ()
    rejects: tuple[Reject, ...] = ()


class Section(msgspec.Struct, frozen=True):
    """Where a section lies in the part, in bytes, and the digest of what it says."""

    offset: int
    size: int
    digest: str


class Range(msgspec.Struct, frozen=True):
    """The documents of a split that stand in one file a configuration.

    `content` digests what they say, wherever it lies.
    """

    split: SplitName
    shard: int
    shards: int
    section: Section
    content: str


class Gathered(Receipt, frozen=True, kw_only=True):
    """The receipt of a reduction: counts, and the sections of its part."""

    documents: int
    held: int
    rejects: dict[str, int]
    errors: int
    ranges: tuple[Range, ...]
    held_documents: Section  # of Placed: without rows, by doc_id
    places: Section  # of SplitRow: all documents, by doc_id
    withheld_places: Section  # of SplitRow: those whose text is not here
    reject_lines: Section  # JSON Lines of Reject, sorted
    findings: Section  # of Finding, sorted
    pairs: str  # key of the part that has the near pairs


class Placed(msgspec.Struct, frozen=True, array_like=True):
    """A document of a range: where its draft lies, its row; `bare` drops its annotation."""

    doc_id: str
    shard: str
    offset: int
    size: int
    digest: bytes
    row: SplitRow
    bare: bool


_encoder = msgspec.msgpack.Encoder()


def gather(task: Gather) -> Gathered:
    """Turn the parts of a build into its reduction below the work folder, unless it is there."""
    job = task.job
    key = key_of(
        job.code,
        job.annotations.rpartition("/")[2],
        task.history,
        *task.shards,
        msgspec.json.encode([msgspec.structs.asdict(row) for row in task.withheld]),
        msgspec.json.encode(task.rejects),
    )
    found = read_receipt(job.work, PLACES, key, Gathered)
    if found is not None:
        return found
    writer = _Sections()
    with without_collector():
        receipt = _write(_Whole(task), writer, key)
    size, digest = finish(part_path(job.work, PLACES, key), writer.pieces)
    receipt = msgspec.structs.replace(receipt, bytes=size, sha256=digest)
    write_receipt(job.work, PLACES, receipt)
    return receipt


def _write(whole: _Whole, writer: _Sections, key: str) -> Gathered:
    held = sorted(doc_id for doc_id in whole.leaves if whole.rows[doc_id].split is None)
    rejects = sorted(whole.rejects, key=lambda reject: (reject.source, reject.reason))
    findings = sorted(set(whole.findings))
    return Gathered(
        key=key,
        bytes=0,
        sha256="",
        documents=len(whole.leaves) - len(held),
        held=len(held),
        rejects=dict(sorted(Counter(reject.reason for reject in rejects).items())),
        errors=sum(finding.level == "error" for finding in findings),
        ranges=tuple(whole.write_ranges(writer)),
        held_documents=writer.add([whole.placed(doc_id) for doc_id in held]),
        places=writer.add(sorted(whole.all_rows(), key=lambda row: row.doc_id)),
        withheld_places=writer.add([whole.rows[row.doc_id] for row in whole.withheld]),
        reject_lines=writer.add_bytes(msgspec.json.Encoder().encode_lines(rejects)),
        findings=writer.add(findings),
        pairs=whole.pairs_key,
    )


def read_section(work: str, key: str, section: Section, kind: type[T]) -> list[T]:
    """Read a section of a reduction as records."""
    encoded = b"".join(read_pieces(work, key, section))
    records: list[T] = msgspec.msgpack.decode(encoded, type=list[kind])  # type: ignore[valid-type]
    return records


def read_pieces(work: str, key: str, section: Section) -> Iterator[bytes]:
    """Read a section of a reduction as it stands there, piece by piece."""
    return pieces_of(part_path(work, PLACES, key), section.offset, section.size)


class _Sections:
    """Sections of a part, one behind the other."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self._offset = 0

    def add(self, records: list[Any]) -> Section:
        return self.add_bytes(_encoder.encode(records))

    def add_bytes(self, encoded: bytes) -> Section:
        section = Section(self._offset, len(encoded), key_of(encoded))
        self.pieces.append(encoded)
        self._offset += len(encoded)
        return section


class _Whole:
    """All that is known of the corpus: who is in it, and where each document stands."""

    def __init__(self, task: Gather) -> None:
        self._task = task
        self.withheld = task.withheld
        self.leaves: dict[str, Leaf] = {}
        self.shards: dict[str, str] = {}  # doc_id → key of its part
        self.rejects: list[Reject] = list(task.rejects)
        self.findings: list[Finding] = []
        signatures = self._read_parts()
        self._check_others()
        self.history = read_history(as_path(task.annotations)) if task.annotations else History()
        self.rows = self._place(signatures)
        self.findings += [
            silver_left_out(leaf.doc_id, *leaf.silver)
            for leaf in self.leaves.values()
            if leaf.silver is not None and self._is_bare(leaf)
        ]
        self.tombstones = [
            row
            for row in self.history.rows.values()
            if row.state == "removed" and row.doc_id not in self.rows
        ]

    def _read_parts(self) -> dict[str, Signature]:
        """Read all indices; of two documents with one doc_id the first in the plan stays."""
        signatures: dict[str, Signature] = {}
        for key in self._task.shards:
            index = read_index(part_path(self._task.job.work, PAGES, key))
            self.rejects += index.rejects
            self.findings += index.findings
            for leaf, signature in zip(index.leaves, index.signatures, strict=True):
                first = self.leaves.get(leaf.doc_id)
                if first is None:
                    self.leaves[leaf.doc_id] = leaf
                    self.shards[leaf.doc_id] = key
                    signatures[leaf.doc_id] = signature
                else:
                    self.rejects.append(
                        duplicate(leaf.source, leaf.doc_id, leaf.raw_sha256, first.source)
                    )
        return signatures

    def _check_others(self) -> None:
        """Check the annotations whose text is not here: withheld, or of no page at all."""
        texts = {row.doc_id: PageText(row.text_sha256) for row in self._task.withheld}
        for found in self._others():
            self.findings += check_annotations([found], texts)
            doc_id = found.annotation.doc_id
            if found.annotation.status == "silver" and doc_id in texts:
                self.findings.append(silver_left_out(doc_id, found.path, found.header_line))

    def _others(self) -> Iterator[AnnotationFile]:
        name = self._task.job.annotations
        for doc_id in stored_names(name):
            found = read_stored(name, doc_id) if doc_id not in self.leaves else None
            if found is not None:
                yield found

    def _place(self, signatures: dict[str, Signature]) -> dict[str, SplitRow]:
        # Withheld pages last: what links the others must not hang on who passed them.
        ordered = sorted(self.leaves.values(), key=lambda leaf: (leaf.withheld, leaf.doc_id))
        return place_candidates(
            [_candidate(leaf) for leaf in ordered],
            self._near_pairs([signatures.pop(leaf.doc_id) for leaf in ordered]),
            self._task.withheld,
            self.history,
        )

    def _near_pairs(self, signatures: list[Signature]) -> list[NearPair]:
        """Find the documents near each other, or read who they are: texts alone decide it."""
        work = self._task.job.work
        digest = hashlib.sha256()
        for signature in signatures:
            digest.update(_encoder.encode(signature))
        self.pairs_key = key_of(self._task.job.code, digest.hexdigest())
        path = part_path(work, PLACES, self.pairs_key)
        if read_receipt(work, PLACES, self.pairs_key, Receipt) is not None:
            return msgspec.msgpack.decode(path.read_bytes(), type=list[NearPair])
        with ArticleTexts() as texts:
            pairs = near_pairs(signatures, lambda doc_id: self._text_of(doc_id, texts))
        size, whole = finish(path, [_encoder.encode(pairs)])
        write_receipt(work, PLACES, Receipt(key=self.pairs_key, bytes=size, sha256=whole))
        return pairs

    def _text_of(self, doc_id: str, texts: ArticleTexts) -> str:
        leaf = self.leaves[doc_id]
        path = part_path(self._task.job.work, PAGES, self.shards[doc_id])
        return texts.read(path, leaf.offset, leaf.size)

    def all_rows(self) -> Iterator[SplitRow]:
        yield from self.rows.values()
        yield from self.tombstones

    def _is_bare(self, leaf: Leaf) -> bool:
        """Tell a silver annotation that is not of a document in train: no model judges a model."""
        return leaf.silver is not None and self.rows[leaf.doc_id].split != "train"

    def write_ranges(self, writer: _Sections) -> Iterator[Range]:
        """Cut the documents of each split, by doc_id, into the ranges of its files."""
        for split in SPLITS:
            names = sorted(d for d in self.leaves if self.rows[d].split == split)
            cuts = cut_ranges(len(names))
            for shard, (first, last) in enumerate(cuts):
                placed = [self.placed(doc_id) for doc_id in names[first:last]]
                said = _encoder.encode([(p.digest, p.row, p.bare) for p in placed])
                yield Range(split, shard, len(cuts), writer.add(placed), key_of(said))

    def placed(self, doc_id: str) -> Placed:
        leaf = self.leaves[doc_id]
        return Placed(
            doc_id,
            self.shards[doc_id],
            leaf.offset,
            leaf.size,
            leaf.digest,
            self.rows[doc_id],
            self._is_bare(leaf),
        )


def _candidate(leaf: Leaf) -> Candidate:
    # A silver annotation is left out of validation and test: it makes no document fit for them.
    return Candidate(
        doc_id=leaf.doc_id,
        country=leaf.country,
        publisher=leaf.publisher,
        annotated=leaf.state in ("partial", "gold"),
        quoted=leaf.quoted,
        owned=leaf.withheld,
    )
