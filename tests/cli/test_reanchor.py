"""khobor reanchor: files in, files out, what was not carried on stdout, the verdict as exit code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from khobor.annotations.files import read_annotations
from khobor.capture.pages import text_sha256
from tests.cli.conftest import Run
from tests.samples import FERRY, MARKET, ORANGE, payload_of, write_corpus

DOC = "char-ferry"


@pytest.fixture
def folder(corpus_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus folder that is the current one."""
    monkeypatch.chdir(corpus_folder)
    return corpus_folder


def _page(folder: Path, doc: str = DOC) -> Path:
    return folder / "pages" / doc / "page.txt"


def _changed(folder: Path, old: str, new: str, *, doc: str = DOC) -> Path:
    """Write a changed page text beside the corpus folder."""
    text = _page(folder, doc).read_bytes().decode()
    assert old in text
    path = folder.parent / "new" / "page.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.replace(old, new).encode())
    return path


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_all_is_carried_over_a_change_elsewhere(run: Run, folder: Path) -> None:
    new = _changed(folder, "খুশি ক্রেতারা", "ক্রেতারা খুশি")
    result = run("reanchor", _page(folder), new, "--out", "out")
    assert (result.exit_code, result.stderr) == (0, "")
    made = folder / "out" / "gold" / f"{DOC}.jsonl"
    lines = result.stdout.splitlines()
    assert lines[0].startswith(f"out/gold/{DOC}.jsonl: carried 12, review 0, ambiguous 0, lost 0")
    assert lines[-1] == "carried 12, review 0, ambiguous 0, lost 0 of 12 items"
    (before,) = read_annotations(folder / "annotations" / "gold" / f"{DOC}.jsonl")
    (after,) = read_annotations(made)
    assert after.text_sha256 == text_sha256(new.read_bytes().decode())
    assert (after.mentions, after.quotes) == (before.mentions, before.quotes)
    assert after.progress == "complete"
    assert [path.name for path in made.parent.iterdir()] == [made.name]


def test_what_is_not_carried_is_listed_and_not_written(run: Run, folder: Path) -> None:
    new = _changed(folder, "রুবিনা আক্তার", "রুবিনা আখতার")
    result = run("reanchor", _page(folder), new, "--out", "out", "--report", "fates.jsonl")
    assert result.exit_code == 1
    listed = [line for line in result.stdout.splitlines() if " lost " in line]
    path = f"annotations/gold/{DOC}.jsonl"
    numbers = {
        line["id"]: number for number, line in enumerate(_lines(Path(path)), 1) if "id" in line
    }
    assert listed[0].startswith(f"{path}:{numbers['q1']}: lost q1 direct content [")
    assert "; cue [" in listed[0]
    assert "; speaker [" in listed[0]
    assert listed[1].startswith(f"{path}:{numbers['e8']}: lost e8 PER [")
    assert "'রুবিনা আক্তার'" in listed[1]
    assert listed[1].endswith("'রুবিনা আখতার'")
    (after,) = read_annotations(folder / "out" / "gold")
    text = new.read_bytes().decode()
    assert all(text[m.start : m.end] == m.surface for m in after.mentions)
    assert after.progress == "partial"
    fates = _lines(folder / "fates.jsonl")
    assert [fate["line"] for fate in fates] == sorted(numbers.values())
    counts = {name: sum(fate["fate"] == name for fate in fates) for name in ("carried", "lost")}
    # q2 points to the same mention.
    assert "lost 3" in result.stdout.splitlines()[-2]
    assert result.stdout.splitlines()[-1].startswith("next: put what is listed above into ")
    assert counts["lost"] == 3
    assert counts["carried"] == len(after.mentions) + len(after.quotes)


def test_every_annotator_of_the_old_text_is_carried_and_no_other(run: Run, folder: Path) -> None:
    gold = folder / "annotations" / "gold"
    (folder / "annotations" / "asha").mkdir()
    (folder / "annotations" / "asha" / f"{DOC}.jsonl").write_bytes(
        (gold / f"{DOC}.jsonl").read_bytes()
    )
    # One line a document, in no folder of an annotator: not an annotation.
    (folder / "annotations" / "exceptions.jsonl").write_text("{}\n", encoding="utf-8")
    new = _changed(folder, "খুশি ক্রেতারা", "ক্রেতারা খুশি")
    assert run("reanchor", _page(folder), new, "--out", "out").exit_code == 0
    made = sorted(str(path.relative_to(folder / "out")) for path in (folder / "out").rglob("*.*"))
    assert made == [f"asha/{DOC}.jsonl", f"gold/{DOC}.jsonl"]


def test_raw_pages_are_read_as_a_build_reads_them(run: Run, tmp_path: Path) -> None:
    """HTML is linearised, line ends of a text capture are read as newlines."""
    folder = write_corpus(tmp_path / "raw", (ORANGE, MARKET))
    html = tmp_path / "changed.html"
    html.write_bytes(payload_of(ORANGE).replace("সতর্ক প্রশাসন".encode(), "সজাগ প্রশাসন".encode()))
    gold = folder / "annotations" / "gold"
    arguments = ("--annotation", gold / "orange-garden.jsonl", "--out", tmp_path / "out")
    old = folder / "pages" / "orange-garden" / "raw.html"
    assert run("reanchor", old, html, *arguments).exit_code == 0
    market = tmp_path / "market.txt"
    market.write_bytes(payload_of(MARKET))
    new = tmp_path / "changed.txt"
    new.write_bytes(b"\r\n" + payload_of(MARKET).replace(b"\n", b"\r\n"))
    arguments = ("--annotation", gold / "night-market.jsonl", "--out", tmp_path / "out")
    result = run("reanchor", market, new, *arguments)
    (after,) = read_annotations(tmp_path / "out" / "gold" / "night-market.jsonl")
    assert after.text_sha256 == text_sha256("\n" + payload_of(MARKET).decode())
    assert result.exit_code == 0


