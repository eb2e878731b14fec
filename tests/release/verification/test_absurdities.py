"""Files that hold nothing that belongs there: faults, and never a traceback."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from khobor.release.verification.releases import verify_release
from tests.release.verification.fakes import (
    copy_of,
    fit_sums,
)

ABSURD = (
    b"",
    b"null",
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"version": ' + b"9" * 10_000 + b"}",
)
ABSURD_YAML = (
    b"[" * 100_000,
    b"configs: 2001-99-99",
    b"configs: " + b"9" * 10_000,
    b"configs: .inf",
    b"? [a]\n: b",
    b"\x00",
    b"",
)


@pytest.mark.parametrize(
    "name",
    [
        *("README.md", "manifest.json", "croissant.json", "splits.jsonl", "SHA256SUMS"),
        *("reports/misfits.jsonl", "reports/agreements.jsonl", "standoff/char-ferry.jsonl"),
        "standoff/catalogue.jsonl",
    ],
)
def test_absurd_files_are_faults_and_no_tracebacks(
    name: str, small_release: Path, tmp_path: Path
) -> None:
    folder = copy_of(small_release, tmp_path)
    harmless = {"reports/misfits.jsonl", "reports/agreements.jsonl"}  # empty, they are sound
    more = [b"---\n" + yaml + b"\n---\n" for yaml in ABSURD_YAML if name == "README.md"]
    for content in (*ABSURD, *more):
        (folder / name).write_bytes(content)
        if name != "SHA256SUMS":
            fit_sums(folder)
        faults = verify_release(folder)
        assert faults or (name in harmless and not content)
        assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", fault.check) for fault in faults)
        assert all(str(fault).isprintable() for fault in faults)
