"""croissant.json, where a release has one: its files, columns and version are those of the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from khobor.manifests import Release
from khobor.release.features import CONFIGS, config_features
from khobor.release.verification.faults import Broken, Faults, shown
from khobor.release.versions import base_version, semantic_version

CROISSANT = "croissant.json"
_MOST_BYTES = 16 << 20
_MOST_PARTS = 100_000  # files, record sets and fields


def check_croissant(
    folder: Path,
    sizes: Mapping[str, int],
    digests: Mapping[str, str],
    release: Release | None,
    faults: Faults,
) -> None:
    """Check what croissant.json says of version, checksums and columns against the release.

    Its form is the matter of its own validator (mlcroissant); other record sets than those of
    the configurations may stand there too.
    """
    if CROISSANT not in sizes:
        return
    if sizes[CROISSANT] > _MOST_BYTES:
        faults.add(
            CROISSANT, "croissant", f"has {sizes[CROISSANT]:,} bytes, more than is read here"
        )
        return
    try:
        stated = msgspec.json.decode((folder / CROISSANT).read_bytes(), type=dict[str, object])
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        faults.add(CROISSANT, "croissant", f"is no JSON object: {error}")
        return
    faults.extend(CROISSANT, _check_version(stated, release))
    faults.extend(CROISSANT, _check_files(stated, digests))
    faults.extend(CROISSANT, _check_columns(stated))


def _check_version(stated: Mapping[str, object], release: Release | None) -> Iterator[Broken]:
    version = stated.get("version")
    if release is None:
        return
    sound = (semantic_version(release.version), release.version, base_version(release.version))
    if version not in sound:
        yield "version", f"version is {shown(version)}, the manifest says {release.version}"


def _check_files(stated: Mapping[str, object], digests: Mapping[str, str]) -> Iterator[Broken]:
    """A file that it names by a path of the release has the checksum that it has."""
    for file in _objects(stated.get("distribution")):
        path, digest = file.get("contentUrl"), file.get("sha256")
        if not isinstance(path, str) or digest is None or "://" in path:
            continue
        if path not in digests:
            yield "croissant", f"it lists {shown(path)}, which is not there"
        elif digest != digests[path]:
            found = f"{path} has SHA-256 {digests[path][:12]}…"
            yield "checksum", f"{found}, it says {shown(digest)}"


def _check_columns(stated: Mapping[str, object]) -> Iterator[Broken]:
    """The record set of a configuration has its columns."""
    for records in _objects(stated.get("recordSet")):
        config = _name(records)
        if config not in CONFIGS:
            continue
        names = {_name(field).split(".")[0] for field in _objects(records.get("field"))}
        # `split` is where a row lies, no column of the files.
        different = sorted((names - {"split"}) ^ set(config_features(config)))
        if different:
            whose = "is no column" if different[0] in names else "is a column that it leaves out"
            yield "features", f"{config}: {shown(different[0])} {whose}"


def _objects(parts: object) -> list[Mapping[str, object]]:
    if not isinstance(parts, list):
        return []
    return [part for part in parts[:_MOST_PARTS] if isinstance(part, dict)]


def _name(part: Mapping[str, object]) -> str:
    """Name a record set or field: what stands behind the last slash of its name or @id."""
    name = part.get("name") or part.get("@id")
    return name.rpartition("/")[2] if isinstance(name, str) else ""
