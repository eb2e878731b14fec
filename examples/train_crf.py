"""Train a CRF on the entities of a release, and score it: pip install python-crfsuite

python examples/train_crf.py dist/khobor-bn-news-1.0.1.dev0 --model names.crf
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import pycrfsuite
from datasets import load_dataset

from khobor.scoring import score_tags


def features(tokens: Sequence[str]) -> list[list[str]]:
    """Turn the tokens of a sentence into what the CRF sees of each: itself and its neighbours.

    A Bengali name is known by the words beside it and by its ending (ঢাকা|র, রহমান|কে).
    """
    padded = ["<s>", *tokens, "</s>"]
    return [
        [
            "bias",
            f"word={word}",
            f"digits={any(letter.isdigit() for letter in word)}",
            *(f"start{size}={word[:size]}" for size in (1, 2, 3)),
            *(f"end{size}={word[-size:]}" for size in (1, 2, 3, 4)),
            f"before={padded[place]}",
            f"behind={padded[place + 2]}",
            f"end2 before={padded[place][-2:]}",
            f"end2 behind={padded[place + 2][-2:]}",
        ]
        for place, word in enumerate(tokens)
    ]


def main() -> None:
    """Train on the split train, score on validation (or the split that is asked for)."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("release", help="folder of a release, or its name on the Hub")
    options.add_argument("--model", type=Path, default=Path("names.crf"))
    options.add_argument("--split", default="validation")
    options.add_argument("--iterations", type=int, default=100)
    chosen = options.parse_args()

    sentences = load_dataset(chosen.release, "sentences")
    names = sentences["train"].features["ner_tags"].feature.names

    trainer = pycrfsuite.Trainer(verbose=False)
    trainer.set_params({"c1": 0.1, "c2": 0.01, "max_iterations": chosen.iterations})
    for row in sentences["train"]:
        if row["ner_tags"] is not None:  # nobody annotated it: that is not O
            trainer.append(features(row["tokens"]), [names[tag] for tag in row["ner_tags"]])
    trainer.train(str(chosen.model))

    tagger = pycrfsuite.Tagger()
    tagger.open(str(chosen.model))
    rows = [row for row in sentences[chosen.split] if row["ner_tags"] is not None]
    scores = score_tags(
        [[names[tag] for tag in row["ner_tags"]] for row in rows],
        [tagger.tag(features(row["tokens"])) for row in rows],
    )
    for label, score in sorted(scores.labels.items()):
        print(f"{label:8} {score.f1 or 0:.3f}")
    print(f"F1 {scores.micro.f1 or 0:.3f} on {chosen.split}")


if __name__ == "__main__":
    main()
