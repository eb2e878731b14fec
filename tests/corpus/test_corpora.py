"""A whole corpus in memory: counts add up, and errors are gathered and not aligned."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from khobor.annotations.files import read_annotations
from khobor.corpus.corpora import Corpus, Entry, assemble
from khobor.errors import RecordError, UsageError
from tests.corpus.conftest import EditLines
from tests.samples import MARKET, SAMPLES, payload_of, write_plain_pages


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """Pages without a catalogue, some of which become no document."""
    folder = write_plain_pages(tmp_path / "plain", 3)
    (folder / "copy.txt").write_bytes((folder / "bridge-000.txt").read_bytes())
    (folder / "empty.txt").write_bytes(b"")
    return folder


def _assemble(folder: Path, *more: Path, supplied: tuple[Path, ...] = ()) -> Corpus:
    return assemble(
        [folder / "pages", *more], annotations=folder / "annotations", supplied=supplied
    )


def test_pages_are_documents_and_rejects(corpus_folder: Path, plain: Path) -> None:
    corpus = _assemble(corpus_folder, plain)
    assert corpus.pages == len(corpus.entries) + len(corpus.rejects) == 5 + 5
    assert [(reject.source, reject.reason) for reject in corpus.rejects] == [
        ("copy.txt", "duplicate"),
        ("empty.txt", "empty"),
    ]
    assert [w.row.doc_id for w in corpus.withheld] == ["night-market"]
    assert len(corpus.entries) + len(corpus.withheld) == len(SAMPLES) + 3


def test_supplied_pages_count_too(corpus_folder: Path, plain: Path, tmp_path: Path) -> None:
    owned = tmp_path / "owned.txt"
    owned.write_bytes(payload_of(MARKET))
    corpus = _assemble(corpus_folder, supplied=(owned, plain / "bridge-000.txt"))
    assert corpus.pages == len(corpus.entries) + len(corpus.rejects) == 6 + 1
    assert corpus.withheld == ()
    assert corpus.local
    assert not _assemble(corpus_folder).local


def _entry_of(corpus: Corpus, doc_id: str) -> Entry:
    return next(entry for entry in corpus.entries if entry.document.doc_id == doc_id)


def test_every_annotation_is_with_its_document_or_with_what_is_withheld(
    corpus_folder: Path,
) -> None:
    corpus = _assemble(corpus_folder)
    placed = [entry.annotation for entry in corpus.entries if entry.annotation]
    placed += [withheld.annotation for withheld in corpus.withheld if withheld.annotation]
    written = read_annotations(corpus_folder / "annotations" / "gold")
    assert sorted(placed, key=lambda a: a.doc_id) == written


def test_every_mention_and_part_is_said_by_tags_or_listed_as_a_misfit(
    corpus_folder: Path,
) -> None:
    corpus = _assemble(corpus_folder)
    listed = {(misfit.doc_id, misfit.annotation_id) for misfit in corpus.misfits}
    assert listed == {("char-ferry", "e10"), ("haor-boat-school", "e4")}
    for entry in corpus.entries:
        if entry.annotation is None or entry.alignment is None:
            continue
        begun = Counter(
            tag[2:] for s in entry.alignment.sentences for tag in s.ner_tags if tag[0] == "B"
        )
        assert begun == Counter(mention.label for mention in entry.annotation.mentions)
        owners = {owner for s in entry.alignment.sentences for owner in s.quote_ids if owner}
        assert owners == {quote.id for quote in entry.annotation.quotes}


def test_the_state_of_each_document_is_that_of_its_annotation(corpus_folder: Path) -> None:
    corpus = _assemble(corpus_folder)
    assert {entry.document.doc_id: entry.state for entry in corpus.entries} == {
        "char-ferry": "gold",
        "haor-boat-school": "gold",
        "orange-garden": "gold",
        "potato-store": "partial",
        "tram-depot": "none",
    }


def test_every_document_has_a_split_and_a_withheld_one_has_none(corpus_folder: Path) -> None:
    corpus = _assemble(corpus_folder)
    assert {entry.split.split for entry in corpus.entries} == {"train", "validation", "test"}
    assert {entry.split.state for entry in corpus.entries} == {"provisional"}
    (withheld,) = corpus.withheld
    assert (withheld.split.split, withheld.split.state) == (None, "withheld")
    assert withheld.split.reason
    assert [block.label for block in withheld.blocks] == [label for label, _ in MARKET.lines]


def test_the_order_of_paths_changes_nothing(corpus_folder: Path, tmp_path: Path) -> None:
    paths = [corpus_folder / "pages", write_plain_pages(tmp_path / "many", 7)]
    annotations = corpus_folder / "annotations"
    one = assemble(paths, annotations=annotations)
    assert assemble(paths[::-1], annotations=annotations) == one


def test_an_annotation_with_an_error_is_found_and_not_aligned(
    corpus_folder: Path, edit_lines: EditLines
) -> None:
    path = corpus_folder / "annotations" / "gold" / "char-ferry.jsonl"
    edit_lines(path, lambda lines: lines[1].update(end=99_999))
    corpus = _assemble(corpus_folder)
    assert {(f.file, f.line) for f in corpus.errors if f.check == "span-range"} == {(str(path), 2)}
    assert _entry_of(corpus, "char-ferry").annotation is None
    assert _entry_of(corpus, "char-ferry").state == "none"
    assert _entry_of(corpus, "orange-garden").alignment is not None


def test_an_annotation_for_another_text_is_an_error(
    corpus_folder: Path, edit_lines: EditLines
) -> None:
    path = corpus_folder / "annotations" / "gold" / "char-ferry.jsonl"
    edit_lines(path, lambda lines: lines[0].update(text_sha256="0" * 64))
    assert [(f.check, f.line) for f in _assemble(corpus_folder).errors] == [("hash", 1)]


@pytest.mark.parametrize("doc_id", ["char-ferry", "night-market"])
def test_a_wrong_hash_is_an_error_even_where_the_text_is_withheld(
    corpus_folder: Path, edit_lines: EditLines, doc_id: str
) -> None:
    """The catalogue knows the hash of a text that is not here: the stand-off must be for it."""
    path = corpus_folder / "annotations" / "gold" / f"{doc_id}.jsonl"
    edit_lines(path, lambda lines: lines[0].update(text_sha256="0" * 64))
    assert [(f.check, f.file) for f in _assemble(corpus_folder).errors] == [("hash", str(path))]


def test_an_annotation_without_a_page_is_an_error(corpus_folder: Path, plain: Path) -> None:
    corpus = assemble([plain], annotations=corpus_folder / "annotations")
    assert {finding.check for finding in corpus.errors} == {"unknown-document"}
    assert len(corpus.errors) == len(list((corpus_folder / "annotations" / "gold").iterdir()))


def test_blocks_with_an_error_are_found_at_build_time_too(
    corpus_folder: Path, edit_lines: EditLines
) -> None:
    path = corpus_folder / "pages" / "tram-depot" / "blocks.jsonl"
    edit_lines(path, lambda lines: lines.pop(2))
    assert [(f.check, f.file, f.line) for f in _assemble(corpus_folder).errors] == [
        ("block-gap", str(path), 3)
    ]


def test_a_broken_annotation_file_stops_the_build_with_its_line(corpus_folder: Path) -> None:
    path = corpus_folder / "annotations" / "gold" / "char-ferry.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    last = len(path.read_bytes().splitlines())
    with pytest.raises(RecordError, match=rf"char-ferry\.jsonl:{last}"):
        _assemble(corpus_folder)


def test_missing_annotations_are_wrong_usage(corpus_folder: Path) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        assemble([corpus_folder / "pages"], annotations=corpus_folder / "nowhere")


def test_near_twins_never_part(tmp_path: Path) -> None:
    """One article, typed with the other encoding of য়, and with other furniture."""
    folder = tmp_path / "twins"
    folder.mkdir()
    article = (
        "নদী ভাঙনে বিপন্ন বাজার\n\nভাঙনের মুখে পড়েছে নদীপাড়ের পুরোনো বাজার। দোকান সরিয়ে নিচ্ছেন ব্যবসায়ীরা,"
        " সময় নেই বলে ভয়ে আছেন সবাই।\n\nজেলা থেকে সাহায্য চেয়ে আবেদন করেছেন তাঁরা। বাঁধের কাজ শুরু হয়নি এখনো।\n"
    ).replace("\u09df", "\u09af\u09bc")
    (folder / "one.txt").write_text(article, encoding="utf-8")
    (folder / "two.txt").write_text(
        article.replace("\u09af\u09bc", "\u09df") + "\nহোম\n", encoding="utf-8"
    )
    write_plain_pages(folder / "others", 8)
    corpus = assemble([folder])
    twins = [
        entry.split
        for entry in corpus.entries
        if entry.document.source.endswith(("one.txt", "two.txt"))
    ]
    assert len(twins) == 2
    assert twins[0].cluster_id == twins[1].cluster_id
    assert twins[0].split == twins[1].split


def test_the_annotation_file_is_only_read(corpus_folder: Path) -> None:
    path = corpus_folder / "annotations" / "gold" / "char-ferry.jsonl"
    before = path.read_bytes()
    _assemble(corpus_folder)
    assert path.read_bytes() == before
    assert json.loads(before.splitlines()[0])["type"] == "annotation"
