"""Scores of quotes: gold against itself, shifted, and with every planted error by hand."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.errors import AnnotationError
from khobor.records import Annotation, Mention, Part, Quote
from khobor.scoring import Counts, QuoteFigures, score_quotes
from tests.scoring.records import annotation, mention, quote, shifted

# e1 speaks in q20 (by name) and q60 (by a pronoun), nobody that is named in q100.
NAMED = mention(0, 9, id_="e1")
OTHER = mention(150, 159, id_="e2")
GOLD = annotation(
    NAMED,
    OTHER,
    quote((20, 40), cue=(10, 15), speaker=(0, 9), speaker_mention="e1", marking="marked"),
    quote((60, 80), cue=(50, 55), speaker=(56, 59), speaker_mention="e1"),
    quote((100, 110), (120, 130), cue=(112, 118), speaker=(90, 99)),
)


def planted(at: int, **change: Any) -> Annotation:
    """Gold with one quote changed."""
    quotes = list(GOLD.quotes)
    quotes[at] = msgspec.structs.replace(quotes[at], **change)
    return msgspec.structs.replace(GOLD, quotes=tuple(quotes))


def without(at: int) -> Annotation:
    return msgspec.structs.replace(
        GOLD, quotes=tuple(q for n, q in enumerate(GOLD.quotes) if n != at)
    )


def score(guess: Annotation, gold: Annotation = GOLD) -> QuoteFigures:
    return score_quotes([gold], [guess], resamples=0).all


def test_gold_against_itself_is_perfect() -> None:
    scores = score_quotes([GOLD], [GOLD])
    for figures in (scores.all, *scores.by_marking.values()):
        for name in figures.__struct_fields__:
            figure = getattr(figures, name)
            value = figure.f1 if hasattr(figure, "f1") else figure.value
            assert value in (1.0, None), name
    assert list(scores.by_marking) == ["marked", "bare"]
    assert scores.all.found.counts == Counts(3)
    assert scores.all.content.counts == Counts(60)
    assert scores.all.attribution.counts == Counts(2)
    shares = (scores.all.named, scores.all.by_name, scores.all.by_pronoun, scores.all.to_nobody)
    assert [(s.right, s.of) for s in shares] == [(2, 2), (1, 1), (1, 1), (1, 1)]


def test_gold_shifted_beyond_itself_is_nothing() -> None:
    figures = score(shifted(GOLD, 1000))
    for name in ("found", "content", "content_exact", "cue", "speaker", "attribution", "strict"):
        assert getattr(figures, name).f1 == 0.0
    assert figures.named.of == 0
    assert figures.named.value is None


def test_a_missed_quote_is_missed_in_every_part() -> None:
    figures = score(without(0))
    assert figures.found.counts == figures.strict.counts == Counts(2, 1)
    assert figures.content.counts == Counts(40, 20)
    assert figures.cue.counts == figures.speaker.counts == Counts(2, 1)
    assert figures.attribution.counts == Counts(1, 1)
    assert figures.named.of == 1  # shares are of quotes that were found


def test_a_spurious_quote_is_spurious_in_every_part() -> None:
    figures = score(GOLD, gold=without(2))
    assert figures.found.counts == figures.strict.counts == Counts(2, 0, 1)
    assert figures.content.counts == Counts(40, 0, 20)
    assert figures.cue.counts == Counts(2, 0, 1)
    assert figures.attribution.counts == Counts(2)


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"cue": Part(10, 14)}, {"cue": Counts(2, 1, 1)}),
        ({"cue": None}, {"cue": Counts(2, 1), "cue_overlap": Counts(2, 1)}),
        ({"speaker": Part(1, 9)}, {"speaker": Counts(2, 1, 1)}),
        ({"speaker": None}, {"speaker": Counts(2, 1), "speaker_overlap": Counts(2, 1)}),
        ({"speaker_mention": "e2"}, {"attribution": Counts(1, 1, 1)}),
        ({"speaker_mention": None}, {"attribution": Counts(1, 1)}),
        ({"kind": "direct"}, {}),
        ({"medium": "post"}, {}),
        ({"marking": "bare"}, {}),
        ({"quoted": (Part(20, 25),)}, {}),
        # 15 of 20 code points: F1 .857, so it is found, and not the same content
        (
            {"content": (Part(20, 35),)},
            {"content": Counts(55, 5), "content_exact": Counts(2, 1, 1)},
        ),
        # 5 of 20: F1 .4, so it is another quote
        (
            {"content": (Part(20, 25),)},
            {
                "found": Counts(2, 1, 1),
                "content": Counts(40, 20, 5),
                "content_exact": Counts(2, 1, 1),
                "cue": Counts(2, 1, 1),
                "cue_overlap": Counts(2, 1, 1),
                "speaker": Counts(2, 1, 1),
                "speaker_overlap": Counts(2, 1, 1),
                "attribution": Counts(1, 1, 1),
            },
        ),
    ],
)
def test_every_planted_error_has_the_counts_worked_by_hand(
    change: dict[str, Any], wrong: dict[str, Counts]
) -> None:
    right = score(GOLD)
    figures = score(planted(0, **change))
    assert figures.strict.counts == Counts(2, 1, 1)
    assert figures.strict.f1 == pytest.approx(2 / 3)
    for name in ("found", "content", "content_exact", "cue", "cue_overlap", "speaker"):
        assert getattr(figures, name).counts == wrong.get(name, getattr(right, name).counts), name
    for name in ("speaker_overlap", "attribution"):
        assert getattr(figures, name).counts == wrong.get(name, getattr(right, name).counts), name


@pytest.mark.parametrize(
    ("field", "value"), [("kind", "direct"), ("medium", "post"), ("marking", "bare")]
)
def test_values_are_shares_of_quotes_found(field: str, value: str) -> None:
    share = getattr(score(planted(0, **{field: value})), field)
    assert (share.right, share.of) == (2, 3)


def test_names_and_pronouns_are_apart() -> None:
    by_name, by_pronoun = (score(planted(at, speaker_mention="e2")) for at in (0, 1))
    assert (by_name.by_name.value, by_name.by_pronoun.value) == (0.0, 1.0)
    assert (by_pronoun.by_name.value, by_pronoun.by_pronoun.value) == (1.0, 0.0)
    assert by_name.named.value == by_pronoun.named.value == 0.5


def test_a_quote_given_to_somebody_that_gold_gives_to_nobody() -> None:
    figures = score(planted(2, speaker_mention="e1"))
    assert figures.to_nobody.value == 0.0
    assert figures.attribution.counts == Counts(2, 0, 1)
    assert figures.named.value == 1.0


def test_marked_and_bare_are_apart_and_add_up() -> None:
    scores = score_quotes([GOLD], [without(0)], resamples=0)
    marked, bare = scores.by_marking["marked"], scores.by_marking["bare"]
    assert (marked.found.f1, bare.found.f1) == (0.0, 1.0)
    assert marked.found.counts + bare.found.counts == scores.all.found.counts


def test_a_quote_goes_by_golds_marking() -> None:
    scores = score_quotes([GOLD], [planted(0, marking="bare")], resamples=0)
    assert scores.by_marking["marked"].found.counts == Counts(1)
    assert scores.by_marking["bare"].found.counts == Counts(2)


def test_a_quote_over_the_whole_page_finds_nothing() -> None:
    # Its content holds all of gold's, but of each it is far too much.
    whole = annotation(NAMED, quote((0, 200)))
    assert score(whole).found.counts == Counts(0, 3, 1)


def test_two_halves_of_a_quote_earn_one() -> None:
    halves = annotation(NAMED, quote((60, 71)), quote((71, 80)))
    only = annotation(NAMED, quote((60, 80)))
    assert score(halves, gold=only).found.counts == Counts(1, 0, 1)


def test_the_threshold_can_be_another() -> None:
    guess = planted(0, content=(Part(20, 25),))
    scores = score_quotes([GOLD], [guess], at_least=0.4, resamples=0)
    assert scores.all.found.counts == Counts(3)
    assert scores.at_least == 0.4


# --- who speaks -------------------------------------------------------------------------------

TEXT = "রুবিনা আক্তার বলেন, নদী শান্ত। রুবিনা আক্তার জানান, নৌকা চলবে। জয়া বলেন, জল বাড়ছে।"
FIRST, SECOND, JOYA = TEXT.index("রুবিনা"), TEXT.rindex("রুবিনা"), TEXT.index("জয়া")
SHA = hashlib.sha256(TEXT.encode()).hexdigest()


def attributed(start: int, end: int, *, surface: bool = False, **header: Any) -> Annotation:
    """One quote, attributed to the name at a place of TEXT."""
    words = TEXT[start:end] if surface else None
    named = Mention("e1", start, end, end, "PER", words)
    said = Quote("q1", (Part(20, 30),), "indirect", "bare", "speech", speaker_mention="e1")
    return Annotation("d1", SHA, "x", "1.0", "complete", (named,), (said,), **header)


def test_another_mention_of_the_same_name_is_the_same_speaker() -> None:
    gold, guess = attributed(FIRST, FIRST + 13), attributed(SECOND, SECOND + 13)
    assert TEXT[FIRST : FIRST + 13] == TEXT[SECOND : SECOND + 13] == "রুবিনা আক্তার"
    with_text = score_quotes([gold], [guess], {"d1": TEXT})
    assert (with_text.all.attribution.f1, with_text.nameless) == (1.0, ())
    # Without the text and without surfaces nobody knows the names.
    bare = score_quotes([gold], [guess])
    assert (bare.all.attribution.f1, bare.nameless) == (0.0, ("d1",))
    surfaces = score_quotes(
        [attributed(FIRST, FIRST + 13, surface=True)],
        [attributed(SECOND, SECOND + 13, surface=True)],
    )
    assert (surfaces.all.attribution.f1, surfaces.nameless) == (1.0, ())


def test_half_of_a_name_is_another_speaker() -> None:
    gold, guess = attributed(FIRST, FIRST + 13), attributed(FIRST, FIRST + 6)
    assert score_quotes([gold], [guess], {"d1": TEXT}).all.attribution.f1 == 0.0


def test_both_encodings_of_one_name_are_one() -> None:
    # য় is U+09DF, or য U+09AF and ় U+09BC; the second is what NFC makes of both.
    one, two = "জ\u09df\u09be", "জ\u09af\u09bc\u09be"
    gold = annotation(mention(0, 3, id_="e1"), quote((20, 40), speaker_mention="e1"))
    guess = annotation(mention(50, 54, id_="e1"), quote((20, 40), speaker_mention="e1"))

    def named(made: Annotation, name: str) -> Annotation:
        (found,) = made.mentions
        return msgspec.structs.replace(
            made, mentions=(msgspec.structs.replace(found, surface=name),)
        )

    assert score(named(guess, two), gold=named(gold, one)).attribution.f1 == 1.0
    assert score(named(guess, "জব্র"), gold=named(gold, one)).attribution.f1 == 0.0


# --- properties -------------------------------------------------------------------------------


@st.composite
def annotations(draw: st.DrawFn) -> Annotation:
    spans = [
        draw(st.tuples(st.integers(0, 60), st.integers(1, 20)))
        for _ in range(draw(st.integers(0, 5)))
    ]
    return annotation(
        mention(0, 5, id_="e1"),
        *(
            quote(
                (start, start + size),
                id=f"q{n}",
                cue=draw(st.sampled_from([None, (3, 6), (4, 9)])),
                speaker_mention=draw(st.sampled_from([None, "e1"])),
                marking=draw(st.sampled_from(["bare", "marked"])),
            )
            for n, (start, size) in enumerate(spans)
        ),
    )


@given(annotations(), annotations(), st.randoms())
def test_the_order_of_quotes_has_no_part_in_any_figure(
    gold: Annotation, guess: Annotation, random: Any
) -> None:
    def shuffled(made: Annotation) -> Annotation:
        quotes = list(made.quotes)
        random.shuffle(quotes)
        return msgspec.structs.replace(made, quotes=tuple(quotes))

    assert score(shuffled(guess), gold=shuffled(gold)) == score(guess, gold=gold)


def test_of_quotes_with_one_content_those_with_one_speaker_are_matched() -> None:
    twice = quote((60, 80)), quote((60, 80), id="q61", speaker_mention="e1")
    guess = annotation(NAMED, *twice)
    for quotes in (twice, twice[::-1]):
        figures = score(guess, gold=annotation(NAMED, *quotes))
        assert (figures.strict.f1, figures.attribution.f1) == (1.0, 1.0)


@given(annotations(), annotations())
def test_counts_add_up_to_what_each_side_has(gold: Annotation, guess: Annotation) -> None:
    figures = score(guess, gold=gold)
    for name in ("found", "content_exact", "strict"):
        counts = getattr(figures, name).counts
        assert (counts.first, counts.second) == (len(gold.quotes), len(guess.quotes))
    assert figures.cue.counts.first == sum(q.cue is not None for q in gold.quotes)
    assert figures.attribution.counts.second == sum(
        q.speaker_mention is not None for q in guess.quotes
    )
    assert figures.strict.counts.matched <= figures.content_exact.counts.matched
    assert figures.content_exact.counts.matched <= figures.found.counts.matched


@given(annotations())
def test_whatever_is_annotated_is_itself(gold: Annotation) -> None:
    figures = score(gold, gold=gold)
    assert figures.strict.f1 == (1.0 if gold.quotes else None)


def test_a_text_that_is_not_theirs_is_refused() -> None:
    gold = attributed(FIRST, FIRST + 13)
    with pytest.raises(AnnotationError, match="pass the page text, verbatim"):
        score_quotes([gold], [gold], {"d1": TEXT + " "})
