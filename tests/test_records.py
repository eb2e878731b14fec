"""Records: frozen, unknown fields refused, ids that are safe as names of files."""

from __future__ import annotations

import pickle
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any, get_args

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor import manifests, records
from khobor.arrays import decode_array, encode_array
from khobor.records import DocId, ItemId, Tokens
from tests.examples import DOCUMENT, EXAMPLES, MENTION, SHA

ALL = {
    type(record).__name__: record for name in EXAMPLES for record in EXAMPLES[name]
}  # one of each kind


def _encode(record: Any) -> bytes:
    return msgspec.json.encode(record, enc_hook=encode_array)


def _decode(line: bytes, kind: Any) -> Any:
    return msgspec.json.decode(line, type=kind, dec_hook=decode_array)


every_record = pytest.mark.parametrize("record", ALL.values(), ids=ALL.keys())


@every_record
def test_a_record_comes_back_from_json(record: Any) -> None:
    assert _decode(_encode(record), type(record)) == record


@every_record
def test_a_record_comes_back_from_a_worker(record: Any) -> None:
    assert pickle.loads(pickle.dumps(record)) == record


@every_record
def test_a_record_refuses_an_unknown_field(record: Any) -> None:
    line = _encode(record)[:-1] + b',"colour":"red"}'
    with pytest.raises(msgspec.ValidationError, match="colour"):
        _decode(line, type(record))


@every_record
def test_a_record_cannot_be_changed(record: Any) -> None:
    with pytest.raises(AttributeError):
        setattr(record, record.__struct_fields__[0], None)


@pytest.mark.parametrize(
    "struct",
    [
        value
        for value in (*vars(records).values(), *vars(manifests).values())
        if isinstance(value, type) and issubclass(value, msgspec.Struct)
    ],
)
def test_every_record_is_frozen_and_refuses_unknown_fields(struct: type[msgspec.Struct]) -> None:
    assert struct.__struct_config__.frozen
    assert struct.__struct_config__.forbid_unknown_fields


BAD_IDS = {
    "parent": "..",
    "this folder": ".",
    "above": "../page-1",
    "below": "a/b",
    "back": "a/../../b",
    "absolute": "/etc",
    "backslash": "a\\..\\b",
    "drive": "C:page",
    "hidden": ".git",
    "empty": "",
    "line end": "page-1\n",
    "line end inside": "page\n1",
    "NUL": "page\0",
    "space": "page 1",
    "option": "-rf",
    "Bengali": "পাতা",
    "too long": "a" * 81,
}


@pytest.mark.parametrize("doc_id", BAD_IDS.values(), ids=BAD_IDS.keys())
def test_no_record_takes_a_doc_id_that_is_no_plain_name(doc_id: str) -> None:
    named = [record for record in ALL.values() if "doc_id" in record.__struct_fields__]
    assert len(named) >= 8
    for record in named:
        bad = msgspec.structs.replace(record, doc_id=doc_id)
        with pytest.raises(msgspec.ValidationError, match="doc_id"):
            _decode(_encode(bad), type(record))


@given(st.text(alphabet="aZ0._-/\\:~\n\0 \u2028ক", max_size=8))
def test_a_doc_id_cannot_leave_its_folder(name: str) -> None:
    try:
        doc_id = msgspec.convert(name, DocId)
    except msgspec.ValidationError:
        return
    for path_kind in (PurePosixPath, PureWindowsPath):
        folder = path_kind("corpus/pages")
        assert (folder / doc_id).parent == folder
        assert (folder / doc_id).name == doc_id
        assert doc_id not in {".", ".."}


@pytest.mark.parametrize("doc_id", ["a", "page-1", "0123456789abcdef", "A.b_c-d", "a" * 80])
def test_plain_names_are_doc_ids(doc_id: str) -> None:
    assert msgspec.convert(doc_id, DocId) == doc_id


@pytest.mark.parametrize("name", ["e 1", "", "e1\n", "q/1", "a" * 41])
def test_ids_of_mentions_and_quotes_are_plain_names_too(name: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(name, ItemId)


@pytest.mark.parametrize(
    "digest", [SHA[:-1], SHA + "0", SHA[:-1] + "A", SHA[:-1] + "g", SHA + "\n"]
)
def test_a_digest_is_64_lower_hex_digits(digest: str) -> None:
    bad = msgspec.structs.replace(EXAMPLES["blocks-line"][0], text_sha256=digest)
    with pytest.raises(msgspec.ValidationError, match="text_sha256"):
        _decode(_encode(bad), type(bad))


@pytest.mark.parametrize("field", ["start", "end", "name_end"])
@pytest.mark.parametrize("value", [-1, 1.5, "3", None, True])
def test_an_offset_is_a_whole_number_from_0(field: str, value: object) -> None:
    mention = {**msgspec.to_builtins(MENTION), field: value}
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.convert(mention, records.Mention)


def test_tokens_come_back_as_int32_arrays() -> None:
    tokens = _decode(_encode(DOCUMENT), records.Document).tokens
    assert (tokens.starts.dtype, tokens.ends.dtype) == (np.int32, np.int32)
    assert tokens == DOCUMENT.tokens


def test_tokens_differ_where_any_bound_differs() -> None:
    starts, ends = np.array([0, 3], np.int32), np.array([2, 5], np.int32)
    assert Tokens(starts, ends) == Tokens(starts.copy(), ends.copy())
    assert Tokens(starts, ends) != Tokens(starts, ends + 1)
    assert Tokens(starts, ends) != Tokens(starts[:1], ends[:1])
    assert Tokens(starts, ends) != (starts, ends)


def test_no_other_object_slips_into_a_record() -> None:
    with pytest.raises(NotImplementedError, match="complex"):
        _encode({"authors": 1j})


def test_the_numbers_of_labels_never_move() -> None:
    """ClassLabels follow these orders in published releases: new names come last."""
    assert records.BLOCK_LABELS[:12] == (
        *("headline", "standfirst", "byline", "dateline", "timestamp", "subheading"),
        *("paragraph", "list", "caption", "related", "advert", "chrome"),
    )
    assert records.ENTITY_LABELS[:11] == (
        *("PER", "ORG", "GPE", "LOC", "PRODUCT", "WORK", "EVENT", "NORP", "DATE", "TIME", "NUM"),
    )
    assert records.QUOTE_ROLES[:3] == ("CONTENT", "CUE", "SPEAKER")
    assert records.QUOTE_KINDS[:3] == ("direct", "indirect", "mixed")
    assert records.QUOTE_MARKINGS[:3] == ("marked", "bare", "headline")
    assert records.QUOTE_MEDIA[:4] == ("speech", "post", "document", "unknown")
    assert records.ANNOTATION_STATES[:4] == ("none", "partial", "silver", "gold")
    assert records.PROVENANCES[:2] == ("composed", "captured")
    assert records.SPLITS == ("train", "validation", "test")


def test_every_block_label_is_the_articles_or_furniture() -> None:
    assert set(get_args(records.BlockLabel)) == records.ARTICLE_LABELS | records.FURNITURE_LABELS
    assert not records.ARTICLE_LABELS & records.FURNITURE_LABELS
    assert {"related", "advert", "chrome"} == records.FURNITURE_LABELS
