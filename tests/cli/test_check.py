"""khobor check: findings on stdout, their count on stderr, the verdict as exit code."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_a_sound_folder_is_zero(run: Run, corpus_folder: Path) -> None:
    result = run("check", corpus_folder)
    assert (result.exit_code, result.stderr) == (0, "0 errors, 0 warnings\n")
    assert "note withheld" in result.stdout


def test_a_finding_is_one_line_that_an_editor_can_follow(run: Run, corpus_folder: Path) -> None:
    path = corpus_folder / "annotations" / "gold" / "char-ferry.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"e3"', b'"e2"', 1))
    result = run("check", corpus_folder)
    assert result.exit_code == 1
    assert result.stderr == "1 errors, 0 warnings\n"
    (line,) = [line for line in result.stdout.splitlines() if ": error " in line]
    assert re.match(rf"{re.escape(str(path))}:\d+: error duplicate-id ", line)


def test_the_current_folder_is_checked_unless_another_is_named(
    run: Run, corpus_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(corpus_folder)
    result = run("check")
    assert result.exit_code == 0
    assert result.stdout.startswith("pages/catalogue.jsonl:3: note ")


def test_a_folder_that_is_no_corpus_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        result = run("check", folder)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "catalogue.jsonl" in result.stderr
        assert "pages/ and annotations/" in result.stderr


def test_the_decisions_of_an_adjudication_are_checked_too(run: Run, corpus_folder: Path) -> None:
    decisions = corpus_folder / "annotations" / "gold" / "decisions"
    decisions.mkdir()
    text = (corpus_folder / "pages" / "char-ferry" / "page.txt").read_bytes()
    header = {"type": "adjudication", "doc_id": "char-ferry", "first": "a1", "second": "a2"}
    sound = header | {"text_sha256": hashlib.sha256(text).hexdigest()}
    (decisions / "char-ferry.jsonl").write_text(json.dumps(sound) + "\n", encoding="utf-8")
    assert run("check", corpus_folder).exit_code == 0
    faults = {
        "broken": (json.dumps(sound) + '\n{"type":"diff\n', ":2: error record not a valid record"),
        "other": (json.dumps(sound | {"text_sha256": "0" * 64}), ":1: error hash the decisions"),
        "gone": (json.dumps(sound | {"doc_id": "gone"}), ":1: error unknown-document no page gone"),
    }
    for name, (content, _) in faults.items():
        (decisions / f"{name}.jsonl").write_text(content, encoding="utf-8")
    result = run("check", corpus_folder)
    assert result.exit_code == 1
    for name, (_, said) in faults.items():
        (line,) = [line for line in result.stdout.splitlines() if f"decisions/{name}" in line]
        assert line.startswith(f"{decisions / name}.jsonl{said}")


def test_a_new_corpus_without_annotations_is_sound(run: Run, corpus_folder: Path) -> None:
    shutil.rmtree(corpus_folder / "annotations" / "gold")
    (corpus_folder / "annotations" / "asha").mkdir()
    (corpus_folder / "annotations" / "GUIDELINE.md").write_text("# Guideline\n", encoding="utf-8")
    assert run("check", corpus_folder).exit_code == 0
    assert run("stats", corpus_folder).exit_code == 0
