"""Writing a release: whole or not at all, never over what is not ours, nothing of the machine."""

from __future__ import annotations

import hashlib
import json
import socket
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest

from khobor.annotations.checks import Finding
from khobor.corpus.corpora import Corpus, assemble
from khobor.errors import KhoborError, ReleaseError, UsageError
from khobor.manifests import Release
from khobor.records import Annotation
from khobor.release.writers import write_release
from tests.rows import contents_of, read_rows
from tests.samples import FERRY, SAMPLES, page_of, write_plain_pages

VERSION = "1.0.0.dev0"


def _write(corpus: Corpus, out: Path, version: str = VERSION) -> Path:
    return write_release(corpus, out, name="sample", version=version)[0]


def _manifest(folder: Path) -> Release:
    return msgspec.json.decode((folder / "manifest.json").read_bytes(), type=Release)


def test_checksums_cover_every_file_and_hold(release: Path) -> None:
    lines = (release / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    actual = contents_of(release)
    del actual["SHA256SUMS"]
    assert sums == actual


def test_the_manifest_counts_what_is_there(release: Path, corpus: Corpus) -> None:
    manifest = _manifest(release)
    assert manifest.pages == manifest.documents + manifest.rejects
    assert manifest.documents == len(read_rows(release, "documents"))
    assert (manifest.withheld, manifest.misfits) == (1, len(corpus.misfits))
    assert manifest.publishable
    assert manifest.guidelines == ("1.0",)
    for file in manifest.files:
        path = release / file.path
        assert pq.read_metadata(path).num_rows == file.rows > 0
        assert path.stat().st_size == file.bytes
        assert hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256
    listed = {file.path for file in manifest.files}
    assert listed == {p.relative_to(release).as_posix() for p in release.rglob("*.parquet")}


def test_every_reject_and_misfit_stands_in_the_reports(release: Path, corpus: Corpus) -> None:
    def read(name: str) -> list[dict[str, object]]:
        lines = (release / "reports" / name).read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]

    assert [(r["source"], r["reason"]) for r in read("rejects.jsonl")] == [
        ("copy.txt", "duplicate"),
        ("empty.txt", "empty"),
        ("gone.txt", "unreadable"),
    ]
    assert [m["annotation_id"] for m in read("misfits.jsonl")] == ["e10", "e4"]
    assert len(corpus.misfits) == 2


