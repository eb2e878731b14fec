"""Agreement on entity mentions: exact, overlapping, and token by token."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from khobor.records import Mention, Tokens
from khobor.scoring.counts import Counts
from khobor.scoring.matching import best_matching

OUTSIDE = "O"


def exact_counts(
    first: Sequence[Mention], second: Sequence[Mention], label: str | None = None
) -> Counts:
    """Count mentions with the same start, end and label in two annotations of one text.

    `label` counts those of one label alone. `name_end` is no part of it: see name_end_pairs.
    """
    a = {(m.start, m.end, m.label) for m in first if label in (None, m.label)}
    b = {(m.start, m.end, m.label) for m in second if label in (None, m.label)}
    return Counts(len(a & b), len(a - b), len(b - a))


def overlap_counts(
    first: Sequence[Mention], second: Sequence[Mention], label: str | None = None
) -> Counts:
    """Count mentions of the same label that share a code point, each matched once at most."""
    a = [m for m in first if label in (None, m.label)]
    b = [m for m in second if label in (None, m.label)]
    weights = [[_shared(m, n) if m.label == n.label else 0.0 for n in b] for m in a]
    matched = len(best_matching(weights))
    return Counts(matched, len(a) - matched, len(b) - matched)


def name_end_pairs(first: Sequence[Mention], second: Sequence[Mention]) -> list[tuple[int, int]]:
    """List the two name_ends of every mention on which both agree exactly."""
    others = {(m.start, m.end, m.label): m.name_end for m in second}
    return [
        (m.name_end, others[m.start, m.end, m.label])
        for m in first
        if (m.start, m.end, m.label) in others
    ]


def token_labels(mentions: Sequence[Mention], tokens: Tokens) -> list[str]:
    """Turn mentions into the label of every token, O where none overlaps it; no B and I.

    A token that two mentions share takes the first's.
    """
    labels = [OUTSIDE] * len(tokens.starts)
    for mention in sorted(mentions, key=lambda m: m.start):
        low = int(np.searchsorted(tokens.ends, mention.start, side="right"))
        high = int(np.searchsorted(tokens.starts, mention.end, side="left"))
        for at in range(low, high):
            if labels[at] == OUTSIDE:
                labels[at] = mention.label
    return labels


def _shared(a: Mention, b: Mention) -> float:
    return float(max(0, min(a.end, b.end) - max(a.start, b.start)))
