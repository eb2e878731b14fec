"""The page stages of a shard: some hundred pages to one part, anywhere, with the same bytes.

A shard is a list of files, or a spool of a crawl's records. Its key is the digest of the code and
of all that its pages are made from (payloads, page texts, blocks, annotations), never a time: a
shard whose key is done already is not run again.
"""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from khobor.annotations.alignments import align
from khobor.annotations.checks import Finding
from khobor.annotations.choices import annotation_state
from khobor.annotations.files import AnnotationFile
from khobor.capture.rawpages import DEFAULT_COLUMNS, Columns
from khobor.corpus.catalogues import PAGE_TEXT, read_block_lines
from khobor.corpus.checks import PageText, check_annotations, check_blocks
from khobor.corpus.chosen import digest_of_annotation, read_stored
from khobor.corpus.documents import read_task, record_task
from khobor.corpus.parts import Draft, Index, Leaf, PartWriter, encode_draft
from khobor.corpus.placements import article_of
from khobor.corpus.signatures import Signature, sign
from khobor.corpus.sources import PageTask, blocks_path
from khobor.corpus.spools import Record, read_spool
from khobor.corpus.works import (
    PAGES,
    Receipt,
    finish,
    key_of,
    page_code,
    part_path,
    read_receipt,
    write_receipt,
)
from khobor.engines.interface import TRIES, without_collector
from khobor.errors import KhoborError
from khobor.layers.views import article_view
from khobor.paths import as_path
from khobor.records import Document, Reject


class Job(msgspec.Struct, frozen=True):
    """What all tasks of a build are told: its work folder, its code, its annotations' file.

    `columns` name those of crawl files.
    """

    work: str
    code: str
    annotations: str = ""
    columns: Columns = DEFAULT_COLUMNS


class Shard(msgspec.Struct, frozen=True):
    """Some pages to be run together: files, or a spool. A task: it can be pickled.

    `crashed` are places of pages in it that are known to kill their process. `only` narrows it
    to a range of places, to find out which do; nothing is written then.
    """

    job: Job
    tasks: tuple[PageTask | Reject, ...] = ()
    spool: str = ""
    path: str = ""  # of the crawl file that was spooled
    crashed: tuple[int, ...] = ()
    only: tuple[int, int] | None = None


class ShardReceipt(Receipt, frozen=True, kw_only=True):
    """What became of a shard's pages: documents, and rejects by reason; they add up."""

    pages: int
    documents: int
    rejects: dict[str, int]
    errors: int  # findings that forbid a release


class Ran(msgspec.Struct, frozen=True):
    """The receipt of a shard, and whether it was done before."""

    receipt: ShardReceipt
    reused: bool


Item = PageTask | Reject


def run_shard(shard: Shard) -> Ran:
    """Turn a shard into its part and receipt below the work folder, unless they are there.

    A pure function of the shard and the files that it names. Raises AnnotationError where a
    catalogued page is not what its catalogue says, KhoborError where this process runs other
    code than the build that planned the shard.
    """
    job = shard.job
    if job.code != page_code():
        raise KhoborError(
            "a worker runs another khobor than the build",
            fix="install the same version on all machines of the cluster",
        )
    items = shard_items(shard)
    key = spool_key(job, shard.spool, lambda: items) if shard.spool else _files_key(job, items)
    found = read_receipt(job.work, PAGES, key, ShardReceipt)
    if found is not None:
        return Ran(found, reused=True)
    counts: Counter[str] = Counter()
    writer = _ShardWriter(job, counts)
    with without_collector():
        pieces = writer.pieces(items, shard.crashed)
        size, digest = finish(part_path(job.work, PAGES, key), pieces)
    receipt = ShardReceipt(
        key=key,
        bytes=size,
        sha256=digest,
        pages=len(items),
        documents=writer.documents,
        rejects=dict(sorted(counts.items())),
        errors=writer.errors,
    )
    write_receipt(job.work, PAGES, receipt)
    return Ran(receipt, reused=False)


def probe_shard(shard: Shard) -> None:
    """Run the page stages over a range of a shard's pages for nothing but to see them end."""
    first, last = shard.only or (0, len(shard_items(shard)))
    for item in shard_items(shard)[first:last]:
        if isinstance(item, PageTask):
            read_task(item)


def shard_items(shard: Shard) -> Sequence[Item]:
    """List the pages of a shard, and what was rejected unread; read its spool where it has one."""
    if not shard.spool:
        return [_interned(task) for task in shard.tasks]
    return items_of(read_spool(shard.job.work, shard.spool), shard.path, shard.job.columns)


def _interned(task: Item) -> Item:
    """Undo what pickling did: msgspec leaves a default out where it is that very string."""
    if isinstance(task, Reject) or task.row is None:
        return task
    row = msgspec.structs.replace(task.row, language=sys.intern(task.row.language))
    return msgspec.structs.replace(task, row=row)


def items_of(records: Iterable[Record], path: str, columns: Columns) -> list[Item]:
    """Turn the records of the crawl file at `path` into pages to read, and rejects."""
    items = []
    for record in records:
        found = record.page or record.line or record.reject
        assert found is not None
        items.append(record_task(found, path, columns))
    return items


# --- keys -------------------------------------------------------------------------------------


