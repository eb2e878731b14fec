"""A whole corpus as its card, manifest and closing summary see it: numbers, and what is withheld."""

from __future__ import annotations

from collections import Counter

import msgspec

from khobor.corpus.annotators import AnnotatorAgreement
from khobor.corpus.corpora import Corpus, Withheld
from khobor.corpus.statistics import Statistics, count_withheld, make_statistics, merge_counted
from khobor.release.facts import Facts, facts_of


class Overview(msgspec.Struct, frozen=True):
    """A corpus in numbers: `pages` are its documents, the held ones and the rejects, by reason."""

    pages: int
    facts: Facts
    rejects: dict[str, int]
    held: int
    withheld: tuple[Withheld, ...]
    agreements: tuple[AnnotatorAgreement, ...]
    local: bool

    @property
    def documents(self) -> int:
        """How many documents have rows."""
        return self.facts.documents

    @property
    def rejected(self) -> int:
        """How many pages became no document."""
        return sum(self.rejects.values())

    @property
    def statistics(self) -> Statistics:
        """What there is of each publisher, and how quotes are written; withheld ones count too."""
        counted = merge_counted([self.facts.counted, count_withheld(self.withheld)])
        return make_statistics(counted, self.rejects)


def overview_of(corpus: Corpus) -> Overview:
    """Turn a corpus in memory into its overview."""
    rejects = Counter(reject.reason for reject in corpus.rejects)
    return Overview(
        pages=corpus.pages,
        facts=facts_of(corpus.entries),
        rejects=dict(sorted(rejects.items())),
        held=len(corpus.held),
        withheld=corpus.withheld,
        agreements=corpus.agreements,
        local=corpus.local,
    )
