"""Provisional splits: every document has one, clusters stay whole, each split has quotes."""

from __future__ import annotations

import random
from collections import Counter, defaultdict

from hypothesis import given
from hypothesis import strategies as st

from khobor.corpus.splits import Candidate, provisional_splits
from khobor.records import SPLITS

_CANDIDATES = st.lists(
    st.builds(
        Candidate,
        doc_id=st.from_regex(r"[a-z]{1,6}", fullmatch=True),
        cluster_id=st.sampled_from(["c1", "c2", "c3", "c4", "c5", "c6", "c7"]),
        country=st.sampled_from(["BD", "IN", ""]),
        publisher=st.sampled_from(["এক", "দুই", "তিন", ""]),
        annotated=st.booleans(),
        quoted=st.booleans(),
    ),
    unique_by=lambda candidate: candidate.doc_id,
    max_size=30,
)


@given(candidates=_CANDIDATES, seed=st.integers(0, 1000))
def test_the_order_of_documents_plays_no_part(candidates: list[Candidate], seed: int) -> None:
    shuffled = candidates[:]
    random.Random(seed).shuffle(shuffled)
    assert provisional_splits(shuffled) == provisional_splits(candidates)


@given(candidates=_CANDIDATES)
def test_every_document_has_a_split_and_clusters_stay_whole(candidates: list[Candidate]) -> None:
    split_of = provisional_splits(candidates)
    assert set(split_of) == {candidate.doc_id for candidate in candidates}
    assert set(split_of.values()) <= set(SPLITS)
    splits_of_cluster = defaultdict(set)
    for candidate in candidates:
        splits_of_cluster[candidate.cluster_id].add(split_of[candidate.doc_id])
    assert all(len(splits) == 1 for splits in splits_of_cluster.values())


@given(candidates=_CANDIDATES)
def test_from_three_clusters_with_quotes_on_every_split_has_one(
    candidates: list[Candidate],
) -> None:
    split_of = provisional_splits(candidates)
    quoted = {candidate.cluster_id for candidate in candidates if candidate.quoted}
    splits = {split_of[c.doc_id] for c in candidates if c.cluster_id in quoted}
    if len(quoted) >= len(SPLITS):
        assert splits == set(SPLITS)


def _candidate(number: int, country: str = "BD", publisher: str = "এক") -> Candidate:
    name = f"d{number:03}"
    return Candidate(name, name, country, publisher, annotated=False, quoted=False)


def test_three_documents_fill_three_splits() -> None:
    split_of = provisional_splits(map(_candidate, range(3)))
    assert sorted(split_of.values()) == sorted(SPLITS)


def test_a_large_corpus_is_shared_out_60_20_20() -> None:
    counts = Counter(provisional_splits(map(_candidate, range(500))).values())
    assert counts == {"train": 300, "validation": 100, "test": 100}


def test_every_split_gets_pages_of_each_country_and_publisher() -> None:
    places = [("BD", "এক"), ("BD", "দুই"), ("IN", "তিন"), ("IN", "চার")]
    candidates = [_candidate(number, *places[number % 4]) for number in range(80)]
    split_of = provisional_splits(candidates)
    for split in SPLITS:
        found = {(c.country, c.publisher) for c in candidates if split_of[c.doc_id] == split}
        assert found == set(places)


def test_names_that_sort_alike_do_not_share_a_split() -> None:
    """The order is drawn: the first pages of a publisher (its oldest) are not all train."""
    split_of = provisional_splits(map(_candidate, range(100)))
    first = Counter(split_of[f"d{number:03}"] for number in range(20))
    assert len(first) == len(SPLITS)
