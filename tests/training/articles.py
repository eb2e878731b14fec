"""The samples as articles and as rows of documents, without a release."""

from __future__ import annotations

from typing import Any

from khobor.layers.sentences import split_sentences
from khobor.records import (
    ANNOTATION_STATES,
    ENTITY_LABELS,
    QUOTE_KINDS,
    QUOTE_MARKINGS,
    QUOTE_MEDIA,
    Mention,
    Part,
    Quote,
)
from khobor.release.features import config_features
from khobor.training import Article, read_article
from tests.samples import Sample, make_quote, page_of, read_notation

_STATES = {"complete": "gold", "partial": "partial", None: "none"}


def row_of(sample: Sample) -> dict[str, Any]:
    """Turn a sample into a row of documents; here the whole page is the article."""
    text, _, annotation = page_of(sample)
    row: dict[str, Any] = dict.fromkeys(config_features("documents"))
    state = _STATES[sample.progress]
    mentions = None if state == "none" else list(map(_entity, annotation.mentions))
    quotes = None if state == "none" else list(map(_quote, annotation.quotes))
    return row | {
        "doc_id": sample.doc_id,
        "text": text,
        "annotation": ANNOTATION_STATES.index(state),
        "blocks": [],
        "sentences": [{"start": s.start, "end": s.end} for s in split_sentences(text)],
        "entities": mentions,
        "quotes": quotes,
    }


def article_of(sample: Sample) -> Article:
    """Turn a sample into its Article."""
    return read_article(row_of(sample))


def written(*lines: str, quotes: dict[str, dict[str, Any]] | None = None) -> Article:
    """Turn lines in the notation of tests.samples into an Article with gold annotation."""
    text, mentions, parts = read_notation("\n".join(lines))
    names = {text[mention.start : mention.name_end]: mention.id for mention in mentions}
    return Article(
        doc_id="small",
        text=text,
        state="gold",
        sentences=tuple(split_sentences(text)),
        mentions=tuple(mentions),
        quotes=tuple(
            make_quote(id_, found, names, **(quotes or {}).get(id_, {}))
            for id_, found in parts.items()
        ),
    )


def _entity(mention: Mention) -> dict[str, Any]:
    return {
        "id": mention.id,
        "start": mention.start,
        "end": mention.end,
        "name_end": mention.name_end,
        "label": ENTITY_LABELS.index(mention.label),
        "text": mention.surface,
    }


def _quote(quote: Quote) -> dict[str, Any]:
    return {
        "id": quote.id,
        "kind": QUOTE_KINDS.index(quote.kind),
        "marking": QUOTE_MARKINGS.index(quote.marking),
        "medium": QUOTE_MEDIA.index(quote.medium),
        "content": [_part(part) for part in quote.content],
        "cue": _part(quote.cue),
        "speaker": _part(quote.speaker),
        "speaker_mention": quote.speaker_mention,
    }


def _part(part: Part | None) -> Any:
    return None if part is None else {"start": part.start, "end": part.end, "text": part.surface}
