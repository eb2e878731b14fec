"""SHA256SUMS of a release: a line a file, in the form of the tool sha256sum."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from khobor.errors import ReleaseError, UsageError

CHECKSUMS = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


def write_checksums(folder: Path) -> None:
    """Write SHA256SUMS over all other files of a folder, sorted by path."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = []
    for path in paths:
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
        lines.append(f"{digest}  {path.relative_to(folder).as_posix()}\n")
    (folder / CHECKSUMS).write_bytes("".join(lines).encode())


def read_checksums(folder: Path) -> dict[str, str]:
    """Turn a release's SHA256SUMS into path → SHA-256.

    Raises UsageError where the file cannot be read, ReleaseError where a line is none of it, or
    names a file twice.
    """
    path = folder / CHECKSUMS
    try:
        lines = path.read_bytes().decode().removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"the checksums cannot be read ({error})", where=str(path), fix="build it again"
        ) from error
    sums: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        if match is None or match[2] in sums:
            raise ReleaseError(
                "a second line of the same file" if match else "not a line of sha256sum",
                where=f"{path}:{number}",
                fix="build it again",
            )
        sums[match[2]] = match[1]
    return sums


def compare_checksums(named: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """List what is missing, changed or not named, a sentence a file.

    Both are path → SHA-256: `named` in SHA256SUMS, `found` in the folder, SHA256SUMS left out.
    """
    faults = []
    for path in sorted(named.keys() | found.keys()):
        if path not in found:
            faults.append(f"{path} is named by {CHECKSUMS} and missing")
        elif path not in named:
            faults.append(f"{path} is not named by {CHECKSUMS}")
        elif found[path] != named[path]:
            faults.append(f"{path} has another SHA-256 than {CHECKSUMS} says")
    return faults
