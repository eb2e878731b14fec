"""Instructions for language models: a prompt with a text, and the answer as JSON with its words.

`messages` are those of chat templates (TRL's SFTTrainer and its like take them as they are). Answers
quote the text exactly, in its order, without offsets, which models cannot count; `read_answer` finds the
words in the text again. What an answer cannot say so (the second ঢাকা is a name, the first is
not) is listed in `inexact`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any, cast

import msgspec

from khobor.records import (
    ENTITY_LABELS,
    QUOTE_KINDS,
    QUOTE_MARKINGS,
    QUOTE_MEDIA,
    EntityLabel,
    Mention,
    Part,
    Quote,
)
from khobor.spans import Span
from khobor.training.articles import Article, Row
from khobor.training.layers import Layer, spans_of
from khobor.training.quote_spans import speaker_names, window_quotes
from khobor.training.surfaces import Surfaces
from khobor.training.tags import Labelled, inexact_spans, mentions_of
from khobor.training.tasks import (
    WINDOW_COLUMNS,
    ColumnType,
    Example,
    Task,
    merge_found,
    window_columns,
)
from khobor.training.windows import Measure, Window, count_words, make_windows

PROMPTS: dict[Layer, str] = {
    "entities": (
        "Find the named entities of this Bengali news text, with their inflections. Labels: "
        f"{', '.join(ENTITY_LABELS)}. Answer with JSON alone: "
        '{"entities": [{"text": "…", "label": "…"}]}. Copy every text exactly, in the order in which '
        "they stand."
    ),
    "quotes": (
        "Find what is reported as said in this Bengali news text: the content, the words that "
        "report it (cue), the speaker as the text calls them there, and the name of the speaker, "
        "if the text has one. Answer with JSON alone: "
        '{"quotes": [{"content": ["…"], "cue": "…", "speaker": "…", "speaker_name": "…", '
        f'"kind": "{"|".join(QUOTE_KINDS)}", "marking": "{"|".join(QUOTE_MARKINGS)}", '
        f'"medium": "{"|".join(QUOTE_MEDIA)}"}}]}}. '
        "Copy every string exactly, in the order in which they stand; null where there is none."
    ),
}
_COLUMNS: dict[str, ColumnType] = {
    **WINDOW_COLUMNS,
    "text": "string",
    "messages": [{"role": "string", "content": "string"}],
}


class Answer(msgspec.Struct, frozen=True):
    """What a model's answer says, in code points of the article; and what it said in vain.

    `mentions` are the entities, or of quotes the names of speakers. `problems` are sentences:
    what was no JSON, which words the text has not, which label does not exist.
    """

    mentions: tuple[Mention, ...] = ()
    quotes: tuple[Quote, ...] = ()
    problems: tuple[str, ...] = ()


def instruction_task(
    *,
    layer: Layer = "entities",
    prompt: str | None = None,
    max_size: int = 384,
    measure: Measure = count_words,
    stride: int = 0,
    blind: bool = False,
) -> Task:
    """Make the task of instructions: rows with the window's text, and messages of user and assistant.

    `prompt` is what stands before the text (PROMPTS by default). A window is of `max_size` by
    `measure`: BNLP's tokens by default, or a model's own:
    `measure=lambda text: len(tokenizer(text)["input_ids"])`. An article without annotation has
    no row.
    """
    make = partial(
        _examples,
        layer=layer,
        prompt=PROMPTS[layer] if prompt is None else prompt,
        max_size=max_size,
        measure=measure,
        stride=stride,
        blind=blind,
    )
    spans_of(layer, Article("", "", "none", (), None, None))  # refuses a layer that is none
    return Task(make, _COLUMNS)


def read_answer(row: Row, answer: str, *, layer: Layer = "entities") -> Answer:
    """Turn a model's answer about a row into mentions or quotes of the article.

    Entities are looked for from left to right, each behind the one before; cue, speaker and name
    nearest to their content. Nothing in an answer raises: what is wrong with it is in `problems`,
    and the rest is read. A fence of ``` or words around the JSON do no harm.
    """
    surfaces = Surfaces(row["text"])
    problems: list[str] = []
    given = _given(answer, layer, problems)
    if layer == "entities":
        spans = _read_entities(given, surfaces, problems)
        mentions = mentions_of(row["text"], spans)
        shifted = tuple(_shifted(mention, row["start"]) for mention in mentions)
        return Answer(mentions=shifted, problems=tuple(problems))
    reader = _QuoteReader(surfaces, row["start"], problems)
    quotes = tuple(quote for one in given if (quote := reader.read(one)) is not None)
    return Answer(tuple(reader.mentions), quotes, tuple(problems))


def merge_answers(rows: Iterable[Row], answers: Iterable[Answer]) -> dict[str, Answer]:
    """Turn the answers about all rows into one Answer for each document, by doc_id."""
    listed, given = list(rows), list(answers)
    mentions = merge_found(listed, [one.mentions for one in given], lambda m: (m.start, m.end))
    quotes = merge_found(
        listed, [one.quotes for one in given], lambda q: (q.content[0].start, q.content[-1].end)
    )
    # The name of a speaker may lie in the part of a window that another one answers for.
    named = {
        (row["doc_id"], mention.id): mention
        for row, one in zip(listed, given, strict=True)
        for mention in one.mentions
    }
    problems: dict[str, list[str]] = {}
    for row, one in zip(listed, given, strict=True):
        problems.setdefault(row["doc_id"], []).extend(one.problems)
    merged = {}
    for doc_id, found in quotes.items():
        speakers = [
            named[doc_id, quote.speaker_mention] for quote in found if quote.speaker_mention
        ]
        kept = {mention.id: mention for mention in (*mentions[doc_id], *speakers)}
        ordered = sorted(kept.values(), key=lambda mention: (mention.start, mention.end))
        merged[doc_id] = Answer(tuple(ordered), tuple(found), tuple(problems[doc_id]))
    return merged


# --- writing ----------------------------------------------------------------------------------


def _examples(
    article: Article,
    *,
    layer: Layer,
    prompt: str,
    max_size: int,
    measure: Measure,
    stride: int,
    blind: bool,
) -> list[Example]:
    spans = spans_of(layer, article)
    if spans is None:
        return []
    rows = []
    for window in make_windows(
        article, max_size=max_size, measure=measure, stride=stride, blind=blind
    ):
        text = article.text[window.start : window.end]
        answer = _entities(article, window) if layer == "entities" else _quotes(article, window)
        row = {
            **window_columns(window, items={span.id for span in spans}),
            "text": text,
            "messages": [
                {"role": "user", "content": f"{prompt}\n\n{text}"},
                {"role": "assistant", "content": msgspec.json.encode(answer).decode()},
            ],
        }
        inside = [s for s in spans if window.start <= s.start and s.end <= window.end]
        whole = [s for s in inside if s.id not in window.partial]
        read = read_answer(row, row["messages"][1]["content"], layer=layer)
        row["inexact"] = list(inexact_spans(whole, _spans_in(read, layer)))
        rows.append(row)
    return rows


def _entities(article: Article, window: Window) -> dict[str, list[dict[str, str]]]:
    inside = sorted(speaker_names(article, window).values(), key=lambda m: (m.start, m.end))
    return {
        "entities": [
            {"text": article.text[mention.start : mention.end], "label": mention.label}
            for mention in inside
        ]
    }


def _quotes(article: Article, window: Window) -> dict[str, list[dict[str, Any]]]:
    names = speaker_names(article, window)

    def said(quote: Quote) -> dict[str, Any]:
        name = names.get(quote.speaker_mention or "")
        return {
            "content": [part.surface for part in quote.content],
            "cue": quote.cue.surface if quote.cue else None,
            "speaker": quote.speaker.surface if quote.speaker else None,
            "speaker_name": article.text[name.start : name.name_end] if name else None,
            "kind": quote.kind,
            "marking": quote.marking,
            "medium": quote.medium,
        }

    inside = sorted(window_quotes(article, window), key=lambda quote: quote.content[0].start)
    return {"quotes": [said(quote) for quote in inside]}


def _spans_in(answer: Answer, layer: Layer) -> Sequence[Labelled]:
    article = Article("", "", "gold", (), answer.mentions, answer.quotes)
    return spans_of(layer, article) or ()


# --- reading ----------------------------------------------------------------------------------


def _given(answer: str, layer: Layer, problems: list[str]) -> list[dict[str, Any]]:
    """Take the list of objects out of an answer; what is not one becomes a problem."""
    try:
        said = msgspec.json.decode(answer[answer.find("{") : answer.rfind("}") + 1])
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        problems.append(f"no JSON object in {_short(answer)}")
        return []
    listed = said.get(layer) if isinstance(said, dict) else None
    if not isinstance(listed, list):
        problems.append(f"no list {layer!r} in {_short(answer)}")
        return []
    problems += [f"no object: {_short(one)}" for one in listed if not isinstance(one, dict)]
    return [one for one in listed if isinstance(one, dict)]


def _read_entities(
    given: Sequence[dict[str, Any]], surfaces: Surfaces, problems: list[str]
) -> list[Labelled]:
    found: dict[Span, Labelled] = {}
    position = 0
    for one in given:
        surface, label = one.get("text"), one.get("label")
        if not isinstance(surface, str) or label not in ENTITY_LABELS:
            problems.append(f"no text with a label of khobor's: {_short(one)}")
            continue
        span = surfaces.next_of(surface, position)
        if span is None or span in found:
            problems.append(f"the text has no {'other ' if span else ''}{_short(surface)}")
            continue
        found[span] = Labelled(span.start, span.end, label)
        position = span.end
    return list(found.values())


class _QuoteReader:
    """Reads the quotes of one answer, in order."""

    def __init__(self, surfaces: Surfaces, shift: int, problems: list[str]) -> None:
        self.surfaces, self.shift, self.problems = surfaces, shift, problems
        self.mentions: list[Mention] = []
        self._position = 0
        self._number = 0

    def read(self, one: dict[str, Any]) -> Quote | None:
        given = one.get("content")
        listed = [given] if isinstance(given, str) else given if isinstance(given, list) else []
        content = [span for surface in listed if (span := self._content(surface)) is not None]
        if not content:
            self.problems.append(f"a quote without content in the text: {_short(one)}")
            return None
        self._number += 1
        cue = self._near(one, "cue", content)
        speaker = self._near(one, "speaker", [cue] if cue else content)
        name = self._near(one, "speaker_name", [speaker or content[0]], inside=True)
        return Quote(
            id=f"q{self._number}",
            content=tuple(self._part(span) for span in sorted(content)),
            kind=cast("Any", self._value(one, "kind", QUOTE_KINDS, "direct")),
            marking=cast("Any", self._value(one, "marking", QUOTE_MARKINGS, "marked")),
            medium=cast("Any", self._value(one, "medium", QUOTE_MEDIA, "unknown")),
            cue=self._part(cue) if cue else None,
            speaker=self._part(speaker) if speaker else None,
            speaker_mention=self._mention(name) if name else None,
        )

    def _content(self, surface: object) -> Span | None:
        span = self.surfaces.next_of(surface, self._position) if isinstance(surface, str) else None
        if span is None:
            self.problems.append(f"the text has no {_short(surface)}")
        else:
            self._position = span.end
        return span

    def _near(
        self, one: dict[str, Any], field: str, near: Sequence[Span], *, inside: bool = False
    ) -> Span | None:
        surface = one.get(field)
        if surface is None:
            return None
        if isinstance(surface, str):
            if inside:  # a name may well lie in the speaker's span
                span = min(
                    self.surfaces.all_of(surface),
                    key=lambda place: abs(place.start - near[0].start),
                    default=None,
                )
            else:
                span = self.surfaces.nearest_of(surface, near)
            if span is not None:
                return span
        self.problems.append(f"the text has no {field} {_short(surface)}")
        return None

    def _value(self, one: dict[str, Any], field: str, values: Sequence[str], default: str) -> str:
        if one.get(field) in values:
            return str(one[field])
        self.problems.append(f"{field} {_short(one.get(field))} is none of {', '.join(values)}")
        return default

    def _mention(self, span: Span) -> str:
        """Give the id of the mention at a speaker's name; one is made where there is none.

        An answer about quotes names no label: a speaker is taken for a person.
        """
        start, end = span.start + self.shift, span.end + self.shift
        for mention in self.mentions:
            if (mention.start, mention.end) == (start, end):
                return mention.id
        label: EntityLabel = "PER"
        made = Mention(_id(start, end), start, end, end, label, self._surface(span))
        self.mentions.append(made)
        return made.id

    def _part(self, span: Span) -> Part:
        return Part(span.start + self.shift, span.end + self.shift, self._surface(span))

    def _surface(self, span: Span) -> str:
        return self.surfaces.text[span.start : span.end]


def _shifted(mention: Mention, by: int) -> Mention:
    return msgspec.structs.replace(
        mention,
        id=_id(mention.start + by, mention.end + by),
        start=mention.start + by,
        end=mention.end + by,
        name_end=mention.name_end + by,
    )


def _id(start: int, end: int) -> str:
    """Make the id of a mention from its place: the answers about two windows do not clash."""
    return f"p{start}-{end}"


def _short(said: object) -> str:
    shown = repr(said)
    return shown if len(shown) <= 60 else f"{shown[:59]}…"
