"""Sound releases of every kind have no fault; what is no release is wrong usage."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from khobor.corpus.corpora import Corpus, assemble
from khobor.corpus.splits import later_split
from khobor.errors import UsageError
from khobor.records import ANNOTATION_STATES
from khobor.release.features import CONFIGS, config_features
from khobor.release.hydrations import hydrate_release
from khobor.release.verification.releases import verify_release
from khobor.release.verification.rows import ROWS
from khobor.release.writers import write_release
from tests.growth import Folder
from tests.release.verification.fakes import FERRY, copy_of, edit_rows, edit_text, fit, shard_with
from tests.rows import Row
from tests.samples import HAOR, TRAM, write_corpus, write_plain_pages
from tests.stories import story


def _write(corpus: Corpus, out: Path) -> Path:
    return write_release(corpus, out, name="kind", version="1.0.0.dev0")[0]


def _of_nothing(folder: Path) -> Path:
    (folder / "in").mkdir()
    (folder / "in" / "empty.txt").write_bytes(b"")
    return _write(assemble([folder / "in"]), folder / "out")


def _of_plain_pages(folder: Path) -> Path:
    """Nobody annotated anything: no quotes."""
    return _write(assemble([write_plain_pages(folder / "in", 9)]), folder / "out")


def _of_two_pages(folder: Path) -> Path:
    """Whole splits are empty."""
    write_corpus(folder / "in", (HAOR, TRAM))
    pages, annotations = folder / "in" / "pages", folder / "in" / "annotations"
    return _write(assemble([pages], annotations=annotations), folder / "out")


KINDS: dict[str, Callable[[Path], Path]] = {
    "no document": _of_nothing,
    "plain pages": _of_plain_pages,
    "two pages": _of_two_pages,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_release_without_some_configurations_or_splits_is_sound(
    kind: str, tmp_path: Path
) -> None:
    assert verify_release(KINDS[kind](tmp_path)) == []


@pytest.mark.parametrize("name", ["release", "local_release", "small_release"])
def test_a_release_with_withheld_pages_and_one_with_their_texts_are_sound(
    name: str, request: pytest.FixtureRequest
) -> None:
    assert verify_release(request.getfixturevalue(name)) == []


def test_a_hydrated_release_is_sound(release: Path, sources: Path, tmp_path: Path) -> None:
    hydration = hydrate_release(release, [sources / "owned.txt"], tmp_path)
    assert hydration.hydrated == ("night-market",)
    assert verify_release(hydration.path) == []


def test_frozen_releases_with_held_documents_and_tombstones_are_sound(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "corpus")
    for number in range(6):
        folder.add(f"page-{number:02}", story(number))
    folder.add("secret", story(40), withheld=True)
    first = folder.freeze()
    assert verify_release(first.path) == []
    for number in range(6, 16):
        folder.add(f"later-{number}", story(number))
    waiting = [number for number in range(6, 16) if later_split(f"later-{number}") != "train"]
    second = folder.freeze()
    assert second.release.held == len(waiting) > 0
    assert verify_release(second.path) == []
    folder.remove("page-00")
    third = folder.freeze(takedowns={"page-00": "asked for"}, major=True)
    assert third.release.version == "2.0.0"
    assert verify_release(third.path) == []
    folder.add("page-00", story(0))
    fourth = folder.freeze(about="Another card.")
    assert fourth.release.held == 1
    assert verify_release(fourth.path) == []


@pytest.mark.parametrize("with_tags", [True, False])
def test_silver_annotations_with_and_without_tags_are_sound(
    with_tags: bool, small_release: Path, tmp_path: Path
) -> None:
    """No build makes them yet; the columns allow them."""
    folder = copy_of(small_release, tmp_path)
    silver = ANNOTATION_STATES.index("silver")

    def change(rows: list[Row]) -> None:
        for row in rows:
            if row["doc_id"] == FERRY:
                row["annotation"] = silver
                if not with_tags and "ner_tags" in row:
                    row.update(ner_tags=None, quote_tags=None, quote_ids=None)

    for config in ("documents", "sentences"):
        edit_rows(shard_with(folder, config, FERRY), change)
    gold = "| – annotation gold | 2 | 0 | 1 | 3 |\n"
    fewer = "| – annotation silver | 1 | 0 | 0 | 1 |\n| – annotation gold | 1 | 0 | 1 | 2 |\n"
    edit_text(folder / "README.md", gold, fewer)
    fit(folder)
    assert verify_release(folder) == []


@pytest.mark.parametrize("name", ["no-such-folder", ".", "file"])
def test_what_is_no_release_at_all_is_wrong_usage(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UsageError, match=r"manifest\.json"):
        verify_release(tmp_path / name)


def test_a_release_is_read_and_not_touched(small_release: Path, tmp_path: Path) -> None:
    folder = copy_of(small_release, tmp_path)
    before = {p: p.stat().st_mtime_ns for p in [folder, *folder.rglob("*")]}
    for path in before:
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert verify_release(folder) == []
    assert {p: p.stat().st_mtime_ns for p in [folder, *folder.rglob("*")]} == before
    for path in before:
        path.chmod(0o755)


@pytest.mark.parametrize("config", CONFIGS)
def test_the_records_of_rows_have_the_columns_of_the_features(config: str) -> None:
    fields = [field.name for field in msgspec.structs.fields(ROWS[config])]
    assert sorted(fields) == sorted(config_features(config))
