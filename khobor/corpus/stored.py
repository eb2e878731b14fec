"""A corpus that lies in a work folder: built shard by shard, never in memory as a whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from khobor.annotations.checks import Finding
from khobor.annotations.choices import require_annotations
from khobor.annotations.files import AnnotationFile
from khobor.capture.crawls import Columns
from khobor.corpus.annotators import AnnotatorAgreement, measure_annotators, shared_names
from khobor.corpus.catalogues import read_blocks
from khobor.corpus.chosen import store_annotations
from khobor.corpus.corpora import Entry, Withheld
from khobor.corpus.gathering import Gather, Gathered, Placed, Section, gather, read_section
from khobor.corpus.histories import RELEASES_FILE, SPLITS_FILE, History, read_history
from khobor.corpus.paging import Paged, Pages
from khobor.corpus.parts import read_drafts
from khobor.corpus.plans import count_files, make_plan, plan_units, write_plan
from khobor.corpus.shards import Job
from khobor.corpus.sources import Intake, blocks_path, list_plain_files, take_in_catalogued
from khobor.corpus.works import (
    ANNOTATIONS,
    PAGES,
    PLACES,
    SPOOLS,
    page_code,
    part_path,
    prepare_work,
    sweep,
)
from khobor.engines.interface import Crashed, Engine, Tasks
from khobor.engines.progress import Progress, Silent
from khobor.errors import KhoborError
from khobor.layers.views import article_view
from khobor.manifests import SplitRow
from khobor.records import Document


class StoredCorpus(msgspec.Struct, frozen=True):
    """A build before its release is written: what is counted, and where the rest lies."""

    job: Job
    paged: Paged
    gathered: Gathered
    pages: int
    withheld: tuple[Withheld, ...]
    findings: tuple[Finding, ...]
    agreements: tuple[AnnotatorAgreement, ...]
    history: History
    local: bool

    @property
    def crashed(self) -> int:
        """How many pages killed their process."""
        return self.gathered.rejects.get("crashed", 0)


def store_corpus(
    paths: Sequence[Path],
    work: str,
    engine: Engine,
    *,
    annotations: Path | None = None,
    supplied: Sequence[Path] = (),
    columns: Columns | None = None,
    progress: Progress | None = None,
) -> StoredCorpus:
    """Turn pages and annotations into a corpus below the work folder.

    What an earlier run left there is taken over where its key fits; the same command after a kill
    goes on. The same corpus for any order of paths and any engine. Raises UsageError where an
    input cannot be read, AnnotationError where a catalogued page is not what its catalogue says.
    """
    progress = progress or Silent()
    chosen = require_annotations(annotations) if annotations is not None else {}
    history = read_history(annotations) if annotations is not None else History()
    intake = take_in_catalogued(paths, supplied=supplied, columns=columns)
    list_plain_files(paths)  # a path that is not there is said before anything is written
    prepare_work(work)
    job = Job(
        work,
        page_code(),
        store_annotations(work, chosen) if chosen else "",
        columns or Columns(),
    )
    paged = _page(job, intake, paths, engine, progress)
    gathered = _gather(
        engine,
        Gather(
            job,
            tuple(shard.key for shard in paged.shards),
            str(annotations) if annotations is not None else "",
            _digest_history(annotations),
            tuple(row for row, _ in intake.withheld),
            intake.rejects,
        ),
        progress,
    )
    _sweep(job, paged, gathered)
    return StoredCorpus(
        job=job,
        paged=paged,
        gathered=gathered,
        pages=paged.pages + len(intake.rejects),
        withheld=_withheld(job, intake, gathered, chosen),
        findings=tuple(read_section(work, gathered.key, gathered.findings, Finding)),
        agreements=_agreements(job, gathered, annotations),
        history=history,
        local=any(task.row is not None and task.row.withheld for task in intake.tasks),
    )


def _page(
    job: Job,
    intake: Intake,
    paths: Sequence[Path],
    engine: Engine,
    progress: Progress,
) -> Paged:
    files, crawls = count_files(paths)
    pages = Pages(engine, progress, files=files + len(intake.tasks), crawls=crawls)
    paged = pages.run(plan_units(job, intake.tasks, paths))
    write_plan(job.work, make_plan(job, paths, paged.shards))
    return paged


def _gather(engine: Engine, task: Gather, progress: Progress) -> Gathered:
    progress.begin("clusters and splits", "step")
    try:
        ((_, result),) = engine.run(gather, Tasks([task]))
    finally:
        progress.end()
    if isinstance(result, Crashed):
        raise KhoborError(
            "the process that finds clusters and splits died each time",
            fix="give it more memory: it holds about a kilobyte a document",
        )
    return result


def _sweep(job: Job, paged: Paged, gathered: Gathered) -> None:
    """Delete what earlier builds left in the work folder and this one has no use for."""
    sweep(job.work, PAGES, (shard.key for shard in paged.shards))
    sweep(job.work, PLACES, [gathered.key, gathered.pairs])
    sweep(job.work, SPOOLS, [])
    sweep(job.work, ANNOTATIONS, [Path(job.annotations).stem])


def _digest_history(annotations: Path | None) -> str:
    digest = hashlib.sha256()
    for name in (SPLITS_FILE, RELEASES_FILE) if annotations is not None else ():
        path = annotations / name if annotations is not None else Path(name)
        digest.update(path.read_bytes() if path.is_file() else b"")
    return digest.hexdigest()


def _withheld(
    job: Job, intake: Intake, gathered: Gathered, chosen: dict[str, AnnotationFile]
) -> tuple[Withheld, ...]:
    placed = read_section(job.work, gathered.key, gathered.withheld_places, SplitRow)
    rows = {row.doc_id: row for row in placed}
    listed = []
    for row, folder in sorted(intake.withheld, key=lambda entry: entry[0].doc_id):
        path = blocks_path(folder, row)
        blocks = (
            read_blocks(path, doc_id=row.doc_id, text_sha256=row.text_sha256)
            if path.is_file()
            else ()
        )
        found = chosen.get(row.doc_id)
        by_hand = found is not None and found.annotation.status != "silver"
        annotation = found.annotation if found is not None and by_hand else None
        listed.append(Withheld(row, annotation, blocks, rows[row.doc_id]))
    return tuple(listed)


def _agreements(
    job: Job, gathered: Gathered, annotations: Path | None
) -> tuple[AnnotatorAgreement, ...]:
    names = shared_names(annotations) if annotations is not None else set()
    if not names or annotations is None:
        return ()
    return measure_annotators(annotations, list(_documents(job, gathered, names)))


def _documents(job: Job, gathered: Gathered, names: set[str]) -> Iterator[Document]:
    """Read some documents of a corpus, a range at a time."""
    sections = [each.section for each in gathered.ranges]
    for section in (*sections, gathered.held_documents):
        placed = read_section(job.work, gathered.key, section, Placed)
        for entry in read_entries(job.work, [each for each in placed if each.doc_id in names]):
            yield entry.document


def read_range(job: Job, key: str, section: Section) -> list[Entry]:
    """Read the documents of a range with all that a release says of them, by doc_id."""
    return read_entries(job.work, read_section(job.work, key, section, Placed))


def read_entries(work: str, placed: Sequence[Placed]) -> list[Entry]:
    """Read documents out of their parts, each part opened once; in the order given."""
    by_part: dict[str, list[int]] = {}
    for place, each in enumerate(placed):
        by_part.setdefault(each.shard, []).append(place)
    entries: dict[int, Entry] = {}
    for shard, places in sorted(by_part.items()):
        spans = ((placed[place].offset, placed[place].size) for place in places)
        drafts = read_drafts(part_path(work, PAGES, shard), spans)
        for place, draft in zip(places, drafts, strict=True):
            bare = placed[place].bare
            entries[place] = Entry(
                document=draft.document,
                view=article_view(draft.document.text, draft.document.blocks),
                annotation=None if bare else draft.annotation,
                alignment=None if bare else draft.alignment,
                row=draft.row,
                split=placed[place].row,
            )
    return [entries[place] for place in range(len(placed))]
