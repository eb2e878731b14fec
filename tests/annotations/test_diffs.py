"""A diff that suggests places: only between two states of one text."""

from __future__ import annotations

import pytest

from khobor.annotations.diffs import map_span, map_texts

OLD = "ঘাটের ইজারাদার হাসান মাহমুদ বলেন, ‘ফেরিতে দুই শ গাড়ি উঠবে।’ শিশুরা খুশিতে হাততালি দেয়।"
UNRELATED = "স্কুলের প্রধান শিক্ষক সালমা খাতুন বলেন, ‘রোদ-বৃষ্টি যা-ই থাকুক, ক্লাস চলে।’ গত বছর শুরু।"


def _suggested(old: str, new: str, words: str) -> str | None:
    start = old.index(words)
    span = map_span(map_texts(old, new), start, start + len(words))
    return None if span is None else new[span.start : span.end]


def test_between_unrelated_texts_nothing_is_suggested() -> None:
    """The marks that all texts share are no words: a diff would find places by them."""
    for words in ("হাসান মাহমুদ", "ফেরিতে দুই শ গাড়ি উঠবে", "বলেন"):
        assert _suggested(OLD, UNRELATED, words) is None


@pytest.mark.parametrize(
    "new",
    [
        pytest.param(OLD.replace("হাসান", "হাছান"), id="one word changed"),
        pytest.param(OLD.replace("হাসান", "হাছান")[:40], id="cut off"),
        pytest.param(f"{UNRELATED}\n{OLD.replace('হাসান', 'হাছান')}\n{UNRELATED}", id="embedded"),
    ],
)
def test_between_two_states_of_a_text_the_changed_words_are_suggested(new: str) -> None:
    assert _suggested(OLD, new, "হাসান মাহমুদ") == "হাছান মাহমুদ"
