"""Fixtures of the command tests: a corpus folder to spoil, and a way to run a command."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from khobor.cli.main import main
from tests.samples import write_corpus

Run = Callable[..., Result]


@pytest.fixture
def corpus_folder(tmp_path: Path) -> Path:
    """A corpus folder of its own for each test."""
    return write_corpus(tmp_path / "corpus")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run `khobor …` in an empty folder; an exception that is not an exit fails the test."""
    empty = tmp_path / "here"
    empty.mkdir()
    monkeypatch.chdir(empty)

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)

    return run
