"""The columns of a release: one table of features a configuration.

Names of enumerations are append-only: the numbers in published files follow their order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from khobor.records import (
    ANNOTATION_STATES,
    BLOCK_LABELS,
    ENTITY_LABELS,
    PROVENANCES,
    QUOTE_KINDS,
    QUOTE_MARKINGS,
    QUOTE_MEDIA,
    QUOTE_ROLES,
)

if TYPE_CHECKING:
    from datasets import Features

CONFIGS = ("documents", "pages", "sentences", "quotes")


def bio_tags(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Turn labels into their BIO tags: O, then B- and I- of each label."""
    return ("O", *(f"{prefix}-{label}" for label in labels for prefix in "BI"))


NER_TAGS = bio_tags(ENTITY_LABELS)
QUOTE_TAGS = bio_tags(QUOTE_ROLES)


def config_features(config: str) -> Features:
    """Turn the name of a configuration into its features, in the order of the columns."""
    # Here, not above: it takes most of a second, which the workers of a build need not pay.
    from datasets import ClassLabel, Features, List, Value

    def _enumeration(names: tuple[str, ...]) -> ClassLabel:
        return ClassLabel(names=list(names))

    def _span(**more: object) -> dict[str, object]:
        return {"start": Value("int32"), "end": Value("int32"), **more}

    text = Value("string")
    part = _span(text=text)
    quote = {
        "kind": _enumeration(QUOTE_KINDS),
        "marking": _enumeration(QUOTE_MARKINGS),
        "medium": _enumeration(QUOTE_MEDIA),
        "content": List(part),
        "cue": part,
        "speaker": part,
        "speaker_mention": text,
    }
    label = _enumeration(BLOCK_LABELS)
    state = _enumeration(ANNOTATION_STATES)
    tables: dict[str, dict[str, object]] = {
        "documents": {
            "doc_id": text,
            "publisher": text,
            "country": text,
            "url": text,
            "licence": text,
            "provenance": _enumeration(PROVENANCES),
            "language": text,
            "captured_at": text,
            "published_at": text,
            "section": text,
            "title": text,
            "text": text,
            "text_sha256": text,
            "page_sha256": text,
            "cluster_id": text,
            "first_version": text,
            "annotation": state,
            "blocks": List(_span(label=label, page_start=Value("int32"))),
            "sentences": List(_span()),
            "entities": List(
                {
                    "id": text,
                    **_span(),
                    "name_end": Value("int32"),
                    "label": _enumeration(ENTITY_LABELS),
                    "text": text,
                }
            ),
            "quotes": List({"id": text, **quote}),
        },
        "pages": {
            "doc_id": text,
            "text": text,
            "text_sha256": text,
            "blocks": List(_span(label=label, path=text)),
        },
        "sentences": {
            "sentence_id": text,
            "doc_id": text,
            "block": Value("int32"),
            "start": Value("int32"),
            "text": text,
            "tokens": List(text),
            "token_starts": List(Value("int32")),
            "token_ends": List(Value("int32")),
            "annotation": state,
            "ner_tags": List(_enumeration(NER_TAGS)),
            "quote_tags": List(_enumeration(QUOTE_TAGS)),
            "quote_ids": List(text),
        },
        "quotes": {
            "quote_id": text,
            "doc_id": text,
            **quote,
            "speaker_name": text,
            "context": text,
            "context_start": Value("int32"),
        },
    }
    return Features(tables[config])
