"""Annotations on a changed text: what is carried is certain, what is not is listed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khobor.annotations.files import AnnotationFile, without_words
from khobor.annotations.reanchoring import (
    CONTEXT,
    FATES,
    ItemFate,
    Reanchored,
    reanchor_files,
)
from khobor.errors import AnnotationError
from khobor.records import Annotation, Mention, Part, Quote
from khobor.spans import Span
from tests.bengali import texts
from tests.samples import FERRY, page_of

BORDER = "\ud800"  # a lone surrogate: no text holds one
SHA, NEW_SHA = "0" * 64, "1" * 64
PARAGRAPH = (
    "কাল সকালে তেঁতুলিয়ার ঘাটে নতুন ফেরি এসেছে। ঘাটের ইজারাদার হাসান মাহমুদ বলেন, ‘ফেরিতে দুই শ গাড়ি উঠবে।’"
    " পরে সবাই মিলে ফেরিটি ঘুরে দেখেন, শিশুরা খুশিতে হাততালি দেয়।"
)


def _file(annotation: Annotation) -> AnnotationFile:
    """Turn an annotation into its file: mentions in the lines from 2, quotes behind them."""
    first_quote = 2 + len(annotation.mentions)
    return AnnotationFile(
        "gold/small.jsonl",
        1,
        annotation,
        tuple(range(2, first_quote)),
        tuple(range(first_quote, first_quote + len(annotation.quotes))),
    )


def _carry(annotation: Annotation, old: str, new: str, context: int = CONTEXT) -> Reanchored:
    (result,) = reanchor_files([_file(annotation)], old, new, new_sha256=NEW_SHA, context=context)
    return result


def _annotation(
    mentions: Sequence[Mention] = (), quotes: Sequence[Quote] = (), progress: str = "complete"
) -> Annotation:
    return Annotation("small", SHA, "gold", "1.0", progress, tuple(mentions), tuple(quotes))  # type: ignore[arg-type]


def _mention(text: str, surface: str, *, name: str | None = None, item: str = "e1") -> Mention:
    start = text.index(surface)
    name_end = start + len(name or surface)
    return Mention(item, start, start + len(surface), name_end, "GPE", surface, "a note")


def _part(text: str, surface: str) -> Part:
    start = text.index(surface)
    return Part(start, start + len(surface), surface)


def _fate(old: str, new: str, surface: str) -> ItemFate:
    (fate,) = _carry(_annotation([_mention(old, surface)]), old, new).fates
    return fate


def _suggested(new: str, fate: ItemFate) -> str | None:
    (span,) = fate.spans
    return None if span.suggestion is None else new[span.suggestion.start : span.suggestion.end]


def test_a_mention_moves_with_its_name_end_its_id_and_its_note() -> None:
    new = "খবর: " + PARAGRAPH
    mention = _mention(PARAGRAPH, "তেঁতুলিয়ার", name="তেঁতুলিয়া")
    result = _carry(_annotation([mention]), PARAGRAPH, "খবর: " + PARAGRAPH, context=8)
    (moved,) = result.annotation.mentions
    assert new[moved.start : moved.end] == "তেঁতুলিয়ার"
    assert new[moved.start : moved.name_end] == "তেঁতুলিয়া"
    assert (moved.id, moved.note, moved.surface) == ("e1", "a note", "তেঁতুলিয়ার")
    assert (result.annotation.text_sha256, result.annotation.progress) == (NEW_SHA, "complete")


def test_other_context_is_for_review_and_names_the_only_place() -> None:
    new = PARAGRAPH.replace("ঘাটের ইজারাদার", "ইজারাদার")
    fate = _fate(PARAGRAPH, new, "হাসান মাহমুদ")
    assert (fate.fate, _suggested(new, fate)) == ("review", "হাসান মাহমুদ")
    assert fate.reason.endswith("a diff of the texts maps it there")


def test_a_string_that_is_gone_is_lost_and_what_stands_in_its_place_is_suggested() -> None:
    new = PARAGRAPH.replace("হাসান মাহমুদ", "হাছান মাহমুদ")
    fate = _fate(PARAGRAPH, new, "হাসান মাহমুদ")
    assert (fate.fate, _suggested(new, fate)) == ("lost", "হাছান মাহমুদ")


def test_what_was_deleted_without_a_trace_has_no_suggestion() -> None:
    fate = _fate("ক খ গ", "ক গ", "খ")
    assert fate.fate == "lost"
    assert _suggested("ক গ", fate) is None


def test_a_string_that_stands_several_times_is_ambiguous_with_the_likeliest_place() -> None:
    new = "আগে: হাসান মাহমুদ বলে, না। " + PARAGRAPH.replace("ঘাটের ইজারাদার", "ইজারাদার")
    fate = _fate(PARAGRAPH, new, "হাসান মাহমুদ")
    assert fate.fate == "ambiguous"
    (span,) = fate.spans
    assert span.suggestion is not None
    assert span.suggestion.start == new.rindex("হাসান মাহমুদ")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(f"{PARAGRAPH} {PARAGRAPH}", f"{PARAGRAPH} শেষ", id="twice in the old"),
        pytest.param(f"{PARAGRAPH} শেষ", f"{PARAGRAPH} {PARAGRAPH}", id="twice in the new"),
    ],
)
def test_a_twin_is_never_carried(old: str, new: str) -> None:
    """The same words with the same context twice: nothing says which of them it is."""
    assert _fate(old, new, "হাসান মাহমুদ").fate == "ambiguous"


def test_a_border_is_context() -> None:
    """What began the text has no context on its left; put behind something, it is elsewhere."""
    assert _fate("ঢাকা বড় শহর", "ঢাকা বড় শহর", "ঢাকা").fate == "carried"
    assert _fate("ঢাকা বড় শহর", "এই ঢাকা বড় শহর", "ঢাকা").fate == "review"
    assert _fate("এই শহর ঢাকা", "এই শহর ঢাকা।", "ঢাকা").fate == "review"
    assert _fate("এই শহর ঢাকা", "এই শহর ঢাকা", "ঢাকা").fate == "carried"


def test_twins_that_overlap_themselves_are_seen() -> None:
    """str.count steps over them: ‘কককক’ holds ‘ককক’ twice."""
    old, new = "ক" * 30, "ক" * 31
    annotation = _annotation([Mention("e1", 12, 15, 15, "NUM")])
    (fate,) = _carry(annotation, old, new, context=4).fates
    assert fate.fate == "ambiguous"


def _quote(text: str, **changes: object) -> Quote:
    quote = Quote(
        id="q1",
        content=(_part(text, "ফেরিতে দুই শ গাড়ি উঠবে।"),),
        kind="direct",
        marking="marked",
        medium="speech",
        cue=_part(text, "বলেন"),
        speaker=_part(text, "ঘাটের ইজারাদার হাসান মাহমুদ"),
        speaker_mention="e1",
    )
    return msgspec.structs.replace(quote, **changes)


SPEAKER = _mention(PARAGRAPH, "হাসান মাহমুদ")


def test_a_quote_moves_with_all_of_its_parts() -> None:
    quote = _quote(PARAGRAPH, kind="mixed", quoted=(_part(PARAGRAPH, "দুই শ গাড়ি"),))
    new = f"এই মাত্র পাওয়া খবর\n{PARAGRAPH}\nশেষ"
    old = f"এখনকার খবর\n{PARAGRAPH}\nশেষ"
    shift = len("এখনকার খবর\n")
    annotation = _shifted(_annotation([SPEAKER], [quote]), shift)
    result = _carry(annotation, old, new)
    assert [fate.fate for fate in result.fates] == ["carried", "carried"]
    (moved,) = result.annotation.quotes
    spans = [*moved.content, moved.cue, moved.speaker, *moved.quoted]
    assert [new[part.start : part.end] for part in spans if part] == [
        part.surface for part in spans if part
    ]
    assert moved.speaker_mention == "e1"


def _shifted(annotation: Annotation, by: int) -> Annotation:
    """Turn an annotation of a text into that of the text with `by` code points before it."""
    encoded = msgspec.to_builtins(annotation)

    def shift(value: object) -> object:
        if isinstance(value, dict):
            return {
                key: entry + by if key in ("start", "end", "name_end") else shift(entry)
                for key, entry in value.items()
            }
        return [shift(entry) for entry in value] if isinstance(value, list | tuple) else value

    return msgspec.convert(shift(encoded), Annotation)


def test_one_part_that_does_not_move_keeps_the_whole_quote() -> None:
    new = PARAGRAPH.replace("দুই শ", "তিন শ")
    result = _carry(_annotation([SPEAKER], [_quote(PARAGRAPH)]), PARAGRAPH, new, context=4)
    fates = {fate.id: fate for fate in result.fates}
    assert fates["e1"].fate == "carried"
    assert [(span.role, span.fate) for span in fates["q1"].spans] == [
        ("content", "lost"),
        ("cue", "carried"),
        ("speaker", "carried"),
    ]
    assert fates["q1"].fate == "lost"
    assert _new_words(new, fates["q1"].spans[0].suggestion) == "ফেরিতে তিন শ গাড়ি উঠবে।"
    assert result.annotation.quotes == ()
    assert result.annotation.progress == "partial"


def _new_words(new: str, span: Span | None) -> str | None:
    return span and new[span.start : span.end]


def test_a_quote_stays_where_its_speaker_mention_does() -> None:
    """The mention lies elsewhere: the quote's parts are the same, its speaker is in doubt."""
    head = "হাছান মাহমুদ বলছি।\n"
    old = head + "আজকের দিনের শেষ খবরটি এই রকম ছিল।\n" + PARAGRAPH
    new = old.replace("হাছান", "হাসান", 1)
    speaker = _mention(old, "হাছান মাহমুদ")
    quote = _quote(old)
    result = _carry(_annotation([speaker], [quote]), old, new)
    assert [(fate.id, fate.fate) for fate in result.fates] == [("e1", "lost"), ("q1", "lost")]
    assert "speaker_mention e1" in result.fates[1].reason
    assert all(span.fate == "carried" for span in result.fates[1].spans)


