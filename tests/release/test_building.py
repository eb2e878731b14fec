"""A release built shard by shard has the bytes of the one written from memory."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from datasets import load_dataset

from khobor.corpus import ranges
from khobor.corpus.corpora import Corpus
from khobor.corpus.stored import store_corpus
from khobor.engines.choices import open_engine
from khobor.engines.interface import Engine
from khobor.errors import ReleaseError, UsageError
from khobor.manifests import Release
from khobor.paths import as_path
from khobor.release.building import Built, build_release
from khobor.release.checksums import CHECKSUMS
from khobor.release.contents import release_contents
from khobor.release.differences import compare
from khobor.release.facts import decode_facts, encode_facts, facts_of, merge_facts
from khobor.release.hydrations import hydrate_release
from khobor.release.overviews import overview_of
from khobor.release.verification.releases import verify_release
from khobor.release.writers import write_release
from tests.release.conftest import assemble_sources
from tests.rows import contents_of

VERSION = "1.0.0.dev0"


def _build(sources: Path, out: Path, engine: Engine | None = None, *, local: bool = False) -> Built:
    with open_engine() as here:
        engine = engine or here
        corpus = store_corpus(
            [sources / "corpus" / "pages", sources / "plain"],
            str(out / "work"),
            engine,
            annotations=sources / "corpus" / "annotations",
            supplied=[sources / "owned.txt"] if local else [],
        )
        return build_release(corpus, as_path(out / "out"), engine, name="sample")


@pytest.fixture(scope="module")
def cut(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's release with five documents a file, to be read only."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranges, "RANGE_DOCUMENTS", 5)
        return _build(sources, tmp_path_factory.mktemp("cut")).path


def test_it_is_the_release_from_memory(
    sources: Path, corpus: Corpus, release: Path, tmp_path: Path
) -> None:
    built = _build(sources, tmp_path)
    assert contents_of(built.path) == contents_of(release)
    assert built.path.name == f"sample-{VERSION}"
    assert built.overview.statistics == overview_of(corpus).statistics


def test_a_build_with_owned_pages_is_too(
    sources: Path, local_release: Path, tmp_path: Path
) -> None:
    built = _build(sources, tmp_path, local=True)
    assert contents_of(built.path) == contents_of(local_release)
    assert not built.release.publishable


@pytest.mark.parametrize("name", ["local", "dask"])
def test_two_processes_write_the_same_bytes(
    sources: Path, release: Path, tmp_path: Path, name: str
) -> None:
    with open_engine("dask" if name == "dask" else "local", workers=2) as engine:
        built = _build(sources, tmp_path, engine)
    assert contents_of(built.path) == contents_of(release)


def test_files_of_many_ranges_are_those_from_memory(
    sources: Path, cut: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranges, "RANGE_DOCUMENTS", 5)
    path, _ = write_release(assemble_sources(sources), tmp_path, name="sample", version=VERSION)
    assert contents_of(path) == contents_of(cut)


def test_files_of_many_ranges_load_and_verify(cut: Path, release: Path) -> None:
    names = {path.name for path in (cut / "data" / "documents").iterdir()}
    assert "train-00000-of-00005.parquet" in names
    assert verify_release(cut) == []
    for config in ("documents", "pages", "sentences", "quotes"):
        whole = load_dataset(str(release), config)
        assert {split: list(rows) for split, rows in load_dataset(str(cut), config).items()} == {
            split: list(rows) for split, rows in whole.items()
        }
        streamed = load_dataset(str(cut), config, streaming=True)
        assert list(streamed["train"]) == list(whole["train"])
    assert compare(release_contents(release), release_contents(cut)).is_empty


def test_a_range_without_quotes_leaves_no_gap(cut: Path) -> None:
    files = sorted(path.name for path in (cut / "data" / "quotes").glob("train-*"))
    count = len(files)
    assert files == [f"train-{at:05d}-of-{count:05d}.parquet" for at in range(count)]
    assert 0 < len(files) < len(list((cut / "data" / "documents").glob("train-*")))


def test_files_of_many_ranges_can_be_hydrated(
    sources: Path, cut: Path, local_release: Path, tmp_path: Path
) -> None:
    shutil.copytree(cut, tmp_path / cut.name)
    found = hydrate_release(tmp_path / cut.name, [sources / "owned.txt"], tmp_path / "out")
    assert compare(release_contents(local_release), release_contents(found.path)).is_empty


def test_facts_add_up_in_any_order(corpus: Corpus) -> None:
    entries = list(corpus.entries)
    parts = [facts_of(entries[place : place + 3]) for place in range(0, len(entries), 3)]
    assert merge_facts(parts) == merge_facts(parts[::-1]) == facts_of(entries)
    assert decode_facts(encode_facts(facts_of(entries))) == facts_of(entries)


def test_a_changed_annotation_writes_one_range_anew(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranges, "RANGE_DOCUMENTS", 5)
    shutil.copytree(sources, tmp_path / "sources", symlinks=True)
    _build(tmp_path / "sources", tmp_path)
    before = {path.name for path in (tmp_path / "work").rglob("*.part")}
    path = tmp_path / "sources" / "corpus" / "annotations" / "gold" / "char-ferry.jsonl"
    header, first, *others = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([header, *others]) + "\n", encoding="utf-8")
    built = _build(tmp_path / "sources", tmp_path)
    new = [path for path in (tmp_path / "work").rglob("*.part") if path.name not in before]
    kinds = sorted(path.parent.name for path in new)
    # A shard of pages, a range of files, where documents go; neither pairs nor splits.jsonl.
    assert kinds == ["annotations", "pages", "places", "release"]
    assert first
    assert verify_release(built.path) == []


def test_a_release_may_go_to_a_bucket(sources: Path, release: Path, tmp_path: Path) -> None:
    pytest.importorskip("upath")
    with open_engine() as engine:
        corpus = store_corpus(
            [sources / "corpus" / "pages", sources / "plain"],
            str(tmp_path / "work"),
            engine,
            annotations=sources / "corpus" / "annotations",
        )
        bucket = as_path(f"file://{tmp_path}/bucket/out")
        stale = tmp_path / "bucket" / "out" / f"sample-{VERSION}"
        shutil.copytree(release, stale)
        (stale / "stale.txt").write_bytes(b"of an earlier build")
        built = build_release(corpus, bucket, engine, name="sample")
    assert isinstance(built.release, Release)
    assert contents_of(stale) == contents_of(release)
    assert (stale / CHECKSUMS).is_file()


def test_nothing_is_written_over_what_is_no_development_build(
    sources: Path, tmp_path: Path
) -> None:
    target = tmp_path / "out" / f"sample-{VERSION}"
    target.mkdir(parents=True)
    (target / "mine.txt").write_bytes(b"mine")
    with pytest.raises(ReleaseError, match="no release of khobor"):
        _build(sources, tmp_path)
    assert [path.name for path in target.iterdir()] == ["mine.txt"]


def test_a_name_that_is_none_is_refused(sources: Path, tmp_path: Path) -> None:
    with open_engine() as engine:
        corpus = store_corpus([sources / "plain"], str(tmp_path / "work"), engine)
        with pytest.raises(UsageError, match="no name for a release"):
            build_release(corpus, tmp_path, engine, name="a/b")
