"""Colours of labels: one for each, no two alike in a group, and black words readable on them."""

from __future__ import annotations

import re

import pytest

from khobor.formats.colours import BLOCK_COLOURS, COLOURS, ENTITY_COLOURS, QUOTE_COLOURS
from khobor.records import BLOCK_LABELS, ENTITY_LABELS, QUOTE_ROLES


def test_every_label_has_a_colour() -> None:
    assert tuple(ENTITY_COLOURS) == ENTITY_LABELS
    assert tuple(BLOCK_COLOURS) == BLOCK_LABELS
    assert tuple(QUOTE_COLOURS) == (*QUOTE_ROLES, "QUOTED")
    assert set(COLOURS) == {*ENTITY_LABELS, *BLOCK_LABELS, *QUOTE_COLOURS, "ENDING"}


@pytest.mark.parametrize("group", [ENTITY_COLOURS, QUOTE_COLOURS, BLOCK_COLOURS])
def test_no_two_labels_of_a_group_look_alike(group: dict[str, str]) -> None:
    assert len(set(group.values())) == len(group)


@pytest.mark.parametrize("colour", COLOURS.values())
def test_black_words_stay_readable(colour: str) -> None:
    """WCAG 2.1: relative luminance; black on it has a contrast of at least 10 to 1."""
    assert re.fullmatch(r"#[0-9a-f]{6}", colour)
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in (red, green, blue)
    ]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    assert (luminance + 0.05) / 0.05 >= 10