def test_splits_name_every_document_once(release: Path, corpus: Corpus) -> None:
    lines = (release / "splits.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    ids = [row["doc_id"] for row in rows]
    assert ids == sorted(set(ids))
    assert set(ids) == {e.document.doc_id for e in corpus.entries} | {"night-market"}
    split_of = {row["doc_id"]: row["split"] for row in rows}
    for file in _manifest(release).files:
        for row in pq.read_table(release / file.path, columns=["doc_id"]).to_pylist():
            assert split_of[row["doc_id"]] == file.split
    assert split_of["night-market"] is None


# --- withheld texts --------------------------------------------------------------------------


def test_the_stand_off_of_a_withheld_text_holds_offsets_and_no_word(release: Path) -> None:
    lines = (release / "standoff" / "night-market.jsonl").read_text(encoding="utf-8")
    assert "surface" not in lines
    assert not any("\u0980" <= character <= "\u09ff" for character in lines)
    (market,) = [sample for sample in SAMPLES if sample.withheld]
    _, blocks, annotation = page_of(market)
    records = [json.loads(line) for line in lines.splitlines()]
    assert records[0]["text_sha256"] == annotation.text_sha256
    spans = [(r["start"], r["end"], r["label"]) for r in records if r["type"] == "block"]
    assert spans == [(block.start, block.end, block.label) for block in blocks]
    mentions = [(r["start"], r["end"]) for r in records if r["type"] == "mention"]
    assert mentions == [(mention.start, mention.end) for mention in annotation.mentions]
    assert sum(r["type"] == "quote" for r in records) == len(annotation.quotes)


def test_no_word_of_a_withheld_text_is_in_any_file_of_a_publishable_release(
    release: Path,
) -> None:
    (market,) = [sample for sample in SAMPLES if sample.withheld]
    for word in ("নীলফামারী", "জামাল হোসেন", "শীতের কাপড়"):
        assert word in page_of(market)[0]
        for path, content in _plain_contents(release):
            assert word not in content, path


def test_a_build_with_the_owners_page_says_that_it_is_not_publishable(
    local_release: Path,
) -> None:
    assert local_release.name.endswith("+local")
    assert not _manifest(local_release).publishable
    assert _manifest(local_release).withheld == 0
    assert "Do not publish" in (local_release / "README.md").read_text(encoding="utf-8")
    assert "night-market" in {row["doc_id"] for row in read_rows(local_release, "quotes")}


# --- nothing of this machine -----------------------------------------------------------------


def _plain_contents(release: Path) -> list[tuple[str, str]]:
    """Read every file of a release as text; parquet files as their rows and metadata."""
    contents = []
    for path in sorted(release.rglob("*")):
        if path.suffix == ".parquet":
            table = pq.read_table(path)
            text = f"{table.to_pylist()} {table.schema.metadata} {pq.read_metadata(path)}"
        elif path.is_file():
            text = path.read_text(encoding="utf-8")
        else:
            continue
        contents.append((path.relative_to(release).as_posix(), text))
    return contents


@pytest.mark.parametrize("which", ["release", "local_release"])
def test_no_file_knows_where_it_was_built(
    which: str, sources: Path, request: pytest.FixtureRequest
) -> None:
    release: Path = request.getfixturevalue(which)
    secrets = {
        *(str(sources), str(release.parent), str(Path.home()), str(Path.cwd())),
        socket.gethostname(),
        "owned.txt",
        "nowhere",
    }
    for path, content in _plain_contents(release):
        for secret in secrets - {"/", ""}:
            assert secret not in content, (path, secret)


# --- all or nothing --------------------------------------------------------------------------


def _with_annotation(corpus: Corpus, annotation: Annotation) -> Corpus:
    """Put another annotation on a document behind the checks' back."""
    entries = tuple(
        msgspec.structs.replace(entry, annotation=annotation)
        if entry.document.doc_id == annotation.doc_id
        else entry
        for entry in corpus.entries
    )
    return msgspec.structs.replace(corpus, entries=entries)


@pytest.fixture
def broken(corpus: Corpus) -> Corpus:
    """A corpus that fails in the middle of writing: a mention goes over two blocks."""
    annotation = page_of(FERRY)[2]
    crossing = msgspec.structs.replace(annotation.mentions[1], end=annotation.mentions[2].end)
    return _with_annotation(
        corpus, msgspec.structs.replace(annotation, mentions=(crossing,), quotes=())
    )


def test_a_failure_in_the_middle_leaves_nothing_behind(broken: Corpus, tmp_path: Path) -> None:
    with pytest.raises(KhoborError):
        _write(broken, tmp_path)
    assert list(tmp_path.rglob("*")) == []


def test_a_failure_in_the_middle_keeps_the_earlier_build(
    corpus: Corpus, broken: Corpus, tmp_path: Path
) -> None:
    before = contents_of(_write(corpus, tmp_path))
    with pytest.raises(KhoborError):
        _write(broken, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [f"sample-{VERSION}"]
    assert contents_of(tmp_path / f"sample-{VERSION}") == before


def test_what_an_interrupted_run_left_is_no_part_of_the_next(
    corpus: Corpus, release: Path, tmp_path: Path
) -> None:
    partial = tmp_path / f".sample-{VERSION}.partial" / "data"
    partial.mkdir(parents=True)
    (partial / "stale.parquet").write_bytes(b"stale")
    assert contents_of(_write(corpus, tmp_path)) == contents_of(release)
    assert [path.name for path in tmp_path.iterdir()] == [f"sample-{VERSION}"]


def test_errors_in_annotations_forbid_a_release(corpus: Corpus, tmp_path: Path) -> None:
    finding = Finding("annotations/gold/char-ferry.jsonl", 1, "error", "hash", "another text")
    faulty = msgspec.structs.replace(corpus, findings=(finding,))
    with pytest.raises(ReleaseError, match="nothing was written"):
        _write(faulty, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_warnings_do_not_forbid_a_release(corpus: Corpus, tmp_path: Path) -> None:
    finding = Finding("annotations/gold/char-ferry.jsonl", 7, "warning", "edge", "looks odd")
    path = _write(msgspec.structs.replace(corpus, findings=(finding,)), tmp_path)
    assert (path / "manifest.json").is_file()


# --- what stands there already ---------------------------------------------------------------


def test_a_development_build_is_replaced_as_a_whole(corpus: Corpus, tmp_path: Path) -> None:
    path = _write(corpus, tmp_path)
    before = contents_of(path)
    (path / "stale.txt").write_text("of an older build", encoding="utf-8")
    assert _write(corpus, tmp_path) == path
    assert contents_of(path) == before
    assert [path.name for path in tmp_path.iterdir()] == [f"sample-{VERSION}"]


def test_a_frozen_version_is_never_overwritten(corpus: Corpus, tmp_path: Path) -> None:
    path = _write(corpus, tmp_path, "1.0.0")
    before = contents_of(path)
    with pytest.raises(ReleaseError, match="frozen") as caught:
        _write(corpus, tmp_path, "1.0.0")
    assert caught.value.where == str(path)
    assert contents_of(tmp_path) == {f"sample-1.0.0/{name}": sum_ for name, sum_ in before.items()}


@pytest.mark.parametrize("content", [None, b"{}", b"{"])
def test_a_folder_of_somebody_else_is_never_overwritten(
    corpus: Corpus, tmp_path: Path, content: bytes | None
) -> None:
    foreign = tmp_path / f"sample-{VERSION}"
    foreign.mkdir()
    (foreign / "thesis.txt").write_text("three years of work", encoding="utf-8")
    if content is not None:
        (foreign / "manifest.json").write_bytes(content)
    before = contents_of(tmp_path)
    with pytest.raises(ReleaseError) as caught:
        _write(corpus, tmp_path)
    assert caught.value.where == str(foreign)
    assert caught.value.fix
    assert contents_of(tmp_path) == before


def test_a_file_in_the_place_of_the_release_stays(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / f"sample-{VERSION}").write_text("a file", encoding="utf-8")
    with pytest.raises(ReleaseError):
        _write(corpus, tmp_path)
    assert (tmp_path / f"sample-{VERSION}").read_text(encoding="utf-8") == "a file"


def test_an_out_that_cannot_be_written_is_wrong_usage(corpus: Corpus, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written") as caught:
        _write(corpus, tmp_path / "file" / "out")
    assert caught.value.fix
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "ক", "a" * 101, "a\n"])
def test_a_name_that_is_no_folder_name_is_wrong_usage(
    corpus: Corpus, tmp_path: Path, name: str
) -> None:
    with pytest.raises(UsageError):
        write_release(corpus, tmp_path, name=name, version=VERSION)
    assert list(tmp_path.iterdir()) == []


# --- without data ----------------------------------------------------------------------------


def test_a_release_of_rejects_alone_has_no_data_and_says_so(tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "empty.txt").write_bytes(b"")
    (pages / "menu.txt").write_text("হোম\nখেলা\n", encoding="utf-8")
    path = _write(assemble([pages]), tmp_path / "out")
    assert not (path / "data").exists()
    assert not _manifest(path).files
    card = (path / "README.md").read_text(encoding="utf-8")
    assert "nothing to load" in card
    assert "configs:" not in card
    assert len((path / "reports" / "rejects.jsonl").read_text().splitlines()) == 2


def test_a_split_or_configuration_without_rows_is_left_out(tmp_path: Path) -> None:
    """An empty parquet breaks loading."""
    path = _write(assemble([write_plain_pages(tmp_path / "plain", 1)]), tmp_path / "out")
    assert {file.relative_to(path / "data").as_posix() for file in path.rglob("*.parquet")} == {
        f"{config}/train-00000-of-00001.parquet" for config in ("documents", "pages", "sentences")
    }
    card = (path / "README.md").read_text(encoding="utf-8").split("---")[1]
    assert "quotes" not in [line.split()[-1] for line in card.splitlines() if "config_name" in line]
    assert "validation" not in card
