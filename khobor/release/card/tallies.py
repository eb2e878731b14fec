"""What the splits of a release hold, counted document by document: for the card and its pictures.

Lengths are counted as length → how often, so a large corpus costs no list of all of them. Each
number can be counted again from the rows of the release.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable

import msgspec

from khobor.corpus.corpora import Entry
from khobor.records import SPLITS, Annotation, AnnotationState, SplitName


class Tally(msgspec.Struct):
    """What one split holds; annotations count where their document has their rows."""

    documents: int = 0
    characters: int = 0  # code points of the articles
    states: Counter[AnnotationState] = msgspec.field(default_factory=Counter)
    words: Counter[int] = msgspec.field(default_factory=Counter)  # of an article, by white space
    blocks: Counter[str] = msgspec.field(default_factory=Counter)  # of a page, by label
    sentence_tokens: Counter[int] = msgspec.field(default_factory=Counter)
    mentions: Counter[str] = msgspec.field(default_factory=Counter)  # by label
    suffixed: int = 0  # mentions with a glued ending
    quotes: Counter[tuple[str, str]] = msgspec.field(default_factory=Counter)  # (kind, marking)
    media: Counter[str] = msgspec.field(default_factory=Counter)
    speakers: int = 0  # quotes that name their source
    known_speakers: int = 0  # quotes whose speaker is or refers to a mention
    quote_words: Counter[int] = msgspec.field(default_factory=Counter)  # of a content


Tallies = dict[SplitName, Tally]


def tally_splits(entries: Iterable[Entry]) -> Tallies:
    """Turn entries into split → what it holds; every split is there, an empty one too."""
    tallies: Tallies = {split: Tally() for split in SPLITS}
    for entry in entries:
        if entry.split.split is not None:
            _add(tallies[entry.split.split], entry)
    return tallies


def add_tallies(tallies: Iterable[Tally]) -> Tally:
    """Add tallies up, in any order."""
    total = Tally()
    for tally in tallies:
        for name in Tally.__struct_fields__:
            setattr(total, name, getattr(total, name) + getattr(tally, name))
    return total


def _add(tally: Tally, entry: Entry) -> None:
    document = entry.document
    tally.documents += 1
    tally.characters += len(entry.view.text)
    tally.states[entry.state] += 1
    tally.words[len(entry.view.text.split())] += 1
    tally.blocks.update(block.label for block in document.blocks)
    # Token bounds are sorted, so a search a border counts the tokens of all sentences.
    borders = [border for each in document.sentences for border in (each.start, each.end)]
    places = document.tokens.starts.searchsorted(borders)
    tally.sentence_tokens.update((places[1::2] - places[::2]).tolist())
    if entry.annotation is not None and entry.state != "none":
        _add_annotation(tally, entry.annotation, document.text)


def _add_annotation(tally: Tally, annotation: Annotation, text: str) -> None:
    for mention in annotation.mentions:
        tally.mentions[mention.label] += 1
        tally.suffixed += mention.name_end != mention.end
    for quote in annotation.quotes:
        tally.quotes[quote.kind, quote.marking] += 1
        tally.media[quote.medium] += 1
        tally.speakers += quote.speaker is not None
        tally.known_speakers += quote.speaker_mention is not None
        words = sum(len(text[part.start : part.end].split()) for part in quote.content)
        tally.quote_words[words] += 1


def median_of(lengths: Counter[int]) -> str:
    """Turn length → how often into the median length as it is written: 11, or 370.5."""
    if not lengths:
        return "–"
    total = lengths.total()
    middle = (_nth(lengths, (total - 1) // 2) + _nth(lengths, total // 2)) / 2
    return f"{middle:,.1f}".removesuffix(".0")


def quantile_of(lengths: Counter[int], share: float) -> int:
    """Turn length → how often into the smallest length that `share` of all do not exceed."""
    return _nth(lengths, max(0, math.ceil(share * lengths.total()) - 1))


def _nth(lengths: Counter[int], place: int) -> int:
    """Give the length that stands at a place, from 0, among all of them in order."""
    for length in sorted(lengths):
        place -= lengths[length]
        if place < 0:
            return length
    raise ValueError("no length stands at that place")
