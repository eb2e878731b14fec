"""Adjudication in a corpus folder: decisions in annotations/gold/decisions/, gold made of them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from khobor.annotations.adjudication import adjudicate, carry_decisions, find_differences
from khobor.annotations.choices import GOLD
from khobor.annotations.files import annotation_lines, read_annotations, write_annotation
from khobor.corpus.annotators import Joint, Shared
from khobor.errors import AnnotationError, KhoborError, RecordError
from khobor.jsonl import read_records, write_records
from khobor.records import AdjudicationHeader, Annotation, Difference

DECISIONS = "decisions"


class Outcome(msgspec.Struct, frozen=True):
    """What became of one document: how many differences, which are open, what was written."""

    doc_id: str
    differences: int
    open: int
    decisions: Path | None  # None where both agree throughout
    gold: Path | None  # None while a difference is open


def adjudicate_folder(corpus: Path, joint: Joint, *, replace: bool = False) -> list[Outcome]:
    """Turn two annotators' documents into files of decisions, and into gold where all are made.

    A decision made before stays as long as the items that it is about do. A gold annotation that
    says something else is an error, unless `replace`; one that nobody began is written over.
    """
    return [_adjudicate(corpus, joint, shared, replace) for shared in joint.shared]


def decisions_path(corpus: Path, doc_id: str) -> Path:
    """Name the file of the decisions about a document."""
    return corpus / "annotations" / GOLD / DECISIONS / f"{doc_id}.jsonl"


def read_decisions(path: Path) -> tuple[AdjudicationHeader, list[tuple[int, Difference]]]:
    """Turn a file of decisions into its header and (line, difference) pairs."""
    header: AdjudicationHeader | None = None
    found: list[tuple[int, Difference]] = []
    for number, record in read_records(path, AdjudicationHeader | Difference):  # type: ignore[arg-type]  # a union is no type to mypy
        if isinstance(record, Difference) == (header is None):
            raise RecordError(
                "expected one header line, then differences",
                where=f"{path}:{number}",
                fix="restore it, or move it away and run `khobor adjudicate` again",
            )
        if isinstance(record, AdjudicationHeader):
            header = record
        else:
            found.append((number, record))
    if header is None:
        raise RecordError("the file is empty", where=f"{path}:1", fix="move it away")
    return header, found


def _adjudicate(corpus: Path, joint: Joint, shared: Shared, replace: bool) -> Outcome:
    first, second = shared.first.annotation, shared.second.annotation
    document = shared.document
    header = AdjudicationHeader(document.doc_id, document.text_sha256, joint.first, joint.second)
    differences = find_differences(first, second, document.text, document.tokens)
    path = decisions_path(corpus, document.doc_id)
    lines: dict[str, int] = {}
    if path.is_file():
        known, before = read_decisions(path)
        if known != header:
            raise AnnotationError(
                f"holds decisions between {known.first} and {known.second} about the text "
                f"{known.text_sha256[:12]}…",
                where=f"{path}:1",
                fix="move it away to begin anew",
            )
        differences = carry_decisions(differences, [difference for _, difference in before])
        lines = {difference.id: number for number, difference in before}
    if differences or path.is_file():
        write_records(path, [header, *differences])
    try:
        result = adjudicate(
            first, second, header, differences, tokens=document.tokens, annotator=GOLD
        )
    except AnnotationError as error:
        raise _placed(error, path, lines) from error
    gold = None
    if result.annotation is not None:
        gold = corpus / "annotations" / GOLD / f"{document.doc_id}.jsonl"
        _write_gold(gold, result.annotation, replace)
    return Outcome(
        document.doc_id,
        len(differences),
        len(result.open),
        path if differences else None,
        gold,
    )


def _placed(error: AnnotationError, path: Path, lines: dict[str, int]) -> KhoborError:
    """Say in which line of the decisions an error lies."""
    difference = error.where.rpartition(" ")[2]
    line = lines.get(difference, 1)
    return AnnotationError(f"{difference}: {error.message}", where=f"{path}:{line}", fix=error.fix)


def _write_gold(path: Path, annotation: Annotation, replace: bool) -> None:
    if path.is_file():
        (there,) = read_annotations(path)
        if annotation_lines(there) == annotation_lines(annotation):
            return
        if there.progress != "todo" and not replace:
            raise AnnotationError(
                "a gold annotation stands there that says something else",
                where=str(path),
                fix="pass --replace if the decisions go before it, or move it away",
            )
    write_annotation(path, annotation)
