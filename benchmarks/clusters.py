"""Near-duplicates: pairs found by khobor and by MinHash, against all pairs compared by brute force.

Run alone: python -m benchmarks.clusters (needs scipy, which bnlp-toolkit brings; rensa as a peer).
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.figures import Figure, absent, at_least, show
from benchmarks.material import INQILAB, articles
from khobor.corpus.clusters import (
    CONTAINMENT,
    Article,
    containment,
    groups,
    near_pairs,
    sign,
)
from khobor.corpus.signatures import fold

BRUTE = 6_000  # articles of which all pairs are compared
TITLE = "Near-duplicates"
Pair = tuple[int, int]


def figures() -> list[Figure]:
    """Measure what is found of the pairs that brute force finds, how fast, and how it grows."""
    if not INQILAB.is_file():
        return [absent(TITLE, str(INQILAB.name))]
    listed = [
        Article(f"{place:06}", each.title, each.body, None) for place, each in enumerate(articles())
    ]
    few = listed[:BRUTE]
    truth = _brute_force([fold(article.text) for article in few])
    return [_bands(truth, len(few)), _found(few, truth), _growth(listed)]


def _brute_force(texts: Sequence[str]) -> dict[Pair, float]:
    """Compare all pairs by their five-letter pieces: a sparse product, 200 texts at a time."""
    from scipy import sparse

    numbers: dict[str, int] = {}
    rows = [
        sorted({numbers.setdefault(t[i : i + 5], len(numbers)) for i in range(len(t) - 4)})
        for t in texts
    ]
    counts = np.array([len(row) for row in rows])
    indptr = np.concatenate([[0], np.cumsum(counts)])
    matrix = sparse.csr_matrix(
        (np.ones(indptr[-1], np.float32), np.concatenate(rows), indptr),
        shape=(len(texts), len(numbers)),
    )
    turned = matrix.T.tocsr()
    found: dict[Pair, float] = {}
    for begin in range(0, len(texts), 200):
        shared = (matrix[begin : begin + 200] @ turned).toarray()
        fewer = np.minimum(counts[begin : begin + 200, None], counts[None, :])
        share = shared / np.maximum(fewer, 1)
        for one, other in zip(*np.nonzero(share >= 0.3), strict=True):
            if begin + one < other:
                found[int(begin + one), int(other)] = float(share[one, other])
    return found


def _bands(truth: dict[Pair, float], size: int) -> Figure:
    rows = []
    for low in (0.3, 0.4, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9):
        kept = [pair for pair, share in truth.items() if share >= low]
        clusters = [len(group) for group in _linked(kept, size) if len(group) > 1]
        rows.append((f"{low:.2f}", len(kept), sum(clusters), max(clusters, default=0)))
    return Figure(
        title=f"{TITLE}: what a threshold joins",
        measured="Pairs whose containment of five-letter pieces is at least so much, all compared.",
        on=f"the first {size:,} articles of Inqilab",
        columns=("at least", "pairs", "articles in clusters", "largest cluster"),
        rows=tuple(rows),
    )


def _linked(pairs: Sequence[Pair], size: int) -> list[tuple[str, ...]]:
    from khobor.corpus.clusters import NearPair

    names = [f"{place:06}" for place in range(size)]
    return groups(names, [NearPair(names[a], names[b], "containment", 1.0) for a, b in pairs])


def _found(few: Sequence[Article], truth: dict[Pair, float]) -> Figure:
    wanted = {pair for pair, share in truth.items() if share >= CONTAINMENT}
    ways: dict[str, Callable[[Sequence[Article]], set[Pair]]] = {"khobor": _khobor}
    try:
        import rensa  # noqa: F401

        ways["rensa, 128 permutations, 32 bands"] = _rensa
    except ImportError:
        pass
    rows, connected = [], {}
    for name, way in ways.items():
        begun = time.perf_counter()
        found = way(few)
        seconds = time.perf_counter() - begun
        cluster_of = {d: k for k, g in enumerate(_linked(sorted(found), len(few))) for d in g}
        together = sum(cluster_of[f"{a:06}"] == cluster_of[f"{b:06}"] for a, b in wanted)
        connected[name] = together / len(wanted)
        rows.append((name, len(found & wanted) / len(wanted), connected[name], seconds))
    return Figure(
        title=f"{TITLE}: what is found",
        measured=f"The {len(wanted):,} pairs of containment {CONTAINMENT} or more that brute force finds;"
        " each way's candidates are verified by the same containment.",
        on=f"the same {len(few):,} articles",
        columns=("candidates by", "pairs found", "in one cluster", "seconds"),
        rows=tuple(rows),
        bars=(at_least("in one cluster", connected["khobor"], 0.98),),
    )


def _khobor(few: Sequence[Article]) -> set[Pair]:
    text_of = {article.doc_id: article.text for article in few}
    pairs = near_pairs(map(sign, few), text_of.__getitem__)
    return {(int(pair.first), int(pair.second)) for pair in pairs}


def _rensa(few: Sequence[Article]) -> set[Pair]:
    from rensa import RMinHash, RMinHashLSH

    lsh = RMinHashLSH(threshold=0.3, num_perm=128, num_bands=32)
    found: set[Pair] = set()
    for place, article in enumerate(few):
        folded = fold(article.text)
        signature = RMinHash(num_perm=128, seed=42)
        signature.update(list({folded[at : at + 5] for at in range(len(folded) - 4)}))
        for other in lsh.query(signature):
            if containment(few[other].text, article.text) >= CONTAINMENT:
                found.add((other, place))
        lsh.insert(place, signature)
    return found


def _growth(listed: Sequence[Article]) -> Figure:
    rows = []
    for size in (len(listed) // 4, len(listed) // 2, len(listed)):
        part = listed[:size]
        text_of = {article.doc_id: article.text for article in part}
        begun = time.perf_counter()
        signatures = [sign(article) for article in part]
        signed = time.perf_counter() - begun
        kept = sum(len(signature.pieces) for signature in signatures) / size
        pairs = near_pairs(signatures, text_of.__getitem__)
        rows.append((f"{size:,}", signed, time.perf_counter() - begun - signed, len(pairs), kept))
    tracemalloc.start()
    near_pairs(signatures, text_of.__getitem__)
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return Figure(
        title=f"{TITLE}: how it grows",
        measured="Seconds to sign, which a shard does for its pages, and to find the pairs.",
        on="articles of Inqilab",
        columns=("articles", "sign, s", "pairs, s", "pairs", "bytes a signature"),
        rows=tuple(rows),
        notes=(
            f"Peak memory while the last pairs were found, signatures not counted: {peak:.0f} MB.",
        ),
    )


if __name__ == "__main__":
    show(figures())
