"""The two layers that models learn: entities, and quotes by the roles of their parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, get_args

from khobor.errors import UsageError
from khobor.records import ENTITY_LABELS, QUOTE_ROLES
from khobor.training.articles import Article
from khobor.training.tags import NER_TAGS, QUOTE_TAGS, Labelled, entity_spans, role_spans

Layer = Literal["entities", "quotes"]


def labels_of(layer: Layer) -> tuple[str, ...]:
    """Name the labels of a layer; raise UsageError where there is no such layer."""
    _check(layer)
    return ENTITY_LABELS if layer == "entities" else QUOTE_ROLES


def tags_of(layer: Layer) -> tuple[str, ...]:
    """Name the BIO tags of a layer, in the order of the release's ClassLabels."""
    _check(layer)
    return NER_TAGS if layer == "entities" else QUOTE_TAGS


def spans_of(layer: Layer, article: Article) -> Sequence[Labelled] | None:
    """List an article's spans of a layer; None where nobody annotated it."""
    _check(layer)
    if layer == "entities":
        return None if article.mentions is None else entity_spans(article)
    return None if article.quotes is None else role_spans(article)


def _check(layer: str) -> None:
    if layer not in get_args(Layer):
        raise UsageError(f"no layer {layer!r}", fix=f"choose from {', '.join(get_args(Layer))}")
