"""What a build cannot do without: parsing its pages and encoding its parquet files, alone."""

from __future__ import annotations

import time
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from selectolax.lexbor import LexborHTMLParser

from khobor.release.contents import read_manifest
from khobor.release.parquet import ROW_GROUP


def parse_seconds(crawl: Path) -> float:
    """Time the parser on the HTML of a crawl's rows, read before."""
    taken = 0.0
    with crawl.open("rb") as lines:
        for line in lines:
            html = msgspec.json.decode(line)["html"]
            begun = time.perf_counter()
            LexborHTMLParser(html)
            taken += time.perf_counter() - begun
    return taken


def encode_seconds(release: Path) -> float:
    """Time pyarrow on the tables of a release, read before, with the release's own settings."""
    taken = 0.0
    for file in read_manifest(release).files:
        table = pq.read_table(release / file.path)
        begun = time.perf_counter()
        pq.write_table(
            table.combine_chunks(),
            pa.BufferOutputStream(),
            row_group_size=ROW_GROUP,
            compression="zstd",
            write_page_index=True,
            use_content_defined_chunking=True,
        )
        taken += time.perf_counter() - begun
    return taken
