"""What stands in the files about releases: manifest.json, splits.jsonl, releases.jsonl.

Frozen msgspec Structs like those of khobor.records; `schema/` is exported from them too.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

import msgspec

from khobor.records import DocId, Sha256, SplitName

# Of a document in the manifest of splits:
SplitState = Literal[
    "published",  # in a frozen version: its split never changes
    "provisional",  # of a build that is not frozen
    "withheld",  # its text may not be redistributed
    "held",  # near documents of two splits: never published
    "held_eval",  # would join validation or test, which are frozen until the next MAJOR
    "removed",  # a takedown: it never comes back
]
SPLIT_STATES: tuple[SplitState, ...] = get_args(SplitState)
Version = Annotated[str, msgspec.Meta(pattern=r"^\d+\.\d+\.\d+$(?!\n)")]


class SplitRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a document stands: a line of splits.jsonl; of two lines of one document the last holds."""

    doc_id: DocId
    cluster_id: str
    split: SplitName | None
    first_version: str
    state: SplitState
    reason: str = ""


class ReleaseFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A data file of a release; `rows_sha256` is over its logical rows, not its bytes."""

    path: str
    config: str
    split: SplitName
    rows: int
    bytes: int
    sha256: Sha256
    rows_sha256: Sha256


class FrozenRelease(msgspec.Struct, frozen=True, tag="release", forbid_unknown_fields=True):
    """A version that is frozen: a line of releases.jsonl, before the lines of its documents.

    `digest` is the SHA-256 of its SHA256SUMS, so of every byte; `features` has each column's type
    of each configuration.
    """

    name: str
    version: Version
    digest: Sha256
    features: dict[str, dict[str, str]]


class FrozenDocument(msgspec.Struct, frozen=True, tag="document", forbid_unknown_fields=True):
    """A document of a frozen version: a line of releases.jsonl.

    `rows` counts its rows by configuration; `aspects` has digests of what its rows say, by aspect
    (text, entities, tokens …: release.contents).
    """

    version: Version
    doc_id: DocId
    split: SplitName
    rows: dict[str, int]
    aspects: dict[str, str]


class Release(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The manifest of a release: manifest.json.

    `pages` are the documents, the held ones (which have no rows) and the rejects.

    `about` and `creators` are what its card was told, so that a build on top of it can say the
    same.
    """

    name: str
    version: str
    publishable: bool
    guidelines: tuple[str, ...]
    pages: int
    documents: int
    withheld: int
    held: int
    rejects: int
    misfits: int
    made_with: dict[str, str]
    files: tuple[ReleaseFile, ...]
    about: str = ""
    creators: tuple[str, ...] = ()
