"""Scores of predicted quotes against gold: found, content, cue, speaker, attribution, whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import msgspec

from khobor.records import QUOTE_MARKINGS, Annotation, Part, Quote
from khobor.scoring.counts import Counts
from khobor.scoring.figures import RESAMPLES, SEED, Resamples, Score, Share, Tally
from khobor.scoring.pairings import Coverage, check_text, pair_annotations
from khobor.scoring.quotes import (
    QuotePair,
    compare_quotes,
    content_units,
    count_units,
    same_content,
)
from khobor.scoring.speakers import Speakers, is_same_speaker, speaker_kind

# Two quotes are one saying from this F1 of their contents' code points on.
AT_LEAST = 0.5


class QuoteCounts(msgspec.Struct, frozen=True):
    """What is counted of the quotes of a document; counts of documents add up.

    See QuoteFigures for what each is.
    """

    found: Counts = Counts()
    content: Counts = Counts()
    content_exact: Counts = Counts()
    cue: Counts = Counts()
    cue_overlap: Counts = Counts()
    speaker: Counts = Counts()
    speaker_overlap: Counts = Counts()
    attribution: Counts = Counts()
    strict: Counts = Counts()
    named: Tally = Tally()
    by_name: Tally = Tally()
    by_pronoun: Tally = Tally()
    to_nobody: Tally = Tally()
    kind: Tally = Tally()
    marking: Tally = Tally()
    medium: Tally = Tally()

    def __add__(self, other: QuoteCounts) -> QuoteCounts:
        fields = self.__struct_fields__
        return QuoteCounts(**{name: getattr(self, name) + getattr(other, name) for name in fields})


class QuoteFigures(msgspec.Struct, frozen=True):
    """How well quotes are predicted.

    Scores are end to end: what belongs to a quote that was not found counts as missed.
    `found`: quotes matched one to one. `content`: code points of contents. `content_exact`,
    `cue`, `speaker`: the same spans; `cue_overlap`, `speaker_overlap`: a code point in common.
    `attribution`: quotes found and attributed to the right speaker, of those with a speaker's
    mention. `strict`: found, and the same in every part and value.

    Shares are of quotes that were found. `named`: attributed rightly where gold names a speaker;
    `by_name` where that name stands in the speaker span, `by_pronoun` where it stands elsewhere;
    `to_nobody`: left to nobody where gold names none. `kind`, `marking`, `medium`: the same value.
    """

    found: Score
    content: Score
    content_exact: Score
    cue: Score
    cue_overlap: Score
    speaker: Score
    speaker_overlap: Score
    attribution: Score
    strict: Score
    named: Share
    by_name: Share
    by_pronoun: Share
    to_nobody: Share
    kind: Share
    marking: Share
    medium: Share


class QuoteScores(msgspec.Struct, frozen=True):
    """How well quotes are predicted: all of them, and apart by how they are marked.

    `by_marking` goes by gold's marking, of a quote that is predicted alone by its own; so the
    parts add up to `all`. `at_least` is the F1 of contents from which on two quotes match.
    `nameless` are documents in which a speaker's name is not known (no text, no surface): there
    only the place of the mention tells who speaks.
    """

    coverage: Coverage
    at_least: float
    nameless: tuple[str, ...]
    all: QuoteFigures
    by_marking: dict[str, QuoteFigures]


def score_quotes(
    gold: Iterable[Annotation],
    predicted: Iterable[Annotation],
    texts: Mapping[str, str] | None = None,
    *,
    documents: Collection[str] | None = None,
    at_least: float = AT_LEAST,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> QuoteScores:
    """Turn gold and predicted annotations, one a document, into scores of their quotes.

    `texts` maps doc_ids to page texts, from which speakers' names are read; without one, names
    are those of surfaces. A finished document of gold without a prediction counts as all missed;
    see pairings.Coverage for what is not scored. `documents` (doc_ids) restricts the score;
    `resamples=0` leaves the intervals out. Raises AnnotationError as pair_annotations does, and
    where a text is not the one that the annotations are about.
    """
    pairing = pair_annotations(gold, predicted, documents)
    counted: list[dict[str, QuoteCounts]] = []
    nameless = []
    for reference, guess in pairing.pairs:
        text = (texts or {}).get(reference.doc_id)
        if text is not None:
            check_text(text, reference, guess)
        speakers = Speakers(reference, text), Speakers(guess, text)
        counted.append(count_quotes(reference, guess, speakers, at_least=at_least))
        sides = zip(speakers, (reference, guess), strict=True)
        if any(_is_nameless(side, a.quotes) for side, a in sides):
            nameless.append(reference.doc_id)
    drawn = Resamples(len(counted), resamples, seed)
    markings = [m for m in QUOTE_MARKINGS if any(m in counts for counts in counted)]
    return QuoteScores(
        coverage=pairing.coverage,
        at_least=at_least,
        nameless=tuple(nameless),
        all=_figures([sum(c.values(), QuoteCounts()) for c in counted], drawn),
        by_marking={
            marking: _figures([c.get(marking, QuoteCounts()) for c in counted], drawn)
            for marking in markings
        },
    )


def count_quotes(
    gold: Annotation,
    predicted: Annotation,
    speakers: tuple[Speakers, Speakers],
    *,
    at_least: float = AT_LEAST,
) -> dict[str, QuoteCounts]:
    """Turn gold and prediction of one document into marking → counts of its quotes."""
    comparison = compare_quotes(gold, predicted, at_least=at_least)
    found: dict[str, QuoteCounts] = defaultdict(QuoteCounts)
    for pair in comparison.pairs:
        found[pair.first.marking] += _of_pair(pair, speakers)
    for quote in comparison.missed:
        found[quote.marking] += _of_one(quote, speakers[0], lambda count: Counts(missed=count))
    for quote in comparison.spurious:
        found[quote.marking] += _of_one(quote, speakers[1], lambda count: Counts(spurious=count))
    return dict(found)


# --- one quote --------------------------------------------------------------------------------


def _of_pair(pair: QuotePair, speakers: tuple[Speakers, Speakers]) -> QuoteCounts:
    a, b = pair.first, pair.second
    named = speakers[0].of(a), speakers[1].of(b)
    same = is_same_speaker(*named)
    kind = speaker_kind(a, named[0])
    right = Tally(int(same), 1)
    return QuoteCounts(
        found=Counts(1),
        content=pair.content,
        content_exact=_both(same_content(a, b)),
        cue=_of_parts(a.cue, b.cue, pair.same_cue),
        cue_overlap=_of_parts(a.cue, b.cue, _overlap(a.cue, b.cue)),
        speaker=_of_parts(a.speaker, b.speaker, pair.same_speaker),
        speaker_overlap=_of_parts(a.speaker, b.speaker, _overlap(a.speaker, b.speaker)),
        attribution=_of_parts(*named, same),
        strict=_both(pair.strict),
        named=right if kind != "nobody" else Tally(),
        by_name=right if kind == "name" else Tally(),
        by_pronoun=right if kind == "pronoun" else Tally(),
        to_nobody=right if kind == "nobody" else Tally(),
        kind=Tally(int(a.kind == b.kind), 1),
        marking=Tally(int(a.marking == b.marking), 1),
        medium=Tally(int(a.medium == b.medium), 1),
    )


def _of_one(quote: Quote, speakers: Speakers, count: Callable[[int], Counts]) -> QuoteCounts:
    """Count what there is of a quote that one side alone has."""
    one = count(1)
    cue, speaker = count(int(quote.cue is not None)), count(int(quote.speaker is not None))
    return QuoteCounts(
        found=one,
        content=count(count_units(content_units(quote))),
        content_exact=one,
        cue=cue,
        cue_overlap=cue,
        speaker=speaker,
        speaker_overlap=speaker,
        attribution=count(int(speakers.of(quote) is not None)),
        strict=one,
    )


def _both(same: bool) -> Counts:
    """Count one of each side: the same, or one missed and one spurious."""
    return Counts(1) if same else Counts(0, 1, 1)


def _of_parts(first: object | None, second: object | None, same: bool) -> Counts:
    """Count a part that each side may have or not."""
    if first is not None and second is not None and same:
        return Counts(1)
    return Counts(0, int(first is not None), int(second is not None))


def _overlap(a: Part | None, b: Part | None) -> bool:
    return a is not None and b is not None and a.start < b.end and b.start < a.end


def _is_nameless(speakers: Speakers, quotes: Sequence[Quote]) -> bool:
    named = [speakers.of(quote) for quote in quotes]
    return any(speaker is not None and speaker.name is None for speaker in named)


def _figures(documents: Sequence[QuoteCounts], drawn: Resamples) -> QuoteFigures:
    figures: dict[str, Score | Share] = {}
    for name in QuoteCounts.__struct_fields__:
        values = [getattr(counts, name) for counts in documents]
        is_share = isinstance(getattr(QuoteCounts(), name), Tally)
        figures[name] = drawn.share(values) if is_share else drawn.score(values)
    return QuoteFigures(**figures)  # type: ignore[arg-type]  # the fields are those of QuoteCounts
