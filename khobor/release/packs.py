"""The part that a range of documents writes: files of the release, one behind the other."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from khobor.errors import KhoborError

_TAIL = 8  # bytes of the offset of the index, little-endian, at the end
_STEP = 1024 * 1024


class Packed(msgspec.Struct, frozen=True, array_like=True):
    """A file in a pack: its name, where it lies in bytes, its SHA-256."""

    name: str
    offset: int
    size: int
    sha256: str


def pack_folder(folder: Path) -> Iterator[bytes]:
    """Turn the files below a folder into the pieces of a pack, by name."""
    packed: list[Packed] = []
    offset = 0
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest = hashlib.sha256()
        size = 0
        with path.open("rb") as content:
            while piece := content.read(_STEP):
                digest.update(piece)
                size += len(piece)
                yield piece
        name = path.relative_to(folder).as_posix()
        packed.append(Packed(name, offset, size, digest.hexdigest()))
        offset += size
    yield msgspec.msgpack.encode(packed) + offset.to_bytes(_TAIL, "little")


def read_packed(pack: Path) -> list[Packed]:
    """List the files of a pack, by name."""
    with pack.open("rb") as content:
        size = content.seek(0, 2)
        content.seek(size - _TAIL)
        content.seek(int.from_bytes(content.read(_TAIL), "little"))
        return msgspec.msgpack.decode(content.read()[:-_TAIL], type=list[Packed])


def unpack(pack: Path, folder: Path, name_of: Callable[[str], str | None]) -> None:
    """Write the files of a pack below a folder, under other names; None leaves one out.

    Every file is hashed on its way. Raises KhoborError where one is not what the pack says.
    """
    with pack.open("rb") as content:
        for packed in read_packed(pack):
            name = name_of(packed.name)
            if name is None:
                continue
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            digest = hashlib.sha256()
            content.seek(packed.offset)
            missing = packed.size
            with path.open("wb") as written:
                while missing and (piece := content.read(min(missing, _STEP))):
                    digest.update(piece)
                    written.write(piece)
                    missing -= len(piece)
            if digest.hexdigest() != packed.sha256:
                raise KhoborError(
                    f"{packed.name} in it is not what it was",
                    where=str(pack),
                    fix="delete the work folder and build again",
                )


def read_file(pack: Path, name: str) -> bytes:
    """Read one file of a pack; empty where it has none of that name."""
    for packed in read_packed(pack):
        if packed.name == name:
            with pack.open("rb") as content:
                content.seek(packed.offset)
                return content.read(packed.size)
    return b""
