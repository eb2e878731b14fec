"""Windows: they cover an article, fit, cut no entity, and keep quotes of several sentences whole."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.errors import UsageError
from khobor.layers.sentences import split_sentences
from khobor.training import Article, Window, make_windows, merge_windows
from khobor.training.articles import quote_parts
from khobor.training.windows import count_words
from tests.bengali import texts
from tests.training.articles import written

LONG_QUOTE = written(
    "নদীর পাড়ে আজ সভা হয়েছে। অনেকে এসেছিলেন।",
    "⟪q1 SPEAKER মাঝি [রহিম শেখ PER]⟫ ⟪q1 CUE বলেন⟫, ‘⟪q1 CONTENT ঘাট ভেঙে গেছে। নৌকা রাখার জায়গা নেই। আমরা"
    " এখন কোথায় যাব?⟫’",
    "সভা শেষে সবাই ফিরে যান।",
)


def _extent(article: Article) -> tuple[int, int]:
    parts = [part for quote in article.quotes or () for _, part in quote_parts(quote)]
    return min(part.start for part in parts), max(part.end for part in parts)


@pytest.mark.parametrize("size", range(24, 36))
def test_a_quote_over_several_sentences_stays_whole_where_it_fits(size: int) -> None:
    start, end = _extent(LONG_QUOTE)
    assert count_words(LONG_QUOTE.text[start:end]) <= 24 < count_words(LONG_QUOTE.text)
    windows = make_windows(LONG_QUOTE, max_size=size)
    assert len(windows) > 1
    assert [window.cut for window in windows] == [()] * len(windows)
    assert sum(window.start <= start and end <= window.end for window in windows) == 1


def test_a_quote_that_fits_nowhere_is_listed_as_cut() -> None:
    windows = make_windows(LONG_QUOTE, max_size=12)
    assert {id_ for window in windows for id_ in window.cut} == {"q1"}
    assert all(count_words(LONG_QUOTE.text[w.start : w.end]) <= 12 for w in windows)


def test_blind_windows_do_not_know_where_a_quote_ends() -> None:
    unmarked = Article("small", LONG_QUOTE.text, "none", LONG_QUOTE.sentences, None, None)
    for size in range(5, 40):
        blind = make_windows(LONG_QUOTE, max_size=size, blind=True)
        bare = make_windows(unmarked, max_size=size)
        assert [(w.start, w.end) for w in blind] == [(w.start, w.end) for w in bare]


def test_an_entity_larger_than_a_window_is_kept_whole_and_called_oversize() -> None:
    article = written("আজ [জাতীয় নদী রক্ষা কমিশন সদর কার্যালয় ORG] খুলেছে।")
    windows = make_windows(article, max_size=3)
    (oversize,) = [window for window in windows if window.oversize]
    assert article.text[oversize.start : oversize.end] == "জাতীয় নদী রক্ষা কমিশন সদর কার্যালয়"
    assert all(window.cut == () for window in windows)


@given(text=texts(max_size=60), size=st.integers(1, 12), stride=st.integers(0, 3))
def test_windows_cover_the_text_in_order_and_their_cores_follow_each_other(
    text: str, size: int, stride: int
) -> None:
    article = Article("small", text, "gold", tuple(split_sentences(text)), (), ())
    windows = make_windows(article, max_size=size, stride=stride)
    assert (windows == []) == (text.strip() == "")
    covered = {place for window in windows for place in range(window.start, window.end)}
    assert all(text[place].isspace() for place in set(range(len(text))) - covered)
    for window in windows:
        assert window.oversize or count_words(text[window.start : window.end]) <= size
    if windows:
        assert (windows[0].core_start, windows[-1].core_end) == (0, len(text))
    for one, other in pairwise(windows):
        assert one.core_end == other.core_start
        assert one.start < other.start
        assert one.end < other.end
        assert other.start <= one.core_end  # from its core on, a window sees everything
        assert text[one.end : one.core_end].strip() == ""  # and so does the one before, up to it


def test_a_stride_begins_again_before_the_end() -> None:
    lines = tuple(f"বাক্য নম্বর {number} এখানে।" for number in range(12))
    article = written(*lines)
    apart = make_windows(article, max_size=20)
    overlapping = make_windows(article, max_size=20, stride=2)
    assert all(one.end <= other.start for one, other in pairwise(apart))
    assert all(one.end > other.start for one, other in pairwise(overlapping))


@pytest.mark.parametrize(("size", "stride"), [(0, 0), (5, -1)])
def test_senseless_sizes_are_refused(size: int, stride: int) -> None:
    with pytest.raises(UsageError, match="windows of at most"):
        make_windows(LONG_QUOTE, max_size=size, stride=stride)


def test_a_finding_counts_once_where_windows_overlap_and_may_nest_in_one() -> None:
    first = Window("small", 0, 20, 0, 15)
    second = Window("small", 10, 30, 15, 30)
    merged = merge_windows(
        [(second, [(12, 14), (14, 18), (17, 19), (25, 28)]), (first, [(2, 9), (2, 4), (13, 18)])],
        lambda span: span,
    )
    assert merged == [(2, 4), (2, 9), (13, 18), (25, 28)]
