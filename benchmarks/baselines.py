"""Train the baselines, score them, and write docs/baselines.md."""

from __future__ import annotations

import argparse
import importlib.metadata
import platform
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks import baselines_corpus, baselines_others
from benchmarks.figures import markdown
from benchmarks.material import INQILAB, REPOSITORY, articles
from khobor.training.word_clusters import BITS, WORDS, learn_paths

DOCUMENT = REPOSITORY / "docs" / "baselines.md"
SEED = 2021
_OPENING = """# Baselines

Written by `make baselines`: linear-chain CRFs and rules on one core, without a GPU, to hold better models
against. They are what `khobor suggest` annotates new pages with (mentions without clusters, quotes
with the rules as features). docs/scoring.md says what each figure is.

Features of a word: form, stem, glued ending, shape, beginnings and ends, character n-grams, word lists
(khobor/training/names.py and words.py), the same of both neighbours, what stands beside it elsewhere
on its page. Training is L-BFGS: it draws nothing, and the same documents in the same order give
the same model; what seeds change is the order of training and which documents an interval draws.
"""


def main() -> None:
    """Measure, print, and write the document."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.baselines", description=__doc__)
    parser.add_argument("--out", type=Path, default=DOCUMENT, help="the file to write")
    arguments = parser.parse_args()
    paths = _paths()
    found = [*baselines_corpus.figures(paths), *baselines_others.figures(paths)]
    parts = [_OPENING, _machine(paths), *map(markdown, found)]
    arguments.out.write_text("\n".join(parts), encoding="utf-8")
    print(arguments.out.read_text(encoding="utf-8"))


def _paths() -> Mapping[str, str]:
    """Learn clusters from the Inqilab articles, where they are at hand."""
    if not INQILAB.is_file():
        return {}
    print("clusters …", file=sys.stderr)
    return learn_paths((f"{each.title}\n{each.body}" for each in articles()), seed=SEED)


def _machine(paths: Mapping[str, str]) -> str:
    versions = ", ".join(
        f"{name} {importlib.metadata.version(name)}" for name in ("python-crfsuite", "bnlp-toolkit")
    )
    clusters = (
        f"Clusters: paths of up to {BITS} bits for the {WORDS:,} most frequent forms of the Inqilab "
        f"articles, seed {SEED}. Their text is not ours to ship, so `khobor suggest` goes without."
        if paths
        else "Clusters: not measured, the Inqilab articles are not beside the checkout."
    )
    return f"Python {platform.python_version()}, {versions}. {clusters}\n"


if __name__ == "__main__":
    main()
