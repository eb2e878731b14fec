"""Croissant: valid to mlcroissant, and its records are the rows of the files."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import mlcroissant
import numpy as np
import pytest

from khobor.corpus.corpora import Corpus, assemble
from khobor.manifests import About, Author, Citation
from khobor.release.features import CONFIGS
from khobor.release.writers import write_release
from tests.rows import Row, read_rows


@pytest.fixture(scope="module")
def cited(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with all that metadata can say."""
    citation = Citation(
        cff_version="1.2.0",
        message="Please cite it.",
        title='খবর "and" more',
        authors=(Author(given_names="Ruma", family_names="Sen", orcid="https://orcid.org/0"),),
        type="dataset",
        date_released="2026-11-25",
        url="https://khobor.example/corpus",
        keywords=("Bengali",),
    )
    out = tmp_path_factory.mktemp("cited")
    about = About(description="Pages for a test.", licence="Free.", citation=citation)
    # Frozen, so that it has a date; its rows are those of any other build.
    return write_release(corpus, out, name="sample", version="1.0.0", about=about)[0]


def test_the_metadata_of_a_cited_release_are_valid_without_a_warning(cited: Path) -> None:
    metadata = mlcroissant.Dataset(jsonld=cited / "croissant.json").metadata
    assert not metadata.ctx.issues.errors
    assert not metadata.ctx.issues.warnings
    assert metadata.version == "1.0.0"
    assert metadata.creators[0].name == "Ruma Sen"
    assert metadata.annotations_per_item


def test_a_release_that_nobody_described_is_valid_too(release: Path) -> None:
    """Its warnings are true: nobody said how to cite it, and a development build has no date."""
    metadata = mlcroissant.Dataset(jsonld=release / "croissant.json").metadata
    assert not metadata.ctx.issues.errors
    missing = sorted(re.findall(r"/(\w+)\" is recommended", " ".join(metadata.ctx.issues.warnings)))
    assert missing == ["citeAs", "datePublished"]


def test_a_release_without_a_document_is_valid(sources: Path, tmp_path: Path) -> None:
    corpus = assemble([sources / "plain" / "empty.txt"])
    path, _ = write_release(corpus, tmp_path, name="none", version="1.0.0.dev0")
    assert not mlcroissant.Dataset(jsonld=path / "croissant.json").metadata.ctx.issues.errors


@pytest.mark.parametrize("config", CONFIGS)
def test_the_records_are_the_rows(config: str, release: Path) -> None:
    rows = {_key(row, config): row for row in read_rows(release, config)}
    read = list(mlcroissant.Dataset(jsonld=release / "croissant.json").records(config))
    assert len(read) == len(rows)
    for record in read:
        found = {name.split("/", 1)[1]: _plain(value) for name, value in record.items()}
        row = rows[_key(found, config)]
        assert found.pop("split") in ("train", "validation", "test")
        for column, value in found.items():
            if "/" not in column and not isinstance(value, dict) and not _is_structs(value):
                assert value == row[column], column
        for column in _struct_columns(row):
            if column in found:
                assert _starts(found[column], f"{column}/start") == _starts(row[column], "start")


def test_files_and_digests_are_those_of_the_manifest(cited: Path) -> None:
    croissant = json.loads((cited / "croissant.json").read_bytes())
    manifest = json.loads((cited / "manifest.json").read_bytes())
    objects = {d["contentUrl"]: d for d in croissant["distribution"] if "contentUrl" in d}
    assert {path: d["sha256"] for path, d in objects.items()} == {
        file["path"]: file["sha256"] for file in manifest["files"]
    }


def test_licences_that_are_known_are_addresses_and_others_are_named(release: Path) -> None:
    licences = json.loads((release / "croissant.json").read_bytes())["license"]
    assert "https://creativecommons.org/licenses/by/4.0/" in licences
    assert [licence["name"] for licence in licences if isinstance(licence, dict)] == ["not stated"]


def _key(row: Row, config: str) -> str:
    names = {"sentences": "sentence_id", "quotes": "quote_id"}
    return str(row[names.get(config, "doc_id")])


def _is_structs(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(part, dict) for part in value)


def _struct_columns(row: Row) -> list[str]:
    """Name the columns that are a span, or a list of spans."""
    return [
        name
        for name, value in row.items()
        if (value[0] if isinstance(value, list) and value else value).__class__ is dict
        and "start" in (value[0] if isinstance(value, list) else value)
    ]


def _starts(value: Any, name: str) -> list[int]:
    parts = value if isinstance(value, list) else [value]
    starts = []
    for part in parts:
        (found,) = [v for key, v in part.items() if key == name or key.endswith(f"/{name}")]
        starts.append(found)
    return starts


def _plain(value: Any) -> Any:
    """Turn what mlcroissant gives (bytes, numpy values) into what a row holds."""
    if isinstance(value, bytes):
        return value.decode("utf-8")
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, list):
        return [_plain(part) for part in value]
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, float) and np.isnan(value):
        return None
    return value
