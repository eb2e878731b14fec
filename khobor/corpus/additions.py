"""How a page joins the corpus folder: payload, frozen page text, suggested blocks, catalogue row.

The folder of the page and its annotation are whole before the catalogue names them: an
interrupted run leaves at most a folder that `khobor check` reports as uncatalogued.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import msgspec

from khobor.annotations.files import check_annotator, write_annotation
from khobor.capture.crawls import Columns, RawPage, is_crawl, read_crawl
from khobor.capture.pages import capture_page
from khobor.corpus.catalogues import (
    BLOCKS,
    CATALOGUE,
    PAGE_TEXT,
    is_catalogued,
    read_catalogue,
    write_blocks,
    write_catalogue,
    write_page_text,
)
from khobor.errors import PageError, UsageError
from khobor.layers.blocks import label_blocks, label_furniture
from khobor.pipeline import build_document, read_raw
from khobor.records import Annotation, Block, CatalogueRow, Metadata, Page, Provenance


class About(msgspec.Struct, frozen=True):
    """What its owner says of a page; None takes what the page says of itself."""

    doc_id: str | None = None
    publisher: str | None = None
    country: str | None = None
    url: str | None = None
    licence: str | None = None
    section: str | None = None
    published_at: str | None = None
    captured_at: str | None = None
    provenance: Provenance = "captured"
    withheld: bool = False  # only its blocks and annotation stay here, not its text
    article: bool = True  # False: a section front, a video page
    note: str | None = None


class Added(msgspec.Struct, frozen=True):
    """A page that joined: its row, its blocks as suggested, and the files to work in."""

    row: CatalogueRow
    blocks: tuple[Block, ...]
    blocks_file: Path
    annotation_file: Path | None  # of a page that is no article there is none


_EXPECTED = {
    "doc_id": "expected --doc-id of letters, digits, '.', '_' and '-', 80 at most",
    "country": "expected --country as two letters of ISO 3166, such as BD or IN",
    "published_at": "expected --published-at in ISO 8601, such as 2024-05-31 or 2024-05-31T09:30+06:00",
    "captured_at": "expected --captured-at in ISO 8601, such as 2024-05-31T09:30:00Z",
}


def add_page(
    corpus: Path,
    source: str,
    about: About,
    *,
    annotator: str,
    guideline: str,
    columns: Columns | None = None,
) -> Added:
    """Turn a raw page into a page of the corpus folder, with suggested blocks to correct.

    `source` is a page's file, or a record of a crawl file (`crawl.jsonl.gz#46`, from 1 as reports
    count them). Raises UsageError where something is missing or the page is there already,
    PageError where the page shows no article and `about` does not say so; then nothing is written.
    """
    check_annotator(annotator)
    pages = corpus / "pages"
    rows = [row for _, row in read_catalogue(pages)] if is_catalogued(pages) else []
    page, payload, medium_suffix = _capture(source, columns or Columns())
    row = _row(page, about)
    _check_new(corpus, row, rows)
    blocks = _suggest(page, about)
    header = Annotation(row.doc_id, row.text_sha256, annotator, guideline, "todo")
    place = pages / row.doc_id
    annotation_file = corpus / "annotations" / annotator / f"{row.doc_id}.jsonl"
    if annotation_file.exists():
        raise UsageError(
            "stands there already",
            where=str(annotation_file),
            fix="move it away, or add the page under another --doc-id",
        )
    partial = pages / f".{row.doc_id}.partial"
    shutil.rmtree(partial, ignore_errors=True)  # of an interrupted run
    try:
        partial.mkdir(parents=True)
        write_blocks(partial / BLOCKS, blocks, doc_id=row.doc_id, text_sha256=row.text_sha256)
        if not row.withheld:
            (partial / f"raw.{medium_suffix}").write_bytes(payload)
            write_page_text(partial / PAGE_TEXT, page.text)
        os.replace(partial, place)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    if about.article:
        write_annotation(annotation_file, header)
    write_catalogue(pages, [*rows, row])
    return Added(row, blocks, place / BLOCKS, annotation_file if about.article else None)


def _capture(source: str, columns: Columns) -> tuple[Page, bytes, str]:
    """Read a page's file, or a record of a crawl file: (page, payload, suffix of its raw file)."""
    path, number = _place(source)
    if number is None:
        payload = read_raw(path)
        page = capture_page(payload, source=path.name)
    else:
        record = _record(path, number, columns)
        payload = record.payload
        page = capture_page(payload, source=record.source, medium=record.medium)
        found = page.metadata
        metadata = msgspec.structs.replace(
            found,
            url=record.url or found.url,
            title=found.title or record.title,
            section=found.section or record.section,
            published_at=found.published_at or record.published_at,
            captured_at=record.captured_at,
        )
        page = msgspec.structs.replace(page, metadata=metadata)
    return page, payload, "html" if page.medium == "html" else "txt"


