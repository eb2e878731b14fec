"""The work folder of a build: parts that tasks wrote, each with the receipt that says it is done.

Everything in it is named by the digest of what it was made from, so that a task whose receipt is
there, with a part that fits it, need not run again: after a kill, or in the next build.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

import khobor
from khobor.errors import UsageError
from khobor.layers.tokens import tokenizer_version
from khobor.paths import as_path, is_remote, write_file

# What lies below a work folder.
PAGES, SPOOLS, ANNOTATIONS, PLACES, RELEASE = "pages", "spools", "annotations", "places", "release"
PLAN = "plan.json"
_RECEIPT = ".done"
_STEP = 1024 * 1024
# Packages that say nothing of what a page becomes.
_NOT_OF_PAGES = frozenset({"cli", "release", "training", "formats", "engines"})


class Receipt(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a finished task says of the file that it wrote: the content of its done marker."""

    key: str
    bytes: int
    sha256: str


R = TypeVar("R", bound=Receipt)


@functools.cache
def page_code() -> str:
    """Digest the code that turns a page into a document, and the versions it hangs on.

    Another labeller, sentence rule or tokenizer is another digest, so nothing old is taken over.
    """
    folder = Path(khobor.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        name = path.relative_to(folder).as_posix()
        if name.split("/")[0] not in _NOT_OF_PAGES:
            digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    for name in ("selectolax", "numpy", "msgspec"):
        digest.update(f"{name} {importlib.metadata.version(name)}\0".encode())
    digest.update(tokenizer_version().encode())
    return digest.hexdigest()


def prepare_work(work: str) -> None:
    """Make the work folder; raise UsageError where that cannot be."""
    path = as_path(work)
    try:
        path.mkdir(parents=True, exist_ok=True)
        write_file(path / ".writable", b"")
        (path / ".writable").unlink()
    except OSError as error:
        raise UsageError(
            f"cannot be written ({error.strerror or error})",
            where=work,
            fix="choose another --work, or another --out, beside which it lies",
        ) from error


def key_of(*parts: str | bytes) -> str:
    """Turn what a task is made from into its key: 32 hex digits, without a length's ambiguity."""
    digest = hashlib.sha256()
    for part in parts:
        content = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(content).to_bytes(8, "little") + content)
    return digest.hexdigest()[:32]


def part_path(work: str, kind: str, key: str) -> Path:
    """Name the file that a task writes."""
    return as_path(work) / kind / f"{key}.part"


def finish(path: Path, content: Iterable[bytes]) -> tuple[int, str]:
    """Write a part all or nothing; give its bytes and SHA-256, for the receipt."""
    digest = hashlib.sha256()
    size = 0

    def measured() -> Iterator[bytes]:
        nonlocal size
        for piece in content:
            digest.update(piece)
            size += len(piece)
            yield piece

    write_file(path, measured())
    return size, digest.hexdigest()


def write_receipt(work: str, kind: str, receipt: Receipt) -> None:
    """Write the done marker of a task, behind its part."""
    path = part_path(work, kind, receipt.key).with_suffix(_RECEIPT)
    write_file(path, msgspec.json.encode(receipt) + b"\n")


def read_receipt(work: str, kind: str, key: str, form: type[R]) -> R | None:
    """Find the receipt of a task whose part is there and whole, as its checksum says; else None."""
    path = part_path(work, kind, key)
    try:
        receipt = msgspec.json.decode(path.with_suffix(_RECEIPT).read_bytes(), type=form)
        with path.open("rb") as part:
            digest = hashlib.file_digest(part, "sha256").hexdigest()
    except (OSError, msgspec.MsgspecError):
        return None
    return receipt if (receipt.key, receipt.sha256) == (key, digest) else None


def pieces_of(path: Path, offset: int = 0, size: int | None = None) -> Iterator[bytes]:
    """Read a file, or some bytes of it, a megabyte at a time."""
    with path.open("rb") as content:
        content.seek(offset)
        missing = size
        while piece := content.read(_STEP if missing is None else min(_STEP, missing)):
            missing = None if missing is None else missing - len(piece)
            yield piece


def sweep(work: str, kind: str, keep: Iterable[str]) -> None:
    """Delete what a build did not need of a kind: parts of other keys, what a kill left behind."""
    folder = as_path(work) / kind
    if not folder.is_dir():
        return
    kept = set(keep)
    for path in list(folder.iterdir()):
        if path.name.split(".")[0] in kept:
            continue
        if path.is_dir():
            remove_folder(path)
        else:
            path.unlink(missing_ok=True)


def remove_folder(folder: Path) -> None:
    """Delete a folder with all below it, if it is there."""
    if is_remote(folder):
        if folder.exists():
            folder.rmdir(recursive=True)  # type: ignore[call-arg]  # UPath's
    else:
        shutil.rmtree(folder, ignore_errors=True)
