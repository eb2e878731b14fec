"""From a corpus folder to the files of an annotation tool, with the sidecar for the way back."""

from __future__ import annotations

import os
import shutil
from collections.abc import Container, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from khobor.annotations.files import AnnotationFile, read_annotation_files
from khobor.capture.pages import text_sha256
from khobor.corpus.annotators import require_sound
from khobor.corpus.documents import read_task
from khobor.corpus.sources import take_in
from khobor.errors import UsageError
from khobor.formats.interface import Codec, Exporter, Loss, Sheet
from khobor.formats.losses import losses_of
from khobor.formats.sheets import article_sheet, page_sheet, sheet_sentences
from khobor.formats.sidecars import SIDECAR, Sidecar, write_sidecars
from khobor.records import Annotation, Block, Document

PAGES = "pages"  # the folder of whole pages, beside those of annotators


class Exported(msgspec.Struct, frozen=True):
    """What became of an export: its folder, documents, losses, and who was left out, in sentences."""

    folder: Path
    documents: int
    losses: tuple[Loss, ...]
    left_out: tuple[str, ...]


def read_texts(corpus: Path, supplied: Sequence[Path] = ()) -> dict[str, Document]:
    """Turn a corpus folder into its documents by id; pages that are rejected are not among them."""
    tasks = take_in([corpus / "pages"], supplied=supplied).tasks
    results = {task.row.doc_id: read_task(task) for task in tasks if task.row is not None}
    return {doc_id: d for doc_id, d in results.items() if isinstance(d, Document)}


def export_annotations(
    corpus: Path,
    out: Path,
    codec: Codec,
    *,
    documents: Sequence[str] = (),
    annotators: Sequence[str] = (),
    supplied: Sequence[Path] = (),
) -> list[Exported]:
    """Turn annotators' annotations into the files of a tool: `out/<annotator>/…`, with sidecars.

    Without `documents` all of them, without `annotators` everybody's. Raises UsageError for a
    name that is not there or a folder that is not empty, AnnotationError for an annotation that
    breaks a rule; then nothing is written.
    """
    texts = read_texts(corpus, supplied)
    folders = []
    for name, files in _annotators(corpus, annotators, documents):
        here, left_out = _with_texts(files, texts)
        originals = [
            _Original(article_sheet(document, file.annotation), annotation=file.annotation)
            for file, document in here
        ]
        folders.append(_encode(out / name, codec, originals, left_out))
    return _write(folders)


def export_pages(
    corpus: Path, out: Path, codec: Codec, *, documents: Sequence[str] = ()
) -> list[Exported]:
    """Turn whole pages with their blocks into the files of a tool: `out/pages/…`."""
    texts = read_texts(corpus)
    _check_known(documents, texts)
    originals = [
        _Original(page_sheet(texts[doc_id]), blocks=texts[doc_id].blocks)
        for doc_id in (documents or sorted(texts))
    ]
    return _write([_encode(out / PAGES, codec, originals, [])])


def export_one_way(
    corpus: Path,
    out: Path,
    exporter: Exporter,
    *,
    documents: Sequence[str] = (),
    annotators: Sequence[str] = (),
    supplied: Sequence[Path] = (),
    lossy: bool = False,
) -> list[Exported]:
    """Turn annotations into a format that has no way back: `out/<annotator>/…`."""
    texts = read_texts(corpus, supplied)
    folders = []
    for name, files in _annotators(corpus, annotators, documents):
        here, left_out = _with_texts(files, texts)
        written = [
            exporter.write(
                article_sheet(document, file.annotation), sheet_sentences(document), lossy
            )
            for file, document in here
        ]
        losses = sorted(loss for one in written for loss in one.losses)
        result = Exported(out / name, len(written), tuple(losses), tuple(left_out))
        folders.append(_Folder(result, exporter.join(written)))
    return _write(folders)


class _Original(msgspec.Struct, frozen=True):
    """A sheet with what it was made of."""

    sheet: Sheet
    annotation: Annotation | None = None
    blocks: tuple[Block, ...] | None = None


class _Folder(msgspec.Struct, frozen=True):
    """A folder before it is written."""

    result: Exported
    files: dict[str, bytes]
    sidecars: list[Sidecar] | None = None


def _with_texts(
    files: Sequence[AnnotationFile], texts: Mapping[str, Document]
) -> tuple[list[tuple[AnnotationFile, Document]], list[str]]:
    """Pair annotations with their documents, checked; say which have no text here."""
    here, left_out = [], []
    for file in files:
        document = texts.get(file.annotation.doc_id)
        if document is None:
            left_out.append(f"{file.annotation.doc_id}: its text is not here (--pages)")
        else:
            require_sound(file, document)
            here.append((file, document))
    return here, left_out


def _encode(
    folder: Path, codec: Codec, originals: Sequence[_Original], left_out: Sequence[str]
) -> _Folder:
    written = [codec.write(original.sheet) for original in originals]
    sidecars = [
        Sidecar(
            codec.name,
            original.sheet.doc_id,
            text_sha256(original.sheet.text),
            one.ids,
            original.annotation,
            original.blocks,
        )
        for original, one in zip(originals, written, strict=True)
    ]
    losses = sorted(
        loss
        for original in originals
        for loss in losses_of(original.sheet, codec.restrict(original.sheet), codec.name)
    )
    result = Exported(folder, len(written), tuple(losses), tuple(left_out))
    return _Folder(result, {**codec.shared(), **codec.join(written)}, sidecars)


def _annotators(
    corpus: Path, names: Sequence[str], documents: Sequence[str]
) -> Iterator[tuple[str, list[AnnotationFile]]]:
    """List annotators with their files, those asked for."""
    folder = corpus / "annotations"
    there = (
        sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    )
    for name in names:
        if name not in there:
            raise UsageError(
                f"no annotator {name}",
                where=str(folder),
                fix=f"there are {', '.join(there) or 'none'}",
            )
    found = {
        name: [
            file
            for file in read_annotation_files(folder / name)
            if not documents or file.annotation.doc_id in documents
        ]
        for name in (names or there)
    }
    _check_known(documents, {file.annotation.doc_id for files in found.values() for file in files})
    if not any(found.values()):
        raise UsageError(
            "no annotation is there",
            where=str(folder),
            fix="give the corpus folder with --corpus; a page joins it with `khobor add`",
        )
    return iter((name, files) for name, files in found.items() if files)


def _check_known(documents: Sequence[str], known: Container[str]) -> None:
    missing = [doc_id for doc_id in documents if doc_id not in known]
    if missing:
        raise UsageError(
            f"no document {', '.join(missing)}", fix="name documents of the corpus folder"
        )


def _write(folders: Sequence[_Folder]) -> list[Exported]:
    for folder in folders:
        path = folder.result.folder
        if path.exists() and any(path.iterdir()):
            raise UsageError("is not empty", where=str(path), fix="choose another --out")
    for folder in folders:
        _write_folder(folder.result.folder, folder.files, folder.sidecars)
    return [folder.result for folder in folders]


def _write_folder(folder: Path, files: dict[str, bytes], sidecars: list[Sidecar] | None) -> None:
    """Write a whole folder under a temporary name, then rename it."""
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        for name, content in files.items():
            (partial / name).write_bytes(content)
        if sidecars is not None:
            write_sidecars(partial / SIDECAR, sidecars)
        if folder.exists():
            folder.rmdir()
        os.replace(partial, folder)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
