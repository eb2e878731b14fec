"""Named entities on the sets of others: khobor's CRF, with and without clusters, and BNLP's trainer."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import io
import pickle
import random
import sys
import types
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from benchmarks.baselines_sets import BANGLAKIT, RIFAT, NamedSet, Sentence, banglakit, rifat
from benchmarks.figures import Bar, Cell, Figure, absent
from khobor.scoring import Score, SpanScores, tag_spans
from khobor.scoring.figures import Resamples
from khobor.scoring.mention_scores import span_scores
from khobor.scoring.places import same_counts
from khobor.training.features import Surroundings, sequence_features
from khobor.training.mention_taggers import SETTINGS
from khobor.training.taggers import Tagger, train_tagger

SEEDS = (1, 2)
# What python-crfsuite with own features reached on Rifat1493 before this project.
_RIFAT_BAR = 0.62
_CLUSTERED = "khobor, with clusters"
_BNLP = "BNLP's CRF trainer"

Tagging = list[list[str]]
Train = Callable[[Sequence[Sentence], Sequence[Sentence]], Tagging]


class Outcome(msgspec.Struct, frozen=True):
    """What a tagger reached on a set; `shuffles`: F1 when trained on shuffled sentences."""

    tagger: str
    scores: SpanScores
    with_seen: Score
    shuffles: tuple[float, ...] = ()


def figures(paths: Mapping[str, str]) -> list[Figure]:
    """Measure on every set that is beside the checkout; `paths` of word_clusters."""
    found = []
    for name, place, read in (
        ("Rifat1493", RIFAT, rifat),
        ("banglakit", BANGLAKIT, banglakit),
    ):
        if place.exists():
            there = read()
            found.append(_figure(there, _outcomes(there, paths)))
        else:
            found.append(absent(f"Entities on {name}", str(place.name)))
    return found


def _outcomes(there: NamedSet, paths: Mapping[str, str]) -> list[Outcome]:
    taggers: list[tuple[str, Train]] = [(_BNLP, bnlp_tags), ("khobor", _khobor({}))]
    if paths:
        taggers.append((_CLUSTERED, _khobor(paths)))
    outcomes = []
    for name, train in taggers:
        print(f"{there.name}: {name} …", file=sys.stderr)
        tags = train(there.train, [*there.test, *there.seen])
        last = name == taggers[-1][0]
        outcomes.append(
            Outcome(
                name,
                _scores(there.test, tags[: len(there.test)]),
                _scores([*there.test, *there.seen], tags).micro,
                tuple(_shuffled(there, train, seed) for seed in SEEDS) if last else (),
            )
        )
    return outcomes


def _shuffled(there: NamedSet, train: Train, seed: int) -> float:
    """Train on the sentences in another order."""
    sentences = list(there.train)
    random.Random(seed).shuffle(sentences)
    return _scores(there.test, train(sentences, there.test)).micro.f1 or 0.0


def _scores(gold: Sequence[Sentence], tags: Tagging) -> SpanScores:
    counts = [
        same_counts(tag_spans(sentence.tags), tag_spans(_as_bio(found)))
        for sentence, found in zip(gold, tags, strict=True)
    ]
    return span_scores(counts, Resamples(len(counts)))


def _as_bio(tags: Sequence[str]) -> list[str]:
    """Let B begin every name, for all taggers alike: an I that begins one is meant as B."""
    return [
        f"B-{tag[2:]}" if tag[0] == "I" and before[2:] != tag[2:] else tag
        for before, tag in zip(["O", *tags], tags, strict=False)
    ]


def _khobor(paths: Mapping[str, str]) -> Train:
    around = Surroundings(paths=paths)

    def train(sentences: Sequence[Sentence], test: Sequence[Sentence]) -> Tagging:
        with TemporaryDirectory() as folder:
            model = Path(folder) / "mentions.crfsuite"
            train_tagger(
                (
                    (sequence_features(sentence.tokens, around=around), sentence.tags)
                    for sentence in sentences
                ),
                model,
                SETTINGS,
            )
            tagger = Tagger(model)
            return [
                tagger.tag(sequence_features(sentence.tokens, around=around)) for sentence in test
            ]

    return train


def bnlp_tags(sentences: Sequence[Sentence], test: Sequence[Sentence]) -> Tagging:
    """Train with BNLP's CRFTaggerTrainer as it stands, and tag with its features.

    It writes its model as a pickle; the one that is read here was written a line above.
    """
    trainer = _bnlp("bnlp.token_classification.token_classification_trainer").CRFTaggerTrainer()
    features = _bnlp("bnlp.utils.utils").features
    pairs = [list(zip(sentence.tokens, sentence.tags, strict=True)) for sentence in sentences]
    with TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        model = Path(folder) / "model.pkl"
        trainer.train(str(model), pairs, pairs[:1])
        crf = pickle.loads(model.read_bytes())
    return [
        list(tags)
        for tags in crf.predict(
            [
                [features(sentence.tokens, at) for at in range(len(sentence.tokens))]
                for sentence in test
            ]
        )
    ]


def _bnlp(name: str) -> types.ModuleType:
    """Import a module of BNLP without `import bnlp`, which asks the network for an nltk model."""
    if "bnlp" not in sys.modules:
        spec = importlib.util.find_spec("bnlp")
        if spec is None or spec.submodule_search_locations is None:
            raise ModuleNotFoundError("bnlp")
        package = types.ModuleType("bnlp")
        package.__path__ = list(spec.submodule_search_locations)
        sys.modules["bnlp"] = package
    return importlib.import_module(name)


def _figure(there: NamedSet, outcomes: Sequence[Outcome]) -> Figure:
    labels = sorted({label for outcome in outcomes for label in outcome.scores.labels})
    best = max(outcomes, key=lambda outcome: outcome.scores.micro.f1 or 0)
    bnlp = next(outcome for outcome in outcomes if outcome.tagger == _BNLP)
    bars = [_above(f"exact F1 above {_BNLP}", outcomes[-1], bnlp.scores.micro.f1 or 0)]
    if there.name == "Rifat1493":
        bars.append(_above(f"exact F1 above {_RIFAT_BAR}", outcomes[-1], _RIFAT_BAR))
    notes = [
        "F1 of spans with exactly the gold's tokens and label, strict BIO; in brackets the 95 % "
        "interval over resampled sentences. `shuffles`: least and greatest F1 when the training "
        f"sentences are shuffled by the seeds {', '.join(map(str, SEEDS))}."
    ]
    if there.seen:
        listed = ", ".join(f"{outcome.tagger} {outcome.with_seen.f1:.3f}" for outcome in outcomes)
        notes.append(f"With the {len(there.seen)} dropped test sentences: {listed}.")
    if best.tagger == _BNLP:
        notes.append("BNLP's features are better here.")
    return Figure(
        title=f"Entities on {there.name}",
        measured=(
            "khobor's features of words and neighbours in a linear-chain CRF (python-crfsuite), with "
            "and without clusters of words learned from the Inqilab articles, and BNLP's "
            "CRFTaggerTrainer as it stands, trained on the same sentences in the same run."
        ),
        on=f"{there.name}, {len(there.train):,} sentences to train on, {len(there.test):,} to test "
        f"on: {'; '.join(there.dropped)}",
        columns=("tagger", "precision", "recall", "F1", "shuffles", *labels),
        rows=tuple(_row(outcome, labels) for outcome in outcomes),
        bars=tuple(bars),
        notes=tuple(notes),
    )


def _row(outcome: Outcome, labels: Sequence[str]) -> tuple[Cell, ...]:
    micro = outcome.scores.micro
    return (
        outcome.tagger,
        micro.precision,
        micro.recall,
        interval(micro),
        f"{min(outcome.shuffles):.3f}–{max(outcome.shuffles):.3f}" if outcome.shuffles else None,
        *(
            outcome.scores.labels[label].f1 if label in outcome.scores.labels else None
            for label in labels
        ),
    )


def interval(score: Score) -> str:
    """Print F1 with its interval."""
    if score.f1 is None:
        return "–"
    if score.low is None or score.high is None:
        return f"{score.f1:.3f}"
    return f"{score.f1:.3f} ({score.low:.3f}–{score.high:.3f})"


def _above(what: str, outcome: Outcome, bar: float) -> Bar:
    reached = outcome.scores.micro.f1 or 0
    return Bar(f"{what} ({bar:.3f})", f"{reached:.3f}", met=reached > bar)
