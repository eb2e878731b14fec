"""The rules of a corpus folder: catalogue, payloads, page texts, blocks, annotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from khobor.annotations.checks import Finding, check_annotation
from khobor.annotations.choices import GOLD, choose_each
from khobor.annotations.consistency import EXCEPTIONS, AnnotatedText, check_consistency
from khobor.annotations.files import AnnotationFile, read_annotation_files
from khobor.capture.pages import capture_page, sha256_of, text_sha256
from khobor.corpus.adjudications import DECISIONS, read_decisions
from khobor.corpus.catalogues import (
    BLOCKS,
    CATALOGUE,
    PAGE_TEXT,
    is_catalogued,
    raw_path,
    read_block_lines,
    read_blocks,
    read_catalogue,
    read_page_text,
)
from khobor.errors import KhoborError, UsageError
from khobor.jsonl import read_records
from khobor.pipeline import read_raw
from khobor.records import Block, CatalogueRow, KnownException


class PageText(msgspec.Struct, frozen=True):
    """A page text as annotations see it; `text` is None where it is withheld or cannot be read."""

    text_sha256: str
    text: str | None = None
    blocks: tuple[Block, ...] = ()


def check_folder(folder: Path) -> list[Finding]:
    """Turn a corpus folder (pages/ and annotations/) into its findings, sorted by file and line.

    Raises UsageError where it is none.
    """
    pages = folder / "pages"
    if not is_catalogued(pages):
        raise UsageError(
            f"no {CATALOGUE} in it",
            where=str(pages),
            fix="expected a corpus folder with pages/ and annotations/",
        )
    findings: list[Finding] = []
    texts: dict[str, PageText] = {}
    try:
        rows = read_catalogue(pages)
    except KhoborError as error:
        return [finding_of(error)]
    for line, row in rows:
        findings.extend(_check_page(pages, line, row, texts))
    annotations = folder / "annotations"
    candidates: list[tuple[str, AnnotationFile]] = []
    open_documents: set[str] = set()  # nobody knows which annotation of them a release takes
    for path in sorted(annotations.glob("*/*.jsonl")):
        try:
            found = read_annotation_files(path)
        except KhoborError as error:
            findings.append(finding_of(error))
            open_documents.add(path.stem)
        else:
            findings.extend(check_annotations(found, texts))
            candidates.extend((path.parent.name, file) for file in found)
    findings.extend(_check_decisions(annotations, texts))
    findings.extend(_check_uncatalogued(pages, {row.doc_id for _, row in rows}))
    chosen = _choose(candidates, open_documents, findings)
    findings.extend(_check_together(folder, texts, chosen, open_documents))
    return sorted(findings)


def _choose(
    candidates: Sequence[tuple[str, AnnotationFile]],
    open_documents: set[str],
    findings: list[Finding],
) -> dict[str, AnnotationFile]:
    """Find the annotation of each document that a release would take.

    A document of which a file cannot be read has its own finding; one with several that are
    equally good gets one here, and joins `open_documents`.
    """
    chosen, undecided = choose_each(
        (name, file) for name, file in candidates if file.annotation.doc_id not in open_documents
    )
    for document in undecided:
        first, error = document.files[0], document.error
        message = f"{error.where}: {error.message}; {error.fix}"
        findings.append(Finding(first.path, first.header_line, "error", "choice", message))
        open_documents.add(document.doc_id)
    return chosen


def _check_decisions(annotations: Path, texts: dict[str, PageText]) -> Iterator[Finding]:
    """Check that each file of decisions can be read, and is about the text of its page."""
    for path in sorted((annotations / GOLD / DECISIONS).glob("*.jsonl")):
        try:
            header, _ = read_decisions(path)
        except KhoborError as error:
            yield finding_of(error)
            continue
        page = texts.get(header.doc_id)
        if page is None:
            message = (
                f"no page {header.doc_id} is here; correct the doc_id, or move the decisions away"
            )
            yield Finding(str(path), 1, "error", "unknown-document", message)
        elif page.text_sha256 != header.text_sha256:
            message = (
                f"the decisions are about a text with SHA-256 {header.text_sha256[:12]}…, the page "
                f"has {page.text_sha256[:12]}…; move them away and run `khobor adjudicate` again"
            )
            yield Finding(str(path), 1, "error", "hash", message)


def _check_together(
    folder: Path,
    texts: dict[str, PageText],
    chosen: dict[str, AnnotationFile],
    open_documents: set[str],
) -> Iterator[Finding]:
    """Check what is said of one page against all the others, where their texts are here.

    Documents whose annotation is open stand aside: nothing is said of them.
    """
    path = folder / "annotations" / EXCEPTIONS
    exceptions: list[tuple[int, KnownException]] = []
    try:
        if path.exists():
            exceptions.extend(read_records(path, KnownException))
    except KhoborError as error:
        yield finding_of(error)
    here = []
    for doc_id, page in texts.items():
        found = chosen.get(doc_id)
        if found is not None and found.annotation.text_sha256 != page.text_sha256:
            found = None  # it has its own finding, and its offsets mean nothing here
        if found is not None and found.annotation.status == "silver":
            found = None  # a model's word says nothing against anybody's
        if page.text is not None and doc_id not in open_documents:
            file = str(folder / "pages" / doc_id / PAGE_TEXT)
            here.append(AnnotatedText(doc_id, file, page.text, page.blocks, found))
    unread = {doc_id for doc_id, page in texts.items() if page.text is None}
    for finding in check_consistency(here, exceptions, exceptions_file=str(path), unread=unread):
        # What stands aside may be what an exception is for.
        if not (open_documents and finding.check == "unused-exception"):
            yield finding


def finding_of(error: KhoborError) -> Finding:
    """Turn an error that names a file and line into a finding."""
    file, _, line = error.where.rpartition(":")
    if not line.isdigit():
        file, line = error.where, "1"
    message = f"{error.message}; {error.fix}" if error.fix else error.message
    return Finding(file, int(line), "error", "record", message)


def check_annotations(
    files: Iterable[AnnotationFile], texts: dict[str, PageText]
) -> Iterator[Finding]:
    """Check annotations against the page texts they are for; of a withheld one, the hash alone."""
    for found in files:
        doc_id = found.annotation.doc_id
        if Path(found.path).stem != doc_id:
            yield Finding(
                found.path,
                found.header_line,
                "error",
                "file-name",
                f"it holds the annotation of {doc_id}; name it {doc_id}.jsonl",
            )
        if found.annotation.status == "silver" and Path(found.path).parent.name == GOLD:
            yield Finding(
                found.path,
                found.header_line,
                "error",
                "silver-gold",
                f"a silver annotation is a model's, and no gold; keep it in another folder than "
                f"{GOLD}/ until somebody has corrected it",
            )
        page = texts.get(doc_id)
        if page is not None:
            yield from check_annotation(found, page.text, page.text_sha256, page.blocks)
        else:
            yield Finding(
                found.path,
                found.header_line,
                "error",
                "unknown-document",
                f"no page {doc_id} is here; correct the doc_id, or pass its page too",
            )


def silver_left_out(doc_id: str, path: str, line: int) -> Finding:
    """Note that a silver annotation is not taken; `line` is that of its header."""
    message = (
        f"the silver annotation of {doc_id} is left out: validation, test and "
        "withheld documents take what somebody annotated; correct it under an annotator's name"
    )
    return Finding(path, line, "note", "silver-left-out", message)


def check_blocks(path: str, text: str, blocks: Sequence[tuple[int, Block]]) -> Iterator[Finding]:
    """Check that the blocks of a file, with their lines, cover a text but for white space."""
    position = 0
    for line, block in blocks:

        def fault(check: str, message: str, line: int = line) -> Finding:
            return Finding(path, line, "error", check, message)

        if not block.start < block.end <= len(text):
            yield fault(
                "span-range",
                f"the block [{block.start}, {block.end}) does not lie in the text of "
                f"{len(text)} code points; expected start < end <= length",
            )
            return
        if block.start < position:
            yield fault(
                "block-order",
                f"the block begins at {block.start}, before {position}, where the "
                "one above ends; blocks stand in order and do not overlap",
            )
        gap = text[position : block.start]
        if gap.strip():
            yield fault(
                "block-gap", f"{gap.strip()[:40]!r} before it lies in no block; give it a label"
            )
        inside = text[block.start : block.end]
        if inside != inside.strip():
            yield fault("block-edge", "the block has white space at its edge; leave it outside")
        position = max(position, block.end)
    if text[position:].strip():
        yield Finding(
            path,
            blocks[-1][0] if blocks else 1,
            "error",
            "block-gap",
            f"{text[position:].strip()[:40]!r} behind the last block lies in none; give it a label",
        )


def _check_page(
    pages: Path, line: int, row: CatalogueRow, texts: dict[str, PageText]
) -> Iterator[Finding]:
    """Check one catalogued page, and put its text into `texts`."""
    if row.withheld:
        texts[row.doc_id] = PageText(row.text_sha256)
        yield from _check_withheld_blocks(pages, row)
        yield Finding(
            str(pages / CATALOGUE),
            line,
            "note",
            "withheld",
            f"the text of {row.doc_id} is not here, its annotation was not checked against it; "
            "pass its page with --pages when building",
        )
        return
    try:
        raw = raw_path(pages, row)
        payload = read_raw(raw)
        text = read_page_text(pages, row)
        blocks_file = pages / row.doc_id / BLOCKS
        blocks = read_block_lines(blocks_file, row.doc_id, row.text_sha256)
    except KhoborError as error:
        texts[row.doc_id] = PageText(row.text_sha256)
        yield finding_of(error)
        return
    texts[row.doc_id] = PageText(row.text_sha256, text, tuple(block for _, block in blocks))
    if sha256_of(payload) != row.raw_sha256:
        message = "the payload is not the one of the catalogue (raw_sha256); restore it"
        yield Finding(str(raw), 1, "error", "payload-hash", message)
    if text_sha256(text) != row.text_sha256:
        message = (
            "the page text is not the one of the catalogue (text_sha256); restore it: offsets "
            "refer to it"
        )
        yield Finding(str(pages / row.doc_id / PAGE_TEXT), 1, "error", "text-hash", message)
    elif (difference := _capture_differs(payload, raw.name, text)) is not None:
        message = (
            f"today's capture of {raw.name} differs from the frozen page text at offset "
            f"{difference}; the frozen text stays, DOM paths are left out"
        )
        yield Finding(str(pages / row.doc_id / PAGE_TEXT), 1, "warning", "capture-differs", message)
    yield from check_blocks(str(blocks_file), text, blocks)


def _check_withheld_blocks(pages: Path, row: CatalogueRow) -> Iterator[Finding]:
    path = pages / row.doc_id / BLOCKS
    if path.is_file():
        try:
            read_blocks(path, doc_id=row.doc_id, text_sha256=row.text_sha256)
        except KhoborError as error:
            yield finding_of(error)


def _capture_differs(payload: bytes, name: str, text: str) -> int | None:
    """Find the first offset at which today's capture differs from the frozen text."""
    try:
        captured = capture_page(payload, source=name).text
    except KhoborError:
        return 0
    if captured == text:
        return None
    pairs = enumerate(zip(captured, text, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(captured), len(text)))


def _check_uncatalogued(pages: Path, known: set[str]) -> Iterator[Finding]:
    """Find page folders that the catalogue does not name: no build would see them."""
    for path in sorted(pages.iterdir()):
        if path.is_dir() and not path.name.startswith(".") and path.name not in known:
            message = f"{path.name} is no page of the catalogue; add its row, or move it away"
            yield Finding(str(path), 1, "warning", "uncatalogued", message)
