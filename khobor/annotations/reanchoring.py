"""Annotations of an old text on a changed one: what is certain is carried, the rest is listed.

A search that takes the most similar place picks wrong twins. So a span is carried only where it
and its context are identical, and stand once in either text (1 wrong in 3,797 carried when this
was simulated on news). Everything else gets a suggestion, and is left to the annotator.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

import msgspec

from khobor.annotations.diffs import TextMap, map_span, map_texts
from khobor.annotations.files import AnnotationFile, quote_parts
from khobor.errors import AnnotationError
from khobor.records import Annotation, Mention, Part, Quote
from khobor.spans import Span

CONTEXT = 24  # code points on either side
Fate = Literal["carried", "review", "ambiguous", "lost"]  # in the order of how bad they are
FATES: tuple[Fate, ...] = get_args(Fate)
Role = Literal["mention", "content", "cue", "speaker", "quoted"]
# Of a string that stands oftener than this in the new text, no place is better than another.
_MAX_PLACES = 1_000


class SpanFate(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one span: `to` is where it was carried, `suggestion` where it may belong."""

    role: Role
    start: int
    end: int
    fate: Fate
    reason: str
    to: Span | None = None
    suggestion: Span | None = None


class ItemFate(msgspec.Struct, frozen=True):
    """What became of a mention or quote, with the line where it stood.

    `label` is the mention's label or the quote's kind.
    """

    file: str
    line: int
    id: str
    type: Literal["mention", "quote"]
    label: str
    fate: Fate
    reason: str
    spans: tuple[SpanFate, ...]


class Reanchored(msgspec.Struct, frozen=True):
    """An annotation on its new text, and the fate of every item, in the order of their lines."""

    annotation: Annotation
    fates: tuple[ItemFate, ...]


def reanchor_files(
    files: Sequence[AnnotationFile],
    old: str,
    new: str,
    *,
    new_sha256: str,
    context: int = CONTEXT,
) -> list[Reanchored]:
    """Turn annotations of `old` into annotations of `new`, and the fate of every item.

    A span moves only where its string and `context` code points on either side (a border of the
    text stands for those that are missing) are the same and stand once in either text. A quote
    moves whole or not at all. `progress` falls to partial unless every item is carried. Raises
    AnnotationError where a span does not lie in `old`.
    """
    texts = _Texts(old, new, context)
    return [_reanchor_file(found, texts, new_sha256) for found in files]


class _Texts:
    """Both texts, and where spans of the old one stand in the new one."""

    def __init__(self, old: str, new: str, context: int) -> None:
        self.old, self.new, self.context = old, new, context
        self._map: TextMap | None = None
        self._places: dict[str, list[int]] = {}

    def fate_of(self, role: Role, start: int, end: int) -> SpanFate:
        """Turn a span of the old text into its fate."""
        left, right = max(0, start - self.context), min(len(self.old), end + self.context)
        stretch = self.old[left:right]
        # A border is part of the context only where it cuts the context short.
        borders = (start - self.context < 0, end + self.context > len(self.old))
        twice = len(_places_of(stretch, self.old, borders, 2)) > 1
        found = _places_of(stretch, self.new, borders, 2)
        if len(found) == 1 and not twice:
            begin = found[0] + start - left
            to = Span(begin, begin + end - start)
            return SpanFate(role, start, end, "carried", "its context is the same", to)
        places = self._all_places(self.old[start:end])
        many = f"{len(places)}" if len(places) <= _MAX_PLACES else f"over {_MAX_PLACES:,}"
        fate: Fate = "review"
        if not places:
            fate, reason = "lost", "its string is not in the new text"
        elif len(places) > 1:
            fate, reason = "ambiguous", f"its string stands {many} times in the new text"
        elif twice:
            fate, reason = "ambiguous", "it stands with the same context twice in the old text"
        else:
            reason = "its string stands once in the new text, with other context"
        suggestion, why = self._suggest(start, end, places)
        if suggestion is not None:
            reason = f"{reason}; suggested: {why}"
        return SpanFate(role, start, end, fate, reason, suggestion=suggestion)

    def _all_places(self, string: str) -> list[int]:
        if string not in self._places:
            self._places[string] = _places_of(string, self.new, (False, False), _MAX_PLACES + 1)
        return self._places[string]

    def _suggest(self, start: int, end: int, places: list[int]) -> tuple[Span | None, str]:
        """Say where a span that is not carried may belong, and why."""
        if self._map is None:
            self._map = map_texts(self.old, self.new)
        mapped = map_span(self._map, start, end)
        string = self.old[start:end]
        if mapped is not None and self.new[mapped.start : mapped.end] == string:
            return mapped, "a diff of the texts maps it there"
        if not places or len(places) > _MAX_PLACES:
            return mapped, "a diff of the texts puts this in its place"
        best = max(places, key=lambda place: self._likeness(start, end, place))
        span = Span(best, best + end - start)
        if len(places) == 1:
            return span, "its only place"
        return span, "the place with the most similar context"

    def _likeness(self, start: int, end: int, place: int) -> tuple[int, int]:
        """Count the code points of context that are the same; of equals, the nearest wins."""
        size = self.context
        behind = place + end - start
        same = _common_prefix(self.old[end : end + size], self.new[behind : behind + size])
        before = self.old[max(0, start - size) : start], self.new[max(0, place - size) : place]
        same += _common_prefix(before[0][::-1], before[1][::-1])
        return same, -abs(place - start)


