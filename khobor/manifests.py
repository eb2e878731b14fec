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


class Author(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename="kebab"
):
    """Who is to be cited: a person by their names, or a team or firm by `name` alone."""

    name: str = ""
    given_names: str = ""
    name_particle: str = ""
    family_names: str = ""
    name_suffix: str = ""
    affiliation: str = ""
    orcid: str = ""
    email: str = ""
    website: str = ""


class Citation(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, rename="kebab"
):
    """How a corpus is cited: the keys of a CITATION.cff (1.2.0) that khobor carries on."""

    cff_version: Literal["1.2.0"]
    message: str
    title: str
    authors: tuple[Author, ...]
    type: Literal["dataset", "software"] = "software"  # the schema's own default
    version: str = ""
    date_released: str = ""
    license: str = ""
    doi: str = ""
    url: str = ""
    repository_code: str = ""
    abstract: str = ""
    keywords: tuple[str, ...] = ()


class Release(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The manifest of a release: manifest.json.

    `about`, `creators`, `language_creators` and `citation` are what its card was told, so that a
    build on top of it can say the same.
    """

    name: str
    version: str
    publishable: bool
    guidelines: tuple[str, ...]
    pages: int
    documents: int
    withheld: int
    rejects: int
    misfits: int
    made_with: dict[str, str]
    files: tuple[ReleaseFile, ...]
    about: str = ""
    creators: tuple[str, ...] = ()
    language_creators: tuple[str, ...] = ()
    citation: Citation | None = None
