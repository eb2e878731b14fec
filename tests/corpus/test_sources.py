"""Which pages a build takes in, and that each of them is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from khobor.corpus.documents import read_documents, read_task
from khobor.corpus.sources import take_in
from khobor.errors import UsageError
from khobor.records import Document
from tests.samples import MARKET, payload_of, write_plain_pages


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as a reader has it: pages below pages, and other things between them."""
    folder = write_plain_pages(tmp_path / "saved", 2)
    write_plain_pages(folder / "2021" / "october", 1)
    (folder / ".hidden.txt").write_text("লুকানো", encoding="utf-8")
    write_plain_pages(folder / ".cache", 1)
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    return folder


def test_every_file_below_a_folder_is_taken_in_but_hidden_ones(folder: Path) -> None:
    assert [task.source for task in take_in([folder]).tasks] == [
        "2021/october/bridge-000.txt",
        "bridge-000.txt",
        "bridge-001.txt",
        "gone.txt",
        "photo.jpg",
    ]


def test_a_corpus_folder_is_no_folder_of_pages(corpus_folder: Path) -> None:
    """Its annotations and page texts would be read as pages too."""
    with pytest.raises(UsageError, match=r"is a corpus folder.*give .*pages"):
        take_in([corpus_folder])
    assert take_in([corpus_folder / "pages"]).tasks


def test_a_file_that_is_no_page_or_cannot_be_read_is_a_reject_with_its_reason(
    folder: Path,
) -> None:
    rejects = read_documents(take_in([folder]).tasks).rejects
    assert {(reject.source, reject.reason) for reject in rejects} == {
        ("bridge-000.txt", "duplicate"),
        ("gone.txt", "unreadable"),
        ("photo.jpg", "unsupported"),
    }
    assert all(reject.detail for reject in rejects)


def test_a_single_file_is_named_for_itself(folder: Path) -> None:
    (task,) = take_in([folder / "bridge-001.txt"]).tasks
    assert (task.source, task.row) == ("bridge-001.txt", None)


def test_a_hidden_file_that_is_passed_by_name_is_taken_in(folder: Path) -> None:
    (task,) = take_in([folder / ".hidden.txt"]).tasks
    assert task.source == ".hidden.txt"


def test_a_catalogue_names_the_pages_of_its_folder(corpus_folder: Path) -> None:
    """Page texts and blocks beside the payloads are no pages."""
    intake = take_in([corpus_folder / "pages"])
    assert [(task.source, task.row and task.row.doc_id) for task in intake.tasks] == [
        ("char-ferry/raw.txt", "char-ferry"),
        ("haor-boat-school/raw.txt", "haor-boat-school"),
        ("orange-garden/raw.html", "orange-garden"),
        ("potato-store/raw.txt", "potato-store"),
        ("tram-depot/raw.html", "tram-depot"),
    ]
    assert [row.doc_id for row, _ in intake.withheld] == ["night-market"]


def test_the_order_of_the_paths_plays_no_part(corpus_folder: Path, folder: Path) -> None:
    paths = [corpus_folder / "pages", folder, folder / "bridge-000.txt"]
    assert take_in(paths) == take_in(paths[::-1])


def test_of_two_names_of_one_file_the_order_does_not_choose(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "another-name.txt"
    other.symlink_to(folder / "bridge-000.txt")
    paths = [folder / "bridge-000.txt", other]
    assert take_in(paths) == take_in(paths[::-1])


def test_a_path_that_is_not_there_is_wrong_usage(folder: Path) -> None:
    with pytest.raises(UsageError, match="nowhere") as caught:
        take_in([folder, folder / "nowhere"])
    assert caught.value.fix
    with pytest.raises(UsageError, match="nowhere"):
        take_in([folder], supplied=[folder / "nowhere"])


@pytest.mark.parametrize("name", ["night-market.txt", "saved page.TXT", "capture"])
def test_a_withheld_page_is_recognised_by_its_bytes_whatever_its_name(
    corpus_folder: Path, tmp_path: Path, name: str
) -> None:
    owned = tmp_path / "owned" / name
    owned.parent.mkdir()
    owned.write_bytes(payload_of(MARKET))
    intake = take_in([corpus_folder / "pages"], supplied=[owned])
    (task,) = [task for task in intake.tasks if task.row and task.row.withheld]
    assert (task.source, task.path) == ("night-market/raw.txt", str(owned))
    assert intake.withheld == ()
    assert intake.rejects == ()
    reading = read_documents(intake.tasks)
    documents, rejects = list(reading.documents), list(reading.rejects)
    assert "night-market" in {document.doc_id for document in documents}
    assert rejects == []


def test_a_supplied_page_that_no_catalogue_withholds_is_a_reject(
    corpus_folder: Path, tmp_path: Path
) -> None:
    owned = write_plain_pages(tmp_path / "owned", 1)
    (owned / "market.txt").write_bytes(payload_of(MARKET) + b" ")
    intake = take_in([corpus_folder / "pages"], supplied=[owned])
    assert [(reject.source, reject.reason) for reject in intake.rejects] == [
        ("bridge-000.txt", "not-in-catalogue"),
        ("market.txt", "not-in-catalogue"),
    ]
    assert [row.doc_id for row, _ in intake.withheld] == ["night-market"]


def test_a_supplied_page_counts_once(corpus_folder: Path, tmp_path: Path) -> None:
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_bytes(payload_of(MARKET))
    intake = take_in(
        [corpus_folder / "pages"], supplied=[tmp_path / "one.txt", tmp_path / "two.txt"]
    )
    assert [(reject.source, reject.reason) for reject in intake.rejects] == [
        ("two.txt", "duplicate")
    ]
    assert sum(task.row is not None and task.row.withheld for task in intake.tasks) == 1


def test_a_supplied_page_that_cannot_be_read_is_a_reject(
    corpus_folder: Path, tmp_path: Path
) -> None:
    owned = tmp_path / "owned"
    owned.mkdir()
    (owned / "gone.txt").symlink_to(tmp_path / "nowhere")
    (reject,) = take_in([corpus_folder / "pages"], supplied=[owned]).rejects
    assert (reject.source, reject.reason) == ("gone.txt", "unreadable")


def test_a_catalogued_page_without_its_payload_is_wrong_usage(corpus_folder: Path) -> None:
    (corpus_folder / "pages" / "tram-depot" / "raw.html").unlink()
    with pytest.raises(UsageError, match="tram-depot") as caught:
        take_in([corpus_folder / "pages"])
    assert caught.value.fix


def test_a_corpus_folder_that_is_passed_twice_withholds_a_page_once(corpus_folder: Path) -> None:
    """Its second copy would stand twice in splits.jsonl."""
    intake = take_in([corpus_folder / "pages", corpus_folder / "pages"])
    assert [row.doc_id for row, _ in intake.withheld] == ["night-market"]


def test_the_records_of_a_supplied_crawl_are_recognised_one_by_one(
    corpus_folder: Path, tmp_path: Path
) -> None:
    rows = [{"text": payload_of(MARKET).decode()}, {"text": "অন্য এক পাতা।"}]
    crawl = tmp_path / "crawl.jsonl"
    crawl.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    intake = take_in([corpus_folder / "pages"], supplied=[crawl])
    assert intake.withheld == ()
    assert [(r.source, r.reason) for r in intake.rejects] == [("crawl.jsonl#2", "not-in-catalogue")]
    (task,) = [task for task in intake.tasks if task.row and task.row.withheld]
    document = read_task(task)
    assert isinstance(document, Document)
    assert document.doc_id == "night-market"
    assert document.metadata.publisher == "রাতের কাগজ"
