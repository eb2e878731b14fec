"""docs/checks.md names every check id that the code can emit, with its level, and no other."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from khobor.annotations.consistency import CHECKS
from khobor.jsonl import read_records
from khobor.records import KnownException

_ROW = re.compile(r"^\| `([a-z-]+)` \| (error|warning|note) \| .+ \| .+ \|$", re.MULTILINE)
_ID = re.compile(r"[a-z]+(-[a-z]+)*")
# Functions that make findings of one level out of an id that they are given.
_MAKERS = {"fault": "error", "_warning": "warning", "_stretch_warning": "warning"}


def _strings(nodes: list[ast.expr]) -> list[str | None]:
    return [
        node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
        for node in nodes
    ]


def _emitted(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Read (id, level) off the code: Finding(file, line, level, id, …), its makers, and pairs of
    (id, message) that are yielded, whose findings are errors."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            arguments = _strings(node.args)
            if node.func.id == "Finding" and arguments[3] is not None:
                yield arguments[3], str(arguments[2])
            elif node.func.id in _MAKERS:
                ids = [a for a in arguments[:2] if a is not None and _ID.fullmatch(a)]
                yield from ((found, _MAKERS[node.func.id]) for found in ids)
        elif isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            found = _strings(node.value.elts[:1])[0]
            if found is not None and len(node.value.elts) == 2:
                yield found, "error"


@pytest.fixture(scope="module")
def in_code(repository: Path) -> dict[str, str]:
    """Every id that the code can emit, with its level."""
    found: dict[str, str] = {}
    for path in sorted((repository / "khobor").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "Finding(" in source:
            for check, level in _emitted(ast.parse(source)):
                assert found.setdefault(check, level) == level, check
    return found


def _constants(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _faults(tree: ast.AST) -> Iterator[str]:
    """Read the ids of `khobor verify` off its code: faults.add(file, id, message), BrokenShard,
    and pairs of (id, message) that are yielded."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            if len(node.value.elts) == 2:
                yield from _constants(node.value.elts[0])
        elif isinstance(node, ast.Call) and len(node.args) == 3:
            name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
            if name in ("add", "BrokenShard"):
                yield from _constants(node.args[1])


def test_the_tables_of_verify_name_every_id_and_no_other(repository: Path, document: str) -> None:
    folder = repository / "khobor" / "release" / "verification"
    sources = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py"))]
    in_code = {found for source in sources for found in _faults(ast.parse(source))}
    assert len(in_code) > 45
    section = document.partition("## What `khobor verify` finds")[2]
    rows = re.findall(r"^\| `([a-z-]+)` \| .+ \|$", section, re.MULTILINE)
    assert len(rows) == len(set(rows)), "an id has two rows"
    assert set(rows) == in_code


@pytest.fixture(scope="module")
def document(repository: Path) -> str:
    """The page that explains them."""
    return (repository / "docs" / "checks.md").read_text(encoding="utf-8")


def test_the_table_names_every_id_and_no_other(in_code: dict[str, str], document: str) -> None:
    rows = _ROW.findall(document)
    assert len(rows) == len(dict(rows)), "an id has two rows"
    assert dict(rows) == in_code


def test_the_code_is_read_as_it_is(in_code: dict[str, str]) -> None:
    """Else an id could be overlooked: one of each way of emitting them."""
    assert len(in_code) > 35
    for check in ("hash", "surface", "overlap", "block-order", "withheld", "record", *CHECKS):
        assert check in in_code


def test_the_examples_of_exceptions_are_exceptions(document: str, tmp_path: Path) -> None:
    (example,) = re.findall(r"^```json\n(.*?)^```$", document, re.MULTILINE | re.DOTALL)
    path = tmp_path / "exceptions.jsonl"
    path.write_text(example, encoding="utf-8")
    exceptions = [exception for _, exception in read_records(path, KnownException)]
    assert len(exceptions) == 2
    assert {exception.check for exception in exceptions} <= set(CHECKS)
