"""JSON Schemas: generated from the records, never stale, as strict as the records."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from khobor.arrays import encode_array
from khobor.schemas import SCHEMAS, export_schemas, main
from tests.examples import EXAMPLES

CASES = [
    pytest.param(name, record, id=f"{name}-{type(record).__name__}-{number}")
    for name, examples in EXAMPLES.items()
    for number, record in enumerate(examples)
]
every_example = pytest.mark.parametrize(("name", "record"), CASES)


@pytest.fixture(scope="module")
def validators(repository: Path) -> dict[str, Draft202012Validator]:
    """A validator for each schema that lies in schema/."""
    return {
        path.name.removesuffix(".schema.json"): Draft202012Validator(
            msgspec.json.decode(path.read_bytes())
        )
        for path in (repository / "schema").glob("*.schema.json")
    }


def _plain(record: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(record, enc_hook=encode_array))


def test_the_schema_folder_is_not_stale(repository: Path) -> None:
    """Where this fails: python -m khobor.schemas schema/"""
    found = {path.name: path.read_bytes() for path in (repository / "schema").iterdir()}
    assert found == export_schemas()


def test_the_command_writes_every_schema(tmp_path: Path) -> None:
    main(tmp_path / "schema")
    written = {path.name: path.read_bytes() for path in (tmp_path / "schema").iterdir()}
    assert written == export_schemas()


def test_every_schema_is_a_schema(validators: dict[str, Draft202012Validator]) -> None:
    assert set(validators) == set(SCHEMAS) == set(EXAMPLES)
    for validator in validators.values():
        Draft202012Validator.check_schema(validator.schema)


@every_example
def test_every_record_is_valid_by_its_schema(
    validators: dict[str, Draft202012Validator], name: str, record: Any
) -> None:
    assert [error.message for error in validators[name].iter_errors(_plain(record))] == []


@every_example
def test_a_schema_refuses_unknown_fields(
    validators: dict[str, Draft202012Validator], name: str, record: Any
) -> None:
    assert not validators[name].is_valid({**_plain(record), "colour": "red"})


@every_example
def test_a_schema_refuses_a_record_without_a_needed_field(
    validators: dict[str, Draft202012Validator], name: str, record: Any
) -> None:
    plain = _plain(record)
    needed = [field.encode_name for field in msgspec.structs.fields(type(record)) if field.required]
    for field in needed:
        assert not validators[name].is_valid({k: v for k, v in plain.items() if k != field})


@pytest.mark.parametrize("name", ["page", "document", "annotation", "catalogue-row", "split-row"])
@pytest.mark.parametrize("doc_id", ["../page-1", "a/b", ".git", "", "page-1\n", "a" * 81])
def test_a_schema_refuses_a_doc_id_that_leaves_its_folder(
    validators: dict[str, Draft202012Validator], name: str, doc_id: str
) -> None:
    assert not validators[name].is_valid({**_plain(EXAMPLES[name][0]), "doc_id": doc_id})


def test_the_examples_hold_every_record_of_every_line() -> None:
    """So that no record is exported without having been validated once."""
    for name, kind in SCHEMAS.items():
        kinds = set(getattr(kind, "__args__", (kind,)))
        assert {type(record) for record in EXAMPLES[name]} == kinds
