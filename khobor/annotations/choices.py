"""Which annotation of a document a release takes: gold, else the only complete annotator's."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from khobor.annotations.files import AnnotationFile, read_annotation_files
from khobor.errors import AnnotationError, UsageError
from khobor.records import Annotation, AnnotationState

GOLD = "gold"


def choose_annotations(folder: Path) -> dict[str, AnnotationFile]:
    """Turn an annotations folder (one folder an annotator) into doc_id → the one to release.

    `gold/` goes before all others; without a gold annotation of a document, the only complete
    one, else the only one. Raises AnnotationError where two would be equally good.
    """
    if not folder.is_dir():
        raise UsageError(
            "no such folder", where=str(folder), fix="expected annotations: one folder an annotator"
        )
    by_document: dict[str, list[tuple[str, AnnotationFile]]] = defaultdict(list)
    for annotator in sorted(path for path in folder.iterdir() if path.is_dir()):
        for found in read_annotation_files(annotator):
            by_document[found.annotation.doc_id].append((annotator.name, found))
    return {doc_id: _choose(doc_id, found) for doc_id, found in sorted(by_document.items())}


def _choose(doc_id: str, candidates: list[tuple[str, AnnotationFile]]) -> AnnotationFile:
    gold = [found for name, found in candidates if name == GOLD]
    complete = [found for _, found in candidates if found.annotation.progress == "complete"]
    for choice in (gold, complete, [found for _, found in candidates]):
        if len(choice) == 1:
            return choice[0]
        if choice:
            raise AnnotationError(
                f"{len(choice)} annotations could be released: "
                + ", ".join(found.path for found in choice),
                where=doc_id,
                fix="adjudicate them into gold/, or remove all but one",
            )
    raise AnnotationError("no annotation", where=doc_id)


def annotation_state(annotation: Annotation | None) -> AnnotationState:
    """Say how far a document is annotated, as the rows of a release do."""
    if annotation is None or annotation.progress == "todo":
        return "none"
    return "gold" if annotation.progress == "complete" else "partial"
