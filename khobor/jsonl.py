"""JSON Lines files of records: read and written with jsonlines over msgspec.

Every error names the file and the line. Files are written under a temporary name and renamed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import jsonlines
import msgspec

from khobor.errors import RecordError, UsageError

R = TypeVar("R")

# A line is read whole; a longer one is a mistake or an attack, not an annotation.
MAX_LINE_BYTES = 16 * 1024 * 1024


def read_records(path: Path, kind: type[R]) -> Iterator[tuple[int, R]]:
    """Turn a JSON Lines file into (line number from 1, record) pairs, one at a time.

    `kind` is a msgspec Struct or a union of tagged ones. Blank lines are skipped.
    Raises UsageError where the file cannot be opened, RecordError where a line is no `kind`.
    """
    decoder = msgspec.json.Decoder(kind)
    number = 0

    def decode(line: str | bytes) -> Any:
        try:
            return decoder.decode(line)
        except (msgspec.MsgspecError, RecursionError) as error:
            # jsonlines wraps a ValueError, and a ValueError alone, with the line.
            raise ValueError(str(error)) from error

    def count(lines: BinaryIO) -> Iterator[bytes]:
        nonlocal number
        for line in _bounded(lines, path):
            number += 1
            yield line

    try:
        lines = path.open("rb")
    except OSError as error:
        raise UsageError(
            f"cannot be read ({error.strerror})",
            where=str(path),
            fix="expected a JSON Lines file, one record a line",
        ) from error
    with lines, jsonlines.Reader(count(lines), loads=decode) as reader:
        while True:
            try:
                record: Any = reader.read(skip_empty=True)
            except EOFError:
                return
            except jsonlines.InvalidLineError as error:
                raise RecordError(
                    f"not a valid record: {error.__cause__ or error}",
                    where=f"{path}:{number}",
                    fix=_advice(error.line),
                ) from error
            yield number, record


def _bounded(lines: BinaryIO, path: Path) -> Iterator[bytes]:
    """Pass lines on, refusing one longer than MAX_LINE_BYTES without reading it whole."""
    number = 0
    while line := lines.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES:
            raise RecordError(
                f"the line is longer than {MAX_LINE_BYTES:,} bytes",
                where=f"{path}:{number}",
                fix="expected one record a line",
            )
        yield line


def _advice(line: str | bytes) -> str:
    text = line if isinstance(line, str) else line.decode("utf-8", "replace")
    if text.strip().startswith("{") and not text.strip().endswith("}"):
        return "the line is cut off: restore it from version control or write it again"
    return "see schema/ for the fields and values that belong here"


def write_records(path: Path, records: Iterable[Any]) -> None:
    """Turn records into a JSON Lines file, one a line, UTF-8, by temporary name and rename."""
    encoder = msgspec.json.Encoder()
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("wb") as lines, jsonlines.Writer(lines, dumps=encoder.encode) as writer:
        for record in records:
            writer.write(record)
    os.replace(temporary, path)
