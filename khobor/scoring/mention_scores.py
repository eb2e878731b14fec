"""Scores of predicted mentions against gold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from khobor.errors import AnnotationError
from khobor.records import ENTITY_LABELS, Annotation, Mention
from khobor.scoring.counts import Counts, total
from khobor.scoring.figures import RESAMPLES, SEED, Interval, Resamples, Score, Share, Tally
from khobor.scoring.mentions import name_end_pairs, name_places, word_places
from khobor.scoring.pairings import Coverage, Pairing, pair_annotations
from khobor.scoring.places import (
    Place,
    confusions,
    overlap_counts_by_label,
    overlap_counts_of,
    same_counts,
    unlabelled,
)


class SpanScores(msgspec.Struct, frozen=True):
    """Scores of labelled spans by one rule of what is right: a label, all together, and the mean.

    `labels` holds the labels that gold or the predictions have; `micro` is of their added
    counts, `macro_f1` the mean F1 of the labels that gold has.
    """

    labels: dict[str, Score]
    micro: Score
    macro_f1: Interval


class Confusion(msgspec.Struct, frozen=True, gc=False):
    """How often a span of gold's was predicted exactly, with another label."""

    gold: str
    predicted: str
    count: int


class MentionScores(msgspec.Struct, frozen=True):
    """How well mentions are predicted; `micro`, `labels` and `macro_f1` are those of `exact`.

    `exact`: same start, end and label, at the level of whole words with glued endings. `name`:
    same start, name_end and label, at the level of bare names. `overlap`: same label and a code
    point in common, one to one. `found`: same start and end whatever the label; `touched`: a
    code point in common whatever the label. `name_ends`: of exact ones, the same name_end.
    """

    coverage: Coverage
    exact: SpanScores
    name: SpanScores
    overlap: SpanScores
    found: Score
    touched: Score
    confusions: tuple[Confusion, ...]
    name_ends: Share

    @property
    def micro(self) -> Score:
        """The exact score of all labels together."""
        return self.exact.micro

    @property
    def labels(self) -> dict[str, Score]:
        """The exact score of each label."""
        return self.exact.labels

    @property
    def macro_f1(self) -> Interval:
        """The mean exact F1 of the labels that gold has."""
        return self.exact.macro_f1


def score_mentions(
    gold: Iterable[Annotation],
    predicted: Iterable[Annotation],
    *,
    documents: Collection[str] | None = None,
    labels: Collection[str] | None = None,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> MentionScores:
    """Turn gold and predicted annotations, one a document, into scores of their mentions.

    A finished document of gold without a prediction counts as all missed; see pairings.Coverage
    for what is not scored. `documents` (doc_ids) and `labels` restrict the score; `resamples=0`
    leaves the intervals out. Raises AnnotationError as pair_annotations does.
    """
    pairing = pair_annotations(gold, predicted, documents)
    _require_labels(labels, pairing)
    sides = [
        (_kept(reference.mentions, labels), _kept(guess.mentions, labels))
        for reference, guess in pairing.pairs
    ]
    words = [(word_places(a), word_places(b)) for a, b in sides]
    names = [(name_places(a), name_places(b)) for a, b in sides]
    drawn = Resamples(len(sides), resamples, seed)
    return MentionScores(
        coverage=pairing.coverage,
        exact=span_scores([same_counts(a, b) for a, b in words], drawn),
        name=span_scores([same_counts(a, b) for a, b in names], drawn),
        overlap=span_scores([overlap_counts_by_label(a, b) for a, b in words], drawn),
        found=drawn.score([found_counts(a, b) for a, b in words]),
        touched=drawn.score([overlap_counts_of(a, b) for a, b in words]),
        confusions=count_confusions(words),
        name_ends=drawn.share([_name_ends(a, b) for a, b in sides]),
    )


def span_scores(documents: Sequence[Mapping[str, Counts]], drawn: Resamples) -> SpanScores:
    """Turn label → counts of every document into the scores of labels, micro and macro."""
    names = sorted({name for counts in documents for name in counts}, key=_label_order)
    by_label = {name: [counts.get(name, Counts()) for counts in documents] for name in names}
    return SpanScores(
        labels={name: drawn.score(counts) for name, counts in by_label.items()},
        micro=drawn.score([total(list(counts.values())) for counts in documents]),
        macro_f1=drawn.macro_f1(by_label),
    )


def found_counts(gold: Sequence[Place], predicted: Sequence[Place]) -> Counts:
    """Count places with the same start and end, whatever their labels."""
    return total(list(same_counts(unlabelled(gold), unlabelled(predicted)).values()))


def count_confusions(
    documents: Iterable[tuple[Sequence[Place], Sequence[Place]]],
) -> tuple[Confusion, ...]:
    """Turn the places of every document into the confusions of all, the most frequent first."""
    counted: Counter[tuple[str, str]] = Counter()
    for gold, predicted in documents:
        counted.update(confusions(gold, predicted))
    return tuple(
        Confusion(a, b, count)
        for (a, b), count in sorted(counted.items(), key=lambda entry: (-entry[1], entry[0]))
    )


def _require_labels(labels: Collection[str] | None, pairing: Pairing) -> None:
    """Raise AnnotationError where a label is no label: its figures would all be None."""
    if labels is None:
        return
    used = {m.label for pair in pairing.pairs for a in pair for m in a.mentions}
    unknown = sorted(set(labels) - set(ENTITY_LABELS) - used)
    if unknown:
        raise AnnotationError(
            f"{', '.join(unknown)}: no such label",
            fix=f"the labels are {', '.join(ENTITY_LABELS)}",
        )
    if not labels:
        raise AnnotationError("no label to score", fix="name one or more, or None for all")


def _kept(mentions: Sequence[Mention], labels: Collection[str] | None) -> list[Mention]:
    return [m for m in mentions if labels is None or m.label in labels]


def _name_ends(gold: Sequence[Mention], predicted: Sequence[Mention]) -> Tally:
    ends = name_end_pairs(gold, predicted)
    return Tally(sum(a == b for a, b in ends), len(ends))


def _label_order(label: str) -> tuple[int, str]:
    """Order labels as the scheme lists them, then those of others by name."""
    known = ENTITY_LABELS.index(label) if label in ENTITY_LABELS else len(ENTITY_LABELS)
    return known, label
