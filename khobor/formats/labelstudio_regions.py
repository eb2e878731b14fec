"""The rows of a Label Studio annotation, gathered to regions and links between them.

A region is spread over rows of one id: one for its label, one for each choice and text of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from khobor.formats.interface import FormatError
from khobor.formats.labelstudio_config import CHOICES, FILE, LABELS, RELATIONS, TEXTAREAS
from khobor.formats.labelstudio_tasks import Row, Value
from khobor.records import Part

_LINE_END = re.compile(r"[\n\r]")


class Region(msgspec.Struct, frozen=True):
    """A region: its span in the tool's unit, its labels by control, what else is said of it."""

    id: str
    start: int
    end: int
    surface: str | None
    labels: dict[str, str]  # control → label; a region may be a mention and a part of a quote
    choices: dict[str, str]
    texts: dict[str, str]

    @property
    def part(self) -> Part:
        """Its span."""
        return Part(self.start, self.end, self.surface)

    def __str__(self) -> str:
        return f"{' and '.join(self.labels.values())} at [{self.start}, {self.end})"


class Link(msgspec.Struct, frozen=True):
    """A relation of two regions, with its name where it has one.

    Which way it points says nothing: the labels of its ends do, and people draw it either way.
    """

    source: Region
    target: Region
    name: str | None


class Gathered(msgspec.Struct, frozen=True):
    """An annotation: regions by id, in the order of the text, and the links between them."""

    regions: dict[str, Region]
    links: tuple[Link, ...]


def gather(rows: Iterable[Row], text: str, where: str) -> Gathered:
    """Turn the rows of an annotation into regions and links.

    Raises FormatError for a row of another configuration, for one that says nothing of a labelled
    region, and for what is said twice.
    """
    found: dict[str, list[Row]] = {}
    relations = []
    for row in rows:
        if row.type == "relation":
            relations.append(row)
        elif not row.id:
            raise FormatError("a row has no id", where=where, fix="export from Label Studio again")
        else:
            found.setdefault(row.id, []).append(row)
    words = _Words(text)
    regions = [_region(name, found[name], words, where) for name in found]
    ordered = {one.id: one for one in sorted(regions, key=lambda one: (one.start, one.end, one.id))}
    links = [link for row in relations for link in _links(row, ordered, where)]
    return Gathered(ordered, tuple(links))


class _Words:
    """The text of a task, to look up what stands at a region, in either unit of Label Studio."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._utf16 = text.encode("utf-16-le", "surrogatepass")

    def surface(self, start: int, end: int, shown: str) -> str:
        """Turn the words that Label Studio shows for a region into those of the text.

        A line end is shown as backslash and n, if the region was drawn. Words that do not stand
        at the region in any unit stay as they are, for `settle` to refuse.
        """
        if not 0 <= start < end:
            return shown
        there = self._utf16[2 * start : 2 * end].decode("utf-16-le", "replace")
        for found in (self._text[start:end], there):
            if shown in (found, _LINE_END.sub(r"\\n", found)):
                return found
        return shown


def _region(name: str, rows: list[Row], words: _Words, where: str) -> Region:
    where = f"{where}, region {name}"
    said: dict[str, dict[str, str]] = {"labels": {}, "choices": {}, "textarea": {}}
    spans = {}
    for row in rows:
        control, value = row.from_name or "", row.value or Value()
        kind = _type_of(control)
        if kind is None or row.type != kind:
            raise FormatError(
                f"a row of type {row.type!r} from the control {control!r}",
                where=where,
                fix=f"delete it in Label Studio: khobor's configuration ({FILE}) has none such",
            )
        if control in said[kind]:
            raise FormatError(
                f"two regions have this id, or {control!r} is said of it twice",
                where=where,
                fix="keep one of them in Label Studio",
            )
        said[kind][control] = _said(control, value, where)
        if kind == "labels":
            spans[value.start, value.end] = value.text
    if len(spans) != 1:
        raise FormatError(
            "its labels lie at several places" if spans else "it has no label",
            where=where,
            fix="label it in Label Studio, or delete it there",
        )
    ((start, end), shown) = next(iter(spans.items()))
    if start is None or end is None:
        raise FormatError("it has no start or no end", where=where, fix="export again as JSON")
    surface = words.surface(start, end, shown) if isinstance(shown, str) else None
    texts = {control: text for control, text in said["textarea"].items() if text}
    return Region(name, start, end, surface, said["labels"], said["choices"], texts)


def _type_of(control: str) -> str | None:
    if control in LABELS:
        return "labels"
    if control in CHOICES:
        return "choices"
    return "textarea" if control in TEXTAREAS else None


def _said(control: str, value: Value, where: str) -> str:
    """Turn what a control says into one label, one choice or one text."""
    if control in TEXTAREAS:
        return value.text if isinstance(value.text, str) else "\n".join(value.text or ())
    given = value.labels or value.choices
    allowed = (LABELS | CHOICES)[control]
    if len(given) != 1 or given[0] not in allowed:
        raise FormatError(
            f"{control!r} is {', '.join(given) or 'empty'}",
            where=where,
            fix=f"choose one of {', '.join(allowed)} in Label Studio",
        )
    return given[0]


def _links(row: Row, regions: dict[str, Region], where: str) -> list[Link]:
    source, target = regions.get(row.from_id or ""), regions.get(row.to_id or "")
    if source is None or target is None:
        raise FormatError(
            f"a relation leads from {row.from_id} to {row.to_id}, and one of them is no region",
            where=where,
            fix="delete it in Label Studio",
        )
    names = row.labels or (None,)
    for name in names:
        if name is not None and name not in RELATIONS:
            raise FormatError(
                f"a relation {name!r} leads from {source!s} to {target!s}",
                where=where,
                fix=f"expected one of {', '.join(RELATIONS)}",
            )
    return [Link(source, target, name) for name in names]
