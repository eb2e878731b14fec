"""Faults in what describes the rows: card, features, manifest, croissant.json."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import yaml

from tests.release.verification.fakes import (
    Plant,
    assert_found,
    checks_of,
    copy_of,
    edit_table,
    edit_text,
    fit_sums,
)

SENTENCES = "data/sentences/train-00000-of-00001.parquet"
Header = dict[str, Any]


def _in_header(edit: Callable[[Header], object]) -> Plant:
    """Change the card's YAML."""

    def plant(folder: Path) -> None:
        path = folder / "README.md"
        _, header, body = path.read_text(encoding="utf-8").split("---\n", 2)
        plain = yaml.load(header, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        edit(plain)
        dumped = yaml.safe_dump(plain, sort_keys=False, allow_unicode=True)
        path.write_text(f"---\n{dumped}---\n{body}", encoding="utf-8")

    return plant


def _info(header: Header, config: str) -> Header:
    found: Header = next(i for i in header["dataset_info"] if i["config_name"] == config)
    return found


def _config(header: Header, config: str) -> Header:
    found: Header = next(c for c in header["configs"] if c["config_name"] == config)
    return found


def _ner_names(header: Header) -> dict[str, str]:
    column = next(c for c in _info(header, "sentences")["features"] if c["name"] == "ner_tags")
    names: dict[str, str] = column["list"]["class_label"]["names"]
    return names


def _swap_labels(header: Header) -> None:
    names = _ner_names(header)
    names["1"], names["3"] = names["3"], names["1"]


def _swap_labels_in_parquet(folder: Path) -> None:
    """The `huggingface` metadata of every shard, as another khobor would have written it."""

    def swap(table: pa.Table) -> pa.Table:
        metadata = dict(table.schema.metadata)
        stated = json.loads(metadata[b"huggingface"])
        names = stated["info"]["features"]["ner_tags"]["feature"]["names"]
        names[1], names[3] = names[3], names[1]
        metadata[b"huggingface"] = json.dumps(stated).encode()
        return table.replace_schema_metadata(metadata)

    for path in sorted((folder / "data" / "sentences").iterdir()):
        edit_table(path, swap)


def _swap_everywhere(folder: Path) -> None:
    _swap_labels_in_parquet(folder)
    _in_header(_swap_labels)(folder)


def _spoil_metadata(folder: Path) -> None:
    def spoil(table: pa.Table) -> pa.Table:
        return table.replace_schema_metadata({b"huggingface": b'{"info": \xff}'})

    edit_table(folder / SENTENCES, spoil)


def _nest_labels(folder: Path) -> None:
    def nest(table: pa.Table) -> pa.Table:
        metadata = dict(table.schema.metadata)
        stated = json.loads(metadata[b"huggingface"])
        deep: list[object] = []
        for _ in range(900):
            deep = [deep]
        stated["info"]["features"]["ner_tags"]["feature"]["names"] = deep
        metadata[b"huggingface"] = json.dumps(stated).encode()
        return table.replace_schema_metadata(metadata)

    edit_table(folder / SENTENCES, nest)


def _forget_metadata(folder: Path) -> None:
    edit_table(folder / SENTENCES, lambda table: table.replace_schema_metadata(None))


def _swap_splits(header: Header) -> None:
    first, second, *_ = _config(header, "documents")["data_files"]
    first["path"], second["path"] = second["path"], first["path"]


def _more_rows(header: Header) -> None:
    _info(header, "documents")["splits"][0]["num_examples"] += 1


CARDS: dict[str, tuple[Plant, set[str]]] = {
    "label order swapped in the card": (_in_header(_swap_labels), {"labels"}),
    "label order swapped in parquet": (_swap_labels_in_parquet, {"labels"}),
    "label order swapped in card and parquet": (_swap_everywhere, {"labels"}),
    "a label is missing in the card": (
        _in_header(lambda header: _ner_names(header).popitem()),
        {"labels"},
    ),
    "labels of the card have other numbers": (
        _in_header(lambda header: _ner_names(header).update({"99": _ner_names(header).pop("0")})),
        {"features"},
    ),
    "a column of the card is missing": (
        _in_header(lambda header: _info(header, "pages")["features"].pop()),
        {"features"},
    ),
    "a column of the card has another type": (
        _in_header(lambda header: _info(header, "pages")["features"][0].update(dtype="int64")),
        {"features"},
    ),
    "parquet has lost the names of its labels": (_forget_metadata, {"features"}),
    "parquet has metadata that are none": (_spoil_metadata, {"features"}),
    "parquet has labels nested without end": (_nest_labels, {"features"}),
    "a configuration is missing in the card": (
        _in_header(lambda header: header["configs"].pop()),
        {"card-files"},
    ),
    "train and validation are swapped in the card": (_in_header(_swap_splits), {"card-files"}),
    "the card reads files by a glob": (
        _in_header(
            lambda header: _config(header, "pages")["data_files"][0].update(path="data/pages/*")
        ),
        {"card-files"},
    ),
    "the card reads files from elsewhere": (
        _in_header(
            lambda header: _config(header, "pages")["data_files"][0].update(
                path="https://pages.example/train.parquet"
            )
        ),
        {"card-files"},
    ),
    "the card turns columns away": (
        _in_header(lambda header: _config(header, "pages").update(drop_labels=True)),
        {"card"},
    ),
    "the default is another configuration": (
        _in_header(lambda header: _config(header, "documents").pop("default")),
        {"card-files"},
    ),
    "the card states another version": (
        _in_header(lambda header: _config(header, "pages").update(version="1.0.1")),
        {"version"},
    ),
    "the card has another title": (
        lambda folder: edit_text(folder / "README.md", "\n# sample 1.0.0.dev0", "\n# sample 1.0.0"),
        {"version"},
    ),
    "a licence is stated that texts do not have": (
        _in_header(lambda header: header.update(license="cc-by-4.0")),
        {"licence"},
    ),
    "the card says that another number of pages went in": (
        lambda folder: edit_text(folder / "README.md", " pages went in", "9 pages went in"),
        {"card-figures"},
    ),
    "the card counts other tokens": (
        lambda folder: edit_text(folder / "README.md", "| tokens | ", "| tokens | 9"),
        {"card-figures"},
    ),
    "the card counts other rows": (
        lambda folder: edit_text(folder / "README.md", "| `pages` | ", "| `pages` | 9"),
        {"card-figures"},
    ),
    "the card has no YAML": (
        lambda folder: edit_text(folder / "README.md", "---\n", ""),
        {"card"},
    ),
    "the card has a YAML tag": (
        lambda folder: edit_text(
            folder / "README.md", "---\n", "---\nrun: !!python/object/apply:os.getcwd []\n"
        ),
        {"card"},
    ),
    "the card has a YAML alias": (
        lambda folder: edit_text(folder / "README.md", "---\n", "---\na: &a [1]\nb: *a\n"),
        {"card"},
    ),
}


@pytest.mark.parametrize("name", CARDS)
def test_a_fault_of_the_card_is_found(name: str, small_release: Path, tmp_path: Path) -> None:
    assert_found(small_release, tmp_path, *CARDS[name])


def test_a_wrong_number_of_rows_in_the_card_is_found(small_release: Path, tmp_path: Path) -> None:
    """By itself: making the books fit again mends it."""
    folder = copy_of(small_release, tmp_path)
    _in_header(_more_rows)(folder)
    fit_sums(folder)
    assert checks_of(folder) == {"card-sizes"}


def test_a_key_that_stands_in_the_card_twice_is_found(small_release: Path, tmp_path: Path) -> None:
    """The last one would win without a word."""
    folder = copy_of(small_release, tmp_path)
    edit_text(folder / "README.md", "---\n", "---\nconfigs: []\n")
    fit_sums(folder)
    assert checks_of(folder) == {"card"}
