"""Paths of this machine's files, and of those that fsspec reaches: s3://…, gs://…, memory://…"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path

from khobor.errors import UsageError

_URL = "://"


def as_path(name: str | os.PathLike[str]) -> Path:
    """Turn a name into a path: with `://` in it one of fsspec (universal_pathlib), else a Path.

    Raises UsageError where the library for it is not installed.
    """
    if not isinstance(name, str) or _URL not in name:
        return Path(name)
    try:
        from upath import UPath

        path: Path = UPath(name)
        path.exists()  # imports the protocol's file system
    except (ImportError, ValueError) as error:
        raise UsageError(
            f"cannot be reached ({error})",
            where=name,
            fix="run: pip install 'khobor[remote]', and fsspec's library for this protocol",
        ) from error
    return path


def is_remote(path: Path) -> bool:
    """Tell a path that is no file of this machine."""
    return not isinstance(path, os.PathLike) or _URL in str(path)


def write_file(path: Path, content: bytes | Iterable[bytes]) -> None:
    """Write a file all or nothing: under a name of its own, then one rename.

    A store of objects shows an object when all of it is there, so it needs no rename.
    """
    pieces = (content,) if isinstance(content, bytes) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    if is_remote(path):
        with path.open("wb") as written:
            for piece in pieces:
                written.write(piece)
        return
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        with temporary.open("wb") as written:
            for piece in pieces:
                written.write(piece)
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def list_files(folder: Path) -> Iterator[tuple[str, Path]]:
    """List the files below a folder as (name relative to it, path), in the order of the names.

    Hidden files and folders are left out; a link to a folder is listed and not followed: it
    would be read twice, or for ever. A folder at a time is held in memory.
    """
    if is_remote(folder):
        yield from _list_remote(folder)
    else:
        yield from _list_local(str(folder), "")


def _list_local(folder: str, prefix: str) -> Iterator[tuple[str, Path]]:
    with os.scandir(folder) as entries:
        # With its slash a folder sorts as the names below it do.
        listed = sorted(
            (entry.name + "/" * entry.is_dir(follow_symlinks=False), entry.path)
            for entry in entries
            if not entry.name.startswith(".")
        )
    for name, path in listed:
        if name.endswith("/"):
            yield from _list_local(path, prefix + name)
        else:
            yield prefix + name, Path(path)


def _list_remote(folder: Path) -> Iterator[tuple[str, Path]]:
    files = (path for path in folder.rglob("*") if path.is_file())
    for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in files):
        if not any(part.startswith(".") for part in name.split("/")):
            yield name, path
