"""Tables of pages: JSON Lines, plain or gzipped, and Parquet, row by row in bounded memory."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

from khobor.capture.decoding import MAX_PAGE_BYTES
from khobor.capture.rawpages import Columns, RawLine, RawPage
from khobor.capture.rows import page_of_row, too_large, without_columns
from khobor.records import Reject

# A page of the greatest length takes twice that in JSON (a Bengali letter has 3 bytes, its escape
# \u0995 has 6); the rest is for the other columns.
MAX_LINE_BYTES = 2 * MAX_PAGE_BYTES + 1024 * 1024
_STEP = 1024 * 1024
_BUFFER = 64 * 1024
GZIP_MAGIC = b"\x1f\x8b"
# Rows read at a time: each may hold a page of MAX_PAGE_BYTES.
_BATCH_ROWS = 16


# --- JSON Lines -------------------------------------------------------------------------------


class _Unzipped(io.RawIOBase):
    """A gzip file unzipped piece by piece: damage costs no piece before it."""

    def __init__(self, raw: BinaryIO) -> None:
        self._pieces = gzip.GzipFile(fileobj=raw)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._pieces.read1(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def cut_json_lines(raw: BinaryIO, *, source: str, before: int = 0) -> Iterator[RawLine | Reject]:
    """Turn JSON Lines into lines to be parsed (parse_line) and rejects; blank ones are skipped.

    `raw` may stand behind some lines already: `before` of them.

    A gzipped file is told by its first bytes. One that breaks off or is damaged ends with a
    Reject behind its good rows.
    """
    number = before
    try:
        lines = bounded_lines(raw if before else unzipped(raw))
        for number, line in enumerate(lines, start=before + 1):
            if line is None:
                yield too_large(f"{source}#{number}", f"line {number:,}", MAX_LINE_BYTES)
            elif not line.isspace():
                yield RawLine(f"{source}#{number}", number, line)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        what = "breaks off" if isinstance(error, EOFError) else f"is damaged ({error})"
        detail = f"the gzip file {what} behind line {number:,}; fetch it again"
        yield Reject(f"{source}#{number + 1}", "unreadable", detail)


def unzipped(raw: BinaryIO) -> BinaryIO | io.BufferedReader:
    """Turn a file that may be gzipped, as its first bytes say, into one that is not."""
    zipped = raw.read(2) == GZIP_MAGIC
    raw.seek(0)
    return io.BufferedReader(_Unzipped(raw), _BUFFER) if zipped else raw


def bounded_lines(lines: BinaryIO | io.BufferedReader) -> Iterator[bytes | None]:
    """Pass lines on, and None for one that is too long, which is never held whole."""
    while line := lines.readline(MAX_LINE_BYTES + 1):
        if len(line) <= MAX_LINE_BYTES:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = lines.readline(_STEP)
        yield None


def parse_line(found: RawLine, columns: Columns) -> RawPage | Reject:
    """Turn a line into its raw page, or into the Reject that says what is wrong with it."""
    line, number, source = found.line, found.number, found.source
    try:
        row = json.loads(line.rstrip(b"\r\n").decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 (byte {error.start + 1:,})"
    except json.JSONDecodeError as error:
        problem = f"is no JSON (character {error.pos + 1:,}: {error.msg})"
    except (ValueError, RecursionError):  # a number of thousands of digits; brackets in brackets
        problem = "is no JSON that can be read"
    else:
        if isinstance(row, dict):
            return page_of_row(row, source=source, columns=columns)
        problem = "is JSON, but no object"
    detail = f"line {number:,} {problem}; expected one JSON object a line"
    return Reject(source, "undecodable", detail)


# --- Parquet ----------------------------------------------------------------------------------


def read_parquet(raw: BinaryIO, *, source: str, columns: Columns) -> Iterator[RawPage | Reject]:
    """Turn a Parquet file into raw pages and rejects, one a row; only the columns that count.

    The rows of a row group from the first that cannot be read on are one Reject, which says how
    many they are.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    failures = (pa.ArrowException, OSError, ValueError, MemoryError)
    try:
        # Without pre_buffer and with a buffer, a column's pages are read one by one.
        table = pq.ParquetFile(
            raw, pre_buffer=False, buffer_size=_STEP, page_checksum_verification=True
        )
        names = [str(name) for name in table.schema_arrow.names]
        groups = [table.metadata.row_group(group).num_rows for group in range(table.num_row_groups)]
    except failures as error:
        detail = f"is no Parquet file that can be read ({_message(error)}); fetch it again"
        yield Reject(source, "unreadable", detail)
        return
    wanted = [name for name in _all(columns) if name in names]
    if not set(wanted) & {*columns.html, *columns.text}:
        yield without_columns(source, columns, names)
        return
    last = 0
    for group, rows in enumerate(groups):
        number, last = last, last + rows
        batches = table.iter_batches(
            _BATCH_ROWS, row_groups=[group], columns=wanted, use_threads=False
        )
        while True:
            try:
                batch = next(batches, None)
            except failures as error:
                detail = f"rows {number + 1:,} to {last:,} cannot be read ({_message(error)})"
                yield Reject(
                    f"{source}#{number + 1}", "unreadable", f"{detail}; fetch the file again"
                )
                break
            if batch is None:
                break
            for row in _rows(batch):
                number += 1
                yield page_of_row(row, source=f"{source}#{number}", columns=columns)
        last = max(last, number)  # a file that lies about its rows must not count one twice


def _all(columns: Columns) -> Iterator[str]:
    for field in columns.__struct_fields__:
        yield from getattr(columns, field)


def _rows(batch: Any) -> Iterator[dict[str, object]]:
    """Turn a record batch into rows, with bytes for strings: Parquet promises no valid UTF-8."""
    cells = [_cells(column) for column in batch.columns]
    for values in zip(*cells, strict=True):
        yield dict(zip(batch.schema.names, values, strict=True))


def _cells(column: Any) -> list[object]:
    """Turn an Arrow array into bytes, lists of bytes, numbers or None; {} for anything else."""
    import pyarrow as pa

    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        return _cells(column.storage)
    try:
        if pa.types.is_timestamp(kind):
            column = column.cast(pa.timestamp("s", tz=kind.tz), safe=False).cast(pa.string())
        elif pa.types.is_date(kind):
            column = column.cast(pa.date32()).cast(pa.string())
        if pa.types.is_nested(kind):
            return list(column.cast(pa.list_(pa.binary())).to_pylist())
        if pa.types.is_primitive(column.type) or pa.types.is_null(column.type):
            return list(column.to_pylist())
        return list(column.cast(pa.binary()).to_pylist())
    except (pa.ArrowException, ValueError):
        return [{} if valid else None for valid in column.is_valid().to_pylist()]


def _message(error: BaseException) -> str:
    """Turn a library's message into one line that can stand in a sentence."""
    return " ".join(str(error).split())[:200] or type(error).__name__
