"""Which documents are scored, and what is refused."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import pytest

from khobor.errors import AnnotationError
from khobor.records import Annotation, Mention, Part
from khobor.scoring import score_mentions, score_quotes
from khobor.scoring.pairings import check_text, pair_annotations
from tests.scoring.records import annotation, mention, quote

GOLD = [
    annotation(mention(0, 5), doc_id="d1"),
    annotation(mention(0, 5), doc_id="d2"),
    annotation(mention(0, 5), doc_id="d3", progress="partial"),
]


def test_finished_documents_of_gold_are_scored_whether_predicted_or_not() -> None:
    predicted = [
        annotation(mention(0, 5), doc_id="d1", progress="partial"),
        annotation(mention(0, 5), doc_id="d3"),
        annotation(mention(0, 5), doc_id="d9"),
    ]
    scores = score_mentions(GOLD, predicted)
    coverage = scores.coverage
    assert coverage.scored == ("d1", "d2")
    assert (coverage.absent, coverage.started) == (("d2",), ("d1",))
    assert (coverage.unfinished, coverage.extra) == (("d3",), ("d9",))
    assert scores.micro.recall == 0.5
    assert score_quotes(GOLD, predicted).coverage == coverage


def test_documents_restrict_what_is_scored() -> None:
    scores = score_mentions(GOLD, GOLD, documents=["d2"])
    assert scores.coverage.scored == ("d2",)
    assert scores.micro.counts.first == 1
    with pytest.raises(AnnotationError, match="d7: it is not in gold"):
        score_mentions(GOLD, GOLD, documents=["d2", "d7"])


def test_nothing_predicted_is_all_missed() -> None:
    scores = score_mentions(GOLD, [])
    assert (scores.micro.precision, scores.micro.recall, scores.micro.f1) == (None, 0.0, 0.0)


@pytest.mark.parametrize(
    ("gold", "predicted", "said"),
    [
        ([], [], "no gold annotation"),
        ([GOLD[2]], [], "none of 1 gold annotations is complete"),
        ([GOLD[0], GOLD[0]], [], "d1: two gold annotations"),
        ([GOLD[0]], [GOLD[0], GOLD[0]], "d1: two predicted annotations"),
        ([GOLD[0]], [GOLD[1]], "none of 1 predicted documents is in gold.*d2.*d1"),
        (
            [GOLD[0]],
            [msgspec.structs.replace(GOLD[0], text_sha256="1" * 64)],
            "d1: predicted on a text with SHA-256 1111",
        ),
        ([GOLD[0]], [annotation(mention(5, 5))], r"predicted: \[5, 5\)"),
        ([GOLD[0]], [annotation(mention(5, 9, name_end=10))], "name_end 10 is no span"),
        ([GOLD[0]], [annotation(quote((20, 20)))], r"predicted: \[20, 20\)"),
        (
            [GOLD[0]],
            [annotation(msgspec.structs.replace(quote((1, 2)), content=()))],
            "the quote q1 has no content",
        ),
        ([GOLD[0]], [annotation(quote((1, 2), speaker_mention="e7"))], "q1 names e7"),
        # বাংলা has 5 code points, 15 bytes
        (
            [GOLD[0]],
            [annotation(Mention("e1", 0, 15, 15, "GPE", "বাংলা"))],
            "15 code points, its surface 'বাংলা' has 5; count code points",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused(gold: Any, predicted: Any, said: str) -> None:
    with pytest.raises(AnnotationError, match=said):
        pair_annotations(gold, predicted)


TEXT = "🙂 ঢাকা শান্ত"


def about(text: str, *mentions: Mention) -> Annotation:
    made = annotation(*mentions)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return msgspec.structs.replace(made, text_sha256=digest)


def test_a_surface_that_the_text_does_not_have_is_refused() -> None:
    check_text(TEXT, about(TEXT, Mention("e1", 2, 6, 6, "GPE", "ঢাকা")))
    # UTF-16 counts 🙂 twice, so all behind it is one too far.
    wrong = about(TEXT, Mention("e1", 3, 7, 7, "GPE", "ঢাকা"))
    with pytest.raises(AnnotationError, match=r"d1: the text at \[3, 7\) is 'াকা '.*UTF-16"):
        check_text(TEXT, wrong)


def test_a_span_behind_the_text_is_refused() -> None:
    with pytest.raises(AnnotationError, match=r"\[0, 99\) does not lie in the text of 12"):
        check_text(TEXT, about(TEXT, mention(0, 99)))
    cue = msgspec.structs.replace(quote((0, 2)), cue=Part(90, 99))
    with pytest.raises(AnnotationError, match=r"\[90, 99\)"):
        check_text(TEXT, msgspec.structs.replace(about(TEXT), quotes=(cue,)))
