"""Quotes of a document: by rules, by a CRF, and by a CRF that sees what the rules found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from khobor.records import Annotation, Document, Mention, Part, Quote
from khobor.spans import strip_span
from khobor.training.cues import find_cues
from khobor.training.features import ending_of, form_of, lists_of, shape_of
from khobor.training.mark_pairs import MARKS, find_pairs
from khobor.training.passages import Passage, passages_of, tokens_in
from khobor.training.quote_rules import find_sayings
from khobor.training.quote_values import (
    Speakers,
    kind_of,
    marking_of,
    medium_of,
    quoted_parts,
)
from khobor.training.roles import (
    AFTER,
    ALONE,
    BEFORE,
    CUE,
    HEAD,
    NAMED,
    NAMING,
    Piece,
    Saying,
    pieces_of,
    sayings_of,
    tags_of,
)
from khobor.training.taggers import Rows, Settings, Tagger, spans_of, train_tagger

# Chosen on the validation part, see docs/baselines.md.
SETTINGS = Settings(c1=0.05, c2=0.1, iterations=100)

Way = Literal["rules", "crf", "both"]


def train_quotes(
    documents: Iterable[tuple[Document, Annotation]],
    path: Path,
    settings: Settings = SETTINGS,
    *,
    rules: bool = True,
) -> None:
    """Turn annotated documents into a model file of quotes; `rules`: with what the rules find."""
    train_tagger(
        (
            (
                quote_features(passage, rules=rules, mentions=annotation.mentions),
                tags_of(pieces_of(passage, annotation.quotes), len(passage)),
            )
            for document, annotation in documents
            for passage in passages_of(document)
        ),
        path,
        settings,
    )


def find_quotes(
    document: Document, mentions: Sequence[Mention], tagger: Tagger | None, *, rules: bool = True
) -> list[Quote]:
    """Turn a document and its mentions into its quotes, numbered q1, q2, … in order.

    Without a tagger by rules alone; `rules` as the tagger was trained.
    """
    found: list[tuple[Passage, Saying]] = []
    for passage in passages_of(document):
        if tagger is None:
            sayings = find_sayings(passage)
        else:
            tags = tagger.tag(quote_features(passage, rules=rules, mentions=mentions))
            sayings = sayings_of(spans_of(tags))
        found += [(passage, saying) for saying in sayings]
    return _quotes(document, mentions, found)


def _quotes(
    document: Document, mentions: Sequence[Mention], found: Sequence[tuple[Passage, Saying]]
) -> list[Quote]:
    quotes: list[Quote] = []
    speakers = Speakers(document.text, mentions)
    for passage, saying in found:
        parts = [part for first, last in saying.content if (part := _part(passage, first, last))]
        if not parts:
            continue
        if saying.goes_on and quotes:
            joined = (*quotes[-1].content, *parts)
            quotes[-1] = _replace_content(quotes[-1], joined)
            continue
        quotes.append(_quote(passage, saying, tuple(parts), speakers, f"q{len(quotes) + 1}"))
    return quotes


def _replace_content(quote: Quote, content: tuple[Part, ...]) -> Quote:
    import msgspec

    return msgspec.structs.replace(quote, content=content)


def _quote(
    passage: Passage, saying: Saying, content: tuple[Part, ...], speakers: Speakers, name: str
) -> Quote:
    marking = marking_of(
        passage, saying.content[0], cue=saying.cue is not None, speaker=saying.speaker is not None
    )
    quoted = (
        [span for part in saying.content for span in quoted_parts(passage, part)]
        if marking == "bare"
        else []
    )
    kind = kind_of(passage, saying.content, marking, parts=bool(quoted))
    speaker = _part(passage, *saying.speaker) if saying.speaker else None
    sentence = next(
        (s for s in passage.sentences if s[0] <= (saying.cue or saying.content[0])[0] < s[1]),
        (0, len(passage)),
    )
    return Quote(
        id=name,
        content=content,
        kind=kind,
        marking="marked" if kind == "mixed" else marking,
        medium=medium_of(passage, saying.cue, saying.speaker, sentence),
        cue=_part(passage, *saying.cue) if saying.cue else None,
        speaker=speaker,
        speaker_mention=speakers.mention_of(speaker, headline=marking == "headline"),
        quoted=tuple(part for first, last in quoted if (part := _part(passage, first, last)))
        if kind == "mixed"
        else (),
    )


def _part(passage: Passage, first: int, last: int) -> Part | None:
    if first >= last:
        return None
    span = strip_span(passage.text, passage.starts[first], passage.ends[last - 1])
    if span.start >= span.end:
        return None
    return Part(span.start, span.end, passage.text[span.start : span.end])


# --- features ---------------------------------------------------------------------------------


def quote_features(passage: Passage, *, rules: bool, mentions: Sequence[Mention] = ()) -> Rows:
    """Turn a passage into the features of each token, for its roles in quotes.

    `rules`: with what the rules find there. `mentions`: the labels of names, where they are known.
    """
    size = len(passage)
    marks = _mark_features(passage)
    names = _name_features(passage, mentions)
    rows: Rows = []
    own = [_own(passage.tokens[at]) for at in range(size)]
    found = _rule_features(passage) if rules else [()] * size
    edges = _edges(passage)
    for at in range(size):
        row = ["bias", *own[at], *marks[at], *names[at], *found[at], *edges[at]]
        for step in (-3, -2, -1, 1, 2, 3):
            place = at + step
            if 0 <= place < size:
                row.append(f"{step}:w={passage.forms[place]}")
                row.append(f"{step}:shape={shape_of(passage.tokens[place])}")
                if abs(step) < 3:
                    row.append(f"{step}:end={ending_of(passage.forms[place])}")
                    row += [f"{step}:{feature}" for feature in found[place]]
                    row += [f"{step}:{feature}" for feature in names[place]]
            else:
                row.append(f"{step}:edge")
        if at:
            row.append(f"-1|0={passage.forms[at - 1]}|{passage.forms[at]}")
        if at + 1 < size:
            row.append(f"0|1={passage.forms[at]}|{passage.forms[at + 1]}")
        row.append(f"block={passage.label}")
        rows.append(row)
    return rows


def _own(token: str) -> list[str]:
    form = form_of(token)
    ending = ending_of(form)
    return [
        f"w={form}",
        f"stem={form[: len(form) - len(ending)]}",
        f"end={ending}",
        f"shape={shape_of(token)}",
        *(f"list={name}" for name in lists_of(form)),
        *(f"s{n}={form[-n:]}" for n in (2, 3, 4) if len(form) > n),
        *(f"p{n}={form[:n]}" for n in (2, 3, 4) if len(form) > n),
    ]


def _mark_features(passage: Passage) -> list[list[str]]:
    """Tell for each token whether it stands in marks, and in what kind of pair."""
    rows: list[list[str]] = [[] for _ in range(len(passage))]
    for pair in find_pairs(passage.tokens, passage.glued):
        if not pair.outer:
            continue
        long = "long" if pair.close - pair.open > 6 else "short"
        for at in range(pair.open + 1, pair.close):
            rows[at].append(f"in={long}")
            if at == pair.open + 1:
                rows[at].append(f"opens={long}")
        if pair.close < len(passage):
            rows[pair.close].append(f"closes={long}")
    for at, token in enumerate(passage.tokens):
        if token in MARKS:
            rows[at].append("mark")
    return rows


def _name_features(passage: Passage, mentions: Sequence[Mention]) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(len(passage))]
    for mention in mentions:
        if passage.starts[0] <= mention.start < passage.ends[-1]:
            first, last = tokens_in(passage, mention.start, mention.end)
            for at in range(first, last):
                rows[at].append(f"name={mention.label}")
    return rows


def _edges(passage: Passage) -> list[list[str]]:
    """Tell where a token stands: in its sentence, in its passage, to the cues around it."""
    cues = find_cues(passage.forms)
    rows: list[list[str]] = [[] for _ in range(len(passage))]
    for number, (first, last) in enumerate(passage.sentences):
        inside = [cue for cue in cues if first <= cue.first < last]
        earlier = [cue for cue in cues if cue.first < first]
        for at in range(first, last):
            rows[at].append(f"sentence={min(number, 3)}")
            if at == first:
                rows[at].append("begins")
            if at == last - 1:
                rows[at].append("ends")
            if not inside:
                rows[at].append("no-cue")
            if earlier:
                rows[at].append(f"cue-before={earlier[-1].kind}")
            rows[at] += [
                f"{'behind' if at >= cue.last else 'before'}={cue.kind}"
                for cue in inside
                if not cue.first <= at < cue.last
            ]
            rows[at] += [f"cue={cue.kind}" for cue in inside if cue.first <= at < cue.last]
    return rows


def _rule_features(passage: Passage) -> list[list[str]]:
    """Turn what the rules find into a feature a token: its role, and whether it begins it."""
    tags = tags_of(sorted(_pieces(find_sayings(passage))), len(passage))
    return [[f"rule={tag}"] for tag in tags]


def _pieces(sayings: Iterable[Saying]) -> Iterator[Piece]:
    for saying in sayings:
        for first, last in saying.content:
            if saying.cue is None:
                yield first, last, ALONE
            else:
                yield first, last, AFTER if saying.cue[0] < first else BEFORE
        if saying.cue is not None:
            yield *saying.cue, CUE
        if saying.speaker is not None:
            if saying.cue is None:
                yield *saying.speaker, HEAD
            else:
                yield *saying.speaker, NAMED if saying.speaker < saying.cue else NAMING
