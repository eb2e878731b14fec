"""GLiNER: the words of a window, and spans as places of words whose ends are inclusive.

After docs/training.md of GLiNER: `tokenized_text`, and `ner` with [first word, last word, label].
Words are BNLP's tokens. `khobor export --to gliner` gives files of single sentences; this gives
windows of the length that a model takes, with quotes over several sentences, and the way back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from khobor.errors import UsageError
from khobor.training.articles import Article, Row
from khobor.training.layers import Layer, labels_of, spans_of
from khobor.training.tags import Labelled, Words, article_words, inexact_spans
from khobor.training.tasks import Example, Task, window_columns
from khobor.training.windows import make_windows

MAX_WORDS = 384  # GLiNER's max_len: what lies beyond is cut off with a mere warning
MAX_WIDTH = 12  # GLiNER's max_width: a model of spans passes wider ones over


def gliner_task(
    *,
    layer: Layer = "entities",
    names: Mapping[str, str] | None = None,
    max_words: int = MAX_WORDS,
    max_width: int | None = MAX_WIDTH,
    stride: int = 0,
    blind: bool = False,
) -> Task:
    """Make the task of GLiNER's rows: tokenized_text, ner, and the words' bounds in the article.

    `layer` is entities, or quotes: then the labels are CONTENT, CUE and SPEAKER, and `max_width`
    is best None, with a model that marks starts and ends. `names` says what the model reads for a
    label (`{"PER": "ব্যক্তি"}`), since GLiNER learns from the words of a label. A span that is
    wider than `max_width` words, or not made of whole words, is left out and listed in `inexact`.
    An article without annotation has no row: GLiNER would take its words for no names.

    Its rows go into a list, not into a dataset (`collect_examples`). Raises UsageError for names
    of labels that the layer has not, or that two labels share.
    """
    given = _names(layer, names)
    if max_width is not None and max_width < 1:
        raise UsageError(f"max_width={max_width}", fix="pass 1 or more words, or None")
    make = partial(
        _examples,
        layer=layer,
        names=given,
        max_words=max_words,
        max_width=max_width,
        stride=stride,
        blind=blind,
    )
    return Task(make, None)


def read_gliner(
    row: Row,
    ner: Iterable[Sequence[Any]],
    *,
    layer: Layer = "entities",
    names: Mapping[str, str] | None = None,
) -> list[Labelled]:
    """Turn [first word, last word (inclusive), label] of a row into spans of the article.

    Raises UsageError for places that the row has not and for labels that were not asked for.
    """
    labels = {name: label for label, name in _names(layer, names).items()}
    starts, ends = row["word_starts"], row["word_ends"]
    found = []
    for first, last, name in ner:
        if name not in labels or not 0 <= first <= last < len(starts):
            raise UsageError(
                f"{[first, last, name]!r} is no span of {len(starts)} words",
                where=row["doc_id"],
                fix=f"ends are inclusive, labels are of {', '.join(labels)}",
            )
        found.append(Labelled(starts[first], ends[last], labels[name]))
    return sorted(found, key=lambda one: (one.start, one.end))


def _names(layer: Layer, names: Mapping[str, str] | None) -> dict[str, str]:
    labels = labels_of(layer)
    unknown = [label for label in names or {} if label not in labels]
    if unknown:
        raise UsageError(
            f"{', '.join(unknown)}: no label of {layer}", fix=f"choose from {', '.join(labels)}"
        )
    given = {label: (names or {}).get(label, label) for label in labels}
    if len(set(given.values())) < len(given):
        raise UsageError("two labels have the same name", fix="give each a name of its own")
    return given


def _examples(
    article: Article,
    *,
    layer: Layer,
    names: Mapping[str, str],
    max_words: int,
    max_width: int | None,
    stride: int,
    blind: bool,
) -> list[Example]:
    spans = spans_of(layer, article)
    if spans is None:
        return []
    words = article_words(article)
    rows = []
    for window in make_windows(article, max_size=max_words, stride=stride, blind=blind):
        here = words.within(window.start, window.end)
        inside = [s for s in spans if s.start < window.end and window.start < s.end]
        row = {
            **window_columns(window, items={span.id for span in spans}),
            "tokenized_text": [
                article.text[start:end] for start, end in zip(here.starts, here.ends, strict=True)
            ],
            "ner": [
                [places[0], places[-1], names[span.label]]
                for span in inside
                if (places := _places(here, span, max_width))
            ],
            "word_starts": list(here.starts),
            "word_ends": list(here.ends),
        }
        found = read_gliner(row, row["ner"], layer=layer, names=names)
        whole = [span for span in inside if span.id not in window.partial]
        row["inexact"] = list(inexact_spans(whole, found))
        rows.append(row)
    return rows


def _places(words: Words, span: Labelled, max_width: int | None) -> range:
    """Number the words that spell a span exactly; none where no words do, or too many."""
    places = words.over(span.start, span.end)
    wide = max_width is not None and len(places) > max_width
    if not places or wide:
        return range(0)
    exact = words.starts[places[0]] == span.start and words.ends[places[-1]] == span.end
    return places if exact else range(0)
