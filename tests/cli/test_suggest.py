"""khobor suggest: silver for who waits, from a corpus, a release or a model that is kept."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pytest

from khobor.annotations.files import read_annotations, write_annotation
from khobor.corpus.corpora import assemble
from khobor.records import Annotation
from khobor.release.writers import write_release
from tests.cli.conftest import Run
from tests.samples import HAOR, SAMPLES, write_corpus

DOC = "tram-depot"  # of the samples, the one that nobody annotated


def silver_of(corpus: Path) -> Path:
    return corpus / "annotations" / "silver" / f"{DOC}.jsonl"


def test_a_page_that_nobody_annotated_gets_silver_that_goes_into_a_tool(
    run: Run, tmp_path: Path
) -> None:
    """A page like one that was learned, since two pages teach little."""
    new = msgspec.structs.replace(HAOR, doc_id="haor-again", progress=None)
    corpus_folder = write_corpus(tmp_path / "corpus", (*SAMPLES, new))
    result = run("suggest", "haor-again", "--corpus", corpus_folder)
    assert result.exit_code == 0
    assert "learning from" in result.stderr
    path = corpus_folder / "annotations" / "silver" / "haor-again.jsonl"
    assert f"{path}: " in result.stdout
    (annotation,) = read_annotations(path)
    assert (annotation.status, annotation.progress) == ("silver", "partial")
    assert annotation.mentions
    assert run("check", corpus_folder).exit_code == 0
    out = tmp_path / "out"
    exported = ["--to", "brat", "--annotator", "silver", "--out", out, "--corpus", corpus_folder]
    assert run("export", *exported).exit_code == 0
    assert (out / "silver" / "haor-again.ann").read_bytes()
    back = ["--from", "brat", out / "silver", "--corpus", corpus_folder]
    refused = run("import", *back)
    assert refused.exit_code == 2
    assert "--annotator NAME" in refused.stderr
    untouched = run("import", *back, "--annotator", "ruma")
    assert "not taken over: haor-again; --untouched says" in untouched.stderr
    assert not (corpus_folder / "annotations" / "ruma").exists()
    taken = run("import", *back, "--annotator", "ruma", "--untouched")
    file = corpus_folder / "annotations" / "ruma" / "haor-again.jsonl"
    assert (taken.exit_code, file.is_file()) == (0, True)
    assert f"{file}: new, as it was exported" in taken.stdout


def test_outside_a_corpus_folder_nothing_is_suggested(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.txt").write_text("খবর", encoding="utf-8")
    result = run("suggest", "--corpus", tmp_path)
    assert result.exit_code == 2
    assert "no catalogue is there" in result.stderr
    assert "khobor add" in result.stderr


def test_a_kept_model_is_used_again_and_says_the_same(
    run: Run, corpus_folder: Path, tmp_path: Path
) -> None:
    model = tmp_path / "model"
    first = run("suggest", DOC, "--corpus", corpus_folder, "--model", model)
    assert (first.exit_code, "learning" in first.stderr) == (0, True)
    before = silver_of(corpus_folder).read_bytes()
    again = run("suggest", DOC, "--corpus", corpus_folder, "--model", model)
    assert (again.exit_code, "learning" in again.stderr) == (0, False)
    assert silver_of(corpus_folder).read_bytes() == before
    for name in ("mentions.crfsuite", "model.json"):
        (model / name).write_bytes(b"?")
        damaged = run("suggest", DOC, "--corpus", corpus_folder, "--model", model)
        assert damaged.exit_code == 2
        assert "is damaged" in damaged.stderr


def test_a_release_teaches_what_its_corpus_does(
    run: Run, corpus_folder: Path, tmp_path: Path
) -> None:
    corpus = assemble([corpus_folder / "pages"], annotations=corpus_folder / "annotations")
    release = write_release(corpus, tmp_path, name="sample", version="1.0.0.dev0")[0]
    assert run("suggest", "--corpus", corpus_folder).exit_code == 0
    from_corpus = silver_of(corpus_folder).read_bytes()
    options = ["--corpus", corpus_folder, "--release", release]
    result = run("suggest", *options)
    assert result.exit_code == 0
    assert str(release) in result.stderr
    assert silver_of(corpus_folder).read_bytes() == from_corpus


def test_where_everything_is_annotated_nothing_is_trained(run: Run, corpus_folder: Path) -> None:
    text = (corpus_folder / "pages" / DOC / "page.txt").read_bytes()
    begun = Annotation(DOC, hashlib.sha256(text).hexdigest(), "ruma", "1.0", "partial")
    write_annotation(corpus_folder / "annotations" / "ruma" / f"{DOC}.jsonl", begun)
    result = run("suggest", "--corpus", corpus_folder)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "nothing to suggest" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["char-ferry"], "gold has begun char-ferry"),
        (["nowhere"], "no text of nowhere is here"),
        (["--annotator", "gold"], "no gold"),
        (["--annotator", "../a"], "no name of an annotator"),
        (["--release", "nowhere"], "nowhere"),
    ],
)
def test_wrong_usage_writes_nothing(
    run: Run, corpus_folder: Path, arguments: list[str], says: str
) -> None:
    before = sorted(corpus_folder.rglob("*"))
    result = run("suggest", *arguments, "--corpus", corpus_folder)
    assert result.exit_code == 2
    assert says in result.stderr
    assert sorted(corpus_folder.rglob("*")) == before
