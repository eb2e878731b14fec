"""Quotes as spans with roles: the text of a window, and in it content, cue and speaker of each.

What extractive models of spans, and readers of one's own, take. Offsets are code points of the
row's `text`, which is verbatim: `text[start:end]` is the part.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import msgspec

from khobor.errors import UsageError
from khobor.records import Mention, Part, Quote
from khobor.training.articles import Article, Row
from khobor.training.tasks import WINDOW_COLUMNS, ColumnType, Example, Task, window_columns
from khobor.training.windows import Measure, Window, count_words, make_windows

_SPAN: dict[str, ColumnType] = {"start": "int64", "end": "int64", "text": "string"}
_COLUMNS: dict[str, ColumnType] = {
    **WINDOW_COLUMNS,
    "text": "string",
    "quotes": [
        {
            "id": "string",
            "kind": "string",
            "marking": "string",
            "medium": "string",
            "content": [_SPAN],
            "cue": _SPAN,
            "speaker": _SPAN,
            "speaker_name": _SPAN,
        }
    ],
}


def quote_span_task(
    *,
    max_size: int = 384,
    measure: Measure = count_words,
    stride: int = 0,
    blind: bool = False,
) -> Task:
    """Make the task of quotes as spans: rows with text and quotes of windows.

    A window is of `max_size` by `measure`: BNLP's tokens by default. A quote of which only a part
    lies in a window is given as far as it does, and is in `cut` where no window holds all of it.
    `speaker_name` is the bare name of the speaker's mention where that lies in the window: also
    of তিনি. An article without annotation has no row.
    """
    make = partial(_examples, max_size=max_size, measure=measure, stride=stride, blind=blind)
    return Task(make, _COLUMNS)


def read_quote_spans(row: Row, quotes: Sequence[Row] | None = None) -> list[Quote]:
    """Turn quotes in the form of a row's (by default its own) into Quotes of the article.

    Raises UsageError where a span does not lie in the row's text.
    """
    return [_read_quote(row, quote) for quote in (row["quotes"] if quotes is None else quotes)]


def window_quotes(article: Article, window: Window) -> list[Quote]:
    """Give the quotes of an article as far as they lie in a window: with content, at least."""
    found = []
    for quote in article.quotes or ():
        content = [part for one in quote.content if (part := _clipped(article, one, window))]
        if content:
            found.append(
                msgspec.structs.replace(
                    quote,
                    content=tuple(content),
                    cue=_clipped(article, quote.cue, window),
                    speaker=_clipped(article, quote.speaker, window),
                    quoted=(),
                )
            )
    return found


def speaker_names(article: Article, window: Window) -> dict[str, Mention]:
    """Give the mentions that lie in a window, by id: those that may name a speaker there."""
    inside = (
        mention
        for mention in article.mentions or ()
        if window.start <= mention.start and mention.end <= window.end
    )
    return {mention.id: mention for mention in inside}


def _clipped(article: Article, part: Part | None, window: Window) -> Part | None:
    if part is None:
        return None
    start, end = max(part.start, window.start), min(part.end, window.end)
    surface = article.text[start:end]
    return Part(start, end, surface) if surface.strip() else None


def _examples(
    article: Article, *, max_size: int, measure: Measure, stride: int, blind: bool
) -> list[Example]:
    if article.quotes is None:
        return []
    items = {quote.id for quote in article.quotes}
    windows = make_windows(article, max_size=max_size, measure=measure, stride=stride, blind=blind)
    return [
        {
            **window_columns(window, items=items),
            "text": article.text[window.start : window.end],
            "quotes": [
                _write_quote(article, window, quote) for quote in window_quotes(article, window)
            ],
        }
        for window in windows
    ]


def _write_quote(article: Article, window: Window, quote: Quote) -> dict[str, Any]:
    def span(start: int, end: int) -> dict[str, int | str]:
        shift = window.start
        return {"start": start - shift, "end": end - shift, "text": article.text[start:end]}

    name = speaker_names(article, window).get(quote.speaker_mention or "")
    return {
        "id": quote.id,
        "kind": quote.kind,
        "marking": quote.marking,
        "medium": quote.medium,
        "content": [span(part.start, part.end) for part in quote.content],
        "cue": span(quote.cue.start, quote.cue.end) if quote.cue else None,
        "speaker": span(quote.speaker.start, quote.speaker.end) if quote.speaker else None,
        "speaker_name": span(name.start, name.name_end) if name else None,
    }


def _read_quote(row: Row, quote: Row) -> Quote:
    def part(field: Row | None) -> Part | None:
        if field is None:
            return None
        start, end = field["start"], field["end"]
        if not 0 <= start < end <= len(row["text"]):
            raise UsageError(
                f"a part at [{start}, {end}) of a text of {len(row['text'])} code points",
                where=row["doc_id"],
                fix="count code points of the row's text, half-open",
            )
        return Part(start + row["start"], end + row["start"], row["text"][start:end])

    content = [part(one) for one in quote["content"]]
    return Quote(
        id=quote["id"],
        content=tuple(one for one in content if one is not None),
        kind=quote["kind"],
        marking=quote["marking"],
        medium=quote["medium"],
        cue=part(quote["cue"]),
        speaker=part(quote["speaker"]),
    )
