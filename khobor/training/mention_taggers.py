"""Entity mentions by a CRF: a document's sentences to tags and back to spans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from khobor.records import Annotation, Document, EntityLabel, Mention
from khobor.spans import on_grapheme_border
from khobor.training.features import Surroundings, repeat_features, sequence_features
from khobor.training.name_ends import NameEnds, bare_length
from khobor.training.passages import Passage, passages_of, tokens_in
from khobor.training.taggers import Rows, Settings, Tagger, spans_of, train_tagger

# Chosen on the validation part, see docs/baselines.md.
SETTINGS = Settings(c1=0.1, c2=0.1, iterations=100)

# What cannot stand at the edge of a mention (annotations.checks, guideline E5).
_BEFORE = frozenset(',;:।॥৷?!“”"–— \n\t\u00a0.)]}-')
_BEHIND = frozenset(',;:।॥৷?!“”"–— \n\t\u00a0‘([{-')
_PAIRS = {")": "(", "]": "[", "}": "{"}

Paths = Mapping[str, str]  # of word_clusters
_NO_PATHS: Paths = {}


def train_mentions(
    documents: Iterable[tuple[Document, Annotation]],
    path: Path,
    settings: Settings = SETTINGS,
    *,
    paths: Paths = _NO_PATHS,
) -> None:
    """Turn annotated documents into a model file of mentions; `paths`: with word clusters."""
    train_tagger(
        (
            (rows, tags)
            for document, annotation in documents
            for rows, tags in _tagged(document, annotation.mentions, paths)
        ),
        path,
        settings,
    )


def find_mentions(
    document: Document, tagger: Tagger, ends: NameEnds, *, paths: Paths = _NO_PATHS
) -> list[Mention]:
    """Turn a document into the mentions that a model finds, numbered e1, e2, … in order.

    `paths` as in training.
    """
    found: list[Mention] = []
    words = frozenset(ends.words)
    for passage, first, rows in _sentences(document, paths):
        for begin, behind, label in spans_of(tagger.tag(rows)):
            span = trim(
                document.text, passage.starts[first + begin], passage.ends[first + behind - 1]
            )
            if span is None:
                continue
            surface = document.text[span[0] : span[1]]
            bare = bare_length(surface, label, ends, words)
            found.append(
                Mention(
                    id=f"e{len(found) + 1}",
                    start=span[0],
                    end=span[1],
                    name_end=span[0] + bare,
                    label=_label(label),
                    surface=surface,
                )
            )
    return found


def _label(label: str) -> EntityLabel:
    return label  # type: ignore[return-value]  # tags are made of the labels of training


def trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Turn a span of tokens into one that a mention may have: no mark at its edges.

    None where nothing is left, or where its edge would split a letter from its sign.
    """
    while start < end and (text[start] in _BEFORE or _unclosed(text[start:end])):
        start += 1
    while start < end and (text[end - 1] in _BEHIND or _unpaired(text[start:end])):
        end -= 1
    if start == end or not (on_grapheme_border(text, start) and on_grapheme_border(text, end)):
        return None
    return start, end


def _unpaired(surface: str) -> bool:
    """Tell a bracket at the end that nothing opens."""
    return surface[-1] in _PAIRS and _PAIRS[surface[-1]] not in surface


def _unclosed(surface: str) -> bool:
    """Tell a bracket at the start that nothing closes."""
    return any(surface[0] == opens and closes not in surface for closes, opens in _PAIRS.items())


def _sentences(document: Document, paths: Paths) -> Iterator[tuple[Passage, int, Rows]]:
    """Yield each sentence: its passage, its first token there, the features of its tokens."""
    passages = passages_of(document)
    repeats = repeat_features(
        passage.tokens[first:last] for passage in passages for first, last in passage.sentences
    )
    around = Surroundings(paths=paths, repeats=repeats)
    for passage in passages:
        glued = passage.glued
        for first, last in passage.sentences:
            rows = sequence_features(passage.tokens[first:last], glued[first:last], around)
            for row in rows:
                row.append(f"block={passage.label}")
            yield passage, first, rows


def _tagged(
    document: Document, mentions: Sequence[Mention], paths: Paths
) -> Iterator[tuple[Rows, list[str]]]:
    for passage, sentence, rows in _sentences(document, paths):
        tags = ["O"] * len(rows)
        for mention in mentions:
            first, last = tokens_in(passage, mention.start, mention.end)
            for at in range(max(first, sentence), min(last, sentence + len(rows))):
                tags[at - sentence] = f"{'B' if at == first else 'I'}-{mention.label}"
        yield rows, tags
