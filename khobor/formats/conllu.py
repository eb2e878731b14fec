r"""CoNLL-U, one way: a token a line, everything of ours in MISC; offsets in code points.

After https://universaldependencies.org/format.html: ten columns, `# sent_id`, `# text` and
`# newdoc id`, an empty line after every sentence. Nobody parsed the text: the columns from LEMMA
to DEPS are `_`. MISC holds, where there is something to say:

- `NER=B-PER` (IOB2) with `Mention=e1`, and on a name's last token `NameEnd=` where its bare name
  ends earlier;
- `Quote=B-CONTENT:q1`, several joined by commas, since parts of quotes may lie over each other.
  A part that goes on in the next sentence goes on with I;
- `SpaceAfter=No`, or `SpacesAfter=` where not exactly one space follows, escaped as UDPipe does
  (\s \t \r \n), other white space as \u and its code point;
- `TokenRange=start:end`, into the text of the sheet (UDPipe's name for it).

What a quote is as a whole stands in a comment, `# quote q1 = kind=direct|…`, before the sentence
in which it begins. FORM and `# text` are verbatim: a text that is not NFC is not made NFC, as the
format page asks, since offsets and surfaces would then be those of another text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from khobor.formats.interface import Exporter, Loss, Sheet, Written
from khobor.formats.losses import losses_of
from khobor.formats.tokens import (
    Fitted,
    HeldQuotes,
    TokenText,
    fit,
    hold_quotes,
    token_text,
    wanted_mentions,
)
from khobor.records import Quote
from khobor.spans import Span

NAME = "conllu"
_ESCAPES = {" ": r"\s", "\t": r"\t", "\r": r"\r", "\n": r"\n"}


def write(sheet: Sheet, sentences: Sequence[Span], lossy: bool) -> Written:
    """Turn a sheet into CoNLL-U, every sentence that has a token.

    Raises FormatError where a mention is not made of whole tokens of one sentence or shares a
    token with another one, or a part of a quote is not made of whole tokens, unless `lossy`.
    Notes are losses.
    """
    tokens = token_text(sheet, sentences, NAME)
    wanted = wanted_mentions(sheet.mentions)
    mentions, losses = fit(sheet, tokens, wanted, NAME, lossy=lossy)
    held = hold_quotes(sheet, tokens, mentions, NAME, lossy=lossy)
    return Written(
        doc_id=sheet.doc_id,
        files={f"{sheet.doc_id}.conllu": _text(sheet, tokens, mentions, held).encode()},
        losses=tuple(sorted([*losses, *held.losses, *_notes(sheet, mentions, held)])),
    )


def _notes(sheet: Sheet, mentions: Iterable[Fitted], held: HeldQuotes) -> list[Loss]:
    kept = {one.wanted.item for one in mentions}
    given = msgspec.structs.replace(
        sheet, mentions=tuple(m for m in sheet.mentions if m.id in kept), quotes=held.quotes
    )
    bare = msgspec.structs.replace(
        given,
        mentions=tuple(msgspec.structs.replace(m, note=None) for m in given.mentions),
        quotes=tuple(msgspec.structs.replace(q, note=None) for q in given.quotes),
    )
    return losses_of(given, bare, NAME)


def _text(sheet: Sheet, tokens: TokenText, mentions: list[Fitted], held: HeldQuotes) -> str:
    said = [
        *_entity_values(sheet, mentions),
        *_quote_values(held.parts),
    ]
    values: dict[int, list[str]] = {}
    for place, value in said:
        values.setdefault(place, []).append(value)
    comments = _quote_comments(held)
    sentences = []
    for number, sentence in enumerate(tokens.sentences, start=1):
        head = [f"# newdoc id = {sheet.doc_id}"] if number == 1 else []
        head += [f"# sent_id = {sheet.doc_id}-s{number}", f"# text = {_plain(tokens, sentence)}"]
        places = range(sentence.start, sentence.end)
        head += [line for place in places for line in comments.get(place, ())]
        rows = [
            _row(tokens, place, place - sentence.start + 1, values.get(place, []))
            for place in places
        ]
        sentences.append("\n".join([*head, *rows]) + "\n\n")
    return "".join(sentences)


def _row(tokens: TokenText, place: int, number: int, values: list[str]) -> str:
    start, end = tokens.starts[place], tokens.ends[place]
    misc = [*values, *_space_value(_gap(tokens, place)), f"TokenRange={start}:{end}"]
    return "\t".join([str(number), tokens.word(place), *["_"] * 7, "|".join(misc)])


def _gap(tokens: TokenText, place: int) -> str:
    """Give the white space that follows a token in the text, up to the next character."""
    end = tokens.ends[place]
    upto = end
    while upto < len(tokens.text) and tokens.text[upto].isspace():
        upto += 1
    return tokens.text[end:upto]


def _space_value(gap: str) -> list[str]:
    if not gap:
        return ["SpaceAfter=No"]
    if gap == " ":
        return []
    return ["SpacesAfter=" + "".join(_ESCAPES.get(char, f"\\u{ord(char):04x}") for char in gap)]


def _plain(tokens: TokenText, sentence: Span) -> str:
    """Write a sentence on one line: any white space in it as one space."""
    last = sentence.end - 1
    spaced = (
        tokens.word(place) + (" " if _gap(tokens, place) and place < last else "")
        for place in range(sentence.start, sentence.end)
    )
    return "".join(spaced)


def _entity_values(sheet: Sheet, fitted: Iterable[Fitted]) -> list[tuple[int, str]]:
    by_id = {mention.id: mention for mention in sheet.mentions}
    values = []
    for one in fitted:
        mention = by_id[one.wanted.item]
        for place in range(one.tokens.start, one.tokens.end):
            tag = "B" if place == one.tokens.start else "I"
            values.append((place, f"NER={tag}-{mention.label}|Mention={mention.id}"))
        if mention.name_end != mention.end:
            values.append((one.tokens.end - 1, f"NameEnd={mention.name_end}"))
    return values


def _quote_values(parts: Iterable[Fitted]) -> list[tuple[int, str]]:
    tags: dict[int, list[str]] = {}
    for one in parts:
        role = f"{one.wanted.field.upper()}:{one.wanted.item}"
        for place in range(one.tokens.start, one.tokens.end):
            tag = "B" if place == one.tokens.start else "I"
            tags.setdefault(place, []).append(f"{tag}-{role}")
    return [(place, "Quote=" + ",".join(said)) for place, said in tags.items()]


def _quote_comments(held: HeldQuotes) -> dict[int, list[str]]:
    """Say of every quote what it is, at its first token."""
    first: dict[str, int] = {}
    for one in held.parts:
        place = one.tokens.start
        first[one.wanted.item] = min(place, first.get(one.wanted.item, place))
    comments: dict[int, list[str]] = {}
    for quote in held.quotes:
        comments.setdefault(first[quote.id], []).append(_comment(quote))
    return comments


def _comment(quote: Quote) -> str:
    facts: dict[str, str] = {"kind": quote.kind, "marking": quote.marking, "medium": quote.medium}
    if quote.speaker_mention:
        facts |= {"speaker_mention": quote.speaker_mention}
    said = "|".join(f"{key}={value}" for key, value in facts.items())
    return f"# quote {quote.id} = {said}"


def join(written: Sequence[Written]) -> dict[str, bytes]:
    """Put documents into one file, as the format has it."""
    content = b"".join(content for one in written for content in one.files.values())
    return {"documents.conllu": content}


EXPORTER = Exporter(name=NAME, write=write, join=join)
