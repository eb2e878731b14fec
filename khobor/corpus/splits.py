"""Splits: which documents train, validate and test. Whole clusters go together.

These are the provisional splits of a build that is not frozen: made anew each time, stratified
so that every configuration has rows in every split where the corpus is large enough.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from khobor.records import SPLITS, SplitName

# The seed of every order drawn here; it never changes.
SALT = "khobor-bn-news"
_SHARES: dict[SplitName, float] = {"train": 0.6, "validation": 0.2, "test": 0.2}


class Candidate(msgspec.Struct, frozen=True):
    """What splitting looks at: a document's cluster, its stratum, and its annotation."""

    doc_id: str
    cluster_id: str
    country: str
    publisher: str
    annotated: bool
    quoted: bool


def provisional_splits(candidates: Iterable[Candidate]) -> dict[str, SplitName]:
    """Turn candidates into doc_id → split: 60 / 20 / 20 by clusters.

    Clusters with quotes are shared out first, then annotated ones, then the rest, so that every
    split gets some of each; countries, and in them publishers, take turns. A publisher is not
    spread evenly: one with few documents may lie in one split alone. Inside a publisher the
    order is drawn from SALT.
    """
    clusters: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in sorted(candidates, key=lambda candidate: candidate.doc_id):
        clusters[candidate.cluster_id].append(candidate)
    groups: dict[int, list[list[Candidate]]] = defaultdict(list)
    for members in clusters.values():
        groups[_class_of(members)].append(members)
    split_of: dict[str, SplitName] = {}
    counts = dict.fromkeys(SPLITS, 0)
    for _, group in sorted(groups.items()):
        # Where a group has enough, each split gets its first one before any gets more.
        owed = list(SPLITS) if len(group) >= len(SPLITS) else []
        for cluster in _interleaved(group):
            split = owed.pop(0) if owed else _neediest(counts)
            counts[split] += 1
            split_of.update((member.doc_id, split) for member in cluster)
    return split_of


def _class_of(members: Sequence[Candidate]) -> int:
    """Rank a cluster: with quotes, annotated, neither."""
    if any(member.quoted for member in members):
        return 0
    return 1 if any(member.annotated for member in members) else 2


def _neediest(counts: dict[SplitName, int]) -> SplitName:
    """Choose the split that is furthest behind its share."""
    total = sum(counts.values()) + 1
    return max(SPLITS, key=lambda split: _SHARES[split] * total - counts[split])


def _interleaved(group: Sequence[Sequence[Candidate]]) -> list[Sequence[Candidate]]:
    """Order clusters so that countries, and in them publishers, take turns."""

    def turn(keyed: Mapping[str, Sequence[Sequence[Candidate]]]) -> list[Sequence[Candidate]]:
        queues = [keyed[key] for key in sorted(keyed, key=_drawn)]
        longest = max(map(len, queues))
        return [queue[at] for at in range(longest) for queue in queues if at < len(queue)]

    countries: dict[str, dict[str, list[Sequence[Candidate]]]] = {}
    for members in sorted(group, key=lambda members: _drawn(members[0].cluster_id)):
        publishers = countries.setdefault(members[0].country, {})
        publishers.setdefault(members[0].publisher, []).append(members)
    return turn({country: turn(publishers) for country, publishers in countries.items()})


def _drawn(key: str) -> str:
    return hashlib.sha256(f"{SALT}/{key}".encode()).hexdigest()
