"""Which mark closes which: apostrophes close nothing, shapes mix, what is open reaches to the end."""

from __future__ import annotations

import pytest
from hypothesis import given

from khobor.layers.tokens import tokenize
from khobor.training.mark_pairs import Pair, find_pairs
from tests.bengali import texts


def pairs_of(text: str) -> list[Pair]:
    spans = tokenize(text)
    tokens = [text[span.start : span.end] for span in spans]
    glued = [at > 0 and spans[at - 1].end == span.start for at, span in enumerate(spans)]
    return find_pairs(tokens, glued)


def inside(text: str) -> list[str]:
    """The text in each pair, without its marks."""
    spans = tokenize(text)
    found = []
    for pair in pairs_of(text):
        last = spans[min(pair.close, len(spans)) - 1].end
        found.append(text[spans[pair.open].end : last].strip())
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("তিনি বলেন, ‘নৌকা আসেনি।’", ["নৌকা আসেনি।"]),
        ("তিনি বলেন, ‘রাত ন’টায় দু’জন এল।’", ["রাত ন’টায় দু’জন এল।"]),
        ("‘তুমি’র গান শোনা গেল।", ["তুমি"]),
        ('মালতী বলেন, "জল নেই।" রেগে গেলেন।', ["জল নেই।"]),
        ('মালতী বলেন, “জল নেই।" রেগে গেলেন।', ["জল নেই।"]),
        ("তিনি বলেন, “সবাই বলে, ‘সময় নেই’। তাই যাই।”", ["সবাই বলে, ‘সময় নেই’। তাই যাই।", "সময় নেই"]),
        ("তিনি বলেন, ‘নৌকা আসেনি। আমরা বসে আছি।", ["নৌকা আসেনি। আমরা বসে আছি।"]),
        ("রাত ন’টায় দু’জন এল।", []),
    ],
)
def test_what_stands_in_marks(text: str, expected: list[str]) -> None:
    assert inside(text) == expected


def test_a_pair_inside_another_is_not_outer_and_an_open_one_is_not_closed() -> None:
    outer, inner = pairs_of("“সবাই বলে, ‘সময় নেই’।”")
    assert (outer.outer, outer.closed, inner.outer, inner.closed) == (True, True, False, True)
    (open_one,) = pairs_of("তিনি বলেন, ‘নৌকা আসেনি।")
    assert not open_one.closed


@given(texts())
def test_pairs_nest_and_lie_in_the_passage(text: str) -> None:
    size = len(tokenize(text))
    found = pairs_of(text)
    assert all(0 <= pair.open < pair.close <= size for pair in found)
    closed = [pair for pair in found if pair.closed]
    for one in closed:
        for other in closed:
            assert not one.open < other.open < one.close < other.close
