"""The tasks of a Label Studio export, and which annotation of a task counts.

Fields as in https://labelstud.io/guide/export; `completions` is what versions before 1.0 called
annotations. What is not named here (lead_time, completed_by, meta and so on) is not read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

from khobor.formats.interface import FormatError, Returned
from khobor.records import DocId

# Far above any export of a corpus that hands annotate.
MAX_BYTES = 1 << 28

_EXPORT_AGAIN = 'export from Label Studio as "JSON" (not JSON-MIN, which drops relations)'


class Value(msgspec.Struct, frozen=True):
    """Where a region stands, and what one control says of it."""

    start: int | None = None
    end: int | None = None
    text: str | tuple[str, ...] | None = None  # a region's words, or the lines of a text area
    labels: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


class Row(msgspec.Struct, frozen=True):
    """One entry of a `result`: what a control says of a region, or a relation of two regions."""

    type: str
    id: str | None = None
    from_name: str | None = None
    value: Value | None = None
    from_id: str | None = None
    to_id: str | None = None
    labels: tuple[str, ...] | None = None


class AnnotationRecord(msgspec.Struct, frozen=True):
    """One annotation of a task."""

    result: tuple[Row, ...] = ()
    id: int | str | None = None
    was_cancelled: bool | None = None
    created_at: str | float | None = None
    updated_at: str | float | None = None


class _Data(msgspec.Struct, frozen=True):
    text: str


class Task(msgspec.Struct, frozen=True):
    """A task with all that was said of its text."""

    data: _Data
    annotations: tuple[AnnotationRecord, ...] | None = None
    completions: tuple[AnnotationRecord, ...] | None = None


class _DocData(msgspec.Struct, frozen=True):
    doc_id: DocId


class _Named(msgspec.Struct, frozen=True):
    """Which document a task is, and how much was said of it; the rest is read later."""

    data: _DocData
    id: int | str | None = None
    drafts: tuple[msgspec.Raw, ...] | None = None
    predictions: tuple[msgspec.Raw, ...] | None = None


def split(files: Mapping[str, bytes]) -> Iterator[Returned]:
    """Turn the .json files that Label Studio exported into their tasks, one a document.

    A task that Label Studio has numbered came back from it: the one that was written for it may
    stand beside it. Raises FormatError for a file that is no such export, and for a document that
    came back twice.
    """
    found: dict[str, tuple[bool, Returned]] = {}
    for name in sorted(name for name in files if name.lower().endswith(".json")):
        for number, raw in enumerate(_raw_tasks(name, files[name]), 1):
            where = f"{name}, task {number}"
            named = _named(raw, where)
            doc_id, came_back = named.data.doc_id, named.id is not None
            before, other = found.get(doc_id, (False, None))
            if other is not None and before == came_back:
                raise FormatError(
                    f"{doc_id} stands in {other.where} already",
                    where=where,
                    fix="keep one export of each document: the newest",
                )
            if came_back >= before:
                found[doc_id] = (came_back, Returned(doc_id, where, {name: bytes(raw)}))
    yield from (returned for _, returned in found.values())


def _raw_tasks(name: str, content: bytes) -> tuple[msgspec.Raw, ...]:
    if len(content) > MAX_BYTES:
        raise FormatError(
            f"the file is longer than {MAX_BYTES:,} bytes", where=name, fix="export in parts"
        )
    try:
        return msgspec.json.decode(
            content.removeprefix(b"\xef\xbb\xbf"), type=tuple[msgspec.Raw, ...]
        )
    except (ValueError, RecursionError) as error:
        raise FormatError(f"no list of tasks ({error})", where=name, fix=_EXPORT_AGAIN) from error


def _named(raw: msgspec.Raw, where: str) -> _Named:
    try:
        return msgspec.json.decode(raw, type=_Named)
    except (ValueError, RecursionError) as error:
        raise FormatError(
            f"no task with data.doc_id ({error})", where=where, fix=_EXPORT_AGAIN
        ) from error


def read_task(returned: Returned) -> Task:
    """Turn what `split` found into a task, every field of its type."""
    (content,) = returned.files.values()
    try:
        return msgspec.json.decode(content, type=Task)
    except (ValueError, RecursionError) as error:
        raise FormatError(
            f"no task of the labeling configuration labelstudio.xml ({error})",
            where=returned.where,
            fix=_EXPORT_AGAIN,
        ) from error


def chosen(task: Task, where: str) -> AnnotationRecord | None:
    """Choose the annotation that counts: the newest that was completed; None where there is none.

    Raises FormatError where every annotation was skipped (cancelled).
    """
    every = annotations_of(task)
    completed = [one for one in every if not one.was_cancelled]
    if every and not completed:
        raise FormatError(
            "its annotator skipped the task",
            where=where,
            fix="submit an annotation in Label Studio, or leave the task out of the export",
        )
    numbered = enumerate(completed)
    newest = max(numbered, key=lambda pair: (_moment(pair[1]), pair[0]), default=None)
    return newest[1] if newest else None


def annotations_of(task: Task) -> Sequence[AnnotationRecord]:
    """List the annotations of a task, whatever its version calls them."""
    return [*(task.completions or ()), *(task.annotations or ())]


def _moment(annotation: AnnotationRecord) -> float:
    """Turn the time of an annotation into seconds since 1970; 0 where it has none to speak of."""
    found = annotation.updated_at or annotation.created_at or 0
    if not isinstance(found, str):
        return float(found)
    try:
        moment = datetime.fromisoformat(found)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def not_read(returned: Returned) -> list[str]:
    """List what stands in a task and is not read, in words: drafts, skipped and older annotations.

    Raises FormatError as `read` does.
    """
    task = read_task(returned)
    newest = chosen(task, returned.where)
    every = annotations_of(task)
    (content,) = returned.files.values()
    named = msgspec.json.decode(content, type=_Named)
    counts = (
        (
            sum(1 for one in every if one is not newest and not one.was_cancelled),
            "older annotation",
        ),
        (sum(1 for one in every if one.was_cancelled), "skipped annotation"),
        (len(named.drafts or ()), "draft"),
        (len(named.predictions or ()), "prediction"),
    )
    return [f"{count} {what}{'s' if count > 1 else ''}" for count, what in counts if count]
