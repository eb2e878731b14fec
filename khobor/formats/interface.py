"""What every annotation format is to khobor: a codec between a sheet and the files of a tool.

A sheet is what a tool gets: one text, and what is annotated in it, counted in code points of that
text. Other units exist only inside a codec, which converts at its border.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from khobor.errors import KhoborError
from khobor.records import BlockLabel, ItemId, Mention, Quote
from khobor.spans import Span

Unit = Literal["code points", "utf-16", "utf-8"]


class FormatError(KhoborError):
    """A file of a tool does not say what its format, or its text, allows."""


class BlockSpan(msgspec.Struct, frozen=True, gc=False):
    """A block of a whole page, with an id so that a tool can move or relabel it."""

    id: ItemId
    start: int
    end: int
    label: BlockLabel


class Sheet(msgspec.Struct, frozen=True):
    """One text with its annotation, every span in code points of that text.

    Either mentions and quotes (of the article view), or blocks (of the whole page). Surfaces are
    the text at their spans. Mentions and quotes are sorted as in an annotation file.
    """

    doc_id: str
    text: str
    mentions: tuple[Mention, ...] = ()
    quotes: tuple[Quote, ...] = ()
    blocks: tuple[BlockSpan, ...] = ()


class Loss(msgspec.Struct, frozen=True, order=True):
    """Something of a sheet that a format cannot hold: which item, which field, and why."""

    doc_id: str
    item: str
    field: str
    reason: str


class Written(msgspec.Struct, frozen=True):
    """A sheet in a format: the files of this document (name → content), and what was left out.

    `ids` maps the tool's id of an item to the one here, where the tool has ids of its own.
    """

    doc_id: str
    files: dict[str, bytes]
    ids: dict[str, str] = {}
    losses: tuple[Loss, ...] = ()


class Returned(msgspec.Struct, frozen=True):
    """One document as it came back from a tool, before it is read: its files, or its record."""

    doc_id: str
    where: str  # file, and line or record, for errors
    files: dict[str, bytes]


class Claim(msgspec.Struct, frozen=True):
    """What a tool's file says of one text: a sheet whose spans count in the tool's `unit`.

    Its surfaces are the tool's own words for a span, None where the format has none. `text` is
    the text as the tool gives it back, None where the format has none.
    """

    unit: Unit
    text: str | None
    sheet: Sheet


def _nothing_else(_: Returned) -> list[str]:
    return []


class Codec(msgspec.Struct, frozen=True):
    """A two-way format.

    `write`: a sheet to the files of a tool. `split`: the files that came back, to documents;
    raises FormatError. `read`: one of them, with the ids that `write` gave out, to a Claim: the
    tool's offsets, not yet believed. `restrict`: a sheet to what the format can hold of it;
    `read` of `write` is that. `join`: written documents to the files of a folder (many formats
    put all documents into one file). `shared`: files that a folder has once. `not_read`: what a
    document that came back holds besides (a tool's drafts), in words.
    """

    name: str
    write: Callable[[Sheet], Written]
    split: Callable[[Mapping[str, bytes]], Iterator[Returned]]
    read: Callable[[Returned, Mapping[str, str]], Claim]
    restrict: Callable[[Sheet], Sheet]
    join: Callable[[Sequence[Written]], dict[str, bytes]]
    shared: Callable[[], dict[str, bytes]] = dict
    not_read: Callable[[Returned], list[str]] = _nothing_else


class Exporter(msgspec.Struct, frozen=True):
    """A one-way format. `write` raises FormatError where it cannot hold a span, unless `lossy`."""

    name: str
    write: Callable[[Sheet, Sequence[Span], bool], Written]  # sheet, sentences, lossy
    join: Callable[[Sequence[Written]], dict[str, bytes]]


def files_apart(written: Sequence[Written]) -> dict[str, bytes]:
    """Join documents whose files stand side by side."""
    return {name: content for one in written for name, content in one.files.items()}
