"""From page tasks to documents: the page stages of one page, and of many in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import msgspec
from tqdm import tqdm

from khobor.capture.crawls import Columns, RawLine, RawPage, cut_crawl, is_crawl, parse_line
from khobor.capture.pages import HTML_SUFFIXES, TEXT_SUFFIXES, capture_page, sha256_of, text_sha256
from khobor.corpus.catalogues import read_blocks, read_page_text
from khobor.corpus.sources import Owned, PageTask, blocks_path
from khobor.errors import AnnotationError, PageError, UsageError
from khobor.layers.languages import language_of
from khobor.paths import as_path
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


class Reading(msgspec.Struct, frozen=True):
    """What became of pages: `pages` counts those that went in, records of crawl files singly."""

    pages: int
    documents: tuple[Document, ...]
    rejects: tuple[Reject, ...]


def read_documents(tasks: Sequence[PageTask], *, columns: Columns | None = None) -> Reading:
    """Turn tasks into documents, sorted by doc_id, and rejects; nothing vanishes in between.

    The same documents for any order of tasks. Of two pages with one doc_id the catalogued one stays, then the one whose source sorts first; the other is the
    reject `duplicate`. `columns` names the columns of crawl files.
    """
    pages = 0
    documents: dict[str, Document] = {}
    rejects: list[Reject] = []
    ordered = page_tasks(sorted(tasks, key=lambda task: task.order), columns)
    # disable=None: no bar where stderr is no terminal.
    for task in tqdm(ordered, unit="page", disable=None, leave=False):
        pages += 1
        result = task if isinstance(task, Reject) else read_task(task)
        if isinstance(result, Reject):
            rejects.append(result)
        elif result.doc_id in documents:
            first = documents[result.doc_id].source
            rejects.append(duplicate(result.source, result.doc_id, result.raw_sha256, first))
        else:
            documents[result.doc_id] = result
    return Reading(
        pages,
        tuple(sorted(documents.values(), key=lambda document: document.doc_id)),
        tuple(rejects),
    )


def page_tasks(
    tasks: Iterable[PageTask], columns: Columns | None = None
) -> Iterator[PageTask | Reject]:
    """Turn tasks into tasks of one page each: crawl files are read record by record."""
    for task in tasks:
        if task.row is not None or not is_crawl(task.source):
            yield task
            continue
        columns = columns or Columns()
        for record in crawl_records(task.path, task.source, columns):
            yield record_task(record, task.path, columns)


def record_task(
    record: RawPage | RawLine | Reject, path: str, columns: Columns
) -> PageTask | Reject:
    """Turn a record of the crawl file at `path` into the task of its page."""
    if isinstance(record, RawLine):
        record = parse_line(record, columns)
    return record if isinstance(record, Reject) else PageTask(record.source, path, raw=record)


def crawl_records(path: str, source: str, columns: Columns) -> Iterator[RawPage | RawLine | Reject]:
    """Turn a crawl file into its records, a file that cannot be opened into one reject."""
    try:
        yield from cut_crawl(as_path(path), source=source, columns=columns)
    except UsageError as error:
        yield Reject(source, "unreadable", f"{error.message}; {error.fix}")


def read_task(task: PageTask, *, any_labels: bool = False) -> Document | Reject:
    """Turn a task into a Document, or into the Reject that says why not.

    `any_labels`: take also a page whose blocks by hand are furniture alone, to look at it. Raises AnnotationError where a catalogued page is not what its catalogue says: that is an
    error of the corpus, not a page to leave out.
    """
    if task.row is None and task.raw is None and not _is_supported(task.source):
        detail = f"expected {', '.join((*HTML_SUFFIXES, *TEXT_SUFFIXES))}, or a crawl file"
        return Reject(task.source, "unsupported", detail)
    try:
        payload = task.raw.payload if task.raw is not None else read_raw(as_path(task.path))
    except UsageError as error:
        return Reject(task.source, "unreadable", error.message)
    try:
        return _read_payload(task, payload, any_labels)
    except PageError as error:
        detail = f"{error.message}; {error.fix}" if error.fix else error.message
        digest = sha256_of(payload)
        return Reject(task.source, error.reason, detail, digest)  # type: ignore[arg-type]  # PageError.reason is a RejectReason


def _read_payload(task: PageTask, payload: bytes, any_labels: bool) -> Document:
    if task.row is None or task.folder is None:
        if task.raw is None:
            return build_document(capture_page(payload, source=task.source))
        page = capture_page(payload, source=task.source, medium=task.raw.medium)
        return build_document(_with_crawl_metadata(page, task.raw))
    page = capture_page(payload, source=task.source, doc_id=task.row.doc_id)
    page = _frozen_page(page, task.row, task.folder)
    return build_document(page, _gold_blocks(page, task.row, task.folder, any_labels))


def build_owned(owned: Owned, blocks: Sequence[Block]) -> Document:
    """Turn a withheld page that its owner passed, and its blocks, into a Document.

    Raises PageError where the payload is no page any more, AnnotationError where it is not the
    text that the blocks lie in.
    """
    payload = owned.record.payload if owned.record is not None else read_raw(owned.path)
    page = capture_page(payload, source=owned.source, doc_id=owned.row.doc_id)
    page = _on_frozen_text(page, owned.row, page.text, where=owned.source)
    return build_document(page, _placed_blocks(page, blocks, where=owned.source) or None)


def _with_crawl_metadata(page: Page, raw: RawPage) -> Page:
    """Fill in what the crawl knows of a page; where it was fetched goes before what it says."""
    found = page.metadata
    dated = found.published_at is None and raw.published_at is not None
    metadata = msgspec.structs.replace(
        found,
        url=raw.url or found.url,
        title=found.title or raw.title,
        section=found.section or raw.section,
        published_at=raw.published_at if dated else found.published_at,
        published_source="crawl" if dated else found.published_source,
        captured_at=raw.captured_at,
    )
    return msgspec.structs.replace(page, metadata=metadata)


def _is_supported(source: str) -> bool:
    name = source.lower()
    return name.endswith((*HTML_SUFFIXES, *TEXT_SUFFIXES)) or "." not in name.rsplit("/", 1)[-1]


def _frozen_page(page: Page, row: CatalogueRow, folder: str) -> Page:
    """Put a catalogued page on its frozen page text, with the catalogue's metadata."""
    where = str(as_path(folder) / row.doc_id)
    # A withheld page was recognised by its payload, or by its text alone.
    if page.raw_sha256 != row.raw_sha256 and not row.withheld:
        raise AnnotationError(
            f"the payload has SHA-256 {page.raw_sha256[:12]}…, the catalogue says "
            f"{row.raw_sha256[:12]}…",
            where=where,
            fix="restore the payload, or add the changed page under a name of its own",
        )
    text = page.text if row.withheld else read_page_text(as_path(folder), row)
    return _on_frozen_text(page, row, text, where=where)


