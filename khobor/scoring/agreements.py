"""All figures of the agreement of two annotators over documents that both annotated."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from khobor.records import ENTITY_LABELS, Annotation, Tokens
from khobor.scoring.counts import Counts, cohen_kappa, total
from khobor.scoring.figures import Interval, Resamples
from khobor.scoring.mentions import exact_counts, name_end_pairs, overlap_counts, token_labels
from khobor.scoring.quotes import QuoteComparison, QuotePair, compare_quotes


class Both(msgspec.Struct, frozen=True):
    """One document as two annotators see it, with the tokens of its article."""

    first: Annotation
    second: Annotation
    tokens: Tokens


class LabelAgreement(msgspec.Struct, frozen=True):
    """How two annotators agree on the mentions of one label, or of all."""

    label: str
    exact: Counts
    exact_f1: Interval
    overlap_f1: float | None


class Agreement(msgspec.Struct, frozen=True):
    """How two annotators agree on documents; a figure is None where there was nothing to count.

    F1 is the same whichever of the two goes first. `quote_*`: see scoring.quotes; shares and κ
    over matched quotes.
    """

    documents: int
    tokens: int
    labels: tuple[LabelAgreement, ...]  # "all" first
    name_end: float | None
    token_kappa: float | None
    quote_detection: Counts
    quote_detection_f1: Interval
    quote_content_f1: Interval
    quote_strict: Counts
    quote_strict_f1: Interval
    quote_cue: float | None
    quote_speaker: float | None
    quote_mention: float | None
    quote_kind_kappa: float | None
    quote_marking_kappa: float | None
    quote_medium_kappa: float | None


def measure_agreement(documents: Sequence[Both]) -> Agreement:
    """Turn documents that two annotators annotated into all figures of their agreement."""
    comparisons = [compare_quotes(d.first, d.second, d.tokens) for d in documents]
    pairs = [pair for comparison in comparisons for pair in comparison.pairs]
    drawn = Resamples(len(documents))
    ends = [p for d in documents for p in name_end_pairs(d.first.mentions, d.second.mentions)]
    return Agreement(
        documents=len(documents),
        tokens=sum(len(d.tokens.starts) for d in documents),
        labels=tuple(_label(documents, label, drawn) for label in (None, *ENTITY_LABELS)),
        name_end=_share([a == b for a, b in ends]),
        token_kappa=cohen_kappa([pair for d in documents for pair in _token_pairs(d)]),
        quote_detection=total([c.detection for c in comparisons]),
        quote_detection_f1=drawn.f1([c.detection for c in comparisons]),
        quote_content_f1=drawn.f1([_content(c) for c in comparisons]),
        quote_strict=total([c.strict for c in comparisons]),
        quote_strict_f1=drawn.f1([c.strict for c in comparisons]),
        quote_cue=_share([pair.same_cue for pair in pairs]),
        quote_speaker=_share([pair.same_speaker for pair in pairs]),
        quote_mention=_share([pair.same_mention for pair in pairs]),
        quote_kind_kappa=_kappa(pairs, "kind"),
        quote_marking_kappa=_kappa(pairs, "marking"),
        quote_medium_kappa=_kappa(pairs, "medium"),
    )


def _label(documents: Sequence[Both], label: str | None, drawn: Resamples) -> LabelAgreement:
    exact = [exact_counts(d.first.mentions, d.second.mentions, label) for d in documents]
    overlap = [overlap_counts(d.first.mentions, d.second.mentions, label) for d in documents]
    return LabelAgreement(
        label=label or "all",
        exact=total(exact),
        exact_f1=drawn.f1(exact),
        overlap_f1=total(overlap).f1,
    )


def _token_pairs(document: Both) -> list[tuple[str, str]]:
    first = token_labels(document.first.mentions, document.tokens)
    second = token_labels(document.second.mentions, document.tokens)
    return list(zip(first, second, strict=True))


def _content(comparison: QuoteComparison) -> Counts:
    return total([pair.content for pair in comparison.pairs])


def _share(same: Sequence[bool]) -> float | None:
    return sum(same) / len(same) if same else None


def _kappa(pairs: Sequence[QuotePair], field: str) -> float | None:
    return cohen_kappa([(getattr(p.first, field), getattr(p.second, field)) for p in pairs])
