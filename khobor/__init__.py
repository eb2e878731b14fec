"""khobor (খবর, "news"): corpora of Bengali news with exact offsets.

Five functions stand here for those who work in Python; the rest lives in the subpackages.
They import their parts when they are called, so `import khobor` costs next to nothing.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from khobor.annotations.alignments import Alignment
    from khobor.arrays import Int32Array
    from khobor.records import Annotation, Document
    from khobor.spans import Span

__version__ = "0.1.0.dev0"
__all__ = [
    "align",
    "read_annotations",
    "read_page",
    "split_sentences",
    "token_bounds",
    "tokenize",
]


def read_page(source: str | os.PathLike[str]) -> Document:
    """Turn a raw page's file into a Document; see khobor.pipeline.read_page."""
    from khobor import pipeline

    return pipeline.read_page(source)


def split_sentences(text: str, *, wrapped: bool = False) -> list[Span]:
    """Turn a text into its sentences' spans; see khobor.layers.sentences.split_sentences."""
    from khobor.layers import sentences

    return sentences.split_sentences(text, wrapped=wrapped)


def token_bounds(text: str) -> tuple[Int32Array, Int32Array]:
    """Turn a text into BNLP's tokens' (starts, ends); see khobor.layers.tokens.token_bounds."""
    from khobor.layers import tokens

    return tokens.token_bounds(text)


def tokenize(text: str) -> list[Span]:
    """Turn a text into the spans of BNLP's tokens; a wrapper of token_bounds."""
    from khobor.layers import tokens

    return tokens.tokenize(text)


def read_annotations(path: str | os.PathLike[str]) -> list[Annotation]:
    """Turn an annotation file or folder into Annotations; see khobor.annotations.files."""
    from khobor.annotations import files

    return files.read_annotations(path)


def align(document: Document, annotation: Annotation) -> Alignment:
    """Turn spans into tags of sentences and tokens; see khobor.annotations.alignments.align."""
    from khobor.annotations import alignments

    return alignments.align(document, annotation)
