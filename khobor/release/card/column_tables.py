"""The columns of each configuration, with their types, their units and a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from datasets import ClassLabel, List

from khobor.corpus.corpora import Entry
from khobor.manifests import ReleaseFile
from khobor.release.card.examples import example
from khobor.release.columns import COLUMNS, CONFIG_MEANINGS, ENTITY_MEANINGS, PARTS
from khobor.release.features import CONFIGS, config_features


def columns(files: Sequence[ReleaseFile], shown: Entry | None) -> str:
    """Turn the configurations that have files into the section on their columns.

    `shown` is the document whose rows are the examples.
    """
    lines = [
        "## Columns",
        "",
        "Every offset is a half-open span `[start, end)` of Python code points, and"
        " `text[start:end]` is the thing: into `text` in `documents`, `pages` and `sentences`,"
        " into `context` in `quotes`. Texts are verbatim: no Unicode normalisation, so both encodings"
        " of য় stand side by side, and joiners and no-break spaces are kept.",
    ]
    present = [config for config in CONFIGS if any(file.config == config for file in files)]
    for config in present:
        lines += ["", f"### {config}", "", CONFIG_MEANINGS[config], ""]
        lines += _table(config)
        if shown is not None:
            lines += ["", *example(config, shown)]
    lines += ["", *_labels(present)]
    return "\n".join(lines)


def _table(config: str) -> Iterator[str]:
    yield "| column | type | is |"
    yield "|---|---|---|"
    for column, feature in config_features(config).items():
        yield f"| `{column}` | {type_of(feature)} | {COLUMNS[config][column]} |"
        inside = getattr(feature, "feature", feature)
        if isinstance(inside, dict):
            for part, kind in inside.items():
                yield f"| `{column}.{part}` | {type_of(kind)} | {PARTS[column][part]} |"


def type_of(feature: Any) -> str:
    """Turn a feature into its type in words."""
    if isinstance(feature, ClassLabel):
        return "label"
    if isinstance(feature, List):
        return f"list of {_inside(feature.feature)}"
    return _inside(feature)


def _inside(feature: Any) -> str:
    if isinstance(feature, dict):
        return f"{{{', '.join(feature)}}}"
    return "labels" if isinstance(feature, ClassLabel) else str(feature.dtype)


def _labels(present: Sequence[str]) -> Iterator[str]:
    """List the names of all labels, in the order of their numbers from 0."""
    yield "### Labels"
    yield ""
    yield (
        "A label is a number in the rows, and `features` has its name: "
        '`sentences["train"].features["ner_tags"].feature.int2str(1)`. From 0 on; lists only grow.'
    )
    yield ""
    yield "| label | names |"
    yield "|---|---|"
    found: dict[str, Sequence[str]] = {}
    for config in present:
        for column, feature in config_features(config).items():
            _find_labels(feature, column, found)
    for path, names in found.items():
        yield f"| `{path}` | {', '.join(names)} |"
    yield ""
    yield "| entity | is |"
    yield "|---|---|"
    for name, meaning in ENTITY_MEANINGS.items():
        yield f"| {name} | {meaning} |"


def _find_labels(feature: Any, path: str, found: dict[str, Sequence[str]]) -> None:
    inside = getattr(feature, "feature", feature)
    if isinstance(inside, ClassLabel):
        found.setdefault(path.replace("quotes.", ""), inside.names)
    elif isinstance(inside, dict):
        for name, part in inside.items():
            _find_labels(part, f"{path}.{name}", found)
