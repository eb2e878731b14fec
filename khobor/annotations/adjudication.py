"""Two annotations of one text, their differences, and the annotation that decisions make of them.

What both say alike needs no decision. Each other place is a Difference, decided by a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from khobor.annotations.files import line_order, quote_parts
from khobor.errors import AnnotationError
from khobor.records import (
    AdjudicationHeader,
    Annotation,
    Difference,
    Mention,
    Part,
    Quote,
    Tokens,
)
from khobor.scoring.quotes import QuoteComparison, compare_quotes

Item = Mention | Quote

BOTH, NEITHER, OWN = "both", "neither", "own"
_CONTEXT = 60  # code points left and right of a difference that its reader sees


class Adjudicated(msgspec.Struct, frozen=True):
    """What decisions made of two annotations: the annotation, or the differences still open."""

    annotation: Annotation | None
    open: tuple[Difference, ...]


def find_differences(
    first: Annotation, second: Annotation, text: str, tokens: Tokens
) -> list[Difference]:
    """Turn two annotations of a text into their differences, in order of place, undecided.

    Overlapping mentions are one difference together; so are two quotes of one saying. A note
    or an id is no difference. Raises AnnotationError where they are of different texts.
    """
    if (first.doc_id, first.text_sha256) != (second.doc_id, second.text_sha256):
        raise AnnotationError(
            f"annotations of different texts: {first.text_sha256[:12]}…, {second.text_sha256[:12]}…",
            where=first.doc_id,
            fix="carry one of them over with `khobor reanchor`",
        )
    pairs: list[tuple[list[Item], list[Item]]] = [*_differing_mentions(first, second)]
    pairs += _differing_quotes(first, second, compare_quotes(first, second, tokens))
    pairs.sort(key=lambda pair: min(line_order(item) for item in [*pair[0], *pair[1]]))
    return [
        Difference(
            id=f"d{number}",
            take="",
            reason="",
            context=_context(text, [*mine, *others]),
            first=tuple(mine),
            second=tuple(others),
        )
        for number, (mine, others) in enumerate(pairs, start=1)
    ]


def carry_decisions(
    differences: Sequence[Difference], decided: Sequence[Difference]
) -> list[Difference]:
    """Turn differences into the same with the decisions made before about the same items.

    A decision about what both said alike stays too (`first` and `second` are the same): both can
    be overruled, and `own` holds what both missed where neither said anything.
    """
    known = {(d.first, d.second): d for d in decided if d.first != d.second}
    carried = [
        msgspec.structs.replace(difference, take=before.take, reason=before.reason, own=before.own)
        if (before := known.get((difference.first, difference.second))) is not None
        else difference
        for difference in differences
    ]
    added = [d for d in decided if d.first == d.second]
    return [
        *carried,
        *(
            msgspec.structs.replace(d, id=f"d{number}")
            for number, d in enumerate(added, start=len(carried) + 1)
        ),
    ]


def adjudicate(
    first: Annotation,
    second: Annotation,
    header: AdjudicationHeader,
    differences: Sequence[Difference],
    *,
    tokens: Tokens,
    annotator: str,
) -> Adjudicated:
    """Turn two annotations and the decisions about their differences into one annotation.

    What was decided stands in the note of the item that was taken, with its reason; ids are given
    anew. Raises AnnotationError where a decision names nobody, has no reason, or takes a quote
    whose speaker's mention is not taken.
    """
    open_ = tuple(d for d in differences if not d.take)
    for difference in differences:
        _check_decision(difference, header)
    if open_:
        return Adjudicated(None, open_)
    overruled = {item.id for d in differences if d.first == d.second for item in d.first}
    agreed = [
        pair
        for pair in _agreed(first, second, compare_quotes(first, second, tokens))
        if pair[0].id not in overruled
    ]
    taken = [*agreed, *(pair for d in differences for pair in _taken(d, header, first, second))]
    mentions = _numbered_mentions([item for item, _ in taken if isinstance(item, Mention)])
    quotes = sorted(
        (
            msgspec.structs.replace(item, speaker_mention=_remapped(item, of, mentions, header))
            for item, of in taken
            if isinstance(item, Quote)
        ),
        key=line_order,
    )
    return Adjudicated(
        Annotation(
            doc_id=first.doc_id,
            text_sha256=first.text_sha256,
            annotator=annotator,
            guideline=first.guideline,
            progress="complete",
            mentions=tuple(mentions),
            quotes=tuple(
                msgspec.structs.replace(quote, id=f"q{number}")
                for number, quote in enumerate(quotes, start=1)
            ),
        ),
        (),
    )


# --- differences ------------------------------------------------------------------------------


def _key(mention: Mention) -> tuple[int, int, int, str]:
    return mention.start, mention.end, mention.name_end, mention.label


def _differing_mentions(
    first: Annotation, second: Annotation
) -> Iterator[tuple[list[Item], list[Item]]]:
    """Group the mentions that are not the same in both into overlapping heaps."""
    keys = {_key(m) for m in first.mentions} & {_key(m) for m in second.mentions}
    rest = [(m, side) for side, a in enumerate((first, second)) for m in a.mentions]
    rest = sorted((e for e in rest if _key(e[0]) not in keys), key=lambda e: line_order(e[0]))
    heap: tuple[list[Item], list[Item]] = ([], [])
    end = -1
    for mention, side in rest:
        if mention.start >= end and (heap[0] or heap[1]):
            yield heap
            heap = ([], [])
        heap[side].append(mention)
        end = max(end, mention.end)
    if heap[0] or heap[1]:
        yield heap


def _differing_quotes(
    first: Annotation, second: Annotation, comparison: QuoteComparison
) -> Iterator[tuple[list[Item], list[Item]]]:
    speaks = _speakers(first), _speakers(second)
    for pair in comparison.pairs:
        if not _same_quote(pair.first, pair.second, speaks):
            yield [pair.first], [pair.second]
    for quote in comparison.missed:
        yield [quote], []
    for quote in comparison.spurious:
        yield [], [quote]


def _speakers(annotation: Annotation) -> Callable[[Quote], Mention | None]:
    by_id = {mention.id: mention for mention in annotation.mentions}
    return lambda quote: by_id.get(quote.speaker_mention or "")


def _same_quote(
    a: Quote,
    b: Quote,
    speaks: tuple[Callable[[Quote], Mention | None], Callable[[Quote], Mention | None]],
) -> bool:
    """Tell whether two quotes are the same; their mentions may differ in extent and label."""
    places = [[(p.start, p.end) for p in quote_parts(q)] for q in (a, b)]
    inner = [[(p.start, p.end) for p in q.quoted] for q in (a, b)]
    values = [(q.kind, q.marking, q.medium, q.cue is None, q.speaker is None) for q in (a, b)]
    one, other = speaks[0](a), speaks[1](b)
    nobody = one is None or other is None
    same_mention = one is other if nobody else _overlap(one, other) > 0
    return (
        places[0] == places[1] and inner[0] == inner[1] and values[0] == values[1] and same_mention
    )


def _context(text: str, items: Sequence[Item]) -> str:
    spans = [span for item in items for span in _spans(item)]
    low = max(0, min(span.start for span in spans) - _CONTEXT)
    return text[low : max(span.end for span in spans) + _CONTEXT]


def _spans(item: Item) -> list[Mention] | list[Part]:
    return [item] if isinstance(item, Mention) else quote_parts(item)


# --- decisions --------------------------------------------------------------------------------


def _check_decision(difference: Difference, header: AdjudicationHeader) -> None:
    choices = (header.first, header.second, BOTH, NEITHER, OWN)
    if difference.take and difference.take not in choices:
        raise AnnotationError(
            f"take is {difference.take!r}",
            where=f"{header.doc_id} {difference.id}",
            fix=f"expected one of {', '.join(choices)}",
        )
    if difference.take and not difference.reason.strip():
        raise AnnotationError(
            "the decision has no reason",
            where=f"{header.doc_id} {difference.id}",
            fix="say in a few words why",
        )
    if (difference.take == OWN) != bool(difference.own):
        raise AnnotationError(
            "`take` is own without items in `own`, or the other way round",
            where=f"{header.doc_id} {difference.id}",
            fix="put the reading that neither had into `own`, and only then take it",
        )


# An item with the annotation whose ids its speaker_mention uses; None: the decisions' own.
_Taken = tuple[Item, Annotation | None]


def _agreed(
    first: Annotation, second: Annotation, comparison: QuoteComparison
) -> Iterator[tuple[Item, Annotation | None]]:
    others = {_key(m): m for m in second.mentions}
    for mention in first.mentions:
        if _key(mention) in others:
            note = mention.note or others[_key(mention)].note
            yield msgspec.structs.replace(mention, note=note), first
    speaks = _speakers(first), _speakers(second)
    for pair in comparison.pairs:
        if _same_quote(pair.first, pair.second, speaks):
            note = pair.first.note or pair.second.note
            yield msgspec.structs.replace(pair.first, note=note), first


def _taken(
    difference: Difference, header: AdjudicationHeader, first: Annotation, second: Annotation
) -> Iterator[tuple[Item, Annotation | None]]:
    """Yield what a decision takes, with the decision as its note."""
    sources: list[tuple[tuple[Item, ...], Annotation | None, str]] = []
    if difference.take in (header.first, BOTH):
        sources.append((difference.first, first, header.first))
    if difference.take in (header.second, BOTH):
        sources.append((difference.second, second, header.second))
    if difference.take == OWN:
        sources.append((difference.own, None, "neither's reading"))
    for items, of, name in sources:
        for item in items:
            note = f"{name}: {difference.reason.strip()}"
            yield msgspec.structs.replace(item, note=note), of


def _numbered_mentions(mentions: Iterable[Mention]) -> list[Mention]:
    """Number mentions in order of place; the same one taken twice stands once."""
    distinct = {_key(mention): mention for mention in mentions}
    return [
        msgspec.structs.replace(mention, id=f"e{number}")
        for number, mention in enumerate(sorted(distinct.values(), key=line_order), start=1)
    ]


def _remapped(
    quote: Quote,
    of: Annotation | None,
    mentions: Sequence[Mention],
    header: AdjudicationHeader,
) -> str | None:
    """Find the taken mention that a quote's speaker_mention stands for, by its place.

    In a quote of `own` it is the start of that mention, as s<start>, since ids are given anew.
    """
    if quote.speaker_mention is None:
        return None
    if of is not None:
        named = next((m for m in of.mentions if m.id == quote.speaker_mention), None)
        found = max(mentions, key=lambda m: _overlap(m, named), default=None) if named else None
        if found is not None and named is not None and _overlap(found, named):
            return found.id
    else:
        found = next((m for m in mentions if f"s{m.start}" == quote.speaker_mention), None)
        if found is not None:
            return found.id
    raise AnnotationError(
        f"no mention is taken that {quote.speaker_mention} of the quote at "
        f"{quote.content[0].start} stands for",
        where=header.doc_id,
        fix="take that mention too, or take the quote as `own` with another speaker_mention "
        "(s and the start of the mention, such as s120)",
    )


def _overlap(a: Mention | None, b: Mention | None) -> int:
    if a is None or b is None:
        return 0
    return max(0, min(a.end, b.end) - max(a.start, b.start))
