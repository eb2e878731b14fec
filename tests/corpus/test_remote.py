"""A bucket works as a folder does: inputs and work folder on fsspec's memory and local systems."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from khobor.corpus.corpora import Entry, assemble
from khobor.corpus.gathering import read_pieces
from khobor.corpus.sources import take_in
from khobor.corpus.stored import StoredCorpus, read_range, store_corpus
from khobor.engines.choices import open_engine
from khobor.errors import UsageError
from khobor.paths import as_path, is_remote, list_files, write_file
from khobor.records import Reject
from tests.samples import write_plain_pages

pytest.importorskip("upath")


@pytest.fixture(params=["memory", "file"])
def bucket(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty bucket."""
    import fsspec

    if request.param == "file":
        yield f"file://{tmp_path}/bucket"
        return
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    memory.pseudo_dirs[:] = [""]
    yield "memory://bucket"
    memory.store.clear()


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Pages of this machine, some of which become no document."""
    folder = write_plain_pages(tmp_path / "plain", 8)
    (folder / "copy.txt").write_bytes((folder / "bridge-000.txt").read_bytes())
    (folder / "empty.txt").write_bytes(b"")
    (folder / "below").mkdir()
    (folder / "below" / "page.txt").write_bytes((folder / "bridge-001.txt").read_bytes())
    (folder / ".hidden.txt").write_bytes(b"hidden")
    crawl = "\n".join(
        msgspec.json.encode({"title": f.stem, "text": f.read_text()}).decode()
        for f in sorted(folder.glob("bridge-*.txt"))
    )
    (folder / "crawl.jsonl").write_text(crawl)
    return folder


def _upload(folder: Path, address: str) -> Path:
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        write_file(as_path(f"{address}/{path.relative_to(folder).as_posix()}"), path.read_bytes())
    return as_path(address)


def _store(paths: list[Path], work: str) -> StoredCorpus:
    with open_engine() as engine:
        return store_corpus(paths, work, engine)


def _found(corpus: StoredCorpus) -> tuple[list[Entry], list[Reject]]:
    gathered = corpus.gathered
    entries = [
        entry
        for each in gathered.ranges
        for entry in read_range(corpus.job, gathered.key, each.section)
    ]
    lines = b"".join(read_pieces(corpus.job.work, gathered.key, gathered.reject_lines)).splitlines()
    return entries, [msgspec.json.decode(line, type=Reject) for line in lines]


def test_pages_of_a_bucket_are_those_of_a_folder(pages: Path, bucket: str, tmp_path: Path) -> None:
    remote = _upload(pages, f"{bucket}/plain")
    here = _found(_store([pages], str(tmp_path / "one")))
    assert _found(_store([remote], str(tmp_path / "two"))) == here
    assert [reject.reason for reject in here[1]].count("duplicate") == 2


def test_a_work_folder_may_lie_in_a_bucket(pages: Path, bucket: str, tmp_path: Path) -> None:
    work = f"{bucket}/work"
    first = _store([pages], work)
    assert _found(first) == _found(_store([pages], str(tmp_path / "work")))
    again = _store([pages], work)
    assert (again.paged.ran, again.gathered) == (0, first.gathered)


def test_a_damaged_part_in_a_bucket_is_made_again(pages: Path, bucket: str) -> None:
    work = f"{bucket}/work"
    first = _store([pages], work)
    part = as_path(work) / "pages" / f"{first.paged.shards[0].key}.part"
    part.write_bytes(b"cut off")
    (as_path(work) / "pages" / "0123.part").write_bytes(b"of another build")
    again = _store([pages], work)
    assert again.paged.ran == 1
    assert _found(again) == _found(first)
    assert not (as_path(work) / "pages" / "0123.part").exists()


def test_files_are_listed_by_name_everywhere(pages: Path, bucket: str) -> None:
    for name in ("a-b.txt", "a/c.txt", "a.txt"):
        (pages / name).parent.mkdir(exist_ok=True)
        (pages / name).write_bytes(b"text")
    names = [name for name, _ in list_files(pages)]
    assert names == sorted(names)
    assert ".hidden.txt" not in names
    assert [name for name, _ in list_files(_upload(pages, bucket))] == names


def test_what_is_not_there_is_said(bucket: str) -> None:
    with pytest.raises(UsageError, match="no such file or folder"):
        take_in([as_path(f"{bucket}/nowhere")])
    with pytest.raises(UsageError, match="cannot be reached"):
        as_path("nosuchprotocol://bucket/pages")


def test_a_path_of_this_machine_is_a_plain_path() -> None:
    assert type(as_path("pages")) is type(Path())
    assert not is_remote(as_path("pages"))


def test_memory_is_as_assembled(pages: Path, bucket: str) -> None:
    corpus = assemble([_upload(pages, f"{bucket}/plain")])
    assert len(corpus.entries) + len(corpus.held) == len(assemble([pages]).entries)
