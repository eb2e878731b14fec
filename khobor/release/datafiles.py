"""The files of a range of documents: a parquet file a configuration, and stand-off annotations.

Any process of a build writes them, so `datasets` is not imported here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import pyarrow as pa

from khobor.annotations.files import annotation_lines, without_words
from khobor.corpus.corpora import Entry
from khobor.jsonl import write_records
from khobor.manifests import ReleaseFile
from khobor.records import Annotation, Block, SplitName
from khobor.release.facts import Facts, facts_of
from khobor.release.features import CONFIGS
from khobor.release.parquet import write_parquet
from khobor.release.rows import config_rows


class Part(msgspec.Struct, frozen=True):
    """What writing a range of documents gave: its data files, and what is known of it."""

    files: tuple[ReleaseFile, ...]
    facts: Facts


def write_part(
    folder: Path,
    entries: Sequence[Entry],
    schemas: Mapping[str, pa.Schema],
    *,
    split: SplitName,
    shard: int,
    shards: int,
) -> Part:
    """Turn a range of one split's documents, sorted by doc_id, into files below `folder`.

    A data file a configuration that has rows, and the stand-off of annotated documents.
    """
    files = []
    for config in CONFIGS:
        rows = (row for entry in entries for row in config_rows(config, entry))
        written = write_parquet(
            folder, config, split, rows, schemas[config], shard=shard, shards=shards
        )
        if written is not None:
            files.append(written)
    for entry in entries:
        if entry.annotation is not None:
            notes = entry.row is None or not entry.row.withheld
            bare = without_words(entry.annotation, notes=notes)
            write_standoff(folder / "standoff", bare, entry.document.blocks)
    return Part(tuple(files), facts_of(entries))


def write_standoff(folder: Path, annotation: Annotation, blocks: tuple[Block, ...]) -> None:
    """Write what an annotator said as offsets into the page text, without its words."""
    header, *items = annotation_lines(annotation)
    bare = [Block(block.start, block.end, block.label) for block in blocks]
    write_records(folder / f"{annotation.doc_id}.jsonl", [header, *bare, *items])
