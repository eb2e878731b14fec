"""splits.jsonl: where every document stands, and that no cluster parts over splits."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path

from khobor.manifests import SplitRow
from khobor.release.verification.faults import Broken, Faults, shown
from khobor.release.verification.lines import BrokenLines, read_lines
from khobor.release.verification.rows import DocumentRow
from khobor.release.versions import is_frozen, version_key

SPLITS_FILE = "splits.jsonl"
_VERSION = re.compile(r"\d{1,9}\.\d{1,9}\.\d{1,9}", re.ASCII)
WITH_ROWS = frozenset({"published", "provisional"})  # the other states have no rows anywhere

Places = dict[str, SplitRow]  # doc_id → its line


def read_splits(folder: Path, sizes: Mapping[str, int], faults: Faults) -> Places | None:
    """Read splits.jsonl and check it by itself; None where it is missing or broken."""
    if SPLITS_FILE not in sizes:
        return None  # reported as a missing file
    places: Places = {}
    previous = ""
    try:
        for row in read_lines(folder, SPLITS_FILE, sizes, SplitRow, faults):
            if row.doc_id in places:
                faults.add(SPLITS_FILE, "split", f"{row.doc_id} has a second line")
            elif row.doc_id < previous:
                faults.add(SPLITS_FILE, "split", f"{row.doc_id} stands behind {previous}; sort it")
            if row.state in WITH_ROWS and row.split is None:
                faults.add(SPLITS_FILE, "split", f"{row.doc_id} is {row.state} and in no split")
            places[row.doc_id] = row
            previous = row.doc_id
    except BrokenLines:
        return None
    for cluster, names in cross_split_clusters(places.values()).items():
        faults.add(
            SPLITS_FILE,
            "cross-split",
            f"the cluster {shown(cluster)} lies in {' and '.join(names)}: its documents say the "
            "same, so what a model is tested on was in its training",
        )
    return places


def cross_split_clusters(rows: Iterable[SplitRow]) -> dict[str, list[str]]:
    """Turn lines of splits.jsonl into the clusters that lie in several splits: id → splits."""
    splits: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.split is not None and row.state in WITH_ROWS:
            splits[row.cluster_id].add(row.split)
    return {cluster: sorted(names) for cluster, names in sorted(splits.items()) if len(names) > 1}


def check_states(places: Places, version: str) -> Iterator[Broken]:
    """A frozen version has no provisional splits, and nothing is first in a later version."""
    for row in places.values():
        if row.state == "provisional" and is_frozen(version):
            yield "split", f"{row.doc_id} is provisional in {version}, which is a frozen version"
        first = row.first_version
        if not _VERSION.fullmatch(first):
            yield "version", f"first_version of {row.doc_id} is {shown(first)}, expected x.y.z"
        elif version_key(first) > version_key(version):
            yield "version", f"{row.doc_id} is first in {first}, which is later than {version}"


def check_place(
    document: DocumentRow, split: str, place: SplitRow | None, withheld_pages: Container[str]
) -> Iterator[Broken]:
    """Check that a document with rows in `split` stands in splits.jsonl so.

    `withheld_pages`: SHA-256 of the page texts that may not be redistributed.
    """
    where = document.doc_id
    if document.page_sha256 in withheld_pages:
        yield "withheld-text", f"{where} is the page of a withheld document; publish no row of it"
    if place is None:
        yield "split", f"{where} has rows in {split} and no line in {SPLITS_FILE}"
        return
    if place.state == "withheld":
        yield "withheld-text", f"{where} is withheld by {SPLITS_FILE} and has rows in {split}"
    elif place.state not in WITH_ROWS:
        yield "split", f"{where} is {place.state} by {SPLITS_FILE} and has rows in {split}"
    elif place.split != split:
        yield "split", f"{where} has rows in {split}, {SPLITS_FILE} says {place.split}"
    for column in ("cluster_id", "first_version"):
        found, stated = getattr(document, column), getattr(place, column)
        if found != stated:
            message = f"{where}: {column} is {shown(found)}, {SPLITS_FILE} says {shown(stated)}"
            yield "cluster" if column == "cluster_id" else "version", message


def check_all_there(places: Places, seen: Container[str]) -> Iterator[Broken]:
    """Each document that should have rows has them."""
    for row in places.values():
        if row.state in WITH_ROWS and row.doc_id not in seen:
            yield "split", f"{row.doc_id} is {row.state} in {row.split} and has no row"
