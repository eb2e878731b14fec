"""A release read back: the same corpus, as far as its files say."""

from __future__ import annotations

from pathlib import Path

import msgspec

from khobor.corpus.corpora import Corpus
from khobor.manifests import SplitRow
from khobor.release.readings import read_release
from khobor.release.writers import split_rows, write_release


def test_a_page_that_came_back_after_its_takedown_counts_as_held(
    corpus: Corpus, tmp_path: Path
) -> None:
    gone, back = (
        SplitRow(name, name, None, "1.0.0", "removed", "asked for by its author")
        for name in ("gone", "here-again")
    )
    some = msgspec.structs.replace(
        corpus, pages=corpus.pages + 1, held=(*corpus.held, back), tombstones=(gone,)
    )
    path, release = write_release(some, tmp_path, name="sample", version="1.1.0.dev0")
    read, again = read_release(path)
    assert read == release
    assert (len(again.held), len(again.tombstones)) == (len(some.held), 1)
    assert [row.doc_id for row in split_rows(again)] == [row.doc_id for row in split_rows(some)]
    assert again.pages == len(again.entries) + len(again.held) + len(again.rejects)
