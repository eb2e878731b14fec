"""The tokens of a sheet's sentences, and which of its spans they can hold: for the token formats.

Spans come in code points, half-open; places of tokens are counted half-open too. A format whose
ends are inclusive (GLiNER) converts at its own border.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

import msgspec

from khobor.errors import SpanError
from khobor.formats.interface import FormatError, Loss, Sheet
from khobor.formats.losses import ALL, losses_of
from khobor.layers.tokens import sentence_tokens
from khobor.records import Mention, Part, Quote, Sentence
from khobor.spans import Span, check_span

_LONGEST_SURFACE = 40  # code points of a span that an error shows


class TokenText(msgspec.Struct, frozen=True):
    """A text in tokens: their bounds, and the sentences that have any, as spans of token places."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentences: tuple[Span, ...]

    def word(self, place: int) -> str:
        """Give the token at a place, verbatim."""
        return self.text[self.starts[place] : self.ends[place]]


class Wanted(msgspec.Struct, frozen=True):
    """A span that a format should hold: whose it is, and in which field of it.

    Two spans of one `layer` cannot stand on the same token. `crosses`: it may go over several
    sentences.
    """

    item: str
    field: str
    start: int
    end: int
    layer: str
    crosses: bool = False


class Fitted(msgspec.Struct, frozen=True):
    """A wanted span and the places of the tokens that spell it."""

    wanted: Wanted
    tokens: Span


def token_text(sheet: Sheet, sentences: Sequence[Span], name: str) -> TokenText:
    """Turn a sheet and its sentences into BNLP's tokens of each; `name` is the format's.

    Raises FormatError where the sheet holds blocks, SpanError where the sentences are not in the
    order of the text, or overlap.
    """
    refuse_blocks(sheet, name)
    check_sentences(sheet, sentences)
    tokens = sentence_tokens(sheet.text, [Sentence(s.start, s.end, 0) for s in sentences])
    starts, ends = tuple(tokens.starts.tolist()), tuple(tokens.ends.tolist())
    places = (Span(bisect_left(starts, s.start), bisect_left(starts, s.end)) for s in sentences)
    inked = tuple(place for place in places if place.start < place.end)
    return TokenText(sheet.text, starts, ends, inked)


def refuse_blocks(sheet: Sheet, name: str) -> None:
    """Raise FormatError where a sheet holds the blocks of a page."""
    if sheet.blocks:
        raise FormatError(
            f"the sheet has {len(sheet.blocks)} blocks of a page, and {name} holds tokens of "
            "sentences alone",
            where=sheet.doc_id,
            fix="export blocks to webannotation or to a tool that takes them",
        )


def check_sentences(sheet: Sheet, sentences: Sequence[Span]) -> None:
    """Raise SpanError unless the sentences lie in the text, in its order and apart."""
    position = 0
    for sentence in sentences:
        check_span(sheet.text, sentence.start, sentence.end, where=sheet.doc_id)
        if sentence.start < position:
            raise SpanError(
                f"the sentence [{sentence.start}, {sentence.end}) begins before the end of the one "
                "before it",
                where=sheet.doc_id,
                fix="pass the sentences in the order of the text, none over another",
            )
        position = sentence.end


def wanted_mentions(
    mentions: Iterable[Mention], *, nested: bool = False, crosses: bool = False
) -> list[Wanted]:
    """Turn mentions into what a format should hold.

    `nested`: the format takes names in names and over each other, but one label for one span.
    """
    return [
        Wanted(m.id, ALL, m.start, m.end, f"{m.start}:{m.end}" if nested else "", crosses)
        for m in mentions
    ]


def wanted_parts(quotes: Iterable[Quote]) -> list[Wanted]:
    """Turn quotes into what a format should hold; only parts of one quote and field collide."""
    return [
        Wanted(quote.id, field, part.start, part.end, f"{quote.id} {field}", crosses=True)
        for quote in quotes
        for field, parts in fields_of(quote)
        for part in parts
    ]


def fields_of(quote: Quote) -> tuple[tuple[str, tuple[Part, ...]], ...]:
    """List the spans of a quote by field, in the order in which formats write them."""
    return (
        ("content", quote.content),
        ("cue", (quote.cue,) if quote.cue else ()),
        ("speaker", (quote.speaker,) if quote.speaker else ()),
        ("quoted", quote.quoted),
    )


def fit(
    sheet: Sheet, tokens: TokenText, wanted: Sequence[Wanted], name: str, *, lossy: bool
) -> tuple[list[Fitted], list[Loss]]:
    """Lay spans over tokens: those that tokens spell exactly, in the order given, and the rest.

    Of two that collide the longer one stays (only the outermost name counts), then the first.
    Nothing is widened or shortened. Raises FormatError for what does not fit, unless `lossy`.
    """
    taken: dict[tuple[str, int], Wanted] = {}
    fitted: dict[int, Fitted] = {}
    misfits: dict[int, str] = {}
    order = sorted(range(len(wanted)), key=lambda n: wanted[n].start - wanted[n].end)
    for number in order:
        one = wanted[number]
        found = _tokens_of(tokens, one)
        if isinstance(found, str):
            misfits[number] = found
            continue
        keys = [(one.layer, place) for place in range(found.start, found.end)]
        other = next((taken[key] for key in keys if key in taken), None)
        if other is not None:
            misfits[number] = _collision(sheet.text, one, other)
            continue
        taken.update(dict.fromkeys(keys, one))
        fitted[number] = Fitted(one, found)
    if misfits and not lossy:
        _refuse(sheet, [(wanted[n], misfits[n]) for n in sorted(misfits)], name)
    losses = _losses(sheet, [(wanted[n], misfits[n]) for n in sorted(misfits)])
    return [fitted[number] for number in sorted(fitted)], losses


