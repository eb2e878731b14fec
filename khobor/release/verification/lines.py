"""JSON Lines files of a release, read as a stranger's: what is no record is a fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from khobor.errors import KhoborError
from khobor.jsonl import read_records
from khobor.release.verification.faults import Faults

R = TypeVar("R")
_MOST_BYTES = 1 << 30


class BrokenLines(KhoborError):
    """A file whose lines cannot be read on; the fault is kept already."""


def read_lines(
    folder: Path, name: str, sizes: Mapping[str, int], kind: type[R], faults: Faults
) -> Iterator[R]:
    """Read the records of a file, one at a time; raise BrokenLines, and keep why, at the first
    line that is none."""
    if sizes.get(name, 0) > _MOST_BYTES:
        faults.add(name, "record", f"has {sizes[name]:,} bytes, more than is read here")
        raise BrokenLines("too large", where=name)
    try:
        for _, record in read_records(folder / name, kind):
            yield record
    except KhoborError as error:
        line = error.where.rpartition(":")[2]
        place = f"line {line}: " if line.isdigit() else ""
        faults.add(name, "record", f"{place}{error.message}")
        raise BrokenLines(error.message, where=name) from error


def count_lines(
    folder: Path, name: str, sizes: Mapping[str, int], kind: type[R], faults: Faults
) -> int | None:
    """Count the records of a file; None where it is missing or broken."""
    if name not in sizes:
        return None
    try:
        return sum(1 for _ in read_lines(folder, name, sizes, kind, faults))
    except BrokenLines:
        return None
