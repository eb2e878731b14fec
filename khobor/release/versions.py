"""Version numbers of releases: x.y.z of a frozen one, x.y.z.dev0 of any other build."""

from __future__ import annotations

from khobor.release.differences import Bump

# What the first frozen release of a corpus is called.
FIRST_VERSION = "1.0.0"


def next_version(last: str | None, bump: Bump) -> str:
    """Turn the version frozen last (None: none yet) and a bump into the version that follows."""
    if last is None:
        return FIRST_VERSION
    major, minor, patch = version_key(last)
    if bump == "MAJOR":
        return f"{major + 1}.0.0"
    return f"{major}.{minor + 1}.0" if bump == "MINOR" else f"{major}.{minor}.{patch + 1}"


def development_version(*, following: str = FIRST_VERSION, local: bool = False) -> str:
    """Name a build that is not frozen: `<following>.dev0`, `+local` with texts of others."""
    return f"{following}.dev0+local" if local else f"{following}.dev0"


def base_version(version: str) -> str:
    """Turn a version into its x.y.z, the only form that `datasets` reads."""
    return version.split("+", maxsplit=1)[0].split(".dev", maxsplit=1)[0]


def version_key(version: str) -> tuple[int, int, int]:
    """Turn a version into the numbers that versions are ordered by."""
    major, minor, patch = base_version(version).split(".")
    return int(major), int(minor), int(patch)


def bump_between(before: str, after: str) -> Bump | None:
    """Say which bump leads from one version to another; None where the second is not later."""
    old, new = version_key(before), version_key(after)
    if new <= old:
        return None
    return "MAJOR" if new[0] != old[0] else "MINOR" if new[1] != old[1] else "PATCH"


def is_frozen(version: str) -> bool:
    """Tell whether a version is one that is frozen: neither a development nor a local build."""
    return version == base_version(version)
