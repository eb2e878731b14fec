"""Writing a release: a whole folder under a temporary name, then one rename."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version as package_version
from pathlib import Path

import msgspec

import khobor
from khobor.annotations.files import annotation_lines, without_words
from khobor.capture.pages import sha256_of
from khobor.corpus.corpora import Corpus
from khobor.corpus.placements import UNVERSIONED
from khobor.errors import ReleaseError, UsageError
from khobor.jsonl import write_records
from khobor.layers.tokens import tokenizer_version
from khobor.manifests import Release, ReleaseFile, SplitRow
from khobor.records import SPLITS, Annotation, Block
from khobor.release.builds import difference_since
from khobor.release.cards import GENERIC_ABOUT, make_card
from khobor.release.changelogs import make_changelog
from khobor.release.contents import MANIFEST
from khobor.release.differences import Difference
from khobor.release.features import CONFIGS
from khobor.release.parquet import write_parquet
from khobor.release.rows import config_rows
from khobor.release.versions import base_version, is_frozen

CHECKSUMS = "SHA256SUMS"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def write_release(
    corpus: Corpus,
    out: Path,
    *,
    name: str,
    version: str,
    about: str = GENERIC_ABOUT,
    licence: Path | None = None,
    creators: Sequence[str] = (),
    difference: Difference | None = None,
    changelog: str | None = None,
) -> tuple[Path, Release]:
    """Turn a corpus into the release folder `out/<name>-<version>`: its path and manifest.

    The same corpus gives the same bytes. An earlier development build of that name is replaced,
    after the new one is complete. `difference` is that from the version frozen last; it is made
    where it is not passed, as the changelog is. Raises ReleaseError where the corpus has errors, or where what stands
    there is no development build.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is no name for a release", fix="use letters, digits, '.', '_' and '-'"
        )
    if corpus.errors:
        raise ReleaseError(
            f"{len(corpus.errors)} errors in the annotations",
            where=f"{name}-{version}",
            fix="correct them; nothing was written",
        )
    target = out / f"{name}-{version}"
    _check_target(target)
    corpus = _versioned(corpus, version)
    if changelog is None:
        changes = difference if difference is not None else difference_since(corpus)
        changelog = make_changelog(name, version, corpus.history, changes, len(corpus.entries))
    with _partial(target) as folder:
        files = _write_tables(corpus, folder)
        release = _manifest(corpus, files, name, version, about.strip(), tuple(creators))
        _write_standoff(corpus, folder / "standoff")
        _write_reports(corpus, folder / "reports")
        write_records(folder / "splits.jsonl", split_rows(corpus))
        (folder / "CHANGELOG.md").write_bytes(changelog.encode())
        card = make_card(corpus, files, name=name, version=version, about=about, creators=creators)
        (folder / "README.md").write_bytes(card.encode())
        encoded = msgspec.json.format(msgspec.json.encode(release), indent=2)
        (folder / MANIFEST).write_bytes(encoded + b"\n")
        if licence is not None:
            shutil.copyfile(licence, folder / "LICENSE")
        _write_checksums(folder)
        _replace(folder, target)
    return target, release


def _check_target(target: Path) -> None:
    """Refuse to replace anything but a development build of ours."""
    if not target.exists():
        return
    try:
        manifest = msgspec.json.decode((target / MANIFEST).read_bytes(), type=Release)
    except (OSError, msgspec.MsgspecError) as error:
        raise ReleaseError(
            "something stands there that is no release of khobor",
            where=str(target),
            fix="move it away, or choose another --out or --name",
        ) from error
    if is_frozen(manifest.version):
        raise ReleaseError(
            f"version {manifest.version} is frozen and never overwritten", where=str(target)
        )


def _versioned(corpus: Corpus, version: str) -> Corpus:
    """Say in new rows in which version they are first; in a frozen one they are published."""
    base, frozen = base_version(version), is_frozen(version)

    def settle(row: SplitRow) -> SplitRow:
        state = "published" if frozen and row.state == "provisional" else row.state
        first = base if row.first_version == UNVERSIONED else row.first_version
        return msgspec.structs.replace(row, state=state, first_version=first)

    return msgspec.structs.replace(
        corpus,
        entries=tuple(msgspec.structs.replace(e, split=settle(e.split)) for e in corpus.entries),
        withheld=tuple(msgspec.structs.replace(w, split=settle(w.split)) for w in corpus.withheld),
        held=tuple(map(settle, corpus.held)),
    )


