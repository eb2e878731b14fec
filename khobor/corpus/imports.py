"""From the files of an annotation tool back into a corpus folder: what the tool changed, no more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from khobor.annotations.checks import check_annotation
from khobor.annotations.files import (
    AnnotationFile,
    annotation_lines,
    check_annotator,
    read_annotations,
    write_annotation,
)
from khobor.capture.pages import text_sha256
from khobor.corpus.catalogues import BLOCKS, write_blocks
from khobor.corpus.checks import check_blocks
from khobor.corpus.exports import read_texts
from khobor.errors import SpanError, UsageError
from khobor.formats.interface import Codec, FormatError, Returned, Sheet, Unit
from khobor.formats.losses import items_of, put_back
from khobor.formats.sheets import annotation_of, article_sheet, blocks_of, page_sheet
from khobor.formats.sidecars import SIDECAR, Sidecar, read_sidecars
from khobor.formats.units import check_unit, settle
from khobor.records import Annotation, Block, Document, Progress

# A tool's export is read whole; a longer file is a mistake or an attack.
MAX_FILE_BYTES = 200 * 1024 * 1024


class Change(msgspec.Struct, frozen=True):
    """What an import does to one document: how many items were added, changed and removed.

    `new`: its file was not there before.
    """

    doc_id: str
    file: Path
    added: int
    changed: int
    removed: int
    new: bool = False

    @property
    def none(self) -> bool:
        """The tool changed nothing."""
        return not (self.added or self.changed or self.removed)


class Imported(msgspec.Struct, frozen=True):
    """What became of an import; documents that were exported and did not come back are `absent`."""

    changes: tuple[Change, ...]
    absent: tuple[str, ...]
    untouched: tuple[str, ...] = ()  # a model's, which nobody changed: not taken over
    not_read: tuple[str, ...] = ()  # what came back besides, in sentences: unsaved drafts


class _Result(msgspec.Struct, frozen=True):
    """A document that came back, before anything is written."""

    change: Change
    annotation: Annotation | None = None
    document: Document | None = None
    blocks: tuple[Block, ...] | None = None


def import_annotations(
    corpus: Path,
    path: Path,
    codec: Codec,
    *,
    annotator: str | None = None,
    supplied: Sequence[Path] = (),
    unit: Unit | None = None,
    progress: Progress | None = None,
    guideline: str = "none",
    replace: bool = False,
    untouched: bool = False,
) -> Imported:
    """Turn a tool's export (a file, or a folder of files) into annotations of a corpus folder.

    With the sidecar of the export, what the tool did not touch stays to the byte; without one,
    all of it is new and `annotator` says whose. Every surface and offset is verified against the
    text. An annotation that was changed here since the export is not written over, unless
    `replace`. A model's (silver) that came back as it was is nobody's work, and is taken over only
    if `untouched` says that somebody read it. Raises FormatError or UsageError, and then nothing
    is written.
    """
    if annotator is not None:
        check_annotator(annotator)
    texts = read_texts(corpus, supplied)
    files, sidecars = _read_files(path)
    _check_format(path, codec, sidecars)
    results: list[_Result] = []
    not_read: list[str] = []
    for returned in codec.split(files):
        document = texts.get(returned.doc_id)
        if document is None:
            raise FormatError(
                f"no text of {returned.doc_id} is here",
                where=returned.where,
                fix="import into the corpus folder that it came from; pass withheld pages with "
                "--pages",
            )
        sidecar = sidecars.get(returned.doc_id)
        if sidecar is None and annotator is None:
            raise UsageError(
                f"no sidecar of {returned.doc_id} stands beside it",
                where=returned.where,
                fix=f"keep {SIDECAR} with the files, or say whose work it is with --annotator",
            )
        if any(result.change.doc_id == returned.doc_id for result in results):
            raise FormatError(
                f"{returned.doc_id} came back twice",
                where=returned.where,
                fix="keep one of them",
            )
        not_read += [f"{returned.doc_id}: {what}" for what in codec.not_read(returned)]
        if sidecar is not None and sidecar.blocks is not None:
            results.append(_read_blocks(corpus, codec, returned, sidecar, document, unit))
            continue
        header = _header(document, sidecar, annotator, guideline)
        results.append(
            _read_annotation(corpus, codec, returned, sidecar, document, unit, header, progress)
        )
    if not results:
        raise FormatError(
            f"no document of {codec.name} is there",
            where=str(path),
            fix="expected what the tool exported; --from says the format",
        )
    left = [] if untouched else [r for r in results if _is_silver(r, sidecars)]
    results = [result for result in results if result not in left]
    if not replace:
        for result in results:
            _check_unchanged(result, sidecars.get(result.change.doc_id))
    for result in results:
        _write(result)
    came = {result.change.doc_id for result in (*results, *left)}
    return Imported(
        tuple(result.change for result in results),
        tuple(sorted(set(sidecars) - came)),
        tuple(sorted(result.change.doc_id for result in left)),
        tuple(not_read),
    )


def _check_format(path: Path, codec: Codec, sidecars: dict[str, Sidecar]) -> None:
    """Raise UsageError where the sidecar says that another format was exported."""
    formats = sorted({sidecar.format for sidecar in sidecars.values()} - {codec.name})
    if formats:
        raise UsageError(
            f"holds an export of {formats[0]}, not of {codec.name}",
            where=str(path),
            fix=f"give --from {formats[0]}, or the folder of the other export",
        )


def _is_silver(result: _Result, sidecars: dict[str, Sidecar]) -> bool:
    """Tell what a model made and nobody changed."""
    sidecar = sidecars.get(result.change.doc_id)
    original = sidecar.annotation if sidecar is not None else None
    return original is not None and original.status == "silver" and result.change.none


def _read_files(path: Path) -> tuple[dict[str, bytes], dict[str, Sidecar]]:
    """Read a tool's files by name, and the sidecar that stands with them."""
    if path.is_dir():
        found = [p for p in sorted(path.iterdir()) if p.is_file() and not p.name.startswith(".")]
        folder = path
    elif path.is_file():
        found, folder = [path], path.parent
    else:
        raise UsageError(
            "no such file or folder", where=str(path), fix="expected what a tool exported"
        )
    files = {}
    for file in found:
        if file.name == SIDECAR:
            continue
        if file.stat().st_size > MAX_FILE_BYTES:
            raise UsageError(
                f"is longer than {MAX_FILE_BYTES:,} bytes", where=str(file), fix="split it"
            )
        files[file.name] = file.read_bytes()
    sidecar = folder / SIDECAR
    return files, read_sidecars(sidecar) if sidecar.is_file() else {}


