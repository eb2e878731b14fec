"""Which pages a build takes in: files, folders, a corpus folder's catalogue, supplied pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from khobor.capture.crawls import Columns, RawPage, is_crawl, read_crawl
from khobor.capture.pages import sha256_of
from khobor.corpus.catalogues import BLOCKS, is_catalogued, raw_path, read_catalogue
from khobor.errors import UsageError
from khobor.pipeline import read_raw
from khobor.records import CatalogueRow, Reject


class PageTask(msgspec.Struct, frozen=True):
    """One page to read, or one crawl file: enough for any process to do it alone.

    `source` is the name that reports use (relative to the path given); `row` and `folder` are
    set for a page of a corpus folder, whose texts and blocks lie below `folder`.
    """

    source: str
    path: str
    row: CatalogueRow | None = None
    folder: str | None = None
    raw: RawPage | None = None  # a record of a crawl file, read already

    @property
    def order(self) -> tuple[bool, str, str]:
        """Sort key of tasks: catalogued pages first, then by the names that reports use."""
        return self.row is None, self.source, self.path


class Intake(msgspec.Struct, frozen=True):
    """All pages of a build: those to read, those rejected unread, those that are withheld."""

    tasks: tuple[PageTask, ...]
    rejects: tuple[Reject, ...]
    withheld: tuple[tuple[CatalogueRow, str], ...]  # with the folder of their catalogue


def take_in(
    paths: Sequence[Path], *, supplied: Sequence[Path] = (), columns: Columns | None = None
) -> Intake:
    """Turn the paths of a build into its pages, in an order that the paths' order has no part in.

    A folder with a catalogue.jsonl is a corpus folder; of any other folder every file below it
    is a page (hidden ones excepted). `supplied` are pages, or crawls of them (whose `columns` say
    what is where), that owners of withheld texts pass: each is recognised by its SHA-256. Raises UsageError for a path that does not exist.
    """
    tasks: list[PageTask] = []
    withheld: list[tuple[CatalogueRow, str]] = []
    for path in _distinct(paths):
        if is_catalogued(path):
            for _, row in read_catalogue(path):
                if row.withheld:
                    withheld.append((row, str(path)))
                else:
                    raw = raw_path(path, row)
                    tasks.append(PageTask(f"{row.doc_id}/{raw.name}", str(raw), row, str(path)))
        else:
            tasks.extend(PageTask(name, str(file)) for name, file in _files(path))
    found, rejects = _recognise(withheld, supplied, columns)
    tasks.extend(found)
    known = {task.row.doc_id for task in found if task.row is not None}
    return Intake(
        tasks=tuple(sorted(tasks, key=lambda task: task.order)),
        rejects=tuple(rejects),
        withheld=tuple(entry for entry in withheld if entry[0].doc_id not in known),
    )


def _distinct(paths: Sequence[Path]) -> list[Path]:
    """Drop a path that is named twice (a link is a path of its own)."""
    return [path for _, path in sorted({path.absolute(): path for path in paths}.items())]


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    """List the files of a path with their names relative to it."""
    if path.is_file():
        yield path.name, path
    elif path.is_dir():
        for file in sorted(path.rglob("*")):
            parts = file.relative_to(path).parts
            # A link to a folder is listed, not followed: it would be read twice, or for ever.
            listed = file.is_symlink() or not file.is_dir()
            if listed and not any(part.startswith(".") for part in parts):
                yield "/".join(parts), file
    else:
        raise UsageError(
            "no such file or folder", where=str(path), fix="expected pages: a file or a folder"
        )


def _recognise(
    withheld: Sequence[tuple[CatalogueRow, str]],
    supplied: Sequence[Path],
    columns: Columns | None,
) -> tuple[list[PageTask], list[Reject]]:
    """Match supplied pages, and records of crawls, with withheld ones by the hash of their payload."""
    rows = {row.raw_sha256: (row, folder) for row, folder in withheld}
    tasks: dict[str, PageTask] = {}
    rejects = []
    for supply in _supplies(supplied, columns or Columns()):
        if isinstance(supply, Reject):
            rejects.append(supply)
            continue
        name, file, raw, digest = supply
        if digest in tasks:
            rejects.append(Reject(name, "duplicate", f"the same as {tasks[digest].source}", digest))
        elif digest in rows:
            row, folder = rows[digest]
            # Its name here must not depend on where the owner keeps it.
            suffix = "html" if row.medium == "html" else "txt"
            tasks[digest] = PageTask(f"{row.doc_id}/raw.{suffix}", str(file), row, folder, raw)
        else:
            detail = "no withheld page of the catalogue has this payload"
            rejects.append(Reject(name, "not-in-catalogue", detail, digest))
    return list(tasks.values()), rejects


def _supplies(
    supplied: Sequence[Path], columns: Columns
) -> Iterator[tuple[str, Path, RawPage | None, str] | Reject]:
    """List supplied pages: name, file, the record (of a crawl file), SHA-256 of the payload."""
    for path in _distinct(supplied):
        for name, file in _files(path):
            try:
                if not is_crawl(name):
                    yield name, file, None, sha256_of(read_raw(file))
                    continue
                for record in read_crawl(file, source=name, columns=columns):
                    if isinstance(record, Reject):
                        yield record
                    else:
                        yield record.source, file, record, sha256_of(record.payload)
            except UsageError as error:
                yield Reject(name, "unreadable", error.message)


def blocks_path(folder: str, row: CatalogueRow) -> Path:
    """Name the file of a catalogued page's blocks."""
    return Path(folder) / row.doc_id / BLOCKS
