"""How well blocks are labelled: the same span with the same label."""

from __future__ import annotations

from collections.abc import Iterable

from khobor.records import Block
from khobor.scoring.counts import Counts


def block_counts(gold: Iterable[Block], found: Iterable[Block], label: str | None = None) -> Counts:
    """Count blocks with the same start, end and label; `label` counts those of one alone."""
    a, b = (
        {(block.start, block.end, block.label) for block in blocks if label in (None, block.label)}
        for blocks in (gold, found)
    )
    return Counts(len(a & b), len(a - b), len(b - a))
