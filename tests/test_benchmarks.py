"""The cases of the sentence benchmark are well formed, and its pages are a function of numbers."""

from __future__ import annotations

import re

import pytest

from benchmarks.sentences import SEEN, UNSEEN, Case, boundaries, read_cases
from benchmarks.synthetic import PAGE_BYTES, article_html
from khobor.spans import on_grapheme_border

CASES = [*read_cases(SEEN), *read_cases(UNSEEN)]


def test_eighty_cases_are_kept_from_the_rules_and_no_two_are_one() -> None:
    assert (len(read_cases(SEEN)), len(read_cases(UNSEEN))) == (122, 80)
    assert len({case.case for case in CASES}) == 202
    assert len({case.text for case in CASES}) == 202


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.case)
def test_the_sentences_of_a_case_are_its_text_but_for_white_space(case: Case) -> None:
    place = 0
    for sentence in case.sentences:
        start = case.text.index(sentence, place)
        assert case.text[place:start].strip() == ""
        assert sentence == sentence.strip() != ""
        assert on_grapheme_border(case.text, start)
        place = start + len(sentence)
    assert case.text[place:] == ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.case)
def test_the_boundaries_of_a_case_lie_inside_its_text(case: Case) -> None:
    found = boundaries(case.text, case.sentences)
    assert len(found) == len(case.sentences) - 1 >= 1
    assert all(0 < place < len("".join(case.text.split())) for place in found)


def test_a_case_that_is_not_wrapped_has_a_boundary_at_each_newline() -> None:
    for case in CASES:
        inside = [sentence for sentence in case.sentences if "\n" in sentence]
        assert bool(inside) == case.wrapped, case.case


def test_boundaries_are_carried_where_a_peer_changes_characters() -> None:
    text = "ধান “উঠেছে”। দাম নেই। হাট বসেনি।"
    changed = ["ধান ``উঠেছে''।", "দাম নেই।", "হাট বসেনি।"]
    verbatim = ["ধান “উঠেছে”।", "দাম নেই।", "হাট বসেনি।"]
    assert boundaries(text, changed) == boundaries(text, verbatim)


def test_generated_pages_differ_and_are_the_same_each_time() -> None:
    page = article_html(3)
    assert page == article_html(3) != article_html(4)
    assert 0.98 * PAGE_BYTES < len(page) < 1.05 * PAGE_BYTES
    scripts = sum(map(len, re.findall(rb"<script.*?</script>", page)))
    assert 0.55 < scripts / len(page) < 0.65
