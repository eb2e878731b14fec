"""Splits: which documents train, validate and test. Whole clusters go together, and stay.

What is published never changes its split. The first version shares clusters out 60 / 20 / 20,
stratified by country and publisher; after it, rules place each new document by itself, so that a
corpus may grow for years without a document of test ever standing in train.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from khobor.corpus.clusters import NearPair, groups
from khobor.manifests import SplitRow
from khobor.records import SPLITS, SplitName

# The seed of every order and share drawn here; it never changes.
SALT = "khobor-bn-news"
_FIRST_SHARES: dict[SplitName, float] = {"train": 0.6, "validation": 0.2, "test": 0.2}
# Later clusters by the first 64 bits of their digest: below .8 train, below .9 validation.
_LATER_BOUNDS: tuple[tuple[float, SplitName], ...] = ((0.8, "train"), (0.9, "validation"))
_EVALUATION = frozenset({"validation", "test"})


class Candidate(msgspec.Struct, frozen=True):
    """What splitting looks at: a document's stratum and annotation.

    `owned`: its text is withheld, and here only because its owner passed the page.
    """

    doc_id: str
    country: str
    publisher: str
    annotated: bool
    quoted: bool
    owned: bool = False


def assign_splits(
    candidates: Iterable[Candidate],
    pairs: Sequence[NearPair],
    known: Mapping[str, SplitRow],
    *,
    version: str,
    major: bool = False,
) -> dict[str, SplitRow]:
    """Turn candidates and the near pairs among them into doc_id → where each stands.

    `known` are the rows of earlier frozen versions: published ones are given back as they are.
    New rows are `provisional` in `version`, or `held`, or `held_eval`; with `major` validation
    and test are open, and what was held_eval joins them. Owned documents are placed after all
    others, so that a build with them gives the others the rows of a build without.
    """
    ordered = sorted(candidates, key=lambda candidate: candidate.doc_id)
    public = [candidate for candidate in ordered if not candidate.owned]
    if any(row.state == "published" for row in known.values()):
        rows = _place_later(public, pairs, known, version=version, evaluation_open=major)
    else:
        rows = _place_first(public, pairs, version=version)
    if len(public) < len(ordered):
        fixed = {doc_id: _as_published(row) for doc_id, row in rows.items()}
        placed = _place_later(ordered, pairs, fixed, version=version, evaluation_open=True)
        rows |= {c.doc_id: placed[c.doc_id] for c in ordered if c.owned}
    return rows


def _as_published(row: SplitRow) -> SplitRow:
    if row.state != "provisional":
        return row
    return msgspec.structs.replace(row, state="published")


# --- after the first frozen version -----------------------------------------------------------


def _place_later(
    candidates: Sequence[Candidate],
    pairs: Sequence[NearPair],
    known: Mapping[str, SplitRow],
    *,
    version: str,
    evaluation_open: bool,
) -> dict[str, SplitRow]:
    """Keep what is settled, and place the rest cluster by cluster."""
    rows: dict[str, SplitRow] = {}
    for members in _groups(candidates, pairs):
        settled = {
            doc_id: known[doc_id]
            for doc_id in members
            if doc_id in known and known[doc_id].state in ("published", "held", "removed")
        }
        rows |= settled
        new = [doc_id for doc_id in members if doc_id not in settled]
        if new:
            waiting = [known[d] for d in new if d in known and known[d].state == "held_eval"]
            place = _place(new, settled.values(), waiting, evaluation_open=evaluation_open)
            rows |= {
                doc_id: msgspec.structs.replace(place, doc_id=doc_id, first_version=version)
                for doc_id in new
            }
    return rows


def _place(
    new: Sequence[str],
    settled: Iterable[SplitRow],
    waiting: Sequence[SplitRow],
    *,
    evaluation_open: bool,
) -> SplitRow:
    """Place the new documents of one cluster: the row that all of them get, but for its doc_id."""
    near = sorted(settled, key=lambda row: row.doc_id)
    published = [row for row in near if row.state == "published"]
    splits = sorted({row.split for row in published if row.split is not None})
    # A cluster keeps the name it got first: its split may hang on it.
    clusters = [row.cluster_id for row in published] or [row.cluster_id for row in waiting]
    place = SplitRow(new[0], min(clusters, default=new[0]), None, "", "provisional")
    if len(splits) > 1:
        return msgspec.structs.replace(
            place, state="held", reason=f"near documents of {' and '.join(splits)}"
        )
    blocked = [row for row in near if row.state != "published"]
    if blocked:
        state = "taken down" if blocked[0].state == "removed" else "held"
        return msgspec.structs.replace(
            place, state="held", reason=f"near {blocked[0].doc_id}, which is {state}"
        )
    split = splits[0] if splits else later_split(place.cluster_id)
    if split in _EVALUATION and not evaluation_open:
        return msgspec.structs.replace(
            place,
            state="held_eval",
            reason=f"would join {split}, which is frozen until the next MAJOR version",
        )
    return msgspec.structs.replace(place, split=split)


def later_split(cluster_id: str) -> SplitName:
    """Turn the name of a cluster into its split, 80 / 10 / 10, by sha256(SALT + name)."""
    digest = hashlib.sha256(f"{SALT}{cluster_id}".encode()).digest()
    share = int.from_bytes(digest[:8], "big") / 2**64
    return next((split for bound, split in _LATER_BOUNDS if share < bound), "test")


# --- the first version ------------------------------------------------------------------------


def _place_first(
    candidates: Sequence[Candidate], pairs: Sequence[NearPair], *, version: str
) -> dict[str, SplitRow]:
    """Share clusters out 60 / 20 / 20 by documents, stratified by country and publisher.

    Clusters with quotes go first, then annotated ones, then the rest, so that every split gets
    some of each. A cluster goes to the split that is furthest behind its share of the publisher,
    then of the country, then of all: publishers with five documents or more stand in every split.
    """
    by_id = {candidate.doc_id: candidate for candidate in candidates}
    clusters = [[by_id[doc_id] for doc_id in group] for group in _groups(candidates, pairs)]
    sizes = _sizes(clusters)
    behind = {
        stratum: {split: share * size for split, share in _FIRST_SHARES.items()}
        for stratum, size in sizes.items()
    }
    rows: dict[str, SplitRow] = {}
    for _, ranked in sorted(_by_rank(clusters).items()):
        # Where there are enough of a rank, each split gets one before any gets two.
        owed = list(SPLITS) if len(ranked) >= len(SPLITS) else []
        for members in ranked:
            strata = _strata(members[0])
            among = owed or list(SPLITS)
            split = max(among, key=lambda name: [behind[s][name] for s in strata])
            owed = [name for name in owed if name != split]
            for member in members:
                for stratum in _strata(member):
                    behind[stratum][split] -= 1
                rows[member.doc_id] = SplitRow(
                    member.doc_id, members[0].doc_id, split, version, "provisional"
                )
    return rows


def _strata(candidate: Candidate) -> tuple[tuple[str, ...], ...]:
    """Name the strata of a document, the narrowest first."""
    return (candidate.country, candidate.publisher), (candidate.country,), ()


def _sizes(clusters: Iterable[Sequence[Candidate]]) -> dict[tuple[str, ...], int]:
    sizes: dict[tuple[str, ...], int] = defaultdict(int)
    for members in clusters:
        for member in members:
            for stratum in _strata(member):
                sizes[stratum] += 1
    return sizes


def _by_rank(clusters: Iterable[Sequence[Candidate]]) -> dict[int, list[Sequence[Candidate]]]:
    """Sort clusters by rank (with quotes, annotated, neither); large ones first, else as drawn.

    Large ones are the hardest to place, and leave room for small ones to make up for them.
    """
    ranks: dict[int, list[Sequence[Candidate]]] = defaultdict(list)
    for members in sorted(clusters, key=lambda m: (-len(m), _drawn(m[0].doc_id))):
        quoted = any(member.quoted for member in members)
        annotated = any(member.annotated for member in members)
        ranks[0 if quoted else 1 if annotated else 2].append(members)
    return ranks


def _drawn(key: str) -> str:
    return hashlib.sha256(f"{SALT}/{key}".encode()).hexdigest()


def _groups(candidates: Sequence[Candidate], pairs: Sequence[NearPair]) -> list[tuple[str, ...]]:
    """Join candidates that are near each other; pairs with others play no part."""
    ids = {candidate.doc_id for candidate in candidates}
    among = [pair for pair in pairs if pair.first in ids and pair.second in ids]
    return groups(sorted(ids), among)
