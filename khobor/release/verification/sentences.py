"""The rows of sentences of one document: spans, tokens and tags, against its row of documents."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise

from khobor.layers.tokens import sentence_tokens
from khobor.records import ANNOTATION_STATES, Sentence
from khobor.release.verification.faults import Broken, shown
from khobor.release.verification.rows import DocumentRow, SentenceRow
from khobor.release.verification.tags import check_tags

_GOLD = ANNOTATION_STATES.index("gold")
_SILVER = ANNOTATION_STATES.index("silver")


def check_sentences(
    document: DocumentRow, rows: Sequence[SentenceRow], *, same_tokenizer: bool
) -> Iterator[Broken]:
    """Check a document's rows of sentences.

    `same_tokenizer`: the release was made with the tokenizer that is installed here, so its
    tokens can be made again; their bounds are checked in any case.
    """
    where = document.doc_id
    if len(rows) != len(document.sentences):
        found = f"{len(rows)} rows of sentences, {len(document.sentences)} in documents.sentences"
        yield "sentence-row", f"{where}: {found}"
        return
    broken = [*_check_rows(document, rows)]
    yield from broken
    if broken:
        return  # tokens and tags would be counted from wrong places
    broken = [*_check_tokens(rows)]
    if not broken and same_tokenizer:
        broken = [*_compare_tokens(document, rows)]
    yield from broken
    yield from _check_nulls(document, rows)
    tagged = all(len(row.token_starts) == len(row.token_ends) for row in rows)
    if document.annotation in (_GOLD, _SILVER) and tagged:
        yield from check_tags(document, rows)


def _check_rows(document: DocumentRow, rows: Sequence[SentenceRow]) -> Iterator[Broken]:
    """Each row repeats its sentence of the document."""
    where, text = document.doc_id, document.text
    block_starts = [block.start for block in document.blocks]
    for number, (row, span) in enumerate(zip(rows, document.sentences, strict=True)):
        name = f"{where}/s{number + 1}"
        if row.sentence_id != name:
            yield "sentence-row", f"{name}: its sentence_id is {shown(row.sentence_id)}"
        if row.start != span.start or row.start + len(row.text) != span.end:
            found = f"[{row.start}, {row.start + len(row.text)})"
            yield (
                "sentence-row",
                f"{name} lies at {found}, documents.sentences says [{span.start}, {span.end})",
            )
        elif text[span.start : span.end] != row.text:
            found = shown(text[span.start : span.end])
            yield "sentence-row", f"{name} is {shown(row.text)}, the document has {found} there"
        if row.block != bisect_right(block_starts, span.start) - 1:
            place = bisect_right(block_starts, span.start) - 1
            yield "sentence-row", f"{name} lies in block {place}, its `block` is {row.block}"
        if row.annotation != document.annotation:
            state = ANNOTATION_STATES[row.annotation]
            expected = ANNOTATION_STATES[document.annotation]
            yield "annotation", f"{name} is {state}, its document is {expected}"


def _check_tokens(rows: Sequence[SentenceRow]) -> Iterator[Broken]:
    """Tokens follow each other, hold their words, and cover the sentence but for white space."""
    for row in rows:
        starts, ends, name = row.token_starts, row.token_ends, row.sentence_id
        if not len(starts) == len(ends) == len(row.tokens):
            sizes = f"{len(row.tokens)} tokens, {len(starts)} starts, {len(ends)} ends"
            yield "token", f"{name} has {sizes}"
            continue
        borders = [border for bounds in zip(starts, ends, strict=True) for border in bounds]
        if borders and not 0 <= borders[0] <= borders[-1] <= len(row.text):
            yield "token", f"{name}: a token lies outside the sentence"
        elif any(left > right for left, right in pairwise(borders)):
            yield "token", f"{name}: a token begins before the one in front of it ends"
        elif [row.text[s:e] for s, e in zip(starts, ends, strict=True)] != row.tokens:
            at = next(n for n, s in enumerate(starts) if row.text[s : ends[n]] != row.tokens[n])
            found = shown(row.text[starts[at] : ends[at]])
            yield (
                "token",
                f"{name}: token {at} is {found} at its offsets, not {shown(row.tokens[at])}",
            )
        elif "".join(row.tokens) != "".join(row.text.split()):
            yield "token", f"{name}: its tokens do not cover the sentence, or hold white space"
        elif not all(row.tokens):
            yield "token", f"{name}: a token is empty"


def _compare_tokens(document: DocumentRow, rows: Sequence[SentenceRow]) -> Iterator[Broken]:
    """The tokens are BNLP's of each sentence."""
    spans = [Sentence(span.start, span.end, 0) for span in document.sentences]
    made = sentence_tokens(document.text, spans)
    starts = [row.start + start for row in rows for start in row.token_starts]
    ends = [row.start + end for row in rows for end in row.token_ends]
    if starts == made.starts.tolist() and ends == made.ends.tolist():
        return
    expected = set(zip(made.starts.tolist(), made.ends.tolist(), strict=True))
    for row in rows:
        bounds = zip(row.token_starts, row.token_ends, row.tokens, strict=True)
        for start, end, token in bounds:
            if (row.start + start, row.start + end) not in expected:
                yield "token", f"{row.sentence_id}: {shown(token)} is no token of BNLP's"
                break


def _check_nulls(document: DocumentRow, rows: Sequence[SentenceRow]) -> Iterator[Broken]:
    """Tags are null where annotation is not complete, never O; and nowhere else."""
    if document.annotation == _SILVER:
        return  # tags of a model may stand there
    for row in rows:
        for name, column in (
            ("ner_tags", row.ner_tags),
            ("quote_tags", row.quote_tags),
            ("quote_ids", row.quote_ids),
        ):
            if (column is not None) != (document.annotation == _GOLD):
                state = ANNOTATION_STATES[document.annotation]
                found = "null" if column is None else "not null"
                yield "annotation", f"{row.sentence_id}: annotation is {state}, `{name}` is {found}"
