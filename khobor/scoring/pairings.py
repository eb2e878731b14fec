"""Which documents are scored: those that gold has finished, whether they are predicted or not."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator

import msgspec

from khobor.errors import AnnotationError
from khobor.records import Annotation, Mention, Part


class Coverage(msgspec.Struct, frozen=True):
    """Which documents were scored, by doc_id, and which were not.

    `scored` are the finished documents of gold; of those, `absent` have no prediction, and all
    of them counts as missed, and those in `started` have one that somebody has not finished: it is scored
    as it is, and what it lacks counts as missed. `unfinished` are gold's that are not complete or silver,
    `extra` the predicted ones that gold does not have: neither is scored.
    """

    scored: tuple[str, ...]
    absent: tuple[str, ...] = ()
    started: tuple[str, ...] = ()
    unfinished: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()


class Pairing(msgspec.Struct, frozen=True):
    """Gold and predicted annotation of every scored document, in the order of doc_ids."""

    pairs: tuple[tuple[Annotation, Annotation], ...]
    coverage: Coverage


def pair_annotations(
    gold: Iterable[Annotation],
    predicted: Iterable[Annotation],
    documents: Collection[str] | None = None,
) -> Pairing:
    """Turn gold and predicted annotations into pairs of one document each.

    `documents` restricts it to those doc_ids. Raises AnnotationError where one side has a
    document twice, where the two are of different texts, where a span is none (start < end,
    start < name_end <= end), where a quote has no content or names a mention that is not there,
    where a surface is not as long as its span, where one of `documents` is not in gold, where
    documents are predicted but none of gold's, and where none is left.
    """
    references = _by_document(gold, "gold")
    guesses = _by_document(predicted, "predicted")
    if documents is not None:
        for doc_id in sorted(set(documents) - references.keys()):
            raise AnnotationError(
                "it is not in gold", where=doc_id, fix="name documents that gold has annotated"
            )
        references = {k: a for k, a in references.items() if k in documents}
        guesses = {k: a for k, a in guesses.items() if k in documents}
    if references and guesses and not references.keys() & guesses.keys():
        raise AnnotationError(
            f"none of {len(guesses)} predicted documents is in gold (predicted: "
            f"{min(guesses)}…, gold: {min(references)}…)",
            fix="documents are told by their doc_id: predict gold's, under the same doc_ids",
        )
    scored = sorted(k for k, a in references.items() if _is_finished(a))
    if not scored:
        raise AnnotationError(
            f"none of {len(references)} gold annotations is complete"
            if references
            else "there is no gold annotation to score against",
            fix='gold must have finished documents: "progress": "complete" in their headers',
        )
    pairs = []
    for doc_id in scored:
        reference = references[doc_id]
        guess = guesses.get(doc_id, _nothing(reference))
        if reference.text_sha256 != guess.text_sha256:
            raise AnnotationError(
                f"predicted on a text with SHA-256 {guess.text_sha256[:12]}…, gold's has "
                f"{reference.text_sha256[:12]}…",
                where=doc_id,
                fix="predict on the text that gold is about; offsets mean nothing in another",
            )
        _check_records(reference, "gold")
        _check_records(guess, "predicted")
        pairs.append((reference, guess))
    return Pairing(
        tuple(pairs),
        Coverage(
            scored=tuple(scored),
            absent=tuple(doc_id for doc_id in scored if doc_id not in guesses),
            started=tuple(
                doc_id for doc_id in scored if doc_id in guesses and _is_begun(guesses[doc_id])
            ),
            unfinished=tuple(sorted(references.keys() - set(scored))),
            extra=tuple(sorted(guesses.keys() - references.keys())),
        ),
    )


def _is_finished(annotation: Annotation) -> bool:
    """Tell what may be gold; a silver annotation is a model's, and judges nobody."""
    return annotation.progress == "complete" and annotation.status == "hand"


def _is_begun(annotation: Annotation) -> bool:
    """Tell what somebody has not finished yet; a model has said all that it says."""
    return annotation.progress != "complete" and annotation.status == "hand"


def _by_document(annotations: Iterable[Annotation], side: str) -> dict[str, Annotation]:
    found: dict[str, Annotation] = {}
    for annotation in annotations:
        if annotation.doc_id in found:
            raise AnnotationError(
                f"two {side} annotations of one document",
                where=annotation.doc_id,
                fix="pass one annotation a document",
            )
        found[annotation.doc_id] = annotation
    return found


def _nothing(gold: Annotation) -> Annotation:
    """An annotation without anything, of the same text."""
    return Annotation(gold.doc_id, gold.text_sha256, "", "none", "complete")


def check_text(text: str, *annotations: Annotation) -> None:
    """Raise AnnotationError unless a page text is the annotations', and holds their spans.

    And unless the text at each span is what its surface says, where it has one: else offsets
    count in another unit, or in another text, and every figure would be one of chance.
    """
    found = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    for annotation in annotations:
        if annotation.text_sha256 != found:
            raise AnnotationError(
                f"the annotation is about a text with SHA-256 {annotation.text_sha256[:12]}…, the "
                f"text that was passed has {found[:12]}…",
                where=annotation.doc_id,
                fix="pass the page text, verbatim (page.txt, not the article view of a release)",
            )
        for span in _spans(annotation):
            if span.end > len(text):
                raise AnnotationError(
                    f"the span [{span.start}, {span.end}) does not lie in the text of "
                    f"{len(text)} code points",
                    where=annotation.doc_id,
                    fix="count code points of the page text",
                )
            found_words = text[span.start : span.end]
            if span.surface is not None and span.surface != found_words:
                raise AnnotationError(
                    f"the text at [{span.start}, {span.end}) is {_brief(found_words)}, the surface "
                    f"says {_brief(span.surface)}",
                    where=annotation.doc_id,
                    fix="count code points of the page text (not bytes or UTF-16), half-open",
                )


def _brief(words: str) -> str:
    return repr(words if len(words) <= 40 else f"{words[:40]}…")


def _spans(annotation: Annotation) -> Iterator[Mention | Part]:
    yield from annotation.mentions
    for quote in annotation.quotes:
        for part in (*quote.content, *quote.quoted, quote.cue, quote.speaker):
            if part is not None:
                yield part


def _check_records(annotation: Annotation, side: str) -> None:
    """Raise AnnotationError where what a score needs is not there: spans, contents, mentions."""
    for span in _spans(annotation):
        name_end = span.name_end if isinstance(span, Mention) else span.end
        if not span.start < name_end <= span.end:
            raise AnnotationError(
                f"{side}: [{span.start}, {span.end}) with name_end {name_end} is no span",
                where=annotation.doc_id,
                fix="expected half-open spans, start < end, and start < name_end <= end",
            )
        if span.surface is not None and len(span.surface) != span.end - span.start:
            raise AnnotationError(
                f"{side}: [{span.start}, {span.end}) has {span.end - span.start} code points, its "
                f"surface {_brief(span.surface)} has {len(span.surface)}",
                where=annotation.doc_id,
                fix="count code points (not bytes or UTF-16), half-open",
            )
    ids = {mention.id for mention in annotation.mentions}
    for quote in annotation.quotes:
        if not quote.content:
            raise AnnotationError(
                f"{side}: the quote {quote.id} has no content",
                where=annotation.doc_id,
                fix="give it one span of content or more",
            )
        if quote.speaker_mention is not None and quote.speaker_mention not in ids:
            raise AnnotationError(
                f"{side}: the quote {quote.id} names {quote.speaker_mention} as its speaker, and "
                "there is no mention of that id",
                where=annotation.doc_id,
                fix="add the mention, or leave speaker_mention out",
            )
