"""Fixtures of the release tests: the sample corpus, assembled and written once."""

from __future__ import annotations

import functools
import ssl
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from khobor.corpus.corpora import Corpus, assemble
from khobor.release.writers import write_release
from tests.hub.server import TOKEN, Hub, serve
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


def assemble_sources(sources: Path, *, local: bool = False) -> Corpus:
    """Assemble all of it."""
    return assemble(
        [sources / "corpus" / "pages", sources / "plain"],
        annotations=sources / "corpus" / "annotations",
        supplied=[sources / "owned.txt"] if local else [],
    )


@pytest.fixture(scope="session")
def small_release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the sample corpus and eight plain pages, to be copied and spoiled."""
    folder = tmp_path_factory.mktemp("small")
    write_corpus(folder / "corpus")
    write_plain_pages(folder / "plain", 8)
    out = folder / "out"
    return write_release(assemble_sources(folder), out, name="sample", version="1.0.0.dev0")[0]


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


@pytest.fixture(scope="session")
def first(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Version 1.0.0 of the sample: every configuration, many stand-off files."""
    return write_release(corpus, tmp_path_factory.mktemp("first"), name="sample", version="1.0.0")[
        0
    ]


@pytest.fixture(scope="session")
def second(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Version 1.1.0 of it: of other pages, and without quotes."""
    folder = tmp_path_factory.mktemp("second")
    corpus = assemble([write_plain_pages(folder / "plain", 1)])
    return write_release(corpus, folder, name="sample", version="1.1.0")[0]


_context = functools.cache(ssl.create_default_context)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What was waited, without waiting."""
    listed: list[float] = []
    monkeypatch.setattr(time, "sleep", listed.append)
    return listed


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, waits: list[float]) -> Iterator[Hub]:
    """A host, and a login there."""
    del waits
    # Certificates are read once, not with every new client: nothing here is encrypted.
    monkeypatch.setattr(ssl, "create_default_context", _context)
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    with serve(Hub()) as hub:
        yield hub
    assert hub.complaints == []
