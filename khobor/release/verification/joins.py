"""The rows of one split, document by document: four configurations read side by side.

All are sorted by doc_id, so one document at a time is in memory (and the batch that Arrow read).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from khobor.manifests import ReleaseFile
from khobor.release.features import CONFIGS
from khobor.release.verification.faults import Faults, shown
from khobor.release.verification.rows import (
    AnyRow,
    DocumentRow,
    PageRow,
    QuoteRow,
    SentenceRow,
)
from khobor.release.verification.shards import BrokenShard, Shard, shard_rows

_Placed = tuple[str, str, AnyRow | None]  # file, doc_id, record


class Group:
    """All rows of one document: records, how many rows there were, and in which file."""

    def __init__(self, doc_id: str) -> None:
        self.doc_id = doc_id
        self.documents: list[DocumentRow] = []
        self.pages: list[PageRow] = []
        self.sentences: list[SentenceRow] = []
        self.quotes: list[QuoteRow] = []
        self.counts: dict[str, int] = dict.fromkeys(CONFIGS, 0)
        self.files: dict[str, str] = {}
        self.broken = False  # a row of it is no record: reported as `row`

    def add(self, config: str, file: str, record: AnyRow | None) -> None:
        """Take a row in; more rows than a text has letters are counted and not kept."""
        self.counts[config] += 1
        self.files.setdefault(config, file)
        most = len(self.documents[0].text) if self.documents else 1
        if record is None:
            self.broken = True
        elif self.counts[config] <= most:
            kept: list[AnyRow] = getattr(self, config)
            kept.append(record)


def read_groups(
    folder: Path, shards: Sequence[Shard], stated: Mapping[str, ReleaseFile], faults: Faults
) -> Iterator[Group]:
    """Read the rows of one split, a document at a time, in the order of doc_id.

    Raises BrokenShard where a file cannot be read on or is not sorted.
    """
    streams = {
        config: _sorted_rows(folder, [s for s in shards if s.config == config], stated, faults)
        for config in CONFIGS
    }
    heads = {config: next(stream, None) for config, stream in streams.items()}
    while True:
        waiting = [head[1] for head in heads.values() if head is not None]
        if not waiting:
            return
        group = Group(min(waiting))
        for config, stream in streams.items():
            head = heads[config]
            while head is not None and head[1] == group.doc_id:
                group.add(config, head[0], head[2])
                head = next(stream, None)
            heads[config] = head
        yield group


def _sorted_rows(
    folder: Path, shards: Sequence[Shard], stated: Mapping[str, ReleaseFile], faults: Faults
) -> Iterator[_Placed]:
    previous = ""
    for shard in sorted(shards, key=lambda shard: shard.path):
        for doc_id, record in shard_rows(folder, shard, stated.get(shard.path), faults):
            if doc_id < previous:
                raise BrokenShard(
                    shard.path,
                    "row-order",
                    f"{shown(doc_id)} stands behind {shown(previous)}; rows are sorted by doc_id, "
                    "and those behind it were not checked",
                )
            previous = doc_id
            yield shard.path, doc_id, record
