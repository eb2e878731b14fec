"""Which annotation of a document a release takes: gold, else the only complete annotator's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import msgspec

from khobor.annotations.files import AnnotationFile, read_annotation_files
from khobor.errors import AnnotationError, UsageError
from khobor.records import Annotation, AnnotationState

GOLD = "gold"


class Undecided(msgspec.Struct, frozen=True):
    """A document with several annotations, none of which goes before the others."""

    doc_id: str
    files: tuple[AnnotationFile, ...]

    @property
    def error(self) -> AnnotationError:
        """What a build says of it."""
        return AnnotationError(
            f"{len(self.files)} annotations could be released: "
            + ", ".join(found.path for found in self.files),
            where=self.doc_id,
            fix="adjudicate them into gold/, or remove all but one",
        )


def choose_annotations(folder: Path) -> dict[str, AnnotationFile]:
    """Turn an annotations folder (one folder an annotator) into doc_id → the one to release.

    `gold/` goes before all others; without a gold annotation of a document, the only complete
    one, else the only one. A silver one is taken only where nobody has begun by hand. Raises
    AnnotationError where two would be equally good.
    """
    if not folder.is_dir():
        raise UsageError(
            "no such folder", where=str(folder), fix="expected annotations: one folder an annotator"
        )
    annotators = sorted(path for path in folder.iterdir() if path.is_dir())
    chosen, undecided = choose_each(
        (annotator.name, found)
        for annotator in annotators
        for found in read_annotation_files(annotator)
    )
    if undecided:
        raise undecided[0].error
    return chosen


def require_annotations(folder: Path) -> dict[str, AnnotationFile]:
    """Choose as choose_annotations does; raise UsageError where the folder holds none.

    A folder that is one level off would else drop every annotation without a word.
    """
    chosen = choose_annotations(folder)
    if not chosen:
        raise UsageError(
            "no annotation files in the folders below it",
            where=str(folder),
            fix="expected one folder an annotator, with a .jsonl file a document",
        )
    return chosen


def choose_each(
    candidates: Iterable[tuple[str, AnnotationFile]],
) -> tuple[dict[str, AnnotationFile], list[Undecided]]:
    """Turn (annotator, annotation) pairs into doc_id → the one to release, and what is open."""
    by_document: dict[str, list[tuple[str, AnnotationFile]]] = defaultdict(list)
    for annotator, found in candidates:
        by_document[found.annotation.doc_id].append((annotator, found))
    chosen: dict[str, AnnotationFile] = {}
    undecided: list[Undecided] = []
    for doc_id, among in sorted(by_document.items()):
        best = _best(among)
        if len(best) == 1:
            chosen[doc_id] = best[0]
        else:
            undecided.append(Undecided(doc_id, tuple(best)))
    return chosen, undecided


def _best(candidates: list[tuple[str, AnnotationFile]]) -> list[AnnotationFile]:
    states = [annotation_state(found.annotation) for _, found in candidates]
    if "silver" in states:
        # What somebody has begun goes before a model's work, that before what nobody has begun.
        best = {"partial", "gold"} if {"partial", "gold"} & set(states) else {"silver"}
        candidates = [c for c, state in zip(candidates, states, strict=True) if state in best]
    gold = [found for name, found in candidates if name == GOLD]
    complete = [found for _, found in candidates if found.annotation.progress == "complete"]
    return gold or complete or [found for _, found in candidates]


def annotation_state(annotation: Annotation | None) -> AnnotationState:
    """Say how far a document is annotated, as the rows of a release do."""
    if annotation is None or annotation.progress == "todo":
        return "none"
    if annotation.status == "silver":
        return "silver"
    return "gold" if annotation.progress == "complete" else "partial"
