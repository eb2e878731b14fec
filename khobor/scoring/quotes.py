"""Agreement on quotes: which are found, what they contain, who speaks, of what kind they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from khobor.records import Annotation, Mention, Part, Quote, Tokens
from khobor.scoring.counts import Counts
from khobor.scoring.matching import best_matching

Place = tuple[int, int] | None


class QuotePair(msgspec.Struct, frozen=True):
    """Two annotations of one saying, and what they have in common."""

    first: Quote
    second: Quote
    content: Counts  # tokens of their contents
    same_cue: bool
    same_speaker: bool
    same_mention: bool  # the speaker is the same mention, by place
    strict: bool  # all of it is the same


class QuoteComparison(msgspec.Struct, frozen=True):
    """Two annotations' quotes: the pairs of the best one-to-one matching, and the others."""

    pairs: tuple[QuotePair, ...]
    missed: tuple[Quote, ...]  # the first's alone
    spurious: tuple[Quote, ...]  # the second's alone

    @property
    def detection(self) -> Counts:
        """Count quotes that both found, whatever they say of them."""
        return Counts(len(self.pairs), len(self.missed), len(self.spurious))

    @property
    def strict(self) -> Counts:
        """Count quotes that are the same in every part and every value."""
        same = sum(pair.strict for pair in self.pairs)
        apart = len(self.pairs) - same
        return Counts(same, len(self.missed) + apart, len(self.spurious) + apart)


def compare_quotes(first: Annotation, second: Annotation, tokens: Tokens) -> QuoteComparison:
    """Match the quotes of two annotations of one text one to one, so that contents share most.

    Two quotes are one saying where their contents share a token; of possible matchings the one
    with the greatest sum of token F1 is taken. Contents without any token count by place.
    """
    a = [_content_tokens(quote, tokens) for quote in first.quotes]
    b = [_content_tokens(quote, tokens) for quote in second.quotes]
    weights = [[_overlap(x, y) for y in b] for x in a]
    matched = best_matching(weights)
    rows, columns = {row for row, _ in matched}, {column for _, column in matched}
    mentions_a, mentions_b = _by_id(first.mentions), _by_id(second.mentions)
    return QuoteComparison(
        pairs=tuple(
            _pair(
                first.quotes[row],
                second.quotes[column],
                _shared(a[row], b[column]),
                (mentions_a, mentions_b),
            )
            for row, column in matched
        ),
        missed=tuple(q for at, q in enumerate(first.quotes) if at not in rows),
        spurious=tuple(q for at, q in enumerate(second.quotes) if at not in columns),
    )


def _pair(
    first: Quote,
    second: Quote,
    content: Counts,
    mentions: tuple[dict[str, Mention], dict[str, Mention]],
) -> QuotePair:
    same_cue = _place(first.cue) == _place(second.cue)
    same_speaker = _place(first.speaker) == _place(second.speaker)
    same_mention = _named(first, mentions[0]) == _named(second, mentions[1])
    same_values = (first.kind, first.marking, first.medium) == (
        second.kind,
        second.marking,
        second.medium,
    )
    same_spans = _places(first.content) == _places(second.content) and _places(
        first.quoted
    ) == _places(second.quoted)
    return QuotePair(
        first=first,
        second=second,
        content=content,
        same_cue=same_cue,
        same_speaker=same_speaker,
        same_mention=same_mention,
        strict=same_cue and same_speaker and same_mention and same_values and same_spans,
    )


def _content_tokens(quote: Quote, tokens: Tokens) -> set[int]:
    """List the tokens that a quote's content overlaps; where it has none, its code points."""
    found: set[int] = set()
    for part in quote.content:
        low = int(np.searchsorted(tokens.ends, part.start, side="right"))
        high = int(np.searchsorted(tokens.starts, part.end, side="left"))
        found.update(range(low, high))
    # Negative numbers, so that no code point is taken for a token.
    return found or {-1 - at for part in quote.content for at in range(part.start, part.end)}


def _overlap(a: set[int], b: set[int]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def _shared(a: set[int], b: set[int]) -> Counts:
    return Counts(len(a & b), len(a - b), len(b - a))


def _by_id(mentions: Iterable[Mention]) -> dict[str, Mention]:
    return {mention.id: mention for mention in mentions}


def _named(quote: Quote, mentions: dict[str, Mention]) -> Place:
    """Find the place of the mention that a quote names as its speaker."""
    mention = mentions.get(quote.speaker_mention or "")
    return (mention.start, mention.end) if mention is not None else None


def _place(part: Part | None) -> Place:
    return (part.start, part.end) if part is not None else None


def _places(parts: Sequence[Part]) -> list[Place]:
    return sorted((part.start, part.end) for part in parts)  # type: ignore[return-value]  # none is None
