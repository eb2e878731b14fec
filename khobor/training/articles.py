"""The articles of a release: its `documents` rows, read back into records.

A row may come from a Dataset, a stream, a data frame or a JSON file: labels are the numbers of
ClassLabels or names. Spans are code points of `text`, half-open, and each must say what its row
says that it says. `datasets` is not imported here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import msgspec

from khobor.errors import UsageError
from khobor.formats.interface import Sheet
from khobor.records import (
    ANNOTATION_STATES,
    ENTITY_LABELS,
    QUOTE_KINDS,
    QUOTE_MARKINGS,
    QUOTE_MEDIA,
    AnnotationState,
    EntityLabel,
    Mention,
    Part,
    Quote,
    QuoteKind,
    QuoteMarking,
    QuoteMedium,
)
from khobor.spans import Span

Row = Mapping[str, Any]  # a row of a release: its columns are those of release.features
Features = Mapping[str, Any]  # datasets.Features

_NEEDED = ("doc_id", "text", "annotation", "sentences", "entities", "quotes")


class Article(msgspec.Struct, frozen=True):
    """The article of a page with its sentences and annotation; None where nobody annotated."""

    doc_id: str
    text: str
    state: AnnotationState
    sentences: tuple[Span, ...]
    mentions: tuple[Mention, ...] | None
    quotes: tuple[Quote, ...] | None


def read_article(row: Row, *, features: Features | None = None) -> Article:
    """Turn a row of the configuration `documents` into an Article.

    `features` are those of the dataset; without them numbers of labels follow khobor's own
    order, which only grows. Raises UsageError where the row is of another configuration, or
    a label, a span or its words are not what a release has.
    """
    missing = [column for column in _NEEDED if column not in row]
    if missing:
        raise UsageError(
            f"the row has no column {', '.join(missing)}",
            where=str(row.get("doc_id", "")),
            fix='training starts from documents: load_dataset(release, "documents")',
        )
    reader = _Reader(row["doc_id"], row["text"], features)
    entities, quotes = row["entities"], row["quotes"]
    return Article(
        doc_id=row["doc_id"],
        text=row["text"],
        state=cast(
            "AnnotationState", reader.name(row["annotation"], ANNOTATION_STATES, "annotation")
        ),
        sentences=tuple(reader.span(sentence, "a sentence") for sentence in row["sentences"]),
        mentions=None if entities is None else tuple(map(reader.mention, entities)),
        quotes=None if quotes is None else tuple(map(reader.quote, quotes)),
    )


def read_articles(
    rows: Iterable[Row],
    *,
    states: Sequence[str] = ("gold",),
    features: Features | None = None,
    skipped: Counter[str] | None = None,
) -> Iterator[Article]:
    """Turn rows of `documents` into the Articles whose annotation is of one of the `states`.

    By default only gold enters; silver, partial and none must be asked for. `skipped` counts
    the others by their state. Raises UsageError as read_article does, and for an unknown state.
    """
    check_states(states)
    for row in rows:
        article = read_article(row, features=features)
        if article.state in states:
            yield article
        elif skipped is not None:
            skipped[article.state] += 1


def check_states(states: Sequence[str]) -> None:
    """Raise UsageError unless every state is one of records.ANNOTATION_STATES."""
    unknown = [state for state in states if state not in ANNOTATION_STATES]
    if isinstance(states, str) or unknown:
        raise UsageError(
            f"states {states!r}: not a list of states of annotation",
            fix=f"choose from {', '.join(ANNOTATION_STATES)}, for example states=('gold',)",
        )


def sheet_of(article: Article) -> Sheet:
    """Turn an Article into the sheet that khobor.formats write; without annotation it is empty."""
    return Sheet(article.doc_id, article.text, article.mentions or (), article.quotes or ())


def quote_parts(quote: Quote) -> list[tuple[str, Part]]:
    """List the spans of a quote with their roles: CONTENT, CUE, SPEAKER."""
    parts = [("CONTENT", part) for part in quote.content]
    parts += [("CUE", quote.cue)] if quote.cue is not None else []
    parts += [("SPEAKER", quote.speaker)] if quote.speaker is not None else []
    return parts


class _Reader:
    """Reads the values of one row, and says where one is wrong."""

    def __init__(self, doc_id: str, text: str, features: Features | None) -> None:
        self.doc_id, self.text, self.features = doc_id, text, features

    def name(self, value: object, names: Sequence[str], *path: str) -> str:
        """Turn a ClassLabel's number, or a name, into the name."""
        found = value
        if not isinstance(value, str):
            declared = _declared_names(self.features, path) or names
            number = int(cast("int", value)) if value is not None else -1
            found = declared[number] if 0 <= number < len(declared) else value
        if found not in names:
            raise UsageError(
                f"{'.'.join(path)} is {found!r}, which is none of {', '.join(names)}",
                where=self.doc_id,
                fix="use the khobor that made the release, or a later one, and pass the "
                "dataset's features",
            )
        return cast("str", found)

    def span(self, row: Row, what: str) -> Span:
        start, end = int(row["start"]), int(row["end"])
        if not 0 <= start < end <= len(self.text):
            raise UsageError(
                f"{what} stands at [{start}, {end}) of a text of {len(self.text)} code points",
                where=self.doc_id,
                fix="the row was changed: a release's spans fit its text as it is, not normalised",
            )
        said = row.get("text")
        if said is not None and said != self.text[start:end]:
            raise UsageError(
                f"{what} says {said!r}, the text at [{start}, {end}) is {self.text[start:end]!r}",
                where=self.doc_id,
                fix="the text was changed: train on the release's text as it is, not normalised",
            )
        return Span(start, end)

    def mention(self, row: Row) -> Mention:
        span = self.span(row, f"the entity {row['id']}")
        return Mention(
            id=row["id"],
            start=span.start,
            end=span.end,
            name_end=int(row["name_end"]),
            label=cast("EntityLabel", self.name(row["label"], ENTITY_LABELS, "entities", "label")),
            surface=self.text[span.start : span.end],
        )

    def quote(self, row: Row) -> Quote:
        def part(field: Row) -> Part:
            span = self.span(field, f"a part of the quote {row['id']}")
            return Part(span.start, span.end, self.text[span.start : span.end])

        kind = self.name(row["kind"], QUOTE_KINDS, "quotes", "kind")
        marking = self.name(row["marking"], QUOTE_MARKINGS, "quotes", "marking")
        medium = self.name(row["medium"], QUOTE_MEDIA, "quotes", "medium")
        return Quote(
            id=row["id"],
            content=tuple(map(part, row["content"])),
            kind=cast("QuoteKind", kind),
            marking=cast("QuoteMarking", marking),
            medium=cast("QuoteMedium", medium),
            cue=part(row["cue"]) if row["cue"] is not None else None,
            speaker=part(row["speaker"]) if row["speaker"] is not None else None,
            speaker_mention=row["speaker_mention"],
        )


def _declared_names(features: Features | None, path: Sequence[str]) -> Sequence[str] | None:
    """Find the names of a ClassLabel in a dataset's features; None where it is no ClassLabel."""
    feature: Any = features
    for key in path:
        feature = getattr(feature, "feature", feature)  # List(...) holds what it is a list of
        if feature is None or key not in feature:
            return None
        feature = feature[key]
    return cast("Sequence[str] | None", getattr(feature, "names", None))
