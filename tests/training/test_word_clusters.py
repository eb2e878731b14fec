"""Clusters of words: words of one use share a path, and the same texts give the same paths."""

from __future__ import annotations

from khobor.training.word_clusters import BITS, learn_paths

PLACES = ("খুলনা", "বরিশাল", "সিলেট", "রংপুর", "ভোলা", "ফেনী", "নাটোর", "পাবনা")
PERSONS = ("রহিমা", "সালমা", "মালতী", "রফিক", "সেলিম", "নিমাই", "সুমনা", "করিম")
TEXTS = [
    *(f"আজ {place} জেলায় বৃষ্টি হয়েছে। কাল {place} শহরে মেলা বসবে।" for place in PLACES),
    *(f"মাঝি {person} বলেন নৌকা নেই। তখন {person} বলেন ঘাট বন্ধ।" for person in PERSONS),
] * 3


def _shared(words: tuple[str, ...], paths: dict[str, str]) -> str:
    shared = paths[words[0]]
    for word in words:
        while not paths[word].startswith(shared):
            shared = shared[:-1]
    return shared


def test_words_of_one_use_share_more_of_their_path_than_words_of_two() -> None:
    paths = learn_paths(TEXTS)
    both = _shared((*PLACES, *PERSONS), paths)
    assert len(_shared(PLACES, paths)) > len(both)
    assert len(_shared(PERSONS, paths)) > len(both)


def test_the_same_texts_give_the_same_paths_in_bounds() -> None:
    paths = learn_paths(TEXTS, words=20)
    assert paths == learn_paths(TEXTS, words=20)
    assert len(paths) == 20
    assert all(len(path) <= BITS and set(path) <= {"0", "1"} for path in paths.values())


def test_too_few_words_have_no_path() -> None:
    assert learn_paths(["নদী পাড় ভাঙছে।"]) == dict.fromkeys(("নদী", "পাড়", "ভাঙছে"), "")
    assert learn_paths([]) == {}
