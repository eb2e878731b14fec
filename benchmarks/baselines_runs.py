"""This repository's gold documents by part, and what the baselines say of those they have not seen."""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from benchmarks.baselines_others import SEEDS
from benchmarks.material import REPOSITORY, SEED, SHARED
from khobor.corpus.corpora import Entry, assemble
from khobor.records import Annotation, Document, Mention, Quote
from khobor.training.mention_taggers import find_mentions, train_mentions
from khobor.training.models import Models, suggest_annotation, train_models
from khobor.training.name_ends import learn_name_ends
from khobor.training.quote_taggers import find_quotes, train_quotes
from khobor.training.taggers import Tagger

PROTHOM_ALO = SHARED / "news" / "prothomalo.jsonl.gz"
_REAL = "real pages"
_NEW = "test, never looked at"
# Documents on which no feature, rule, word list or setting was chosen or looked at.
UNSEEN = frozenset(
    """
    bontulsi-hill-cutting-monsoon
    dooars-football-league-final
    gangchil-snakebite-block-hospital
    gangchil-tiger-in-kultali
    kashban-facebook-outage
    kashban-onion-price-cap
    mahultala-ward-camp-voters
    megshirish-haor-school-ssc
    nonajol-rab-sundarbans-robbers
    padmapar-metro-first-day
    rupnaran-arsenic-well-survey
    shalbani-eclipse-telescope-night
    """.split()
)

Annotated = tuple[Document, Annotation]
Parts = dict[str, list[Annotated]]
Predicted = dict[str, Annotation]


class Corpus(msgspec.Struct, frozen=True):
    """The gold documents by part, and their entries; real pages are in no part but their own."""

    parts: Parts
    entries: tuple[Entry, ...]
    frozen: bool


def read_corpus() -> Corpus:
    """Read this repository's corpus; real pages, whose texts are withheld, where they are at hand.

    Splits are those of the frozen versions, else those of today's build.
    """
    supplied = [path for path in (PROTHOM_ALO, *sorted(SEED.glob("*.txt"))) if path.is_file()]
    corpus = assemble(
        [REPOSITORY / "pages"], annotations=REPOSITORY / "annotations", supplied=supplied
    )
    parts: Parts = {"train": [], "validation": [], "test": [], _REAL: []}
    for entry in corpus.entries:
        if entry.state == "gold" and entry.annotation is not None and entry.split.split:
            real = entry.row is not None and entry.row.withheld
            parts[_REAL if real else entry.split.split].append((entry.document, entry.annotation))
    unseen = [pair for pair in parts["test"] if pair[0].doc_id in UNSEEN]
    if 0 < len(unseen) < len(parts["test"]):
        parts[_NEW] = unseen
    composed = tuple(e for e in corpus.entries if not (e.row and e.row.withheld))
    return Corpus(parts, composed, bool(corpus.history.rows))


class Measured:
    """All that was trained on train, with what it says of the other parts."""

    def __init__(self, corpus: Corpus, paths: Mapping[str, str]) -> None:
        self.parts = {name: part for name, part in corpus.parts.items() if name != "train" and part}
        train = corpus.parts["train"]
        everything = [pair for part in self.parts.values() for pair in part]
        say("entities")
        self.mentions = {"CRF": predict_mentions(train, everything, {})}
        if paths:
            say("entities, with clusters")
            self.mentions["CRF, with clusters"] = predict_mentions(train, everything, paths)
        self.shuffles = [_shuffled(train, everything, seed) for seed in SEEDS]
        named = self.mentions["CRF"]
        say("quotes")
        self.quotes = {
            "rules": _with_quotes(everything, named, None, rules=True),
            "CRF, without the rules": predict_quotes(train, everything, named, rules=False),
            "CRF with the rules as features": predict_quotes(train, everything, named, rules=True),
            "the same, gold mentions": predict_quotes(
                train, everything, _gold(everything), rules=True
            ),
        }
        say("suggestions")
        with TemporaryDirectory() as folder:
            models = train_models(train, Path(folder) / "model")
            self.suggested = _suggested(everything, models)


def _gold(documents: Sequence[Annotated]) -> Predicted:
    return {document.doc_id: annotation for document, annotation in documents}


def _suggested(documents: Sequence[Annotated], models: Models) -> Predicted:
    return {
        document.doc_id: suggest_annotation(document, models, guideline=annotation.guideline)
        for document, annotation in documents
    }


def predict_mentions(
    train: Sequence[Annotated], others: Sequence[Annotated], paths: Mapping[str, str]
) -> Predicted:
    """Train on some documents and find the mentions of others."""
    ends = learn_name_ends(
        (document.text[mention.start : mention.end], mention)
        for document, annotation in train
        for mention in annotation.mentions
    )
    with TemporaryDirectory() as folder:
        model = Path(folder) / "mentions.crfsuite"
        train_mentions(train, model, paths=paths)
        tagger = Tagger(model)
        return {
            document.doc_id: _says(
                annotation, find_mentions(document, tagger, ends, paths=paths), ()
            )
            for document, annotation in others
        }


def predict_quotes(
    train: Sequence[Annotated], others: Sequence[Annotated], named: Predicted, *, rules: bool
) -> Predicted:
    """Train on some documents and find the quotes of others, whose mentions are given."""
    with TemporaryDirectory() as folder:
        model = Path(folder) / "quotes.crfsuite"
        train_quotes(train, model, rules=rules)
        return _with_quotes(others, named, Tagger(model), rules=rules)


def _with_quotes(
    documents: Sequence[Annotated], named: Predicted, tagger: Tagger | None, *, rules: bool
) -> Predicted:
    found = {}
    for document, annotation in documents:
        mentions = named[document.doc_id].mentions
        quotes = find_quotes(document, mentions, tagger, rules=rules)
        found[document.doc_id] = _says(annotation, mentions, quotes)
    return found


def _says(gold: Annotation, mentions: Sequence[Mention], quotes: Sequence[Quote]) -> Annotation:
    return Annotation(
        gold.doc_id,
        gold.text_sha256,
        "baseline",
        gold.guideline,
        "partial",
        tuple(mentions),
        tuple(quotes),
        status="silver",
    )


def _shuffled(train: Sequence[Annotated], others: Sequence[Annotated], seed: int) -> Predicted:
    """Train on the documents in another order."""
    documents = list(train)
    random.Random(seed).shuffle(documents)
    return predict_mentions(documents, others, {})


def say(what: str) -> None:
    print(f"corpus: {what} …", file=sys.stderr)
