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
from khobor.corpus.checks import PageText, check_annotations, check_blocks
from khobor.corpus.clusters import cluster_ids
from khobor.corpus.documents import read_documents
from khobor.corpus.sources import Intake, blocks_path, take_in
from khobor.corpus.splits import Candidate, provisional_splits
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
    """All of a build, before it is written: nothing that went in is missing here."""

    pages: int
    entries: tuple[Entry, ...]
    withheld: tuple[Withheld, ...]
    rejects: tuple[Reject, ...]
    misfits: tuple[Misfit, ...]
    findings: tuple[Finding, ...]
    agreements: tuple[AnnotatorAgreement, ...]
    local: bool  # it holds a text that may not be redistributed

    @property
    def errors(self) -> list[Finding]:
        """The findings that forbid a release."""
        return [finding for finding in self.findings if finding.level == "error"]


def assemble(
    paths: Sequence[Path],
    *,
    annotations: Path | None = None,
    supplied: Sequence[Path] = (),
    workers: int = 1,
    columns: Columns | None = None,
    version: str = "0.1.0.dev0",
) -> Corpus:
    """Turn pages and annotations into a Corpus.

    The same corpus for any order of paths and any number of workers. `columns` names the
    columns of crawl files. Findings are gathered,
    not raised; an annotation with an error is not aligned. Raises UsageError where
    `annotations` is a folder without any.
    """
    chosen = require_annotations(annotations) if annotations is not None else {}
    intake = take_in(paths, supplied=supplied, columns=columns)
    reading = read_documents(intake.tasks, workers=workers, columns=columns)
    documents, rejects = reading.documents, reading.rejects
    findings = _check(intake, documents, chosen)
    faulty = {finding.file for finding in findings if finding.level == "error"}
    splits = _split(documents, chosen, intake, version)
    rows = {task.row.doc_id: task.row for task in intake.tasks if task.row is not None}
    entries = tuple(
        _entry(document, chosen.get(document.doc_id), rows, splits, faulty)
        for document in documents
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
        rejects=tuple(
            sorted([*intake.rejects, *rejects], key=lambda reject: (reject.source, reject.reason))
        ),
        misfits=tuple(
            misfit
            for entry in entries
            if entry.alignment is not None
            for misfit in entry.alignment.misfits
        ),
        findings=tuple(findings),
        agreements=measure_annotators(annotations, documents) if annotations is not None else (),
        local=any(row.withheld for row in rows.values()),
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


def _split(
    documents: Sequence[Document],
    chosen: dict[str, AnnotationFile],
    intake: Intake,
    version: str,
) -> dict[str, SplitRow]:
    """Give every document its cluster and its provisional split; withheld ones have none."""
    clusters = cluster_ids(
        (document.doc_id, article_view(document.text, document.blocks).text)
        for document in documents
    )
    annotated = {
        doc_id: found.annotation
        for doc_id, found in chosen.items()
        if annotation_state(found.annotation) != "none"
    }
    split_of = provisional_splits(
        Candidate(
            doc_id=document.doc_id,
            cluster_id=clusters[document.doc_id],
            country=document.metadata.country or "",
            publisher=document.metadata.publisher or "",
            annotated=document.doc_id in annotated,
            quoted=document.doc_id in annotated and bool(annotated[document.doc_id].quotes),
        )
        for document in documents
    )
    rows = {
        doc_id: SplitRow(doc_id, clusters[doc_id], split, version, "provisional")
        for doc_id, split in split_of.items()
    }
    for row, _ in intake.withheld:
        reason = "its text may not be redistributed"
        rows[row.doc_id] = SplitRow(row.doc_id, row.doc_id, None, version, "withheld", reason)
    return rows


def _entry(
    document: Document,
    found: AnnotationFile | None,
    rows: dict[str, CatalogueRow],
    splits: dict[str, SplitRow],
    faulty: set[str],
) -> Entry:
    annotation = found.annotation if found is not None and found.path not in faulty else None
    return Entry(
        document=document,
        view=article_view(document.text, document.blocks),
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
