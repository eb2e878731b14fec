"""Faults in manifest.json: files, versions and counts that are not those of the folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.release.verification.fakes import (
    Plant,
    assert_found,
    checks_of,
    copy_of,
    edit_manifest,
    fit_sums,
)


def _set(**changes: Any) -> Plant:
    return lambda folder: edit_manifest(folder, lambda manifest: manifest.update(changes))


def _count_up(name: str) -> Plant:
    def change(manifest: dict[str, Any]) -> None:
        manifest[name] += 1

    return lambda folder: edit_manifest(folder, change)


def _in_file(**changes: Any) -> Plant:
    return lambda folder: edit_manifest(
        folder, lambda manifest: manifest["files"][0].update(changes)
    )


MANIFESTS: dict[str, tuple[Plant, set[str]]] = {
    **{
        f"the manifest counts another number of {name}": (
            _count_up(name),
            {"count"} if name == "held" else {"count", "card-figures"},
        )
        for name in ("pages", "documents", "withheld", "held", "rejects", "misfits")
    },
    "the version is none": (_set(version="next"), {"version"}),
    "the version is another": (_set(version="2.0.0.dev0"), {"version"}),
    "a provisional build says that it is frozen": (_set(version="1.0.0"), {"version", "split"}),
    "it says that it must not be published": (_set(publishable=False), {"publishable"}),
    "it says that it is a local build": (
        _set(version="1.0.0.dev0+local"),
        {"version", "publishable"},
    ),
    "another guideline": (_set(guidelines=["9.9"]), {"guideline"}),
    "a file is said to be of another split": (_in_file(split="test"), {"shard-name"}),
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_fault_of_the_manifest_is_found(name: str, small_release: Path, tmp_path: Path) -> None:
    assert_found(small_release, tmp_path, *MANIFESTS[name])


def test_a_file_that_lies_out_of_the_folder_is_not_opened(
    small_release: Path, tmp_path: Path
) -> None:
    folder = copy_of(small_release, tmp_path)
    _in_file(path="../elsewhere.parquet")(folder)
    fit_sums(folder)
    (tmp_path / "elsewhere.parquet").symlink_to("/dev/full")  # reading it would never end
    assert {"shard-name", "stray-shard"} <= checks_of(folder)


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"rows": 10_000}, "row-count"),
        ({"bytes": 1}, "byte-count"),
        ({"sha256": "0" * 64}, "checksum"),
        ({"rows_sha256": "0" * 64}, "rows-digest"),
    ],
)
def test_what_the_manifest_says_of_a_file_is_checked(
    change: dict[str, Any], check: str, small_release: Path, tmp_path: Path
) -> None:
    """By itself: making the books fit again mends it."""
    folder = copy_of(small_release, tmp_path)
    _in_file(**change)(folder)
    fit_sums(folder)
    assert checks_of(folder) == {check}


@pytest.mark.parametrize("digits", [19, 4_000])
def test_numbers_beyond_any_file_are_faults(
    digits: int, small_release: Path, tmp_path: Path
) -> None:
    folder = copy_of(small_release, tmp_path)
    _in_file(rows=int("9" * digits))(folder)
    fit_sums(folder)
    assert checks_of(folder) == {"row-count"}