def _header(
    document: Document, sidecar: Sidecar | None, annotator: str | None, guideline: str
) -> Annotation:
    """Take the header of an annotation from the sidecar, or make a new one."""
    if sidecar is not None and sidecar.annotation is not None:
        original = sidecar.annotation
        if original.text_sha256 != document.text_sha256:
            raise FormatError(
                f"the text of {document.doc_id} is another one than when it was exported",
                where=document.doc_id,
                fix="carry the annotation over with `khobor reanchor`, then export again",
            )
        if original.status == "silver":
            if annotator in (None, original.annotator):
                raise UsageError(
                    f"the annotation of {document.doc_id} was a model's (silver)",
                    where=document.doc_id,
                    fix="say who corrected it with --annotator NAME, another than "
                    f"{original.annotator}",
                )
            original = msgspec.structs.replace(original, status="hand")
        if annotator is not None:
            original = msgspec.structs.replace(original, annotator=annotator)
        return original
    return Annotation(document.doc_id, document.text_sha256, annotator or "", guideline, "partial")


def _returned_sheet(
    codec: Codec, returned: Returned, sidecar: Sidecar | None, original: Sheet, unit: Unit | None
) -> Sheet:
    """Read what came back, verify it, and put it on the original."""
    if sidecar is not None and text_sha256(original.text) != sidecar.sheet_sha256:
        raise FormatError(
            f"the text of {original.doc_id} is another one than when it was exported",
            where=returned.where,
            fix="its blocks were changed since: export it again",
        )
    claim = codec.read(returned, sidecar.ids if sidecar is not None else {})
    held = codec.restrict(original)
    if sidecar is not None and unit is None:
        check_unit(claim, held, where=returned.where)
    sheet = settle(claim, original.text, where=returned.where, unit=unit)
    return put_back(original, held, sheet)


