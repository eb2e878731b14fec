"""From spans to tags: the mentions and quotes of a document as tags of its tokens.

The spans are the truth, the tags are derived. What a tag cannot say exactly (a mention that
ends inside a token) is a misfit, listed and never silently widened.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np

from khobor.errors import AnnotationError
from khobor.records import Annotation, Document, Misfit, MisfitKind, Part, Quote


class SentenceTags(msgspec.Struct, frozen=True):
    """The tags of one sentence, one a token; `first` is its first token in the document."""

    first: int
    ner_tags: tuple[str, ...]
    quote_tags: tuple[str, ...]
    quote_ids: tuple[str | None, ...]


class Alignment(msgspec.Struct, frozen=True):
    """An annotation laid over a document's tokens: tags a sentence, and what did not fit."""

    sentences: tuple[SentenceTags, ...]
    misfits: tuple[Misfit, ...]


def align(document: Document, annotation: Annotation) -> Alignment:
    """Turn a document and its annotation into tags of sentences and tokens, with misfits.

    A token that overlaps a mention takes its tag. ner_tags are BIO over the entity labels,
    quote_tags BIO over CONTENT, CUE and SPEAKER; content that goes on in the next sentence
    begins again with B. Raises AnnotationError where the annotation is for another text or an
    offset lies past its end.
    """
    if annotation.text_sha256 != document.text_sha256:
        raise AnnotationError(
            f"the annotation is for a text with SHA-256 {annotation.text_sha256[:12]}…, the "
            f"document's has {document.text_sha256[:12]}…",
            where=document.doc_id,
            fix="restore the page text, or carry the annotation over with `khobor reanchor`",
        )
    entities, quotes = _Layer(document), _Layer(document)
    for mention in annotation.mentions:
        entities.put(mention.id, mention.start, mention.end, mention.label)
    for quote in annotation.quotes:
        for role, part in _roles(quote):
            quotes.put(quote.id, part.start, part.end, role, may_cross=role == "CONTENT")
    return Alignment(
        sentences=tuple(
            SentenceTags(
                first=first,
                ner_tags=tuple(entities.tags[first:last]),
                quote_tags=tuple(quotes.tags[first:last]),
                quote_ids=tuple(quotes.owners[first:last]),
            )
            for first, last in entities.sentence_tokens
        ),
        misfits=(*entities.misfits, *quotes.misfits),
    )


def _roles(quote: Quote) -> Iterator[tuple[str, Part]]:
    for part in quote.content:
        yield "CONTENT", part
    if quote.cue is not None:
        yield "CUE", quote.cue
    if quote.speaker is not None:
        yield "SPEAKER", quote.speaker


def _check_range(document: Document, start: int, end: int, owner: str) -> None:
    if not 0 <= start < end <= len(document.text):
        raise AnnotationError(
            f"{owner}: the span [{start}, {end}) does not lie in the text of "
            f"{len(document.text)} code points",
            where=document.doc_id,
            fix="run `khobor check` for the file and line",
        )


class _Layer:
    """One row of tags over all tokens of a document, filled span by span."""

    def __init__(self, document: Document) -> None:
        tokens = document.tokens
        self.document = document
        self.tags = ["O"] * len(tokens.starts)
        self.owners: list[str | None] = [None] * len(tokens.starts)
        self.misfits: list[Misfit] = []
        sentence_starts = [sentence.start for sentence in document.sentences]
        borders = np.searchsorted(tokens.starts, np.array(sentence_starts, np.int32)).tolist()
        self._borders = frozenset(borders)
        self.sentence_tokens = list(zip(borders, [*borders[1:], len(self.tags)], strict=True))

    def put(self, owner: str, start: int, end: int, label: str, *, may_cross: bool = False) -> None:
        """Tag the tokens that overlap `[start, end)`, and list what does not fit.

        `may_cross`: the span may go over several sentences without being a misfit.
        """
        _check_range(self.document, start, end, owner)
        starts, ends = self.document.tokens.starts, self.document.tokens.ends
        first = int(np.searchsorted(ends, start, side="right"))
        last = int(np.searchsorted(starts, end, side="left"))
        if first >= last:
            self._misfit(owner, start, end, "outside-sentences", "no token of a sentence lies here")
            return
        if starts[first] < start or ends[last - 1] > end:
            token = self.document.text[starts[first] : ends[last - 1]]
            surface = self.document.text[start:end]
            self._misfit(owner, start, end, "token-larger", f"{surface} lies inside {token}")
        if not may_cross and any(first < border < last for border in self._borders):
            self._misfit(owner, start, end, "crosses-sentences", "it ends in a later sentence")
        self._tag(owner, first, last, label)

    def _tag(self, owner: str, first: int, last: int, label: str) -> None:
        begins = True
        for token in range(first, last):
            if self.owners[token] is not None:
                self._misfit(
                    owner,
                    int(self.document.tokens.starts[token]),
                    int(self.document.tokens.ends[token]),
                    "token-taken",
                    f"the token has the tag of {self.owners[token]}",
                )
                begins = True
                continue
            begins = begins or token in self._borders
            self.tags[token] = f"{'B' if begins else 'I'}-{label}"
            self.owners[token] = owner
            begins = False

    def _misfit(self, owner: str, start: int, end: int, kind: MisfitKind, detail: str) -> None:
        self.misfits.append(Misfit(self.document.doc_id, owner, kind, start, end, detail))
