"""From two annotations and decisions to one: nothing agreed is lost, nothing undecided is taken."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from khobor.annotations.adjudication import adjudicate, carry_decisions, find_differences
from khobor.errors import AnnotationError
from khobor.records import AdjudicationHeader, Annotation, Difference, Mention, Quote
from tests.samples import document_of

LINES = (
    ("headline", "[চরমাদারি|তে GPE] নতুন ফেরি"),
    (
        "paragraph",
        "[সোমবার DATE] থেকে ফেরি চলছে। ⟪q1 SPEAKER ব্যবস্থাপক [রুবিনা আক্তার PER]⟫ ⟪q1 CUE বলেন⟫, ‘⟪q1"
        " CONTENT ভাড়া বাড়ছে না। ঘাটে [৪০|টি NUM] গাড়ি ধরবে।⟫’",
    ),
)
DOCUMENT, _READ = document_of(*LINES)  # type: ignore[arg-type]
GOLD = msgspec.structs.replace(
    _READ, quotes=(msgspec.structs.replace(_READ.quotes[0], speaker_mention="e3"),)
)
HEADER = AdjudicationHeader("small", GOLD.text_sha256, "a1", "a2")


def find(first: Annotation, second: Annotation) -> list[Difference]:
    return find_differences(first, second, DOCUMENT.text, DOCUMENT.tokens)


def decide(first: Annotation, second: Annotation, *takes: str, **fields: Any) -> Annotation:
    found = find(first, second)
    assert len(found) == len(takes)
    decided = [
        msgspec.structs.replace(d, take=take, reason="কারণ", **fields)
        for d, take in zip(found, takes, strict=True)
    ]
    result = adjudicate(first, second, HEADER, decided, tokens=DOCUMENT.tokens, annotator="gold")
    assert result.annotation is not None
    return result.annotation


def with_mention(annotation: Annotation, at: int, **fields: Any) -> Annotation:
    mentions = list(annotation.mentions)
    mentions[at] = msgspec.structs.replace(mentions[at], **fields)
    return msgspec.structs.replace(annotation, mentions=tuple(mentions))


def without_mention(annotation: Annotation, at: int) -> Annotation:
    mentions = annotation.mentions[:at] + annotation.mentions[at + 1 :]
    return msgspec.structs.replace(annotation, mentions=mentions)


def with_quote(annotation: Annotation, **fields: Any) -> Annotation:
    (quote,) = annotation.quotes
    return msgspec.structs.replace(annotation, quotes=(msgspec.structs.replace(quote, **fields),))


def bare(annotation: Annotation) -> tuple[list[tuple[int, int, int, str]], list[Quote]]:
    """What it says, without ids of mentions and notes."""
    by_id = {m.id: m for m in annotation.mentions}
    return (
        [(m.start, m.end, m.name_end, m.label) for m in annotation.mentions],
        [
            msgspec.structs.replace(
                q,
                note=None,
                speaker_mention=f"s{by_id[q.speaker_mention].start}" if q.speaker_mention else None,
            )
            for q in annotation.quotes
        ],
    )


def test_two_who_agree_leave_nothing_to_decide() -> None:
    renamed = msgspec.structs.replace(
        GOLD,
        mentions=tuple(
            msgspec.structs.replace(m, id=f"x{m.id}", note="why") for m in GOLD.mentions
        ),
    )
    renamed = with_quote(renamed, speaker_mention=f"x{GOLD.quotes[0].speaker_mention}")
    assert find(GOLD, renamed) == []
    result = adjudicate(GOLD, renamed, HEADER, [], tokens=DOCUMENT.tokens, annotator="gold")
    assert result.annotation is not None
    assert bare(result.annotation) == bare(GOLD)
    assert {m.note for m in result.annotation.mentions} == {"why"}  # the other's note is kept


def test_overlapping_mentions_are_one_difference_and_stand_with_their_context() -> None:
    wider = with_mention(GOLD, 0, end=GOLD.mentions[0].end + 5)
    (difference,) = find(GOLD, wider)
    assert (len(difference.first), len(difference.second)) == (1, 1)
    assert "চরমাদারিতে নতুন" in difference.context


@pytest.mark.parametrize(("take", "label"), [("a1", "GPE"), ("a2", "LOC")])
def test_a_decision_takes_one_side_and_stands_in_the_note(take: str, label: str) -> None:
    other = with_mention(GOLD, 0, label="LOC")
    made = decide(GOLD, other, take)
    assert (made.mentions[0].label, made.mentions[0].note) == (label, f"{take}: কারণ")
    assert bare(made)[1] == bare(GOLD)[1]
    assert [m.id for m in made.mentions] == ["e1", "e2", "e3", "e4"]


@pytest.mark.parametrize(("take", "size"), [("a1", 4), ("a2", 3), ("both", 4), ("neither", 3)])
def test_what_one_alone_has_is_taken_or_left(take: str, size: int) -> None:
    made = decide(GOLD, without_mention(GOLD, 1), take)
    assert len(made.mentions) == size


def test_a_reading_that_neither_had_goes_in_as_own() -> None:
    other = with_mention(GOLD, 0, label="LOC")
    own = (msgspec.structs.replace(GOLD.mentions[0], id="x", label="ORG"),)
    made = decide(GOLD, other, "own", own=own)
    assert made.mentions[0].label == "ORG"
    assert made.mentions[0].note == "neither's reading: কারণ"


def test_a_quote_follows_its_speakers_mention_into_the_other_ones_reading() -> None:
    longer = with_mention(GOLD, 2, start=GOLD.mentions[2].start + 7)
    made = decide(GOLD, longer, "a2")
    (quote,) = made.quotes
    assert quote.speaker_mention == "e3"
    assert made.mentions[2].start == longer.mentions[2].start


def test_two_quotes_of_one_saying_are_one_difference() -> None:
    other = with_quote(GOLD, kind="indirect", cue=None)
    (difference,) = find(GOLD, other)
    assert (difference.first, difference.second) == (GOLD.quotes, other.quotes)
    assert decide(GOLD, other, "a2").quotes[0].kind == "indirect"


def test_an_own_quote_names_its_speaker_by_the_start_of_the_mention() -> None:
    other = with_quote(GOLD, speaker_mention=None)
    speaker = GOLD.mentions[2]
    own = msgspec.structs.replace(GOLD.quotes[0], speaker_mention=f"s{speaker.start}")
    assert decide(GOLD, other, "own", own=(own,)).quotes[0].speaker_mention == "e3"
    lost = msgspec.structs.replace(own, speaker_mention="s999")
    with pytest.raises(AnnotationError, match="s999"):
        decide(GOLD, other, "own", own=(lost,))


def test_a_quote_whose_speaker_is_left_out_is_refused() -> None:
    other = without_mention(GOLD, 2)
    other = with_quote(other, speaker_mention=None)
    with pytest.raises(AnnotationError, match="take that mention too"):
        decide(GOLD, other, "a1", "neither")


def test_an_open_difference_gives_no_annotation() -> None:
    other = with_mention(GOLD, 0, label="LOC")
    found = find(GOLD, other)
    result = adjudicate(GOLD, other, HEADER, found, tokens=DOCUMENT.tokens, annotator="gold")
    assert (result.annotation, result.open) == (None, tuple(found))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"take": "a3", "reason": "x"}, "expected one of a1, a2, both, neither, own"),
        ({"take": "a1"}, "no reason"),
        ({"take": "own", "reason": "x"}, "own"),
        ({"take": "a1", "reason": "x", "own": GOLD.mentions[:1]}, "own"),
    ],
)
def test_a_decision_that_is_none_is_refused(fields: dict[str, Any], says: str) -> None:
    other = with_mention(GOLD, 0, label="LOC")
    decided = [msgspec.structs.replace(d, **fields) for d in find(GOLD, other)]
    with pytest.raises(AnnotationError, match=says):
        adjudicate(GOLD, other, HEADER, decided, tokens=DOCUMENT.tokens, annotator="gold")


def test_a_decision_stays_while_its_items_do_and_no_longer() -> None:
    other = with_mention(GOLD, 0, label="LOC")
    decided = [msgspec.structs.replace(d, take="a1", reason="x") for d in find(GOLD, other)]
    assert carry_decisions(find(GOLD, other), decided) == decided
    changed = find(GOLD, with_mention(GOLD, 0, label="ORG"))
    assert carry_decisions(changed, decided) == changed


def test_what_both_missed_is_added_as_own_and_stays() -> None:
    missed = msgspec.structs.replace(GOLD.mentions[1], note=None)
    both = without_mention(GOLD, 1)
    added = Difference("d1", "own", "both missed it", "", (), (), (missed,))
    decided = carry_decisions(find(both, both), [added])
    assert decided == [added]
    made = adjudicate(both, both, HEADER, decided, tokens=DOCUMENT.tokens, annotator="gold")
    assert made.annotation is not None
    assert len(made.annotation.mentions) == len(GOLD.mentions)
    assert made.annotation.mentions[1].note == "neither's reading: both missed it"


def test_what_both_said_alike_can_be_overruled() -> None:
    item = GOLD.mentions[1]
    overruled = Difference("d1", "neither", "vague", "", (item,), (item,))
    decided = carry_decisions(find(GOLD, GOLD), [overruled])
    made = adjudicate(GOLD, GOLD, HEADER, decided, tokens=DOCUMENT.tokens, annotator="gold")
    assert made.annotation is not None
    assert [m.start for m in made.annotation.mentions] == [
        m.start for m in GOLD.mentions if m.id != item.id
    ]


def test_annotations_of_different_texts_are_refused() -> None:
    other = msgspec.structs.replace(GOLD, text_sha256="f" * 64)
    with pytest.raises(AnnotationError, match="reanchor"):
        find(GOLD, other)


def test_every_item_of_both_stands_in_the_agreed_part_or_in_a_difference() -> None:
    first = with_mention(without_mention(GOLD, 1), 0, label="LOC")
    second = with_quote(with_mention(GOLD, 3, name_end=GOLD.mentions[3].end), medium="post")
    found = find(first, second)
    in_first = [item for d in found for item in d.first]
    in_second = [item for d in found for item in d.second]
    agreed = set(bare(first)[0]) & set(bare(second)[0])
    mentions = [i for i in in_first if isinstance(i, Mention)]
    assert len(mentions) + len(agreed) == len(first.mentions)
    assert len(in_second) - 1 + len(agreed) == len(second.mentions)
    assert sum(isinstance(i, Quote) for i in [*in_first, *in_second]) == 2