def test_parts_in_another_order_are_no_quote_any_more() -> None:
    one = "প্রথম অনুচ্ছেদে মেয়র যা বলেছেন তার সবটাই এই।"
    two = "দ্বিতীয় অনুচ্ছেদে তিনি যোগ করেন আরও কিছু কথা।"
    old, new = f"{one}\n{two}", f"{two}\n{one}"
    quote = Quote(
        "q1", (_part(old, "যা বলেছেন"), _part(old, "যোগ করেন")), "indirect", "bare", "speech"
    )
    (fate,) = _carry(_annotation(quotes=[quote]), old, new, context=4).fates
    assert [span.fate for span in fate.spans] == ["carried", "carried"]
    assert (fate.fate, "another order" in fate.reason) == ("review", True)


def test_the_old_progress_stays_where_everything_is_carried() -> None:
    for progress in ("todo", "partial", "complete"):
        annotation = _annotation([SPEAKER], progress=progress)
        old, new = PARAGRAPH, PARAGRAPH + " শেষ খবর এই পর্যন্তই।"
        result = _carry(annotation, old, new)
        assert result.annotation.progress == progress
    assert _carry(_annotation(progress="complete"), "ক", "খ").annotation.progress == "complete"


def test_an_annotation_without_surfaces_is_carried_by_the_old_text() -> None:
    text, _, annotation = page_of(FERRY)
    bare = without_words(annotation, notes=True)
    new = text.replace("খুশি ক্রেতারা", "ক্রেতারা খুশি")
    result = _carry(bare, text, new)
    assert {fate.fate for fate in result.fates} == {"carried"}
    assert result.annotation == msgspec.structs.replace(bare, text_sha256=NEW_SHA)


