"""khobor add: the page joins, and the next step is said."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run
from tests.samples import write_plain_pages


def test_a_page_of_ones_own_joins_and_the_next_step_is_said(run: Run, tmp_path: Path) -> None:
    page = write_plain_pages(tmp_path / "pages", 1) / "bridge-000.txt"
    corpus = tmp_path / "corpus"
    (corpus / "annotations").mkdir(parents=True)
    (corpus / "annotations" / "GUIDELINE.md").write_text("# Guideline\n\nVersion 2.3\n")
    options = ["--corpus", corpus, "--doc-id", "bridge", "--publisher", "মেঘনা", "--country", "BD"]
    result = run("add", page, *options, "--url", "u", "--licence", "CC-BY-4.0")
    assert result.exit_code == 0
    assert "bridge joined: মেঘনা, BD" in result.stdout
    assert f"annotate in {corpus}/annotations/gold/bridge.jsonl" in result.stdout
    header = (corpus / "annotations" / "gold" / "bridge.jsonl").read_text(encoding="utf-8")
    assert '"guideline":"2.3","progress":"todo"' in header
    assert run("check", corpus).exit_code == 0
    assert run("show", "bridge", "--corpus", corpus).exit_code == 0


def test_what_is_missing_is_named_all_at_once(run: Run, tmp_path: Path) -> None:
    page = write_plain_pages(tmp_path / "pages", 1) / "bridge-000.txt"
    result = run("add", page, "--corpus", tmp_path / "corpus")
    assert result.exit_code == 2
    assert "--publisher, --country, --url, --licence" in result.stderr
    assert not (tmp_path / "corpus").exists()
