"""The article view: the article's blocks verbatim, and spans carried both ways exactly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.errors import SpanError
from khobor.layers.views import View, article_view
from khobor.records import ARTICLE_LABELS, BLOCK_LABELS, Block
from khobor.spans import Span
from tests import bengali

Labelled = tuple[str, tuple[Block, ...]]


@st.composite
def labelled_texts(draw: st.DrawFn) -> Labelled:
    """Texts with blocks: any labels, white space between them or none at all."""
    text = draw(st.sampled_from(["", "\n"]))
    blocks = []
    stretches = bengali.texts(max_size=3).map(str.strip).filter(bool)
    for stretch in draw(st.lists(stretches, max_size=5)):
        start = len(text)
        text += stretch
        label = draw(st.sampled_from(BLOCK_LABELS))
        blocks.append(Block(start, len(text), label))  # type: ignore[arg-type]  # a label
        text += draw(st.sampled_from(["", " ", "\n", "\n\n"]))
    return text, tuple(blocks)


def _article(blocks: tuple[Block, ...]) -> list[Block]:
    return [block for block in blocks if block.label in ARTICLE_LABELS]


def _spans(size: int) -> list[tuple[int, int]]:
    return [(start, end) for start in range(size + 1) for end in range(start + 1, size + 1)]


@given(labelled_texts())
def test_every_span_inside_a_block_is_carried_to_the_view_and_back(labelled: Labelled) -> None:
    text, blocks = labelled
    view = article_view(text, blocks)
    for block in _article(blocks):
        for start, end in _spans(block.end - block.start):
            span = Span(block.start + start, block.start + end)
            carried = view.to_view(span.start, span.end)
            assert view.text[carried.start : carried.end] == text[span.start : span.end]
            assert view.to_page(carried.start, carried.end) == span


@given(labelled_texts())
def test_every_span_inside_a_line_of_the_view_is_carried_to_the_page_and_back(
    labelled: Labelled,
) -> None:
    text, blocks = labelled
    view = article_view(text, blocks)
    for block in view.blocks:
        for start, end in _spans(block.end - block.start):
            span = Span(block.start + start, block.start + end)
            carried = view.to_page(span.start, span.end)
            assert text[carried.start : carried.end] == view.text[span.start : span.end]
            assert view.to_view(carried.start, carried.end) == span


@given(labelled_texts())
def test_every_span_of_the_page_that_lies_in_no_article_block_is_refused(
    labelled: Labelled,
) -> None:
    text, blocks = labelled
    view = article_view(text, blocks)
    for start, end in _spans(len(text)):
        if not any(b.start <= start and end <= b.end for b in _article(blocks)):
            with pytest.raises(SpanError):
                view.to_view(start, end)


@given(labelled_texts())
def test_every_span_of_the_view_that_touches_a_join_is_refused(labelled: Labelled) -> None:
    view = article_view(*labelled)
    for start, end in _spans(len(view.text)):
        if not any(b.start <= start and end <= b.end for b in view.blocks):
            with pytest.raises(SpanError):
                view.to_page(start, end)


@pytest.mark.parametrize(("start", "end"), [(4, 4), (5, 4), (-1, 2), (0, 99), (90, 99)])
def test_no_span_at_all_is_refused_in_both_directions(start: int, end: int) -> None:
    view = article_view("জল নামে।", (Block(0, 8, "paragraph"),))
    with pytest.raises(SpanError):
        view.to_view(start, end)
    with pytest.raises(SpanError):
        view.to_page(start, end)


@given(labelled_texts())
def test_the_view_is_the_articles_blocks_and_nothing_else(labelled: Labelled) -> None:
    text, blocks = labelled
    expected, before = "", ""
    for block in _article(blocks):
        if before:
            expected += " " if before == "dateline" and block.label == "paragraph" else "\n"
        expected += text[block.start : block.end]
        before = block.label
    view = article_view(text, blocks)
    assert view.text == expected
    assert [(b.label, b.page_start) for b in view.blocks] == [
        (b.label, b.start) for b in _article(blocks)
    ]


@pytest.fixture
def view() -> View:
    """A page with furniture between headline and dateline, and a hard wrap in its paragraph."""
    text = "চরে নতুন স্কুল\nবিজ্ঞাপন\nভোলা:\u00a0ক্লাস শুরু\nসোমবার।"
    blocks = (
        Block(0, 14, "headline"),
        Block(15, 23, "advert"),
        Block(24, 29, "dateline"),
        Block(30, 48, "paragraph"),
    )
    return article_view(text, blocks)


def test_a_dateline_and_its_paragraph_are_joined_by_one_space(view: View) -> None:
    assert view.text == "চরে নতুন স্কুল\nভোলা: ক্লাস শুরু\nসোমবার।"


def test_a_span_over_a_hard_wrap_is_carried(view: View) -> None:
    wrapped = view.to_view(36, 47)
    assert view.text[wrapped.start : wrapped.end] == "শুরু\nসোমবার"


@pytest.mark.parametrize(
    ("start", "end"),
    [(15, 23), (9, 23), (24, 31), (9, 29), (14, 15), (29, 30)],
    ids=["advert", "into advert", "dateline and text", "over it", "newline", "no-break space"],
)
def test_what_crosses_the_border_of_a_block_is_refused(view: View, start: int, end: int) -> None:
    with pytest.raises(SpanError, match=rf"\[{start}, {end}\)"):
        view.to_view(start, end)


def test_a_page_of_furniture_has_an_empty_view() -> None:
    assert article_view("হোম", (Block(0, 3, "chrome"),)) == View("", ())
