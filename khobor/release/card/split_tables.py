"""What the splits of a release hold, as a table and as pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import get_args

from khobor.records import (
    ENTITY_LABELS,
    QUOTE_KINDS,
    QUOTE_MARKINGS,
    QUOTE_MEDIA,
    SPLITS,
    AnnotationState,
)
from khobor.release.card.pictures import Picture
from khobor.release.card.tallies import Tallies, Tally, add_tallies, median_of


def statistics(tallies: Tallies, pictures: Sequence[Picture]) -> str:
    """Turn what the splits hold into the section that counts it, pictures under the table."""
    columns = [*(tallies[split] for split in SPLITS), add_tallies(tallies.values())]
    lines = [
        "## Statistics",
        "",
        f"| | {' | '.join(SPLITS)} | all |",
        f"|---|{'---:|' * len(columns)}",
    ]
    for name, values in _rows(columns):
        lines.append(f"| {name} | {' | '.join(values)} |")
    for picture in pictures:
        lines += ["", f"![{picture.alt}]({picture.path})"]
    return "\n".join(lines)


_Rows = Iterator[tuple[str, list[str]]]


def _rows(columns: Sequence[Tally]) -> _Rows:
    def row(name: str, count: Callable[[Tally], int]) -> tuple[str, list[str]]:
        return name, [f"{count(tally):,}" for tally in columns]

    total = columns[-1]
    yield row("documents", lambda tally: tally.documents)
    for state in get_args(AnnotationState):
        if total.states[state]:
            yield row(f"– annotation {state}", lambda tally, state=state: tally.states[state])  # type: ignore[misc]
    yield row("characters", lambda tally: tally.characters)
    yield row("words", lambda tally: _sum(tally.words))
    yield from _lengths("words of an article", columns, lambda tally: tally.words)
    yield row("sentences", lambda tally: tally.sentence_tokens.total())
    yield row("tokens", lambda tally: _sum(tally.sentence_tokens))
    yield from _lengths("tokens of a sentence", columns, lambda tally: tally.sentence_tokens)
    if total.mentions:
        yield row("mentions", lambda tally: tally.mentions.total())
        for label in ENTITY_LABELS:
            yield row(f"– {label}", lambda tally, label=label: tally.mentions[label])  # type: ignore[misc]
        yield row("– with a glued ending", lambda tally: tally.suffixed)
    if total.quotes:
        yield from _quote_rows(columns)


def _quote_rows(columns: Sequence[Tally]) -> _Rows:
    def row(name: str, count: Callable[[Tally], int]) -> tuple[str, list[str]]:
        return name, [f"{count(tally):,}" for tally in columns]

    yield row("quotes", lambda tally: tally.quotes.total())
    for place, (field, names) in enumerate((("kind", QUOTE_KINDS), ("marking", QUOTE_MARKINGS))):
        for name in names:
            yield row(f"– {field} {name}", lambda tally, p=place, n=name: _of(tally.quotes, p, n))  # type: ignore[misc]
    for name in QUOTE_MEDIA:
        yield row(f"– medium {name}", lambda tally, name=name: tally.media[name])  # type: ignore[misc]
    yield row("– with words for the speaker", lambda tally: tally.speakers)
    yield row("– with a mention of the speaker", lambda tally: tally.known_speakers)
    yield from _lengths("words of a quote", columns, lambda tally: tally.quote_words)


def _lengths(
    name: str, columns: Sequence[Tally], lengths: Callable[[Tally], Counter[int]]
) -> _Rows:
    yield f"{name}, median", [median_of(lengths(tally)) for tally in columns]
    yield f"{name}, most", [f"{max(lengths(tally), default=0):,}" for tally in columns]


def _sum(lengths: Counter[int]) -> int:
    return sum(length * count for length, count in lengths.items())


def _of(quotes: Counter[tuple[str, str]], place: int, name: str) -> int:
    return sum(count for key, count in quotes.items() if key[place] == name)
