"""The option --column: which columns of JSON Lines, CSV and Parquet crawls hold what."""

from __future__ import annotations

from collections.abc import Sequence

import click
import msgspec

from khobor.capture.crawls import Columns
from khobor.errors import UsageError

COLUMN_OPTION = click.option(
    "--column",
    multiple=True,
    metavar="PART=COLUMN",
    help="Column of JSON Lines, CSV and Parquet crawls that holds html, text, title, url, date "
    "or section; may be repeated.",
)


def read_columns(options: Sequence[str]) -> Columns:
    """Turn `html=content`, … into Columns; a part that is not named keeps its usual columns."""
    known = Columns.__struct_fields__
    named: dict[str, tuple[str, ...]] = {}
    for option in options:
        part, equals, column = option.partition("=")
        if not equals or part not in known or not column:
            raise UsageError(
                f"{option!r} names no column",
                where="--column",
                fix=f"expected PART=COLUMN with PART one of {', '.join(known)}",
            )
        named[part] = (*named.get(part, ()), column)
    return msgspec.structs.replace(Columns(), **named)
