"""Crawl files: WARC, JSON Lines, CSV and Parquet, read record by record in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from khobor.capture.csvs import read_csv
from khobor.capture.rawpages import DEFAULT_COLUMNS, Columns, RawLine, RawPage
from khobor.capture.tables import cut_json_lines, parse_line, read_parquet
from khobor.capture.warcs import read_warc
from khobor.errors import UsageError
from khobor.records import Reject

__all__ = [
    "CRAWL_SUFFIXES",
    "Columns",
    "RawLine",
    "RawPage",
    "cut_crawl",
    "is_crawl",
    "parse_line",
    "read_crawl",
]

_WARC = (".warc", ".warc.gz")
_JSON_LINES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".json.gz")
_CSV = (".csv", ".csv.gz")
_PARQUET = (".parquet",)
CRAWL_SUFFIXES = (*_WARC, *_JSON_LINES, *_CSV, *_PARQUET)


def is_crawl(name: str) -> bool:
    """Tell a crawl file by its name."""
    return name.lower().endswith(CRAWL_SUFFIXES)


def read_crawl(
    path: Path, *, source: str, columns: Columns = DEFAULT_COLUMNS
) -> Iterator[RawPage | Reject]:
    """Turn a crawl file into its raw pages and rejects, one a record, in the file's order.

    A damaged file gives what can be read and a Reject (`unreadable`) for each place that cannot,
    a file without any page one Reject (`empty`) of its own name. Raises UsageError where the file
    cannot be opened, is no crawl file by its name, or needs a library that is not installed.
    """
    for found in cut_crawl(path, source=source, columns=columns):
        yield parse_line(found, columns) if isinstance(found, RawLine) else found


def cut_crawl(
    path: Path, *, source: str, columns: Columns = DEFAULT_COLUMNS
) -> Iterator[RawPage | RawLine | Reject]:
    """Do the same, but leave lines of JSON to whoever is to read the page (parse_line)."""
    found = False
    for page in _read(path, source, columns):
        found = True
        yield page
    if not found:
        detail = "the crawl file holds no page; capture it again, or leave it out"
        yield Reject(source, "empty", detail)


def _read(path: Path, source: str, columns: Columns) -> Iterator[RawPage | RawLine | Reject]:
    name = path.name.lower()
    if not is_crawl(name):
        raise UsageError(
            "is no crawl file by its name",
            where=str(path),
            fix=f"expected {', '.join(CRAWL_SUFFIXES)}",
        )
    if path.exists() and not path.is_file():  # a pipe would keep its reader waiting
        raise UsageError("is no file", where=str(path), fix="expected a crawl file")
    try:
        with path.open("rb") as raw:
            if name.endswith(_WARC):
                yield from read_warc(raw, source=source)
            elif name.endswith(_PARQUET):
                yield from read_parquet(raw, source=source, columns=columns)
            elif name.endswith(_CSV):
                yield from read_csv(raw, source=source, columns=columns)
            else:
                yield from cut_json_lines(raw, source=source)
    except OSError as error:
        raise UsageError(
            f"cannot be read ({error.strerror or error})",
            where=str(path),
            fix="expected a crawl file",
        ) from error
