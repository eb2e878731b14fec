"""The summary that a build ends with: what went in, what came out, how to load it."""

from __future__ import annotations

from pathlib import Path

import pytest

from khobor.corpus.corpora import Corpus, assemble
from khobor.release.summaries import summarise
from khobor.release.writers import write_release
from tests.samples import write_plain_pages


def _numbers(summary: str) -> dict[str, str]:
    lines = [line.split(None, 2) for line in summary.splitlines() if line.strip()]
    return {parts[0]: " ".join(parts[1:]) for parts in lines}


def test_the_summary_counts_everything(corpus: Corpus, tmp_path: Path) -> None:
    path, release = write_release(corpus, tmp_path, name="sample", version="0.1.0.dev0")
    summary = summarise(corpus, release, path)
    numbers = _numbers(summary)
    assert numbers["pages"].split()[-1:] != []
    assert "pages in          44" in summary
    assert numbers["documents"].startswith("41") or "documents         41" in summary
    assert "rejects            3  (duplicate 1, empty 1, unreadable 1)" in summary
    assert "withheld           1" in summary
    assert "misfits            2" in summary
    assert f'load_dataset("{path.as_posix()}", "documents")' in summary
    assert "left out" not in summary


def test_what_has_no_rows_is_named(tmp_path: Path) -> None:
    corpus = assemble([write_plain_pages(tmp_path / "plain", 1)])
    path, release = write_release(corpus, tmp_path, name="sample", version="0.1.0.dev0")
    summary = summarise(corpus, release, path)
    line = next(line for line in summary.splitlines() if line.startswith("left out"))
    for missing in ("documents/validation", "documents/test", "quotes/train", "quotes/test"):
        assert missing in line
    assert "documents/train" not in line


def test_a_release_without_data_says_so(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "empty.txt").write_bytes(b"")
    corpus = assemble([tmp_path / "pages"])
    path, release = write_release(corpus, tmp_path, name="sample", version="0.1.0.dev0")
    summary = summarise(corpus, release, path)
    assert "nothing to load" in summary
    assert "load_dataset" not in summary


@pytest.mark.parametrize("publishable", [True, False])
def test_a_release_that_may_not_be_published_says_so(
    corpus: Corpus, tmp_path: Path, publishable: bool
) -> None:
    import msgspec

    changed = msgspec.structs.replace(corpus, local=not publishable)
    path, release = write_release(changed, tmp_path, name="sample", version="0.1.0.dev0")
    assert ("not publishable" in summarise(changed, release, path)) is not publishable
