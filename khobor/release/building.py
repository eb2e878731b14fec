"""A release out of a work folder: ranges written by an engine, put together, renamed into place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from khobor.corpus.gathering import read_pieces
from khobor.corpus.stored import StoredCorpus
from khobor.corpus.works import RELEASE, part_path, pieces_of, sweep
from khobor.engines.interface import Crashed, Engine, Tasks
from khobor.engines.progress import Progress, Silent
from khobor.errors import KhoborError, ReleaseError
from khobor.manifests import About, FrozenDocument, Release, ReleaseFile
from khobor.records import Misfit
from khobor.release.builds import name_after
from khobor.release.changelogs import make_changelog
from khobor.release.contents import contents_of_documents, frozen_contents
from khobor.release.differences import Difference, compare
from khobor.release.facts import decode_facts, merge_facts
from khobor.release.features import CONFIGS, config_features
from khobor.release.folders import check_target, partial_folder, replace_folder
from khobor.release.overviews import Overview
from khobor.release.packs import read_file, unpack
from khobor.release.ranged import (
    FACTS,
    MISFITS,
    DigestTask,
    PlacesTask,
    RangeReceipt,
    RangeTask,
    digest_range,
    write_places,
    write_range,
)
from khobor.release.settlements import settle
from khobor.release.writers import GENERIC_ABOUT, complete_release, require_name

_misfits = msgspec.json.Decoder(Misfit)
T = TypeVar("T")
R = TypeVar("R")


class Built(msgspec.Struct, frozen=True):
    """A release that was built: where it lies, its manifest, and the corpus in numbers."""

    path: Path
    release: Release
    overview: Overview


def build_release(
    corpus: StoredCorpus,
    out: Path,
    engine: Engine,
    *,
    name: str,
    about: About = GENERIC_ABOUT,
    progress: Progress | None = None,
) -> Built:
    """Turn a stored corpus into the release folder `out/<name>-<version>`.

    The same bytes as `write_release` of the same corpus in memory, for any engine. Raises
    ReleaseError where the corpus has errors, or something else stands there.
    """
    progress = progress or Silent()
    require_name(name)
    if corpus.gathered.errors:
        raise ReleaseError(
            f"{corpus.gathered.errors} errors in the annotations",
            where=name,
            fix="correct them; nothing was written",
        )
    difference = _difference(corpus, engine)
    version = name_after(corpus.history, difference, local=corpus.local)
    target = out / f"{name}-{version}"
    check_target(target)
    receipts = _write_ranges(corpus, engine, version, progress)
    ((_, places),) = _all(engine, write_places, [_places_task(corpus, version)])
    overview = _overview(corpus, version, receipts)
    changelog = make_changelog(name, version, corpus.history, difference, corpus.gathered.documents)
    with partial_folder(target) as folder:
        files = list(_put_together(corpus, receipts, folder))
        _copy(pieces_of(part_path(corpus.job.work, RELEASE, places.key)), folder / "splits.jsonl")
        release = complete_release(
            folder,
            overview,
            files=files,
            name=name,
            version=version,
            about=about,
            changelog=changelog,
        )
        replace_folder(folder, target)
    sweep(corpus.job.work, RELEASE, [places.key, *(receipt.key for receipt in receipts)])
    return Built(target, release, overview)


def _difference(corpus: StoredCorpus, engine: Engine) -> Difference | None:
    """Compare a corpus, range by range, with the version frozen last; None where none is."""
    last = corpus.history.last
    if last is None:
        return None
    tasks = [DigestTask(corpus.job, corpus.gathered.key, each) for each in corpus.gathered.ranges]
    documents: dict[str, FrozenDocument] = {}
    for _, found in _all(engine, digest_range, tasks):
        documents |= {document.doc_id: document for document in found}
    return compare(frozen_contents(last), contents_of_documents(documents))


def _write_ranges(
    corpus: StoredCorpus, engine: Engine, version: str, progress: Progress
) -> list[RangeReceipt]:
    """Write the files of all ranges; their receipts, in the order of splits and ranges."""
    ranges = corpus.gathered.ranges
    schemas = {c: config_features(c).arrow_schema.serialize().to_pybytes() for c in CONFIGS}
    tasks = [RangeTask(corpus.job, corpus.gathered.key, each, version, schemas) for each in ranges]
    receipts: dict[tuple[str, int], RangeReceipt] = {}
    progress.begin("release", "document")
    try:
        progress.expect(corpus.gathered.documents)
        for task, receipt in _all(engine, write_range, tasks):
            receipts[task.range.split, task.range.shard] = receipt
            progress.step(receipt.documents)
    finally:
        progress.end()
    return [receipts[each.split, each.shard] for each in ranges]


def _all(engine: Engine, function: Callable[[T], R], tasks: Iterable[T]) -> Iterator[tuple[T, R]]:
    for task, result in engine.run(function, Tasks(tasks)):
        if isinstance(result, Crashed):
            raise KhoborError(
                f"the process that wrote {task} died {result.tries} times",
                fix="give it more memory; what is finished is kept, so run the same command again",
            )
        yield task, result


def _places_task(corpus: StoredCorpus, version: str) -> PlacesTask:
    return PlacesTask(corpus.job, corpus.gathered.key, corpus.gathered.places, version)


def _overview(corpus: StoredCorpus, version: str, receipts: Iterable[RangeReceipt]) -> Overview:
    work, gathered = corpus.job.work, corpus.gathered
    facts = merge_facts(
        decode_facts(read_file(part_path(work, RELEASE, receipt.key), FACTS))
        for receipt in receipts
    )
    return Overview(
        pages=corpus.pages,
        facts=facts,
        rejects=gathered.rejects,
        held=gathered.held,
        withheld=tuple(
            msgspec.structs.replace(withheld, split=settle(withheld.split, version))
            for withheld in corpus.withheld
        ),
        agreements=corpus.agreements,
        local=corpus.local,
    )


def _put_together(
    corpus: StoredCorpus, receipts: Iterable[RangeReceipt], folder: Path
) -> Iterator[ReleaseFile]:
    """Unpack the files of all ranges below a folder, and write the reports beside them."""
    work, gathered = corpus.job.work, corpus.gathered
    misfits: list[Misfit] = []
    for receipt in receipts:
        pack = part_path(work, RELEASE, receipt.key)
        unpack(pack, folder, lambda name: None if name in (FACTS, MISFITS) else name)
        misfits += _misfits.decode_lines(read_file(pack, MISFITS))
        yield from receipt.files
    reports = folder / "reports"
    reports.mkdir(exist_ok=True)
    listed = sorted(misfits, key=lambda misfit: misfit.doc_id)  # stable: the order of the text
    (reports / "misfits.jsonl").write_bytes(msgspec.json.Encoder().encode_lines(listed))
    rejects = read_pieces(work, gathered.key, gathered.reject_lines)
    _copy(rejects, reports / "rejects.jsonl")


def _copy(pieces: Iterable[bytes], path: Path) -> None:
    with path.open("wb") as written:
        written.writelines(pieces)
