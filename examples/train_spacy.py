"""Train a spaCy pipeline on the entities of a release, and score it: pip install 'khobor[spacy]'

python examples/train_spacy.py dist/khobor-bn-news-1.0.1.dev0 --model names-spacy
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

import spacy
from datasets import load_dataset
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example
from spacy.util import fix_random_seed, minibatch

from khobor.formats.spacy_docbin import write
from khobor.scoring import score_mentions
from khobor.training import (
    Article,
    Labelled,
    gold_annotations,
    predicted_annotations,
    read_articles,
)
from khobor.training.articles import sheet_of


def docs(articles: Iterable[Article], nlp: Language) -> Iterator[Doc]:
    """Turn articles into Docs with BNLP's tokens and the annotated entities.

    `write` with lossy=True: a mention that is not made of whole tokens has no place in spaCy.
    """
    for article in articles:
        written = write(sheet_of(article), article.sentences, True)
        for content in written.files.values():
            yield from DocBin().from_bytes(content).get_docs(nlp.vocab)


def main() -> None:
    """Train on the split train, score on validation (or the split that is asked for)."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("release", help="folder of a release, or its name on the Hub")
    options.add_argument("--model", type=Path, default=Path("names-spacy"))
    options.add_argument("--split", default="validation")
    options.add_argument("--documents", type=int, help="how many of each split, to try it out")
    options.add_argument("--epochs", type=int, default=20)
    options.add_argument("--width", type=int, default=96)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()

    documents = load_dataset(chosen.release, "documents")
    if chosen.documents:
        documents = {name: split.take(chosen.documents) for name, split in documents.items()}
    fix_random_seed(chosen.seed)
    shuffled = random.Random(chosen.seed)

    nlp = spacy.blank("bn")
    encoder = {"@architectures": "spacy.HashEmbedCNN.v2", "width": chosen.width, "depth": 4}
    encoder |= {"embed_size": 2000, "window_size": 1, "maxout_pieces": 3, "subword_features": True}
    encoder |= {"pretrained_vectors": None}
    nlp.add_pipe("ner", config={"model": {"tok2vec": encoder}})
    # A sentence is an example: spaCy's `get_docs` of whole pages would train slowly.
    examples = [
        Example(Doc(nlp.vocab, words=[t.text for t in sentence]), sentence.as_doc())
        for doc in docs(read_articles(documents["train"]), nlp)
        for sentence in doc.sents
    ]
    optimizer = nlp.initialize(lambda: examples)
    for epoch in range(1, chosen.epochs + 1):
        shuffled.shuffle(examples)
        losses: dict[str, float] = {}
        for batch in minibatch(examples, size=32):
            nlp.update(batch, sgd=optimizer, drop=0.3, losses=losses)
        print(f"epoch {epoch}: loss {losses['ner']:.0f}")
    nlp.to_disk(chosen.model)

    articles = list(read_articles(documents[chosen.split]))
    found = {}
    for article, doc in zip(articles, docs(articles, nlp), strict=True):
        spans = []
        for sentence in doc.sents:
            bare = Doc(nlp.vocab, words=[token.text for token in sentence])
            for name in nlp(bare).ents:  # places of tokens, here of one sentence
                place = doc[sentence.start + name.start : sentence.start + name.end]
                spans.append(Labelled(place.start_char, place.end_char, name.label_))
        found[article.doc_id] = spans
    micro = score_mentions(gold_annotations(articles), predicted_annotations(articles, found)).micro
    print(f"F1 {micro.f1 or 0:.3f} ({micro.low or 0:.3f}–{micro.high or 0:.3f}) on {chosen.split}")


if __name__ == "__main__":
    main()
