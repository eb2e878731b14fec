"""Passages: what the models read of a document, a block of its article at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from khobor.records import ARTICLE_LABELS, BlockLabel, Document
from khobor.training.features import form_of


class Passage(msgspec.Struct, frozen=True):
    """The tokens of one article block, with their bounds in the page text.

    `sentences` holds (first, behind last) token of each of its sentences; `forms` are the tokens
    as features see them (NFC, no marks at the edges).
    """

    label: BlockLabel
    text: str  # the page's, not the block's
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentences: tuple[tuple[int, int], ...]
    tokens: tuple[str, ...]
    forms: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def glued(self) -> list[bool]:
        """Tell the tokens that stand right behind the one before."""
        return [at > 0 and self.ends[at - 1] == start for at, start in enumerate(self.starts)]


def passages_of(document: Document) -> list[Passage]:
    """Turn a document into the passages of its article, in order; blocks without a token drop out."""
    starts, ends = document.tokens.starts, document.tokens.ends
    passages = []
    for at, block in enumerate(document.blocks):
        if block.label not in ARTICLE_LABELS:
            continue
        first = int(np.searchsorted(starts, block.start, side="left"))
        last = int(np.searchsorted(starts, block.end, side="left"))
        if first == last:
            continue
        tokens = tuple(
            document.text[start:end]
            for start, end in zip(
                starts[first:last].tolist(), ends[first:last].tolist(), strict=True
            )
        )
        bounds = [s for s in document.sentences if s.block == at]
        cuts = [int(np.searchsorted(starts, s.start, side="left")) - first for s in bounds]
        passages.append(
            Passage(
                label=block.label,
                text=document.text,
                starts=tuple(starts[first:last].tolist()),
                ends=tuple(ends[first:last].tolist()),
                sentences=tuple(_stretches(cuts, last - first)),
                tokens=tokens,
                forms=tuple(map(form_of, tokens)),
            )
        )
    return passages


def _stretches(cuts: Sequence[int], size: int) -> Iterator[tuple[int, int]]:
    for first, last in zip(cuts, [*cuts[1:], size], strict=True):
        if first < last:
            yield first, last


def tokens_in(passage: Passage, start: int, end: int) -> tuple[int, int]:
    """Turn a span of the page text into (first, behind last) of the tokens that overlap it."""
    first = int(np.searchsorted(passage.ends, start, side="right"))
    last = int(np.searchsorted(passage.starts, end, side="left"))
    return first, last
