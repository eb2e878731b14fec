"""Scores of mentions: gold against itself, shifted, and with every planted error by hand."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nervaluate import Evaluator

from khobor.errors import AnnotationError
from khobor.records import ENTITY_LABELS, Annotation, Mention
from khobor.scoring import Confusion, Counts, score_mentions
from tests.scoring.records import annotation, mention, shifted

# Two PER, one of them with a glued ending; a GPE; a DATE.
GOLD = annotation(
    mention(0, 9),
    mention(20, 29, name_end=27),
    mention(40, 49, "GPE"),
    mention(60, 69, "DATE"),
)


def planted(*changes: tuple[int, dict[str, Any]]) -> Annotation:
    """Gold with some of its mentions changed; {} takes one away."""
    mentions: list[Mention | None] = list(GOLD.mentions)
    for at, change in changes:
        found = GOLD.mentions[at]
        mentions[at] = msgspec.structs.replace(found, **change) if change else None
    return msgspec.structs.replace(GOLD, mentions=tuple(m for m in mentions if m is not None))


def test_gold_against_itself_is_perfect() -> None:
    scores = score_mentions([GOLD], [GOLD])
    for spans in (scores.exact, scores.name, scores.overlap):
        assert spans.micro.f1 == spans.macro_f1.value == 1.0
        assert list(spans.labels) == ["PER", "GPE", "DATE"]
        assert {score.f1 for score in spans.labels.values()} == {1.0}
    assert scores.found.f1 == scores.touched.f1 == scores.name_ends.value == 1.0
    assert scores.confusions == ()


def test_gold_shifted_beyond_itself_is_nothing() -> None:
    scores = score_mentions([GOLD], [shifted(GOLD, 10)])
    for spans in (scores.exact, scores.name, scores.overlap):
        assert spans.micro.f1 == spans.macro_f1.value == 0.0
    assert scores.found.f1 == scores.touched.f1 == 0.0
    assert scores.name_ends.value is None


def test_gold_shifted_by_one_code_point_overlaps_only() -> None:
    scores = score_mentions([GOLD], [shifted(GOLD, 1)])
    assert (scores.exact.micro.f1, scores.name.micro.f1, scores.overlap.micro.f1) == (0, 0, 1)


@pytest.mark.parametrize(
    ("change", "exact", "name", "overlap", "found", "touched"),
    [
        # missed: 3 of 4 found, nothing wrong: F1 6/7
        ((0, {}), Counts(3, 1), Counts(3, 1), Counts(3, 1), Counts(3, 1), Counts(3, 1)),
        # an end too early: wrong exactly, right as an overlap
        (
            (0, {"end": 8, "name_end": 8}),
            Counts(3, 1, 1),
            Counts(3, 1, 1),
            Counts(4),
            Counts(3, 1, 1),
            Counts(4),
        ),
        # another label: found, but wrong on each level that has labels
        (
            (2, {"label": "LOC"}),
            Counts(3, 1, 1),
            Counts(3, 1, 1),
            Counts(3, 1, 1),
            Counts(4),
            Counts(4),
        ),
        # the ending not cut off: a whole word that is right, a bare name that is not
        ((1, {"name_end": 29}), Counts(4), Counts(3, 1, 1), Counts(4), Counts(4), Counts(4)),
        # the word without its ending: a bare name that is right, a whole word that is not
        ((1, {"end": 27}), Counts(3, 1, 1), Counts(4), Counts(4), Counts(3, 1, 1), Counts(4)),
    ],
)
def test_every_planted_error_has_the_counts_worked_by_hand(
    change: tuple[int, dict[str, Any]],
    exact: Counts,
    name: Counts,
    overlap: Counts,
    found: Counts,
    touched: Counts,
) -> None:
    scores = score_mentions([GOLD], [planted(change)])
    assert scores.exact.micro.counts == exact
    assert scores.name.micro.counts == name
    assert scores.overlap.micro.counts == overlap
    assert scores.found.counts == found
    assert scores.touched.counts == touched


def test_figures_of_a_planted_mixture_worked_by_hand() -> None:
    # PER: one right, one missed. GPE: taken for LOC. DATE right. A spurious NUM.
    guess = planted((0, {}), (2, {"label": "LOC"}))
    guess = msgspec.structs.replace(guess, mentions=(*guess.mentions, mention(80, 82, "NUM")))
    scores = score_mentions([GOLD], [guess])
    assert scores.micro.counts == Counts(matched=2, missed=2, spurious=2)
    assert (scores.micro.precision, scores.micro.recall, scores.micro.f1) == (0.5, 0.5, 0.5)
    assert scores.labels["PER"].counts == Counts(1, 1)
    assert scores.labels["PER"].f1 == pytest.approx(2 / 3)
    assert scores.labels["GPE"].f1 == 0.0
    assert (scores.labels["LOC"].recall, scores.labels["LOC"].precision) == (None, 0.0)
    # Of gold's labels alone: PER 2/3, GPE 0, DATE 1.
    assert scores.macro_f1.value == pytest.approx((2 / 3 + 0 + 1) / 3)
    assert scores.confusions == (Confusion("GPE", "LOC", 1),)
    assert scores.name_ends.of == 2


def test_a_copy_of_a_right_mention_earns_nothing() -> None:
    twice = annotation(*GOLD.mentions, mention(0, 9, id_="e99"))
    assert score_mentions([GOLD], [twice]).micro.counts == Counts(4, 0, 1)


def test_a_span_over_everything_overlaps_one_mention_a_label() -> None:
    wide = annotation(mention(0, 100))
    assert score_mentions([GOLD], [wide]).overlap.micro.counts == Counts(1, 3, 0)


def test_labels_restrict_both_sides() -> None:
    guess = planted((0, {"label": "ORG"}))
    scores = score_mentions([GOLD], [guess], labels=["PER"])
    assert scores.micro.counts == Counts(1, 1)
    assert list(scores.labels) == ["PER"]


@pytest.mark.parametrize("labels", [["PERSON"], []])
def test_a_label_that_is_none_is_refused(labels: list[str]) -> None:
    with pytest.raises(AnnotationError, match="label"):
        score_mentions([GOLD], [GOLD], labels=labels)


def test_counts_add_up_over_documents_and_have_an_interval() -> None:
    other = annotation(mention(0, 5, "ORG"), doc_id="d2")
    scores = score_mentions([GOLD, other], [other, planted((0, {}))])
    assert scores.micro.counts == Counts(4, 1, 0)
    assert scores.micro.low == pytest.approx(6 / 7)
    assert scores.micro.high == 1.0
    assert score_mentions([GOLD, other], [GOLD], resamples=0).micro.low is None


# --- nervaluate -------------------------------------------------------------------------------


@st.composite
def disjoint(draw: st.DrawFn) -> list[Mention]:
    edges = sorted(draw(st.sets(st.integers(0, 40), max_size=10)))
    labels = st.sampled_from(ENTITY_LABELS[:3])
    return [mention(a, b, draw(labels)) for a, b in zip(edges[::2], edges[1::2], strict=False)]


def nervaluate_of(gold: list[list[Mention]], predicted: list[list[Mention]]) -> dict[str, Any]:
    """Score with nervaluate, whose ends are inclusive: it is given end - 1."""

    def rows(documents: list[list[Mention]]) -> list[list[dict[str, object]]]:
        return [
            [{"label": m.label, "start": m.start, "end": m.end - 1} for m in mentions]
            for mentions in documents
        ]

    labels = list(ENTITY_LABELS[:3])
    return Evaluator(rows(gold), rows(predicted), tags=labels, loader="dict").evaluate()


@given(st.lists(st.tuples(disjoint(), disjoint()), min_size=1, max_size=3))
def test_exact_scores_are_nervaluates_strict_ones(
    documents: list[tuple[list[Mention], list[Mention]]],
) -> None:
    sides = [
        [annotation(*pair[at], doc_id=f"d{n}") for n, pair in enumerate(documents)] for at in (0, 1)
    ]
    ours = score_mentions(sides[0], sides[1], resamples=0)
    theirs = nervaluate_of([gold for gold, _ in documents], [guess for _, guess in documents])
    strict = theirs["overall"]["strict"]
    # nervaluate says 0 where nothing is to be divided by; we say None.
    assert (ours.micro.precision or 0.0) == pytest.approx(strict.precision)
    assert (ours.micro.recall or 0.0) == pytest.approx(strict.recall)
    assert (ours.micro.f1 or 0.0) == pytest.approx(strict.f1)
    for label, score in ours.labels.items():
        found = theirs["entities"][label]["strict"]
        assert score.counts.matched == found.correct
        assert (score.f1 or 0.0) == pytest.approx(found.f1)


@given(disjoint(), st.data())
def test_overlap_scores_are_nervaluates_types_where_spans_meet_one_to_one(
    gold: list[Mention], data: st.DataObject
) -> None:
    # Each guess lies inside one of gold's, so that no rule of matching can matter.
    labels = st.sampled_from(ENTITY_LABELS[:3])
    guess = [
        mention(data.draw(st.integers(m.start, m.end - 1)), m.end, data.draw(labels))
        for m in gold
        if data.draw(st.booleans())
    ]
    ours = score_mentions([annotation(*gold)], [annotation(*guess)], resamples=0)
    theirs = nervaluate_of([gold], [guess])["overall"]
    assert ours.overlap.micro.counts.matched == theirs["ent_type"].correct
    assert (ours.overlap.micro.f1 or 0.0) == pytest.approx(theirs["ent_type"].f1)
    assert ours.found.counts.matched == theirs["exact"].correct