def _common_prefix(one: str, other: str) -> int:
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _places_of(string: str, text: str, borders: tuple[bool, bool], limit: int) -> list[int]:
    """Find the places of a string, overlapping ones too, `limit` at most.

    `borders`: it must begin where the text begins, end where the text ends.
    """
    at_start, at_end = borders
    if at_start or at_end:
        place = 0 if at_start else len(text) - len(string)
        fits = place >= 0 and text.startswith(string, place)
        return [place] if fits and (not at_end or place + len(string) == len(text)) else []
    places: list[int] = []
    place = text.find(string)
    while place >= 0 and len(places) < limit:
        places.append(place)
        place = text.find(string, place + 1)
    return places


def _reanchor_file(found: AnnotationFile, texts: _Texts, new_sha256: str) -> Reanchored:
    annotation = found.annotation
    mentions: dict[int, tuple[Mention, SpanFate]] = {}
    for line, mention in zip(found.mention_lines, annotation.mentions, strict=True):
        _check_span(found, line, mention.id, mention, texts.old)
        mentions[line] = mention, texts.fate_of("mention", mention.start, mention.end)
    _part_overlapping(mentions)
    fates = [
        ItemFate(found.path, line, m.id, "mention", m.label, fate.fate, fate.reason, (fate,))
        for line, (m, fate) in mentions.items()
    ]
    fate_of = {mention.id: fate for mention, fate in mentions.values()}
    carried_quotes = []
    for line, quote in zip(found.quote_lines, annotation.quotes, strict=True):
        for part in [*quote_parts(quote), *quote.quoted]:
            _check_span(found, line, quote.id, part, texts.old)
        spans = _quote_spans(quote, texts)
        worst, reason = _quote_fate(quote, spans, fate_of)
        fates.append(
            ItemFate(found.path, line, quote.id, "quote", quote.kind, worst, reason, spans)
        )
        if worst == "carried":
            carried_quotes.append(_moved_quote(quote, spans))
    whole = all(fate.fate == "carried" for fate in fates)
    carried = msgspec.structs.replace(
        annotation,
        text_sha256=new_sha256,
        progress=annotation.progress if whole else "partial",
        mentions=tuple(
            _moved_mention(mention, fate.to)
            for mention, fate in mentions.values()
            if fate.to is not None
        ),
        quotes=tuple(carried_quotes),
    )
    return Reanchored(carried, tuple(sorted(fates, key=lambda fate: fate.line)))


def _check_span(
    found: AnnotationFile, line: int, item: str, span: Mention | Part, text: str
) -> None:
    inside = span.start < span.end <= len(text)
    if isinstance(span, Mention):
        inside = inside and span.start < span.name_end <= span.end
    if inside and span.surface in (None, text[span.start : span.end]):
        return
    raise AnnotationError(
        f"{item}: [{span.start}, {span.end}) of the old text is not what the annotation says",
        where=f"{found.path}:{line}",
        fix="correct it on the old text first (`khobor check` lists what is wrong)",
    )


