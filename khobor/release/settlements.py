"""What a version says of documents that are new in it."""

from __future__ import annotations

import msgspec

from khobor.corpus.placements import UNVERSIONED
from khobor.manifests import SplitRow
from khobor.release.versions import base_version, is_frozen


def settle(row: SplitRow, version: str) -> SplitRow:
    """Say in a new row in which version it is first; in a frozen one it is published."""
    base, frozen = base_version(version), is_frozen(version)
    state = "published" if frozen and row.state == "provisional" else row.state
    first = base if row.first_version == UNVERSIONED else row.first_version
    return msgspec.structs.replace(row, state=state, first_version=first)
