"""Which annotation a release takes: gold first, else the only complete one."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from khobor.annotations.choices import (
    annotation_state,
    choose_annotations,
    require_annotations,
)
from khobor.annotations.files import write_annotation
from khobor.errors import AnnotationError, RecordError, UsageError
from khobor.records import Annotation, Progress
from tests.samples import FERRY, page_of


def _write(folder: Path, annotator: str, progress: Progress, doc_id: str = "char-ferry") -> None:
    annotation = msgspec.structs.replace(
        page_of(FERRY)[2], annotator=annotator, progress=progress, doc_id=doc_id
    )
    write_annotation(folder / annotator / f"{doc_id}.jsonl", annotation)


def test_gold_goes_before_every_annotator(tmp_path: Path) -> None:
    for annotator in ("asha", "gold", "rafiq"):
        _write(tmp_path, annotator, "complete")
    assert choose_annotations(tmp_path)["char-ferry"].annotation.annotator == "gold"


def test_without_gold_the_only_complete_annotation_is_taken(tmp_path: Path) -> None:
    _write(tmp_path, "asha", "partial")
    _write(tmp_path, "rafiq", "complete")
    _write(tmp_path, "sumi", "todo")
    assert choose_annotations(tmp_path)["char-ferry"].annotation.annotator == "rafiq"


def test_a_lone_partial_annotation_is_taken_as_partial(tmp_path: Path) -> None:
    _write(tmp_path, "asha", "partial")
    chosen = choose_annotations(tmp_path)["char-ferry"].annotation
    assert annotation_state(chosen) == "partial"


@pytest.mark.parametrize("progress", ["complete", "partial"])
def test_two_equally_good_annotations_are_an_error_that_names_both(
    tmp_path: Path, progress: Progress
) -> None:
    _write(tmp_path, "asha", progress)
    _write(tmp_path, "rafiq", progress)
    with pytest.raises(AnnotationError) as caught:
        choose_annotations(tmp_path)
    assert caught.value.where == "char-ferry"
    assert "asha" in str(caught.value)
    assert "rafiq" in str(caught.value)
    assert caught.value.fix


def test_each_document_is_chosen_for_itself(tmp_path: Path) -> None:
    _write(tmp_path, "gold", "complete")
    _write(tmp_path, "asha", "complete")
    _write(tmp_path, "asha", "complete", doc_id="hill-school")
    chosen = choose_annotations(tmp_path)
    assert {doc_id: found.annotation.annotator for doc_id, found in chosen.items()} == {
        "char-ferry": "gold",
        "hill-school": "asha",
    }


def test_files_beside_the_annotators_are_no_annotations(tmp_path: Path) -> None:
    """splits.jsonl and releases.jsonl stand in the same folder."""
    _write(tmp_path, "gold", "complete")
    (tmp_path / "splits.jsonl").write_text('{"doc_id":"char-ferry"}\n', encoding="utf-8")
    (tmp_path / "GUIDELINE.md").write_text("# Guideline\n", encoding="utf-8")
    assert list(choose_annotations(tmp_path)) == ["char-ferry"]


def test_a_broken_file_of_any_annotator_is_named(tmp_path: Path) -> None:
    _write(tmp_path, "gold", "complete")
    (tmp_path / "asha").mkdir()
    (tmp_path / "asha" / "char-ferry.jsonl").write_text('{"type":"mention"\n', encoding="utf-8")
    with pytest.raises(RecordError, match=r"char-ferry\.jsonl:1"):
        choose_annotations(tmp_path)


def test_a_missing_folder_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        choose_annotations(tmp_path / "nowhere")


def test_a_folder_without_any_annotation_is_an_error_where_some_are_asked_for(
    tmp_path: Path,
) -> None:
    """A new corpus has none, and that is fine; what a build is given by name must hold some."""
    (tmp_path / "asha").mkdir()
    (tmp_path / "GUIDELINE.md").write_text("# Guideline\n", encoding="utf-8")
    assert choose_annotations(tmp_path) == {}
    with pytest.raises(UsageError, match="one folder an annotator"):
        require_annotations(tmp_path)
    _write(tmp_path, "asha", "todo")
    assert list(require_annotations(tmp_path)) == ["char-ferry"]
    with pytest.raises(UsageError, match="no annotation files"):
        require_annotations(tmp_path / "asha")


def test_the_state_of_a_document_follows_the_progress_of_its_annotation() -> None:
    annotation: Annotation = page_of(FERRY)[2]

    def state(progress: Progress) -> str:
        return annotation_state(msgspec.structs.replace(annotation, progress=progress))

    assert annotation_state(None) == "none"
    assert [state("todo"), state("partial"), state("complete")] == ["none", "partial", "gold"]
