"""What differs between two releases, and the least version number that is honest about it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from khobor.cli.main import main
from khobor.corpus.corpora import Corpus
from khobor.manifests import FrozenDocument
from khobor.release.changelogs import describe
from khobor.release.contents import ASPECTS, Contents, corpus_contents, release_contents
from khobor.release.differences import Bump, compare
from khobor.release.features import CONFIGS, config_features

_COLUMNS = {"documents": {"doc_id": "string", "text": "string"}}


def _document(doc_id: str, split: str = "train", **aspects: str) -> FrozenDocument:
    every = {"text": "t", "tokens": "k", "entities": "e", "sentences": "s", **aspects}
    return FrozenDocument(version="1.0.0", doc_id=doc_id, split=split, rows={}, aspects=every)


def _contents(
    *documents: FrozenDocument,
    version: str = "1.0.0",
    columns: dict[str, dict[str, str]] = _COLUMNS,
) -> Contents:
    return Contents(version, columns, {document.doc_id: document for document in documents})


_OLD = (_document("a"), _document("b", "test"), _document("c", "validation"))


@pytest.mark.parametrize(
    ("new", "bump", "reason"),
    [
        pytest.param(_OLD, "PATCH", None, id="nothing"),
        pytest.param((*_OLD, _document("d")), "MINOR", "documents added to train", id="more train"),
        pytest.param(_OLD[1:], "MINOR", "documents removed from train", id="less train"),
        pytest.param(
            (_document("a", entities="x"), *_OLD[1:]),
            "MINOR",
            "entities changed in train",
            id="label",
        ),
        pytest.param(
            (*_OLD, _document("d", "test")), "MAJOR", "documents added to test", id="more test"
        ),
        pytest.param(_OLD[:2], "MAJOR", "documents removed from validation", id="less validation"),
        pytest.param(
            (_OLD[0], _document("b", "test", entities="x"), _OLD[2]),
            "MAJOR",
            "entities changed in test",
            id="a label of test",
        ),
        pytest.param(
            (_document("a", "validation"), *_OLD[1:]),
            "MAJOR",
            "documents moved from train to validation",
            id="moved",
        ),
        pytest.param(
            (_document("a", tokens="x"), *_OLD[1:]),
            "MAJOR",
            "the tokenisation changed",
            id="tokens",
        ),
    ],
)
def test_documents_decide_the_bump(
    new: tuple[FrozenDocument, ...], bump: Bump, reason: str | None
) -> None:
    difference = compare(_contents(*_OLD), _contents(*new, version="1.0.1"))
    assert difference.bump == bump
    assert difference.is_empty == (reason is None)
    assert reason is None or (bump, reason) in difference.reasons


@pytest.mark.parametrize(
    ("columns", "bump"),
    [
        ({"doc_id": "string", "text": "string", "topic": "string"}, "MINOR"),
        ({"doc_id": "string"}, "MAJOR"),
        ({"doc_id": "string", "text": "large_string"}, "MAJOR"),
    ],
)
def test_columns_decide_it_too(columns: dict[str, str], bump: Bump) -> None:
    new = _contents(*_OLD, version="2.0.0", columns={"documents": columns})
    assert compare(_contents(*_OLD), new).bump == bump


def test_a_document_whose_labels_alone_changed_is_relabelled() -> None:
    new = _contents(_document("a", entities="x"), _document("b", "test", text="x"), _OLD[2])
    difference = compare(_contents(*_OLD), new)
    assert [(change.doc_id, change.relabelled) for change in difference.changed] == [
        ("a", True),
        ("b", False),
    ]


def test_every_column_belongs_to_an_aspect() -> None:
    assert {config: set(config_features(config)) for config in CONFIGS} == {
        config: set(columns) for config, columns in ASPECTS.items()
    }


def test_a_corpus_has_the_contents_of_the_release_made_of_it(corpus: Corpus, release: Path) -> None:
    made, read = corpus_contents(corpus), release_contents(release)
    assert made.documents.keys() == read.documents.keys()
    for doc_id, document in made.documents.items():
        written = read.documents[doc_id]
        assert (document.split, document.rows) == (written.split, written.rows)
        # A new document's first version is known when it is written; it stands in this aspect.
        assert {**document.aspects, "cluster": ""} == {**written.aspects, "cluster": ""}
    assert compare(read, read).is_empty
    for config in read.features:
        assert made.features[config] == read.features[config]


def test_diff_refuses_a_version_that_is_smaller_than_honest(
    first: Path, second: Path, tmp_path: Path
) -> None:
    runner = CliRunner()
    same = runner.invoke(main, ["diff", str(first), str(first)])
    assert same.exit_code == 0, same.output
    shown = runner.invoke(main, ["diff", str(first), str(second), "--json"])
    found = msgspec.json.decode(shown.stdout)
    assert found["least_bump"] in ("PATCH", "MINOR", "MAJOR")
    back = runner.invoke(main, ["diff", str(second), str(first)])
    assert back.exit_code == 1
    assert "is not a later version" in back.stderr
    none = runner.invoke(main, ["diff", str(first), str(tmp_path)])
    assert none.exit_code == 2


def test_a_difference_is_described_in_words() -> None:
    new = _contents(*_OLD[1:], _document("d"), version="1.1.0")
    words = "\n".join(describe(compare(_contents(*_OLD), new)))
    assert "1.0.0 → 1.1.0" in words
    assert "documents           added 1, removed 1, changed 0" in words
    assert words.rstrip().endswith("least honest bump: MINOR")