def _wrong(run: Run, *arguments: object) -> str:
    result = run("reanchor", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert not Path("out").exists()
    return result.stderr


def test_wrong_usage_is_two_and_writes_nothing(run: Run, folder: Path) -> None:
    old, new = _page(folder), _changed(folder, "বিজ্ঞাপন", "বিজ্ঞপ্তি")
    gold = folder / "annotations" / "gold"
    assert "nowhere" in _wrong(run, "nowhere/page.txt", new, "--out", "out")
    assert "Missing option '--out'" in _wrong(run, old, new)
    assert "the same page text" in _wrong(run, old, old, "--out", "out")
    assert "no annotation below annotations/" in _wrong(run, new, old, "--out", "out")
    other = gold / "orange-garden.jsonl"
    assert f"{other}:1: it is for a text" in _wrong(
        run, old, new, "--out", "out", "--annotation", other
    )
    named = gold / f"{DOC}.jsonl"
    twice = ("--annotation", named, "--annotation", named)
    assert "would be written there too" in _wrong(run, old, new, "--out", "out", *twice)
    new.write_bytes(b"\xff\xfe\xfa")
    assert "is not UTF-8" in _wrong(run, old, new, "--out", "out")
    blank = folder / "blank.html"
    blank.write_bytes(b"<html></html>")
    assert "blank.html" in _wrong(run, old, blank, "--out", "out")


def test_a_place_that_nothing_can_be_written_to_is_refused_before_anything_is(
    run: Run, folder: Path
) -> None:
    old, new = _page(folder), _changed(folder, "খুশি ক্রেতারা", "ক্রেতারা খুশি")
    (folder / "file").write_bytes(b"")
    (folder / "reports").mkdir()
    (folder / "full" / "gold" / f"{DOC}.jsonl").mkdir(parents=True)
    for out in ("file", "file/out"):
        result = run("reanchor", old, new, "--out", out)
        assert (result.exit_code, result.stdout) == (2, "")
        assert f"{folder / 'file'}: is no folder; " in result.stderr
    result = run("reanchor", old, new, "--out", "full")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{DOC}.jsonl: is a folder; name a file" in result.stderr
    assert "reports: is a folder; name a file" in _wrong(
        run, old, new, "--out", "out", "--report", "reports"
    )
    assert "is no folder" in _wrong(run, old, new, "--out", "out", "--report", "file/fates.jsonl")


def test_of_two_unrelated_pages_no_diff_is_suggested(run: Run, folder: Path) -> None:
    result = run("reanchor", _page(folder), _page(folder, "tram-depot"), "--out", "out")
    assert result.exit_code == 1
    assert " lost " in result.stdout
    assert "a diff of the texts" not in result.stdout


def test_nobodys_work_is_written_over(run: Run, folder: Path) -> None:
    """Neither the annotation that is carried, nor what was added by hand to a carried one."""
    new = _changed(folder, "রুবিনা আক্তার", "রুবিনা আখতার")
    gold = folder / "annotations" / "gold" / f"{DOC}.jsonl"
    before = gold.read_bytes()
    result = run("reanchor", _page(folder), new, "--out", "annotations")
    assert (result.exit_code, gold.read_bytes()) == (2, before)
    assert "another annotation is there already" in result.stderr
    assert run("reanchor", _page(folder), new, "--out", "out").exit_code == 1
    made = folder / "out" / "gold" / f"{DOC}.jsonl"
    assert run("reanchor", _page(folder), new, "--out", "out").exit_code == 1
    mended = made.read_bytes().replace(b'"partial"', b'"complete"')
    made.write_bytes(mended)
    assert run("reanchor", _page(folder), new, "--out", "out").exit_code == 2
    assert made.read_bytes() == mended


def test_an_annotation_that_does_not_fit_the_old_text_is_one_finding(
    run: Run, folder: Path
) -> None:
    gold = folder / "annotations" / "gold" / f"{DOC}.jsonl"
    gold.write_bytes(gold.read_bytes().replace('"চরমাদারিতে"'.encode(), '"ঢাকাতে"'.encode()))
    result = run("reanchor", _page(folder), _changed(folder, "🙂", "🙃"), "--out", "out")
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"{DOC}.jsonl:2: e1: " in result.stderr
    assert not Path("out").exists()


def test_check_names_a_command_that_does_it(run: Run, folder: Path) -> None:
    """What the hash finding says to call can be called so."""
    new = _changed(folder, "খুশি ক্রেতারা", "ক্রেতারা খুশি")
    page = _page(folder)
    old = folder.parent / "old" / "page.txt"
    old.parent.mkdir()
    old.write_bytes(page.read_bytes())
    catalogue = folder / "pages" / "catalogue.jsonl"
    digests = [text_sha256(path.read_bytes().decode()) for path in (page, new)]
    page.write_bytes(new.read_bytes())
    for path in (catalogue, page.with_name("blocks.jsonl")):
        path.write_bytes(path.read_bytes().replace(*[digest.encode() for digest in digests]))
    (line,) = [line for line in run("check").stdout.splitlines() if " error hash " in line]
    assert "`khobor reanchor OLD NEW --out DIR`" in line
    assert run("reanchor", old, page, "--out", "out").exit_code == 0
    (folder / "out" / "gold" / f"{DOC}.jsonl").replace(
        folder / "annotations" / "gold" / f"{DOC}.jsonl"
    )
    assert FERRY.doc_id not in [
        line.split(":")[0] for line in run("check").stdout.splitlines() if " error " in line
    ]
    assert " error hash " not in run("check").stdout
