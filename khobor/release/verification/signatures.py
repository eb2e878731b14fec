"""Features in one comparable form, from the three places that state them.

A card has them as YAML, a parquet file as JSON in its `huggingface` metadata, the code as
`datasets.Features`. Each becomes a list of (column, type): what a stranger wrote is read as plain
data and never built into objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

import pyarrow as pa

from khobor.release.verification.faults import Broken, shown

Kind = tuple[str, ...]  # ("int32",), or ("labels", "PER", "ORG", …)
Column = tuple[str, Kind]  # ("entities[].label", …)
Signature = tuple[Column, ...]

_LABELS = "labels"
_DEEPEST = 12  # of nested lists and structs; a release has three
_LISTS = frozenset({"List", "LargeList", "Sequence"})


def signature_of_features(features: object) -> Signature:
    """Turn features as plain dicts (Features.to_dict, or the `huggingface` metadata) into columns."""
    return tuple(_of_feature(features, "", 0))


def _of_feature(feature: object, path: str, depth: int) -> Iterator[Column]:
    if not isinstance(feature, dict) or depth > _DEEPEST:
        yield path, (f"no feature: {shown(feature)}",)
        return
    kind = feature.get("_type")
    if kind == "Value":
        yield path, (str(feature.get("dtype")),)
    elif kind == "ClassLabel":
        yield path, _labels(feature.get("names"))
    elif isinstance(kind, str) and kind in _LISTS:
        length = feature.get("length", -1)
        fixed = "" if length in (-1, None) else shown(length)
        yield from _of_feature(feature.get("feature"), f"{path}[{fixed}]", depth + 1)
    elif isinstance(kind, str):
        yield path, (shown(kind),)
    else:
        for name, inner in feature.items():
            yield from _of_feature(inner, f"{path}.{name}" if path else str(name), depth + 1)


def signature_of_card(features: object) -> Signature:
    """Turn the `features` of a card's YAML into columns."""
    return tuple(_of_columns(features, "", 0))


def _of_columns(columns: object, path: str, depth: int) -> Iterator[Column]:
    if not isinstance(columns, list) or depth > _DEEPEST:
        yield path, (f"no list of columns: {shown(columns)}",)
        return
    for column in columns:
        if not isinstance(column, dict) or not isinstance(column.get("name"), str):
            yield path, (f"no column: {shown(column)}",)
            continue
        name = column["name"]
        kind = {key: value for key, value in column.items() if key != "name"}
        yield from _of_kind(kind, f"{path}.{name}" if path else name, depth + 1)


def _of_kind(kind: object, path: str, depth: int) -> Iterator[Column]:
    """Read what a column is: a type's name, or a mapping with one key."""
    if isinstance(kind, str):
        yield path, (kind,)
        return
    if not isinstance(kind, dict) or len(kind) != 1 or depth > _DEEPEST:
        yield path, (f"no type: {shown(kind)}",)
        return
    ((key, inner),) = kind.items()
    if key == "dtype":
        yield from _of_kind(inner, path, depth + 1)
    elif key == "class_label":
        yield path, _labels(inner.get("names") if isinstance(inner, dict) else inner)
    elif key == "struct":
        yield from _of_columns(inner, path, depth + 1)
    elif key == "list" and isinstance(inner, list):
        yield from _of_columns(inner, f"{path}[]", depth + 1)
    elif key == "list":
        yield from _of_kind(inner, f"{path}[]", depth + 1)
    else:
        yield path, (f"no type: {shown(kind)}",)


def _labels(names: object) -> Kind:
    """Name labels in the order of their numbers; YAML has them as number → name."""
    if isinstance(names, dict):
        numbers = [str(number) for number in range(len(names))]
        if [str(key) for key in names] != numbers:
            return (f"labels with the numbers {shown(list(names))}",)
        names = list(names.values())
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return (f"no labels: {shown(names)}",)
    return (_LABELS, *names)


def differences(
    first: Signature, second: Signature, *, first_name: str, second_name: str
) -> Iterator[Broken]:
    """Yield where two signatures differ: `labels` for names and their order, else `features`."""
    if [path for path, _ in first] != [path for path, _ in second]:
        pairs = zip_longest(first, second, fillvalue=("nothing", ()))
        left, right = next((a, b) for a, b in pairs if a[0] != b[0])
        yield (
            "features",
            f"{first_name} has {shown(left[0])} where {second_name} has {shown(right[0])}; the "
            "columns and their order must be the same",
        )
        return
    for (path, one), (_, other) in zip(first, second, strict=True):
        if one == other:
            continue
        if one[0] == other[0] == _LABELS:
            said = _label_difference(one[1:], other[1:], first_name, second_name)
            yield "labels", f"{path}: {said}"
        else:
            yield (
                "features",
                f"{path} is {shown(one[0])} in {first_name}, {shown(other[0])} in {second_name}",
            )


def _label_difference(first: Kind, second: Kind, first_name: str, second_name: str) -> str:
    if first == second[: len(first)] or second == first[: len(second)]:
        return (
            f"{first_name} has {len(first)} names, {second_name} {len(second)}, the first of them "
            "the same: names are append-only, so one is older"
        )
    number = next(at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b)
    return (
        f"{number} is {shown(first[number])} in {first_name}, {shown(second[number])} in "
        f"{second_name}; the numbers in the rows would mean other labels"
    )


def signature_of_schema(schema: pa.Schema) -> Signature:
    """Turn an Arrow schema into columns, without names of labels: those are integers there."""
    return tuple(column for field in schema for column in _of_type(field.type, field.name, 0))


def _of_type(kind: pa.DataType, path: str, depth: int) -> Iterator[Column]:
    if depth > _DEEPEST:
        yield path, ("too deep",)
    elif pa.types.is_struct(kind):
        for field in kind:
            yield from _of_type(field.type, f"{path}.{field.name}", depth + 1)
    elif pa.types.is_list(kind):
        # The name of a list's values (item, element) is the writer's own.
        yield from _of_type(kind.value_type, f"{path}[]", depth + 1)
    else:
        yield path, (str(kind),)
