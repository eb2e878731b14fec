"""Quotes laid over tokens as tags, and put together again."""

from __future__ import annotations

from khobor.records import Quote
from khobor.training.passages import passages_of
from khobor.training.roles import pieces_of, sayings_of, tags_of
from khobor.training.taggers import spans_of
from tests.samples import FERRY, HAOR, ORANGE, document_of, page_of


def test_quotes_that_lie_in_one_passage_come_back_from_their_tags() -> None:
    for sample in (FERRY, ORANGE, HAOR):
        document, annotation = document_of(*sample.lines)
        for passage in passages_of(document):
            low, high = passage.starts[0], passage.ends[-1]
            mine = [q for q in annotation.quotes if _within(q, low, high)]
            tags = tags_of(pieces_of(passage, mine), len(passage))
            back = [s for s in sayings_of(spans_of(tags)) if s.content]
            assert [
                [(passage.starts[a], passage.ends[b - 1]) for a, b in saying.content]
                for saying in back
            ] == [[(part.start, part.end) for part in quote.content] for quote in mine], page_of(
                sample
            )[0]


def _within(quote: Quote, low: int, high: int) -> bool:
    parts = [*quote.content, *(p for p in (quote.cue, quote.speaker) if p)]
    return all(low <= part.start and part.end <= high for part in parts)


def test_of_two_pieces_that_overlap_the_first_stays() -> None:
    assert tags_of([(0, 2, "AFTER"), (1, 3, "CUE")], 3) == ["B-AFTER", "I-AFTER", "O"]


def test_a_cue_or_speaker_without_content_is_no_quote() -> None:
    assert sayings_of([(0, 1, "NAMED"), (1, 2, "CUE")]) == []
