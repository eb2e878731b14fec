"""Token classification: subwords of a fast tokenizer with the labels of the words they spell.

The text goes to the tokenizer verbatim, and its offsets lead back: also of a tokenizer that
normalises, of one that cuts a letter into bytes (several subwords then share a code point), and
of one that takes the space before a word along. A label number is that of the ClassLabel in the
configuration `sentences`: NER_TAGS and QUOTE_TAGS of training.tags.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import msgspec

from khobor.errors import UsageError
from khobor.spans import Span, strip_span
from khobor.training.articles import Article, Row
from khobor.training.encodings import (
    Subwords,
    check_tokenizer,
    count_subwords,
    encode_text,
    fit_subwords,
    model_limit,
)
from khobor.training.layers import Layer, spans_of, tags_of
from khobor.training.tags import (
    OUTSIDE,
    Labelled,
    Words,
    article_words,
    inexact_spans,
    read_tags,
    tag_words,
)
from khobor.training.tasks import WINDOW_COLUMNS, Example, Task, merge_found, window_columns
from khobor.training.windows import Window, make_windows

IGNORED = -100  # the label that a loss passes over: ignore_index of PyTorch's cross entropy

_COLUMNS = {
    **WINDOW_COLUMNS,
    "input_ids": ["int64"],
    "attention_mask": ["int64"],
    "labels": ["int64"],
    "subword_words": ["int64"],
    "word_starts": ["int64"],
    "word_ends": ["int64"],
    "word_heads": ["int64"],
}


# What is said keeps its । ? ! (annotation guideline); a name has no mark at its edge.
_END_MARKS: dict[Layer, str] = {"entities": "", "quotes": "।?!"}


def token_task(
    tokenizer: Any,
    *,
    layer: Layer = "entities",
    max_tokens: int | None = None,
    stride: int = 0,
    label_all: bool = False,
    blind: bool = False,
) -> Task:
    """Make the task of token classification for a tokenizer.

    Its rows have input_ids, attention_mask and labels: the label of a word on its first subword
    (`label_all`: on all of them, I- after the first), IGNORED on the others, on special tokens,
    and everywhere in an article without annotation. For the way back they have the word of each
    labelled subword (else -1), the words' bounds in the article, and each word's head: the word
    whose label is its own (see `read_labels`).

    `tokenizer` is a fast one of `transformers`, or a `tokenizers.Tokenizer`. `max_tokens` counts
    special tokens too; by default it is the tokenizer's own limit. `stride` and `blind`: see
    training.windows. Raises UsageError for a tokenizer without offsets, without a limit, or one
    that truncates or pads by itself.
    """
    tags_of(layer)  # refuses a layer that is none
    check_tokenizer(tokenizer)
    specials = len(encode_text(tokenizer, "").ids)
    limit = model_limit(tokenizer) if max_tokens is None else max_tokens
    if limit <= specials:
        raise UsageError(
            f"max_tokens={limit} leaves no room beside {specials} special tokens",
            fix="pass the length that the model takes",
        )
    make = partial(
        _examples,
        tokenizer=tokenizer,
        layer=layer,
        max_tokens=limit,
        room=limit - specials,
        stride=stride,
        label_all=label_all,
        blind=blind,
    )
    return Task(make, _COLUMNS)


def label_names(layer: Layer = "entities") -> dict[int, str]:
    """Name the numbers of labels, as the `id2label` of a model's configuration takes them."""
    return dict(enumerate(tags_of(layer)))


def read_labels(row: Row, labels: Sequence[int], *, layer: Layer = "entities") -> list[Labelled]:
    """Turn a label number for each subword of a row into spans of the article.

    A word has the label of its first subword; `labels` may be longer than the row (padding).
    Words of one subword (দু’টি is three words, and often one subword) have one label. A span is
    whole words: `text[start:end]` is what the model found.
    """
    names = tags_of(layer)
    said: dict[int, str] = {}
    for word, label in zip(row["subword_words"], labels, strict=False):
        if word >= 0 and word not in said and label != IGNORED:
            said[word] = names[label]
    tags: list[str | None] = []
    before = -1
    for head in row["word_heads"]:
        tag = said.get(head)
        tags.append(tag.replace("B-", "I-", 1) if tag is not None and head == before else tag)
        before = head if head >= 0 else before
    return read_tags(Words(tuple(row["word_starts"]), tuple(row["word_ends"])), tags)


def merge_labels(
    rows: Iterable[Row], labels: Iterable[Sequence[int]], *, layer: Layer = "entities"
) -> dict[str, list[Labelled]]:
    """Turn the labels that a model gave to all rows into the spans of every document.

    Overlapping windows are merged by merge_windows. Documents come in the order of the rows.
    """
    listed = list(rows)
    found = [
        read_labels(row, numbers, layer=layer) for row, numbers in zip(listed, labels, strict=True)
    ]
    return merge_found(listed, found, lambda one: (one.start, one.end))


# --- rows -------------------------------------------------------------------------------------


