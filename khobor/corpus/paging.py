"""The page stages of a whole build: shards handed to an engine, and what crashes found out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from khobor.corpus.plans import PlannedShard, Unit
from khobor.corpus.scans import Scan, Scanned, scan_crawl
from khobor.corpus.shards import Ran, Shard, ShardReceipt, probe_shard, run_shard, shard_items
from khobor.corpus.spools import delete_spool
from khobor.engines.interface import TRIES, Crashed, Engine, Tasks
from khobor.engines.progress import Progress
from khobor.records import Reject


class Paged(msgspec.Struct, frozen=True):
    """What the page stages of a build did: the receipts of all shards, in the plan's order."""

    shards: tuple[PlannedShard, ...]
    pages: int
    documents: int
    errors: int
    ran: int  # shards that were run now; the others were done before


class _Step(msgspec.Struct, frozen=True):
    """A unit with its place in the plan: (number of the unit, number of the spool in it). A task."""

    order: tuple[int, int]
    unit: Unit


def _take(step: _Step) -> Scanned | Ran:
    """Scan a crawl file, or run a shard."""
    return scan_crawl(step.unit) if isinstance(step.unit, Scan) else run_shard(step.unit)


def warm_pages(engine: Engine) -> None:
    """Have an engine make ready for the page stages, while something else is done."""
    engine.warm(_take)


class Pages:
    """Runs the page stages of a build."""

    def __init__(
        self, engine: Engine, progress: Progress, *, files: int, crawls: Mapping[str, int]
    ) -> None:
        self._engine = engine
        self._progress = progress
        self._done: dict[tuple[int, int], tuple[ShardReceipt, int]] = {}  # with crashed pages
        self._crashed: list[_Step] = []
        self._ran = 0
        self._total = _Total(files, dict(crawls))

    def run(self, units: Iterable[Unit]) -> Paged:
        """Run units to their receipts; each page ends as a document or a reject."""
        self._progress.begin("pages", "page")
        try:
            self._progress.expect(self._total.estimate())
            self._run(Tasks(_Step((n, 0), unit) for n, unit in enumerate(units)))
            for step in self._crashed:
                assert isinstance(step.unit, Shard)
                places = tuple(sorted(self._find_crashing(step.unit)))
                again = msgspec.structs.replace(step.unit, crashed=places)
                self._run(Tasks([_Step(step.order, again)]))
        finally:
            self._progress.end()
        receipts = [receipt for _, receipt in sorted(self._done.items(), key=lambda kv: kv[0])]
        return Paged(
            shards=tuple(PlannedShard(r.key, r.pages, crashed) for r, crashed in receipts),
            pages=sum(receipt.pages for receipt, _ in receipts),
            documents=sum(receipt.documents for receipt, _ in receipts),
            errors=sum(receipt.errors for receipt, _ in receipts),
            ran=self._ran,
        )

    def _run(self, tasks: Tasks[_Step]) -> None:
        for step, result in self._engine.run(_take, tasks):
            unit = step.unit
            if isinstance(result, Ran):
                assert isinstance(unit, Shard)
                self._ran += not result.reused
                self._finish(step.order, result.receipt, reused=result.reused)
                if unit.spool:
                    delete_spool(unit.job.work, unit.spool)
            elif isinstance(unit, Shard):
                self._crashed.append(step)
            elif isinstance(result, Crashed):
                tasks.add(_Step(step.order, Shard(unit.job, (_unreadable(unit),))))
            else:
                self._total.scanned(unit, result)
                self._progress.expect(self._total.estimate())
                self._add(step.order[0], unit, result, tasks)

    def _add(self, number: int, scan: Scan, found: Scanned, tasks: Tasks[_Step]) -> None:
        """Hand out the shards of a crawl file that are not done yet, then what is left of it."""
        for place, spooled in enumerate(found.spools, start=scan.spools):
            order = (number, place)
            if spooled.receipt is not None:
                self._finish(order, spooled.receipt, reused=True)
            else:
                tasks.add(_Step(order, Shard(scan.job, spool=spooled.spool, path=scan.path)))
        if found.rest is not None:
            tasks.add(_Step((number, found.rest.spools), found.rest))

    def _finish(self, order: tuple[int, int], receipt: ShardReceipt, *, reused: bool) -> None:
        self._done[order] = receipt, receipt.rejects.get("crashed", 0)
        self._progress.step(
            receipt.pages,
            rejects=sum(receipt.rejects.values()),
            reused=receipt.pages if reused else 0,
        )

    def _find_crashing(self, shard: Shard) -> Iterator[int]:
        """Find the pages of a shard that kill their process, by halves."""
        ranges = [(0, len(shard_items(shard)))]
        while ranges:
            probes = [msgspec.structs.replace(shard, only=each) for each in ranges]
            ranges = []
            for probe, result in self._engine.run(probe_shard, Tasks(probes)):
                if not isinstance(result, Crashed) or probe.only is None:
                    continue
                first, last = probe.only
                if last - first == 1:
                    yield first
                else:
                    middle = (first + last) // 2
                    ranges += [(first, middle), (middle, last)]


def _unreadable(scan: Scan) -> Reject:
    detail = f"reading it killed its process {TRIES} times; fetch it again, or leave it out"
    return Reject(scan.source, "crashed", detail)


class _Total:
    """How many pages there will be: files are counted, crawl files guessed by their bytes."""

    def __init__(self, files: int, crawls: dict[str, int]) -> None:
        self._pages = files
        self._unscanned = crawls
        self._scanned_bytes = self._scanned_pages = 0

    def scanned(self, scan: Scan, found: Scanned) -> None:
        """Learn how many pages a crawl file, or the next part of it, has."""
        left = self._unscanned.pop(scan.path, 0)
        read = left if found.rest is None else found.rest.offset - scan.offset
        if found.rest is not None:
            self._unscanned[scan.path] = max(left - read, 0)
        self._scanned_bytes += read
        self._scanned_pages += sum(spooled.pages for spooled in found.spools)

    def estimate(self) -> float | None:
        """Guess; None before any crawl file was read through."""
        guessed = 0.0
        if self._unscanned:
            if not self._scanned_bytes:
                return None
            guessed = sum(self._unscanned.values()) / self._scanned_bytes * self._scanned_pages
        return self._pages + self._scanned_pages + guessed
