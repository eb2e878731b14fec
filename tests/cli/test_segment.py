"""khobor segment: one JSON line a page, and a sentence for each page that is none."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import msgspec

from khobor.arrays import decode_array
from khobor.records import Document
from tests.cli.conftest import Run
from tests.samples import write_plain_pages


def test_each_page_is_a_line_with_exact_offsets(run: Run, tmp_path: Path) -> None:
    pages = write_plain_pages(tmp_path / "pages", 3)
    result = run("segment", pages)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert [json.loads(line)["source"] for line in lines] == [
        f"bridge-{number:03}.txt" for number in range(3)
    ]
    for line in lines:
        document = msgspec.json.decode(line, type=Document, dec_hook=decode_array)
        raw = (pages / document.source).read_bytes().decode()
        assert document.text == raw
        assert {block.label for block in document.blocks} == {"headline", "paragraph"}
        starts, ends = document.tokens.starts.tolist(), document.tokens.ends.tolist()
        words = [document.text[start:end] for start, end in zip(starts, ends, strict=True)]
        assert words[:2] == ["সেতুর", document.text.split()[1]]
        assert words[-1] == "।"


def test_a_line_is_what_the_schema_says(run: Run, tmp_path: Path, repository: Path) -> None:
    result = run("segment", write_plain_pages(tmp_path / "pages", 1))
    schema = json.loads((repository / "schema" / "document.schema.json").read_bytes())
    jsonschema.validate(json.loads(result.stdout), schema)


def test_pages_of_a_corpus_folder_are_those_of_its_catalogue(run: Run, corpus_folder: Path) -> None:
    result = run("segment", corpus_folder / "pages")
    assert result.exit_code == 0
    documents = [json.loads(line) for line in result.stdout.splitlines()]
    assert [document["doc_id"] for document in documents] == [
        *("char-ferry", "haor-boat-school", "orange-garden", "potato-store", "tram-depot"),
    ]
    assert documents[0]["metadata"]["publisher"] == "দৈনিক মোহনা"


def test_rejected_pages_are_named_on_stderr_and_with_strict_are_findings(
    run: Run, tmp_path: Path
) -> None:
    pages = write_plain_pages(tmp_path / "pages", 1)
    (pages / "empty.txt").write_bytes(b"")
    (pages / "menu.html").write_text("<nav>হোম</nav>", encoding="utf-8")
    (pages / "gone.txt").symlink_to(pages / "nowhere.txt")
    result = run("segment", pages)
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 1
    named = [line.split(": ", 2)[:2] for line in result.stderr.splitlines()]
    assert named == [
        ["empty.txt", "rejected, empty"],
        ["gone.txt", "rejected, unreadable"],
        ["menu.html", "rejected, no-article"],
    ]
    strict = run("segment", pages, "--strict")
    assert (strict.exit_code, strict.stdout) == (1, result.stdout)
    assert run("segment", pages / "bridge-000.txt", "--strict").exit_code == 0


def test_a_path_that_is_not_there_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    result = run("segment", tmp_path / "nowhere.txt")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "nowhere.txt" in result.stderr
    assert run("segment").exit_code == 2


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    """khobor segment … | head -1: no traceback, and no exit code that a script would stop at."""
    pages = write_plain_pages(tmp_path / "pages", 60)
    script = "from khobor.cli.main import main; main()"
    command = [sys.executable, "-c", script, "segment", str(pages)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        complaints = process.stderr.read()
    assert (process.returncode, complaints) == (0, b"")


def test_a_folder_without_pages_is_a_finding(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    result = run("segment", tmp_path / "pages")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "pages: no page became a document; there is no page in it: expected" in result.stderr
