"""khobor show: a page of the corpus folder by its name, or any page by its file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.samples import FERRY, MARKET, payload_of, write_plain_pages


def test_a_page_of_the_corpus_is_shown_with_its_annotation(run: Run, corpus_folder: Path) -> None:
    result = run("show", "char-ferry", "--corpus", corpus_folder)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "char-ferry · দৈনিক মোহনা · BD · annotations of gold (complete)"
    assert lines[2:] == [f"{label:<12}{line}" for label, line in FERRY.lines]


def test_the_article_alone_has_no_furniture(run: Run, corpus_folder: Path) -> None:
    result = run("show", "char-ferry", "--corpus", corpus_folder, "--article")
    labels = [line.split()[0] for line in result.stdout.splitlines()[2:]]
    assert labels == ["headline", "byline", "dateline", "paragraph", "paragraph", "paragraph"]


def test_colour_is_for_terminals_unless_it_is_asked_for(run: Run, corpus_folder: Path) -> None:
    assert "\x1b[" not in run("show", "char-ferry", "--corpus", corpus_folder).stdout
    colored = run("show", "char-ferry", "--corpus", corpus_folder, "--color")
    assert "\x1b[" in colored.stdout


def test_the_current_folder_is_the_corpus_unless_another_is_named(
    run: Run, corpus_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(corpus_folder)
    assert run("show", "tram-depot").exit_code == 0


def test_any_page_is_shown_by_its_file(run: Run, tmp_path: Path) -> None:
    pages = write_plain_pages(tmp_path / "pages", 1)
    result = run("show", pages / "bridge-000.txt")
    assert result.exit_code == 0
    assert "headline    সেতুর 0 নম্বর খুঁটির কাজ শেষ" in result.stdout.splitlines()


def test_the_file_of_a_withheld_page_is_recognised_and_shown_with_its_annotation(
    run: Run, corpus_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_bytes(payload_of(MARKET))
    result = run("show", tmp_path / "mine.txt", "--corpus", corpus_folder)
    assert result.exit_code == 0
    assert "[নীলফামারী|র GPE]" in result.stdout


def test_a_page_that_is_not_here_is_wrong_usage_that_says_where_names_stand(
    run: Run, corpus_folder: Path
) -> None:
    result = run("show", "no-such-page", "--corpus", corpus_folder)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no-such-page" in result.stderr
    assert "catalogue.jsonl" in result.stderr


def test_of_a_withheld_page_is_said_how_it_is_shown(run: Run, corpus_folder: Path) -> None:
    for page in ("night-market", corpus_folder / "pages" / "night-market"):
        result = run("show", page, "--corpus", corpus_folder)
        assert (result.exit_code, result.stdout) == (2, "")
        assert "night-market: its text is withheld; give your file of the page" in result.stderr


def test_the_folder_of_a_page_is_its_name(
    run: Run, corpus_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(corpus_folder)
    named = run("show", "char-ferry")
    assert named.exit_code == 0
    for page in ("pages/char-ferry", "pages/char-ferry/"):
        result = run("show", page)
        assert (result.exit_code, result.stdout) == (0, named.stdout)


def test_a_page_of_furniture_alone_is_shown_with_its_blocks(run: Run, corpus_folder: Path) -> None:
    path = corpus_folder / "pages" / "char-ferry" / "blocks.jsonl"
    labels = re.sub(r'"label":"\w+"', '"label":"chrome"', path.read_text(encoding="utf-8"))
    path.write_text(labels, encoding="utf-8")
    result = run("show", "char-ferry", "--corpus", corpus_folder)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()[2:]
    assert [line.split()[0] for line in lines] == ["chrome"] * len(FERRY.lines)


def test_a_page_that_is_rejected_says_why(run: Run, tmp_path: Path) -> None:
    (tmp_path / "menu.txt").write_text("হোম\nখেলা\n", encoding="utf-8")
    result = run("show", tmp_path / "menu.txt")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "menu.txt: rejected, no-article" in result.stderr
