"""Pages to documents: nothing vanishes, and order and workers change nothing."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest

from khobor.corpus.documents import read_documents, read_task
from khobor.corpus.sources import PageTask, take_in
from khobor.errors import AnnotationError
from khobor.records import Block, Document, Reject
from tests.corpus.conftest import EditLines
from tests.samples import (
    FERRY,
    MARKET,
    ORANGE,
    TRAM,
    page_of,
    payload_of,
    write_corpus,
    write_plain_pages,
)


@pytest.fixture
def many(corpus_folder: Path, tmp_path: Path) -> tuple[PageTask, ...]:
    """Enough pages for more than one shard, some of which become no document."""
    plain = write_plain_pages(tmp_path / "plain", 40)
    (plain / "copy.txt").write_bytes((plain / "bridge-007.txt").read_bytes())
    (plain / "again.txt").write_bytes((plain / "bridge-039.txt").read_bytes())
    (plain / "empty.txt").write_bytes(b" \n")
    (plain / "english.txt").write_text("The ferry was late again today.\n" * 5, encoding="utf-8")
    (plain / "menu.txt").write_text("হোম\nখেলা\nবিনোদন\n", encoding="utf-8")
    (plain / "notes.docx").write_bytes(b"PK")
    return take_in([corpus_folder / "pages", plain]).tasks


def test_every_page_ends_as_a_document_or_a_reject(many: tuple[PageTask, ...]) -> None:
    reading = read_documents(many)
    documents, rejects = list(reading.documents), list(reading.rejects)
    assert reading.pages == len(documents) + len(rejects)
    assert len(documents) + len(rejects) == len(many)
    ended = [document.source for document in documents] + [reject.source for reject in rejects]
    assert sorted(ended) == sorted(task.source for task in many)
    assert {(reject.source, reject.reason) for reject in rejects} == {
        ("bridge-039.txt", "duplicate"),
        ("copy.txt", "duplicate"),
        ("empty.txt", "empty"),
        ("english.txt", "not-bengali"),
        ("menu.txt", "no-article"),
        ("notes.docx", "unsupported"),
    }


def test_documents_stand_in_the_order_of_their_ids(many: tuple[PageTask, ...]) -> None:
    documents = read_documents(many).documents
    ids = [document.doc_id for document in documents]
    assert ids == sorted(set(ids))


def test_the_order_of_tasks_changes_nothing(many: tuple[PageTask, ...]) -> None:
    """Above all not which of two equal pages stays."""
    shuffled = list(many)
    random.Random(3).shuffle(shuffled)
    assert read_documents(shuffled) == read_documents(many)


def test_the_id_of_a_page_without_catalogue_is_that_of_its_payload(tmp_path: Path) -> None:
    folder = write_plain_pages(tmp_path / "plain", 1)
    (document,) = read_documents(take_in([folder]).tasks).documents
    payload = (folder / "bridge-000.txt").read_bytes()
    assert document.doc_id == hashlib.sha256(payload).hexdigest()[:16]


def test_a_duplicate_says_of_which_page(tmp_path: Path) -> None:
    folder = write_plain_pages(tmp_path / "plain", 1)
    (folder / "copy.txt").write_bytes((folder / "bridge-000.txt").read_bytes())
    (reject,) = read_documents(take_in([folder]).tasks).rejects
    assert (reject.source, reject.reason) == ("copy.txt", "duplicate")
    assert "bridge-000.txt" in reject.detail
    assert reject.raw_sha256 is not None


# --- pages of a corpus folder ----------------------------------------------------------------


def _read(folder: Path, doc_id: str) -> Document | Reject:
    intake = take_in([folder / "pages"])
    return read_task(next(task for task in intake.tasks if task.row and task.row.doc_id == doc_id))


def test_a_catalogued_page_has_its_frozen_text_and_its_blocks(corpus_folder: Path) -> None:
    text, blocks, _ = page_of(ORANGE)
    document = _read(corpus_folder, "orange-garden")
    assert isinstance(document, Document)
    assert document.text == text
    assert [(b.start, b.end, b.label) for b in document.blocks] == [
        (b.start, b.end, b.label) for b in blocks
    ]
    # Where each block stood in the payload.
    assert [block.path.rsplit("/", 1)[-1] for block in document.blocks] == [
        *("a", "h1", "p", "p", "p"),
        "a",
    ]


def test_what_the_catalogue_says_goes_before_the_page(corpus_folder: Path) -> None:
    document = _read(corpus_folder, "orange-garden")
    assert isinstance(document, Document)
    metadata = document.metadata
    assert (metadata.publisher, metadata.country) == (ORANGE.publisher, ORANGE.country)
    assert metadata.url == "https://orange-garden.example/1"
    assert metadata.language == "bn"


def test_a_page_without_hand_made_blocks_has_the_labellers(corpus_folder: Path) -> None:
    (corpus_folder / "pages" / "tram-depot" / "blocks.jsonl").unlink()
    document = _read(corpus_folder, "tram-depot")
    assert isinstance(document, Document)
    assert [block.label for block in document.blocks] == [label for label, _ in TRAM.lines]


def test_a_frozen_text_stays_where_capture_has_changed(
    corpus_folder: Path, edit_lines: EditLines
) -> None:
    """Annotations count in the frozen one; only the paths of its blocks are given up."""
    text, blocks, _ = page_of(TRAM)
    frozen = "মেনু\n" + text
    digest = hashlib.sha256(frozen.encode()).hexdigest()
    place = corpus_folder / "pages" / "tram-depot"
    (place / "page.txt").write_bytes(frozen.encode())
    edit_lines(
        corpus_folder / "pages" / "catalogue.jsonl",
        lambda rows: [r.update(text_sha256=digest) for r in rows if r["doc_id"] == "tram-depot"],
    )

    def move(lines: list[dict[str, object]]) -> None:
        lines[0]["text_sha256"] = digest
        moved = [(b.start + 5, b.end + 5, b.label) for b in blocks]
        lines[1:] = [
            {"type": "block", "start": start, "end": end, "label": label}
            for start, end, label in [(0, 4, "chrome"), *moved]
        ]

    edit_lines(place / "blocks.jsonl", move)
    document = _read(corpus_folder, "tram-depot")
    assert isinstance(document, Document)
    assert document.text == frozen
    assert document.text_sha256 == digest
    assert {block.path for block in document.blocks} == {""}


def test_a_changed_payload_is_an_error_that_names_the_page(corpus_folder: Path) -> None:
    raw = corpus_folder / "pages" / "char-ferry" / "raw.txt"
    raw.write_bytes(raw.read_bytes() + "শেষ।\n".encode())
    with pytest.raises(AnnotationError, match="payload") as caught:
        _read(corpus_folder, "char-ferry")
    assert caught.value.where.endswith("char-ferry")
    assert caught.value.fix


def test_a_changed_page_text_is_an_error_that_names_the_page(corpus_folder: Path) -> None:
    """One more newline at the end is enough: offsets refer to this very text."""
    path = corpus_folder / "pages" / "char-ferry" / "page.txt"
    path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(AnnotationError, match="page text") as caught:
        _read(corpus_folder, "char-ferry")
    assert caught.value.where.endswith("char-ferry")
    assert caught.value.fix


def test_blocks_of_another_text_are_an_error(corpus_folder: Path, edit_lines: EditLines) -> None:
    path = corpus_folder / "pages" / "char-ferry" / "blocks.jsonl"
    edit_lines(path, lambda lines: lines[0].update(text_sha256="0" * 64))
    with pytest.raises(AnnotationError, match=r"blocks\.jsonl:1"):
        _read(corpus_folder, "char-ferry")


def test_a_block_past_the_end_is_an_error(corpus_folder: Path, edit_lines: EditLines) -> None:
    path = corpus_folder / "pages" / "char-ferry" / "blocks.jsonl"
    edit_lines(path, lambda lines: lines[-1].update(end=99_999))
    with pytest.raises(AnnotationError, match="99999") as caught:
        _read(corpus_folder, "char-ferry")
    assert "khobor check" in caught.value.fix


def test_a_page_whose_blocks_are_furniture_is_a_reject(
    corpus_folder: Path, edit_lines: EditLines
) -> None:
    path = corpus_folder / "pages" / "char-ferry" / "blocks.jsonl"
    edit_lines(path, lambda lines: [line.update(label="chrome") for line in lines[1:]])
    found = _read(corpus_folder, "char-ferry")
    assert isinstance(found, Reject)
    assert found.reason == "no-article"


def test_a_supplied_page_has_its_catalogued_id_and_blocks(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "corpus", (FERRY, MARKET))
    owned = tmp_path / "mine.txt"
    owned.write_bytes(payload_of(MARKET))
    reading = read_documents(take_in([folder / "pages"], supplied=[owned]).tasks)
    documents, rejects = list(reading.documents), list(reading.rejects)
    market = next(document for document in documents if document.doc_id == "night-market")
    text, blocks, _ = page_of(MARKET)
    assert (market.text, market.blocks, rejects) == (text, blocks, [])
    assert all(isinstance(block, Block) for block in market.blocks)
