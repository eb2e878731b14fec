"""Writing a release: range by range of documents, then what describes the whole."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version as package_version
from pathlib import Path

import msgspec

import khobor
from khobor.annotations.files import without_words
from khobor.corpus.corpora import Corpus, Withheld
from khobor.corpus.ranges import cut_ranges
from khobor.errors import ReleaseError, UsageError
from khobor.jsonl import write_records
from khobor.layers.tokens import tokenizer_version
from khobor.manifests import About, Release, ReleaseFile, SplitRow
from khobor.records import SPLITS
from khobor.release.abouts import GENERIC
from khobor.release.builds import difference_since
from khobor.release.changelogs import make_changelog
from khobor.release.checksums import CHECKSUMS, write_checksums
from khobor.release.contents import MANIFEST
from khobor.release.datafiles import Part, write_part, write_standoff
from khobor.release.descriptions import write_descriptions
from khobor.release.differences import Difference
from khobor.release.features import CONFIGS, config_features
from khobor.release.folders import check_target, partial_folder, replace_folder
from khobor.release.overviews import Overview, overview_of
from khobor.release.parquet import data_path
from khobor.release.settlements import settle

AGREEMENTS = "agreements.jsonl"
GENERIC_ABOUT = About(description=GENERIC)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


def write_release(
    corpus: Corpus,
    out: Path,
    *,
    name: str,
    version: str,
    about: About = GENERIC_ABOUT,
    difference: Difference | None = None,
    changelog: str | None = None,
) -> tuple[Path, Release]:
    """Turn a corpus into the release folder `out/<name>-<version>`: its path and manifest.

    The same corpus gives the same bytes. An earlier development build of that name is replaced,
    after the new one is complete. `about` is what its maker says of it. `difference` is that from
    the version frozen last; it is made where it is not passed, as the changelog is. Raises
    ReleaseError where the corpus has errors, or where what stands there is no development build.
    """
    require_name(name)
    if corpus.errors:
        raise ReleaseError(
            f"{len(corpus.errors)} errors in the annotations",
            where=f"{name}-{version}",
            fix="correct them; nothing was written",
        )
    target = out / f"{name}-{version}"
    check_target(target)
    corpus = _versioned(corpus, version)
    if changelog is None:
        changes = difference if difference is not None else difference_since(corpus)
        changelog = make_changelog(name, version, corpus.history, changes, len(corpus.entries))
    with partial_folder(target) as folder:
        files = [file for part in _write_parts(corpus, folder) for file in part.files]
        write_records(folder / "reports" / "rejects.jsonl", corpus.rejects)
        write_records(folder / "reports" / "misfits.jsonl", corpus.misfits)
        write_records(folder / "splits.jsonl", split_rows(corpus))
        release = complete_release(
            folder,
            overview_of(corpus),
            files=files,
            name=name,
            version=version,
            about=about,
            changelog=changelog,
        )
        replace_folder(folder, target)
    return target, release


def require_name(name: str) -> None:
    """Raise UsageError where a name cannot be that of a release, which is a folder's."""
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{name!r} is no name for a release", fix="use letters, digits, '.', '_' and '-'"
        )


def _versioned(corpus: Corpus, version: str) -> Corpus:
    """Say in new rows in which version they are first."""
    return msgspec.structs.replace(
        corpus,
        entries=tuple(
            msgspec.structs.replace(e, split=settle(e.split, version)) for e in corpus.entries
        ),
        withheld=tuple(
            msgspec.structs.replace(w, split=settle(w.split, version)) for w in corpus.withheld
        ),
        held=tuple(settle(row, version) for row in corpus.held),
    )


def _write_parts(corpus: Corpus, folder: Path) -> Iterator[Part]:
    schemas = {config: config_features(config).arrow_schema for config in CONFIGS}
    for split in SPLITS:
        entries = [entry for entry in corpus.entries if entry.split.split == split]
        ranges = cut_ranges(len(entries))
        for shard, (first, last) in enumerate(ranges):
            yield write_part(
                folder, entries[first:last], schemas, split=split, shard=shard, shards=len(ranges)
            )


def complete_release(
    folder: Path,
    overview: Overview,
    *,
    files: Sequence[ReleaseFile],
    name: str,
    version: str,
    about: About,
    changelog: str,
) -> Release:
    """Write what describes a release beside its data files, and its checksums last.

    `folder` holds data/, standoff/ of documents with rows, splits.jsonl and the reports on
    rejects and misfits already.
    """
    release = _manifest(overview, in_order(number_files(files, folder)), name, version, about)
    _write_withheld(overview.withheld, folder / "standoff")
    if overview.agreements:
        write_records(folder / "reports" / AGREEMENTS, overview.agreements)
    (folder / "CHANGELOG.md").write_bytes(changelog.encode())
    encoded = msgspec.json.format(msgspec.json.encode(release), indent=2)
    (folder / MANIFEST).write_bytes(encoded + b"\n")
    write_descriptions(overview, release, folder, later=CHECKSUMS)
    write_checksums(folder)
    return release


def number_files(files: Iterable[ReleaseFile], folder: Path) -> list[ReleaseFile]:
    """Number the files of each configuration and split without a gap.

    A range may have no rows of a configuration (no quotes): it has no file then.
    """
    groups: dict[tuple[str, str], list[ReleaseFile]] = {}
    for file in files:
        groups.setdefault((file.config, file.split), []).append(file)
    numbered = []
    for (config, _), group in groups.items():
        for shard, file in enumerate(sorted(group, key=lambda file: file.path)):
            path = data_path(config, file.split, shard, len(group))
            if path != file.path:
                os.replace(folder / file.path, folder / path)
            numbered.append(msgspec.structs.replace(file, path=path))
    return numbered


def in_order(files: Iterable[ReleaseFile]) -> tuple[ReleaseFile, ...]:
    """Order files as manifests list them: by configuration, split and number."""
    return tuple(
        sorted(
            files,
            key=lambda file: (CONFIGS.index(file.config), SPLITS.index(file.split), file.path),
        )
    )


def _manifest(
    overview: Overview, files: tuple[ReleaseFile, ...], name: str, version: str, about: About
) -> Release:
    return Release(
        name=name,
        version=version,
        publishable=not overview.local,
        guidelines=tuple(sorted(overview.facts.guidelines)),
        pages=overview.pages,
        documents=overview.documents,
        withheld=len(overview.withheld),
        held=overview.held,
        rejects=overview.rejected,
        misfits=overview.facts.misfits,
        made_with={
            "khobor": khobor.__version__,
            "tokenizer": tokenizer_version(),
            "pyarrow": package_version("pyarrow"),
            "datasets": package_version("datasets"),
        },
        files=files,
        about=about,
    )


def split_rows(corpus: Corpus) -> list[SplitRow]:
    """List where every document stands, those without rows too, by doc_id."""
    rows = [entry.split for entry in corpus.entries]
    rows += [withheld.split for withheld in corpus.withheld]
    rows += [*corpus.held, *corpus.tombstones]
    return sorted(rows, key=lambda row: row.doc_id)


def _write_withheld(listed: Sequence[Withheld], folder: Path) -> None:
    """Write the stand-off of withheld texts, and what an owner needs to have a page recognised."""
    for withheld in listed:
        if withheld.annotation is not None:
            bare = without_words(withheld.annotation, notes=False)
            write_standoff(folder, bare, withheld.blocks)
    # A title is text of the page.
    pages = [msgspec.structs.replace(withheld.row, title=None) for withheld in listed]
    if pages:
        write_records(folder / "catalogue.jsonl", pages)
