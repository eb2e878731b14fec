"""Models that suggest: the same bytes from the same documents, and only what keeps the rules."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from khobor.annotations.checks import check_annotation
from khobor.annotations.files import AnnotationFile
from khobor.capture.pages import capture_page
from khobor.errors import PageError, UsageError
from khobor.layers.blocks import label_blocks
from khobor.pipeline import build_document
from khobor.records import Annotation, Block, Document, Mention
from khobor.training.mention_taggers import trim
from khobor.training.models import (
    ABOUT,
    MENTIONS,
    Models,
    read_models,
    suggest_annotation,
    train_models,
)
from tests.bengali import texts
from tests.samples import FERRY, HAOR, ORANGE, POTATO, document_of

SAMPLES = (FERRY, ORANGE, HAOR)


def documents() -> list[tuple[Document, Annotation]]:
    return [document_of(*sample.lines) for sample in SAMPLES]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("models") / "model"
    train_models(documents(), place)
    return place


@pytest.fixture(scope="module")
def models(folder: Path) -> Models:
    return read_models(folder)


def errors_of(document: Document, annotation: Annotation) -> list[str]:
    size = len(annotation.mentions)
    file = AnnotationFile(
        "silver/small.jsonl",
        1,
        annotation,
        tuple(range(2, 2 + size)),
        tuple(range(2 + size, 2 + size + len(annotation.quotes))),
    )
    found = check_annotation(file, document.text, document.text_sha256, document.blocks)
    return [str(f) for f in found if f.level == "error" and f.check != "order"]


def test_what_was_learned_is_suggested_again(models: Models) -> None:
    for document, annotation in documents():
        suggested = suggest_annotation(document, models, guideline="1.0")
        found = {(m.start, m.end, m.label) for m in suggested.mentions}
        wanted = {(m.start, m.end, m.label) for m in annotation.mentions}
        assert len(found & wanted) >= 0.9 * len(wanted)  # ৳৩০ is one token, ৩০ the mention
        assert len(suggested.quotes) >= 1
        assert errors_of(document, suggested) == []


def test_a_suggestion_is_silver_and_nobody_has_finished_it(models: Models) -> None:
    document, _ = document_of(*POTATO.lines)
    suggested = suggest_annotation(document, models, guideline="1.0")
    assert (suggested.status, suggested.progress, suggested.annotator) == (
        "silver",
        "partial",
        "silver",
    )
    assert suggested.text_sha256 == document.text_sha256


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts(max_size=60))
def test_no_suggestion_breaks_a_rule_on_any_text(models: Models, text: str) -> None:
    page = capture_page(f"{text} নদী।".encode(), source="any.txt", doc_id="any")
    try:
        blocks: tuple[Block, ...] = label_blocks(page)
    except PageError:
        start = len(page.text) - len(page.text.lstrip())
        blocks = (Block(start, len(page.text.rstrip()), "paragraph"),)
    document = build_document(page, blocks)
    suggested = suggest_annotation(document, models, guideline="1.0")
    assert errors_of(document, suggested) == []


def test_the_same_documents_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    train_models(documents(), tmp_path / "again")
    for file in sorted(folder.iterdir()):
        assert (tmp_path / "again" / file.name).read_bytes() == file.read_bytes()


def test_a_damaged_file_is_refused(folder: Path, tmp_path: Path) -> None:
    for name, content in ((MENTIONS, b"lCRF"), (ABOUT, b"{}")):
        place = tmp_path / name
        place.mkdir()
        for file in folder.iterdir():
            (place / file.name).write_bytes(file.read_bytes())
        (place / name).write_bytes(content)
        with pytest.raises(UsageError, match="no folder of models"):
            read_models(place)
    with pytest.raises(UsageError, match="no folder of models"):
        read_models(tmp_path / "nowhere")


def test_nothing_to_learn_from_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no sentence to learn from"):
        train_models([], tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("মডেল", encoding="utf-8")
    with pytest.raises(UsageError, match="not empty"):
        train_models(documents(), tmp_path)


@pytest.mark.parametrize(
    ("text", "kept"),
    [("‘ঢাকা’,", "‘ঢাকা’"), ("(কলকাতা", "কলকাতা"), ("রহিমা বেগম (৪০)", "রহিমা বেগম (৪০)"), ("”।", None)],
)
def test_marks_at_the_edges_of_a_name_are_left_out(text: str, kept: str | None) -> None:
    span = trim(text, 0, len(text))
    assert (text[span[0] : span[1]] if span else None) == kept


def test_mentions_are_numbered_in_order_with_their_surfaces(models: Models) -> None:
    document, _ = document_of(*FERRY.lines)
    mentions = suggest_annotation(document, models, guideline="1.0").mentions
    assert list(mentions) == sorted(mentions, key=lambda m: m.start)
    assert all(document.text[m.start : m.end] == m.surface for m in mentions)
    assert all(isinstance(m, Mention) and m.start < m.name_end <= m.end for m in mentions)
    assert msgspec.json.encode(mentions)
