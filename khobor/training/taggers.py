"""Linear-chain CRFs over tokens (python-crfsuite): train, save, load, tag.

Training is L-BFGS without chance: the same sequences in the same order give the same model file
to the byte. The file is crfsuite's own binary; nothing is pickled.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from khobor.errors import UsageError

Rows = list[list[str]]  # the features of every token of a sequence


class Settings(msgspec.Struct, frozen=True):
    """What a CRF is trained with: L1 and L2 weights, iterations, the least count of a feature."""

    c1: float = 0.1
    c2: float = 0.05
    iterations: int = 100
    least: int = 1


def train_tagger(
    sequences: Iterable[tuple[Rows, Sequence[str]]], path: Path, settings: Settings
) -> None:
    """Turn (features, tags) of sequences into a model file; sequences without a token are left out.

    Raises UsageError where there is nothing to learn from.
    """
    import pycrfsuite

    trainer = pycrfsuite.Trainer(
        algorithm="lbfgs",
        params={
            "c1": settings.c1,
            "c2": settings.c2,
            "max_iterations": settings.iterations,
            "feature.minfreq": settings.least,
            "feature.possible_transitions": True,
        },
        verbose=False,
    )
    tagged = 0
    for rows, tags in sequences:
        if rows:
            trainer.append(pycrfsuite.ItemSequence(rows), list(tags))
            tagged += 1
    if not tagged:
        raise UsageError(
            "no sentence to learn from", where=str(path), fix="train on annotated documents"
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    trainer.train(str(partial))
    os.replace(partial, path)


class Tagger:
    """A model file, open: `tag` turns the features of a sequence into tags."""

    def __init__(self, path: Path) -> None:
        """Open a model file; raise UsageError where it is none."""
        import pycrfsuite

        self._tagger = pycrfsuite.Tagger()
        try:
            self._tagger.open(str(path))
        except (OSError, ValueError) as error:
            raise UsageError(
                "is no model of crfsuite", where=str(path), fix="train it again"
            ) from error

    def tag(self, rows: Rows) -> list[str]:
        """Turn the features of a sequence into one tag a token."""
        import pycrfsuite

        return list(self._tagger.tag(pycrfsuite.ItemSequence(rows))) if rows else []


def spans_of(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """Turn BIO tags into (first, behind last, label); an I that nothing begins begins a span."""
    spans: list[tuple[int, int, str]] = []
    start, label = 0, ""
    for at, tag in enumerate([*tags, "O"]):
        kind, _, name = tag.partition("-")
        if label and (kind != "I" or name != label):
            spans.append((start, at, label))
            label = ""
        if name and not label:
            start, label = at, name
    return spans
