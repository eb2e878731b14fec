"""Faults in what describes the rows: card, features, manifest, croissant.json."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pytest
import yaml

from khobor.release.features import CONFIGS, config_features
from khobor.release.verification.releases import verify_release
from tests.release.verification.fakes import (
    Plant,
    assert_found,
    checks_of,
    copy_of,
    edit_manifest,
    edit_table,
    edit_text,
    fit,
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


# --- manifest.json ----------------------------------------------------------------------------


def _set(**changes: Any) -> Plant:
    return lambda folder: edit_manifest(folder, lambda manifest: manifest.update(changes))


def _count_up(name: str) -> Plant:
    def change(manifest: dict[str, Any]) -> None:
        manifest[name] += 1

    return lambda folder: edit_manifest(folder, change)


def _in_file(**changes: Any) -> Plant:
    return lambda folder: edit_manifest(
        folder, lambda manifest: manifest["files"][0].update(changes)
    )


MANIFESTS: dict[str, tuple[Plant, set[str]]] = {
    **{
        f"the manifest counts another number of {name}": (
            _count_up(name),
            {"count"} if name == "held" else {"count", "card-figures"},
        )
        for name in ("pages", "documents", "withheld", "held", "rejects", "misfits")
    },
    "the version is none": (_set(version="next"), {"version"}),
    "the version is another": (_set(version="2.0.0.dev0"), {"version"}),
    "a provisional build says that it is frozen": (_set(version="1.0.0"), {"version", "split"}),
    "it says that it must not be published": (_set(publishable=False), {"publishable"}),
    "it says that it is a local build": (
        _set(version="1.0.0.dev0+local"),
        {"version", "publishable"},
    ),
    "another guideline": (_set(guidelines=["9.9"]), {"guideline"}),
    "a file is said to be of another split": (_in_file(split="test"), {"shard-name"}),
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_a_fault_of_the_manifest_is_found(name: str, small_release: Path, tmp_path: Path) -> None:
    assert_found(small_release, tmp_path, *MANIFESTS[name])


def test_a_file_that_lies_out_of_the_folder_is_not_opened(
    small_release: Path, tmp_path: Path
) -> None:
    folder = copy_of(small_release, tmp_path)
    _in_file(path="../elsewhere.parquet")(folder)
    fit_sums(folder)
    (tmp_path / "elsewhere.parquet").symlink_to("/dev/full")  # reading it would never end
    assert {"shard-name", "stray-shard"} <= checks_of(folder)


@pytest.mark.parametrize(
    ("change", "check"),
    [
        ({"rows": 10_000}, "row-count"),
        ({"bytes": 1}, "byte-count"),
        ({"sha256": "0" * 64}, "checksum"),
        ({"rows_sha256": "0" * 64}, "rows-digest"),
    ],
)
def test_what_the_manifest_says_of_a_file_is_checked(
    change: dict[str, Any], check: str, small_release: Path, tmp_path: Path
) -> None:
    """By itself: making the books fit again mends it."""
    folder = copy_of(small_release, tmp_path)
    _in_file(**change)(folder)
    fit_sums(folder)
    assert checks_of(folder) == {check}


# --- croissant.json ---------------------------------------------------------------------------


def _croissant(folder: Path) -> dict[str, Any]:
    manifest = msgspec.json.decode((folder / "manifest.json").read_bytes())
    return {
        "@type": "sc:Dataset",
        "version": "1.0.0",
        "distribution": [
            {"@id": file["path"], "contentUrl": file["path"], "sha256": file["sha256"]}
            for file in manifest["files"]
        ],
        "recordSet": [
            {
                "@id": config,
                "field": [{"@id": f"{config}/{column}"} for column in config_features(config)],
            }
            for config in CONFIGS
        ],
    }


CROISSANTS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a column is missing": (lambda c: c["recordSet"][0]["field"].pop(), "features"),
    "a column is new": (
        lambda c: c["recordSet"][0]["field"].append({"name": "documents/words"}),
        "features",
    ),
    "a file has another checksum": (
        lambda c: c["distribution"][0].update(sha256="0" * 64),
        "checksum",
    ),
    "a file is not there": (
        lambda c: c["distribution"][0].update(contentUrl="data/gone.parquet"),
        "croissant",
    ),
    "another version": (lambda c: c.update(version="3.0.0"), "version"),
    "no version": (lambda c: c.pop("version"), "version"),
}


@pytest.mark.parametrize("name", CROISSANTS)
def test_a_fault_of_croissant_is_found(name: str, small_release: Path, tmp_path: Path) -> None:
    edit, check = CROISSANTS[name]
    folder = copy_of(small_release, tmp_path)
    croissant = _croissant(folder)
    edit(croissant)
    (folder / "croissant.json").write_text(json.dumps(croissant), encoding="utf-8")
    assert checks_of(folder) == {check, "unlisted"}
    fit(folder)
    assert checks_of(folder) == {check}


def test_a_release_with_croissant_is_sound(small_release: Path, tmp_path: Path) -> None:
    folder = copy_of(small_release, tmp_path)
    (folder / "croissant.json").write_text(json.dumps(_croissant(folder)), encoding="utf-8")
    fit(folder)
    assert verify_release(folder) == []


# --- what is no card, no manifest at all ------------------------------------------------------

ABSURD = (
    b"",
    b"null",
    b"\xff\xfe\x00",
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b'{"version": ' + b"9" * 10_000 + b"}",
)
ABSURD_YAML = (
    b"[" * 100_000,
    b"configs: 2001-99-99",
    b"configs: " + b"9" * 10_000,
    b"configs: .inf",
    b"? [a]\n: b",
    b"\x00",
    b"",
)


@pytest.mark.parametrize(
    "name",
    [
        *("README.md", "manifest.json", "croissant.json", "splits.jsonl", "SHA256SUMS"),
        *("reports/misfits.jsonl", "reports/agreements.jsonl", "standoff/char-ferry.jsonl"),
        "standoff/catalogue.jsonl",
    ],
)
def test_absurd_files_are_faults_and_no_tracebacks(
    name: str, small_release: Path, tmp_path: Path
) -> None:
    folder = copy_of(small_release, tmp_path)
    harmless = {"reports/misfits.jsonl", "reports/agreements.jsonl"}  # empty, they are sound
    more = [b"---\n" + yaml + b"\n---\n" for yaml in ABSURD_YAML if name == "README.md"]
    for content in (*ABSURD, *more):
        (folder / name).write_bytes(content)
        if name != "SHA256SUMS":
            fit_sums(folder)
        faults = verify_release(folder)
        assert faults or (name in harmless and not content)
        assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", fault.check) for fault in faults)
        assert all(str(fault).isprintable() for fault in faults)


@pytest.mark.parametrize("digits", [19, 4_000])
def test_numbers_beyond_any_file_are_faults(
    digits: int, small_release: Path, tmp_path: Path
) -> None:
    folder = copy_of(small_release, tmp_path)
    number = int("9" * digits)
    _in_file(rows=number)(folder)
    _in_header(lambda header: _info(header, "pages").update(download_size=number))(folder)
    fit_sums(folder)
    assert {"card-sizes"} <= checks_of(folder)
