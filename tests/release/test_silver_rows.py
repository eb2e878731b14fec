"""Silver in a release: it is called so, it stands in train alone, and quotes have none of it."""

from __future__ import annotations

from pathlib import Path

from khobor.corpus.corpora import Corpus, assemble
from khobor.release.readings import read_release
from khobor.release.writers import write_release
from tests.corpus.test_silver import only_silver, put
from tests.rows import assert_offsets_are_exact, names_of, read_rows
from tests.samples import write_corpus


def _release(corpus: Corpus, out: Path) -> Path:
    return write_release(corpus, out, name="sample", version="1.0.0.dev0")[0]


def _assemble(folder: Path) -> Corpus:
    return assemble([folder / "pages"], annotations=folder / "annotations")


def test_silver_rows_stand_in_train_with_their_tags(tmp_path: Path) -> None:
    corpus = _assemble(only_silver(write_corpus(tmp_path / "corpus")))
    release = _release(corpus, tmp_path / "out")
    states = names_of("sentences", "annotation")
    train = {e.document.doc_id for e in corpus.entries if e.split.split == "train"}
    rows = read_rows(release, "sentences")
    assert {states[row["annotation"]] for row in rows if row["doc_id"] in train} == {"silver"}
    for row in rows:
        silver = row["doc_id"] in train
        assert states[row["annotation"]] == ("silver" if silver else "none")
        assert (row["ner_tags"] is not None) == silver
    assert_offsets_are_exact(release)
    assert not (release / "data" / "quotes").exists()
    for path in (release / "standoff").glob("*.jsonl"):
        said = '"type":"mention"' in path.read_text(encoding="utf-8")
        assert said == (path.stem in train - {"tram-depot"}), path.name  # which has no mention


def test_a_release_with_silver_is_read_back_as_silver(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path / "corpus")
    train = next(
        e.document.doc_id
        for e in _assemble(folder).entries
        if e.split.split == "train" and e.state == "gold"
    )
    (folder / "annotations" / "gold" / f"{train}.jsonl").unlink()
    put(folder, train, "silver")
    corpus = _assemble(folder)
    states = {entry.document.doc_id: entry.state for entry in corpus.entries}
    _, back = read_release(_release(corpus, tmp_path / "out"))
    assert {entry.document.doc_id: entry.state for entry in back.entries} == states
    assert all(e.split.split == "train" for e in back.entries if e.state == "silver")
