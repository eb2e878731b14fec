"""Parquet files that are the same bytes for the same rows.

Sorted rows, one chunk a column, fixed row groups, zstd, the `huggingface` metadata (without it
label names are lost), a page index and content-defined chunks for the Hub's deduplication.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from khobor.capture.pages import sha256_of
from khobor.manifests import ReleaseFile
from khobor.records import SplitName
from khobor.release.rows import Row
from khobor.release.tables import table_of

ROW_GROUP = 1000


def data_path(config: str, split: SplitName, shard: int = 0, shards: int = 1) -> str:
    """Name a data file, relative to its release."""
    return f"data/{config}/{split}-{shard:05d}-of-{shards:05d}.parquet"


def write_parquet(
    folder: Path,
    config: str,
    split: SplitName,
    rows: Iterable[Row],
    schema: pa.Schema,
    *,
    shard: int = 0,
    shards: int = 1,
) -> ReleaseFile | None:
    """Turn rows into data/<config>/<split>-<shard>-of-<shards>.parquet below `folder`.

    None where there are no rows: an empty parquet breaks loading, so it is left out.
    """
    listed = list(rows)
    if not listed:
        return None
    relative = data_path(config, split, shard, shards)
    path = folder / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(
        table_of(listed, schema),
        path,
        row_group_size=ROW_GROUP,
        compression="zstd",
        write_page_index=True,
        use_content_defined_chunking=True,
    )
    encoder = msgspec.json.Encoder()
    return ReleaseFile(
        path=relative,
        config=config,
        split=split,
        rows=len(listed),
        bytes=path.stat().st_size,
        sha256=sha256_of(path.read_bytes()),
        rows_sha256=sha256_of(encoder.encode_lines(listed)),
    )
