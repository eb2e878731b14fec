"""Predictions scored: gold against itself is perfect, and a planted fault is counted."""

from __future__ import annotations

import pytest

from khobor.errors import UsageError
from khobor.scoring import score_mentions, score_quotes
from khobor.training import (
    Article,
    Labelled,
    gold_annotations,
    link_roles,
    predicted_annotations,
)
from khobor.training.tags import entity_spans, role_spans
from tests.samples import POTATO, TRAM
from tests.training.articles import article_of, written


def test_gold_scored_against_itself_is_perfect_and_a_missed_name_is_missed(
    articles: list[Article],
) -> None:
    gold = gold_annotations(articles)
    found = {article.doc_id: entity_spans(article) for article in articles}
    assert score_mentions(gold, predicted_annotations(articles, found)).micro.f1 == 1
    found["char-ferry"] = found["char-ferry"][1:]
    counts = score_mentions(gold, predicted_annotations(articles, found)).micro.counts
    assert (counts.missed, counts.spurious) == (1, 0)


def test_an_article_without_predictions_is_all_missed(articles: list[Article]) -> None:
    scores = score_mentions(gold_annotations(articles), predicted_annotations(articles))
    wanted = sum(len(article.mentions or ()) for article in articles)
    assert scores.micro.counts.missed == wanted


def test_what_is_not_wholly_annotated_is_no_gold() -> None:
    gold = gold_annotations([article_of(TRAM), article_of(POTATO)])
    assert [one.progress for one in gold] == ["partial", "partial"]


def test_a_prediction_for_an_unknown_document_is_refused(articles: list[Article]) -> None:
    with pytest.raises(UsageError, match="predictions for nowhere"):
        predicted_annotations(articles, {"nowhere": [Labelled(0, 1, "PER")]})


def test_roles_of_gold_are_linked_to_the_quotes_of_gold(articles: list[Article]) -> None:
    gold = gold_annotations(articles)
    quotes = {article.doc_id: link_roles(article, role_spans(article)) for article in articles}
    texts = {article.doc_id: article.text for article in articles}
    scores = score_quotes(gold, predicted_annotations(articles, quotes=quotes), texts).all
    assert (scores.found.f1, scores.content_exact.f1, scores.cue.f1) == (1, 1, 1)
    assert scores.speaker.f1 == 1


def test_two_quotes_of_a_line_keep_their_own_cues_and_speakers() -> None:
    article = written(
        "⟪q1 SPEAKER রহিম⟫ ⟪q1 CUE বলেন⟫, ‘⟪q1 CONTENT নৌকা নেই।⟫’ ⟪q2 SPEAKER করিম⟫ ⟪q2 CUE জানান⟫, ⟪q2 CONTENT ঘাট ভেঙে গেছে।⟫"
    )
    first, second = link_roles(article, role_spans(article))
    assert (first.speaker, first.cue, first.marking) == (
        (article.quotes or ())[0].speaker,
        (article.quotes or ())[0].cue,
        "marked",
    )
    assert second.speaker is not None
    assert (second.speaker.surface, second.marking) == ("করিম", "bare")


def test_cues_without_content_are_no_quotes() -> None:
    article = written("তিনি বলেন।")
    assert link_roles(article, [Labelled(0, 4, "SPEAKER"), Labelled(5, 9, "CUE")]) == []
