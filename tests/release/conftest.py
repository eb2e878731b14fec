"""Fixtures of the release tests: the sample corpus, assembled and written once."""

from __future__ import annotations

from pathlib import Path

import pytest

from khobor.corpus.corpora import Corpus, assemble
from khobor.release.writers import write_release
from tests.samples import MARKET, payload_of, write_corpus, write_plain_pages


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a corpus, plain pages, pages to be rejected, and an owned page."""
    folder = tmp_path_factory.mktemp("sources")
    write_corpus(folder / "corpus")
    plain = write_plain_pages(folder / "plain", 36)  # more than one shard with the corpus
    (plain / "copy.txt").write_bytes((plain / "bridge-000.txt").read_bytes())
    (plain / "empty.txt").write_bytes(b"")
    (plain / "gone.txt").symlink_to(plain / "nowhere.txt")
    (folder / "owned.txt").write_bytes(payload_of(MARKET))
    return folder


def assemble_sources(sources: Path, *, local: bool = False, workers: int = 1) -> Corpus:
    """Assemble all of it."""
    return assemble(
        [sources / "corpus" / "pages", sources / "plain"],
        annotations=sources / "corpus" / "annotations",
        supplied=[sources / "owned.txt"] if local else [],
        workers=workers,
    )


@pytest.fixture(scope="session")
def corpus(sources: Path) -> Corpus:
    """That corpus in memory, without the withheld page."""
    return assemble_sources(sources)


@pytest.fixture(scope="session")
def release(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its release, to be read only."""
    out = tmp_path_factory.mktemp("release")
    return write_release(corpus, out, name="sample", version="1.0.0.dev0")[0]


@pytest.fixture(scope="session")
def local_release(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with the withheld page, to be read only."""
    out = tmp_path_factory.mktemp("local")
    corpus = assemble_sources(sources, local=True)
    return write_release(corpus, out, name="sample", version="1.0.0.dev0+local")[0]
