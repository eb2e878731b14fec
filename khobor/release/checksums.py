"""Whether a release folder is what its SHA256SUMS and its manifest say."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec

from khobor.errors import KhoborError
from khobor.manifests import Release
from khobor.release.contents import Content, read_contents

MANIFEST = "manifest.json"
CHECKSUMS = "SHA256SUMS"
_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with a file of a release."""

    file: str
    check: str
    message: str


def find_faults(folder: Path) -> list[Fault]:
    """Turn a release folder into what is wrong with it: nothing, where every sum holds."""
    try:
        contents = read_contents(folder)
    except KhoborError as error:
        return [Fault(error.where, "unreadable", error.message)]
    return [*_sum_faults(folder, contents), *_manifest_faults(folder, contents)]


def _sum_faults(folder: Path, contents: dict[str, Content]) -> list[Fault]:
    if CHECKSUMS not in contents:
        return [Fault(CHECKSUMS, "missing", "there are no checksums")]
    sums: dict[str, str] = {}
    lines = (folder / CHECKSUMS).read_bytes().decode("utf-8", "replace").splitlines()
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        if match is None:
            return [Fault(f"{CHECKSUMS}:{number}", "checksum", "not a line of sha256sum")]
        sums[match[2]] = match[1]
    faults = []
    for path in sorted(sums.keys() | contents.keys() - {CHECKSUMS}):
        if path not in contents:
            faults.append(Fault(path, "missing", f"{CHECKSUMS} names it, it is not here"))
        elif path not in sums:
            faults.append(Fault(path, "unexpected", f"{CHECKSUMS} does not name it"))
        elif contents[path].sha256 != sums[path]:
            faults.append(Fault(path, "checksum", f"its SHA-256 is not the one of {CHECKSUMS}"))
    return faults


def _manifest_faults(folder: Path, contents: dict[str, Content]) -> list[Fault]:
    if MANIFEST not in contents:
        return [Fault(MANIFEST, "missing", "there is no manifest")]
    try:
        release = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Release)
    except msgspec.MsgspecError as error:
        return [Fault(MANIFEST, "manifest", f"not the manifest of a release: {error}")]
    faults = []
    for file in release.files:
        content = contents.get(file.path)
        if content is None:
            faults.append(Fault(file.path, "missing", f"{MANIFEST} names it, it is not here"))
        elif (content.size, content.sha256) != (file.bytes, file.sha256):
            faults.append(Fault(file.path, "manifest", f"it is not the file of {MANIFEST}"))
    listed = {file.path for file in release.files}
    faults += [
        Fault(path, "unexpected", f"{MANIFEST} names no such data file")
        for path in contents
        if path.startswith("data/") and path not in listed
    ]
    return faults
