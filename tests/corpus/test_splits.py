"""Splits: clusters stay whole, the first version is stratified, what is published never moves."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.corpus.clusters import NearPair
from khobor.corpus.splits import Candidate, assign_splits, later_split
from khobor.manifests import SplitRow
from khobor.records import SPLITS

_NAMES = [f"d{number:02}" for number in range(30)]
_CANDIDATES = st.lists(
    st.builds(
        Candidate,
        doc_id=st.sampled_from(_NAMES),
        country=st.sampled_from(["BD", "IN", ""]),
        publisher=st.sampled_from(["এক", "দুই", "তিন", ""]),
        annotated=st.booleans(),
        quoted=st.booleans(),
        owned=st.booleans(),
    ),
    unique_by=lambda candidate: candidate.doc_id,
    max_size=30,
)
_PAIRS = st.lists(
    st.tuples(st.sampled_from(_NAMES), st.sampled_from(_NAMES)).filter(lambda p: p[0] < p[1]),
    max_size=12,
)


def _near(pairs: Sequence[tuple[str, str]]) -> list[NearPair]:
    return [NearPair(first, second, "containment", 0.8) for first, second in sorted(set(pairs))]


def _first(
    candidates: Sequence[Candidate], pairs: Sequence[tuple[str, str]] = ()
) -> dict[str, SplitRow]:
    return assign_splits(candidates, _near(pairs), {}, version="1.0.0")


def _publish(rows: dict[str, SplitRow]) -> dict[str, SplitRow]:
    """What a frozen version makes of rows."""
    return {
        doc_id: msgspec.structs.replace(row, state="published")
        if row.state == "provisional"
        else row
        for doc_id, row in rows.items()
    }


def _candidate(number: int, country: str = "BD", publisher: str = "এক") -> Candidate:
    return Candidate(f"d{number:03}", country, publisher, annotated=False, quoted=False)


# --- the first version ------------------------------------------------------------------------


@given(candidates=_CANDIDATES, pairs=_PAIRS, seed=st.integers(0, 1000))
def test_the_order_of_documents_plays_no_part(
    candidates: list[Candidate], pairs: list[tuple[str, str]], seed: int
) -> None:
    shuffled = candidates[:]
    random.Random(seed).shuffle(shuffled)
    assert _first(shuffled, pairs) == _first(candidates, pairs)


@given(candidates=_CANDIDATES, pairs=_PAIRS)
def test_every_document_has_a_split_and_near_ones_share_it(
    candidates: list[Candidate], pairs: list[tuple[str, str]]
) -> None:
    """A text that its owner passed may be near two splits, and is held then; no other is."""
    rows = _first(candidates, pairs)
    assert set(rows) == {candidate.doc_id for candidate in candidates}
    owned = {candidate.doc_id for candidate in candidates if candidate.owned}
    assert all(row.split is not None for doc_id, row in rows.items() if doc_id not in owned)
    for first, second in pairs:
        if first in rows and second in rows and None not in (rows[first].split, rows[second].split):
            assert rows[first].split == rows[second].split


@given(candidates=_CANDIDATES, pairs=_PAIRS)
def test_texts_that_owners_pass_change_no_other_document(
    candidates: list[Candidate], pairs: list[tuple[str, str]]
) -> None:
    public = [candidate for candidate in candidates if not candidate.owned]
    rows = _first(candidates, pairs)
    assert {c.doc_id: rows[c.doc_id] for c in public} == _first(public, pairs)


@given(candidates=_CANDIDATES)
def test_from_three_clusters_with_quotes_on_every_split_has_one(
    candidates: list[Candidate],
) -> None:
    quoted = [c for c in candidates if c.quoted and not c.owned]
    rows = _first(candidates)
    if len(quoted) >= len(SPLITS):
        assert {rows[candidate.doc_id].split for candidate in quoted} == set(SPLITS)


def test_three_documents_fill_three_splits() -> None:
    rows = _first([_candidate(number) for number in range(3)])
    assert sorted(row.split or "" for row in rows.values()) == sorted(SPLITS)


def test_a_large_corpus_is_shared_out_60_20_20() -> None:
    rows = _first([_candidate(number) for number in range(500)])
    assert Counter(row.split for row in rows.values()) == {
        "train": 300,
        "validation": 100,
        "test": 100,
    }


def test_shares_are_counted_in_documents_not_in_clusters() -> None:
    """Twenty documents of one cluster are train's; the others make up for it."""
    pairs = [("d000", f"d{number:03}") for number in range(1, 20)]
    rows = _first([_candidate(number) for number in range(100)], pairs)
    assert Counter(row.split for row in rows.values()) == {
        "train": 60,
        "validation": 20,
        "test": 20,
    }


