"""A whole corpus in memory: documents with their annotations, clusters and splits."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from khobor.annotations.alignments import Alignment, align
from khobor.annotations.checks import Finding
from khobor.annotations.choices import annotation_state, require_annotations
from khobor.annotations.files import AnnotationFile
from khobor.capture.crawls import Columns
from khobor.corpus.annotators import AnnotatorAgreement, measure_annotators
from khobor.corpus.catalogues import read_block_lines, read_blocks
from khobor.corpus.checks import PageText, check_annotations, check_blocks, silver_left_out
from khobor.corpus.documents import read_documents
from khobor.corpus.histories import History, read_history
from khobor.corpus.placements import place_documents
from khobor.corpus.sources import Intake, blocks_path, take_in
from khobor.layers.views import View, article_view
from khobor.manifests import SplitRow
from khobor.records import (
    Annotation,
    AnnotationState,
    Block,
    CatalogueRow,
    Document,
    Misfit,
    Reject,
)


class Entry(msgspec.Struct, frozen=True):
    """A document with all that a release says of it."""

    document: Document
    view: View
    annotation: Annotation | None
    alignment: Alignment | None
    row: CatalogueRow | None
    split: SplitRow

    @property
    def state(self) -> AnnotationState:
        """How far it is annotated."""
        return annotation_state(self.annotation)


class Withheld(msgspec.Struct, frozen=True):
    """A catalogued page whose text is not here: its stand-off alone."""

    row: CatalogueRow
    annotation: Annotation | None
    blocks: tuple[Block, ...]
    split: SplitRow


class Corpus(msgspec.Struct, frozen=True):
    """All of a build, before it is written: nothing that went in is missing here.

    `pages` are the entries, the held documents and the rejects. `tombstones` are documents of
    earlier versions that were taken down.
    """

    pages: int
    entries: tuple[Entry, ...]
    withheld: tuple[Withheld, ...]
    held: tuple[SplitRow, ...]
    tombstones: tuple[SplitRow, ...]
    rejects: tuple[Reject, ...]
    misfits: tuple[Misfit, ...]
    findings: tuple[Finding, ...]
    agreements: tuple[AnnotatorAgreement, ...]
    local: bool  # it holds a text that may not be redistributed
    history: History = History()

    @property
    def errors(self) -> list[Finding]:
        """The findings that forbid a release."""
        return [finding for finding in self.findings if finding.level == "error"]


def assemble(
    paths: Sequence[Path],
    *,
    annotations: Path | None = None,
    supplied: Sequence[Path] = (),
    columns: Columns | None = None,
    major: bool = False,
) -> Corpus:
    """Turn pages and annotations into a Corpus.

    The same corpus for any order of paths. `columns` names the columns of crawl files. Splits are those that the frozen versions below `annotations` gave;
    with `major` new documents may join validation and test. A silver annotation is taken in train
    alone: elsewhere its document is one that nobody annotated. Findings are gathered, not raised;
    an annotation with an error is not aligned. Raises UsageError where `annotations` is a folder
    without any, RecordError where its frozen versions cannot be read.
    """
    chosen = require_annotations(annotations) if annotations is not None else {}
    history = read_history(annotations) if annotations is not None else History()
    intake = take_in(paths, supplied=supplied, columns=columns)
    reading = read_documents(intake.tasks, columns=columns)
    findings = _check(intake, reading.documents, chosen)
    faulty = {finding.file for finding in findings if finding.level == "error"}
    viewed = [(d, article_view(d.text, d.blocks)) for d in reading.documents]
    rows = {task.row.doc_id: task.row for task in intake.tasks if task.row is not None}
    splits = place_documents(
        viewed, chosen, rows, [row for row, _ in intake.withheld], history, major=major
    )
    left_out = [
        found for doc_id, found in chosen.items() if _is_left_out(found, splits.get(doc_id))
    ]
    for found in left_out:
        del chosen[found.annotation.doc_id]
    entries = tuple(
        _entry(document, view, chosen.get(document.doc_id), rows, splits, faulty)
        for document, view in viewed
        if splits[document.doc_id].split is not None
    )
    return Corpus(
        pages=reading.pages + len(intake.rejects),
        entries=entries,
        withheld=tuple(
            Withheld(
                row,
                chosen[row.doc_id].annotation if row.doc_id in chosen else None,
                _withheld_blocks(row, folder),
                splits[row.doc_id],
            )
            for row, folder in sorted(intake.withheld, key=lambda entry: entry[0].doc_id)
        ),
        held=tuple(
            splits[document.doc_id]
            for document, _ in viewed
            if splits[document.doc_id].split is None
        ),
        tombstones=tuple(
            row
            for doc_id, row in sorted(history.rows.items())
            if row.state == "removed" and doc_id not in splits
        ),
        rejects=tuple(
            sorted(
                [*intake.rejects, *reading.rejects],
                key=lambda reject: (reject.source, reject.reason),
            )
        ),
        misfits=tuple(
            misfit
            for entry in entries
            if entry.alignment is not None
            for misfit in entry.alignment.misfits
        ),
        findings=tuple(sorted([*findings, *map(_left_out, left_out)])),
        agreements=measure_annotators(annotations, reading.documents)
        if annotations is not None
        else (),
        local=any(row.withheld for row in rows.values()),
        history=history,
    )


def _check(
    intake: Intake, documents: Sequence[Document], chosen: dict[str, AnnotationFile]
) -> list[Finding]:
    """Check the blocks of catalogued pages, and the annotations that are to be released."""
    findings: list[Finding] = []
    folders = {task.row.doc_id: (task.row, task.folder) for task in intake.tasks if task.row}
    texts = {row.doc_id: PageText(row.text_sha256) for row, _ in intake.withheld}
    for document in documents:
        texts[document.doc_id] = PageText(document.text_sha256, document.text, document.blocks)
        row, folder = folders.get(document.doc_id, (None, None))
        if row is not None and folder is not None and blocks_path(folder, row).is_file():
            path = blocks_path(folder, row)
            lines = read_block_lines(path, row.doc_id, row.text_sha256)
            findings.extend(check_blocks(str(path), document.text, lines))
    findings.extend(check_annotations(chosen.values(), texts))
    return sorted(findings)


def _is_left_out(found: AnnotationFile, split: SplitRow | None) -> bool:
    """Tell a silver annotation that is not of a document in train: no model judges a model."""
    return found.annotation.status == "silver" and split is not None and split.split != "train"


def _left_out(found: AnnotationFile) -> Finding:
    return silver_left_out(found.annotation.doc_id, found.path, found.header_line)


def _entry(
    document: Document,
    view: View,
    found: AnnotationFile | None,
    rows: dict[str, CatalogueRow],
    splits: dict[str, SplitRow],
    faulty: set[str],
) -> Entry:
    annotation = found.annotation if found is not None and found.path not in faulty else None
    return Entry(
        document=document,
        view=view,
        annotation=annotation,
        alignment=align(document, annotation) if annotation is not None else None,
        row=rows.get(document.doc_id),
        split=splits[document.doc_id],
    )


def _withheld_blocks(row: CatalogueRow, folder: str) -> tuple[Block, ...]:
    path = blocks_path(folder, row)
    if not path.is_file():
        return ()
    return read_blocks(path, doc_id=row.doc_id, text_sha256=row.text_sha256)
