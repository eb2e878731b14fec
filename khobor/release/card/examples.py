"""A row of each configuration for the card, shortened where it is long.

From pages composed for the corpus under CC BY 4.0 alone: what strangers wrote never stands in the
card. In its fence every line begins with khobor's own indentation, so no text can leave it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from datasets import ClassLabel, List

from khobor.corpus.corpora import Entry
from khobor.release.card.escapes import as_json
from khobor.release.features import config_features
from khobor.release.rows import Row, config_rows

_LONGEST_TEXT = 120  # code points; longer ones are cut at a space before it
_MOST_STRUCTS = 2
_MOST_VALUES = 40
_MORE = "… "  # begins what stands for the rest of a list


def choose_row(config: str, entry: Entry) -> Row | None:
    """Choose an entry's row of a configuration: of several, a short one that shows most."""
    rows = list(config_rows(config, entry))
    if config == "sentences":
        return min(rows, key=lambda row: (-_kinds(row), len(row["tokens"]), row["start"]))
    if config == "quotes":
        return min(rows, key=lambda row: (-_parts(row), len(row["context"])), default=None)
    return rows[0]


def _kinds(row: Row) -> int:
    """Count the columns of tags in which a sentence has any; none where it is very long."""
    columns = (row["ner_tags"], row["quote_tags"])
    return sum(bool(tags and any(tags)) for tags in columns) * (len(row["tokens"]) <= _MOST_VALUES)


def _parts(row: Row) -> int:
    return sum(row[name] is not None for name in ("cue", "speaker", "speaker_name"))


def example(config: str, entry: Entry) -> list[str]:
    """Turn an entry into the lines of a fence with a row of it, and what its labels mean."""
    row = choose_row(config, entry)
    if row is None:
        return []
    short = shorten(row)
    lines = ["A row, long texts and lists cut at `…`:", "", "```json", *_json_lines(short), "```"]
    names = sorted(set(_label_names(config_features(config), short, "")))
    if names:
        lines += ["", f"Labels there: {', '.join(f'`{name}`' for name in names)}."]
    return lines


def shorten(value: Any) -> Any:
    """Cut long texts at a space and long lists at a few values; `…` says that there is more."""
    if isinstance(value, str) and len(value) > _LONGEST_TEXT:
        head = value[:_LONGEST_TEXT]
        return head[: head.rindex(" ")] + " …" if " " in head else f"{head}…"
    if isinstance(value, dict):
        return {key: shorten(part) for key, part in value.items()}
    if isinstance(value, list):
        most = _MOST_STRUCTS if value and isinstance(value[0], dict) else _MOST_VALUES
        kept = [shorten(part) for part in value[:most]]
        rest = len(value) - len(kept)
        return [*kept, f"{_MORE}{rest:,} more"] if rest else kept
    return value


def _json_lines(row: Row) -> Iterator[str]:
    """Write a row as JSON, a column a line; lists of structs get a line a struct."""
    yield "{"
    for place, (column, value) in enumerate(row.items(), 1):
        comma = "," if place < len(row) else ""
        if isinstance(value, list) and any(isinstance(part, dict) for part in value):
            yield f"  {as_json(column)}: ["
            for at, part in enumerate(value, 1):
                yield f"    {as_json(part)}{',' if at < len(value) else ''}"
            yield f"  ]{comma}"
        else:
            yield f"  {as_json(column)}: {as_json(value)}{comma}"
    yield "}"


def _label_names(feature: Any, value: Any, path: str) -> Iterator[str]:
    """Find the labels of a row: `path number = name`."""
    if isinstance(value, str) or value is None:  # what stands for the rest of a list is no label
        return
    if isinstance(feature, ClassLabel):
        yield f"{path} {value} = {feature.names[value]}"
    elif isinstance(feature, List):
        for part in value:
            yield from _label_names(feature.feature, part, path)
    elif isinstance(feature, dict):
        for name, part in feature.items():
            yield from _label_names(part, value[name], f"{path}.{name}" if path else name)
