"""Scores of models and agreement of annotators, by one matching of mentions and of quotes.

`score_mentions`, `score_quotes` and `score_tags` score predictions against gold; docs/scoring.md
says what each figure is and which to report. `agreements` compares two annotators.
"""

from khobor.scoring.counts import Counts
from khobor.scoring.figures import Interval, Score, Share
from khobor.scoring.mention_scores import Confusion, MentionScores, SpanScores, score_mentions
from khobor.scoring.pairings import Coverage
from khobor.scoring.quote_scores import QuoteFigures, QuoteScores, score_quotes
from khobor.scoring.tags import TagScores, lenient_tag_spans, score_tags, tag_spans

__all__ = [
    "Confusion",
    "Counts",
    "Coverage",
    "Interval",
    "MentionScores",
    "QuoteFigures",
    "QuoteScores",
    "Score",
    "Share",
    "SpanScores",
    "TagScores",
    "lenient_tag_spans",
    "score_mentions",
    "score_quotes",
    "score_tags",
    "tag_spans",
]
