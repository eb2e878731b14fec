"""What a trainer eats, made of the rows of `documents`: at once, or by `map` of a dataset.

A task turns one article into rows, each about one window of it. Every row begins with the same
columns: doc_id, start, end, core_start, core_end (the window, see training.windows), cut and
inexact (ids of what a row cannot say whole, or not exactly).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

import msgspec

from khobor.errors import UsageError
from khobor.training.articles import Article, Features, Row, check_states, read_articles
from khobor.training.windows import Held, Window, merge_windows

Example = dict[str, Any]  # a row for a trainer: its columns are those of its task
# A column's type: a name of Arrow's, a list of one type, or a struct of columns.
ColumnType = str | list[Any] | dict[str, Any]

WINDOW_COLUMNS: dict[str, ColumnType] = {
    "doc_id": "string",
    "start": "int64",
    "end": "int64",
    "core_start": "int64",
    "core_end": "int64",
    "cut": ["string"],
    "inexact": ["string"],
}


class Task(msgspec.Struct, frozen=True):
    """Rows for one kind of trainer. `columns` is None where Arrow has no type for them."""

    make: Callable[[Article], list[Example]]
    columns: dict[str, ColumnType] | None


class Report(msgspec.Struct, frozen=True):
    """What entered training and what did not.

    `skipped`: documents by the state of their annotation that was not asked for. `cut` and
    `inexact`: `doc_id/id` of mentions and quotes that are whole in no window, or that the rows
    say other than the annotation does.
    """

    documents: int
    examples: int
    skipped: dict[str, int]
    cut: tuple[str, ...]
    inexact: tuple[str, ...]


class Collected(msgspec.Struct, frozen=True):
    """All rows for a trainer, and what entered them."""

    examples: list[Example]
    report: Report


def window_columns(window: Window, *, items: Collection[str] | None = None) -> Example:
    """Turn a window into the columns that every row begins with.

    `cut` names those of `items` (ids of what the row is about; all by default).
    """
    return {
        "doc_id": window.doc_id,
        "start": window.start,
        "end": window.end,
        "core_start": window.core_start,
        "core_end": window.core_end,
        "cut": [id_ for id_ in window.cut if items is None or id_ in items],
        "inexact": [],
    }


def window_of(row: Row) -> Window:
    """Read the window of a row back."""
    names = ("doc_id", "start", "end", "core_start", "core_end")
    return Window(**{name: row[name] for name in names})


def merge_found(
    rows: Iterable[Row],
    found: Iterable[Sequence[Held]],
    span: Callable[[Held], tuple[int, int]],
) -> dict[str, list[Held]]:
    """Turn what was found in each row into what was found in each document, by doc_id.

    `span` gives the place of a finding in code points of the article; windows that overlap are
    merged by merge_windows. Documents come in the order of the rows.
    """
    answers: dict[str, list[tuple[Window, Sequence[Held]]]] = {}
    for row, one in zip(rows, found, strict=True):
        answers.setdefault(row["doc_id"], []).append((window_of(row), one))
    return {doc_id: merge_windows(windows, span) for doc_id, windows in answers.items()}


def collect_examples(
    rows: Iterable[Row],
    task: Task,
    *,
    states: Sequence[str] = ("gold",),
    features: Features | None = None,
) -> Collected:
    """Turn rows of `documents` into all examples of a task, with a report of what entered.

    `rows` is a Dataset, a stream or any rows; `states` says which states of annotation enter
    (articles of another one are counted). `features` are taken from a Dataset by themselves.
    Raises UsageError where a row is not one of `documents` (see training.articles).
    """
    skipped: Counter[str] = Counter()
    known = features if features is not None else getattr(rows, "features", None)
    documents = 0
    examples: list[Example] = []
    for article in read_articles(rows, states=states, features=known, skipped=skipped):
        documents += 1
        examples += task.make(article)
    return Collected(examples, report_of(examples, documents=documents, skipped=skipped))


def report_of(
    examples: Iterable[Row],
    *,
    documents: int | None = None,
    skipped: Mapping[str, int] | None = None,
) -> Report:
    """Turn rows for a trainer (of `map_documents`, say) into the report of them.

    Rows alone do not tell which documents were skipped, nor those that gave no row.
    """
    seen: set[str] = set()
    cut: dict[str, None] = {}
    inexact: dict[str, None] = {}
    number = 0
    for example in examples:
        number += 1
        seen.add(example["doc_id"])
        cut.update(dict.fromkeys(f"{example['doc_id']}/{one}" for one in example["cut"]))
        inexact.update(dict.fromkeys(f"{example['doc_id']}/{one}" for one in example["inexact"]))
    return Report(
        documents=len(seen) if documents is None else documents,
        examples=number,
        skipped=dict(sorted((skipped or {}).items())),
        cut=tuple(cut),
        inexact=tuple(inexact),
    )


def map_documents(dataset: Any, task: Task, *, states: Sequence[str] = ("gold",)) -> Any:
    """Turn a dataset of `documents` into a dataset of a task's rows, of the same kind.

    `dataset` is a Dataset, an IterableDataset (a stream stays one), or a dict of either by
    split. Raises UsageError for rows that have no Arrow type, and for rows that are not
    `documents` (for a stream when it is read).
    """
    if task.columns is None:
        raise UsageError(
            "these rows mix numbers and words in a list, which a dataset cannot hold",
            fix="use collect_examples: it gives the list that the trainer takes",
        )
    check_states(states)
    if isinstance(dataset, dict):
        mapped = {
            split: map_documents(rows, task, states=states) for split, rows in dataset.items()
        }
        return type(dataset)(mapped)
    features = dataset.features
    make = partial(examples_of_batch, task=task, states=tuple(states), features=features)
    return dataset.map(
        make,
        batched=True,
        remove_columns=list(features) if features is not None else None,
        features=_arrow_features(task.columns),
    )


def examples_of_batch(
    batch: Mapping[str, Sequence[Any]],
    task: Task,
    *,
    states: Sequence[str] = ("gold",),
    features: Features | None = None,
) -> dict[str, list[Any]]:
    """Turn a batch of columns into columns of a task's rows, for `map(batched=True)`."""
    rows = [dict(zip(batch, values, strict=True)) for values in zip(*batch.values(), strict=True)]
    examples = collect_examples(rows, task, states=states, features=features).examples
    return {name: [example[name] for example in examples] for name in task.columns or {}}


def _arrow_features(columns: Mapping[str, ColumnType]) -> Any:
    """Turn columns into datasets.Features: so that a batch without a row has types too."""
    from datasets import Features

    return Features({name: _feature(kind) for name, kind in columns.items()})


def _feature(kind: ColumnType) -> Any:
    from datasets import List, Value

    if isinstance(kind, str):
        return Value(kind)
    if isinstance(kind, list):
        return List(_feature(kind[0]))
    return {name: _feature(part) for name, part in kind.items()}