@pytest.mark.parametrize(
    "broken",
    [
        {"end": 9_999, "name_end": 9_999},
        {"surface": "ঢাকা"},
        {"end": 0},
        {"name_end": 0},
    ],
    ids=str,
)
def test_a_span_that_is_not_of_the_old_text_is_an_error_with_file_and_line(
    broken: dict[str, object],
) -> None:
    mention = msgspec.structs.replace(SPEAKER, **broken)
    with pytest.raises(AnnotationError, match=r"^gold/small\.jsonl:2: e1: ") as caught:
        _carry(_annotation([mention]), PARAGRAPH, PARAGRAPH + "।")
    assert "khobor check" in caught.value.fix


# --- random texts, edited at random ---------------------------------------------------------

Piece = tuple[int, int] | str  # a slice of the old text, or words that it does not hold


@st.composite
def _edited(draw: st.DrawFn) -> tuple[str, list[Piece]]:
    """A text, and a new one as pieces: kept, deleted, moved or doubled slices, fresh words."""
    old = draw(texts(max_size=60))
    if draw(st.booleans()):
        old = old + draw(st.sampled_from([" ", "।", "\n"])) + old  # twins
    pieces: list[Piece] = [(0, len(old))]
    for number in range(draw(st.integers(0, 5))):
        place = draw(st.integers(0, len(pieces) - 1))
        piece = pieces[place]
        if isinstance(piece, str):
            continue
        cut = draw(st.integers(*piece))
        left, right = (piece[0], cut), (cut, piece[1])
        edit = draw(st.sampled_from(["insert", "delete", "double", "move"]))
        fresh = f"<{number}>"  # no piece of tests/bengali.py holds such a word
        changed: dict[str, list[Piece]] = {
            "insert": [left, fresh, right],
            "delete": [left, (min(cut + 3, piece[1]), piece[1])],
            "double": [left, left, right],
            "move": [right, left],
        }
        pieces[place : place + 1] = changed[edit]
    return old, pieces


