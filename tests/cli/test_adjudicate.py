"""khobor agree and adjudicate over a corpus folder: figures, decisions, gold."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run

Lines = list[dict[str, Any]]
DOC = "char-ferry"


def edit(path: Path, change: Callable[[Lines], object]) -> None:
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    change(lines)
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def corpus(corpus_folder: Path) -> Path:
    """Two annotators of two documents, who differ in one label and in one cue of one."""
    annotations = corpus_folder / "annotations"
    for name in ("a1", "a2"):
        (annotations / name).mkdir()
        for doc in (DOC, "orange-garden"):
            source = (annotations / "gold" / f"{doc}.jsonl").read_text(encoding="utf-8")
            changed = source.replace('"annotator":"gold"', f'"annotator":"{name}"')
            (annotations / name / f"{doc}.jsonl").write_text(changed, encoding="utf-8")
    for doc in (DOC, "orange-garden"):
        (annotations / "gold" / f"{doc}.jsonl").unlink()

    def differ(lines: Lines) -> None:
        next(line for line in lines if line.get("label") == "LOC")["label"] = "GPE"
        next(line for line in lines if line["type"] == "quote").pop("cue")

    edit(annotations / "a2" / f"{DOC}.jsonl", differ)
    return corpus_folder


def test_figures_of_two_annotators(run: Run, corpus: Path) -> None:
    result = run("agree", "a1", "a2", "--corpus", corpus)
    assert result.exit_code == 0
    assert result.stdout.startswith("a1 and a2: 2 documents, ")
    assert "LOC              1       0       0" in result.stdout
    figures = json.loads(run("agree", "a1", "a2", "--corpus", corpus, "--json").stdout)
    assert figures["quote_detection"] == {"matched": 4, "missed": 0, "spurious": 0}
    assert figures["quote_strict"]["matched"] == 3
    assert figures["quote_cue"] == 0.75


def test_figures_are_the_same_whoever_goes_first(run: Run, corpus: Path) -> None:
    one = json.loads(run("agree", "a1", "a2", "--corpus", corpus, "--json").stdout)
    other = json.loads(run("agree", "a2", "a1", "--corpus", corpus, "--json").stdout)
    for name in ("token_kappa", "quote_strict_f1", "quote_content_f1", "quote_kind_kappa"):
        assert one[name] == other[name]


def test_documents_that_one_alone_has_are_named(run: Run, corpus: Path) -> None:
    (corpus / "annotations" / "a2" / "orange-garden.jsonl").unlink()
    result = run("agree", "a1", "a2", "--corpus", corpus)
    assert "left out: orange-garden: a2 has not annotated it" in result.stderr
    (corpus / "annotations" / "a2" / f"{DOC}.jsonl").unlink()
    result = run("agree", "a1", "a2", "--corpus", corpus)
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize("command", ["agree", "adjudicate"])
def test_one_annotator_is_not_compared_with_itself(run: Run, corpus: Path, command: str) -> None:
    result = run(command, "a1", "a1", "--corpus", corpus)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "named twice" in result.stderr


def test_an_annotator_who_is_not_here_is_wrong_usage(run: Run, corpus: Path) -> None:
    result = run("agree", "a1", "nobody", "--corpus", corpus)
    assert result.exit_code == 2
    assert "nobody" in result.stderr


def test_an_annotation_that_breaks_a_rule_is_not_compared(run: Run, corpus: Path) -> None:
    edit(
        corpus / "annotations" / "a2" / f"{DOC}.jsonl",
        lambda lines: lines[1].update(start=10_000_000, end=10_000_001, name_end=10_000_001),
    )
    result = run("agree", "a1", "a2", "--corpus", corpus)
    assert result.exit_code == 1
    assert f"{DOC}.jsonl:2: span-range" in result.stderr


def test_adjudication_from_differences_to_gold(run: Run, corpus: Path) -> None:
    gold = corpus / "annotations" / "gold"
    decisions = gold / "decisions" / f"{DOC}.jsonl"
    first = run("adjudicate", "a1", "a2", "--corpus", corpus)
    assert first.exit_code == 1
    assert f"{DOC}: 2 of 2 open in {decisions}" in first.stdout
    assert (gold / "orange-garden.jsonl").is_file()  # nothing to decide
    assert not (gold / f"{DOC}.jsonl").exists()

    def decide(lines: Lines) -> None:
        lines[1].update(take="a1", reason="নদী LOC")
        lines[2].update(take="a2", reason="test")

    edit(decisions, decide)
    second = run("adjudicate", "a1", "a2", "--corpus", corpus)
    assert second.exit_code == 0
    assert second.stdout.endswith("2 documents, 2 differences, 0 open; gold is written\n")
    made = (gold / f"{DOC}.jsonl").read_text(encoding="utf-8")
    assert '"annotator":"gold"' in made
    assert '"note":"a1: নদী LOC"' in made
    assert run("check", corpus).exit_code == 0
    before = made, decisions.read_bytes()
    assert run("adjudicate", "a1", "a2", "--corpus", corpus).exit_code == 0
    assert before == ((gold / f"{DOC}.jsonl").read_text(encoding="utf-8"), decisions.read_bytes())


def test_gold_that_says_something_else_is_not_written_over_in_passing(
    run: Run, corpus: Path
) -> None:
    gold = corpus / "annotations" / "gold" / "orange-garden.jsonl"
    run("adjudicate", "a1", "a2", "--corpus", corpus)
    edit(gold, lambda lines: lines.pop(1))
    edited = gold.read_bytes()
    result = run("adjudicate", "a1", "a2", "--corpus", corpus)
    assert result.exit_code == 1
    assert "--replace" in result.stderr
    assert gold.read_bytes() == edited
    run("adjudicate", "a1", "a2", "--corpus", corpus, "--replace")
    assert gold.read_bytes() != edited


def test_a_wrong_decision_is_named_with_file_and_line(run: Run, corpus: Path) -> None:
    run("adjudicate", "a1", "a2", "--corpus", corpus)
    decisions = corpus / "annotations" / "gold" / "decisions" / f"{DOC}.jsonl"
    edit(decisions, lambda lines: lines[2].update(take="a1"))
    result = run("adjudicate", "a1", "a2", "--corpus", corpus)
    assert result.exit_code == 1
    assert f"{decisions}:3: d2: the decision has no reason" in result.stderr


def test_decisions_between_others_are_not_reused(run: Run, corpus: Path) -> None:
    run("adjudicate", "a1", "a2", "--corpus", corpus)
    result = run("adjudicate", "a2", "a1", "--corpus", corpus)
    assert result.exit_code == 1
    assert "holds decisions between a1 and a2" in result.stderr


def test_a_path_below_annotations_is_the_name_of_its_folder(
    run: Run, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decisions are kept under names: they stay the same whichever way an annotator is given."""
    monkeypatch.chdir(corpus)
    named = run("adjudicate", "a1", "a2")
    decisions = corpus / "annotations" / "gold" / "decisions" / f"{DOC}.jsonl"
    before = decisions.read_bytes()
    again = run("adjudicate", "annotations/a1/", corpus / "annotations" / "a2")
    assert (again.exit_code, again.stdout) == (named.exit_code, named.stdout)
    assert decisions.read_bytes() == before
    agreed = run("agree", "annotations/a1", "annotations/a2").stdout
    assert agreed == run("agree", "a1", "a2").stdout
    (corpus / "annotations" / "a2" / "orange-garden.jsonl").unlink()
    left_out = run("agree", "annotations/a1", "annotations/a2").stderr
    assert left_out == "left out: orange-garden: a2 has not annotated it\n"


def test_annotations_from_elsewhere_are_named_as_their_folder(run: Run, corpus: Path) -> None:
    elsewhere = corpus.parent / "sent" / "a-long-name"
    elsewhere.parent.mkdir()
    (corpus / "annotations" / "a2").rename(elsewhere)
    result = run("agree", "a1", elsewhere, "--corpus", corpus)
    assert result.exit_code == 0
    assert result.stdout.startswith("a1 and a-long-name: 2 documents, ")
    assert result.stdout.count("      a1 a-long…    both") == 2
    twin = corpus.parent / "sent" / "a1"
    elsewhere.rename(twin)
    both = run("agree", "a1", twin, "--corpus", corpus)
    assert both.stdout.startswith(f"a1 and {twin}: ")
