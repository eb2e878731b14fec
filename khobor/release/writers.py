"""Writing a release: a whole folder under a temporary name, then one rename."""

from __future__ import annotations

import os
import platform
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
from khobor.errors import ReleaseError, UsageError
from khobor.jsonl import write_records
from khobor.layers.tokens import tokenizer_version
from khobor.manifests import Release, ReleaseFile, SplitRow
from khobor.records import SPLITS, Annotation, Block
from khobor.release.cards import GENERIC_ABOUT, make_card
from khobor.release.features import CONFIGS
from khobor.release.parquet import write_parquet
from khobor.release.rows import config_rows

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
MANIFEST = "manifest.json"


def write_release(
    corpus: Corpus,
    out: Path,
    *,
    name: str,
    version: str,
    about: str = GENERIC_ABOUT,
    licence: Path | None = None,
    creators: Sequence[str] = (),
) -> tuple[Path, Release]:
    """Turn a corpus into the release folder `out/<name>-<version>`: its path and manifest.

    The same corpus gives the same bytes. An earlier development build of that name is replaced,
    after the new one is complete. Raises ReleaseError where the corpus has errors, or where
    what stands there is no development build.
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
    with _partial(target) as folder:
        files = _write_tables(corpus, folder)
        release = _manifest(corpus, files, name, version, about.strip(), tuple(creators))
        _write_standoff(corpus, folder / "standoff")
        _write_reports(corpus, folder / "reports")
        write_records(folder / "splits.jsonl", _split_rows(corpus))
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
    if ".dev" not in manifest.version:
        raise ReleaseError(
            f"version {manifest.version} is frozen and never overwritten", where=str(target)
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
        rejects=len(corpus.rejects),
        misfits=len(corpus.misfits),
        made_with={
            "khobor": khobor.__version__,
            "tokenizer": tokenizer_version(),
            "pyarrow": package_version("pyarrow"),
            "datasets": package_version("datasets"),
            "python": platform.python_version(),
        },
        files=tuple(files),
        about=about,
        creators=creators,
    )


def _split_rows(corpus: Corpus) -> list[SplitRow]:
    rows = [entry.split for entry in corpus.entries]
    rows += [withheld.split for withheld in corpus.withheld]
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
    (folder / "SHA256SUMS").write_bytes("".join(lines).encode())
