"""Tags of sentences against the spans of documents: legal BIO, and made again from the spans.

The rule (DESIGN.md, "Tokens and tags"): a token that overlaps a span takes its tag, the first
span's where several do; the first token of a span in each sentence is B-, the others are I-.
Spans are painted here on the letters of the text and read off under each token, which is another
way than that of khobor.annotations.alignments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from khobor.records import ENTITY_LABELS, QUOTE_ROLES
from khobor.release.verification.faults import Broken
from khobor.release.verification.rows import DocumentRow, SentenceRow

_Spans = Sequence[tuple[int, int, int, str]]  # start, end, number of the label, id
_NOBODY = np.iinfo(np.int32).max


def check_tags(document: DocumentRow, rows: Sequence[SentenceRow]) -> Iterator[Broken]:
    """Check ner_tags, quote_tags and quote_ids of a document's sentences, whose tokens are sound."""
    tokens = _Tokens(document, rows)
    entities = [(e.start, e.end, e.label, e.id) for e in document.entities or ()]
    parts = [
        (part.start, part.end, role, quote.id)
        for quote in document.quotes or ()
        for role, part in quote.parts
    ]
    ner = [row.ner_tags for row in rows]
    yield from tokens.check("ner_tags", ner, None, entities, ENTITY_LABELS)
    quotes = [row.quote_tags for row in rows]
    ids = [row.quote_ids for row in rows]
    yield from tokens.check("quote_tags", quotes, ids, parts, QUOTE_ROLES)


class _Tokens:
    """The tokens of a document's sentences, counted in its text."""

    def __init__(self, document: DocumentRow, rows: Sequence[SentenceRow]) -> None:
        self.rows = rows
        self.size = len(document.text)
        self.counts = [len(row.token_starts) for row in rows]
        first = np.zeros(sum(self.counts) + 1, dtype=np.bool_)
        first[np.cumsum([0, *self.counts])] = True
        self.begins_sentence = first[:-1]
        borders = np.empty(2 * len(self.begins_sentence), dtype=np.int64)
        starts = [row.start + start for row in rows for start in row.token_starts]
        ends = [row.start + end for row in rows for end in row.token_ends]
        borders[0::2], borders[1::2] = starts, ends
        self.borders = borders
        self.sound = bool(
            not len(borders)
            or (borders[0] >= 0 and borders[-1] <= self.size and (np.diff(borders) >= 0).all())
        )

    def check(
        self,
        column: str,
        tags: Sequence[list[int] | None],
        ids: Sequence[list[str | None] | None] | None,
        spans: _Spans,
        labels: Sequence[str],
    ) -> Iterator[Broken]:
        """Check one row of tags, and the ids beside it, where none of them is null."""
        stated = [tag for sentence in tags for tag in sentence or ()]
        beside = [one for sentence in ids or () for one in sentence or ()]
        if any(sentence is None for sentence in (*tags, *(ids or ()))):
            return  # null is reported as annotation
        for row, count, sentence in zip(self.rows, self.counts, tags, strict=True):
            if sentence is not None and len(sentence) != count:
                found = f"{len(sentence)} {column} for {count} tokens"
                yield "tag-count", f"{row.sentence_id} has {found}"
        for row, count, owners in zip(self.rows, self.counts, ids or (), strict=False):
            if owners is not None and len(owners) != count:
                yield (
                    "tag-count",
                    f"{row.sentence_id} has {len(owners)} quote_ids for {count} tokens",
                )
        if len(stated) != sum(self.counts) or (ids is not None and len(beside) != len(stated)):
            return
        yield from self._check_legal(column, stated, beside, labels)
        if not self.sound or not all(0 <= start < end <= self.size for start, end, *_ in spans):
            return  # reported as token, entity or quote-span
        yield from self._compare(column, stated, beside if ids is not None else None, spans, labels)

    def _check_legal(
        self, column: str, tags: list[int], ids: list[str | None], labels: Sequence[str]
    ) -> Iterator[Broken]:
        """I- stands only behind B- or I- of the same label and id, in the same sentence."""
        numbers = np.array(tags, dtype=np.int64)
        before = np.concatenate([np.zeros(1, dtype=np.int64), numbers[:-1]])
        before[self.begins_sentence] = 0
        inside = (numbers > 0) & (numbers % 2 == 0)
        illegal = inside & (before != numbers) & (before != numbers - 1)
        for at in illegal.nonzero()[0].tolist():
            tag = _name(tags[at], labels)
            yield "bio", f"{self._place(at)}: {tag} in {column} goes on from nothing"
        for at in inside.nonzero()[0].tolist() if ids else ():
            if not illegal[at] and ids[at] != ids[at - 1]:
                yield (
                    "bio",
                    f"{self._place(at)}: {_name(tags[at], labels)} goes on from another quote",
                )
        for at, (tag_number, owner) in enumerate(zip(tags, ids, strict=False)):
            if (tag_number == 0) != (owner is None):
                yield "bio", f"{self._place(at)}: quote_tags and quote_ids do not agree"

    def _compare(
        self,
        column: str,
        tags: list[int],
        ids: list[str | None] | None,
        spans: _Spans,
        labels: Sequence[str],
    ) -> Iterator[Broken]:
        """The tags are those that the spans give."""
        owners = self._owners(spans)
        free = owners == _NOBODY
        known = np.where(free, len(spans), owners)
        label_of = np.array([*(label for *_, label, _ in spans), 0], dtype=np.int64)
        begins = np.ones(len(known), dtype=np.bool_)
        begins[1:] = owners[1:] != owners[:-1]
        begins |= self.begins_sentence
        made = np.where(free, 0, 2 * label_of[known] + np.where(begins, 1, 2)).tolist()
        if made != tags:
            for at, (one, other) in enumerate(zip(made, tags, strict=True)):
                if one != other:
                    found = f"{_name(other, labels)} in {column}"
                    yield "tags", f"{self._place(at)}: {found}, the spans give {_name(one, labels)}"
        if ids is not None:
            id_of = [*(owner for *_, owner in spans), None]
            expected = [id_of[at] for at in known.tolist()]
            for at, (stated, given) in enumerate(zip(ids, expected, strict=True)):
                if stated != given:
                    found = f"quote_ids has {stated}, the spans give {given}"
                    yield "tags", f"{self._place(at)}: {found}"

    def _owners(self, spans: _Spans) -> NDArray[np.int32]:
        """Find the first span that overlaps each token: painted last, so it lies on top."""
        paint = np.full(self.size + 1, _NOBODY, dtype=np.int32)
        for number in range(len(spans) - 1, -1, -1):
            start, end, *_ = spans[number]
            paint[start:end] = number
        if not len(self.borders):
            return paint[:0]
        lowest: NDArray[np.int32] = np.minimum.reduceat(paint, self.borders)[0::2]
        return lowest

    def _place(self, at: int) -> str:
        """Name a token: its sentence and its place in it."""
        for row, count in zip(self.rows, self.counts, strict=True):
            if at < count:
                return f"{row.sentence_id}: token {at}"
            at -= count
        return self.rows[-1].sentence_id


def _name(tag: int, labels: Sequence[str]) -> str:
    return "O" if tag == 0 else f"{'BI'[(tag - 1) % 2]}-{labels[(tag - 1) // 2]}"
