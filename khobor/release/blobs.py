"""What a release folder holds, with the digests by which a host names the same bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from khobor.errors import ReleaseError, UsageError

_CHUNK = 1024 * 1024


class Content(msgspec.Struct, frozen=True):
    """A file of a release: `path` below its folder, with slashes; `blob_id` is git's SHA-1."""

    path: str
    size: int
    sha256: str
    blob_id: str


class HostFile(msgspec.Struct, frozen=True):
    """A file as a host lists it; `sha256` is None where git alone keeps it."""

    path: str
    size: int
    blob_id: str
    sha256: str | None


def read_contents(folder: Path) -> dict[str, Content]:
    """Turn a release folder into its files by path, sorted.

    Raises ReleaseError at a symbolic link, UsageError where a file cannot be read.
    """
    contents = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            raise ReleaseError(
                "a symbolic link is no file of a release",
                where=str(path),
                fix="build the release again",
            )
        if path.is_file():
            content = _read_content(path, path.relative_to(folder).as_posix())
            contents[content.path] = content
    return contents


def _read_content(path: Path, name: str) -> Content:
    size = path.stat().st_size
    sha256 = hashlib.sha256()
    # Git names a blob by the SHA-1 of its kind, its size and its bytes; not used for safety.
    sha1 = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    try:
        with path.open("rb") as lines:
            while chunk := lines.read(_CHUNK):
                sha256.update(chunk)
                sha1.update(chunk)
    except OSError as error:
        raise UsageError(
            f"cannot be read ({error.strerror})", where=str(path), fix="mend its permissions"
        ) from error
    return Content(name, size, sha256.hexdigest(), sha1.hexdigest())


def is_same(content: Content, file: HostFile | None) -> bool:
    """Say whether the host's file has the bytes of ours."""
    if file is None or file.size != content.size:
        return False
    if file.sha256 is not None:
        return file.sha256 == content.sha256
    return file.blob_id == content.blob_id


def find_differences(contents: Mapping[str, Content], files: Mapping[str, HostFile]) -> list[str]:
    """List what the host has less, more or other than the release, one sentence a file."""
    differences = []
    for path in sorted(contents.keys() | files.keys()):
        if path not in contents:
            differences.append(f"{path} does not belong to the release")
        elif path not in files:
            differences.append(f"{path} is missing")
        elif not is_same(contents[path], files[path]):
            differences.append(f"{path} has other bytes")
    return differences
