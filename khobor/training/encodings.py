"""Fast tokenizers: from a text to subwords whose offsets are code points of that text.

`tokenizer` is a fast tokenizer of `transformers`, or a `tokenizers.Tokenizer`; neither library
is imported here.
"""

from __future__ import annotations

from typing import Any

import msgspec

from khobor.errors import UsageError

# Tokenizers without a limit say a number beyond all use (transformers: 10³⁰).
_LONGEST = 1_000_000


class Subwords(msgspec.Struct, frozen=True):
    """A text as a tokenizer cuts it: numbers, and offsets in code points (none: an empty span)."""

    ids: list[int]
    offsets: list[tuple[int, int]]


def check_tokenizer(tokenizer: Any) -> None:
    """Raise UsageError for a tokenizer that gives no offsets, or cuts texts by itself."""
    if _is_transformers(tokenizer):
        if not tokenizer.is_fast:
            raise UsageError(
                f"{type(tokenizer).__name__} gives no offsets, so labels cannot lead back",
                fix="load the fast one: AutoTokenizer.from_pretrained(…, use_fast=True)",
            )
        return
    if tokenizer.truncation is not None or tokenizer.padding is not None:
        raise UsageError(
            "the tokenizer truncates or pads by itself, and would cut words unseen",
            fix="call its no_truncation() and no_padding(); windows are made to fit",
        )


def encode_text(tokenizer: Any, text: str) -> Subwords:
    """Turn a text into subwords with the special tokens around them, nothing truncated."""
    if _is_transformers(tokenizer):
        found = tokenizer(
            text, return_offsets_mapping=True, truncation=False, padding=False, verbose=False
        )
        return Subwords(list(found["input_ids"]), [tuple(o) for o in found["offset_mapping"]])
    encoding = tokenizer.encode(text)
    return Subwords(encoding.ids, encoding.offsets)


def count_subwords(text: str, *, tokenizer: Any) -> int:
    """Count the subwords of a text, without special tokens."""
    if _is_transformers(tokenizer):
        found = tokenizer(
            text, add_special_tokens=False, truncation=False, padding=False, verbose=False
        )
        return len(found["input_ids"])
    return len(tokenizer.encode(text, add_special_tokens=False).ids)


def _is_transformers(tokenizer: Any) -> bool:
    return hasattr(tokenizer, "is_fast")


def model_limit(tokenizer: Any) -> int:
    """Find how many tokens a model takes; raise UsageError where its tokenizer does not say."""
    limit = getattr(tokenizer, "model_max_length", None)
    if not isinstance(limit, int) or limit > _LONGEST:
        raise UsageError(
            "the tokenizer does not say how many tokens its model takes",
            fix="pass max_tokens, for example 512",
        )
    return limit


def fit_subwords(subwords: Subwords, max_tokens: int) -> Subwords:
    """Drop what is too much for a model: of a single word or mention larger than a window."""
    surplus = len(subwords.ids) - max_tokens
    if surplus <= 0:
        return subwords
    # Special tokens at the end stay: they are those without a span.
    last = len(subwords.ids)
    while last > surplus and subwords.offsets[last - 1][0] == subwords.offsets[last - 1][1]:
        last -= 1
    keep = [n for n in range(len(subwords.ids)) if not last - surplus <= n < last]
    return Subwords([subwords.ids[n] for n in keep], [subwords.offsets[n] for n in keep])
