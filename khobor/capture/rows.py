"""From one row of a table, a JSON object or a Parquet row, to a raw page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

from khobor.capture.dates import parse_date
from khobor.capture.decoding import MAX_PAGE_BYTES
from khobor.capture.rawpages import Columns, RawPage
from khobor.records import Reject

Row = Mapping[str, object]

_MAX_NAMES = 20  # column names that a sentence lists, and the characters of each
_MAX_NAME = 40
_BLANK_LINE = "\n\n"
_LINE_END = re.compile(r"[^\S\r\n]*(?:[\r\n]|\Z)")


def page_of_row(row: Row, *, source: str, columns: Columns) -> RawPage | Reject:
    """Turn a row into a RawPage, or into the Reject that says what the row lacks.

    A value is a str, bytes (UTF-8; HTML is passed on verbatim, whatever its encoding), a list of
    these (joined by blank lines), or something else, which is no text. Of several columns the
    first with something in it counts. The payload of a text is its title, a blank line and the
    text; a title that is the text's own first line is not repeated.
    """
    column = _filled(row, columns.html) or _filled(row, columns.text)
    if column is None:
        return _without_page(row, source, columns)
    medium: Literal["html", "text"] = "html" if column in columns.html else "text"
    value = row[column]
    title = _line(row, columns.title)
    try:
        if medium == "html" and isinstance(value, bytes):
            payload = value
        else:
            text = _text(value)
            payload = (text if medium == "html" else _headed(title, text)).encode()
    except UnicodeError:
        detail = f"column {shown_names([column])} cannot be written as UTF-8; export it again"
        return Reject(source, "undecodable", detail)
    except TypeError:
        detail = f"column {shown_names([column])} holds no text but {_kind(value)}"
        return Reject(source, "undecodable", f"{detail}; name the column that holds the page")
    if len(payload) > MAX_PAGE_BYTES:
        return too_large(source, "the page")
    return RawPage(
        source=source,
        payload=payload,
        medium=medium,
        url=_line(row, columns.url),
        published_at=parse_date(_line(row, columns.date) or ""),
        section=_line(row, columns.section),
        title=title,
    )


def too_large(source: str, what: str, limit: int = MAX_PAGE_BYTES) -> Reject:
    """Reject what is longer than `limit` bytes."""
    detail = f"{what} is longer than {limit:,} bytes; split it, or leave it out"
    return Reject(source, "too-large", detail)


def without_columns(source: str, columns: Columns, names: Sequence[str]) -> Reject:
    """Reject a row or table that has neither an HTML nor a text column, but `names`."""
    expected = shown_names((*columns.html, *columns.text))
    has = f"has the columns {shown_names(names)}" if names else "has no columns"
    return Reject(
        source, "empty", f"it {has}, but none of {expected}; name the column that holds the page"
    )


def shown_names(names: Sequence[str]) -> str:
    """Turn names into a list for a sentence, which stays short and can always be written."""
    shown = [
        (name if len(name) <= _MAX_NAME else f"{name[:_MAX_NAME]}…").encode("utf-8", "replace")
        for name in names[:_MAX_NAMES]
    ]
    more = f" and {len(names) - _MAX_NAMES:,} more" if len(names) > _MAX_NAMES else ""
    return ", ".join(name.decode() for name in shown) + more


def _without_page(row: Row, source: str, columns: Columns) -> Reject:
    there = [name for name in (*columns.html, *columns.text) if name in row]
    if not there:
        return without_columns(source, columns, list(row))
    detail = f"nothing stands in {shown_names(there)}; capture the page again, or leave it out"
    return Reject(source, "empty", detail)


def _filled(row: Row, columns: Sequence[str]) -> str | None:
    """Name the first of the columns with something in it."""
    return next((name for name in columns if not _is_blank(row.get(name))), None)


def _is_blank(value: object) -> bool:
    if isinstance(value, list):
        return all(map(_is_blank, value))
    return value is None or (isinstance(value, str | bytes) and (not value or value.isspace()))


def _text(value: object) -> str:
    """Turn a value into its text; raise UnicodeError or TypeError."""
    if isinstance(value, list):
        return _BLANK_LINE.join(_string(part) for part in value if not _is_blank(part))
    return _string(value)


def _string(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if not isinstance(value, str):
        raise TypeError
    return value


def _headed(title: str | None, text: str) -> str:
    if title is None:
        return text
    start = len(text) - len(text.lstrip())
    is_first_line = text.startswith(title, start) and _LINE_END.match(text, start + len(title))
    return text if is_first_line else f"{title}{_BLANK_LINE}{text}"


def _line(row: Row, columns: Sequence[str]) -> str | None:
    """Read a value that describes the page: its text, or None where there is none."""
    column = _filled(row, columns)
    if column is None:
        return None
    value = row[column]
    if isinstance(value, list):
        value = next(part for part in value if not _is_blank(part))
    try:
        line = _string(value).strip()
        line.encode()  # half a character (\\ud83d alone) can be written nowhere
    except (UnicodeError, TypeError):
        return None
    return line


def _kind(value: object) -> str:
    kinds: list[tuple[type | tuple[type, ...], str]] = [
        (bool, "a truth value"),
        ((int, float), "a number"),
        (dict, "an object"),
        (list, "a list of other things than strings"),
    ]
    return next((name for kind, name in kinds if isinstance(value, kind)), type(value).__name__)
