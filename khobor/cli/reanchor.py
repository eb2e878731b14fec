"""khobor reanchor: annotations of an old text on a changed one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from khobor.annotations.files import (
    AnnotationFile,
    annotation_lines,
    read_annotation_files,
    write_annotation,
)
from khobor.annotations.reanchoring import (
    CONTEXT,
    FATES,
    ItemFate,
    Reanchored,
    SpanFate,
    reanchor_files,
)
from khobor.capture.pages import capture_page, text_sha256
from khobor.cli.errors import FINDINGS, with_exit_codes
from khobor.corpus.catalogues import PAGE_TEXT
from khobor.errors import PageError, UsageError
from khobor.jsonl import read_records, write_records
from khobor.pipeline import read_raw
from khobor.records import AnnotationHeader, Mention, Quote

_ANNOTATIONS = Path("annotations")


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--annotation",
    "annotations",
    metavar="FILE",
    type=click.Path(path_type=Path),
    multiple=True,
    help="An annotation of OLD; default: every one below ./annotations/.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="The folder for what is carried: DIR/ANNOTATOR/DOC.jsonl.",
    metavar="DIR",
)
@click.option(
    "--report",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Write the fate of every item, one a line (JSON Lines).",
)
@click.option(
    "--context",
    type=click.IntRange(min=1),
    default=CONTEXT,
    show_default=True,
    help="Code points on either side of a span that must be the same.",
)
@with_exit_codes
def reanchor(
    old: Path,
    new: Path,
    annotations: tuple[Path, ...],
    out: Path,
    report: Path | None,
    context: int,
) -> int:
    """Carry annotations of the page text OLD over to the changed page text NEW.

    OLD and NEW are a page.txt, which is read as it is, or a raw page (a text capture or HTML).
    An item is carried where its string and its context are the same and stand once in either
    text; all others are listed as `review`, `ambiguous` or `lost`, with a place to look at where
    there is one, and are not written. Exit code 1 where an item was not carried.
    """
    if report is not None:
        _check_place(report)
    old_text, new_text = read_text(old), read_text(new)
    if old_text == new_text:
        raise UsageError(
            "both have the same page text",
            where=f"{old}, {new}",
            fix="there is nothing to carry: annotations of the one are those of the other",
        )
    files = _read_annotations(annotations, old, text_sha256(old_text))
    targets = [_target(out, found) for found in files]
    carried = reanchor_files(
        files, old_text, new_text, new_sha256=text_sha256(new_text), context=context
    )
    _check_targets(files, targets, carried)
    for target, result in zip(targets, carried, strict=True):
        write_annotation(target, result.annotation)
    fates = [fate for result in carried for fate in result.fates]
    if report is not None:
        write_records(report, fates)
    for fate in fates:
        if fate.fate != "carried":
            click.echo(_line(fate, old_text, new_text))
    for target, result in zip(targets, carried, strict=True):
        click.echo(f"{target}: {_counts(result.fates)}; progress {result.annotation.progress}")
    click.echo(_counts(fates))
    if all(fate.fate == "carried" for fate in fates):
        return 0
    click.echo(
        "next: put what is listed above into the files written, where it still holds, set their "
        "progress, move them to their place below annotations/, and run `khobor check`"
    )
    return FINDINGS


def read_text(path: Path) -> str:
    """Turn a page.txt (verbatim) or a raw page into its page text; raise UsageError."""
    raw = read_raw(path)
    try:
        if path.name == PAGE_TEXT:
            return raw.decode("utf-8")
        return capture_page(raw, source=path.name).text
    except UnicodeDecodeError as error:
        message, fix = f"is not UTF-8 at byte {error.start}", "restore the page text"
    except PageError as error:
        message, fix = error.message, error.fix
    raise UsageError(message, where=str(path), fix=fix)


def _read_annotations(named: Sequence[Path], old: Path, digest: str) -> list[AnnotationFile]:
    """Read the annotations of the old text: those named, or all that are below annotations/."""
    if named:
        files = [found for path in named for found in read_annotation_files(path)]
        for found in files:
            if found.annotation.text_sha256 != digest:
                raise UsageError(
                    f"it is for a text with SHA-256 {found.annotation.text_sha256[:12]}…, {old} "
                    f"has {digest[:12]}…",
                    where=f"{found.path}:{found.header_line}",
                    fix="give the text that was annotated as OLD",
                )
        return files
    paths = sorted(_ANNOTATIONS.glob("*/*.jsonl"))
    files = [
        found for path in paths if _text_of(path) == digest for found in read_annotation_files(path)
    ]
    if not files:
        raise UsageError(
            f"no annotation below {_ANNOTATIONS}/ is for a text with SHA-256 {digest[:12]}…",
            where=str(old),
            fix="give the text that was annotated as OLD, or name files with --annotation",
        )
    return files


def _text_of(path: Path) -> str | None:
    """Read the hash in an annotation file's header alone; None where it has none."""
    for _, record in read_records(path, AnnotationHeader | Mention | Quote):  # type: ignore[arg-type]  # a union is no type to mypy
        return record.text_sha256 if isinstance(record, AnnotationHeader) else None
    return None


