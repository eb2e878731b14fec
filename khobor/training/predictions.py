"""Predictions and gold in the form that khobor.scoring takes: Annotations of the article's text."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from khobor.errors import UsageError
from khobor.records import Annotation, Mention, Part, Quote
from khobor.spans import Span
from khobor.training.articles import Article
from khobor.training.tags import Labelled, mentions_of

_GUIDELINE = "release"
_OPENING, _CLOSING = "‘“\"'«", "’”\"'»"


def gold_annotations(articles: Iterable[Article]) -> list[Annotation]:
    """Turn articles into the Annotations that predictions are scored against.

    Articles that are annotated in part alone, or not at all, say so and are left out by scoring.
    """
    return [
        _annotation(
            article,
            "gold",
            article.mentions or (),
            article.quotes or (),
            complete=article.state in ("gold", "silver"),
        )
        for article in articles
    ]


def predicted_annotations(
    articles: Iterable[Article],
    mentions: Mapping[str, Iterable[Mention | Labelled]] | None = None,
    quotes: Mapping[str, Iterable[Quote]] | None = None,
) -> list[Annotation]:
    """Turn what a model found, by doc_id, into the Annotation of every article.

    Mentions may come as labelled spans; an article of which nothing was found has none. Quotes
    get ids of their own, so those of several windows do not clash; a `speaker_mention` keeps its
    meaning. Raises UsageError where something was found in a document that is not among the
    articles.
    """
    given = list(articles)
    known = {article.doc_id for article in given}
    unknown = sorted({*(mentions or {}), *(quotes or {})} - known)
    if unknown:
        raise UsageError(
            f"predictions for {', '.join(unknown[:3])}, which is not among the articles",
            fix="pass the articles that were predicted",
        )
    return [
        _annotation(
            article,
            "predicted",
            _as_mentions(article, (mentions or {}).get(article.doc_id, ())),
            _renamed((quotes or {}).get(article.doc_id, ())),
        )
        for article in given
    ]


def link_roles(article: Article, spans: Iterable[Labelled]) -> list[Quote]:
    """Turn spans of the roles CONTENT, CUE and SPEAKER into Quotes, by their places alone.

    A tag says what a span is, not whose. Content belongs to the nearest cue of its line, as does
    the speaker; contents of one cue are one quote. Content at the start of a line without a cue
    goes on from the quote that the line before ends with. Kind and marking follow from quote
    marks at the edges (direct and marked, else indirect and bare), the medium is unknown, and
    whose name a pronoun stands for is not told.
    """
    text = article.text
    lines = [0, *(place + 1 for place, mark in enumerate(text) if mark == "\n")]
    by_line: dict[int, list[Labelled]] = {}
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        by_line.setdefault(bisect_right(lines, span.start), []).append(span)
    quotes: list[Quote] = []
    for line in sorted(by_line):
        made = _link_line(text, by_line[line])
        if quotes and made and _goes_on(text, quotes[-1], made[0]):
            first = made.pop(0)
            quotes[-1] = msgspec.structs.replace(
                quotes[-1], content=(*quotes[-1].content, *first.content)
            )
        quotes += made
    return _renamed(quotes)


def _link_line(text: str, spans: Sequence[Labelled]) -> list[Quote]:
    """Put the spans of one line together; a cue or a speaker without content drops out."""
    cues = [span for span in spans if span.label == "CUE"]
    speakers = [span for span in spans if span.label == "SPEAKER"]
    owned: dict[Labelled | None, list[Labelled]] = {}
    for span in spans:
        if span.label == "CONTENT":
            owned.setdefault(_nearest(cues, span), []).append(span)
    quotes = []
    for cue, content in owned.items():
        groups = [content] if cue is not None else [[one] for one in content]
        for group in groups:
            speaker = _nearest(speakers, cue or group[0])
            quotes.append(_quote(text, group, cue, speaker))
    return sorted(quotes, key=lambda quote: quote.content[0].start)


def _nearest(spans: Sequence[Labelled], to: Labelled) -> Labelled | None:
    return min(spans, key=lambda one: max(one.start - to.end, to.start - one.end), default=None)


def _quote(
    text: str, content: Sequence[Labelled], cue: Labelled | None, speaker: Labelled | None
) -> Quote:
    marked = any(_in_marks(text, span) for span in content)
    return Quote(
        id="q",
        content=tuple(_part(text, span) for span in content),
        kind="direct" if marked else "indirect",
        marking="marked" if marked else "bare",
        medium="unknown",
        cue=_part(text, cue) if cue else None,
        speaker=_part(text, speaker) if speaker else None,
    )


def _in_marks(text: str, span: Labelled) -> bool:
    before, after = text[max(span.start - 1, 0) : span.start], text[span.end : span.end + 1]
    return (before != "" and before in _OPENING) or (after != "" and after in _CLOSING)


def _goes_on(text: str, before: Quote, first: Quote) -> bool:
    """Tell whether nothing but marks and a line end stands between two contents."""
    alone = first.cue is None and first.speaker is None
    between = text[before.content[-1].end : first.content[0].start]
    return alone and not any(character.isalnum() for character in between)


def _part(text: str, span: Labelled | Span) -> Part:
    return Part(span.start, span.end, text[span.start : span.end])


def _as_mentions(article: Article, found: Iterable[Mention | Labelled]) -> tuple[Mention, ...]:
    listed = list(found)
    made = [one for one in listed if isinstance(one, Mention)]
    spans = [one for one in listed if isinstance(one, Labelled)]
    mentions = [*made, *mentions_of(article.text, spans)]
    return tuple(sorted(mentions, key=lambda m: (m.start, m.end)))


def _renamed(quotes: Iterable[Quote]) -> list[Quote]:
    ordered = sorted(quotes, key=lambda quote: quote.content[0].start)
    return [
        msgspec.structs.replace(quote, id=f"q{number}")
        for number, quote in enumerate(ordered, start=1)
    ]


def _annotation(
    article: Article,
    annotator: str,
    mentions: Sequence[Mention],
    quotes: Sequence[Quote],
    *,
    complete: bool = True,
) -> Annotation:
    return Annotation(
        doc_id=article.doc_id,
        text_sha256=hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest(),
        annotator=annotator,
        guideline=_GUIDELINE,
        progress="complete" if complete else "partial",
        mentions=tuple(mentions),
        quotes=tuple(quotes),
    )
