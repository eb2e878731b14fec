"""What would be uploaded and where to: everything that is checked before any network."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from khobor.errors import ReleaseError, UsageError
from khobor.manifests import Release
from khobor.release.checksums import CHECKSUMS, compare_checksums, read_checksums
from khobor.release.contents import read_manifest
from khobor.release.verification.releases import verify_release

HUB = "https://huggingface.co"
# The host's own: every repository has it, no release does.
HOSTS_OWN = ".gitattributes"
_VERSION = re.compile(r"(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}", re.ASCII)
# The Hub's rule for both halves: letters, digits, '-', '_', '.', no '-' or '.' at an edge.
_REPO_ID = re.compile(r"\w(?:[\w.-]*\w)?/\w(?:[\w.-]*\w)?", re.ASCII)
_LONGEST_REPO_ID = 96
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_CHUNK = 1024 * 1024
_SHOWN = 5


class LocalFile(msgspec.Struct, frozen=True):
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


class Upload(msgspec.Struct, frozen=True):
    """A release that may be published, its files by path, and where to."""

    folder: Path
    release: Release
    files: dict[str, LocalFile]
    repo_id: str
    endpoint: str

    @property
    def tag(self) -> str:
        """The tag of its version: v1.0.0."""
        return f"v{self.release.version}"

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        return f"{self.endpoint}/datasets/{self.repo_id}/tree/{self.tag}"

    @property
    def size(self) -> int:
        """The bytes of its files."""
        return sum(file.size for file in self.files.values())


def prepare_upload(folder: Path, repo_id: str, *, endpoint: str | None = None) -> Upload:
    """Turn a release folder and a repository's name into an upload, without any network.

    `endpoint`: the host's address, else HF_ENDPOINT, else the Hugging Face Hub.
    Raises UsageError where the call is wrong, ReleaseError where the folder may not be published.
    """
    _check_repo_id(repo_id)
    address = _read_endpoint(endpoint)
    release = read_manifest(folder)
    _refuse_unpublishable(release, folder)
    files = read_files(folder)
    faults = _faults(folder, files)
    if faults:
        raise ReleaseError(
            f"it is not the release that was built: {shorten(faults)}",
            where=str(folder),
            fix="build it again, or restore it",
        )
    return Upload(folder, release, files, repo_id, address)


def _refuse_unpublishable(release: Release, folder: Path) -> None:
    if not release.publishable:
        raise ReleaseError(
            "it holds texts that may not be redistributed (publishable: false)",
            where=str(folder),
            fix="build it without --pages",
        )
    if not _VERSION.fullmatch(release.version):
        raise ReleaseError(
            f"version {release.version} is not frozen",
            where=str(folder),
            fix="only a version X.Y.Z is published: freeze one first",
        )
    if folder.resolve().name != f"{release.name}-{release.version}":
        raise ReleaseError(
            f"the folder's name is not the one of its manifest, {release.name}-{release.version}",
            where=str(folder),
            fix="publish the folder as it was built, under its own name",
        )


def _faults(folder: Path, files: Mapping[str, LocalFile]) -> list[str]:
    """List what is wrong with a release folder, a sentence each: nothing may be.

    The files are compared as they were read for the upload, so that what is checked is what the
    host is later compared with.
    """
    found = {path: file.sha256 for path, file in files.items() if path != CHECKSUMS}
    sums = compare_checksums(read_checksums(folder), found)
    return sums or [str(fault) for fault in verify_release(folder)]


def read_files(folder: Path) -> dict[str, LocalFile]:
    """Turn a release folder into its files by path, sorted.

    Raises ReleaseError at a symbolic link and the like, UsageError where a file cannot be read.
    """
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            continue
        if path.is_symlink() or not path.is_file():
            raise ReleaseError(
                "a symbolic link or a device is no file of a release",
                where=str(path),
                fix="build the release again",
            )
        file = _read_file(path, path.relative_to(folder).as_posix())
        files[file.path] = file
    return files


def _read_file(path: Path, name: str) -> LocalFile:
    sha256 = hashlib.sha256()
    try:
        size = path.stat().st_size
        # Git names a blob by the SHA-1 of its kind, its size and its bytes; not used for safety.
        sha1 = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
        with path.open("rb") as content:
            while chunk := content.read(_CHUNK):
                sha256.update(chunk)
                sha1.update(chunk)
    except OSError as error:
        raise UsageError(
            f"cannot be read ({error.strerror})", where=str(path), fix="mend its permissions"
        ) from error
    return LocalFile(name, size, sha256.hexdigest(), sha1.hexdigest())


def is_same(ours: LocalFile, theirs: HostFile | None) -> bool:
    """Say whether the host's file has the bytes of ours."""
    if theirs is None or theirs.size != ours.size:
        return False
    if theirs.sha256 is not None:
        return theirs.sha256 == ours.sha256
    return theirs.blob_id == ours.blob_id


def find_differences(ours: Mapping[str, LocalFile], theirs: Mapping[str, HostFile]) -> list[str]:
    """List what the host has less, more or other than the release, a sentence a file."""
    differences = []
    for path in sorted(ours.keys() | theirs.keys()):
        if path not in ours:
            differences.append(f"{path} does not belong to the release")
        elif path not in theirs:
            differences.append(f"{path} is missing")
        elif not is_same(ours[path], theirs[path]):
            differences.append(f"{path} has other bytes")
    return differences


def shorten(listed: Sequence[str]) -> str:
    """Join the first few of a list, and count the others."""
    more = f", and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return ", ".join(listed[:_SHOWN]) + more


def _check_repo_id(repo_id: str) -> None:
    if (
        not _REPO_ID.fullmatch(repo_id)
        or len(repo_id) > _LONGEST_REPO_ID
        or "--" in repo_id
        or ".." in repo_id
        or repo_id.endswith(".git")
    ):
        raise UsageError(
            "no name of a repository",
            where=repo_id,
            fix="expected OWNER/NAME, as in example-lab/khobor-bn-news",
        )


def _read_endpoint(endpoint: str | None) -> str:
    """Find the host's address, without a last slash; a token never goes out unencrypted."""
    chosen = endpoint or os.environ.get("HF_ENDPOINT") or HUB
    try:
        parts = urlsplit(chosen)
        hostname = parts.hostname
        _ = parts.port  # raises where it is no number
    except ValueError:
        raise UsageError(
            "an endpoint is the address of a host", where="--endpoint", fix="expected https://HOST"
        ) from None
    # What is left out of this address may be a credential, so it is not shown either.
    bare = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"
    if chosen != bare or not hostname or parts.scheme not in ("http", "https"):
        raise UsageError(
            "an endpoint is the address of a host alone",
            where=bare,
            fix="expected https://HOST; the token comes from HF_TOKEN or `hf auth login`",
        )
    if parts.scheme == "http" and hostname not in _LOOPBACK:
        raise UsageError(
            "the token would be sent unencrypted", where=chosen, fix="expected https://HOST"
        )
    return chosen.rstrip("/")