def test_every_split_has_its_share_of_each_country_and_publisher() -> None:
    places = [("BD", "এক"), ("BD", "দুই"), ("IN", "তিন"), ("IN", "চার"), ("IN", "পাঁচ")]
    sizes = [5, 7, 8, 20, 33]
    candidates = [
        _candidate(100 * place + number, *places[place])
        for place, size in enumerate(sizes)
        for number in range(size)
    ]
    rows = _first(candidates)
    counts = Counter((c.publisher, rows[c.doc_id].split) for c in candidates)
    for (_, publisher), size in zip(places, sizes, strict=True):
        for split, share in zip(SPLITS, (0.6, 0.2, 0.2), strict=True):
            assert abs(counts[publisher, split] - share * size) <= 1


def test_names_that_sort_alike_do_not_share_a_split() -> None:
    """The order is drawn: the first pages of a publisher (its oldest) are not all train."""
    rows = _first([_candidate(number) for number in range(100)])
    assert len({rows[f"d{number:03}"].split for number in range(20)}) == len(SPLITS)


# --- later versions ---------------------------------------------------------------------------

_TRAIN = SplitRow("old-train", "c-train", "train", "1.0.0", "published")
_TEST = SplitRow("old-test", "c-test", "test", "1.0.0", "published")
_KNOWN = {"old-train": _TRAIN, "old-test": _TEST}
_OLD = [Candidate(doc_id, "BD", "এক", annotated=True, quoted=True) for doc_id in _KNOWN]
_NEW = Candidate("new", "BD", "এক", annotated=True, quoted=True)


def _later(
    *candidates: Candidate,
    pairs: Sequence[tuple[str, str]] = (),
    known: dict[str, SplitRow] | None = None,
    major: bool = False,
) -> dict[str, SplitRow]:
    return assign_splits(candidates, _near(pairs), known or _KNOWN, version="1.1.0", major=major)


def test_a_new_document_near_train_joins_its_cluster() -> None:
    rows = _later(*_OLD, _NEW, pairs=[("new", "old-train")])
    assert rows["new"] == SplitRow("new", "c-train", "train", "1.1.0", "provisional")
    assert (rows["old-train"], rows["old-test"]) == (_TRAIN, _TEST)


def test_a_new_document_near_test_waits_for_a_major_version() -> None:
    pairs = [("new", "old-test")]
    waiting = _later(*_OLD, _NEW, pairs=pairs)["new"]
    assert (waiting.split, waiting.state) == (None, "held_eval")
    assert "test" in waiting.reason
    known = {**_KNOWN, "new": waiting}
    assert _later(*_OLD, _NEW, pairs=pairs, known=known)["new"].state == "held_eval"
    joined = _later(*_OLD, _NEW, pairs=pairs, known=known, major=True)["new"]
    assert (joined.split, joined.state, joined.cluster_id) == ("test", "provisional", "c-test")


@pytest.mark.parametrize("major", [False, True])
def test_a_new_document_near_two_splits_is_held_for_ever(major: bool) -> None:
    held = _later(*_OLD, _NEW, pairs=[("new", "old-test"), ("new", "old-train")], major=major)
    assert (held["new"].split, held["new"].state) == (None, "held")
    assert held["new"].reason == "near documents of test and train"
    # Also when one of the two is gone: what it was near of is in somebody's model.
    later = _later(*_OLD[:1], _NEW, pairs=[("new", "old-train")], known={**_KNOWN, **held})
    assert later["new"] == held["new"]


def test_what_is_near_a_document_that_is_held_or_taken_down_is_held() -> None:
    for state in ("held", "removed"):
        gone = SplitRow("gone", "c-gone", None, "1.0.0", state, "somebody asked for it")
        candidate = msgspec.structs.replace(_NEW, doc_id="gone")
        rows = _later(
            *_OLD, _NEW, candidate, pairs=[("gone", "new")], known={**_KNOWN, "gone": gone}
        )
        assert (rows["gone"], rows["new"].state) == (gone, "held")


