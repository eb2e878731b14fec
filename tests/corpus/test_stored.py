"""A corpus built shard by shard is the corpus in memory; what is done is not done again."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

from khobor.capture.crawls import Columns
from khobor.corpus import shards, spools, stored
from khobor.corpus.corpora import Corpus, Entry, assemble
from khobor.corpus.gathering import Placed, read_pieces, read_section
from khobor.corpus.plans import Plan
from khobor.corpus.scans import Scan
from khobor.corpus.shards import Shard
from khobor.corpus.sources import PageTask
from khobor.corpus.stored import StoredCorpus, read_range, store_corpus
from khobor.engines.choices import open_engine
from khobor.engines.interface import TRIES, Crashed, Tasks
from khobor.engines.local import InProcess
from khobor.errors import AnnotationError, KhoborError
from khobor.manifests import SplitRow
from khobor.records import Reject
from tests.corpus.conftest import EditLines
from tests.samples import MARKET, payload_of, write_plain_pages
from tests.stories import story

T = TypeVar("T")
R = TypeVar("R")


@pytest.fixture
def inputs(corpus_folder: Path, tmp_path: Path) -> Path:
    """A folder with a corpus folder, pages without a catalogue, and two crawls."""
    plain = write_plain_pages(tmp_path / "plain", 12)
    (plain / "copy.txt").write_bytes((plain / "bridge-000.txt").read_bytes())
    (plain / "empty.txt").write_bytes(b"")
    _write_crawl(plain / "crawl.jsonl", range(100, 108))
    _write_crawl(plain / "more" / "crawl.jsonl.gz", range(104, 112))
    assert corpus_folder.parent == tmp_path
    return tmp_path


def _write_crawl(path: Path, numbers: range) -> None:
    path.parent.mkdir(exist_ok=True)
    rows = [{"title": story(n)[0], "body": "\n\n".join(story(n)[1:])} for n in numbers]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()
    lines += b"{no json\n"
    path.write_bytes(gzip.compress(lines) if path.suffix == ".gz" else lines)


def _store(inputs: Path, work: Path | None = None, **options: Any) -> StoredCorpus:
    with open_engine() as engine:
        return _store_with(inputs, work or inputs / "work", engine, **options)


def _store_with(inputs: Path, work: Path, engine: Any, **options: Any) -> StoredCorpus:
    return store_corpus(
        [inputs / "corpus" / "pages", inputs / "plain"],
        str(work),
        engine,
        annotations=inputs / "corpus" / "annotations",
        **options,
    )


def _assemble(inputs: Path, **options: Any) -> Corpus:
    return assemble(
        [inputs / "corpus" / "pages", inputs / "plain"],
        annotations=inputs / "corpus" / "annotations",
        **options,
    )


def _entries(corpus: StoredCorpus) -> list[Entry]:
    sections = [each.section for each in corpus.gathered.ranges]
    entries = [e for s in sections for e in read_range(corpus.job, corpus.gathered.key, s)]
    return sorted(entries, key=lambda entry: entry.document.doc_id)


def _assert_same(corpus: StoredCorpus, whole: Corpus) -> None:
    work, gathered = corpus.job.work, corpus.gathered
    assert _entries(corpus) == list(whole.entries)
    lines = b"".join(read_pieces(work, gathered.key, gathered.reject_lines)).splitlines()
    assert [msgspec.json.decode(line, type=Reject) for line in lines] == list(whole.rejects)
    held = read_section(work, gathered.key, gathered.held_documents, Placed)
    assert [placed.row for placed in held] == list(whole.held)
    assert corpus.pages == whole.pages
    assert corpus.withheld == whole.withheld
    assert corpus.findings == whole.findings
    assert corpus.agreements == whole.agreements
    assert corpus.local == whole.local
    rows = read_section(work, gathered.key, gathered.places, SplitRow)
    placed_rows = [e.split for e in whole.entries] + [w.split for w in whole.withheld]
    placed_rows += [*whole.held, *whole.tombstones]
    assert rows == sorted(placed_rows, key=lambda row: row.doc_id)


def test_it_is_the_corpus_in_memory(inputs: Path) -> None:
    corpus = _store(inputs)
    _assert_same(corpus, _assemble(inputs))
    assert corpus.gathered.rejects == {"duplicate": 5, "empty": 1, "undecodable": 2}
    gathered = corpus.gathered
    assert corpus.pages == gathered.documents + gathered.held + sum(gathered.rejects.values())


def test_owned_pages_are_in_it_too(inputs: Path) -> None:
    owned = inputs / "owned.txt"
    owned.write_bytes(payload_of(MARKET))
    corpus = _store(inputs, supplied=[owned, inputs / "plain" / "empty.txt"])
    _assert_same(corpus, _assemble(inputs, supplied=[owned, inputs / "plain" / "empty.txt"]))
    assert corpus.local


def test_errors_of_annotations_are_the_same(inputs: Path, edit_lines: EditLines) -> None:
    gold = inputs / "corpus" / "annotations" / "gold"
    edit_lines(gold / "char-ferry.jsonl", lambda lines: lines[1].update(surface="অন্য"))
    shutil.copy(gold / "haor-boat-school.jsonl", gold / "nobody.jsonl")
    edit_lines(gold / "nobody.jsonl", lambda lines: lines[0].update(doc_id="nobody"))
    corpus = _store(inputs)
    _assert_same(corpus, _assemble(inputs))
    assert corpus.gathered.errors == 2


@pytest.mark.parametrize("size", [1, 3])
def test_shards_of_another_size_give_the_same_corpus(
    inputs: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr("khobor.corpus.plans._MOST_FILES", size)
    monkeypatch.setattr(spools, "SPOOL_PAGES", size)
    monkeypatch.setattr("khobor.corpus.scans._SPOOLS_AT_ONCE", 2)
    crawl = inputs / "plain" / "crawl.jsonl"
    lines = crawl.read_bytes().splitlines(keepends=True)
    # Blank lines, one too long to be read, and one that no line end closes.
    crawl.write_bytes(b"\n" + lines[0] + b" \n\n" + b"".join(lines[1:]) + b"\n\n{")
    monkeypatch.setattr("khobor.capture.tables.MAX_LINE_BYTES", max(map(len, lines)) - 1)
    corpus = _store(inputs)
    assert len(corpus.paged.shards) > 10
    _assert_same(corpus, _assemble(inputs))


def test_two_processes_leave_the_same_work(inputs: Path) -> None:
    one = _store(inputs, inputs / "one")
    with open_engine(workers=2) as engine:
        two = _store_with(inputs, inputs / "two", engine)
    assert _contents(inputs / "one") == _contents(inputs / "two")
    assert one.gathered == two.gathered


def _contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_plan_names_what_was_done(inputs: Path) -> None:
    corpus = _store(inputs)
    plan = msgspec.json.decode((inputs / "work" / "plan.json").read_bytes(), type=Plan)
    assert plan.shards == corpus.paged.shards
    parts = {path.stem for path in (inputs / "work" / "pages").glob("*.part")}
    assert parts == {shard.key for shard in plan.shards}
    assert sum(shard.pages for shard in plan.shards) == corpus.pages
    assert not list((inputs / "work" / "spools").glob("*"))


# --- what is done is not done again -----------------------------------------------------------


def test_nothing_is_run_twice(inputs: Path) -> None:
    first, again = _store(inputs), _store(inputs)
    assert first.paged.ran == len(first.paged.shards) > 2
    assert again.paged.ran == 0
    assert again.gathered == first.gathered


def test_a_touched_file_is_no_change(inputs: Path) -> None:
    _store(inputs)
    for path in (inputs / "plain").rglob("*"):
        path.touch()
    assert _store(inputs).paged.ran == 0


@pytest.mark.parametrize(
    "changed",
    ["annotations/gold/char-ferry.jsonl", "pages/char-ferry/blocks.jsonl"],
)
def test_one_changed_annotation_runs_one_shard(
    inputs: Path, monkeypatch: pytest.MonkeyPatch, changed: str
) -> None:
    monkeypatch.setattr("khobor.corpus.plans._MOST_FILES", 2)
    before = _store(inputs)
    path = inputs / "corpus" / changed
    path.write_bytes(path.read_bytes().replace(b"\n", b" \n", 1))
    if "annotations" in changed:
        lines = path.read_text().splitlines()
        path.write_text("\n".join([*lines[:1], *lines[2:]]) + "\n")
    corpus = _store(inputs)
    assert len(corpus.paged.shards) == len(before.paged.shards) > 5
    assert corpus.paged.ran == 1
    _assert_same(corpus, _assemble(inputs))


def test_one_more_page_runs_one_shard(inputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("khobor.corpus.plans.SHARD_FILES", 3)
    before = _store(inputs)
    (inputs / "plain" / "bridge-0005.txt").write_text("\n\n".join(story(77)))
    corpus = _store(inputs)
    assert len(before.paged.shards) > 5
    assert corpus.paged.ran in (1, 2)  # 2 where the new name itself ends a shard
    _assert_same(corpus, _assemble(inputs))


def test_other_code_runs_all(inputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = _store(inputs)
    monkeypatch.setattr(stored, "page_code", lambda: "another labeller")
    monkeypatch.setattr(shards, "page_code", lambda: "another labeller")
    again = _store(inputs)
    assert again.paged.ran == len(first.paged.shards)


def test_a_worker_with_other_code_is_refused(inputs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored, "page_code", lambda: "another labeller")
    with pytest.raises(KhoborError, match="another khobor"):
        _store(inputs)


@pytest.mark.parametrize("damage", [b"", b"cut off", None])
def test_a_part_that_is_not_whole_is_made_again(inputs: Path, damage: bytes | None) -> None:
    first = _store(inputs)
    path = inputs / "work" / "pages" / f"{first.paged.shards[0].key}.part"
    whole = path.read_bytes()
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    again = _store(inputs)
    assert again.paged.ran == 1
    assert path.read_bytes() == whole
    _assert_same(again, _assemble(inputs))


def test_what_a_kill_left_behind_is_swept_away(inputs: Path) -> None:
    _store(inputs)
    before = _contents(inputs / "work")
    for kind in ("pages", "places", "spools"):
        folder = inputs / "work" / kind
        (folder / ".0123.part.4567.tmp").write_bytes(b"half")
        (folder / "89ab.part").write_bytes(b"of another build")
    _store(inputs)
    assert _contents(inputs / "work") == before


def test_a_catalogued_page_that_is_another_one_ends_the_build(inputs: Path) -> None:
    path = inputs / "corpus" / "pages" / "char-ferry" / "page.txt"
    path.write_text(path.read_text() + "আরও")
    with pytest.raises(AnnotationError, match=r"restore page\.txt"):
        _store(inputs)


def test_other_columns_are_another_corpus(inputs: Path) -> None:
    first = _store(inputs)
    other = _store(inputs, columns=Columns(text=("title",)))
    assert other.gathered.documents < first.gathered.documents


# --- pages that kill their process ------------------------------------------------------------


class _Fragile(InProcess):
    """An engine whose process dies where a task reads one of these pages, or scans such a file."""

    def __init__(self, *killers: str) -> None:
        self.killers = killers

    def run(self, function: Callable[[T], R], tasks: Tasks[T]) -> Iterator[tuple[T, R | Crashed]]:
        while (drawn := tasks.draw()) is not None:
            yield drawn[0], Crashed(TRIES) if self._kills(drawn[0]) else function(drawn[0])

    def _kills(self, task: object) -> bool:
        unit = getattr(task, "unit", task)
        if isinstance(unit, Scan):
            return unit.source in self.killers
        if not isinstance(unit, Shard):
            return False
        items = shards.shard_items(unit)
        first, last = unit.only or (0, len(items))
        return any(
            place not in unit.crashed and first <= place < last
            for place, item in enumerate(items)
            if isinstance(item, PageTask) and item.source in self.killers
        )


@pytest.mark.parametrize("killer", ["bridge-004.txt", "crawl.jsonl#3", "more/crawl.jsonl.gz#1"])
def test_a_page_that_kills_its_process_is_a_reject_and_costs_no_other(
    inputs: Path, killer: str
) -> None:
    corpus = _store_with(inputs, inputs / "work", _Fragile(killer, "crawl.jsonl#5"))
    gathered = corpus.gathered
    lines = b"".join(read_pieces(corpus.job.work, gathered.key, gathered.reject_lines)).splitlines()
    rejects = [msgspec.json.decode(line, type=Reject) for line in lines]
    assert {r.source for r in rejects if r.reason == "crashed"} == {killer, "crawl.jsonl#5"}
    assert corpus.crashed == 2
    whole = _assemble(inputs)
    lost = len(whole.entries) + len(whole.held) - gathered.documents - gathered.held
    assert lost <= 2  # a copy of it may stand in its place
    assert corpus.pages == whole.pages
    again = _store_with(inputs, inputs / "work", _Fragile(killer))
    assert (again.paged.ran, again.crashed) == (0, 2)


def test_a_crawl_file_that_kills_its_process_is_one_reject(inputs: Path) -> None:
    corpus = _store_with(inputs, inputs / "work", _Fragile("crawl.jsonl"))
    assert corpus.crashed == 1
    assert corpus.gathered.documents > 20
