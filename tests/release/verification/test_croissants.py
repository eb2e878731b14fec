"""Faults in croissant.json: columns, checksums and version that are not those of the release."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.release.verification.fakes import (
    checks_of,
    copy_of,
    fit,
)


def _fields(croissant: dict[str, Any], config: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = next(
        records["field"] for records in croissant["recordSet"] if records["@id"] == config
    )
    return found


CROISSANTS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a column is missing": (lambda c: _fields(c, "pages").pop(), "features"),
    "a column is new": (
        lambda c: _fields(c, "documents").append({"name": "documents/words"}),
        "features",
    ),
    "a file has another checksum": (
        lambda c: c["distribution"][0].update(sha256="0" * 64),
        "checksum",
    ),
    "a file is not there": (
        lambda c: c["distribution"][0].update(contentUrl="data/gone.parquet"),
        "croissant",
    ),
    "another version": (lambda c: c.update(version="3.0.0"), "version"),
    "no version": (lambda c: c.pop("version"), "version"),
}


@pytest.mark.parametrize("name", CROISSANTS)
def test_a_fault_of_croissant_is_found(name: str, small_release: Path, tmp_path: Path) -> None:
    edit, check = CROISSANTS[name]
    folder = copy_of(small_release, tmp_path)
    path = folder / "croissant.json"
    croissant = json.loads(path.read_bytes())
    edit(croissant)
    path.write_text(json.dumps(croissant), encoding="utf-8")
    assert checks_of(folder) == {check, "checksum"}
    fit(folder)
    assert checks_of(folder) == {check}