def _on_frozen_text(page: Page, row: CatalogueRow, text: str, *, where: str) -> Page:
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


def _gold_blocks(
    page: Page, row: CatalogueRow, folder: str, any_labels: bool
) -> tuple[Block, ...] | None:
    """Read a catalogued page's blocks with the DOM paths of today's capture; None without any."""
    path = blocks_path(folder, row)
    if not path.is_file():
        return None
    blocks = read_blocks(path, doc_id=row.doc_id, text_sha256=row.text_sha256)
    if not any_labels and not any(block.label in ARTICLE_LABELS for block in blocks):
        raise PageError(
            "its blocks are furniture alone",
            where=page.source,
            fix="label its article, if it has one",
            reason="no-article",
        )
    return _placed_blocks(page, blocks, where=str(path))


def _placed_blocks(page: Page, blocks: Sequence[Block], *, where: str) -> tuple[Block, ...]:
    """Give blocks made by hand the DOM paths of today's capture, and their language."""
    for block in blocks:
        if not block.start < block.end <= len(page.text):
            raise AnnotationError(
                f"the block [{block.start}, {block.end}) does not lie in the text of "
                f"{len(page.text)} code points",
                where=where,
                fix="run `khobor check` for the line",
            )
    return tuple(
        msgspec.structs.replace(
            block, path=path, language=language_of(page.text[block.start : block.end])
        )
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


def duplicate(source: str, doc_id: str, raw_sha256: str, first: str) -> Reject:
    """Reject a page whose doc_id is that of the page `first`."""
    return Reject(source, "duplicate", f"its doc_id {doc_id} is that of {first}", raw_sha256)
