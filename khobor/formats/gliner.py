"""GLiNER's training data, one way: JSON, entities as places of tokens whose ends are inclusive.

After docs/training.md of GLiNER: a list of examples with `tokenized_text` and `ner`, each entity
`[first token, last token, label]`. One sentence is one example, since what lies beyond a model's
`max_len` (384 words by default) is cut off in training with a mere warning (docs/input_limits.md).
Names may nest and overlap; of two labels for the same tokens a model trains on one, so that is
refused here. Models have a `max_width` too (12 tokens by default), and pass wider names over.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from khobor.formats.interface import Exporter, Sheet, Written
from khobor.formats.tokens import Fitted, entity_losses, fit, token_text, wanted_mentions
from khobor.spans import Span

NAME = "gliner"


class Example(msgspec.Struct, frozen=True):
    """A sentence to train on; `ner` is [first token, last token (inclusive), label]."""

    doc_id: str
    tokenized_text: list[str]
    ner: list[tuple[int, int, str]]


def write(sheet: Sheet, sentences: Sequence[Span], lossy: bool) -> Written:
    """Turn a sheet into examples, one a sentence that has a token, those without a name too.

    Raises FormatError where a mention is not made of whole tokens of one sentence, or has the
    tokens of another one, unless `lossy`. Quotes, notes and ends of bare names are losses.
    """
    tokens = token_text(sheet, sentences, NAME)
    wanted = wanted_mentions(sheet.mentions, nested=True)
    fitted, losses = fit(sheet, tokens, wanted, NAME, lossy=lossy)
    labels: dict[str, str] = {mention.id: mention.label for mention in sheet.mentions}
    examples = [
        Example(
            sheet.doc_id,
            [tokens.word(place) for place in range(sentence.start, sentence.end)],
            _entities(sentence, fitted, labels),
        )
        for sentence in tokens.sentences
    ]
    return Written(
        doc_id=sheet.doc_id,
        files={f"{sheet.doc_id}.json": _encoded(examples)},
        losses=tuple(sorted([*losses, *entity_losses(sheet, fitted, NAME)])),
    )


def _entities(
    sentence: Span, fitted: Sequence[Fitted], labels: dict[str, str]
) -> list[tuple[int, int, str]]:
    # Half-open here, inclusive there: the last token is the one before the end.
    return sorted(
        (one.tokens.start - sentence.start, one.tokens.end - 1 - sentence.start, label)
        for one in fitted
        if sentence.start <= one.tokens.start < sentence.end
        for label in [labels[one.wanted.item]]
    )


def _encoded(examples: Sequence[Example]) -> bytes:
    """Write a JSON list with an example a line, so that one changed sentence is a one-line diff."""
    if not examples:
        return b"[]\n"
    return b"[\n" + b",\n".join(map(msgspec.json.encode, examples)) + b"\n]\n"


def join(written: Sequence[Written]) -> dict[str, bytes]:
    """Put documents into one list, as GLiNER loads it."""
    lists = [content for one in written for content in one.files.values()]
    examples = [example for content in lists for example in _decoded(content)]
    return {"documents.json": _encoded(examples)}


def _decoded(content: bytes) -> list[Example]:
    return msgspec.json.decode(content, type=list[Example])


EXPORTER = Exporter(name=NAME, write=write, join=join)