def _place(source: str) -> tuple[Path, int | None]:
    """Turn `crawl.jsonl#46` into its path and record number; a page's file has none."""
    path, mark, number = source.rpartition("#")
    if mark and number.isascii() and number.isdecimal() and is_crawl(path):
        return Path(path), int(number)
    if is_crawl(source):
        raise UsageError(
            "is a crawl file of many pages",
            where=source,
            fix=f"name one record of it, {source}#1 for the first",
        )
    return Path(source), None


def _record(path: Path, number: int, columns: Columns) -> RawPage:
    for record in read_crawl(path, source=path.name, columns=columns):
        if record.source == f"{path.name}#{number}":
            if isinstance(record, RawPage):
                return record
            raise PageError(record.detail, where=record.source, reason=record.reason)
    raise UsageError(
        f"has no record {number:,}", where=str(path), fix="count records from 1, as reports do"
    )


def _row(page: Page, about: About) -> CatalogueRow:
    """Turn a page and what is said of it into its catalogue row; raise UsageError for a gap."""
    found = page.metadata
    needed = {
        "--publisher": about.publisher or found.publisher,
        "--country": about.country or found.country,
        "--url": about.url or found.url,
        "--licence": about.licence,
    }
    missing = [option for option, value in needed.items() if not value]
    if missing:
        raise UsageError(
            f"the page does not say what {', '.join(missing)} would",
            where=page.source,
            fix=f"add the page with {' '.join(f'{option} …' for option in missing)}",
        )
    fields = {
        "doc_id": about.doc_id or page.doc_id,
        "raw_sha256": page.raw_sha256,
        "text_sha256": page.text_sha256,
        "publisher": needed["--publisher"],
        "country": needed["--country"],
        "url": needed["--url"],
        "licence": needed["--licence"],
        "provenance": about.provenance,
        "captured_at": about.captured_at or found.captured_at,
        "published_at": about.published_at or _dated(page, about).published_at,
        "section": about.section or found.section,
        "title": None if about.withheld else found.title,
        "withheld": about.withheld,
        "medium": page.medium if about.withheld else None,
        "note": about.note,
    }
    try:
        return msgspec.convert(fields, CatalogueRow)
    except msgspec.ValidationError as error:
        field = str(error).rpartition("$.")[2].strip("`")
        raise UsageError(
            f"{fields.get(field)!r} is no {field} of a catalogue row",
            where=page.source,
            fix=_EXPECTED.get(field, "correct that option"),
        ) from error


def _dated(page: Page, about: About) -> Metadata:
    """Read the visible date line too, where the page shows an article."""
    if not about.article:
        return page.metadata
    return build_document(page, _suggest(page, about)).metadata


def _check_new(corpus: Path, row: CatalogueRow, rows: list[CatalogueRow]) -> None:
    pages = corpus / "pages"
    for other in rows:
        if other.doc_id.lower() == row.doc_id.lower():
            raise UsageError(
                f"a page {other.doc_id} stands in it already",
                where=str(pages / CATALOGUE),
                fix="choose another --doc-id",
            )
        if other.raw_sha256 == row.raw_sha256:
            raise UsageError(
                f"the same page stands in it already as {other.doc_id}",
                where=str(pages / CATALOGUE),
                fix="each page joins once",
            )
    if (pages / row.doc_id).exists():
        raise UsageError(
            "a folder that no catalogue row names stands there",
            where=str(pages / row.doc_id),
            fix="move it away (an interrupted run may have left it)",
        )


def _suggest(page: Page, about: About) -> tuple[Block, ...]:
    if not about.article:
        return label_furniture(page)
    try:
        return label_blocks(page)
    except PageError as error:
        if error.reason != "no-article":
            raise
        raise PageError(
            error.message,
            where=error.where,
            fix="add it with --no-article: if it is none (a section front), its labels are right so; "
            "if it is a very short one, correct them",
            reason=error.reason,
        ) from error
