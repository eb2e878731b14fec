"""SHA256SUMS: what is written is read, and what does not fit is named."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from khobor.errors import ReleaseError, UsageError
from khobor.release.checksums import compare_checksums, read_checksums, write_checksums

FILES = {"README.md": "খবর".encode(), "data/a b.parquet": b"\0", "standoff/empty.jsonl": b""}
SUMS = {path: hashlib.sha256(body).hexdigest() for path, body in FILES.items()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path, body in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(body)
    write_checksums(tmp_path)
    return tmp_path


def test_what_is_written_is_read(folder: Path) -> None:
    assert read_checksums(folder) == SUMS


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="there is no sha256sum")
def test_sha256sum_takes_them(folder: Path) -> None:
    command = ["sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"]
    assert subprocess.run(command, cwd=folder, check=False).returncode == 0
    (folder / "README.md").write_bytes(b"other")
    assert subprocess.run(command, cwd=folder, check=False, capture_output=True).returncode == 1


@pytest.mark.parametrize(
    "line",
    ["", "no sum", "0" * 63 + "  a", "0" * 64 + " a", "G" * 64 + "  a", "0" * 64 + "  README.md"],
)
def test_a_bad_line_is_named(folder: Path, line: str) -> None:
    """The last one names a file a second time."""
    with (folder / "SHA256SUMS").open("a", encoding="utf-8") as sums:
        sums.write(line + "\n")
    with pytest.raises(ReleaseError) as caught:
        read_checksums(folder)
    assert caught.value.where.endswith("SHA256SUMS:4")


@pytest.mark.parametrize("body", [None, b"\xff\xfe"])
def test_what_cannot_be_read_is_a_sentence(folder: Path, body: bytes | None) -> None:
    if body is None:
        (folder / "SHA256SUMS").unlink()
    else:
        (folder / "SHA256SUMS").write_bytes(body)
    with pytest.raises(UsageError, match="SHA256SUMS: the checksums cannot be read"):
        read_checksums(folder)


def test_each_kind_of_fault_is_told_of_its_file() -> None:
    named = {"same": "0", "changed": "1", "lost": "2"}
    found = {"same": "0", "changed": "9", "stray": "3"}
    assert compare_checksums(named, named) == []
    assert compare_checksums(named, found) == [
        "changed has another SHA-256 than SHA256SUMS says",
        "lost is named by SHA256SUMS and missing",
        "stray is not named by SHA256SUMS",
    ]
