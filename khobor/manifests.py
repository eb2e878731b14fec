"""What stands in the files about releases: manifest.json, splits.jsonl, releases.jsonl.

Frozen msgspec Structs like those of khobor.records; `schema/` is exported from them too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
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


def count_rows(files: Iterable[ReleaseFile]) -> Counter[tuple[str, str]]:
    """Count the rows of each (configuration, split) that has files."""
    counts: Counter[tuple[str, str]] = Counter()
    for file in files:
        counts[file.config, file.split] += file.rows
    return counts


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


class About(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a release is told of itself by its maker: its manifest keeps it, its card says it.

    `description` is Markdown. `creators` annotated and `language_creators` wrote, in the Hub's words
    (machine-generated, expert-generated, found …). `licence` is the text of its LICENSE.
    """

    description: str = ""
    creators: tuple[str, ...] = ()
    language_creators: tuple[str, ...] = ()
    licence: str = ""
    citation: Citation | None = None


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
    `about` lets a build on top of it say the same.
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
    about: About = About()
