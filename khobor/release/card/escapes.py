"""Texts from outside made harmless in Markdown: in a cell of a table, and as JSON in a fence."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

# What Markdown, its table, math and link extensions, or HTML could take for markup.
_MARKUP = frozenset("\\`*_[]<>|#!~&:@$")
# ZWNJ U+200C and ZWJ U+200D spell Bengali words (র‍্যাব); other format characters only hide or turn text.
_JOINERS = frozenset("\u200c\u200d")
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})


def cell(text: str) -> str:
    """Turn a text from outside into one line that is only text in a cell of a Markdown table."""
    visible = "".join(char if not _is_invisible(char) else " " for char in text)
    safe = "".join(f"\\{char}" if char in _MARKUP else char for char in visible)
    return " ".join(safe.replace("www.", "www\\.").split())


def as_json(value: Any) -> str:
    """Turn a value into one line of JSON, which a code fence can hold whatever it says.

    Line ends are escaped, so no text in it begins a line; so is what cannot be seen, save joiners.
    """
    encoded = json.dumps(value, ensure_ascii=False)
    return "".join(_escaped(char) if _is_invisible(char) else char for char in encoded)


def _is_invisible(char: str) -> bool:
    return char not in _JOINERS and unicodedata.category(char) in _INVISIBLE


def _escaped(char: str) -> str:
    return json.dumps(char)[1:-1]
