"""Inputs cut into shards, in an order of their own: the same plan for any number of workers.

Files are cut by their names: a file more or less changes the shard that it stands in, and no
other. Crawl files are cut by the task that reads them through.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from khobor.capture.crawls import Columns, is_crawl
from khobor.corpus.scans import Scan
from khobor.corpus.shards import Job, Shard
from khobor.corpus.sources import PageTask, list_plain_files
from khobor.corpus.works import PLAN, key_of
from khobor.paths import as_path, write_file

# A file whose name's digest says so ends a shard: one in so many, and the most a shard takes.
SHARD_FILES = 256
_MOST_FILES = 1024

Unit = Shard | Scan


class PlannedShard(msgspec.Struct, frozen=True):
    """A shard of a finished plan: its key, its pages, and how many of them killed a process."""

    key: str
    pages: int
    crashed: int = 0


class Plan(msgspec.Struct, frozen=True):
    """plan.json: what a build is made from, in order. Readers trust it, never a listing."""

    run: str
    code: str
    inputs: tuple[str, ...]
    annotations: str
    columns: Columns
    shards: tuple[PlannedShard, ...]


def plan_units(job: Job, catalogued: Sequence[PageTask], paths: Sequence[Path]) -> Iterator[Unit]:
    """Turn the inputs of a build into shards and crawl files to scan, in the plan's order.

    Catalogued pages come first, so that of two pages with one doc_id theirs stays.
    """
    yield from _cut(job, catalogued)
    files: list[PageTask] = []
    for task in list_plain_files(paths):
        if is_crawl(task.source):
            yield from _cut(job, files)
            files = []
            yield Scan(job, task.source, task.path)
        else:
            files.append(task)
            if _is_full(files):
                yield Shard(job, tuple(files))
                files = []
    yield from _cut(job, files)


def _cut(job: Job, tasks: Iterable[PageTask]) -> Iterator[Shard]:
    files: list[PageTask] = []
    for task in tasks:
        files.append(task)
        if _is_full(files):
            yield Shard(job, tuple(files))
            files = []
    if files:
        yield Shard(job, tuple(files))


def _is_full(files: Sequence[PageTask]) -> bool:
    name = files[-1].source.encode("utf-8", "surrogatepass")
    drawn = int.from_bytes(hashlib.sha256(name).digest()[:8], "big")
    return drawn % SHARD_FILES == 0 or len(files) == _MOST_FILES


def count_files(paths: Sequence[Path]) -> tuple[int, dict[str, int]]:
    """Count the pages that are files, and the bytes of each crawl file: for the time left."""
    pages = 0
    crawls: dict[str, int] = {}
    for task in list_plain_files(paths):
        if is_crawl(task.source):
            try:
                crawls[task.path] = as_path(task.path).stat().st_size
            except OSError:
                crawls[task.path] = 0
        else:
            pages += 1
    return pages, crawls


def make_plan(job: Job, paths: Sequence[Path], shards: Sequence[PlannedShard]) -> Plan:
    """Turn what was found to be done into the plan; `run` names its content."""
    annotations = job.annotations.rpartition("/")[2]
    run = key_of(job.code, msgspec.json.encode(shards), annotations)
    return Plan(
        run=run,
        code=job.code,
        inputs=tuple(sorted(map(str, paths))),
        annotations=annotations,
        columns=job.columns,
        shards=tuple(shards),
    )


def write_plan(work: str, plan: Plan) -> None:
    """Write plan.json into the work folder."""
    encoded = msgspec.json.format(msgspec.json.encode(plan), indent=2)
    write_file(as_path(work) / PLAN, encoded + b"\n")
