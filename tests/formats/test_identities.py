"""Items known again by where they stand."""

from __future__ import annotations

from itertools import islice

from khobor.formats.identities import fresh_ids, known_again, places_key

IDS = {
    places_key("mention", 1, (0, 4, "GPE")): "e1",
    places_key("mention", 2, (0, 4, "GPE")): "e2",
    places_key("mention", 3, (7, 9, "PER")): "e3",
    places_key("block", 1, (0, 4, "headline")): "b1",
}


def test_the_same_span_and_label_is_the_same_item_and_twins_keep_their_order() -> None:
    found = [(7, 9, "PER"), (0, 4, "GPE"), (0, 4, "GPE")]
    assert known_again("mention", found, IDS) == ["e3", "e1", "e2"]


def test_the_same_span_with_another_label_is_the_item_relabelled() -> None:
    assert known_again("mention", [(7, 9, "ORG")], IDS) == ["e3"]


def test_one_of_two_relabelled_twins_could_be_either_and_is_new() -> None:
    assert known_again("mention", [(0, 4, "LOC")], IDS) == [None]


def test_of_twins_the_one_that_is_left_is_the_relabelled_one() -> None:
    found = [(0, 4, "LOC"), (0, 4, "GPE")]
    assert known_again("mention", found, IDS) == ["e2", "e1"]


def test_a_moved_item_is_new_and_another_family_is_no_help() -> None:
    assert known_again("mention", [(7, 10, "PER")], IDS) == [None]
    assert known_again("quote", [(7, 9, "PER")], IDS) == [None]


def test_keys_of_strangers_are_passed_over() -> None:
    rubbish = {"": "x", "mention 1": "y", "mention 1 " + "9" * 99 + " 2 PER": "z", "12": "e1"}
    assert known_again("mention", [(0, 2, "PER")], rubbish) == [None]


def test_new_ids_leave_out_those_that_are_taken() -> None:
    assert list(islice(fresh_ids("e", {"e1", "e3"}), 3)) == ["e2", "e4", "e5"]
