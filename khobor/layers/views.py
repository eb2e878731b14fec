"""The article view: the article's blocks verbatim, with an exact two-way map of spans.

Blocks are joined by a newline; a dateline (কলকাতা:) and the paragraph behind it by one space.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

import msgspec

from khobor.errors import SpanError
from khobor.records import ARTICLE_LABELS, Block
from khobor.spans import Span


class ViewBlock(msgspec.Struct, frozen=True, gc=False):
    """A block as it lies in the view; `page_start` is where it begins in the page text."""

    start: int
    end: int
    label: str
    page_start: int


class View(msgspec.Struct, frozen=True):
    """The article text of a page, and where each of its blocks came from."""

    text: str
    blocks: tuple[ViewBlock, ...]

    def to_view(self, start: int, end: int) -> Span:
        """Turn a span of the page text into one of the view.

        Raises SpanError where it does not lie in one article block: it cannot be carried.
        """
        for block in self.blocks:
            if block.page_start <= start < end <= block.page_start + block.end - block.start:
                shift = block.start - block.page_start
                return Span(start + shift, end + shift)
        raise SpanError(
            f"the span [{start}, {end}) of the page does not lie inside one article block",
            fix="end it at the block's border, or correct the page's blocks",
        )

    def to_page(self, start: int, end: int) -> Span:
        """Turn a span of the view into one of the page text.

        Raises SpanError where it does not lie in one block (a joining newline is nowhere).
        """
        place = bisect_right(self.blocks, start, key=lambda block: block.start) - 1
        block = self.blocks[place] if place >= 0 else None
        if block is None or not block.start <= start < end <= block.end:
            raise SpanError(
                f"the span [{start}, {end}) of the article does not lie inside one block",
                fix="end it at the line's border",
            )
        shift = block.page_start - block.start
        return Span(start + shift, end + shift)


def article_view(text: str, blocks: Iterable[Block]) -> View:
    """Turn a page text and its blocks into the view of the article.

    `view.text[b.start:b.end] == text[b.page_start:...]` for every block b of the view.
    """
    parts: list[str] = []
    placed: list[ViewBlock] = []
    length = 0
    previous = ""
    for block in blocks:
        if block.label not in ARTICLE_LABELS:
            continue
        if placed:
            joiner = " " if (previous, block.label) == ("dateline", "paragraph") else "\n"
            parts.append(joiner)
            length += 1
        size = block.end - block.start
        parts.append(text[block.start : block.end])
        placed.append(ViewBlock(length, length + size, block.label, block.start))
        length += size
        previous = block.label
    return View("".join(parts), tuple(placed))
