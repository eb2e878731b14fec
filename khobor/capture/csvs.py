"""Tables of pages as CSV, plain or gzipped, row by row in bounded memory."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from khobor.capture.decoding import MAX_PAGE_BYTES
from khobor.capture.rawpages import Columns, RawPage
from khobor.capture.rows import page_of_row, without_columns
from khobor.capture.tables import bounded_lines, unzipped
from khobor.records import Reject

_BOM = "\ufeff"


def read_csv(raw: BinaryIO, *, source: str, columns: Columns) -> Iterator[RawPage | Reject]:
    """Turn a CSV file with a head line into raw pages and rejects, one a row; UTF-8.

    A cell may hold line ends within quotes. Names of columns are compared without case, with _
    for spaces (Article Body is article_body). From a row that cannot be told from its neighbours
    on, the rest of the file is one Reject.
    """
    # The library's limit is the process's own: a cell as long as a page, no longer.
    csv.field_size_limit(MAX_PAGE_BYTES)
    columns = _folded(columns)
    number = 0
    try:
        rows = csv.reader(_text_lines(raw), strict=True)
        names = [_fold(name) for name in next(rows, [])]
        if not set(names) & {*columns.html, *columns.text}:
            yield without_columns(source, columns, names)
            return
        for number, cells in enumerate(rows, start=1):
            if cells:
                row = dict(zip(names, cells, strict=False))
                yield page_of_row(row, source=f"{source}#{number}", columns=columns)
    except (csv.Error, EOFError, zlib.error, gzip.BadGzipFile) as error:
        detail = f"cannot be read behind row {number:,} ({error}); export it again"
        yield Reject(f"{source}#{number + 1}", "unreadable", detail)


def _text_lines(raw: BinaryIO) -> Iterator[str]:
    """Decode lines; a byte that is not UTF-8 becomes half a character, which rejects its row."""
    for number, line in enumerate(bounded_lines(unzipped(raw)), start=1):
        if line is None:
            raise csv.Error(f"line {number:,} is too long")
        text = line.decode("utf-8", "surrogateescape")
        yield text.removeprefix(_BOM) if number == 1 else text


def _fold(name: str) -> str:
    return "_".join(name.lower().split())


def _folded(columns: Columns) -> Columns:
    fields = msgspec.structs.asdict(columns)
    return Columns(**{part: tuple(map(_fold, names)) for part, names in fields.items()})
