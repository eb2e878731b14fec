"""The YAML header of a card, read as a stranger's: bounded, plain data, nothing twice."""

from __future__ import annotations

import re
from collections.abc import Hashable

import msgspec
import yaml

from khobor.errors import RecordError

_HEADER = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_MOST_CHARACTERS = 256 * 1024  # a release of four configurations needs 12,000
_DEEPEST = 40
# libyaml's reader does the same ten times as fast; not every build of PyYAML has it.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DataFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The files of a configuration that hold one split."""

    split: str
    path: str | list[str]

    @property
    def paths(self) -> list[str]:
        """Their paths, where there is one of them too."""
        return [self.path] if isinstance(self.path, str) else self.path


class CardConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of `configs`: what load_dataset reads. Anything else there could change the rows."""

    config_name: str
    data_files: list[DataFile]
    version: str
    default: bool = False


class CardSplit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A split as `dataset_info` counts it."""

    name: str
    num_bytes: int
    num_examples: int


class CardInfo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An entry of `dataset_info`."""

    config_name: str
    features: list[object]
    splits: list[CardSplit]
    download_size: int
    dataset_size: int


class CardHeader(msgspec.Struct, frozen=True):
    """What is checked of a card's YAML; other keys are the Hub's own."""

    configs: list[CardConfig] = []
    dataset_info: list[CardInfo] = []
    pretty_name: str = ""
    license: str = ""


def read_header(card: str) -> CardHeader:
    """Turn a card into the header of its YAML; raise RecordError where it is not what loads.

    Aliases and tags are refused: a loader would follow them, a card needs none.
    """
    match = _HEADER.match(card)
    if match is None:
        raise RecordError("has no YAML header between two lines of ---")
    text = match[1]
    if len(text) > _MOST_CHARACTERS:
        raise RecordError(f"its YAML has {len(text):,} characters, more than is read here")
    try:
        _check_events(text)
        loader = _Loader(text)
        node = loader.get_single_node()
        _check_keys(node)
        plain = loader.construct_document(node) if node is not None else None
        return msgspec.convert(plain, CardHeader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        # msgspec's ValidationError is a ValueError, as is a date that does not exist.
        raise RecordError(f"its YAML is not that of a release: {error}") from error


def _check_events(text: str) -> None:
    """Refuse what unfolds: aliases, tags, and depths."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise RecordError("its YAML has an anchor or alias")
        if getattr(event, "tag", None) is not None:
            raise RecordError(f"its YAML has the tag {event.tag}")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _DEEPEST:
            raise RecordError(f"its YAML is nested more than {_DEEPEST} deep")


def _check_keys(node: yaml.Node | None) -> None:
    """Refuse a key that stands in a mapping twice: the last would win without a word."""
    if isinstance(node, yaml.MappingNode):
        keys: set[Hashable] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in keys:
                raise RecordError(f"its YAML has the key {key.value!r} twice in one place")
            keys.add(key.value)
            _check_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _check_keys(value)
