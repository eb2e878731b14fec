"""spaCy's DocBin, one way: Docs with BNLP's tokens, entities and quotes; the unit is the token.

After https://spacy.io/api/docbin and https://spacy.io/api/doc. A Doc is that of `blank("bn")`
with other tokens; what spaCy cannot say by a token and the space after it is a token of white
space, as its own tokenizer makes them, so `doc.text` is the text of the sheet. Entities are
`doc.ents` (id in `ent.id_`); quotes are `doc.spans["quotes"]` (role in `label_`, id in `id_`),
what they are as a whole stands in the group's `attrs` by id. `doc.user_data["khobor"]` has the
doc_id, and of a mention what spaCy has no place for.

The same spaCy gives the same bytes in any process; another release, or another zlib, may pack the
same Docs into others.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TypeVar

import msgspec
from spacy.tokens import Doc, DocBin, SpanGroup
from spacy.tokens import Span as DocSpan
from spacy.util import get_lang_class
from spacy.vocab import Vocab, create_vocab

from khobor.formats.interface import Exporter, Sheet, Written
from khobor.formats.tokens import (
    Fitted,
    HeldQuotes,
    TokenText,
    check_sentences,
    fit,
    hold_quotes,
    refuse_blocks,
    wanted_mentions,
)
from khobor.layers.tokens import sentence_tokens
from khobor.records import Mention, Quote, Sentence
from khobor.spans import Span

NAME = "spacy"
_Field = TypeVar("_Field")


class _Words(msgspec.Struct, frozen=True):
    """The tokens of a Doc: BNLP's and those of white space, and which have a space after them."""

    tokens: TokenText
    spaces: list[bool]
    sentence_starts: list[bool]


def write(sheet: Sheet, sentences: Sequence[Span], lossy: bool) -> Written:
    """Turn a sheet into a DocBin with one Doc, which has the whole text.

    Raises FormatError where a span is not made of whole tokens, or two mentions share a token
    (`doc.ents` are flat), unless `lossy`. Nothing else is lost.
    """
    refuse_blocks(sheet, NAME)
    check_sentences(sheet, sentences)
    words = _words(sheet.text, sentences)
    wanted = wanted_mentions(sheet.mentions, crosses=True)
    mentions, losses = fit(sheet, words.tokens, wanted, NAME, lossy=lossy)
    held = hold_quotes(sheet, words.tokens, mentions, NAME, lossy=lossy)
    doc = _doc(sheet, words, mentions, held)
    return Written(
        doc_id=sheet.doc_id,
        files={f"{sheet.doc_id}.spacy": _bin([doc]).to_bytes()},
        losses=tuple(sorted([*losses, *held.losses])),
    )


def _words(text: str, sentences: Sequence[Span]) -> _Words:
    """Turn a whole text into the tokens of a Doc; what lies between sentences has tokens too."""
    cuts = sorted({0, len(text), *(at for s in sentences for at in (s.start, s.end))})
    stretches = [Sentence(a, b, 0) for a, b in pairwise(cuts)]
    inked = sentence_tokens(text, stretches)
    bounds: list[tuple[int, int]] = []
    spaces: list[bool] = []
    position = 0
    edges = [*zip(inked.starts.tolist(), inked.ends.tolist(), strict=True), (len(text), len(text))]
    for start, end in edges:
        # spaCy says one space by a flag of the token before it; the rest becomes a token.
        if position < start and text[position] == " " and spaces:
            spaces[-1] = True
            position += 1
        if position < start:
            bounds.append((position, start))
            spaces.append(False)
        if start < end:
            bounds.append((start, end))
            spaces.append(False)
        position = end
    tokens = TokenText(text, tuple(a for a, _ in bounds), tuple(b for _, b in bounds), ())
    return _Words(tokens, spaces, _sentence_starts(tokens, cuts))


def _sentence_starts(tokens: TokenText, cuts: Sequence[int]) -> list[bool]:
    """Mark the first token of every stretch; white space belongs to the sentence before it."""
    marks = []
    stretch = None  # of the last token that is not white space: how many cuts lie before it
    for place, start in enumerate(tokens.starts):
        if tokens.word(place).isspace():
            marks.append(place == 0)
            continue
        here = bisect_right(cuts, start)
        marks.append(place == 0 or stretch not in (None, here))
        stretch = here
    return marks


def _doc(sheet: Sheet, words: _Words, mentions: list[Fitted], held: HeldQuotes) -> Doc:
    tokens = words.tokens
    doc = Doc(
        _vocab(),
        words=[tokens.word(place) for place in range(len(tokens.starts))],
        spaces=words.spaces,
        sent_starts=words.sentence_starts,
    )
    by_id = {mention.id: mention for mention in sheet.mentions}
    doc.set_ents([_doc_span(doc, one, by_id[one.wanted.item].label) for one in mentions])
    doc.spans["quotes"] = SpanGroup(
        doc,
        name="quotes",
        spans=[_doc_span(doc, one, one.wanted.field.upper()) for one in held.parts],
        attrs={quote.id: _quote_fields(quote) for quote in held.quotes},
    )
    kept = (by_id[one.wanted.item] for one in mentions)
    doc.user_data["khobor"] = {"doc_id": sheet.doc_id, "mentions": _mention_fields(kept)}
    return doc


def _vocab() -> Vocab:
    """Make the vocabulary of `blank("bn")`, a fresh one: a Doc must not depend on others."""
    return create_vocab("bn", get_lang_class("bn").Defaults)


def _doc_span(doc: Doc, one: Fitted, label: str) -> DocSpan:
    return DocSpan(doc, one.tokens.start, one.tokens.end, label=label, span_id=one.wanted.item)


def _quote_fields(quote: Quote) -> dict[str, str]:
    return _said(
        {
            "kind": quote.kind,
            "marking": quote.marking,
            "medium": quote.medium,
            "speaker_mention": quote.speaker_mention,
            "note": quote.note,
        }
    )


def _mention_fields(mentions: Iterable[Mention]) -> dict[str, dict[str, int | str]]:
    """Say of every mention where its bare name ends (code points of the text), and its note."""
    return {m.id: _said({"name_end": m.name_end, "note": m.note}) for m in mentions}


def _said(fields: dict[str, _Field | None]) -> dict[str, _Field]:
    return {key: value for key, value in fields.items() if value is not None}


def _bin(docs: Iterable[Doc]) -> DocBin:
    return DocBin(store_user_data=True, docs=docs)


def join(written: Sequence[Written]) -> dict[str, bytes]:
    """Put documents into one DocBin, as `spacy train` takes it."""
    joined = _bin([])
    for one in written:
        for content in one.files.values():
            joined.merge(_bin([]).from_bytes(content))
    return {"documents.spacy": joined.to_bytes()}


EXPORTER = Exporter(name=NAME, write=write, join=join)
