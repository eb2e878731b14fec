"""From a loaded release to what trainers eat, and from what models say back to spans.

A task (`token_task`, `gliner_task`, `quote_span_task`, `instruction_task`) turns an article into
rows; `collect_examples` and `map_documents` do so with a dataset or a stream; `read_labels`,
`read_gliner`, `read_quote_spans` and `read_answer` lead back, and `gold_annotations` and
`predicted_annotations` to khobor.scoring. docs/training.md shows each. No trainer and no tokenizer
is imported here.
"""

from khobor.training.articles import Article, read_article, read_articles
from khobor.training.gliner import gliner_task, read_gliner
from khobor.training.instructions import Answer, instruction_task, merge_answers, read_answer
from khobor.training.layers import Layer, labels_of, tags_of
from khobor.training.predictions import gold_annotations, link_roles, predicted_annotations
from khobor.training.quote_spans import quote_span_task, read_quote_spans
from khobor.training.subwords import label_names, merge_labels, read_labels, token_task
from khobor.training.tags import (
    NER_TAGS,
    QUOTE_TAGS,
    Labelled,
    Words,
    article_words,
    mentions_of,
    read_tags,
    tag_words,
)
from khobor.training.tasks import (
    Collected,
    Report,
    Task,
    collect_examples,
    map_documents,
    merge_found,
    report_of,
)
from khobor.training.windows import Window, make_windows, merge_windows

__all__ = [
    "NER_TAGS",
    "QUOTE_TAGS",
    "Answer",
    "Article",
    "Collected",
    "Labelled",
    "Layer",
    "Report",
    "Task",
    "Window",
    "Words",
    "article_words",
    "collect_examples",
    "gliner_task",
    "gold_annotations",
    "instruction_task",
    "label_names",
    "labels_of",
    "link_roles",
    "make_windows",
    "map_documents",
    "mentions_of",
    "merge_answers",
    "merge_found",
    "merge_labels",
    "merge_windows",
    "predicted_annotations",
    "quote_span_task",
    "read_answer",
    "read_article",
    "read_articles",
    "read_gliner",
    "read_labels",
    "read_quote_spans",
    "read_tags",
    "report_of",
    "tag_words",
    "tags_of",
    "token_task",
]
