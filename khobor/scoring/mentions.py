"""Mentions of two annotations of one text: the same, overlapping, and token by token."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from khobor.records import Mention, Tokens
from khobor.scoring.counts import Counts, total
from khobor.scoring.places import Place, overlap_counts_by_label, same_counts

OUTSIDE = "O"


def exact_counts(
    first: Sequence[Mention], second: Sequence[Mention], label: str | None = None
) -> Counts:
    """Count mentions with the same start, end and label in two annotations of one text.

    `label` counts those of one label alone. `name_end` is no part of it: see name_end_pairs.
    """
    by_label = same_counts(word_places(first), word_places(second))
    return total([c for name, c in by_label.items() if label in (None, name)])


def overlap_counts(
    first: Sequence[Mention], second: Sequence[Mention], label: str | None = None
) -> Counts:
    """Count mentions of the same label that share a code point, each matched once at most."""
    by_label = overlap_counts_by_label(word_places(first), word_places(second))
    return total([c for name, c in by_label.items() if label in (None, name)])


def word_places(mentions: Iterable[Mention]) -> list[Place]:
    """Turn mentions into places of whole words, with their glued endings."""
    return [(m.start, m.end, m.label) for m in mentions]


def name_places(mentions: Iterable[Mention]) -> list[Place]:
    """Turn mentions into places of bare names, without their glued endings."""
    return [(m.start, m.name_end, m.label) for m in mentions]


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