def _target(out: Path, found: AnnotationFile) -> Path:
    annotator = Path(found.path).absolute().parent.name
    return out / annotator / f"{found.annotation.doc_id}.jsonl"


def _check_place(path: Path) -> None:
    """Raise UsageError where no file can be written: all is refused before anything is there."""
    if path.is_dir():
        raise UsageError("is a folder", where=str(path), fix="name a file")
    parent = next((above for above in path.absolute().parents if above.exists()), None)
    if parent is not None and not parent.is_dir():
        raise UsageError(
            "is no folder", where=str(parent), fix=f"{path.name} cannot be written below it"
        )


def _check_targets(
    files: Sequence[AnnotationFile], targets: Sequence[Path], carried: Sequence[Reanchored]
) -> None:
    """Refuse to write over anything but what this command wrote before."""
    seen: dict[Path, str] = {}
    for found, target, result in zip(files, targets, carried, strict=True):
        if target in seen:
            raise UsageError(
                f"{seen[target]} would be written there too",
                where=str(target),
                fix="carry them one at a time, each with an --out of its own",
            )
        seen[target] = found.path
        _check_place(target)
        if not target.exists():
            continue
        (there,) = read_annotation_files(target)
        if annotation_lines(there.annotation) != annotation_lines(result.annotation):
            raise UsageError(
                "another annotation is there already",
                where=str(target),
                fix="choose another --out, or move it away",
            )


def _counts(fates: Sequence[ItemFate]) -> str:
    counts = Counter(fate.fate for fate in fates)
    return ", ".join(f"{name} {counts[name]}" for name in FATES) + f" of {len(fates)} items"


def _line(fate: ItemFate, old: str, new: str) -> str:
    """Say in a line what became of an item that was not carried, each span with its words."""
    spans = "; ".join(_span(span, old, new) for span in fate.spans if span.fate != "carried")
    said = spans if fate.type == "mention" or spans else fate.reason
    return f"{fate.file}:{fate.line}: {fate.fate} {fate.id} {fate.label} {said}"


def _span(span: SpanFate, old: str, new: str) -> str:
    role = "" if span.role == "mention" else f"{span.role} "
    line = f"{role}[{span.start}, {span.end}) {_words(old, span.start, span.end)}: {span.reason}"
    if span.suggestion is None:
        return line
    to = span.suggestion
    return f"{line}: [{to.start}, {to.end}) {_words(new, to.start, to.end)}"


def _words(text: str, start: int, end: int) -> str:
    words = text[start:end]
    return repr(words if len(words) <= 40 else f"{words[:39]}…")
