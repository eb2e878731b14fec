"""Frozen versions: nothing published moves, evaluation stands still, no number is too small."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import msgspec
import pytest

from khobor.corpus.histories import History, read_history
from khobor.errors import RecordError, ReleaseError, UsageError
from khobor.jsonl import read_records
from khobor.manifests import FrozenDocument, Release, SplitRow
from khobor.release import freezes
from khobor.release.contents import frozen_contents, release_contents
from khobor.release.differences import compare
from tests.growth import Folder, without_versions
from tests.rows import contents_of, read_rows
from tests.stories import story


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A corpus of twelve pages that tell different stories."""
    made = Folder(tmp_path / "corpus")
    for number in range(12):
        made.add(f"page-{number:02}", story(number))
    return made


def _history(folder: Folder) -> History:
    return read_history(folder.path / "annotations")


def _one_of(folder: Folder, split: str) -> str:
    """Name a published document of a split."""
    rows = _history(folder).rows.values()
    return min(row.doc_id for row in rows if row.split == split)


def _story_of(doc_id: str) -> list[str]:
    return story(int(doc_id.rpartition("-")[2]))


# --- the first version ------------------------------------------------------------------------


def test_the_first_version_is_1_0_0_and_every_row_of_it_is_committed_to(folder: Folder) -> None:
    frozen = folder.freeze()
    assert frozen.path == folder.out / "grown-1.0.0"
    assert frozen.appended
    history = _history(folder)
    (version,) = history.versions
    assert version.release.digest == freezes.digest_of(frozen.path)
    assert {row.state for row in history.rows.values()} == {"published"}
    assert {row.first_version for row in history.rows.values()} == {"1.0.0"}
    assert compare(frozen_contents(version), release_contents(frozen.path)).is_empty
    published = {row["doc_id"]: row["first_version"] for row in read_rows(frozen.path, "documents")}
    assert published == dict.fromkeys(history.rows, "1.0.0")


def test_the_splits_of_a_development_build_are_those_that_freezing_fixes(folder: Folder) -> None:
    before = {e.document.doc_id: e.split.split for e in folder.assemble().entries}
    folder.freeze()
    assert {doc_id: row.split for doc_id, row in _history(folder).rows.items()} == before


def test_freezing_again_gives_the_same_bytes_and_appends_nothing(
    folder: Folder, tmp_path: Path
) -> None:
    first = folder.freeze()
    before = contents_of(folder.path / "annotations"), contents_of(first.path)
    folder.out = tmp_path / "elsewhere"
    again = folder.freeze()
    assert not again.appended
    assert again.path == tmp_path / "elsewhere" / "grown-1.0.0"
    assert (contents_of(folder.path / "annotations"), contents_of(again.path)) == before


@pytest.mark.parametrize("lost", ["both", "releases"])
def test_an_interrupted_freeze_is_taken_up_again(folder: Folder, lost: str) -> None:
    """The folder is written first, then splits.jsonl, then releases.jsonl."""
    folder.freeze()
    annotations = folder.path / "annotations"
    whole = contents_of(annotations)
    (annotations / "releases.jsonl").unlink()
    if lost == "both":
        (annotations / "splits.jsonl").unlink()
    assert folder.freeze().appended
    assert contents_of(annotations) == whole


def test_another_folder_in_the_place_of_a_version_is_not_overwritten(folder: Folder) -> None:
    place = folder.out / "grown-1.0.0"
    place.mkdir(parents=True)
    (place / "thesis.txt").write_text("three years of work", encoding="utf-8")
    with pytest.raises(ReleaseError, match="something else stands there"):
        folder.freeze()
    assert [path.name for path in folder.out.iterdir()] == ["grown-1.0.0"]
    assert (place / "thesis.txt").is_file()
    assert _history(folder) == History()


# --- the next number --------------------------------------------------------------------------


def test_another_card_alone_is_a_patch(folder: Folder) -> None:
    folder.freeze()
    frozen = folder.freeze(about="The same rows, said better.")
    assert frozen.release.version == "1.0.1"
    first, second = _history(folder).versions
    assert first.release.digest != second.release.digest
    assert "The rows of 1.0.0" in (frozen.path / "CHANGELOG.md").read_text(encoding="utf-8")