def _read_annotation(
    corpus: Path,
    codec: Codec,
    returned: Returned,
    sidecar: Sidecar | None,
    document: Document,
    unit: Unit | None,
    header: Annotation,
    progress: Progress | None,
) -> _Result:
    original = article_sheet(document, header)
    sheet = _returned_sheet(codec, returned, sidecar, original, unit)
    try:
        annotation = annotation_of(sheet, document, header)
    except SpanError as error:
        raise FormatError(error.message, where=returned.where, fix=error.fix) from error
    change = _change(
        original, sheet, document.doc_id, _annotation_file(corpus, header.annotator, document)
    )
    if progress is not None:
        annotation = msgspec.structs.replace(annotation, progress=progress)
    elif annotation.progress == "todo" and not change.none:
        annotation = msgspec.structs.replace(annotation, progress="partial")
    _check(annotation, document, returned)
    return _Result(change, annotation=annotation, document=document)


def _read_blocks(
    corpus: Path,
    codec: Codec,
    returned: Returned,
    sidecar: Sidecar,
    document: Document,
    unit: Unit | None,
) -> _Result:
    original = page_sheet(document)
    sheet = _returned_sheet(codec, returned, sidecar, original, unit)
    blocks = blocks_of(sheet)
    faults = list(check_blocks(returned.where, document.text, list(enumerate(blocks, start=1))))
    if faults:
        raise FormatError(
            f"block {faults[0].line}: {faults[0].message}",
            where=returned.where,
            fix="correct it in the tool; blocks cover the page",
        )
    file = corpus / "pages" / document.doc_id / BLOCKS
    change = _change(original, sheet, document.doc_id, file)
    return _Result(change, document=document, blocks=blocks)


def _annotation_file(corpus: Path, annotator: str, document: Document) -> Path:
    check_annotator(annotator)  # it may come from a sidecar, which anybody can edit
    return corpus / "annotations" / annotator / f"{document.doc_id}.jsonl"


def _check(annotation: Annotation, document: Document, returned: Returned) -> None:
    """Check the annotation as `khobor check` would, before it is written."""
    lines = 1 + len(annotation.mentions)
    file = AnnotationFile(
        returned.where,
        1,
        annotation,
        tuple(range(2, lines + 1)),
        tuple(range(lines + 1, lines + 1 + len(annotation.quotes))),
    )
    findings = check_annotation(file, document.text, document.text_sha256, document.blocks)
    errors = [f for f in findings if f.level == "error" and f.check != "order"]
    if errors:
        raise FormatError(
            f"{errors[0].check}: {errors[0].message}",
            where=returned.where,
            fix=f"correct it in the tool ({len(errors)} errors; nothing was written)",
        )


def _check_unchanged(result: _Result, sidecar: Sidecar | None) -> None:
    """Refuse to write over what somebody changed here since the export."""
    file = result.change.file
    if result.annotation is None or not file.is_file():
        return
    (there,) = read_annotations(file)
    before = sidecar.annotation if sidecar is not None else None
    lines = annotation_lines(there)
    if there.progress == "todo" or lines == annotation_lines(result.annotation):
        return
    if before is None or lines != annotation_lines(before):
        raise UsageError(
            "was changed since it was exported" if before is not None else "stands there already",
            where=str(file),
            fix="export it again and repeat the work, or write over it with --replace",
        )


def _change(original: Sheet, sheet: Sheet, doc_id: str, file: Path) -> Change:
    before, after = items_of(original), items_of(sheet)
    both = before.keys() & after.keys()
    return Change(
        doc_id,
        file,
        added=len(after.keys() - before.keys()),
        changed=sum(before[name] != after[name] for name in both),
        removed=len(before.keys() - after.keys()),
        new=not file.exists(),
    )


def _write(result: _Result) -> None:
    if result.annotation is not None:
        write_annotation(result.change.file, result.annotation)
    elif result.blocks is not None and result.document is not None and not result.change.none:
        document = result.document
        write_blocks(
            result.change.file,
            result.blocks,
            doc_id=document.doc_id,
            text_sha256=document.text_sha256,
        )
