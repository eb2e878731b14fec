"""The difference of two releases, and the least version number that it may honestly have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from khobor.manifests import FrozenDocument
from khobor.release.contents import Contents

Bump = Literal["PATCH", "MINOR", "MAJOR"]
BUMPS: tuple[Bump, ...] = ("PATCH", "MINOR", "MAJOR")
# Aspects that an annotator or a labeller decides; the others are what the page says.
_LABELS = frozenset({"annotation", "blocks", "entities", "quotes", "tags"})


class DocumentChange(msgspec.Struct, frozen=True, order=True):
    """A document that is in both releases, but not the same: in which aspects, in which splits."""

    doc_id: str
    before: str
    after: str
    aspects: tuple[str, ...]

    @property
    def relabelled(self) -> bool:
        """Whether its labels alone changed, not what the page says."""
        return bool(self.aspects) and set(self.aspects) <= _LABELS


class RowChanges(msgspec.Struct, frozen=True):
    """How many rows of a configuration were added, removed and changed."""

    config: str
    added: int
    removed: int
    changed: int


class Difference(msgspec.Struct, frozen=True):
    """What differs from one release to another; `reasons` are (bump, why) of each kind of change.

    `rows` is empty where the rows of either are not at hand.
    """

    before: str
    after: str
    added: tuple[FrozenDocument, ...]
    removed: tuple[FrozenDocument, ...]
    changed: tuple[DocumentChange, ...]
    columns: tuple[str, ...]
    rows: tuple[RowChanges, ...]
    reasons: tuple[tuple[Bump, str], ...]

    @property
    def moved(self) -> tuple[DocumentChange, ...]:
        """Documents that stand in another split: none does, where all went well."""
        return tuple(change for change in self.changed if change.before != change.after)

    @property
    def bump(self) -> Bump:
        """The least honest bump: PATCH where no row differs."""
        return max((bump for bump, _ in self.reasons), key=BUMPS.index, default="PATCH")

    @property
    def is_empty(self) -> bool:
        """Whether no row and no column differs."""
        return not self.reasons


def compare(before: Contents, after: Contents) -> Difference:
    """Turn two releases' contents into their Difference.

    The rule of the bump: MAJOR for any row of validation or test, a removed or changed column, a
    label list, tokens that changed under the same sentences, or a document that moved; MINOR for
    rows of train and for new columns; else PATCH.
    """
    old, new = before.documents, after.documents
    # An aspect that no document had before is that of a new column.
    known = {aspect for document in old.values() for aspect in document.aspects}
    added = tuple(new[doc_id] for doc_id in sorted(new.keys() - old.keys()))
    removed = tuple(old[doc_id] for doc_id in sorted(old.keys() - new.keys()))
    changed = tuple(
        change
        for doc_id in sorted(old.keys() & new.keys())
        for change in [_change(old[doc_id], new[doc_id], known)]
        if change.aspects or change.before != change.after
    )
    columns = tuple(_columns(before, after))
    reasons = {
        *(_membership("added to", document) for document in added),
        *(_membership("removed from", document) for document in removed),
        *(reason for change in changed for reason in _changes(change)),
        *columns,
    }
    return Difference(
        before=before.version,
        after=after.version,
        added=added,
        removed=removed,
        changed=changed,
        columns=tuple(text for _, text in columns),
        rows=tuple(_row_changes(before, after)),
        reasons=tuple(sorted(reasons, key=lambda reason: (-BUMPS.index(reason[0]), reason[1]))),
    )


def _change(old: FrozenDocument, new: FrozenDocument, known: set[str]) -> DocumentChange:
    return DocumentChange(
        old.doc_id,
        old.split,
        new.split,
        tuple(name for name in sorted(known) if old.aspects.get(name) != new.aspects.get(name)),
    )


def _membership(verb: str, document: FrozenDocument) -> tuple[Bump, str]:
    return _bump_of(document.split), f"documents {verb} {document.split}"


def _changes(change: DocumentChange) -> Iterator[tuple[Bump, str]]:
    if change.before != change.after:
        yield "MAJOR", f"documents moved from {change.before} to {change.after}"
    for aspect in change.aspects:
        yield _bump_of(change.before), f"{aspect} changed in {change.before}"
    if "tokens" in change.aspects and not {"sentences", "text"} & set(change.aspects):
        yield "MAJOR", "the tokenisation changed"


def _bump_of(split: str) -> Bump:
    return "MINOR" if split == "train" else "MAJOR"


def _columns(before: Contents, after: Contents) -> Iterator[tuple[Bump, str]]:
    """List the columns that came, went or changed their type (a label list is part of it).

    A configuration without rows has no files, so no columns: it neither comes nor goes by itself.
    """
    for config in sorted(before.features.keys() & after.features.keys()):
        old, new = before.features[config], after.features[config]
        for column in sorted(old.keys() | new.keys()):
            if column not in new:
                yield "MAJOR", f"the column {config}.{column} is gone"
            elif column not in old:
                yield "MINOR", f"the column {config}.{column} is new"
            elif old[column] != new[column]:
                yield "MAJOR", f"the type or the labels of {config}.{column} changed"


def _row_changes(before: Contents, after: Contents) -> Iterator[RowChanges]:
    if not before.rows or not after.rows:
        return
    for config in sorted(before.rows.keys() | after.rows.keys()):
        old, new = before.rows.get(config, {}), after.rows.get(config, {})
        common = old.keys() & new.keys()
        yield RowChanges(
            config,
            added=len(new) - len(common),
            removed=len(old) - len(common),
            changed=sum(old[key] != new[key] for key in common),
        )
