"""The folder of a release: which files are there, what SHA256SUMS says, what does not belong."""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from tqdm import tqdm

from khobor.release.checksums import CHECKSUMS as SUMS
from khobor.release.contents import MANIFEST
from khobor.release.verification.faults import Faults, shown

_DEEPEST = 8  # folders in folders; a release has data/<configuration>
_MAX_SUMS = 256 * 1024 * 1024  # a line a file: enough for a million of them
_LINE = re.compile(r"([0-9a-f]{64})  ([^\r\n]+)")
# What a release may hold, beside data/; sizes and contents are the matter of other checks.
_REQUIRED = (
    *("README.md", "CHANGELOG.md", MANIFEST, SUMS, "splits.jsonl"),
    *("reports/rejects.jsonl", "reports/misfits.jsonl"),
)
_KNOWN = re.compile(
    r"README\.md|CHANGELOG\.md|LICENSE(-DATA)?|CITATION\.cff|manifest\.json|croissant\.json"
    r"|SHA256SUMS|splits\.jsonl|reports/[a-z-]+\.jsonl|standoff/[A-Za-z0-9][A-Za-z0-9._-]*\.jsonl|figures/[\w.-]+\.svg"
)
# What git and the Hub's client put beside the files that they bring.
_CLIENTS = re.compile(r"\.gitattributes|\.git(/.*)?|\.cache/huggingface(/.*)?", re.DOTALL)
_LEFTOVER = re.compile(
    r"(.*/)?(\.[^/]*|[^/]*(\.tmp|\.partial|\.part|\.swp|\.bak|\.orig|~)|Thumbs\.db)"
)

Sizes = Mapping[str, int]  # path of a plain file relative to the release → its bytes


def list_files(folder: Path, faults: Faults) -> dict[str, int]:
    """Turn a folder into its readable plain files and their sizes; links and others are faults."""
    sizes: dict[str, int] = {}
    for name, status in _walk(folder, "", faults):
        if _CLIENTS.fullmatch(name):
            continue
        if stat.S_ISREG(status.st_mode):
            if _opens(folder / name, name, faults):
                sizes[name] = status.st_size
        elif stat.S_ISLNK(status.st_mode):
            faults.add(
                name,
                "plain-file",
                "is a symbolic link, expected a plain file; download the release into a folder of "
                "its own (local_dir=…), not into a cache of links",
            )
        else:
            faults.add(name, "plain-file", "is neither a file nor a folder; remove it")
    return sizes


def _opens(path: Path, name: str, faults: Faults) -> bool:
    """Tell whether a file can be read at all; what is no more than a name is a fault."""
    try:
        path.open("rb").close()
    except OSError as error:
        faults.add(name, "plain-file", f"cannot be read ({error.strerror})")
        return False
    return True


def _walk(folder: Path, prefix: str, faults: Faults) -> Iterator[tuple[str, os.stat_result]]:
    """List all below a folder but folders, without following any link."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        faults.add(prefix, "plain-file", f"cannot be read ({error.strerror})")
        return
    for entry in entries:
        name = prefix + entry.name
        if not entry.is_dir(follow_symlinks=False):
            yield name, entry.stat(follow_symlinks=False)
        elif name.count("/") >= _DEEPEST:
            faults.add(f"{name}/", "stray-file", "is a folder deeper than any of a release")
        elif not _CLIENTS.fullmatch(name):
            yield from _walk(Path(entry.path), f"{name}/", faults)


def check_belongings(sizes: Sizes, shards: frozenset[str], faults: Faults) -> None:
    """Check that no file is there that no release has, and none that it needs is missing.

    `shards` are the data files of the manifest.
    """
    for name in sizes:
        if name in shards or _KNOWN.fullmatch(name):
            continue
        if name.startswith("data/"):
            faults.add(
                name,
                "stray-shard",
                "is no data file of the manifest, but a loader would read it; remove it",
            )
        elif _LEFTOVER.fullmatch(name):
            faults.add(name, "leftover", "was left behind by a program; remove it")
        else:
            faults.add(name, "stray-file", "is no part of a release; remove it")
    for name in (*_REQUIRED, *sorted(shards)):
        if name not in sizes:
            faults.add(name, "missing-file", "is not there; download or build the release anew")


def check_sums(
    folder: Path, sizes: Sizes, shards: frozenset[str], faults: Faults
) -> dict[str, str]:
    """Hash every file and compare with SHA256SUMS; give path → SHA-256."""
    found: dict[str, str] = {}
    # disable=None: no bar where stderr is no terminal.
    with tqdm(
        total=sum(sizes.values()), unit="B", unit_scale=True, disable=None, leave=False
    ) as bar:
        for name, size in sizes.items():
            with (folder / name).open("rb") as content:
                found[name] = hashlib.file_digest(content, "sha256").hexdigest()
            bar.update(size)
    if SUMS not in sizes:
        return found  # reported as a missing file
    listed = _read_sums(folder, sizes, faults)
    for name, digest in listed.items():
        if name not in found:
            faults.add(name, "missing-file", f"stands in {SUMS} and is not there")
        elif found[name] != digest:
            faults.add(
                name,
                "checksum",
                f"has SHA-256 {found[name][:12]}…, {SUMS} says {digest[:12]}…; it was changed or "
                "damaged: download or build it anew",
            )
    for name in found:
        # What is no part of a release at all is reported as a stray file.
        if name not in listed and name != SUMS and (name in shards or _KNOWN.fullmatch(name)):
            faults.add(name, "unlisted", f"does not stand in {SUMS}, so nothing vouches for it")
    return found


def _read_sums(folder: Path, sizes: Sizes, faults: Faults) -> dict[str, str]:
    """Read SHA256SUMS: path → SHA-256, of well-formed lines with safe paths."""
    listed: dict[str, str] = {}
    if sizes[SUMS] > _MAX_SUMS:
        faults.add(SUMS, "sums", f"has {sizes[SUMS]:,} bytes, expected a line a file")
        return listed
    text = (folder / SUMS).read_bytes().decode("utf-8", "replace")
    if text and not text.endswith("\n"):
        faults.add(SUMS, "sums", "the last line is cut off")
    previous = ""
    for number, line in enumerate(text.removesuffix("\n").split("\n") if text else [], 1):
        match = _LINE.fullmatch(line)
        if match is None:
            form = "expected a SHA-256, two spaces, a path"
            faults.add(SUMS, "sums", f"line {number} is {shown(line)}, {form}")
            continue
        digest, name = match.groups()
        if not is_safe(name) or name == SUMS:
            faults.add(
                SUMS, "unsafe-path", f"line {number} names {shown(name)}, no file below here"
            )
        elif name in listed:
            faults.add(SUMS, "sums", f"line {number} names {shown(name)} a second time")
        else:
            if name < previous:
                faults.add(SUMS, "sums", f"line {number} is not sorted by path")
            listed[name] = digest
            previous = name
    return listed


def is_safe(name: str) -> bool:
    """Tell whether a path is one below the folder, in its one spelling."""
    if not name or "\\" in name or not name.isprintable():
        return False
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and path.as_posix() == name
