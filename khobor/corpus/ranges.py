"""How the documents of a split are cut into files: a function of their number alone."""

from __future__ import annotations

import math

RANGE_DOCUMENTS = 2000
_MOST_RANGES = 1000


def cut_ranges(documents: int) -> list[tuple[int, int]]:
    """Turn a number of documents, sorted by doc_id, into the half-open ranges of their files.

    2,000 documents a range, more where that would be more than a thousand files; the last range
    is shorter.
    """
    size = max(RANGE_DOCUMENTS, math.ceil(documents / _MOST_RANGES))
    return [(first, min(first + size, documents)) for first in range(0, documents, size)]
