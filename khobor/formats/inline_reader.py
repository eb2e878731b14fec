"""The way back from inline markup: the text without its marks, and what they mark.

Spans are counted in code points of that text. Every error names file, line and column, and says
what to write instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from khobor.annotations.files import line_order
from khobor.formats.identities import fresh_ids, known_again
from khobor.formats.inline_files import decoded
from khobor.formats.inline_notes import Below, read_below
from khobor.formats.interface import BlockSpan, Claim, FormatError, Returned, Sheet
from khobor.records import BLOCK_LABELS, ENTITY_LABELS, QUOTE_ROLES, Mention, Part, Quote
from khobor.spans import on_grapheme_border

END = "== quotes and notes"
MENTION, BLOCK = "mention", "block"  # families of items without an id in the file
_MAX_DEPTH = 200  # marks open at once; more is no annotation

_ROLES = (*QUOTE_ROLES, "QUOTED")
_ID = r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}"
_NAMED = f"{_ID} (?:{'|'.join((*_ROLES, *ENTITY_LABELS))})"
_WORD = f"{_NAMED}|{'|'.join(BLOCK_LABELS)}"
_TOKEN = re.compile(
    r"\\u\{(?P<hex>[0-9A-Fa-f]{1,6})\}"
    r"|\\(?P<literal>[\[\]|⟪⟫\\=])"
    r"|(?P<open>\[)|(?P<bar>\|)"
    rf"|\ (?P<label>{'|'.join(ENTITY_LABELS)})(?:\#(?P<id>{_ID}))?\]"
    rf"|⟪(?P<named>{_ID})\|⟫|⟪/(?P<ended>{_WORD})⟫|⟪(?P<begun>{_WORD})\ |(?P<close>⟫)"
    r"|(?P<bad>[\]⟪\\])"
)
_BAD = {
    "]": "end a mention with a space and its label, as in [ঢাকা GPE]; labels are "
    + ", ".join(ENTITY_LABELS)
    + "; write \\] for the character itself",
    "⟪": "begin a part of a quote with its id and role, as in ⟪q1 CONTENT …⟫ (roles are "
    + ", ".join(_ROLES)
    + "), a block with its label, as in ⟪headline …⟫; write \\⟪ for the character itself",
    "\\": "write \\\\ for the character itself",
}


class _Open(msgspec.Struct):
    """A mark that has begun; `word` is `ID ROLE`, `ID LABEL` or a block label, "" for a [."""

    word: str
    start: int
    at: int  # where it stands in the body
    name_end: int | None = None


class _Closed(msgspec.Struct, frozen=True):
    """A span that was marked; `id` is empty where the file shows none."""

    id: str
    label: str
    start: int
    end: int
    name_end: int
    at: int


class _Body(msgspec.Struct, frozen=True):
    """The marked text of a file, and where it stands in it."""

    name: str
    marked: str

    def error(self, at: int, message: str, fix: str) -> FormatError:
        """Make an error that names line and column; the text begins in line 2."""
        line = 2 + self.marked.count("\n", 0, at)
        column = at - self.marked.rfind("\n", 0, at)
        return FormatError(message, where=f"{self.name}:{line}:{column}", fix=fix)


# --- sections ----------------------------------------------------------------------------------


def read(returned: Returned, ids: Mapping[str, str]) -> Claim:
    """Turn a file into what it claims; raise FormatError with file, line and column."""
    ((name, content),) = returned.files.items()
    body, below = _sections(decoded(content, name), name)
    text, closed = _unmarked(body)
    for one in closed:
        _check_edges(text, one, body)
    mentions = _mentions(closed, below, ids, body)
    blocks = _blocks(closed, ids)
    if blocks and len(blocks) != len(closed):
        other = next(one for one in closed if one.label not in BLOCK_LABELS)
        raise body.error(
            other.at,
            "a mention or quote in a text whose blocks are marked",
            "take it out: they are marked in the article view, in a file of its own",
        )
    quotes = _quotes(closed, below, {mention.id for mention in mentions}, body)
    below.check_notes({*(mention.id for mention in mentions), *(quote.id for quote in quotes)})
    sheet = Sheet(returned.doc_id, text, tuple(mentions), tuple(quotes), tuple(blocks))
    return Claim("code points", text, sheet)


def _sections(text: str, name: str) -> tuple[_Body, Below]:
    """Turn a file into the marked text and what stands below it."""
    rest = text.split("\n", 1)[1] if "\n" in text else ""
    found = list(re.finditer(r"^==.*$", rest, re.MULTILINE))
    body = _Body(name, rest)
    for mark in found:
        if mark[0].rstrip(" \t") != END:
            raise body.error(
                mark.start(), "a line of the text begins with ==", "write \\== for the characters"
            )
    if len(found) != 1 or found[0].start() == 0:
        at = found[1].start() if len(found) > 1 else len(rest)
        raise body.error(
            at,
            f"expected one line `{END}` below the text, found {len(found)}",
            "put the line behind the text, before what quotes are, and once; it stands there "
            "even where nothing follows",
        )
    marked = rest[: found[0].start() - 1]
    first = 3 + marked.count("\n") + 1
    return _Body(name, marked), read_below(rest[found[0].end() + 1 :], name, first)


# --- marks --------------------------------------------------------------------------------------


def _unmarked(body: _Body) -> tuple[str, list[_Closed]]:
    """Turn a marked text into the text and its spans, in the order in which they begin."""
    pieces: list[str] = []
    size = position = 0
    brackets: list[_Open] = []
    marks: list[_Open] = []
    closed: list[_Closed] = []
    for token in _TOKEN.finditer(body.marked):
        literal = body.marked[position : token.start()] + _character(token, body)
        pieces.append(literal)
        size += len(literal)
        position = token.end()
        at = token.start()
        if token["open"]:
            brackets.append(_Open("", size, at))
        elif token["begun"]:
            marks.append(_Open(token["begun"], size, at))
        elif token["bar"] or token["named"]:
            _put_bar(token, size, brackets, marks, body)
        elif token["label"]:
            if not brackets:
                raise body.error(at, f"`{token[0]}` ends no mention", "put [ before the name")
            closed.append(_close(brackets.pop(), size, token["id"] or "", token["label"], body))
        elif token["close"] or token["ended"]:
            begun = _ended(token, marks, body)
            item, _, word = begun.word.rpartition(" ")
            closed.append(_close(begun, size, item, word, body))
        if len(brackets) + len(marks) > _MAX_DEPTH:
            raise body.error(
                at, f"more than {_MAX_DEPTH} marks are open", "end each mark where its words end"
            )
    for begun in (*brackets, *marks):
        end = " LABEL]" if not begun.word else "⟫"
        raise body.error(
            begun.at,
            f"the mark {body.marked[begun.at : begun.at + 20]!r} does not end",
            f"write `{end}` behind its last word, or \\{body.marked[begun.at]} for the character",
        )
    text = "".join(pieces) + body.marked[position:]
    return text, sorted(closed, key=lambda one: one.at)


def _character(token: re.Match[str], body: _Body) -> str:
    """Turn an escape into its character, a mark into nothing."""
    if token["bad"]:
        fix = _BAD[token["bad"]]
        raise body.error(token.start(), f"{token['bad']} is no mark here", fix)
    if not token["hex"]:
        return token["literal"] or ""
    code = int(token["hex"], 16)
    if code > 0x10FFFF:
        raise body.error(
            token.start(), f"{token[0]} is no character", "write \\u{a} to \\u{10ffff}"
        )
    return chr(code)


def _put_bar(
    token: re.Match[str], size: int, brackets: list[_Open], marks: list[_Open], body: _Body
) -> None:
    """Note where the bare name of the innermost mention, or of the named one, ends."""
    if token["bar"]:
        around = brackets[-1:]
    else:
        labels = tuple(f"{token['named']} {label}" for label in ENTITY_LABELS)
        around = [begun for begun in marks if begun.word in labels]
    if not around or around[-1].name_end is not None or size == around[-1].start:
        raise body.error(
            token.start(),
            f"{token[0]} parts no name from its ending",
            "write it once inside a mention, as in [ঢাকা|য় GPE]; \\| for the character itself",
        )
    around[-1].name_end = size


def _ended(token: re.Match[str], marks: list[_Open], body: _Body) -> _Open:
    """Take the mark that a ⟫ ends: the innermost, or the last one of its words."""
    for number in range(len(marks) - 1, -1, -1):
        if token["close"] or marks[number].word == token["ended"]:
            return marks.pop(number)
    raise body.error(
        token.start(),
        f"{token[0]} ends nothing",
        "delete it, or begin the mark, as in ⟪q1 CONTENT …⟫; \\⟫ for the character itself",
    )


def _close(begun: _Open, end: int, item: str, label: str, body: _Body) -> _Closed:
    if begun.start == end:
        raise body.error(begun.at, "nothing stands in the mark", "mark a word, or delete the mark")
    name_end = end if begun.name_end is None else begun.name_end
    return _Closed(item, label, begun.start, end, name_end, begun.at)


def _check_edges(text: str, one: _Closed, body: _Body) -> None:
    for offset in (one.start, one.end):
        if not on_grapheme_border(text, offset):
            around = text[max(0, offset - 6) : offset + 6]
            raise body.error(
                one.at,
                f"an edge of the mark splits a letter in {around!r}",
                "put it before or behind the whole letter with its signs",
            )


# --- items --------------------------------------------------------------------------------------


def _any(label: str) -> Any:
    """Let a label pass that the pattern of marks took from its enumeration."""
    return label


def _mentions(
    closed: list[_Closed], below: Below, ids: Mapping[str, str], body: _Body
) -> list[Mention]:
    found = [one for one in closed if one.label in ENTITY_LABELS]
    shown: dict[str, _Closed] = {}
    for one in found:
        if one.id in shown:
            raise body.error(
                one.at,
                f"a second mention {one.id}",
                f"leave #{one.id} out of the new one; khobor gives it an id",
            )
        if one.id:
            shown[one.id] = one
    hidden = [one for one in found if not one.id]
    # What a line below refers to is never a new mention by chance.
    taken = {*(one.id for one in closed), *below.quotes, *below.notes, *below.speakers()}
    waiting = {key: ours for key, ours in ids.items() if ours not in shown}
    names = _hidden_ids(MENTION, "e", hidden, waiting, taken)
    given = {id(one): name for one, name in zip(hidden, names, strict=True)}
    mentions = [
        Mention(name, one.start, one.end, one.name_end, _any(one.label), None, below.note(name))
        for one in found
        for name in [one.id or given[id(one)]]
    ]
    return sorted(mentions, key=line_order)


def _blocks(closed: list[_Closed], ids: Mapping[str, str]) -> list[BlockSpan]:
    found = [one for one in closed if one.label in BLOCK_LABELS]
    names = _hidden_ids(BLOCK, "b", found, ids, set())
    blocks = [
        BlockSpan(name, one.start, one.end, _any(one.label))
        for one, name in zip(found, names, strict=True)
    ]
    return sorted(blocks, key=lambda block: (block.start, block.end, block.id))


def _hidden_ids(
    family: str, prefix: str, found: list[_Closed], waiting: Mapping[str, str], taken: set[str]
) -> list[str]:
    """Give ids to items that show none: those they had, fresh ones to new items."""
    places = [(one.start, one.end, one.label) for one in found]
    fresh = fresh_ids(prefix, {*taken, *waiting.values()})
    return [ours or next(fresh) for ours in known_again(family, places, waiting)]


def _quotes(closed: list[_Closed], below: Below, mentions: set[str], body: _Body) -> list[Quote]:
    parts: dict[str, list[_Closed]] = {}
    for one in closed:
        if one.label in _ROLES:
            parts.setdefault(one.id, []).append(one)
    below.check_quotes(set(parts), mentions)
    quotes = []
    for name, found in parts.items():
        if name in mentions:
            raise body.error(
                found[0].at, f"{name} is a mention's id too", "give the quote another id"
            )
        quotes.append(_quote(name, found, below, body))
    return sorted(quotes, key=line_order)


def _quote(name: str, found: list[_Closed], below: Below, body: _Body) -> Quote:
    def parts(role: str, most: int | None = None) -> tuple[Part, ...]:
        own = [one for one in found if one.label == role]
        if most is not None and len(own) > most:
            raise body.error(
                own[most].at,
                f"{name} has a second {role}",
                "two cues are two quotes: give this one's parts another id"
                if role == "CUE"
                else "mark one speaker; of joint speakers link the first named",
            )
        return tuple(Part(one.start, one.end) for one in sorted(own, key=_span))

    if name not in below.quotes:
        raise body.error(
            found[0].at,
            f"what {name} is does not stand below the text",
            f"write `{name} direct marked speech` (kind, marking, medium) below `{END}`",
        )
    content = parts("CONTENT")
    if not content:
        fix = f"mark what was said: ⟪{name} CONTENT …⟫"
        raise body.error(found[0].at, f"{name} has no CONTENT", fix)
    said = below.quotes[name]
    return Quote(
        id=name,
        content=content,
        kind=said.kind,
        marking=said.marking,
        medium=said.medium,
        cue=next(iter(parts("CUE", 1)), None),
        speaker=next(iter(parts("SPEAKER", 1)), None),
        speaker_mention=said.speaker,
        quoted=parts("QUOTED"),
        note=below.note(name),
    )


def _span(one: _Closed) -> tuple[int, int]:
    return one.start, one.end
