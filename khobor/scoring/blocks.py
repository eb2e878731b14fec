"""How well blocks are labelled: the same span with the same label."""

from __future__ import annotations

from collections.abc import Iterable

from khobor.records import Block
from khobor.scoring.counts import Counts, total
from khobor.scoring.places import same_counts


def block_counts(gold: Iterable[Block], found: Iterable[Block], label: str | None = None) -> Counts:
    """Count blocks with the same start, end and label; `label` counts those of one alone."""
    a, b = ([(block.start, block.end, block.label) for block in blocks] for blocks in (gold, found))
    return total([c for name, c in same_counts(a, b).items() if label in (None, name)])
