"""Which pages a build takes in: files, folders, a corpus folder's catalogue, supplied pages."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

import msgspec

from khobor.capture.crawls import Columns, RawPage, is_crawl, read_crawl
from khobor.capture.pages import capture_page, sha256_of
from khobor.corpus.catalogues import BLOCKS, is_catalogued, raw_path, read_catalogue
from khobor.errors import PageError, UsageError
from khobor.paths import as_path, list_files
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
    """Pages of a build: those to read, those rejected unread, those that are withheld."""

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
    catalogued = take_in_catalogued(paths, supplied=supplied, columns=columns)
    return msgspec.structs.replace(catalogued, tasks=(*catalogued.tasks, *list_plain_files(paths)))


def take_in_catalogued(
    paths: Sequence[Path], *, supplied: Sequence[Path] = (), columns: Columns | None = None
) -> Intake:
    """Take in the pages of the corpus folders among the paths alone."""
    tasks: list[PageTask] = []
    withheld: list[tuple[CatalogueRow, str]] = []
    for path in filter(is_catalogued, _distinct(paths)):
        for _, row in read_catalogue(path):
            if row.withheld:
                withheld.append((row, str(path)))
            else:
                raw = raw_path(path, row)
                tasks.append(PageTask(f"{row.doc_id}/{raw.name}", str(raw), row, str(path)))
    found, rejects = _recognise(withheld, supplied, columns)
    tasks.extend(found)
    known = {task.row.doc_id for task in found if task.row is not None}
    return Intake(
        tasks=tuple(sorted(tasks, key=lambda task: task.order)),
        rejects=tuple(rejects),
        withheld=tuple(entry for entry in withheld if entry[0].doc_id not in known),
    )


def list_plain_files(paths: Sequence[Path]) -> Iterator[PageTask]:
    """List the pages and crawl files that stand in no catalogue, by name, then by path.

    They are listed as they are asked for: a folder at a time is in memory.
    """
    plain = [path for path in _distinct(paths) if not is_catalogued(path)]
    for path in plain:
        _require(path)
    listed = [_tasks_of(path) for path in plain]
    return heapq.merge(*listed, key=lambda task: (task.source, task.path))


def _tasks_of(path: Path) -> Iterator[PageTask]:
    return (PageTask(name, str(file)) for name, file in _files(path))


def _distinct(paths: Sequence[Path]) -> list[Path]:
    """Drop a path that is named twice (a link is a path of its own)."""
    return [path for _, path in sorted({str(path.absolute()): path for path in paths}.items())]


def _require(path: Path) -> None:
    if not (path.is_file() or path.is_dir()):
        raise UsageError(
            "no such file or folder", where=str(path), fix="expected pages: a file or a folder"
        )
    if is_catalogued(path / "pages"):
        raise UsageError(
            "is a corpus folder: its annotations are no pages",
            where=str(path),
            fix=f"give {path / 'pages'} (and to a build --annotations {path / 'annotations'})",
        )


def _files(path: Path) -> Iterator[tuple[str, Path]]:
    """List the files of a path with their names relative to it."""
    _require(path)
    if path.is_file():
        yield path.name, path
    else:
        yield from list_files(path)


def _recognise(
    withheld: Sequence[tuple[CatalogueRow, str]],
    supplied: Sequence[Path],
    columns: Columns | None,
) -> tuple[list[PageTask], list[Reject]]:
    """Match supplied pages with withheld ones, as tasks that read them."""
    folders = {row.doc_id: folder for row, folder in withheld}
    found, rejects = recognise([row for row, _ in withheld], supplied, columns)
    tasks = [
        PageTask(owned.source, str(owned.path), owned.row, folders[owned.row.doc_id], owned.record)
        for owned in found
    ]
    return tasks, rejects


class Owned(msgspec.Struct, frozen=True):
    """A supplied page that is a withheld one: its row, where it lies, its record of a crawl."""

    row: CatalogueRow
    path: Path
    record: RawPage | None

    @property
    def source(self) -> str:
        """Its name in reports, which does not depend on where the owner keeps it."""
        return f"{self.row.doc_id}/raw.{'html' if self.row.medium == 'html' else 'txt'}"


def recognise(
    withheld: Sequence[CatalogueRow], supplied: Sequence[Path], columns: Columns | None = None
) -> tuple[list[Owned], list[Reject]]:
    """Turn supplied pages, and records of crawls, into those withheld pages that they are.

    A page is recognised by the SHA-256 of its payload, else by that of its page text, which is
    what offsets refer to: other line ends or a byte order mark change nothing. The rest are
    rejects; one that bears a withheld page's name says that it differs.
    """
    by_payload = {row.raw_sha256: row for row in withheld}
    by_text = {row.text_sha256: row for row in withheld}
    by_name = {row.doc_id: row for row in withheld}
    found: dict[str, tuple[Owned, str]] = {}
    rejects = []
    for supply in _supplies(supplied, columns or Columns()):
        if isinstance(supply, Reject):
            rejects.append(supply)
            continue
        name, path, record, payload = supply
        digest = sha256_of(payload)
        row = by_payload.get(digest)
        text = "" if row is not None else _text_sha256(payload, name, record)
        row = row or by_text.get(text)
        if row is None:
            named = next((by_name[n] for n in _names(name) if n in by_name), None)
            detail = "no withheld page of the catalogue has this payload or this text"
            if named is not None:
                detail = (
                    f"differs from {named.doc_id}: its text has SHA-256 {text[:12] or 'none'}…, "
                    f"expected {named.text_sha256[:12]}…"
                )
            rejects.append(Reject(name, "not-in-catalogue", detail, digest))
        elif row.doc_id in found:
            first = found[row.doc_id][1]
            rejects.append(Reject(name, "duplicate", f"the same as {first}", digest))
        else:
            found[row.doc_id] = Owned(row, path, record), name
    return [owned for owned, _ in found.values()], rejects


def _text_sha256(payload: bytes, name: str, record: RawPage | None) -> str:
    """Digest the page text of a payload; empty where it is no page."""
    medium = record.medium if record is not None else None
    try:
        return capture_page(payload, source=name, medium=medium).text_sha256
    except PageError:
        return ""


def _names(source: str) -> tuple[str, ...]:
    """Guess what page a file is meant to be: by its name, or by its folder's."""
    path = PurePosixPath(source)
    return path.stem, path.parent.name


def _supplies(
    supplied: Sequence[Path], columns: Columns
) -> Iterator[tuple[str, Path, RawPage | None, bytes] | Reject]:
    """List supplied pages: name, file, the record (of a crawl file), the payload."""
    for path in _distinct(supplied):
        for name, file in _files(path):
            try:
                if not is_crawl(name):
                    yield name, file, None, read_raw(file)
                    continue
                for record in read_crawl(file, source=name, columns=columns):
                    if isinstance(record, Reject):
                        yield record
                    else:
                        yield record.source, file, record, record.payload
            except UsageError as error:
                yield Reject(name, "unreadable", error.message)


def blocks_path(folder: str, row: CatalogueRow) -> Path:
    """Name the file of a catalogued page's blocks."""
    return as_path(folder) / row.doc_id / BLOCKS
