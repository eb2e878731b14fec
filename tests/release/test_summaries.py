"""The summary that a build ends with: what went in, what came out, how to load it."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from khobor.corpus.corpora import Corpus, assemble
from khobor.release.overviews import overview_of
from khobor.release.summaries import summarise
from khobor.release.writers import write_release
from tests.samples import write_plain_pages


def test_the_summary_counts_everything(corpus: Corpus, tmp_path: Path) -> None:
    path, release = write_release(corpus, tmp_path, name="sample", version="1.0.0.dev0")
    summary = summarise(overview_of(corpus), release, path)
    counted = [" ".join(line.split()) for line in summary.splitlines()]
    assert counted[:5] == [
        "pages in 44",
        "documents 41",
        "rejects 3 (duplicate 1, empty 1, unreadable 1)",
        "withheld 1",
        "misfits 2",
    ]
    rows = {line.split()[0]: sum(map(int, line.split()[1:])) for line in counted[7:11]}
    assert rows["documents"] == rows["pages"] == 41
    assert rows["quotes"] == sum(
        len(entry.annotation.quotes) for entry in corpus.entries if entry.annotation
    )
    assert f'load_dataset("{path.as_posix()}", "documents")' in summary
    assert "left out" not in summary


def test_what_has_no_rows_is_named(tmp_path: Path) -> None:
    corpus = assemble([write_plain_pages(tmp_path / "plain", 1)])
    path, release = write_release(corpus, tmp_path, name="sample", version="1.0.0.dev0")
    summary = summarise(overview_of(corpus), release, path)
    line = next(line for line in summary.splitlines() if line.startswith("left out"))
    for missing in ("documents/validation", "documents/test", "quotes/train", "quotes/test"):
        assert missing in line
    assert "documents/train" not in line


def test_a_release_without_data_says_so(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "empty.txt").write_bytes(b"")
    corpus = assemble([tmp_path / "pages"])
    path, release = write_release(corpus, tmp_path, name="sample", version="1.0.0.dev0")
    summary = summarise(overview_of(corpus), release, path)
    assert "nothing to load" in summary
    assert "load_dataset" not in summary


@pytest.mark.parametrize("publishable", [True, False])
def test_a_release_that_may_not_be_published_says_so(
    corpus: Corpus, tmp_path: Path, publishable: bool
) -> None:
    changed = msgspec.structs.replace(corpus, local=not publishable)
    path, release = write_release(changed, tmp_path, name="sample", version="1.0.0.dev0")
    assert ("not publishable" in summarise(overview_of(changed), release, path)) is not publishable