def _joined(old: str, pieces: Sequence[Piece]) -> str:
    return "".join(p if isinstance(p, str) else old[p[0] : p[1]] for p in pieces)


def _windows(text: str, start: int, end: int, context: int) -> list[str]:
    """Every stretch of a text of the size of a span and its context, borders as a mark."""
    bordered = BORDER * context + text + BORDER * context
    size = end - start + 2 * context
    return [bordered[at : at + size] for at in range(len(bordered) - size + 1)]


def _untouched(pieces: Sequence[Piece], left: int, right: int) -> int | None:
    """Find the shift of the only kept slice that holds a stretch; None where an edit cut it."""
    position, shifts = 0, []
    for piece in pieces:
        size = len(piece) if isinstance(piece, str) else piece[1] - piece[0]
        if not isinstance(piece, str) and piece[0] <= left and right <= piece[1]:
            shifts.append(position - piece[0])
        position += size
    return shifts[0] if len(shifts) == 1 else None


@settings(max_examples=200)
@given(edited=_edited(), data=st.data(), context=st.sampled_from([2, 5, 24]))
def test_what_is_carried_stands_where_the_untouched_stretch_went_and_counts_add_up(
    edited: tuple[str, list[Piece]], data: st.DataObject, context: int
) -> None:
    old, pieces = edited
    new = _joined(old, pieces)
    edges = st.integers(0, max(0, len(old) - 1))
    starts = data.draw(st.lists(edges, max_size=12, unique=True)) if old else []
    spans = [
        (start, data.draw(st.integers(start + 1, min(len(old), start + 8)))) for start in starts
    ]
    mentions = [
        Mention(f"e{number}", start, end, end, "PER", old[start:end])
        for number, (start, end) in enumerate(sorted(spans))
    ]
    quotes = [
        Quote(f"q{m.id}", (Part(m.start, m.end),), "direct", "bare", "speech", speaker_mention=m.id)
        for m in mentions[::3]
    ]
    result = _carry(_annotation(mentions, quotes), old, new, context)
    counts = [sum(fate.fate == name for fate in result.fates) for name in FATES]
    assert sum(counts) == len(mentions) + len(quotes) == len(result.fates)
    assert counts[0] == len(result.annotation.mentions) + len(result.annotation.quotes)
    carried = {mention.id: mention for mention in result.annotation.mentions}
    for mention in mentions:
        start, end = mention.start, mention.end
        window = (BORDER * context + old + BORDER * context)[start : end + 2 * context]
        there = [at for at, w in enumerate(_windows(new, start, end, context)) if w == window]
        certain = len(there) == 1 and _windows(old, start, end, context).count(window) == 1
        moved = carried.get(mention.id)
        if moved is None:
            assert not certain or _taken_back(result, mention.id)
            continue
        assert certain
        assert (moved.start, moved.end - moved.start) == (there[0], end - start)
        assert new[moved.start : moved.end] == mention.surface
        left, right = start - context, end + context
        if left >= 0 and right <= len(old):
            shift = _untouched(pieces, left, right)
            assert shift is None or moved.start == start + shift


def _taken_back(result: Reanchored, item: str) -> bool:
    return any(fate.id == item and "would overlap" in fate.reason for fate in result.fates)


@given(edited=_edited())
def test_every_suggestion_lies_in_the_new_text(edited: tuple[str, list[Piece]]) -> None:
    old, pieces = edited
    new = _joined(old, pieces)
    mentions = [Mention(f"e{at}", at, at + 1, at + 1, "PER") for at in range(len(old))]
    for fate in _carry(_annotation(mentions), old, new, 3).fates:
        for span in fate.spans:
            place = span.to or span.suggestion
            assert place is None or 0 <= place.start < place.end <= len(new)
            assert (span.to is not None) == (span.fate == "carried")


def test_a_megabyte_that_repeats_itself_is_no_matter_of_hours() -> None:
    """Twins everywhere are the worst case of a search and of a diff."""
    sentences = [
        f"ঘাটে {number % 40} টি নৌকা আর {number % 7} জন মাঝি আছে। " for number in range(30_000)
    ]
    old = "".join(sentences)
    new = "".join(sentence for number, sentence in enumerate(sentences) if number % 11)
    assert len(old) > 1_000_000
    starts = range(5, len(old) - 40, len(old) // 300)
    mentions = [Mention(f"e{at}", at, at + 4, at + 4, "NUM") for at in starts]
    fates = _carry(_annotation(mentions), old, new).fates
    assert len(fates) == len(mentions)
    assert {fate.fate for fate in fates} == {"ambiguous"}
