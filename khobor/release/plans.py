"""What would be published and where: everything that is checked before any network."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from khobor.errors import ReleaseError, UsageError
from khobor.manifests import Release
from khobor.release.checksums import MANIFEST, Fault, find_faults
from khobor.release.contents import Content, read_contents

_VERSION = re.compile(r"(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2}")
# The Hub's rule for both halves: letters, digits, '-', '_', '.', no '-' or '.' at an edge.
_REPO_ID = re.compile(r"\w(?:[\w.-]*\w)?/\w(?:[\w.-]*\w)?", re.ASCII)
_LONGEST_REPO_ID = 96
_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
_SHOWN = 5
HUB = "https://huggingface.co"


class Plan(msgspec.Struct, frozen=True):
    """A release that may be published, its files, and where to."""

    folder: Path
    release: Release
    contents: dict[str, Content]
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
        return sum(content.size for content in self.contents.values())


def plan_publication(folder: Path, repo_id: str, *, endpoint: str | None = None) -> Plan:
    """Turn a release folder and a repository's name into a plan, without any network.

    `endpoint`: the host's address, else HF_ENDPOINT, else the Hugging Face Hub.
    Raises UsageError where the call is wrong, ReleaseError where the folder may not be published.
    """
    _check_repo_id(repo_id)
    address = _read_endpoint(endpoint)
    release = _read_manifest(folder)
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
    faults = _faults(folder)
    if faults:
        listed = "; ".join(f"{fault.file}: {fault.message}" for fault in faults[:_SHOWN])
        more = f"; and {len(faults) - _SHOWN} more" if len(faults) > _SHOWN else ""
        raise ReleaseError(
            f"it is not the release that was built: {listed}{more}",
            where=str(folder),
            fix="build it again, or restore it",
        )
    return Plan(folder, release, read_contents(folder), repo_id, address)


def _faults(folder: Path) -> list[Fault]:
    """The verification that a release must pass before it is published."""
    return find_faults(folder)


def _read_manifest(folder: Path) -> Release:
    path = folder / MANIFEST
    try:
        return msgspec.json.decode(path.read_bytes(), type=Release)
    except OSError as error:
        raise UsageError(
            f"cannot be read ({error.strerror})",
            where=str(path),
            fix="expected the folder of a release, NAME-X.Y.Z",
        ) from error
    except msgspec.MsgspecError as error:
        raise ReleaseError(
            f"not the manifest of a release: {error}", where=str(path), fix="build it again"
        ) from error


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
    parts = urlsplit(chosen)
    host = parts.netloc.rpartition("@")[2]
    # What is left out of this address may be a credential, so it is not shown either.
    bare = f"{parts.scheme}://{host}{parts.path}"
    if chosen != bare or not parts.hostname or parts.scheme not in ("http", "https"):
        raise UsageError(
            "an endpoint is the address of a host alone",
            where=bare,
            fix="expected https://HOST; the token comes from HF_TOKEN or `hf auth login`",
        )
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
        raise UsageError(
            "the token would be sent unencrypted", where=chosen, fix="expected https://HOST"
        )
    return chosen.rstrip("/")