def test_a_corrected_label_in_train_is_a_minor_version(folder: Folder) -> None:
    folder.freeze()
    corrected = _one_of(folder, "train")
    folder.relabel(corrected)
    frozen = folder.freeze()
    assert frozen.release.version == "1.1.0"
    changelog = (frozen.path / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"Relabelled, train: 1 documents (entities 1, tags 1): `{corrected}`" in changelog
    assert changelog.index("## 1.1.0") < changelog.index("## 1.0.0")


@pytest.mark.parametrize("split", ["validation", "test"])
def test_a_corrected_label_in_evaluation_is_refused_unless_asked_for(
    folder: Folder, split: str
) -> None:
    folder.freeze()
    folder.relabel(_one_of(folder, split))
    before = contents_of(folder.path / "annotations")
    with pytest.raises(ReleaseError, match=f"MAJOR.*changed in {split}"):
        folder.freeze()
    assert contents_of(folder.path / "annotations") == before
    assert [path.name for path in folder.out.iterdir()] == ["grown-1.0.0"]
    assert folder.freeze(major=True).release.version == "2.0.0"


def test_a_document_that_is_gone_needs_a_reason_and_leaves_a_tombstone(folder: Folder) -> None:
    folder.freeze()
    gone = _one_of(folder, "train")
    folder.remove(gone)
    with pytest.raises(ReleaseError, match=f"gone: {gone}"):
        folder.freeze()
    frozen = folder.freeze(takedowns={gone: "its subject asked for it"})
    assert frozen.release.version == "1.1.0"
    row = _history(folder).rows[gone]
    assert (row.split, row.state, row.reason) == (None, "removed", "its subject asked for it")
    listed = {row.doc_id: row for _, row in read_records(frozen.path / "splits.jsonl", SplitRow)}
    assert listed[gone] == row
    # It does not come back, and neither does what is near it.
    folder.add(gone, _story_of(gone))
    folder.add("copy-of-it", _story_of(gone))
    corpus = folder.assemble()
    assert {row.doc_id: row.state for row in corpus.held} == {gone: "removed", "copy-of-it": "held"}
    later = folder.freeze()
    assert later.release.version == "1.1.1"
    assert {row["doc_id"] for row in read_rows(later.path, "documents")}.isdisjoint(
        {gone, "copy-of-it"}
    )


@pytest.mark.parametrize(
    ("takedown", "said"), [("page-00", "still here"), ("nobody", "no published document")]
)
def test_a_takedown_of_what_is_here_or_was_never_published_is_wrong_usage(
    folder: Folder, takedown: str, said: str
) -> None:
    folder.freeze()
    with pytest.raises(UsageError, match=said):
        folder.freeze(takedowns={takedown: "no reason"})


def test_texts_that_are_not_ours_cannot_be_frozen(folder: Folder) -> None:
    corpus = msgspec.structs.replace(folder.assemble(), local=True)
    with pytest.raises(ReleaseError, match="may not be redistributed"):
        freezes.freeze_release(
            corpus, folder.out, folder.path / "annotations", name="grown", about=""
        )


def test_a_manifest_that_moves_a_published_document_is_an_error(folder: Folder) -> None:
    folder.freeze()
    path = folder.path / "annotations" / "splits.jsonl"
    row = _history(folder).rows[_one_of(folder, "test")]
    moved = msgspec.structs.replace(row, split="train")
    path.write_bytes(path.read_bytes() + msgspec.json.encode(moved) + b"\n")
    with pytest.raises(RecordError, match="never changes its split") as caught:
        folder.assemble()
    assert caught.value.where == f"{path}:13"


# --- growth -----------------------------------------------------------------------------------


def _grams(sentences: list[str]) -> set[str]:
    text = unicodedata.normalize("NFC", "".join(sentences))
    kept = "".join(c for c in text if unicodedata.category(c)[0] in "LMN")
    return {kept[at : at + 5] for at in range(len(kept) - 4)}


def _near_pairs(pages: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Compare all pages by brute force: half of one's 5-grams in the other is near."""
    grams = {doc_id: _grams(sentences) for doc_id, sentences in pages.items()}
    for first, second in combinations(sorted(pages), 2):
        one, other = grams[first], grams[second]
        if len(one & other) >= 0.5 * min(len(one), len(other)):
            yield first, second


def _evaluation(folder: Folder) -> dict[str, FrozenDocument]:
    last = _history(folder).last
    assert last is not None
    return {
        doc_id: without_versions(document)  # type: ignore[misc]
        for doc_id, document in last.documents.items()
        if document.split != "train"
    }


def test_a_corpus_grows_through_five_versions_without_a_leak(folder: Folder) -> None:
    """The texts are compared by brute force, the digests of evaluation version by version."""
    pages = {f"page-{number:02}": story(number) for number in range(12)}
    train: str
    splits: dict[str, str | None] = {}

    def grow(**new: list[str]) -> None:
        for name, sentences in new.items():
            doc_id = name.replace("_", "-")
            folder.add(doc_id, sentences)
            pages[doc_id] = sentences

    def freeze(version: str, *, major: bool = False, takedown: str | None = None) -> Release:
        release = folder.freeze(
            major=major, takedowns={takedown: "asked for"} if takedown else None
        ).release
        assert release.version == version
        rows = _history(folder).rows
        for doc_id, split in splits.items():
            assert rows[doc_id].split == split or doc_id == takedown, doc_id
        for first, second in _near_pairs(pages):
            assert len({rows[first].split, rows[second].split} - {None}) <= 1, (first, second)
        splits.update({doc_id: row.split for doc_id, row in rows.items() if row.split})
        return release

    freeze("1.0.0")
    train, test = _one_of(folder, "train"), _one_of(folder, "test")
    evaluation = _evaluation(folder)
    grow(
        near_train=[*_story_of(train)[:4], "নতুন একটি বাক্য এখানে যোগ হলো।"],
        near_test=[*_story_of(test)[1:], "এ খবরের আরও এক লাইন পরে এসেছে।"],
        near_both=[*_story_of(train), *_story_of(test)],
        **{f"later_{number}": story(number) for number in range(12, 22)},
    )
    release = freeze("1.1.0")
    assert release.held >= 2
    states = {doc_id: row.state for doc_id, row in _history(folder).rows.items()}
    assert states["near-train"] == "published"
    assert states["near-test"] == "held_eval"
    assert states["near-both"] == "held"
    assert _evaluation(folder) == evaluation

    folder.relabel(train)
    grow(**{f"third_{number}": story(number) for number in range(22, 34)})
    freeze("1.2.0")
    assert _evaluation(folder) == evaluation

    pages.pop(train)
    splits.pop(train)
    folder.remove(train)
    grow(again=[*_story_of(test)[:3], "তৃতীয় কাগজের নিজের কথা এইটুকু।", *_story_of(test)[3:]])
    freeze("1.3.0", takedown=train)
    assert _evaluation(folder) == evaluation

    grow(**{f"fifth_{number}": story(number) for number in range(34, 44)})
    freeze("2.0.0", major=True)
    rows = _history(folder).rows
    assert {rows["near-test"].split, rows["again"].split, rows[test].split} == {"test"}
    assert rows["near-both"].state == "held"
    assert _evaluation(folder).items() >= evaluation.items()