def test_a_new_cluster_goes_by_the_digest_of_its_name_and_keeps_the_name() -> None:
    """`aaa` waits in a cluster named after it; a relation with a smaller name changes nothing."""
    name = next(f"n{number}" for number in range(99) if later_split(f"n{number}") == "validation")
    waiting = msgspec.structs.replace(_NEW, doc_id=name)
    row = _later(*_OLD, waiting)[name]
    assert (row.state, row.cluster_id) == ("held_eval", name)
    relation = msgspec.structs.replace(_NEW, doc_id="a-relation")
    rows = _later(
        *_OLD,
        waiting,
        relation,
        pairs=[("a-relation", name)],
        known={**_KNOWN, name: row},
        major=True,
    )
    assert {rows[name].split, rows["a-relation"].split} == {"validation"}
    assert {rows[name].cluster_id, rows["a-relation"].cluster_id} == {name}


def test_new_clusters_are_shared_out_80_10_10() -> None:
    counts = Counter(later_split(f"page-{number}") for number in range(20_000))
    shares = {split: count / 20_000 for split, count in counts.items()}
    assert shares == pytest.approx({"train": 0.8, "validation": 0.1, "test": 0.1}, abs=0.01)


def test_a_document_whose_text_was_withheld_and_now_is_free_is_new() -> None:
    known = {**_KNOWN, "new": SplitRow("new", "new", None, "1.0.0", "withheld", "©")}
    assert _later(*_OLD, _NEW, known=known)["new"].state in ("provisional", "held_eval")


# --- a corpus that grows ----------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_a_corpus_grows_through_five_versions(seed: int) -> None:
    """No published document moves, no near pair parts, evaluation is the same within a MAJOR.

    Documents are sets of numbers (stories); near is who shares a number: found by brute force
    over all pairs, here and for the check.
    """
    random_ = random.Random(seed)
    stories: dict[str, set[int]] = {}
    known: dict[str, SplitRow] = {}
    evaluation: set[tuple[str, str | None]] = set()
    states: set[str] = set()
    for version in range(1, 6):
        major = version == 4
        for number in range(60):
            count = random_.choice((1, 1, 1, 2))  # some tell two stories
            new = f"v{version}-{random_.randrange(10**6):06}-{number}"
            stories[new] = {random_.randrange(260) for _ in range(count)}
        taken = (
            random_.choice(sorted(d for d, row in known.items() if row.state == "published"))
            if (version == 5)
            else None
        )
        if taken is not None:
            stories.pop(taken)
            known[taken] = msgspec.structs.replace(known[taken], split=None, state="removed")
        candidates = [
            Candidate(doc_id, random_.choice("BI"), "এক", annotated=True, quoted=True)
            for doc_id in stories
        ]
        pairs = _brute_force(stories)
        rows = assign_splits(candidates, _near(pairs), known, version=f"{version}.0.0", major=major)
        published = {d: row for d, row in known.items() if row.state == "published"}
        assert {doc_id: rows[doc_id] for doc_id in published} == published
        for first, second in pairs:
            splits = {rows[first].split, rows[second].split} - {None}
            assert len(splits) <= 1, (rows[first], rows[second])
        after = {
            (doc_id, row.split)
            for doc_id, row in rows.items()
            if row.split in ("validation", "test")
        }
        if version > 1 and not major:
            assert after | {(taken, "validation"), (taken, "test")} >= evaluation >= after
        evaluation = after
        states |= {row.state for row in rows.values()}
        known = {**known, **_publish(rows)}
    assert {"held", "held_eval", "published", "provisional"} <= states


def _brute_force(stories: dict[str, set[int]]) -> list[tuple[str, str]]:
    by_story: dict[int, list[str]] = defaultdict(list)
    for doc_id in sorted(stories):
        for story in stories[doc_id]:
            by_story[story].append(doc_id)
    return [
        (first, second)
        for among in by_story.values()
        for place, first in enumerate(among)
        for second in among[place + 1 :]
    ]
