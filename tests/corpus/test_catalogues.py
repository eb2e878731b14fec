"""The files of a corpus folder: verbatim texts, blocks, and the catalogue's own rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given

from khobor.corpus.catalogues import (
    is_catalogued,
    raw_path,
    read_blocks,
    read_catalogue,
    read_page_text,
    write_blocks,
    write_catalogue,
    write_page_text,
)
from khobor.errors import AnnotationError, RecordError, UsageError
from tests import bengali
from tests.corpus.conftest import EditLines
from tests.samples import FERRY, SAMPLES, page_of, write_corpus


def test_the_catalogue_is_read_as_written_and_sorted(corpus_folder: Path) -> None:
    pages = corpus_folder / "pages"
    rows = [row for _, row in read_catalogue(pages)]
    assert [row.doc_id for row in rows] == sorted(sample.doc_id for sample in SAMPLES)
    before = (pages / "catalogue.jsonl").read_bytes()
    write_catalogue(pages, rows[::-1])
    assert (pages / "catalogue.jsonl").read_bytes() == before
    assert is_catalogued(pages)
    assert not is_catalogued(corpus_folder)


@given(text=bengali.texts())
def test_a_page_text_is_kept_verbatim(text: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Line ends, joiners and both encodings of য় stay what they are."""
    folder = tmp_path_factory.mktemp("pages")
    write_corpus(folder, (FERRY,))
    ((_, row),) = read_catalogue(folder / "pages")
    write_page_text(folder / "pages" / "char-ferry" / "page.txt", text)
    assert read_page_text(folder / "pages", row) == text


def test_blocks_are_read_as_written(tmp_path: Path) -> None:
    _, blocks, annotation = page_of(FERRY)
    path = tmp_path / "blocks.jsonl"
    write_blocks(path, blocks, doc_id="char-ferry", text_sha256=annotation.text_sha256)
    read = read_blocks(path, doc_id="char-ferry", text_sha256=annotation.text_sha256)
    assert read == blocks


@pytest.mark.parametrize(("doc_id", "digest"), [("other-page", ""), ("char-ferry", "0" * 64)])
def test_blocks_of_another_page_or_text_are_refused(
    corpus_folder: Path, doc_id: str, digest: str
) -> None:
    path = corpus_folder / "pages" / "char-ferry" / "blocks.jsonl"
    digest = digest or page_of(FERRY)[2].text_sha256
    with pytest.raises(AnnotationError, match=r"blocks\.jsonl:1") as caught:
        read_blocks(path, doc_id=doc_id, text_sha256=digest)
    assert caught.value.fix


def test_blocks_need_one_header_at_their_head(corpus_folder: Path, edit_lines: EditLines) -> None:
    path = corpus_folder / "pages" / "char-ferry" / "blocks.jsonl"
    digest = page_of(FERRY)[2].text_sha256
    edit_lines(path, lambda lines: lines.insert(3, lines[0]))
    with pytest.raises(RecordError, match=r"blocks\.jsonl:4"):
        read_blocks(path, doc_id="char-ferry", text_sha256=digest)
    edit_lines(path, lambda lines: lines.pop(0))
    with pytest.raises(RecordError, match=r"blocks\.jsonl:1"):
        read_blocks(path, doc_id="char-ferry", text_sha256=digest)
    path.write_bytes(b"")
    with pytest.raises(RecordError, match=r"blocks\.jsonl:1"):
        read_blocks(path, doc_id="char-ferry", text_sha256=digest)


@pytest.mark.parametrize("again", ["char-ferry", "Char-Ferry"])
def test_a_doc_id_stands_once_in_the_catalogue(
    corpus_folder: Path, edit_lines: EditLines, again: str
) -> None:
    """Some file systems fold case, so Char-Ferry would be the same folder."""
    path = corpus_folder / "pages" / "catalogue.jsonl"
    edit_lines(path, lambda lines: lines.append({**lines[0], "doc_id": again}))
    with pytest.raises(RecordError, match=rf"catalogue\.jsonl:{len(SAMPLES) + 1}"):
        read_catalogue(corpus_folder / "pages")


@pytest.mark.parametrize("doc_id", ["../char-ferry", "a/b", ".hidden", "", "a\n", "a" * 81])
def test_a_doc_id_is_the_name_of_a_folder_and_no_path(
    corpus_folder: Path, edit_lines: EditLines, doc_id: str
) -> None:
    path = corpus_folder / "pages" / "catalogue.jsonl"
    edit_lines(path, lambda lines: lines[0].update(doc_id=doc_id))
    with pytest.raises(RecordError, match="doc_id"):
        read_catalogue(corpus_folder / "pages")


def test_a_page_without_payload_or_text_is_named(corpus_folder: Path) -> None:
    pages = corpus_folder / "pages"
    rows = {row.doc_id: row for _, row in read_catalogue(pages)}
    (pages / "char-ferry" / "raw.txt").unlink()
    (pages / "char-ferry" / "page.txt").unlink()
    with pytest.raises(UsageError, match="char-ferry"):
        raw_path(pages, rows["char-ferry"])
    with pytest.raises(UsageError, match="char-ferry"):
        read_page_text(pages, rows["char-ferry"])
    (pages / "tram-depot" / "page.txt").write_bytes(b"\xe0\xa6")
    with pytest.raises(UsageError, match="UTF-8"):
        read_page_text(pages, rows["tram-depot"])