def _tokens_of(tokens: TokenText, wanted: Wanted) -> Span | str:
    """Find the tokens that spell a span, or say why none do."""
    start, end = wanted.start, wanted.end
    first = bisect_right(tokens.ends, start)
    last = bisect_left(tokens.starts, end)
    if first >= last:
        return "no token of a sentence lies there"
    if tokens.starts[first] < start:
        return f"it begins inside the token {tokens.word(first)!r}"
    if tokens.ends[last - 1] > end:
        return f"it ends inside the token {tokens.word(last - 1)!r}"
    if tokens.starts[first] > start or tokens.ends[last - 1] < end:
        return "it begins or ends in white space, or in no sentence"
    spelled = "".join("".join(tokens.word(place).split()) for place in range(first, last))
    if spelled != "".join(tokens.text[start:end].split()):
        return "a part of it lies in no sentence"
    if not wanted.crosses and any(first < s.start < last for s in tokens.sentences):
        return "it crosses the border of a sentence"
    return Span(first, last)


def _collision(text: str, one: Wanted, other: Wanted) -> str:
    if (one.start, one.end) == (other.start, other.end):
        relation = "has the same words as"
    elif other.start <= one.start and one.end <= other.end:
        relation = "lies inside"
    else:
        relation = "overlaps"
    return f"it {relation} {_named(text, other)}"


def _named(text: str, wanted: Wanted) -> str:
    surface = text[wanted.start : wanted.end]
    if len(surface) > _LONGEST_SURFACE:
        surface = surface[:_LONGEST_SURFACE] + "…"
    field = "" if wanted.field == ALL else f" {wanted.field}"
    return f"{wanted.item}{field} ({surface!r} at {wanted.start})"


def _refuse(sheet: Sheet, misfits: Sequence[tuple[Wanted, str]], name: str) -> None:
    wanted, reason = misfits[0]
    more = f" (and {len(misfits) - 1} more)" if len(misfits) > 1 else ""
    raise FormatError(
        f"{name} cannot hold {_named(sheet.text, wanted)}: {reason}{more}",
        where=sheet.doc_id,
        fix="correct the annotation, or export with --lossy: what does not fit is left out and counted",
    )


def _losses(sheet: Sheet, misfits: Iterable[tuple[Wanted, str]]) -> list[Loss]:
    """Turn what did not fit into losses, one an item and field."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for wanted, reason in misfits:
        reasons.setdefault((wanted.item, wanted.field), []).append(
            f"{_named(sheet.text, wanted)}: {reason}"
        )
    return [
        Loss(sheet.doc_id, item, field, "; ".join(said)) for (item, field), said in reasons.items()
    ]


def entity_losses(sheet: Sheet, fitted: Iterable[Fitted], name: str) -> list[Loss]:
    """List what a format of entities alone has no place for: quotes, notes, ends of bare names."""
    kept = {one.wanted.item for one in fitted}
    given = [mention for mention in sheet.mentions if mention.id in kept]
    bare = [msgspec.structs.replace(m, name_end=m.end, note=None) for m in given]
    return losses_of(
        msgspec.structs.replace(sheet, mentions=tuple(given)),
        msgspec.structs.replace(sheet, mentions=tuple(bare), quotes=()),
        name,
    )


class HeldQuotes(msgspec.Struct, frozen=True):
    """The quotes of a sheet that have content left, their spans in tokens, and what is lost."""

    quotes: tuple[Quote, ...]
    parts: tuple[Fitted, ...]
    losses: tuple[Loss, ...]


def hold_quotes(
    sheet: Sheet, tokens: TokenText, mentions: Iterable[Fitted], name: str, *, lossy: bool
) -> HeldQuotes:
    """Lay quotes over tokens; one without any content left is left out whole.

    A speaker_mention that was left out itself is cut, so that no id points to nothing.
    """
    parts, losses = fit(sheet, tokens, wanted_parts(sheet.quotes), name, lossy=lossy)
    spoken = {one.wanted.item for one in parts if one.wanted.field == "content"}
    reasons = {(loss.item, loss.field): loss.reason for loss in losses}
    gone = {m.id for m in sheet.mentions} - {one.wanted.item for one in mentions}
    kept = []
    for quote in sheet.quotes:
        if quote.id not in spoken:
            reason = reasons.get((quote.id, "content"), "it has no content")
            losses = [loss for loss in losses if loss.item != quote.id]
            losses.append(Loss(sheet.doc_id, quote.id, ALL, reason))
            continue
        if quote.speaker_mention in gone:
            reason = f"{quote.speaker_mention} is left out"
            losses.append(Loss(sheet.doc_id, quote.id, "speaker_mention", reason))
            quote = msgspec.structs.replace(quote, speaker_mention=None)  # noqa: PLW2901
        kept.append(quote)
    held = tuple(one for one in parts if one.wanted.item in spoken)
    return HeldQuotes(tuple(kept), held, tuple(losses))
