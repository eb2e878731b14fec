"""Pictures: they show what the splits hold, no more, and are sound XML."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.corpus.corpora import Corpus
from khobor.formats.colours import ENTITY_COLOURS
from khobor.records import ENTITY_LABELS, SPLITS
from khobor.release.card.pictures import draw_pictures
from khobor.release.card.tallies import Tallies, Tally, median_of, quantile_of, tally_splits

_SVG = "{http://www.w3.org/2000/svg}"


def _words(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{_SVG}text")]


def test_the_card_shows_every_picture_that_lies_there(release: Path) -> None:
    card = (release / "README.md").read_text(encoding="utf-8")
    found = sorted(path.name for path in (release / "figures").iterdir())
    assert found == [
        "article-lengths.svg", "block-labels.svg", "entity-labels.svg", "quote-kinds.svg",
        "quote-lengths.svg", "sentence-lengths.svg",
    ]  # fmt: skip
    for name in found:
        assert f"](figures/{name})" in card


def test_bars_carry_the_counts_of_the_labels(corpus: Corpus) -> None:
    tallies = tally_splits(corpus.entries)
    (picture,) = [p for p in draw_pictures(tallies) if "entity-labels" in p.path]
    words = _words(picture.svg)
    splits = [split for split in SPLITS if tallies[split].mentions]
    for name in ENTITY_LABELS:
        counts = [f"{tallies[split].mentions[name]:,}" for split in splits]
        if any(count != "0" for count in counts):
            place = words.index(name)
            assert words[place + 1 : place + 1 + len(counts)] == counts
            assert ENTITY_COLOURS[name] in picture.svg
        else:
            assert name not in words


def test_what_nobody_annotated_has_no_picture() -> None:
    tally = Tally(documents=1, words=Counter({5: 1}), sentence_tokens=Counter({5: 1}))
    tallies: Tallies = {"train": tally, "validation": Tally(), "test": Tally()}
    paths = [picture.path for picture in draw_pictures(tallies)]
    assert paths == ["figures/article-lengths.svg", "figures/sentence-lengths.svg"]
    assert draw_pictures(dict.fromkeys(SPLITS, Tally())) == ()


@given(st.dictionaries(st.integers(0, 10**7), st.integers(1, 10**6), min_size=1, max_size=30))
def test_any_lengths_fit_the_picture(lengths: dict[int, int]) -> None:
    """Bins hold everything once: their counts add up, and no bar leaves the picture."""
    tallies: Tallies = {
        "train": Tally(words=Counter(lengths)),
        "validation": Tally(),
        "test": Tally(),
    }
    (picture, *_) = draw_pictures(tallies)
    root = ElementTree.fromstring(picture.svg)
    ground, *bars = root.iter(f"{_SVG}rect")
    assert 1 <= len(bars) <= 20
    for bar in bars:
        x, y, width, height = (float(bar.get(name, "")) for name in ("x", "y", "width", "height"))
        assert x >= 0
        assert x + width <= float(ground.get("width", ""))
        assert y >= 0
        assert y + height <= float(ground.get("height", ""))
        assert width > 1


@pytest.mark.parametrize(
    ("lengths", "median", "most_of_them"),
    [({5: 1}, "5", 5), ({1: 1, 2: 1}, "1.5", 2), ({1: 99, 900: 1}, "1", 1), ({1200: 3}, "1,200", 1200)],
)  # fmt: skip
def test_medians_and_quantiles(lengths: dict[int, int], median: str, most_of_them: int) -> None:
    assert median_of(Counter(lengths)) == median
    assert quantile_of(Counter(lengths), 0.99) == most_of_them
    assert median_of(Counter()) == "–"