def _examples(
    article: Article,
    *,
    tokenizer: Any,
    layer: Layer,
    max_tokens: int,
    room: int,
    stride: int,
    label_all: bool,
    blind: bool,
) -> list[Example]:
    annotated = spans_of(layer, article)
    spans = annotated or ()
    all_words = article_words(article)
    measure = partial(count_subwords, tokenizer=tokenizer)
    rows = []
    for window in make_windows(article, max_size=room, measure=measure, stride=stride, blind=blind):
        text = article.text[window.start : window.end]
        subwords = fit_subwords(encode_text(tokenizer, text), max_tokens)
        words = all_words.within(window.start, window.end)
        inside = [s for s in spans if s.start < window.end and window.start < s.end]
        spelled = _spell(article.text, window, words, subwords, _END_MARKS[layer])
        tags = _head_tags(spelled, tag_words(words, inside)[0])
        subword_words, labels = _labels(
            spelled, None if annotated is None else tags, layer, label_all
        )
        row = {
            **window_columns(window, items={span.id for span in spans}),
            "input_ids": subwords.ids,
            "attention_mask": [1] * len(subwords.ids),
            "labels": labels,
            "subword_words": subword_words,
            "word_starts": list(words.starts),
            "word_ends": list(words.ends),
            "word_heads": spelled.heads,
        }
        # What the labels give back is compared with the spans: so nothing is lost unseen.
        whole = [s for s in inside if s.id not in window.partial]
        row["inexact"] = list(inexact_spans(whole, read_labels(row, labels, layer=layer)))
        rows.append(row)
    return rows


class _Spelling(msgspec.Struct, frozen=True):
    """Which word each subword spells (-1: none), and which word's subword decides on each word.

    The head of a word is itself where it has a subword of its own. Else it is the word whose
    subword covers it too, or -1: a mark at the edge of that subword takes no part in a span.
    """

    owners: list[int]
    heads: list[int]


def _spell(text: str, window: Window, words: Words, subwords: Subwords, ends: str) -> _Spelling:
    owners: list[int] = []
    heads = [-1] * len(words.starts)
    covered: dict[int, int] = {}
    for start, end in subwords.offsets:
        span = _inked(text, window.start + start, window.start + end)
        touched = words.over(span.start, span.end) if span.start < span.end else range(0)
        owner = _owner(text, words, touched, span, heads)
        owners.append(owner)
        if owner >= 0:
            heads[owner] = owner
        if len(touched) > 1:
            covered.update((word, owner) for word in touched)
    for word, owner in covered.items():
        surface = text[words.starts[word] : words.ends[word]]
        if heads[word] < 0 and (_has_letter(surface) or (surface in ends and owner < word)):
            heads[word] = owner
    return _Spelling(owners, heads)


def _inked(text: str, start: int, end: int) -> Span:
    """Drop white space at the edges: ByteLevel (Ġ) and Metaspace (▁) take a space along."""
    if start < end and (text[start].isspace() or text[end - 1].isspace()):
        return strip_span(text, start, end)
    return Span(start, end)


def _owner(text: str, words: Words, touched: range, span: Span, heads: Sequence[int]) -> int:
    """Choose the word that a subword spells, of those that it touches.

    Of several (।’ is often one subword) it is one that begins in it and has no subword yet;
    a word of letters before a mark; the one of which it has most; the first.
    """
    if len(touched) <= 1:
        return touched[0] if touched else -1
    begun = [n for n in touched if heads[n] < 0 and words.starts[n] >= span.start]

    def weight(word: int) -> tuple[bool, int]:
        start, end = words.starts[word], words.ends[word]
        return _has_letter(text[start:end]), min(span.end, end) - max(span.start, start)

    return max(begun or touched, key=weight)


def _has_letter(surface: str) -> bool:
    return any(character.isalnum() for character in surface)


def _head_tags(spelling: _Spelling, tags: Sequence[str]) -> list[str]:
    """Give a word's B- to its head, which may stand behind it."""
    given = list(tags)
    for word, head in enumerate(spelling.heads):
        if head > word and tags[word] == tags[head].replace("I-", "B-", 1) != OUTSIDE:
            given[head] = tags[word]
    return given


def _labels(
    spelling: _Spelling, tags: Sequence[str] | None, layer: Layer, label_all: bool
) -> tuple[list[int], list[int]]:
    """Give each subword its word and the number of its label; -1 and IGNORED for none."""
    numbers = {name: number for number, name in enumerate(tags_of(layer))}
    words: list[int] = []
    labels: list[int] = []
    seen: set[int] = set()
    for owner in spelling.owners:
        first = owner not in seen
        seen.add(owner)
        if owner < 0 or not (first or label_all):
            words.append(-1)
            labels.append(IGNORED)
            continue
        words.append(owner)
        tag = tags[owner] if tags is not None else None
        if tag is not None and not first:
            tag = tag.replace("B-", "I-", 1)
        labels.append(IGNORED if tag is None else numbers[tag])
    return words, labels