@contextmanager
def _partial(target: Path) -> Iterator[Path]:
    """Give a fresh folder beside the target, gone again if the writing fails."""
    folder = target.with_name(f".{target.name}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if folder.exists():
            shutil.rmtree(folder)  # of an interrupted run
        folder.mkdir()
        yield folder
    except OSError as error:
        raise UsageError(
            f"cannot be written ({error.strerror})",
            where=str(error.filename or target.parent),
            fix="make room, or choose another --out; nothing was left there",
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _replace(folder: Path, target: Path) -> None:
    """Put the complete folder in its place."""
    if target.exists():
        old = target.with_name(f".{target.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        os.replace(target, old)
        os.replace(folder, target)
        shutil.rmtree(old)
    else:
        os.replace(folder, target)


def _write_tables(corpus: Corpus, folder: Path) -> list[ReleaseFile]:
    files = []
    for config in CONFIGS:
        for split in SPLITS:
            rows = (
                row
                for entry in corpus.entries
                if entry.split.split == split
                for row in config_rows(config, entry)
            )
            written = write_parquet(folder, config, split, rows)
            if written is not None:
                files.append(written)
    return files


def _manifest(
    corpus: Corpus,
    files: list[ReleaseFile],
    name: str,
    version: str,
    about: str,
    creators: tuple[str, ...],
) -> Release:
    annotations = [entry.annotation for entry in corpus.entries if entry.annotation is not None]
    return Release(
        name=name,
        version=version,
        publishable=not corpus.local,
        guidelines=tuple(sorted({annotation.guideline for annotation in annotations})),
        pages=corpus.pages,
        documents=len(corpus.entries),
        withheld=len(corpus.withheld),
        held=len(corpus.held),
        rejects=len(corpus.rejects),
        misfits=len(corpus.misfits),
        made_with={
            "khobor": khobor.__version__,
            "tokenizer": tokenizer_version(),
            "pyarrow": package_version("pyarrow"),
            "datasets": package_version("datasets"),
        },
        files=tuple(files),
        about=about,
        creators=creators,
    )


def split_rows(corpus: Corpus) -> list[SplitRow]:
    """List where every document stands, those without rows too, by doc_id."""
    rows = [entry.split for entry in corpus.entries]
    rows += [withheld.split for withheld in corpus.withheld]
    rows += [*corpus.held, *corpus.tombstones]
    return sorted(rows, key=lambda row: row.doc_id)


def _write_standoff(corpus: Corpus, folder: Path) -> None:
    """Write what annotators said as offsets into the page text, without its words."""
    for entry in corpus.entries:
        if entry.annotation is not None:
            notes = entry.row is None or not entry.row.withheld
            bare = without_words(entry.annotation, notes=notes)
            _write_one_standoff(folder, bare, entry.document.blocks)
    for withheld in corpus.withheld:
        if withheld.annotation is not None:
            bare = without_words(withheld.annotation, notes=False)
            _write_one_standoff(folder, bare, withheld.blocks)
    # What an owner needs to have a page recognised. A title is text of the page.
    pages = [msgspec.structs.replace(withheld.row, title=None) for withheld in corpus.withheld]
    if pages:
        write_records(folder / "catalogue.jsonl", pages)


def _write_one_standoff(folder: Path, annotation: Annotation, blocks: tuple[Block, ...]) -> None:
    header, *items = annotation_lines(annotation)
    bare = [Block(block.start, block.end, block.label) for block in blocks]
    write_records(folder / f"{annotation.doc_id}.jsonl", [header, *bare, *items])


def _write_reports(corpus: Corpus, folder: Path) -> None:
    write_records(folder / "rejects.jsonl", corpus.rejects)
    write_records(folder / "misfits.jsonl", corpus.misfits)


def _write_checksums(folder: Path) -> None:
    """Write SHA256SUMS over all other files, in the form of sha256sum."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{sha256_of(path.read_bytes())}  {path.relative_to(folder).as_posix()}\n" for path in paths
    ]
    (folder / CHECKSUMS).write_bytes("".join(lines).encode())
