"""What a build is called: the versions before it decide, by what differs from the last of them."""

from __future__ import annotations

from khobor.corpus.corpora import Corpus
from khobor.corpus.histories import History
from khobor.release.contents import corpus_contents, frozen_contents
from khobor.release.differences import Difference, compare
from khobor.release.versions import FIRST_VERSION, development_version, next_version


def difference_since(corpus: Corpus) -> Difference | None:
    """Turn a corpus into its difference from the version frozen last; None where none is."""
    last = corpus.history.last
    return None if last is None else compare(frozen_contents(last), corpus_contents(corpus))


def name_build(corpus: Corpus, difference: Difference | None) -> str:
    """Turn a corpus and its difference from the last version into `<next>.dev0`, maybe `+local`."""
    return name_after(corpus.history, difference, local=corpus.local)


def name_after(history: History, difference: Difference | None, *, local: bool) -> str:
    """Name the build that comes after the last frozen version: by the least honest bump."""
    last = history.last
    if last is None or difference is None:
        following = FIRST_VERSION
    else:
        following = next_version(last.release.version, difference.bump)
    return development_version(following=following, local=local)
