"""Agreement on quotes: matched one to one by content, compared part by part."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest

from khobor.records import Annotation, Mention, Part, Quote, Tokens
from khobor.scoring.agreements import Both, measure_agreement
from khobor.scoring.counts import Counts
from khobor.scoring.quotes import compare_quotes

SHA = "0" * 64
TOKENS = Tokens(np.arange(0, 100, 10, dtype=np.int32), np.arange(9, 109, 10, dtype=np.int32))
SPEAKER = Mention("e1", 0, 9, 9, "PER")


def quote(*content: tuple[int, int], **fields: Any) -> Quote:
    values: dict[str, Any] = {
        "kind": "direct",
        "marking": "bare",
        "medium": "speech",
        "cue": Part(10, 19),
        "speaker": Part(0, 9),
        "speaker_mention": "e1",
    }
    return Quote("q1", tuple(Part(*span) for span in content), **(values | fields))


def annotation(*quotes: Quote, mentions: tuple[Mention, ...] = (SPEAKER,)) -> Annotation:
    return Annotation("doc", SHA, "x", "1.0", "complete", mentions, quotes)


def test_quotes_that_are_the_same_are_the_same() -> None:
    one = annotation(quote((20, 59)))
    (pair,) = compare_quotes(one, one, TOKENS).pairs
    assert pair.strict
    assert pair.content == Counts(4, 0, 0)


def test_ids_notes_and_surfaces_are_no_difference() -> None:
    first = quote((20, 59))
    second = msgspec.structs.replace(
        first,
        id="q7",
        note="why",
        content=(Part(20, 59, "surface"),),
        speaker_mention="e9",
    )
    other = Mention("e9", 0, 9, 9, "PER")
    comparison = compare_quotes(annotation(first), annotation(second, mentions=(other,)), TOKENS)
    assert comparison.pairs[0].strict


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({"cue": Part(10, 18)}, ("speaker", "mention")),
        ({"cue": None}, ("speaker", "mention")),
        ({"speaker": Part(0, 8)}, ("cue", "mention")),
        ({"speaker_mention": None}, ("cue", "speaker")),
        ({"kind": "indirect"}, ("cue", "speaker", "mention")),
        ({"medium": "post"}, ("cue", "speaker", "mention")),
        ({"quoted": (Part(20, 29),)}, ("cue", "speaker", "mention")),
    ],
)
def test_each_part_is_compared_by_itself(change: dict[str, Any], same: tuple[str, ...]) -> None:
    first, second = annotation(quote((20, 59))), annotation(quote((20, 59), **change))
    comparison = compare_quotes(first, second, TOKENS)
    (pair,) = comparison.pairs
    agree = {"cue": pair.same_cue, "speaker": pair.same_speaker, "mention": pair.same_mention}
    assert tuple(name for name, value in agree.items() if value) == same
    assert not pair.strict
    assert comparison.detection == Counts(1, 0, 0)
    assert comparison.strict == Counts(0, 1, 1)


def test_the_matching_is_the_best_not_the_first() -> None:
    # Both of the first's share tokens with the second's long one; only one has the other too.
    first = annotation(quote((20, 49)), quote((50, 79)))
    second = annotation(quote((20, 69)), quote((70, 79)))
    comparison = compare_quotes(first, second, TOKENS)
    matched = [(p.first.content[0].start, p.second.content[0].start) for p in comparison.pairs]
    assert matched == [(20, 20), (50, 70)]


def test_quotes_without_a_token_in_common_are_two() -> None:
    comparison = compare_quotes(annotation(quote((20, 29))), annotation(quote((30, 39))), TOKENS)
    assert comparison.detection == Counts(0, 1, 1)


def test_content_between_tokens_counts_by_place_and_never_as_a_token() -> None:
    gap, token = annotation(quote((19, 20))), annotation(quote((0, 9)))
    assert compare_quotes(gap, gap, TOKENS).detection == Counts(1, 0, 0)
    assert compare_quotes(gap, token, TOKENS).detection == Counts(0, 1, 1)


def test_all_figures_of_an_agreement_worked_by_hand() -> None:
    first = annotation(
        quote((20, 59)),
        quote((60, 79), kind="indirect"),
        mentions=(SPEAKER, Mention("e2", 80, 89, 86, "GPE")),
    )
    second = annotation(quote((20, 49)), mentions=(SPEAKER, Mention("e2", 80, 89, 89, "GPE")))
    agreement = measure_agreement([Both(first, second, TOKENS)])
    assert [(r.label, r.exact) for r in agreement.labels if r.exact.first] == [
        ("all", Counts(2, 0, 0)),
        ("PER", Counts(1, 0, 0)),
        ("GPE", Counts(1, 0, 0)),
    ]
    assert agreement.name_end == 0.5
    assert agreement.token_kappa == 1
    assert agreement.quote_detection == Counts(1, 1, 0)
    assert agreement.quote_content_f1.value == pytest.approx(6 / 7)
    assert agreement.quote_strict == Counts(0, 2, 1)
    assert (agreement.quote_cue, agreement.quote_speaker, agreement.quote_mention) == (1, 1, 1)
    assert agreement.quote_kind_kappa == 1
