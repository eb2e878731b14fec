"""A table made column by column is the one that Arrow makes of the rows."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.corpus.corpora import Corpus
from khobor.release import parquet
from khobor.release.features import CONFIGS, config_features
from khobor.release.parquet import write_parquet
from khobor.release.rows import config_rows
from khobor.release.tables import table_of
from tests.bengali import texts

_PART = pa.struct([("start", pa.int32()), ("text", pa.string())])
_SCHEMA = pa.schema(
    [
        ("name", pa.string()),
        ("number", pa.int64()),
        ("maybe", pa.int32()),
        ("numbers", pa.list_(pa.int32())),
        ("words", pa.list_(pa.string())),
        ("part", _PART),
        ("parts", pa.list_(_PART)),
        ("nested", pa.list_(pa.struct([("parts", pa.list_(_PART)), ("part", _PART)]))),
    ]
)
_parts = st.fixed_dictionaries({"start": st.integers(0, 99), "text": st.none() | texts()})
_rows = st.fixed_dictionaries(
    {
        "name": st.none() | texts(),
        "number": st.integers(-(2**62), 2**62),
        "maybe": st.none() | st.integers(0, 9),
        "numbers": st.none() | st.lists(st.integers(0, 2**31 - 1), max_size=3),
        "words": st.none() | st.lists(st.none() | texts(max_size=3), max_size=3),
        "part": st.none() | _parts,
        "parts": st.none() | st.lists(_parts, max_size=3),
        "nested": st.lists(
            st.fixed_dictionaries(
                {"parts": st.lists(_parts, max_size=2), "part": st.none() | _parts}
            ),
            max_size=2,
        ),
    }
)


@given(st.lists(_rows, max_size=6))
def test_it_is_the_table_of_arrow(rows: list[dict[str, object]]) -> None:
    table = table_of(rows, _SCHEMA)
    table.validate(full=True)
    assert table.to_pylist() == rows
    assert table.equals(pa.Table.from_pylist(rows, schema=_SCHEMA))


@pytest.mark.parametrize("config", CONFIGS)
def test_files_of_it_have_the_same_bytes(
    corpus: Corpus, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, config: str
) -> None:
    """With the settings of a release: row groups, compression, chunks."""
    rows = [row for entry in corpus.entries for row in config_rows(config, entry)]
    schema = config_features(config).arrow_schema
    ours = write_parquet(tmp_path / "ours", config, "train", rows, schema)
    monkeypatch.setattr(
        parquet,
        "table_of",
        lambda rows, schema: pa.Table.from_pylist(rows, schema=schema).combine_chunks(),
    )
    assert ours is not None
    assert ours == write_parquet(tmp_path / "arrows", config, "train", rows, schema)


@pytest.mark.parametrize("wrong", ["0", 2**31, True, 1.0, b"0", [0], None])
def test_a_value_of_another_type_is_taken_or_refused_as_by_arrow(wrong: object) -> None:
    schema = pa.schema([("start", pa.int32())])
    rows = [{"start": 1}, {"start": wrong}]
    try:
        expected = pa.Table.from_pylist(rows, schema=schema)
    except (pa.ArrowException, OverflowError) as error:
        with pytest.raises(type(error)):
            table_of(rows, schema)
    else:
        assert table_of(rows, schema).equals(expected)
