"""What two annotators of a corpus folder said of the same documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path

import msgspec

from khobor.annotations.checks import check_annotation
from khobor.annotations.choices import GOLD
from khobor.annotations.files import AnnotationFile, read_annotation_files
from khobor.corpus.documents import read_task
from khobor.corpus.sources import take_in
from khobor.errors import AnnotationError, UsageError
from khobor.records import Annotation, Document, Reject
from khobor.scoring.agreements import Agreement, Both, measure_agreement


class Shared(msgspec.Struct, frozen=True):
    """A document with the annotations that two annotators finished."""

    document: Document
    first: AnnotationFile
    second: AnnotationFile


class AnnotatorAgreement(msgspec.Struct, frozen=True):
    """How far two annotators agree, with their names."""

    first: str
    second: str
    figures: Agreement


class Joint(msgspec.Struct, frozen=True):
    """The documents of two annotators: those that both finished, and why others are left out."""

    first: str
    second: str
    shared: tuple[Shared, ...]
    left_out: tuple[str, ...]  # sentences


def read_joint(corpus: Path, first: str, second: str, *, supplied: tuple[Path, ...] = ()) -> Joint:
    """Turn two annotators of a corpus folder into the documents that both annotated.

    An annotator is a name below annotations/, or a path to annotation files. `supplied` are
    pages that the catalogue withholds. Raises UsageError where one cannot be found,
    AnnotationError where an annotation breaks a rule: what is wrong in itself is not compared.
    """
    folders = [find_annotator(corpus, name) for name in (first, second)]
    if folders[0].resolve() == folders[1].resolve():
        raise UsageError(
            "named twice", where=str(folders[0]), fix="name two annotators; one agrees with itself"
        )
    found = [
        {file.annotation.doc_id: file for file in read_annotation_files(folder)}
        for folder in folders
    ]
    names = sorted({*found[0], *found[1]})
    documents = _documents(corpus, set(names), supplied)
    shared, left_out = [], []
    for doc_id in names:
        pair = [files.get(doc_id) for files in found]
        reason = _unfinished(pair, (first, second)) or _unreadable(documents.get(doc_id))
        if reason:
            left_out.append(f"{doc_id}: {reason}")
        else:
            shared.append(_shared(documents[doc_id], pair))
    return Joint(first, second, tuple(shared), tuple(left_out))


def measure_annotators(
    annotations: Path, documents: Sequence[Document]
) -> tuple[AnnotatorAgreement, ...]:
    """Turn an annotations folder into the agreement of each two annotators; gold is none of them.

    Over the documents that both finished and whose texts are among `documents`.
    """
    texts = {document.doc_id: document for document in documents}
    finished: dict[str, dict[str, Annotation]] = {}
    for folder in sorted(path for path in annotations.iterdir() if path.is_dir()):
        if folder.name != GOLD:
            found = [file.annotation for file in read_annotation_files(folder)]
            finished[folder.name] = {a.doc_id: a for a in found if _is_about(a, texts)}
    measured = []
    for first, second in combinations(finished, 2):
        shared = sorted(finished[first].keys() & finished[second].keys())
        if shared:
            both = [
                Both(finished[first][name], finished[second][name], texts[name].tokens)
                for name in shared
            ]
            measured.append(AnnotatorAgreement(first, second, measure_agreement(both)))
    return tuple(measured)


def shared_names(annotations: Path) -> set[str]:
    """List the documents that two annotators or more finished; gold is none of them."""
    counts: Counter[str] = Counter()
    for folder in sorted(path for path in annotations.iterdir() if path.is_dir()):
        if folder.name != GOLD:
            found = [file.annotation for file in read_annotation_files(folder)]
            counts.update({a.doc_id for a in found if a.progress == "complete"})
    return {doc_id for doc_id, count in counts.items() if count > 1}


def _is_about(annotation: Annotation, texts: dict[str, Document]) -> bool:
    document = texts.get(annotation.doc_id)
    return (
        document is not None
        and annotation.status == "hand"
        and annotation.progress == "complete"
        and annotation.text_sha256 == document.text_sha256
    )


def find_annotator(corpus: Path, name: str) -> Path:
    """Turn a name below annotations/, or a path, into the path of annotation files."""
    for path in (corpus / "annotations" / name, Path(name)):
        if path.exists():
            return path
    raise UsageError(
        "no annotator of that name",
        where=str(corpus / "annotations" / name),
        fix="give a folder's name below annotations/, or a path to annotation files",
    )


def _documents(
    corpus: Path, names: set[str], supplied: tuple[Path, ...]
) -> dict[str, Document | Reject]:
    tasks = take_in([corpus / "pages"], supplied=supplied).tasks
    return {
        task.row.doc_id: read_task(task) for task in tasks if task.row and task.row.doc_id in names
    }


def _unfinished(pair: Sequence[AnnotationFile | None], names: tuple[str, str]) -> str:
    """Say which of two annotators has not finished a document; "" where both have."""
    for file, name in zip(pair, names, strict=True):
        if file is None:
            return f"{name} has not annotated it"
        if file.annotation.status == "silver":
            return f"{name}'s is silver: a model's, not an annotator's"
        if file.annotation.progress != "complete":
            return f"{name} has not finished it ({file.annotation.progress})"
    return ""


def _unreadable(document: Document | Reject | None) -> str:
    """Say why a document's text cannot be read; "" where it can."""
    if document is None:
        return "its text is not here; pass its page with --pages"
    if isinstance(document, Reject):
        return f"its page was rejected, {document.reason}: {document.detail}"
    return ""


def _shared(document: Document | Reject, pair: Sequence[AnnotationFile | None]) -> Shared:
    first, second = pair
    assert isinstance(document, Document)
    assert first is not None
    assert second is not None
    for file in (first, second):
        require_sound(file, document)
    return Shared(document, first, second)


def require_sound(file: AnnotationFile, document: Document) -> None:
    """Raise AnnotationError where an annotation breaks a rule; the first one is named."""
    findings = check_annotation(file, document.text, document.text_sha256, document.blocks)
    errors = [finding for finding in findings if finding.level == "error"]
    if errors:
        raise AnnotationError(
            f"{errors[0].check}: {errors[0].message}",
            where=f"{errors[0].file}:{errors[0].line}",
            fix=f"correct it ({len(errors)} errors in this file; `khobor check` lists them)",
        )