def spool_key(job: Job, spool: str, items: Callable[[], Sequence[Item]]) -> str:
    """Turn a spool into the shard's key: code, content, columns, annotations.

    Its pages, which `items` gives, are looked at only where there are annotations.
    """
    annotations = [
        digest_of_annotation(job.annotations, _digest(item.raw.payload)[:16])
        for item in (items() if job.annotations else ())
        if isinstance(item, PageTask) and item.raw is not None
    ]
    return key_of(job.code, spool, msgspec.json.encode(job.columns), *annotations)


def _files_key(job: Job, tasks: Sequence[Item]) -> str:
    return key_of(job.code, *(part for task in tasks for part in _content(job, task)))


def _content(job: Job, task: Item) -> Iterator[str | bytes]:
    """Digest all that a page is made from."""
    yield task.source
    if isinstance(task, Reject):
        yield msgspec.json.encode(task)
        return
    payload = (
        _digest(task.raw.payload) if task.raw is not None else _file_digest(as_path(task.path))
    )
    yield payload
    doc_id = payload[:16]
    if task.row is not None and task.folder is not None:
        yield msgspec.json.encode(task.row)
        folder = as_path(task.folder) / task.row.doc_id
        yield str(folder)  # what is wrong with its files is said of this path
        yield _file_digest(folder / PAGE_TEXT)
        yield _file_digest(blocks_path(task.folder, task.row))
        doc_id = task.row.doc_id
    yield digest_of_annotation(job.annotations, doc_id)


def _digest(payload: bytes) -> str:
    return hashlib.sha256(payload).hexdigest()


def _file_digest(path: Path) -> str:
    try:
        with path.open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        return f"unreadable: {type(error).__name__}"


# --- one shard --------------------------------------------------------------------------------


class _ShardWriter:
    """Turns pages one by one into the pieces of a part, and gathers its index."""

    def __init__(self, job: Job, counts: Counter[str]) -> None:
        self._job = job
        self._counts = counts
        self._part = PartWriter()
        self._leaves: list[Leaf] = []
        self._signatures: list[Signature] = []
        self._rejects: list[Reject] = []
        self._findings: list[Finding] = []

    @property
    def documents(self) -> int:
        return len(self._leaves)

    @property
    def errors(self) -> int:
        return sum(finding.level == "error" for finding in self._findings)

    def pieces(self, items: Sequence[Item], crashed: Sequence[int]) -> Iterator[bytes]:
        yield self._part.head()
        for place, item in enumerate(items):
            result = _crash_of(item) if place in crashed else _read(item)
            if isinstance(result, Reject):
                self._rejects.append(result)
                self._counts[result.reason] += 1
            else:
                assert isinstance(item, PageTask)
                yield self._add(place, item, result)
        yield self._part.end(
            Index(
                tuple(self._leaves),
                tuple(self._signatures),
                tuple(self._rejects),
                tuple(self._findings),
            )
        )

    def _add(self, place: int, task: PageTask, document: Document) -> bytes:
        found = read_stored(self._job.annotations, document.doc_id)
        findings = list(_check(task, document, found))
        self._findings += findings
        faulty = found is not None and any(
            finding.level == "error" and finding.file == found.path for finding in findings
        )
        annotation = found.annotation if found is not None and not faulty else None
        draft = Draft(
            document,
            task.row,
            annotation,
            align(document, annotation) if annotation is not None else None,
        )
        encoded = encode_draft(draft)
        self._signatures.append(
            sign(article_of(document, article_view(document.text, document.blocks)))
        )
        self._leaves.append(_leaf(draft, place, encoded, self._part.add(encoded), found))
        return encoded


def _read(item: Item) -> Document | Reject:
    return item if isinstance(item, Reject) else read_task(item)


def _crash_of(item: Item) -> Reject:
    if isinstance(item, Reject):
        return item
    detail = f"reading it killed its process {TRIES} times; look at it alone, and leave it out"
    return Reject(item.source, "crashed", detail)


def _check(task: PageTask, document: Document, found: AnnotationFile | None) -> Iterator[Finding]:
    """Check the blocks of a catalogued page, and the annotation of a document."""
    if task.row is not None and task.folder is not None:
        path = blocks_path(task.folder, task.row)
        if path.is_file():
            lines = read_block_lines(path, task.row.doc_id, task.row.text_sha256)
            yield from check_blocks(str(path), document.text, lines)
    if found is not None:
        page = PageText(document.text_sha256, document.text, document.blocks)
        yield from check_annotations([found], {document.doc_id: page})


def _leaf(
    draft: Draft, place: int, encoded: bytes, offset: int, found: AnnotationFile | None
) -> Leaf:
    document, metadata = draft.document, draft.document.metadata
    # What was made of an annotation that breaks a rule is left out, but it was made by hand.
    state = annotation_state(found.annotation if found is not None else None)
    by_hand = state in ("partial", "gold") and found is not None
    return Leaf(
        doc_id=document.doc_id,
        source=document.source,
        place=place,
        raw_sha256=document.raw_sha256,
        offset=offset,
        size=len(encoded),
        digest=hashlib.sha256(encoded).digest()[:16],
        country=metadata.country or "",
        publisher=metadata.publisher or "",
        state=state,
        quoted=by_hand and found is not None and bool(found.annotation.quotes),
        withheld=draft.row is not None and draft.row.withheld,
        silver=(found.path, found.header_line)
        if found is not None and found.annotation.status == "silver"
        else None,
    )
