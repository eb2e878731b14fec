"""The parquet files of a release, opened and read as a stranger's: bounded, every failure a fault."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from khobor.errors import KhoborError
from khobor.manifests import ReleaseFile
from khobor.records import SPLITS
from khobor.release.features import CONFIGS, config_features
from khobor.release.verification.faults import Broken, Faults, shown
from khobor.release.verification.rows import ROWS, AnyRow
from khobor.release.verification.signatures import (
    Signature,
    differences,
    signature_of_features,
    signature_of_schema,
)

PATH = re.compile(
    rf"data/({'|'.join(CONFIGS)})/({'|'.join(SPLITS)})-(\d{{5}})-of-(\d{{5}})\.parquet",
    re.ASCII,
)
# Bounds of what is read into memory. khobor writes 1,000 rows a group; the footer says how large a
# group is before any of it is read, and a batch is weighed again once Arrow has unpacked it.
_MOST_ROWS = 10_000
_MOST_GROUP_BYTES = 1 << 30
_MOST_VALUES = 10_000_000  # of a column in a row group: equal ones take next to no bytes
_MOST_BATCH_BYTES = 256 << 20
_BATCH_ROWS = 250
# No value is larger than its column's chunk: so many bytes at most in a batch of one column.
_WORST_BATCH_BYTES = 512 << 20


class BrokenShard(KhoborError):
    """A shard whose rows cannot be read on: nothing behind that place can be checked."""

    def __init__(self, file: str, check: str, message: str) -> None:
        self.file = file
        self.check = check
        super().__init__(message, where=file)


class Shard(msgspec.Struct, frozen=True):
    """A data file that can be read: where it belongs, and what its footer says."""

    path: str
    config: str
    split: str
    rows: int
    bytes: int
    signature: Signature
    joinable: bool  # its columns have the types of the code: rows can be read as records


def open_shard(folder: Path, path: str, size: int, faults: Faults) -> Shard | None:
    """Read the footer of a data file; None, and a fault, where it cannot be used."""
    match = PATH.fullmatch(path)
    if match is None:
        return None  # reported as shard-name
    config, split = match[1], match[2]
    try:
        with pq.ParquetFile(folder / path) as file:
            problem = _too_large(file.metadata, size)
            schema, rows = file.schema_arrow, file.metadata.num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        faults.add(path, "parquet", f"cannot be read as parquet: {shown(error)}")
        return None
    if problem:
        faults.add(path, "parquet", problem)
        return None
    ours, code = _signatures(config)
    found = signature_of_schema(schema)
    broken = list(differences(found, ours, first_name="the file", second_name="this khobor"))
    faults.extend(path, broken)
    signature = _stated_features(path, schema, faults)
    if not broken and signature:
        faults.extend(
            path, differences(signature, code, first_name="the file", second_name="this khobor")
        )
    return Shard(path, config, split, rows, size, signature, joinable=not broken)


@cache
def _signatures(config: str) -> tuple[Signature, Signature]:
    """Give a configuration's columns as the code has them: without names of labels, and with."""
    features = config_features(config)
    return signature_of_schema(features.arrow_schema), signature_of_features(features.to_dict())


def _too_large(metadata: pq.FileMetaData, size: int) -> str:
    """Say why a file would not fit into memory, by its footer; "" where it would."""
    if metadata.num_rows == 0:
        return "holds no rows, which breaks loading; leave the file out"
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        if group.num_rows > _MOST_ROWS:
            return (
                f"row group {number} has {group.num_rows:,} rows, expected at most {_MOST_ROWS:,}"
            )
        chunks = [group.column(at) for at in range(group.num_columns)]
        values = max((chunk.num_values for chunk in chunks), default=0)
        if values > _MOST_VALUES:
            return f"row group {number} has a column of {values:,} values, more than is read here"
        unpacked = sum(max(0, chunk.total_uncompressed_size) for chunk in chunks)
        packed = sum(max(0, chunk.total_compressed_size) for chunk in chunks)
        if max(unpacked, group.total_byte_size) > _MOST_GROUP_BYTES:
            return f"row group {number} unpacks to {unpacked:,} bytes, more than is read here"
        if packed > size:
            return f"row group {number} says it has {packed:,} bytes, the file has {size:,}"
    return ""


