"""Version numbers of releases."""

from __future__ import annotations

# What the first frozen release of a corpus would be called.
FIRST_VERSION = "0.1.0"


def development_version(*, following: str = FIRST_VERSION, local: bool = False) -> str:
    """Name a build that is not frozen: `<following>.dev0`, `+local` with texts of others."""
    return f"{following}.dev0+local" if local else f"{following}.dev0"


def base_version(version: str) -> str:
    """Turn a version into its x.y.z, the only form that `datasets` reads."""
    return version.split("+", maxsplit=1)[0].split(".dev", maxsplit=1)[0]
