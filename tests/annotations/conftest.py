"""Fixtures of the annotation tests: a sound annotation, and its file's lines to spoil."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from khobor.annotations.files import write_annotation
from khobor.records import Annotation, Block
from tests.samples import FERRY, page_of

Lines = list[dict[str, Any]]
WriteLines = Callable[[Lines], Path]


@pytest.fixture(scope="session")
def ferry() -> tuple[str, tuple[Block, ...], Annotation]:
    """The page text of a sample, its blocks, and a sound annotation of it."""
    return page_of(FERRY)


@pytest.fixture
def lines(ferry: tuple[str, tuple[Block, ...], Annotation], tmp_path: Path) -> Lines:
    """The lines of that annotation's file: plain dictionaries, to be changed."""
    path = tmp_path / "sound.jsonl"
    write_annotation(path, ferry[2])
    return [json.loads(line) for line in path.read_bytes().splitlines()]


@pytest.fixture
def write_lines(tmp_path: Path) -> WriteLines:
    """Write lines as an annotation file."""

    def write(lines: Lines) -> Path:
        path = tmp_path / "char-ferry.jsonl"
        path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        return path

    return write
