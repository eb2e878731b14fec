"""The folder of a release: a whole one under a temporary name, then one rename."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from khobor.errors import ReleaseError, UsageError
from khobor.manifests import Release
from khobor.paths import is_remote, list_files, write_file
from khobor.release.checksums import CHECKSUMS
from khobor.release.contents import MANIFEST
from khobor.release.versions import is_frozen

_STEP = 1024 * 1024


def check_target(target: Path) -> None:
    """Refuse to replace anything but a development build of ours; raise ReleaseError."""
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


@contextmanager
def partial_folder(target: Path) -> Iterator[Path]:
    """Give a fresh folder of this machine, gone again in the end unless it was put in place.

    It stands beside the target, so that one rename puts it there; that of a bucket stands among
    the temporary files. Raises UsageError where it cannot be written.
    """
    try:
        if is_remote(target):
            with tempfile.TemporaryDirectory(prefix="khobor-") as scratch:
                yield Path(scratch)
            return
        folder = target.with_name(f".{target.name}.partial")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if folder.exists():
                shutil.rmtree(folder)  # of an interrupted run
            folder.mkdir()
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise UsageError(
            f"cannot be written ({error.strerror or error})",
            where=str(error.filename or target.parent),
            fix="make room, or choose another --out; nothing was left there",
        ) from error


def replace_folder(folder: Path, target: Path) -> None:
    """Put a complete folder in its place.

    A bucket has no rename of folders: there SHA256SUMS goes first and comes last, so that what
    has it is whole.
    """
    if is_remote(target):
        _upload(folder, target)
    elif target.exists():
        old = target.with_name(f".{target.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        os.replace(target, old)
        os.replace(folder, target)
        shutil.rmtree(old)
    else:
        os.replace(folder, target)


def _upload(folder: Path, target: Path) -> None:
    stale = dict(list_files(target)) if target.exists() else {}
    if CHECKSUMS in stale:
        stale.pop(CHECKSUMS).unlink()
    listed = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in sorted(listed, key=lambda path: path.name == CHECKSUMS):
        name = path.relative_to(folder).as_posix()
        write_file(target / name, _pieces(path))
        stale.pop(name, None)
    for path in stale.values():
        path.unlink()


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as content:
        while piece := content.read(_STEP):
            yield piece
