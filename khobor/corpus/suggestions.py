"""Suggestions in a corpus folder: which documents nobody has begun, and where silver is kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import msgspec

from khobor.annotations.choices import GOLD, annotation_state
from khobor.annotations.files import (
    annotation_lines,
    check_annotator,
    read_annotation_files,
    read_annotations,
    write_annotation,
)
from khobor.corpus.catalogues import is_catalogued
from khobor.corpus.exports import read_texts
from khobor.errors import UsageError
from khobor.records import Annotation, Document

_BEGUN = ("partial", "gold")


class Open(msgspec.Struct, frozen=True):
    """Documents that nobody has begun, and why others were left out, in sentences."""

    documents: tuple[Document, ...]
    left_out: tuple[str, ...]


def open_documents(
    corpus: Path, documents: Sequence[str] = (), *, supplied: Sequence[Path] = ()
) -> Open:
    """Find the documents of a corpus folder that wait for an annotator, in order of their ids.

    Without `documents` all of them; raises UsageError for one that is not there, or that
    somebody has begun: a model has nothing to say there.
    """
    if not is_catalogued(corpus / "pages"):
        raise UsageError(
            "no catalogue is there",
            where=str(corpus / "pages"),
            fix="give the corpus folder with --corpus; a page joins it with `khobor add`",
        )
    texts = read_texts(corpus, supplied)
    missing = [doc_id for doc_id in documents if doc_id not in texts]
    if missing:
        raise UsageError(
            f"no text of {', '.join(missing)} is here",
            where=str(corpus / "pages"),
            fix="add the page with `khobor add`; pass withheld pages with --pages",
        )
    begun = _begun(corpus / "annotations")
    for doc_id in documents:
        if doc_id in begun:
            raise UsageError(
                f"{begun[doc_id][0]} has begun {doc_id}",
                where=str(corpus / "annotations" / begun[doc_id][0] / f"{doc_id}.jsonl"),
                fix="suggest for documents that nobody has begun",
            )
    wanted = sorted(set(documents)) or [doc_id for doc_id in sorted(texts) if doc_id not in begun]
    left_out = [
        f"{doc_id}: {' and '.join(names)} annotated it"
        for doc_id, names in sorted(begun.items())
        if doc_id in texts and not documents
    ]
    return Open(tuple(texts[doc_id] for doc_id in wanted), tuple(left_out))


def check_suggester(name: str) -> None:
    """Raise UsageError unless a model's work may stand under a name: any but gold's."""
    check_annotator(name)
    if name == GOLD:
        raise UsageError("what a model says is no gold", where="--annotator", fix="name another")


def write_suggestions(
    corpus: Path, annotations: Sequence[Annotation], *, replace: bool = False
) -> list[Path]:
    """Write silver annotations to `annotations/<annotator>/<doc_id>.jsonl`, and give their paths.

    Raises UsageError where the annotator is gold, and where a file stands there that says
    something else, unless `replace`: somebody may have corrected it in place. Then nothing is
    written.
    """
    files = []
    for annotation in annotations:
        check_suggester(annotation.annotator)
        path = corpus / "annotations" / annotation.annotator / f"{annotation.doc_id}.jsonl"
        files.append((path, annotation))
        if path.is_file() and not replace:
            (there,) = read_annotations(path)
            if annotation_lines(there) != annotation_lines(annotation):
                raise UsageError(
                    "an annotation stands there that says something else",
                    where=str(path),
                    fix="write over it with --replace, or move it away",
                )
    for path, annotation in files:
        write_annotation(path, annotation)
    return [path for path, _ in files]


def _begun(annotations: Path) -> dict[str, list[str]]:
    """Find who has begun what: doc_id → annotators."""
    begun: dict[str, list[str]] = defaultdict(list)
    folders = sorted(p for p in annotations.iterdir() if p.is_dir()) if annotations.is_dir() else []
    for folder in folders:
        for file in read_annotation_files(folder):
            if annotation_state(file.annotation) in _BEGUN:
                begun[file.annotation.doc_id].append(folder.name)
    return dict(begun)
