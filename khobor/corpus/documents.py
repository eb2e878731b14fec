"""From page tasks to documents: the page stages over many pages, in one process or several."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import msgspec
from tqdm import tqdm

from khobor.capture.pages import HTML_SUFFIXES, TEXT_SUFFIXES, capture_page, sha256_of, text_sha256
from khobor.corpus.catalogues import read_blocks, read_page_text
from khobor.corpus.sources import PageTask, blocks_path
from khobor.errors import AnnotationError, KhoborError, PageError, UsageError
from khobor.pipeline import build_document, read_raw
from khobor.records import (
    ARTICLE_LABELS,
    Block,
    CatalogueRow,
    Document,
    Metadata,
    Page,
    Reject,
    Stretch,
)

# Tasks that one process takes at a time: enough to hide the cost of handing them over.
_SHARD_PAGES = 32


def read_documents(
    tasks: Sequence[PageTask], *, workers: int = 1
) -> tuple[list[Document], list[Reject]]:
    """Turn tasks into documents, sorted by doc_id, and rejects; nothing vanishes in between.

    The same documents for any order of tasks and any number of workers. Of two pages with one
    doc_id the catalogued one stays, then the one whose source sorts first; the other is the
    reject `duplicate`.
    """
    ordered = sorted(tasks, key=lambda task: (task.row is None, task.source, task.path))
    shards = [ordered[at : at + _SHARD_PAGES] for at in range(0, len(ordered), _SHARD_PAGES)]
    documents: dict[str, Document] = {}
    rejects: list[Reject] = []
    # disable=None: no bar where stderr is no terminal.
    with tqdm(total=len(ordered), unit="page", disable=None, leave=False) as bar:
        for results in _run(shards, workers):
            for result in results:
                if isinstance(result, Reject):
                    rejects.append(result)
                elif result.doc_id in documents:
                    rejects.append(_duplicate(result, documents[result.doc_id]))
                else:
                    documents[result.doc_id] = result
            bar.update(len(results))
    return sorted(documents.values(), key=lambda document: document.doc_id), rejects


def _run(shards: Sequence[Sequence[PageTask]], workers: int) -> Iterator[list[Document | Reject]]:
    if workers <= 1 or len(shards) <= 1:
        yield from map(run_shard, shards)
        return
    # spawn: a fork would copy the threads' locks of pyarrow and of the progress bar.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(shards)), mp_context=context) as pool:
        try:
            yield from pool.map(run_shard, shards)
        except BrokenProcessPool as error:
            raise KhoborError(
                "a worker process died while it read pages",
                fix="run again with --workers 1 to see at which page",
            ) from error


def run_shard(tasks: Iterable[PageTask]) -> list[Document | Reject]:
    """Turn tasks into documents and rejects, one each, in order. Picklable, without globals."""
    return [read_task(task) for task in tasks]


def read_task(task: PageTask) -> Document | Reject:
    """Turn a task into a Document, or into the Reject that says why not.

    Raises AnnotationError where a catalogued page is not what its catalogue says: that is an
    error of the corpus, not a page to leave out.
    """
    if task.row is None and not _is_supported(task.source):
        detail = f"expected {', '.join((*HTML_SUFFIXES, *TEXT_SUFFIXES))}"
        return Reject(task.source, "unsupported", detail)
    try:
        raw = read_raw(Path(task.path))
    except UsageError as error:
        return Reject(task.source, "unreadable", error.message)
    try:
        page = capture_page(
            raw, source=task.source, doc_id=task.row.doc_id if task.row is not None else None
        )
        if task.row is None or task.folder is None:
            return build_document(page)
        page = _frozen_page(page, task.row, task.folder)
        return build_document(page, _gold_blocks(page, task.row, task.folder))
    except PageError as error:
        detail = f"{error.message}; {error.fix}" if error.fix else error.message
        digest = sha256_of(raw)
        return Reject(task.source, error.reason, detail, digest)  # type: ignore[arg-type]  # PageError.reason is a RejectReason


def _is_supported(source: str) -> bool:
    name = source.lower()
    return name.endswith((*HTML_SUFFIXES, *TEXT_SUFFIXES)) or "." not in name.rsplit("/", 1)[-1]


def _frozen_page(page: Page, row: CatalogueRow, folder: str) -> Page:
    """Put a catalogued page on its frozen page text, with the catalogue's metadata."""
    where = str(Path(folder) / row.doc_id)
    if page.raw_sha256 != row.raw_sha256:
        raise AnnotationError(
            f"the payload has SHA-256 {page.raw_sha256[:12]}…, the catalogue says "
            f"{row.raw_sha256[:12]}…",
            where=where,
            fix="restore the payload, or add the changed page under a name of its own",
        )
    text = page.text if row.withheld else read_page_text(Path(folder), row)
    if text_sha256(text) != row.text_sha256:
        raise AnnotationError(
            f"the page text has SHA-256 {text_sha256(text)[:12]}…, the catalogue says "
            f"{row.text_sha256[:12]}…",
            where=where,
            fix="restore page.txt; offsets refer to it and it never changes",
        )
    stretches = page.stretches if text == page.text else ()
    return msgspec.structs.replace(
        page,
        text=text,
        text_sha256=row.text_sha256,
        stretches=stretches,
        metadata=_catalogued_metadata(row, page.metadata),
    )


def _catalogued_metadata(row: CatalogueRow, found: Metadata) -> Metadata:
    """What the catalogue says goes before what the page says of itself."""
    return msgspec.structs.replace(
        found,
        url=row.url,
        publisher=row.publisher,
        country=row.country,
        language=row.language,
        section=row.section or found.section,
        title=row.title or found.title,
        published_at=row.published_at or found.published_at,
        published_source="catalogue" if row.published_at else found.published_source,
        captured_at=row.captured_at,
    )


def _gold_blocks(page: Page, row: CatalogueRow, folder: str) -> tuple[Block, ...] | None:
    """Read a catalogued page's blocks with the DOM paths of today's capture; None without any."""
    path = blocks_path(folder, row)
    if not path.is_file():
        return None
    blocks = read_blocks(path, doc_id=row.doc_id, text_sha256=row.text_sha256)
    if not any(block.label in ARTICLE_LABELS for block in blocks):
        raise PageError(
            "its blocks are furniture alone",
            where=page.source,
            fix="label its article, if it has one",
            reason="no-article",
        )
    for block in blocks:
        if not block.start < block.end <= len(page.text):
            raise AnnotationError(
                f"the block [{block.start}, {block.end}) does not lie in the text of "
                f"{len(page.text)} code points",
                where=str(path),
                fix="run `khobor check` for the line",
            )
    return tuple(
        msgspec.structs.replace(block, path=path)
        for block, path in zip(blocks, _paths(page.stretches, blocks), strict=True)
    )


def _paths(stretches: Sequence[Stretch], blocks: Sequence[Block]) -> Iterator[str]:
    """Find the DOM path of the stretch in which each block begins; both in order."""
    place = 0
    for block in blocks:
        while place < len(stretches) and stretches[place].end <= block.start:
            place += 1
        inside = place < len(stretches) and stretches[place].start <= block.start
        yield stretches[place].path if inside else ""


def _duplicate(document: Document, first: Document) -> Reject:
    return Reject(
        document.source,
        "duplicate",
        f"its doc_id {document.doc_id} is that of {first.source}",
        document.raw_sha256,
    )
