"""Items known again by where they stand, in formats whose tool renumbers them or shows no ids.

The text never changes between export and import, so the same span with the same label is the same
item, and the same span with another label is that item relabelled.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

# A place: (start, end, label), in the unit of the file.
Place = tuple[int, int, str]

_KEY = re.compile(r"(?P<family>[a-z]+) (?P<number>[0-9]{1,9}) (?P<start>[0-9]{1,9}) "
                  r"(?P<end>[0-9]{1,9}) (?P<label>\S+)")  # fmt: skip


def places_key(family: str, number: int, place: Place) -> str:
    """Turn an item's place into its key in `Written.ids`; `number` keeps twins apart."""
    start, end, label = place
    return f"{family} {number} {start} {end} {label}"


def known_again(family: str, found: list[Place], ids: Mapping[str, str]) -> list[str | None]:
    """Turn the places of a family of items into our ids for them, None for a new item.

    First those whose span and label are the same, in order; then those that stand alone at the
    span of a single item that is left: they were relabelled.
    """
    known = sorted(_parsed(family, ids))
    recognised: list[str | None] = [None] * len(found)
    _take(recognised, found, [(place, ours) for _, place, ours in known])
    taken = set(recognised)
    left = [(place[:2], ours) for _, place, ours in known if ours not in taken]
    spans = [place[:2] for place in found]
    unknown = Counter(span for span, ours in zip(spans, recognised, strict=True) if ours is None)
    alone = Counter(span for span, _ in left)
    single = {span: ours for span, ours in left if alone[span] == 1}
    for place, span in enumerate(spans):
        if recognised[place] is None and unknown[span] == 1:
            recognised[place] = single.get(span)
    return recognised


def _take(recognised: list[str | None], found: list[Place], known: list[tuple[Place, str]]) -> None:
    """Give each place the first id of just that place which is not given yet."""
    waiting: dict[Place, list[str]] = {}
    for place, ours in reversed(known):
        waiting.setdefault(place, []).append(ours)
    for number, place in enumerate(found):
        if waiting.get(place):
            recognised[number] = waiting[place].pop()


def _parsed(family: str, ids: Mapping[str, str]) -> Iterator[tuple[int, Place, str]]:
    for key, ours in ids.items():
        parts = _KEY.fullmatch(key)
        if parts and parts["family"] == family:
            place = int(parts["start"]), int(parts["end"]), parts["label"]
            yield int(parts["number"]), place, ours


def fresh_ids(prefix: str, taken: Iterable[str]) -> Iterator[str]:
    """Number new items: prefix1, prefix2 and so on, without those that are taken."""
    used = set(taken)
    number = 0
    while True:
        number += 1
        if f"{prefix}{number}" not in used:
            yield f"{prefix}{number}"
