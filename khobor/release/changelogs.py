"""CHANGELOG.md of a release: what differs from version to version, newest first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from khobor.corpus.histories import History
from khobor.manifests import FrozenDocument
from khobor.records import SPLITS
from khobor.release.contents import frozen_contents
from khobor.release.differences import BUMPS, Difference, DocumentChange, compare

# A section names so many documents; the others are counted.
_NAMED = 20


def make_changelog(
    name: str, version: str, history: History, difference: Difference | None, documents: int
) -> str:
    """Turn the frozen versions and the difference from the last of them into Markdown.

    `difference` is None for a corpus of which nothing was frozen before.
    """
    lines = [f"# Changes of {name}", ""]
    lines += [
        "MAJOR: rows of validation or test, labels, tokens, or columns that went. MINOR: rows of train, new",
        "columns. PATCH: the same rows, another card or other files.",
    ]
    lines += ["", f"## {version}", ""]
    lines += _changes(difference) if difference is not None else [_first(documents)]
    versions = [frozen for frozen in history.versions if frozen.release.version != version]
    for place in reversed(range(len(versions))):
        lines += ["", f"## {versions[place].release.version}", ""]
        if place:
            earlier, later = versions[place - 1], versions[place]
            lines += _changes(compare(frozen_contents(earlier), frozen_contents(later)))
        else:
            lines.append(_first(len(versions[place].documents)))
    return "\n".join(lines) + "\n"


def _first(documents: int) -> str:
    return f"- The first version: {documents:,} documents."


def _changes(difference: Difference) -> Iterator[str]:
    if difference.is_empty:
        yield f"- The rows of {difference.before}; the card or other files differ."
        return
    for verb, documents in (("Added", difference.added), ("Removed", difference.removed)):
        for split in SPLITS:
            among = [document for document in documents if document.split == split]
            if among:
                yield f"- {verb}, {split}: {_counted(among)} ({_names(among)})."
    moved = difference.moved
    if moved:
        yield f"- Moved to another split: {_names(moved)}."
    for kind, changes in _kinds(difference.changed):
        for split in SPLITS:
            mine = [change for change in changes if change.after == split]
            if mine:
                aspects = Counter(aspect for change in mine for aspect in change.aspects)
                said = ", ".join(f"{aspect} {count}" for aspect, count in sorted(aspects.items()))
                yield f"- {kind}, {split}: {len(mine):,} documents ({said}): {_names(mine)}."
    for column in difference.columns:
        yield f"- {column[0].upper()}{column[1:]}."


def _kinds(
    changed: Iterable[DocumentChange],
) -> Iterator[tuple[str, list[DocumentChange]]]:
    listed = [change for change in changed if change.aspects]
    yield "Relabelled", [change for change in listed if change.relabelled]
    yield "Changed", [change for change in listed if not change.relabelled]


def _counted(documents: list[FrozenDocument]) -> str:
    rows = Counter[str]()
    for document in documents:
        rows.update(document.rows)
    return ", ".join(f"{count:,} rows of {config}" for config, count in rows.items())


def _names(documents: Iterable[FrozenDocument | DocumentChange]) -> str:
    names = [f"`{document.doc_id}`" for document in documents]
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def describe(difference: Difference) -> list[str]:
    """Turn a difference into lines for a terminal: counts, kinds of change, the least bump."""
    lines = [f"{difference.before} → {difference.after}", ""]
    relabelled = [change for change in difference.changed if change.relabelled]
    counts = {
        "added": len(difference.added),
        "removed": len(difference.removed),
        "changed": sum(bool(c.aspects) and not c.relabelled for c in difference.changed),
        "relabelled": len(relabelled),
        "moved": len(difference.moved),
    }
    lines.append(f"{'documents':<20}" + ", ".join(f"{n} {count:,}" for n, count in counts.items()))
    for rows in difference.rows:
        lines.append(
            f"rows of {rows.config:<12}added {rows.added:,}, removed {rows.removed:,}, "
            f"changed {rows.changed:,}"
        )
    lines += ["", *(line.replace("`", "") for line in _changes(difference))]
    if difference.reasons:
        lines.append("")
        for bump in reversed(BUMPS):
            why = [reason for found, reason in difference.reasons if found == bump]
            if why:
                lines.append(f"{bump}: {'; '.join(why)}")
    return [*lines, "", f"least honest bump: {difference.bump}"]
