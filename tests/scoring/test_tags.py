"""Scores of BIO tags, held against seqeval's strict and default figures."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics import f1_score, precision_score, recall_score
from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import IOB2, Entities

from khobor.errors import AnnotationError
from khobor.scoring import Counts, lenient_tag_spans, score_tags, tag_spans

TAG = st.sampled_from(["O", "B-PER", "I-PER", "B-GPE", "I-GPE"])
SENTENCE = st.lists(st.tuples(TAG, TAG), min_size=1, max_size=8)


@given(st.lists(SENTENCE, min_size=1, max_size=4))
def test_scores_are_seqevals_strict_ones(sentences: list[list[tuple[str, str]]]) -> None:
    gold = [[a for a, _ in sentence] for sentence in sentences]
    guess = [[b for _, b in sentence] for sentence in sentences]
    ours = score_tags(gold, guess)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # seqeval warns where it divides by nothing and says 0
        for figure, of in (
            (ours.micro.precision, precision_score),
            (ours.micro.recall, recall_score),
            (ours.micro.f1, f1_score),
        ):
            assert (figure or 0.0) == pytest.approx(of(gold, guess, mode="strict", scheme=IOB2))
        by_label = f1_score(gold, guess, average=None, mode="strict", scheme=IOB2)
    f1s = [ours.labels[label].f1 for label in sorted(ours.labels)]
    assert f1s == pytest.approx(list(by_label))
    if ours.labels and all(score.counts.first for score in ours.labels.values()):
        # seqeval's mean has the labels that are predicted alone too: there they differ.
        assert ours.macro_f1.value == pytest.approx(
            f1_score(gold, guess, average="macro", mode="strict", scheme=IOB2)
        )


@given(st.lists(TAG, min_size=1, max_size=10))
def test_strict_spans_are_seqevals(tags: list[str]) -> None:
    theirs = [e.to_tuple()[1:] for e in Entities([tags], IOB2).entities[0]]
    assert tag_spans(tags) == [(start, end, label) for label, start, end in theirs]


@given(st.lists(TAG, min_size=1, max_size=10))
def test_lenient_spans_are_seqevals_default(tags: list[str]) -> None:
    # seqeval's ends are inclusive here.
    theirs = [(start, end + 1, label) for label, start, end in get_entities(tags)]
    assert lenient_tag_spans(tags) == theirs


def test_what_nothing_begins_is_no_span_strictly() -> None:
    tags = ["I-PER", "B-GPE", "I-PER", "O", "B-PER", "I-PER", "B-PER"]
    assert tag_spans(tags) == [(1, 2, "GPE"), (4, 6, "PER"), (6, 7, "PER")]
    assert lenient_tag_spans(tags)[0] == (0, 1, "PER")


def test_figures_worked_by_hand() -> None:
    gold = [["B-PER", "I-PER", "O", "B-GPE"], ["B-PER", "O"]]
    guess = [["B-PER", "O", "O", "B-GPE"], ["B-PER", "B-GPE"]]
    scores = score_tags(gold, guess)
    assert scores.micro.counts == Counts(2, 1, 2)
    assert scores.micro.f1 == pytest.approx(4 / 7)
    assert scores.labels["PER"].f1 == 0.5
    assert scores.macro_f1.value == pytest.approx((0.5 + 2 / 3) / 2)
    assert scores.overlap.micro.counts == Counts(3, 0, 1)


def test_what_nobody_annotated_is_left_out() -> None:
    scores = score_tags([["B-PER"], None], [["B-PER"], ["B-GPE"]])
    assert (scores.sequences, scores.unannotated, scores.micro.f1) == (1, 1, 1.0)


@pytest.mark.parametrize(
    ("gold", "guess", "said"),
    [
        ([["O"]], [], "1 gold sequences, 0 predicted"),
        ([["O", "O"]], [["O"]], "sequence 0: 2 gold tags, 1 predicted"),
        ([["O"]], [None], "no predicted"),
        ([["O"]], [["PER"]], "token 0: 'PER' is no BIO tag"),
        ([["O"]], [["B-"]], "'B-' is no BIO tag"),
        ([["O"]], [["S-PER"]], "'S-PER' is no BIO tag"),
        ([["O"]], [[3]], "3 is no BIO tag; expected O, B-LABEL or I-LABEL; turn class numbers"),
    ],
)
def test_what_is_no_prediction_is_refused(gold: list, guess: list, said: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(AnnotationError, match=said):
        score_tags(gold, guess)
