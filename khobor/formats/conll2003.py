"""CoNLL-2003, one way: a token a line, entities in IOB2; the unit is the token.

The columns are those of the shared task (Tjong Kim Sang and De Meulder 2003): word, part of
speech, chunk, entity, one space between them; an empty line ends a sentence, a line -DOCSTART-
begins a document. The task's own files are IOB1; IOB2, where every name begins with B, is what
today's readers expect. Nobody tagged parts of speech or chunks: they are `-X-` and `_`.
"""

from __future__ import annotations

from collections.abc import Sequence

from khobor.formats.interface import Exporter, Sheet, Written
from khobor.formats.tokens import TokenText, entity_losses, fit, token_text, wanted_mentions
from khobor.spans import Span

NAME = "conll2003"
_DOCUMENT = "-DOCSTART- -X- O O\n\n"


def write(sheet: Sheet, sentences: Sequence[Span], lossy: bool) -> Written:
    """Turn a sheet into CoNLL-2003, every sentence that has a token.

    Raises FormatError where a mention is not made of whole tokens of one sentence, or shares a
    token with another one, unless `lossy`. Quotes, notes and ends of bare names are losses.
    """
    tokens = token_text(sheet, sentences, NAME)
    fitted, losses = fit(sheet, tokens, wanted_mentions(sheet.mentions), NAME, lossy=lossy)
    labels = {mention.id: mention.label for mention in sheet.mentions}
    tags = ["O"] * len(tokens.starts)
    for one in fitted:
        label = labels[one.wanted.item]
        for place in range(one.tokens.start, one.tokens.end):
            tags[place] = f"{'B' if place == one.tokens.start else 'I'}-{label}"
    return Written(
        doc_id=sheet.doc_id,
        files={f"{sheet.doc_id}.conll": _lines(tokens, tags).encode()},
        losses=tuple(sorted([*losses, *entity_losses(sheet, fitted, NAME)])),
    )


def _lines(tokens: TokenText, tags: Sequence[str]) -> str:
    # A token holds no white space (str.isspace), so neither a space nor a line end.
    blocks = [
        "".join(
            f"{tokens.word(place)} -X- _ {tags[place]}\n"
            for place in range(sentence.start, sentence.end)
        )
        for sentence in tokens.sentences
    ]
    return _DOCUMENT + "".join(block + "\n" for block in blocks)


def join(written: Sequence[Written]) -> dict[str, bytes]:
    """Put documents into one file, as the format has it."""
    content = b"".join(content for one in written for content in one.files.values())
    return {"documents.conll": content}


EXPORTER = Exporter(name=NAME, write=write, join=join)
