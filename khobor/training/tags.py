"""Words and their BIO tags: from spans to tags, and from tags back to spans.

Words are BNLP's tokens, as in the configuration `sentences`. Spans are code points, half-open.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import cast

import msgspec

from khobor.layers.tokens import sentence_tokens
from khobor.records import ENTITY_LABELS, QUOTE_ROLES, EntityLabel, Mention, Sentence
from khobor.training.articles import Article, quote_parts

OUTSIDE = "O"


def bio_tags(labels: Sequence[str]) -> tuple[str, ...]:
    """Turn labels into their BIO tags: O, then B- and I- of each label."""
    return (OUTSIDE, *(f"{prefix}-{label}" for label in labels for prefix in "BI"))


# In the order of the ClassLabels of a release: their numbers are the same there and here.
NER_TAGS = bio_tags(ENTITY_LABELS)
QUOTE_TAGS = bio_tags(QUOTE_ROLES)


class Labelled(msgspec.Struct, frozen=True, gc=False):
    """A span with a label; `id` is the mention's or quote's, empty in a prediction."""

    start: int
    end: int
    label: str
    id: str = ""


class Words(msgspec.Struct, frozen=True):
    """The words of a text, or of a window of it: bounds in code points of the whole text."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def within(self, start: int, end: int) -> Words:
        """Give the words that lie in `[start, end)`."""
        first, last = bisect_left(self.starts, start), bisect_right(self.ends, end)
        return Words(self.starts[first:last], self.ends[first:last])

    def over(self, start: int, end: int) -> range:
        """Number the words that overlap `[start, end)`."""
        return range(bisect_right(self.ends, start), bisect_left(self.starts, end))


def article_words(article: Article) -> Words:
    """Turn an article into its words; a border of a sentence ends one (see layers.tokens)."""
    borders = {at for s in article.sentences for at in (s.start, s.end)}
    cuts = sorted({0, len(article.text), *borders})
    tokens = sentence_tokens(article.text, [Sentence(a, b, 0) for a, b in pairwise(cuts)])
    return Words(tuple(tokens.starts.tolist()), tuple(tokens.ends.tolist()))


def entity_spans(article: Article) -> tuple[Labelled, ...]:
    """List the article's mentions with their labels; none where it is not annotated."""
    return tuple(Labelled(m.start, m.end, m.label, m.id) for m in article.mentions or ())


def role_spans(article: Article) -> tuple[Labelled, ...]:
    """List the parts of the article's quotes with their roles, in the order of the text."""
    parts = (
        Labelled(part.start, part.end, role, quote.id)
        for quote in article.quotes or ()
        for role, part in quote_parts(quote)
    )
    return tuple(sorted(parts, key=lambda one: (one.start, one.end)))


def tag_words(words: Words, spans: Iterable[Labelled]) -> tuple[list[str], list[str | None]]:
    """Turn spans into the BIO tag of every word, and the id of the span that it is from.

    A word that overlaps a span takes its tag, and of two spans the first one's; what a tag
    cannot say exactly so is for the caller to find: `read_tags` gives another span back.
    """
    tags = [OUTSIDE] * len(words.starts)
    owners: list[str | None] = [None] * len(words.starts)
    for span in spans:
        begins = True
        for place in words.over(span.start, span.end):
            if tags[place] != OUTSIDE:
                begins = True
                continue
            tags[place] = f"{'B' if begins else 'I'}-{span.label}"
            owners[place] = span.id
            begins = False
    return tags, owners


def read_tags(words: Words, tags: Sequence[str | None]) -> list[Labelled]:
    """Turn the tags of words into spans, each from its first word's start to its last one's end.

    I- that continues nothing begins a span. A word with the tag None (a model saw nothing of
    it) ends no span and is in one only where the span goes on behind it.
    """
    found: list[Labelled] = []
    open_span = False
    for start, end, tag in zip(words.starts, words.ends, tags, strict=True):
        if tag is None:
            continue
        prefix, _, label = tag.partition("-")
        if prefix == "I" and open_span and found[-1].label == label:
            found[-1] = Labelled(found[-1].start, end, label)
        elif label:
            found.append(Labelled(start, end, label))
        open_span = bool(label)
    return found


def inexact_spans(wanted: Iterable[Labelled], found: Iterable[Labelled]) -> tuple[str, ...]:
    """List the ids of spans that did not come back with their start, end and label."""
    given = {(one.start, one.end, one.label) for one in found}
    missed = [one.id for one in wanted if (one.start, one.end, one.label) not in given]
    return tuple(dict.fromkeys(missed))


def mentions_of(text: str, spans: Iterable[Labelled]) -> tuple[Mention, ...]:
    """Turn labelled spans of a text into mentions p1, p2 …, as khobor.scoring takes them.

    A tag does not say where the bare name ends: `name_end` is the end.
    """
    return tuple(
        Mention(
            id=f"p{number}",
            start=one.start,
            end=one.end,
            name_end=one.end,
            label=cast("EntityLabel", one.label),
            surface=text[one.start : one.end],
        )
        for number, one in enumerate(sorted(spans, key=lambda s: (s.start, s.end)), start=1)
    )