def _stated_features(path: str, schema: pa.Schema, faults: Faults) -> Signature:
    """Read the features of the `huggingface` metadata."""
    encoded = (schema.metadata or {}).get(b"huggingface")
    if encoded is None:
        message = "has no `huggingface` metadata, so loaders lose the names of labels"
        faults.add(path, "features", message)
        return ()
    try:
        stated = msgspec.json.decode(encoded, type=dict[str, dict[str, object]])
        return signature_of_features(stated["info"]["features"])
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, RecursionError) as error:
        message = f"its `huggingface` metadata cannot be read: {shown(error)}"
        faults.add(path, "features", message)
        return ()


def shard_rows(
    folder: Path, shard: Shard, stated: ReleaseFile | None, faults: Faults
) -> Iterator[tuple[str, AnyRow | None]]:
    """Read the rows of a shard as (doc_id, record), in order; None for a row that is none.

    When all are read, their number and digest are compared with the manifest's. Raises
    BrokenShard where the file cannot be read on.
    """
    digest, count = hashlib.sha256(), 0
    encoder = msgspec.json.Encoder()
    read = _reader(ROWS[shard.config])
    try:
        with pq.ParquetFile(folder / shard.path) as file:
            for batch in file.iter_batches(batch_size=batch_rows(file.metadata)):
                if batch.nbytes > _MOST_BATCH_BYTES:
                    raise BrokenShard(
                        shard.path,
                        "parquet",
                        f"{batch.num_rows} rows unpack to {batch.nbytes:,} bytes, more than is "
                        "read here",
                    )
                rows = batch.to_pylist()
                digest.update(encoder.encode_lines(rows))
                yield from read(shard.path, count, rows, faults)
                count += len(rows)
    except (pa.ArrowException, OSError, ValueError) as error:
        message = f"cannot be read behind row {count}: {shown(error)}"
        raise BrokenShard(shard.path, "parquet", message) from error
    faults.extend(shard.path, _compare(stated, count, digest.hexdigest()))


def _compare(stated: ReleaseFile | None, count: int, digest: str) -> Iterator[Broken]:
    if stated is None:
        return
    if stated.rows != count:
        yield "row-count", f"holds {count:,} rows, the manifest says {stated.rows:,}"
    if stated.rows_sha256 != digest:
        yield (
            "rows-digest",
            f"its rows have SHA-256 {digest[:12]}…, the manifest says {stated.rows_sha256[:12]}… "
            "(rows_sha256)",
        )


def batch_rows(metadata: pq.FileMetaData) -> int:
    """Choose how many rows are unpacked at a time: one value can be as large as its chunk."""
    largest = 1
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        for at in range(group.num_columns):
            largest = max(largest, group.column(at).total_uncompressed_size)
    return max(1, min(_BATCH_ROWS, _WORST_BATCH_BYTES // largest))


_Rows = list[dict[str, object]]
_Reader = Callable[[str, int, _Rows, Faults], Iterator[tuple[str, AnyRow | None]]]


def _reader(kind: type[AnyRow]) -> _Reader:
    """Make a function that turns rows of Arrow into (doc_id, record) pairs."""

    def read(
        path: str, before: int, rows: _Rows, faults: Faults
    ) -> Iterator[tuple[str, AnyRow | None]]:
        try:
            records: list[AnyRow | None] = msgspec.convert(rows, list[kind])  # type: ignore[valid-type]
        except msgspec.ValidationError:
            records = [_one(path, before + at, row, faults) for at, row in enumerate(rows)]
        for at, (row, record) in enumerate(zip(rows, records, strict=True)):
            doc_id = row["doc_id"]
            if not isinstance(doc_id, str):
                raise BrokenShard(path, "row", f"row {before + at} has no doc_id")
            yield doc_id, record

    def _one(path: str, number: int, row: dict[str, object], faults: Faults) -> AnyRow | None:
        try:
            return msgspec.convert(row, kind)
        except msgspec.ValidationError as error:
            faults.add(path, "row", f"row {number} ({shown(row['doc_id'])}): {error}")
            return None

    return read
