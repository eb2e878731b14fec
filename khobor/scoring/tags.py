"""BIO tags: decoded into spans of tokens, and scored as spans.

The unit here is the token of a sequence, half-open: tags[start:end].
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from khobor.errors import AnnotationError
from khobor.scoring.figures import Interval, Resamples, Score
from khobor.scoring.mention_scores import (
    Confusion,
    SpanScores,
    count_confusions,
    found_counts,
    span_scores,
)
from khobor.scoring.places import Place, overlap_counts_by_label, overlap_counts_of, same_counts

OUTSIDE = "O"


class TagScores(msgspec.Struct, frozen=True):
    """How well tags are predicted, as spans; fields as in MentionScores, places in tokens.

    `unannotated` counts the sequences whose gold tags are None: nobody looked at them, so they
    are not scored.
    """

    sequences: int
    unannotated: int
    exact: SpanScores
    overlap: SpanScores
    found: Score
    touched: Score
    confusions: tuple[Confusion, ...]

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


def score_tags(
    gold: Sequence[Sequence[str] | None], predicted: Sequence[Sequence[str] | None]
) -> TagScores:
    """Turn the BIO tags of sequences, gold's and predicted, into scores of their spans.

    Both are decoded strictly (tag_spans), as seqeval does with mode="strict", scheme=IOB2. A gold
    sequence None (not annotated) is left out. Raises AnnotationError (with the sequence's number
    from 0) where the two have not the same number of sequences or tags, and where a tag is none.
    There are no intervals: sentences of one document hang together, and it is not known here
    which do; score_mentions resamples documents.
    """
    if len(gold) != len(predicted):
        raise AnnotationError(
            f"{len(gold)} gold sequences, {len(predicted)} predicted ones",
            fix="pass as many predicted sequences as there are gold ones, in the same order",
        )
    places: list[tuple[list[Place], list[Place]]] = []
    for number, (reference, guess) in enumerate(zip(gold, predicted, strict=True)):
        if reference is not None:
            where = f"sequence {number}"
            if guess is None or len(reference) != len(guess):
                raise AnnotationError(
                    f"{len(reference)} gold tags, {'no' if guess is None else len(guess)} predicted",
                    where=where,
                    fix="predict one tag a token; a model that cuts long sequences off must be "
                    "filled up with O",
                )
            places.append((tag_spans(reference, where=where), tag_spans(guess, where=where)))
    drawn = Resamples(len(places), resamples=0)
    return TagScores(
        sequences=len(places),
        unannotated=len(gold) - len(places),
        exact=span_scores([same_counts(a, b) for a, b in places], drawn),
        overlap=span_scores([overlap_counts_by_label(a, b) for a, b in places], drawn),
        found=drawn.score([found_counts(a, b) for a, b in places]),
        touched=drawn.score([overlap_counts_of(a, b) for a, b in places]),
        confusions=count_confusions(places),
    )


def tag_spans(tags: Sequence[str], *, where: str = "") -> list[Place]:
    """Turn BIO tags into (start, end, label) spans of tokens, strictly.

    A span begins with B-X and goes on with I-X of the same label. An I-X that nothing begins
    (after O, or after another label) belongs to no span. Raises AnnotationError where a tag is
    not O, B-X or I-X.
    """
    return _spans(tags, where, lenient=False)


def lenient_tag_spans(tags: Sequence[str], *, where: str = "") -> list[Place]:
    """Turn BIO tags into spans as conlleval does: an I-X that nothing begins, begins a span.

    seqeval decodes so by default. It is kind to taggers: report strict figures.
    """
    return _spans(tags, where, lenient=True)


def _spans(tags: Sequence[str], where: str, *, lenient: bool) -> list[Place]:
    found: list[Place] = []
    start, label = 0, ""  # label: of the open span, "" where none is
    for at, tag in enumerate(tags):
        prefix, name = _split(tag, at, where)
        if prefix == "I" and name == label:
            continue
        if label:
            found.append((start, at, label))
        begins = prefix == "B" or (lenient and prefix == "I")
        start, label = at, name if begins else ""
    if label:
        found.append((start, len(tags), label))
    return found


def _split(tag: str, at: int, where: str) -> tuple[str, str]:
    """Turn a tag into its prefix and label; O has the label ""."""
    if tag == OUTSIDE:
        return OUTSIDE, ""
    prefix, hyphen, label = tag.partition("-") if isinstance(tag, str) else ("", "", "")
    if prefix not in ("B", "I") or not hyphen or not label:
        raise AnnotationError(
            f"token {at}: {tag!r} is no BIO tag",
            where=where,
            fix="expected O, B-LABEL or I-LABEL; turn class numbers into names first",
        )
    return prefix, label
