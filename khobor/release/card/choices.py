"""Which document a card shows: one that may be shown, and that shows much."""

from __future__ import annotations

from collections.abc import Iterable

from khobor.corpus.corpora import Entry


def choose_entry(entries: Iterable[Entry]) -> Entry | None:
    """Choose the document of the examples: short, with quotes, from train, and free to show."""
    free = [entry for entry in entries if _may_be_shown(entry)]
    return min(free, key=_fitness, default=None)


def _may_be_shown(entry: Entry) -> bool:
    row = entry.row
    return (
        entry.split.split == "train"
        and row is not None
        and row.provenance == "composed"
        and row.licence == "CC-BY-4.0"
        and not row.withheld
    )


def _fitness(entry: Entry) -> tuple[bool, bool, int, str]:
    quoted = entry.annotation is not None and bool(entry.annotation.quotes)
    return (
        entry.state != "gold",
        not quoted,
        len(entry.view.text),
        entry.document.doc_id,
    )
