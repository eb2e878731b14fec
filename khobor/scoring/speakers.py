"""Whom a quote is attributed to, and whether two attributions name the same."""

from __future__ import annotations

import unicodedata
from typing import Literal

import msgspec

from khobor.records import Annotation, Mention, Quote

# How gold's text names the speaker of a quote:
SpeakerKind = Literal[
    "name",  # the speaker's mention lies in the speaker span
    "pronoun",  # it stands elsewhere: the span is a pronoun or a role alone, or there is none
    "nobody",  # no mention names the speaker
]


class Speaker(msgspec.Struct, frozen=True):
    """The mention that a quote names as its speaker, and its bare name where its words are known."""

    mention: Mention
    name: str | None


class Speakers:
    """The speakers of an annotation's quotes; `text` is the page text, where it is here."""

    def __init__(self, annotation: Annotation, text: str | None = None) -> None:
        self._mentions = {mention.id: mention for mention in annotation.mentions}
        self._text = text

    def of(self, quote: Quote) -> Speaker | None:
        """Find whom a quote names as its speaker; None where it names nobody."""
        mention = self._mentions.get(quote.speaker_mention or "")
        return Speaker(mention, self._name(mention)) if mention is not None else None

    def _name(self, mention: Mention) -> str | None:
        if self._text is not None:
            return fold_name(self._text[mention.start : mention.name_end])
        if mention.surface is not None:
            return fold_name(mention.surface[: mention.name_end - mention.start])
        return None


def fold_name(name: str) -> str:
    """Turn a name into the form that is compared: NFC, with single spaces.

    NFC makes one of the two encodings of য় (U+09DF, and U+09AF U+09BC); a name that a hard wrap
    breaks has a line end inside.
    """
    return " ".join(unicodedata.normalize("NFC", name).split())


def speaker_kind(quote: Quote, speaker: Speaker | None) -> SpeakerKind:
    """Tell how the text names the speaker of one of gold's quotes."""
    if speaker is None:
        return "nobody"
    span, mention = quote.speaker, speaker.mention
    inside = span is not None and span.start < mention.end and mention.start < span.end
    return "name" if inside else "pronoun"


def is_same_speaker(gold: Speaker | None, predicted: Speaker | None) -> bool:
    """Tell whether two quotes are attributed to the same: both to nobody, or to one person.

    One person is a mention at the same place (the bare names share more than half of the code
    points of the longer one), or a mention with the same bare name elsewhere in the text.
    """
    if gold is None or predicted is None:
        return gold is predicted
    a, b = gold.mention, predicted.mention
    shared = min(a.name_end, b.name_end) - max(a.start, b.start)
    if 2 * shared > max(a.name_end - a.start, b.name_end - b.start):
        return True
    return gold.name is not None and gold.name == predicted.name
