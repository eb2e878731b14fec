"""Fixtures of the corpus tests: a sound corpus folder to read or to spoil."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.samples import write_corpus

EditLines = Callable[[Path, Callable[[list[dict[str, Any]]], object]], None]


@pytest.fixture
def corpus_folder(tmp_path: Path) -> Path:
    """A corpus folder of its own for each test."""
    return write_corpus(tmp_path / "corpus")


@pytest.fixture
def edit_lines() -> EditLines:
    """Change the lines of a JSON Lines file in place."""

    def edit(path: Path, change: Callable[[list[dict[str, Any]]], object]) -> None:
        lines = [json.loads(line) for line in path.read_bytes().splitlines()]
        change(lines)
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")

    return edit
