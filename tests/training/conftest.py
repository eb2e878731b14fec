"""Fixtures of the training tests: rows of documents, tokenizers trained on the spot, a release."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

from khobor.corpus.corpora import assemble
from khobor.release.writers import write_release
from khobor.training import Article
from tests.bengali import PIECES
from tests.samples import FERRY, HAOR, ORANGE, POTATO, TRAM
from tests.training.articles import article_of, row_of

_SPECIALS = ["[PAD]", "[CLS]", "[SEP]"]
_TEXTS = [article_of(sample).text for sample in (FERRY, ORANGE, HAOR, TRAM, POTATO)]
_TEXTS += [" ".join(PIECES)] * 4


def byte_level() -> Tokenizer:
    """Train a byte-level BPE: a letter may be cut into bytes."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=600,
        special_tokens=_SPECIALS,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_TEXTS, trainer)
    return tokenizer


def unigram() -> Tokenizer:
    """Train a unigram tokenizer with Metaspace: spaces are part of subwords."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return _train_unigram(tokenizer)


def normalising_unigram() -> Tokenizer:
    """Train a unigram tokenizer that normalises first, as XLM-R's and its like do."""
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return _train_unigram(tokenizer)


def _train_unigram(tokenizer: Tokenizer) -> Tokenizer:
    trainer = trainers.UnigramTrainer(
        vocab_size=400,
        special_tokens=[*_SPECIALS, "[UNK]"],
        unk_token="[UNK]",
        show_progress=False,
    )
    tokenizer.train_from_iterator(_TEXTS, trainer)
    return tokenizer


TOKENIZERS: dict[str, Callable[[], Tokenizer]] = {
    "byte-level": byte_level,
    "unigram": unigram,
    "unigram after NFKC": normalising_unigram,
}


@pytest.fixture(scope="session")
def tokenizers() -> dict[str, Tokenizer]:
    """The three tokenizers, with [CLS] and [SEP] around a text."""
    made = {name: make() for name, make in TOKENIZERS.items()}
    for tokenizer in made.values():
        tokenizer.post_processor = processors.TemplateProcessing(
            single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
        )
    return made


@pytest.fixture(params=list(TOKENIZERS))
def tokenizer(request: pytest.FixtureRequest, tokenizers: dict[str, Tokenizer]) -> Tokenizer:
    """Each of them."""
    return tokenizers[request.param]


@pytest.fixture(scope="session")
def articles() -> list[Article]:
    """The annotated samples."""
    return [article_of(sample) for sample in (FERRY, ORANGE, HAOR)]


@pytest.fixture(scope="session")
def rows() -> list[dict[str, Any]]:
    """Rows of documents, as a release has them: three gold, one none, one partial."""
    return [row_of(sample) for sample in (FERRY, ORANGE, HAOR, TRAM, POTATO)]


@pytest.fixture(scope="session")
def starter_release(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of this repository's corpus, to be read only."""
    corpus = assemble([repository / "pages"], annotations=repository / "annotations")
    out = tmp_path_factory.mktemp("starter")
    return write_release(corpus, out, name="khobor-bn-news", version="1.0.1.dev0")[0]
