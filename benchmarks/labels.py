"""How well blocks are labelled, and whether rules were the right choice."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from benchmarks.figures import Cell, Figure, show
from benchmarks.material import LabelledPage, labelled_pages
from khobor.layers.blocks import label_blocks
from khobor.layers.lines import Line, read_lines
from khobor.layers.paragraphs import unwrap
from khobor.records import BLOCK_LABELS, Block
from khobor.scoring.blocks import block_counts
from khobor.scoring.counts import Counts, total

_UNREAD = frozenset({"start", "end", "text", "path", "links"})  # fields that are no features
_CRF = {"c1": 0.05, "c2": 0.05, "max_iterations": 200, "feature.possible_transitions": True}
_NEIGHBOURS = (-2, -1, 1, 2)


class LineCount(msgspec.Struct, frozen=True):
    """Lines of a publisher's page that each labeller gets right."""

    publisher: str
    lines: int
    rules: int
    crf: int


def count_labels(pages: Sequence[LabelledPage]) -> list[tuple[str, Counts]]:
    """Compare blocks as (span, label), label by label."""
    found = [(page.blocks, label_blocks(page.page)) for page in pages]
    return [
        (label, total([block_counts(gold, blocks, label) for gold, blocks in found]))
        for label in BLOCK_LABELS
    ]


def count_publishers(pages: Sequence[LabelledPage]) -> list[tuple[str, Counts]]:
    """Compare blocks as (span, label), publisher by publisher."""
    return [
        (
            name,
            total(
                [block_counts(p.blocks, label_blocks(p.page)) for p in pages if p.publisher == name]
            ),
        )
        for name in sorted({page.publisher for page in pages})
    ]


def count_lines(pages: Sequence[LabelledPage]) -> list[LineCount]:
    """Compare the labels of whole lines: the rules, and a CRF that leaves one publisher out."""
    lines = [
        read_lines(page.page.text, unwrap(page.page.text, page.page.stretches)) for page in pages
    ]
    gold = [_labels(found, page.blocks) for found, page in zip(lines, pages, strict=True)]
    counts = []
    for name in sorted({page.publisher for page in pages}):
        own = [at for at, page in enumerate(pages) if page.publisher == name]
        others = [(lines[at], gold[at]) for at, page in enumerate(pages) if page.publisher != name]
        crf = _predict(others, [lines[at] for at in own])
        rules = [_labels(lines[at], label_blocks(pages[at].page)) for at in own]
        wanted = [label for at in own for label in gold[at]]
        counts.append(LineCount(name, len(wanted), _same(wanted, rules), _same(wanted, crf)))
    return counts


def _same(wanted: Sequence[str], found: Sequence[Sequence[str]]) -> int:
    labels = [label for page in found for label in page]
    return sum(a == b for a, b in zip(wanted, labels, strict=True))


def features(line: Line) -> dict[str, float | bool | str]:
    """Turn every field of a Line but its text and place into features, lengths as logarithms."""
    read = dict(_fields(line))
    read["size"] = math.log1p(line.end - line.start)
    return read


def figures() -> list[Figure]:
    """Measure blocks, then lines."""
    pages = labelled_pages()
    labels, publishers, lines = count_labels(pages), count_publishers(pages), count_lines(pages)
    on = (
        f"pages/: {len(pages)} articles of {len(publishers)} publishers, "
        f"{sum(each.first for _, each in labels):,} blocks by hand. The labeller is rules without "
        "training, so every page is held out of training; but rules were revised on what they got "
        "wrong here, so a page of another publisher will be labelled less well"
    )
    rules = sum(each.rules for each in lines) / sum(each.lines for each in lines)
    crf = sum(each.crf for each in lines) / sum(each.lines for each in lines)
    return [
        Figure(
            title="Block labels",
            measured="Blocks with exactly the gold's span and label, by label.",
            on=on,
            columns=("label", "gold", "precision", "recall", "F1"),
            rows=tuple(_block_rows(labels)),
        ),
        Figure(
            title="Block labels by publisher",
            measured="The same blocks, by publisher.",
            on=on,
            columns=("publisher", "gold", "precision", "recall", "F1"),
            rows=tuple(_block_rows(publishers)),
        ),
        Figure(
            title="Rules and a trained labeller",
            measured=(
                "Lines (before datelines and glued headlines are cut off) with the label of the "
                "gold block that covers most of them: khobor's rules, and a linear-chain CRF "
                "(python-crfsuite) over all features of khobor.layers.lines.Line of a line and "
                "two neighbours each side, trained on the other publishers' pages."
            ),
            on=on,
            columns=("publisher", "lines", "rules", "CRF, its publisher left out"),
            rows=(
                *(
                    (each.publisher, each.lines, each.rules / each.lines, each.crf / each.lines)
                    for each in lines
                ),
                ("all", sum(each.lines for each in lines), rules, crf),
            ),
        ),
    ]


def _block_rows(counts: Sequence[tuple[str, Counts]]) -> Iterator[tuple[Cell, ...]]:
    everything = ("all", total([each for _, each in counts]))
    for key, each in (*counts, everything):
        yield key, each.first, each.precision, each.recall, each.f1


def _labels(lines: Sequence[Line], blocks: Sequence[Block]) -> list[str]:
    """Turn blocks into a label for each line: that of the block that covers most of it."""
    labels = []
    for line in lines:
        covered: Counter[str] = Counter()
        for block in blocks:
            covered[block.label] += max(0, min(line.end, block.end) - max(line.start, block.start))
        labels.append(covered.most_common(1)[0][0])
    return labels


def _fields(record: msgspec.Struct, prefix: str = "") -> Iterator[tuple[str, float | bool | str]]:
    for name in record.__struct_fields__:
        value = getattr(record, name)
        if isinstance(value, msgspec.Struct):
            yield from _fields(value, f"{prefix}{name}.")
        elif name not in _UNREAD and isinstance(value, bool | float | str):
            yield prefix + name, value
        elif name not in _UNREAD and isinstance(value, int):
            yield prefix + name, math.log1p(value)


def _with_neighbours(lines: Sequence[Line]) -> list[dict[str, float | bool | str]]:
    own = [features(line) for line in lines]
    rows = []
    for place, line in enumerate(own):
        row = {"bias": True, **line, "above": math.log1p(place)}
        for step in _NEIGHBOURS:
            if 0 <= place + step < len(own):
                row |= {f"{step}:{name}": value for name, value in own[place + step].items()}
            else:
                row[f"{step}:edge"] = True
        rows.append(row)
    return rows


def _predict(
    known: Sequence[tuple[list[Line], list[str]]], pages: Sequence[Sequence[Line]]
) -> list[list[str]]:
    """Train a CRF on labelled pages and label the lines of others."""
    import pycrfsuite

    trainer = pycrfsuite.Trainer(params=_CRF, verbose=False)
    for page, labels in known:
        trainer.append(_with_neighbours(page), labels)
    with TemporaryDirectory() as folder:
        model = str(Path(folder) / "labels.crfsuite")
        trainer.train(model)
        tagger = pycrfsuite.Tagger()
        with tagger.open(model):
            return [list(tagger.tag(_with_neighbours(lines))) for lines in pages]


if __name__ == "__main__":
    show(figures())
