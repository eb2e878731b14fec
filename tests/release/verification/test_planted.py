"""Faults that a release must not hide behind stale checksums: one or more of each concern.

That each of them, and a hundred others, is found where all the books fit again is tested beside
this file, table by table.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.release.verification.fakes import assert_found_beside_stale_books
from tests.release.verification.test_cards import CARDS
from tests.release.verification.test_documents import DOCUMENTS
from tests.release.verification.test_manifests import MANIFESTS
from tests.release.verification.test_sentences import SENTENCES
from tests.release.verification.test_splits import PLACES
from tests.release.verification.test_standoff import STANDOFFS

ALL = {**CARDS, **MANIFESTS, **DOCUMENTS, **SENTENCES, **PLACES, **STANDOFFS}
PLANTED = (
    "label order swapped in the card",
    "label order swapped in card and parquet",
    "a column of the card is missing",
    "train and validation are swapped in the card",
    "the card counts other tokens",
    "the manifest counts another number of documents",
    "an entity is shifted by one",
    "a word of the article is another than in the page",
    "a page was normalised",
    "a token is shifted by one",
    "I- goes on from nothing",
    "a mention has no tag",
    "tokens belong to another quote",
    "a part of a quote is shifted in its context",
    "a sentence is missing",
    "a document lies in another split than splits.jsonl says",
    "a cluster lies in two splits",
    "a mention has another label",
    "a withheld text gives a surface away",
)


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found_beside_stale_checksums(
    name: str, small_release: Path, tmp_path: Path
) -> None:
    assert_found_beside_stale_books(small_release, tmp_path, *ALL[name])


def test_no_two_tables_use_one_name() -> None:
    """Else one of them would hide the other here."""
    tables = (CARDS, MANIFESTS, DOCUMENTS, SENTENCES, PLACES, STANDOFFS)
    assert len(ALL) == sum(map(len, tables)) > 120
