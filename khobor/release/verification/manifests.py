"""manifest.json: a valid Release whose files, versions and counts are those of the folder."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from khobor.corpus.annotators import AnnotatorAgreement
from khobor.manifests import Release
from khobor.records import Reject
from khobor.release.contents import MANIFEST
from khobor.release.verification.faults import Broken, Faults, shown
from khobor.release.verification.lines import count_lines
from khobor.release.verification.shards import PATH
from khobor.release.verification.splits import WITH_ROWS, Places
from khobor.release.verification.tallies import Tally

_MOST_BYTES = 16 << 20
_VERSION = re.compile(r"\d{1,9}\.\d{1,9}\.\d{1,9}(\.dev\d{1,9})?(\+local)?", re.ASCII)
_HELD = frozenset({"held", "held_eval"})


def read_manifest(folder: Path, sizes: Mapping[str, int], faults: Faults) -> Release | None:
    """Read manifest.json; None, and a fault, where it is no manifest."""
    if MANIFEST not in sizes:
        return None  # a link: reported as such
    if sizes[MANIFEST] > _MOST_BYTES:
        faults.add(MANIFEST, "manifest", f"has {sizes[MANIFEST]:,} bytes, more than is read here")
        return None
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Release)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        faults.add(MANIFEST, "manifest", f"is no manifest of a release: {error}")
        return None


def check_files(
    release: Release, sizes: Mapping[str, int], digests: Mapping[str, str]
) -> Iterator[Broken]:
    """Check the manifest's list of data files: their names, sizes and digests."""
    paths = [file.path for file in release.files]
    if len(set(paths)) != len(paths):
        yield "manifest", "it lists a file twice"
    numbers: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for file in release.files:
        match = PATH.fullmatch(file.path)
        if match is None or (match[1], match[2]) != (file.config, file.split):
            place = f"{file.config}/{file.split}"
            form = "data/<configuration>/<split>-NNNNN-of-NNNNN.parquet"
            yield "shard-name", f"{shown(file.path)} is no name of a file of {place}: {form}"
            continue
        numbers[match[1], match[2]].append((int(match[3]), int(match[4])))
        if file.path not in sizes:
            continue  # reported as a missing file
        if file.bytes != sizes[file.path]:
            found = f"{file.path} has {sizes[file.path]:,} bytes"
            yield "byte-count", f"{found}, the manifest says {file.bytes:,}"
        if file.path in digests and file.sha256 != digests[file.path]:
            found = f"{file.path} has SHA-256 {digests[file.path][:12]}…"
            yield "checksum", f"{found}, the manifest says {file.sha256[:12]}…"
    for (config, split), found_numbers in sorted(numbers.items()):
        total = len(found_numbers)
        if sorted(found_numbers) != [(number, total) for number in range(total)]:
            yield "shard-name", f"the files of {config}/{split} are not numbered 0 to {total - 1}"


def is_version(version: str) -> bool:
    """Tell whether a string is the version of a release: x.y.z, .devN and +local behind it."""
    return _VERSION.fullmatch(version) is not None


def check_version(release: Release, folder_name: str) -> Iterator[Broken]:
    """Check the version's form, the folder's name, and what may be published.

    A folder may have any name, but one that states another version lies.
    """
    version = release.version
    if not is_version(version):
        yield "version", f"{shown(version)} is no version: expected x.y.z, .devN and +local behind"
    stated = folder_name.removeprefix(f"{release.name}-")
    if stated not in (folder_name, version) and _VERSION.match(stated):
        yield "version", f"the folder says {shown(stated)}, the manifest {shown(version)}"
    if release.publishable == version.endswith("+local"):
        claim = "publishable" if release.publishable else "not publishable"
        yield (
            "publishable",
            f"version {shown(version)} is said to be {claim}; texts that may not be redistributed "
            "make a build +local, and that alone is not publishable",
        )


def check_counts(
    release: Release,
    folder: Path,
    sizes: Mapping[str, int],
    places: Places | None,
    tally: Tally,
    misfits: int | None,
    faults: Faults,
) -> Iterator[Broken]:
    """Check the manifest's counts against reports, splits and rows: nothing vanished."""
    rejects = count_lines(folder, "reports/rejects.jsonl", sizes, Reject, faults)
    for name, count in (("rejects", rejects), ("misfits", misfits)):
        if count is not None and count != getattr(release, name):
            stated = getattr(release, name)
            yield "count", f"{name}: {stated:,}, but reports/{name}.jsonl has {count:,} lines"
    # No count of the manifest, but a reader of the release reads it too.
    count_lines(folder, "reports/agreements.jsonl", sizes, AnnotatorAgreement, faults)
    if release.pages != release.documents + release.held + release.rejects:
        made = (
            f"{release.documents:,} documents, {release.held:,} held, {release.rejects:,} rejects"
        )
        yield "count", f"pages: {release.pages:,}, but {made}; a page ends as one of them"
    if places is not None:
        states = [row.state for row in places.values()]
        for name, count in (
            ("documents", sum(state in WITH_ROWS for state in states)),
            ("withheld", states.count("withheld")),
        ):
            if count != getattr(release, name):
                stated = getattr(release, name)
                yield "count", f"{name}: {stated:,}, but splits.jsonl has {count:,}"
        # A page that was taken down may be here again: it is held, and its line says removed.
        held = sum(state in _HELD for state in states)
        if not held <= release.held <= held + states.count("removed"):
            yield "count", f"held: {release.held:,}, but splits.jsonl has {held:,}"
    if tally.whole:
        if len(tally.split_of) != release.documents:
            found = f"{len(tally.split_of):,} documents have rows"
            yield "count", f"documents: {release.documents:,}, but {found}"
        if tuple(sorted(tally.guidelines)) != release.guidelines:
            found = ", ".join(sorted(tally.guidelines)) or "none"
            stated = ", ".join(release.guidelines) or "none"
            yield "guideline", f"guidelines: {shown(stated)}, but standoff/ has {shown(found)}"
