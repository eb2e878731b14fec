"""Pairs of quotation marks in a passage: which mark closes which.

’ U+2019 closes and is an apostrophe too (ন’টা, পিএলসি’র): inside a word it closes nothing unless ‘ is open
and a case ending follows (‘তুমি’র). West Bengal mixes shapes ("… ”), so of what is open the nearest of the
same family is closed, and a straight " opens where none is open.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

_DOUBLE = frozenset('“”"')
_OPEN = frozenset("‘“")
_ENDINGS = frozenset("র কে তে এর ে ের য় \u09df দের রা টি টির -এ -এর -কে ও ই".split())
MARKS = frozenset("‘’“”\"'")


class Pair(msgspec.Struct, frozen=True):
    """An opening mark (token `open`) and what closes it (token `close`).

    Where nothing closes it, `close` is behind the passage's last token and `closed` is false.
    """

    open: int
    close: int
    closed: bool
    outer: bool  # no other pair is around it


def find_pairs(tokens: Sequence[str], glued: Sequence[bool]) -> list[Pair]:
    """Turn the tokens of a passage into its pairs of marks, in order of their opening."""
    stack: list[int] = []
    pairs: list[Pair] = []
    for at, token in enumerate(tokens):
        if token not in MARKS:
            continue
        before = at > 0 and glued[at]
        behind = at + 1 < len(tokens) and glued[at + 1]
        if _opens(tokens, at, before, behind, stack):
            stack.append(at)
        elif (opener := _opener(tokens, token, stack)) is not None and not _is_apostrophe(
            tokens, at, before, behind
        ):
            while stack[-1] != opener:
                stack.pop()
            stack.pop()
            pairs.append(Pair(opener, at, True, not stack))
    # An opening mark that nothing closes quotes to the end, if it opens a word.
    pairs += [
        Pair(at, len(tokens), False, depth == 0)
        for depth, at in enumerate(stack)
        if at + 1 < len(tokens)
    ]
    return sorted(pairs, key=lambda pair: pair.open)


def _opens(
    tokens: Sequence[str], at: int, before: bool, behind: bool, stack: Sequence[int]
) -> bool:
    token = tokens[at]
    if token in _OPEN:
        return True
    if token == '"':
        return not any(tokens[place] == '"' for place in stack) and not _closes_open(
            tokens, before, behind, stack
        )
    if token == "'":
        return behind and not before and not any(tokens[place] == "'" for place in stack)
    return False


def _closes_open(tokens: Sequence[str], before: bool, behind: bool, stack: Sequence[int]) -> bool:
    """A straight " right behind a word closes “ (mixed shapes)."""
    return before and not behind and any(tokens[place] == "“" for place in stack)


def _opener(tokens: Sequence[str], mark: str, stack: Sequence[int]) -> int | None:
    """Find the nearest open mark of the same family."""
    double = mark in _DOUBLE
    for at in reversed(stack):
        if (tokens[at] in _DOUBLE) == double:
            return at
    return None


def _is_apostrophe(tokens: Sequence[str], at: int, before: bool, behind: bool) -> bool:
    if tokens[at] not in "’'" or not (before and behind):
        return False
    following = tokens[at + 1]
    return following[0].isalnum() and following not in _ENDINGS
