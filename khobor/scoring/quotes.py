"""Quotes of two annotations of one text: matched one to one by content, compared part by part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from khobor.records import Annotation, Mention, Part, Quote, Tokens
from khobor.scoring.counts import Counts
from khobor.scoring.matching import best_pairs, overlapping_pairs

Place = tuple[int, int] | None
# What a quote has beside its content, to compare and to sort by.
_Rest = tuple[tuple[object, ...] | str, ...]
# Sorted half-open spans that do not touch, in tokens or in code points.
Units = list[tuple[int, int]]

# Among matchings of one overlap, that of more pairs, and of pairs with more in common: else
# which is found, and so the figures, would be a matter of chance.
_TIE = 1e-9


class QuotePair(msgspec.Struct, frozen=True):
    """Two annotations of one saying, and what they have in common."""

    first: Quote
    second: Quote
    content: Counts  # tokens of their contents; code points where no tokens were given
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


def compare_quotes(
    first: Annotation, second: Annotation, tokens: Tokens | None = None, *, at_least: float = 0.0
) -> QuoteComparison:
    """Match the quotes of two annotations of one text one to one, so that contents share most.

    Two quotes can be one saying where their contents share a token, and where the F1 of their
    tokens is `at_least` so much; of possible matchings the one with the greatest sum of F1 is
    taken. Contents without any token count by place. Without `tokens` code points are counted.
    """
    a = [content_units(quote, tokens) for quote in first.quotes]
    b = [content_units(quote, tokens) for quote in second.quotes]
    mentions_a, mentions_b = _by_id(first.mentions), _by_id(second.mentions)
    rests = (
        [_rest(quote, mentions_a) for quote in first.quotes],
        [_rest(quote, mentions_b) for quote in second.quotes],
    )
    matched = _match((a, b), rests, at_least)
    rows, columns = {row for row, _ in matched}, {column for _, column in matched}
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
    same_spans = same_content(first, second) and _places(first.quoted) == _places(second.quoted)
    return QuotePair(
        first=first,
        second=second,
        content=content,
        same_cue=same_cue,
        same_speaker=same_speaker,
        same_mention=same_mention,
        strict=same_cue and same_speaker and same_mention and same_values and same_spans,
    )


def content_units(quote: Quote, tokens: Tokens | None = None) -> Units:
    """Turn a quote's content into the tokens that it overlaps; else into its code points.

    Code points where there are no tokens, or none in it: then negative, so that no code point
    is taken for a token.
    """
    if tokens is None:
        return _joined((part.start, part.end) for part in quote.content)
    found = _joined(
        (
            int(np.searchsorted(tokens.ends, part.start, side="right")),
            int(np.searchsorted(tokens.starts, part.end, side="left")),
        )
        for part in quote.content
    )
    return found or _joined((-part.end, -part.start) for part in quote.content)


def same_content(first: Quote, second: Quote) -> bool:
    """Tell whether two quotes have the same spans of content."""
    return _places(first.content) == _places(second.content)


def count_units(units: Units) -> int:
    """Count the tokens or code points of a content."""
    return sum(end - start for start, end in units)


def _match(
    contents: tuple[Sequence[Units], Sequence[Units]],
    rests: tuple[Sequence[_Rest], Sequence[_Rest]],
    at_least: float,
) -> list[tuple[int, int]]:
    """Find the best matching; the order in which quotes stand has no part in it."""
    rows, columns = (
        sorted((at for at, units in enumerate(side) if units), key=lambda at: (side[at], rest[at]))
        for side, rest in zip(contents, rests, strict=True)
    )
    weights = {}
    for i, j in overlapping_pairs(
        *(
            [(side[at][0][0], side[at][-1][1]) for at in places]
            for side, places in zip(contents, (rows, columns), strict=True)
        )
    ):
        row, column = rows[i], columns[j]
        overlap = _shared(contents[0][row], contents[1][column]).f1 or 0.0
        if overlap > 0 and overlap >= at_least:
            alike = sum(x == y for x, y in zip(rests[0][row], rests[1][column], strict=True))
            weights[i, j] = overlap + _TIE * (1 + alike)
    return sorted((rows[i], columns[j]) for i, j in best_pairs(weights))


def _joined(spans: Iterable[tuple[int, int]]) -> Units:
    """Sort spans, and join those that overlap or touch; empty ones go."""
    joined: Units = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _shared(a: Units, b: Units) -> Counts:
    common, i, j = 0, 0, 0
    while i < len(a) and j < len(b):
        common += max(0, min(a[i][1], b[j][1]) - max(a[i][0], b[j][0]))
        if a[i][1] <= b[j][1]:
            i += 1
        else:
            j += 1
    return Counts(common, count_units(a) - common, count_units(b) - common)


def _rest(quote: Quote, mentions: dict[str, Mention]) -> _Rest:
    """List what a quote has beside its content's words; a part that it lacks is ().

    Quotes that are alike in all of it are the same, so whichever of them is matched, no figure
    is another.
    """
    named = mentions.get(quote.speaker_mention or "")
    return (
        _place(quote.cue) or (),
        _place(quote.speaker) or (),
        (named.start, named.end, named.name_end) if named is not None else (),
        tuple(_places(quote.content)),
        tuple(_places(quote.quoted)),
        quote.kind,
        quote.marking,
        quote.medium,
    )


def _by_id(mentions: Iterable[Mention]) -> dict[str, Mention]:
    return {mention.id: mention for mention in mentions}


def _named(quote: Quote, mentions: dict[str, Mention]) -> Place:
    """Find the place of the mention that a quote names as its speaker."""
    mention = mentions.get(quote.speaker_mention or "")
    return (mention.start, mention.end) if mention is not None else None


def _place(part: Part | None) -> Place:
    return (part.start, part.end) if part is not None else None


def _places(parts: Sequence[Part]) -> list[tuple[int, int]]:
    return sorted((part.start, part.end) for part in parts)
