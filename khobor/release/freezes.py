"""Freezing a version: the next one is written, checked, and its digests committed to.

A version is frozen once its digest stands in annotations/releases.jsonl. The release's folder is
written first, then splits.jsonl, then releases.jsonl, so that an interrupted run is taken up
again by the same command and freezes the same bytes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

import msgspec

from khobor.capture.pages import sha256_of
from khobor.corpus.corpora import Corpus
from khobor.corpus.histories import append_history
from khobor.errors import ReleaseError, UsageError
from khobor.jsonl import read_records
from khobor.manifests import About, Release, SplitRow
from khobor.release.builds import difference_since
from khobor.release.checksums import CHECKSUMS
from khobor.release.contents import freeze_contents, release_contents
from khobor.release.differences import Bump, Difference
from khobor.release.verification.releases import verify_release
from khobor.release.versions import next_version
from khobor.release.writers import split_rows, write_release

_SHOWN = 5  # faults that the message lists


class Freeze(msgspec.Struct, frozen=True):
    """What freezing did: `appended` is False where nothing differs from the last version."""

    path: Path
    release: Release
    appended: bool


def freeze_release(
    corpus: Corpus,
    out: Path,
    annotations: Path,
    *,
    name: str,
    about: About,
    takedowns: Mapping[str, str] | None = None,
    major: bool = False,
) -> Freeze:
    """Turn a corpus into its next version below `out`, and freeze it in `annotations`.

    `about` is what its maker says of it, `takedowns` gives the reason why a published document is
    gone; `major` says that rows of validation and test may change. Raises ReleaseError where the version would be dishonest or
    a published document is missing; then nothing is written.
    """
    if corpus.local:
        raise ReleaseError(
            "texts that may not be redistributed cannot be frozen",
            where=name,
            fix="build without --pages",
        )
    corpus = _with_tombstones(corpus, takedowns or {})
    difference = difference_since(corpus)
    bump = _bump(difference, major)
    last = corpus.history.last
    scratch = out / f".{name}.freezing"
    shutil.rmtree(scratch, ignore_errors=True)  # of an interrupted run

    def write(corpus: Corpus, version: str) -> tuple[Path, Release]:
        return write_release(
            corpus,
            scratch,
            name=name,
            version=version,
            about=about,
        )

    try:
        if last is not None and bump is None:
            path, release = write(_as_of_last(corpus), last.release.version)
            if digest_of(path) == last.release.digest:
                return Freeze(_put(path, out), release, appended=False)
        version = next_version(last.release.version if last else None, bump or "PATCH")
        path, release = write(corpus, version)
        _refuse_faults(path)
        digest = digest_of(path)
        rows = _new_rows(corpus, path)
        path = _put(path, out)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    contents = release_contents(path)
    append_history(
        annotations, rows, freeze_contents(contents, name=name, version=version, digest=digest)
    )
    return Freeze(path, release, appended=True)


def _refuse_faults(folder: Path) -> None:
    """Freeze nothing that `khobor verify` would find fault with, now or later."""
    faults = verify_release(folder)
    if faults:
        shown = "; ".join(map(str, faults[:_SHOWN]))
        more = f" and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise ReleaseError(
            f"the release has {len(faults)} faults: {shown}{more}",
            where=folder.name,
            fix="nothing was frozen; build it without --freeze and run khobor verify on it",
        )


def digest_of(folder: Path) -> str:
    """Digest a release: the SHA-256 of its SHA256SUMS, so of every byte of it."""
    return sha256_of((folder / CHECKSUMS).read_bytes())


def _with_tombstones(corpus: Corpus, takedowns: Mapping[str, str]) -> Corpus:
    """Put a tombstone where a published document is gone, and refuse what nobody gave a reason for."""
    here = {row.doc_id for row in split_rows(corpus)}
    known = corpus.history.rows
    for doc_id in takedowns:
        if doc_id not in known or known[doc_id].state != "published":
            raise UsageError(
                f"{doc_id} is no published document", fix="see splits.jsonl for their names"
            )
        if doc_id in here:
            raise UsageError(
                f"{doc_id} is to be taken down, but its page is still here",
                fix="remove its row of the catalogue, its folder and its annotations first",
            )
    gone = sorted(d for d, row in known.items() if row.state == "published" and d not in here)
    unexplained = [doc_id for doc_id in gone if doc_id not in takedowns]
    if unexplained:
        raise ReleaseError(
            f"published documents are gone: {', '.join(unexplained)}",
            fix='restore their pages, or say why: --takedown "DOC=REASON"; nothing was written',
        )
    stones = [
        msgspec.structs.replace(known[doc_id], split=None, state="removed", reason=reason)
        for doc_id, reason in sorted(takedowns.items())
    ]
    return msgspec.structs.replace(corpus, tombstones=(*corpus.tombstones, *stones))


def _bump(difference: Difference | None, major: bool) -> Bump | None:
    """Choose the bump; None where no row differs. Refuse a smaller one than is honest."""
    if difference is None:
        return "MAJOR"
    if difference.moved:
        names = ", ".join(change.doc_id for change in difference.moved)
        raise ReleaseError(
            f"published documents would stand in another split: {names}",
            fix="restore splits.jsonl from version control; nothing was written",
        )
    if major:
        return "MAJOR"
    if difference.bump == "MAJOR":
        why = "; ".join(reason for bump, reason in difference.reasons if bump == "MAJOR")
        raise ReleaseError(
            f"a MAJOR version is the least that may follow {difference.before}: {why}",
            fix="undo that, or ask for it with --major (make release MAJOR=1); nothing was written",
        )
    return None if difference.is_empty else difference.bump


def _as_of_last(corpus: Corpus) -> Corpus:
    """See a corpus as the last frozen version did: it was not there yet."""
    history = corpus.history
    before = msgspec.structs.replace(history, versions=history.versions[:-1])
    return msgspec.structs.replace(corpus, history=before)


def _put(folder: Path, out: Path) -> Path:
    """Move a complete release to its place, or leave the same one that stands there already."""
    target = out / folder.name
    if target.exists():
        if not (target / CHECKSUMS).is_file() or digest_of(target) != digest_of(folder):
            raise ReleaseError(
                "something else stands there",
                where=str(target),
                fix="move it away; a version is never overwritten",
            )
        return target
    os.replace(folder, target)
    return target


def _new_rows(corpus: Corpus, release: Path) -> list[SplitRow]:
    """List the rows of a release that the history does not have yet."""
    known = corpus.history.rows
    written = (row for _, row in read_records(release / "splits.jsonl", SplitRow))
    return [row for row in written if known.get(row.doc_id) != row]