def _part_overlapping(mentions: dict[int, tuple[Mention, SpanFate]]) -> None:
    """Take back mentions that came to overlap: where texts repeat themselves, two may."""
    placed = sorted(
        (fate.to.start, fate.to.end, line, fate)
        for line, (_, fate) in mentions.items()
        if fate.to is not None
    )
    last: tuple[int, int, SpanFate] | None = None  # where the mention ends that reaches furthest
    for start, end, line, fate in placed:
        if last is not None and start < last[0] and not _overlap(fate, last[2]):
            for taken in (last[1], line):
                mention, other = mentions[taken]
                reason = "two mentions would overlap there"
                mentions[taken] = mention, _taken_back(other, reason)
        if last is None or end > last[0]:
            last = end, line, fate


def _overlap(one: SpanFate, other: SpanFate) -> bool:
    return one.start < other.end and other.start < one.end


def _taken_back(fate: SpanFate, reason: str) -> SpanFate:
    if fate.to is None:
        return fate
    return msgspec.structs.replace(fate, fate="review", reason=reason, to=None, suggestion=fate.to)


def _quote_spans(quote: Quote, texts: _Texts) -> tuple[SpanFate, ...]:
    parts: list[tuple[Role, Part]] = [("content", part) for part in quote.content]
    parts += [("cue", quote.cue)] if quote.cue else []
    parts += [("speaker", quote.speaker)] if quote.speaker else []
    parts += [("quoted", part) for part in quote.quoted]
    return tuple(texts.fate_of(role, part.start, part.end) for role, part in parts)


def _quote_fate(
    quote: Quote, spans: Sequence[SpanFate], mentions: dict[str, SpanFate]
) -> tuple[Fate, str]:
    """Tell the worst fate among the parts of a quote and its speaker_mention, and why."""
    reasons: list[tuple[Fate, str]] = [
        (span.fate, f"{span.role} [{span.start}, {span.end}): {span.reason}")
        for span in spans
        if span.fate != "carried"
    ]
    if quote.speaker_mention is not None:
        speaker = mentions.get(quote.speaker_mention)
        if speaker is None:
            reasons.append(("review", f"{quote.speaker_mention} is no mention of this file"))
        elif speaker.fate != "carried":
            reasons.append((speaker.fate, f"its speaker_mention {quote.speaker_mention} is not"))
    if not spans:
        reasons.append(("review", "it has no part to carry"))
    if not reasons and not _is_in_order(spans):
        reasons.append(("review", "its parts stand in another order there, or overlap"))
    if not reasons:
        return "carried", "all of its parts are"
    return max(reasons, key=lambda reason: FATES.index(reason[0]))


def _is_in_order(spans: Sequence[SpanFate]) -> bool:
    """Tell whether parts stand to each other as they did: order, and what lies in what."""
    outer: SpanFate | None = None  # the part that reaches furthest
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if span.to is None:
            return False
        if outer is not None and outer.to is not None:
            if span.start >= outer.end:
                if span.to.start < outer.to.end:
                    return False
            # `quoted` inside the content: it keeps its place in it.
            elif span.to.start - outer.to.start != span.start - outer.start:
                return False
        if outer is None or span.end > outer.end:
            outer = span
    return True


def _moved_mention(mention: Mention, to: Span) -> Mention:
    return msgspec.structs.replace(
        mention, start=to.start, end=to.end, name_end=to.start + mention.name_end - mention.start
    )


def _moved_quote(quote: Quote, spans: Sequence[SpanFate]) -> Quote:
    """Put a quote whose parts are all carried on the new text."""
    parts = {
        role: [span.to for span in spans if span.role == role and span.to is not None]
        for role in get_args(Role)
    }

    def moved(part: Part | None, to: Sequence[Span]) -> Part | None:
        return part and msgspec.structs.replace(part, start=to[0].start, end=to[0].end)

    def all_moved(old: Sequence[Part], to: Sequence[Span]) -> tuple[Part, ...]:
        return tuple(
            msgspec.structs.replace(part, start=span.start, end=span.end)
            for part, span in zip(old, to, strict=True)
        )

    return msgspec.structs.replace(
        quote,
        content=all_moved(quote.content, parts["content"]),
        cue=moved(quote.cue, parts["cue"]),
        speaker=moved(quote.speaker, parts["speaker"]),
        quoted=all_moved(quote.quoted, parts["quoted"]),
    )
