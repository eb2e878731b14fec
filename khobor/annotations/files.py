"""Annotation files: JSON Lines, a header line, then one line a mention or quote.

Sorted by start, so that one changed mention is a one-line diff.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from khobor.errors import RecordError, UsageError
from khobor.jsonl import read_records, write_records
from khobor.records import Annotation, AnnotationHeader, Mention, Part, Quote


class AnnotationFile(msgspec.Struct, frozen=True):
    """An annotation with the place where it stands: its file, and the line of every item."""

    path: str
    header_line: int
    annotation: Annotation
    mention_lines: tuple[int, ...] = ()
    quote_lines: tuple[int, ...] = ()


def read_annotations(path: str | os.PathLike[str]) -> list[Annotation]:
    """Turn an annotation file, or the .jsonl files of a folder, into Annotations.

    In a folder, files are read in the order of their names. Raises UsageError where the path
    cannot be read, RecordError (file and line) where a line does not belong there.
    """
    return [found.annotation for found in read_annotation_files(Path(path))]


def read_annotation_files(path: Path) -> list[AnnotationFile]:
    """Turn an annotation file or folder into annotations that know their lines."""
    if path.is_dir():
        return [_read_file(file) for file in sorted(path.glob("*.jsonl"))]
    if not path.exists():
        raise UsageError(
            "no such file or folder", where=str(path), fix="expected an annotation file (.jsonl)"
        )
    return [_read_file(path)]


def _read_file(path: Path) -> AnnotationFile:
    header: tuple[int, AnnotationHeader] | None = None
    mentions: list[tuple[int, Mention]] = []
    quotes: list[tuple[int, Quote]] = []
    for number, record in read_records(path, AnnotationHeader | Mention | Quote):  # type: ignore[arg-type]  # a union is no type to mypy
        if isinstance(record, AnnotationHeader):
            if header is not None:
                raise RecordError(
                    "a second header line",
                    where=f"{path}:{number}",
                    fix="give each document's annotation a file of its own",
                )
            header = (number, record)
        elif header is None:
            raise RecordError(
                "the first line is no header",
                where=f"{path}:{number}",
                fix='expected {"type":"annotation","doc_id":…,"text_sha256":…, …}',
            )
        elif isinstance(record, Mention):
            mentions.append((number, record))
        else:
            quotes.append((number, record))
    if header is None:
        raise RecordError(
            "the file holds no annotation", where=f"{path}:1", fix="expected a header line"
        )
    return _gather(path, header, mentions, quotes)


def _gather(
    path: Path,
    header: tuple[int, AnnotationHeader],
    mentions: list[tuple[int, Mention]],
    quotes: list[tuple[int, Quote]],
) -> AnnotationFile:
    number, record = header
    annotation = Annotation(
        doc_id=record.doc_id,
        text_sha256=record.text_sha256,
        annotator=record.annotator,
        guideline=record.guideline,
        progress=record.progress,
        status=record.status,
        mentions=tuple(mention for _, mention in mentions),
        quotes=tuple(quote for _, quote in quotes),
    )
    return AnnotationFile(
        path=str(path),
        header_line=number,
        annotation=annotation,
        mention_lines=tuple(line for line, _ in mentions),
        quote_lines=tuple(line for line, _ in quotes),
    )


def check_annotator(name: str) -> None:
    """Raise UsageError unless an annotator's name can be a folder's below annotations/."""
    if not name or name.startswith(".") or any(char in name for char in "/\\\0\n\r"):
        raise UsageError(
            f"{name!r} is no name of an annotator",
            fix="use a name that can be a folder's: no / or \\, no dot before it",
        )


def write_annotation(path: Path, annotation: Annotation) -> None:
    """Turn an annotation into its file: header, then mentions and quotes sorted by start."""
    write_records(path, annotation_lines(annotation))


def annotation_lines(annotation: Annotation) -> list[AnnotationHeader | Mention | Quote]:
    """Turn an annotation into the records of its lines, in the order of the file."""
    header = AnnotationHeader(
        doc_id=annotation.doc_id,
        text_sha256=annotation.text_sha256,
        annotator=annotation.annotator,
        guideline=annotation.guideline,
        progress=annotation.progress,
        status=annotation.status,
    )
    lines: list[Mention | Quote] = [*annotation.mentions, *annotation.quotes]
    return [header, *sorted(lines, key=line_order)]


def line_order(line: Mention | Quote) -> tuple[int, bool, int, str]:
    """Order lines by start, mentions before quotes, longer before shorter, then by id."""
    if isinstance(line, Mention):
        return line.start, False, -line.end, line.id
    parts = quote_parts(line)
    start = min((part.start for part in parts), default=0)
    return start, True, -max((part.end for part in parts), default=0), line.id


def quote_parts(quote: Quote) -> list[Part]:
    """List the spans of a quote: content, then cue, then speaker."""
    return [*quote.content, *(part for part in (quote.cue, quote.speaker) if part is not None)]


def without_words(annotation: Annotation, *, notes: bool) -> Annotation:
    """Turn an annotation into its stand-off: offsets and labels, no surfaces.

    `notes`: keep them; they may quote the text, so those on a withheld one go.
    """
    return msgspec.structs.replace(
        annotation,
        mentions=tuple(
            msgspec.structs.replace(mention, surface=None, note=mention.note if notes else None)
            for mention in annotation.mentions
        ),
        quotes=tuple(
            msgspec.structs.replace(
                quote,
                note=quote.note if notes else None,
                content=tuple(map(_bare, quote.content)),
                quoted=tuple(map(_bare, quote.quoted)),
                cue=_bare(quote.cue) if quote.cue else None,
                speaker=_bare(quote.speaker) if quote.speaker else None,
            )
            for quote in annotation.quotes
        ),
    )


def _bare(part: Part) -> Part:
    return Part(part.start, part.end)
