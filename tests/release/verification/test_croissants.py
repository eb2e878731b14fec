"""Faults in croissant.json: columns, checksums and version that are not those of the release."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from khobor.release.features import CONFIGS, config_features
from khobor.release.verification.releases import verify_release
from tests.release.verification.fakes import (
    checks_of,
    copy_of,
    fit,
)


def _croissant(folder: Path) -> dict[str, Any]:
    manifest = msgspec.json.decode((folder / "manifest.json").read_bytes())
    return {
        "@type": "sc:Dataset",
        "version": "1.0.0",
        "distribution": [
            {"@id": file["path"], "contentUrl": file["path"], "sha256": file["sha256"]}
            for file in manifest["files"]
        ],
        "recordSet": [
            {
                "@id": config,
                "field": [{"@id": f"{config}/{column}"} for column in config_features(config)],
            }
            for config in CONFIGS
        ],
    }


CROISSANTS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a column is missing": (lambda c: c["recordSet"][0]["field"].pop(), "features"),
    "a column is new": (
        lambda c: c["recordSet"][0]["field"].append({"name": "documents/words"}),
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
    croissant = _croissant(folder)
    edit(croissant)
    (folder / "croissant.json").write_text(json.dumps(croissant), encoding="utf-8")
    assert checks_of(folder) == {check, "unlisted"}
    fit(folder)
    assert checks_of(folder) == {check}


def test_a_release_with_croissant_is_sound(small_release: Path, tmp_path: Path) -> None:
    folder = copy_of(small_release, tmp_path)
    (folder / "croissant.json").write_text(json.dumps(_croissant(folder)), encoding="utf-8")
    fit(folder)
    assert verify_release(folder) == []
