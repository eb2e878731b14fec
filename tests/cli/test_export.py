"""khobor export and import: what goes out, what comes back, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

DOC = "char-ferry"


def test_an_edit_in_an_editor_comes_back_as_one_change(
    run: Run, corpus_folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    exported = run("export", DOC, "--to", "inline", "--out", out, "--corpus", corpus_folder)
    assert exported.exit_code == 0
    assert f"{out}/gold: 1 documents" in exported.stdout
    (file,) = [path for path in (out / "gold").iterdir() if path.name != "sidecar.jsonl"]
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(" LOC]", " GPE]", 1), encoding="utf-8")
    imported = run("import", "--from", "inline", out / "gold", "--corpus", corpus_folder)
    assert imported.exit_code == 0
    path = corpus_folder / "annotations" / "gold" / f"{DOC}.jsonl"
    assert f"{path}: 0 added, 1 changed, 0 removed" in imported.stdout
    again = run("import", "--from", "inline", out / "gold", "--corpus", corpus_folder)
    assert again.exit_code == 0


def test_what_a_format_cannot_hold_is_counted(
    run: Run, corpus_folder: Path, tmp_path: Path
) -> None:
    path = corpus_folder / "annotations" / "gold" / f"{DOC}.jsonl"
    first = '"surface":"চরমাদারিতে"'
    noted = path.read_text(encoding="utf-8").replace(first, f'{first},"note":"একটি চর"', 1)
    path.write_text(noted, encoding="utf-8")
    options = ["--out", tmp_path / "out", "--corpus", corpus_folder]
    result = run("export", "--to", "doccano", *options)
    assert result.exit_code == 0
    assert "what doccano cannot hold, kept in the sidecar: note 1" in result.stdout
    assert "left out: night-market: its text is not here (--pages)" in result.stderr


def test_whole_pages_go_out_with_their_blocks(
    run: Run, corpus_folder: Path, tmp_path: Path
) -> None:
    options = ["--out", tmp_path / "out", "--corpus", corpus_folder, "--whole-page"]
    result = run("export", "--to", "brat", *options)
    assert result.exit_code == 0
    assert "headline" in (tmp_path / "out" / "pages" / f"{DOC}.ann").read_text(encoding="utf-8")


def test_a_one_way_format_refuses_what_does_not_fit_unless_lossy(
    run: Run, corpus_folder: Path, tmp_path: Path
) -> None:
    options = ["--out", tmp_path / "out", "--corpus", corpus_folder]
    assert run("export", "--to", "conllu", *options, "--lossy").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["export", "--to", "word"], "no format 'word'"),
        (["export", "nowhere", "--to", "inline"], "no document nowhere"),
        (["export", "--to", "inline", "--annotator", "nobody"], "no annotator nobody"),
    ],
)
def test_wrong_names_are_wrong_usage(
    run: Run, corpus_folder: Path, tmp_path: Path, arguments: list[str], says: str
) -> None:
    result = run(*arguments, "--out", tmp_path / "out", "--corpus", corpus_folder)
    assert result.exit_code == 2
    assert says in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_not_there_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    result = run("import", "--from", "inline", tmp_path / "nowhere")
    assert result.exit_code == 2
