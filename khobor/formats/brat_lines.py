"""The lines of a brat .ann: where they end, what stands in them, how a span is laid over them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from khobor.formats.interface import FormatError

# brat reads an .ann with readlines() of a decoded stream, whose lines end as those of
# str.splitlines do.
_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_MAX_LINES = 50_000
_MAX_COVERED = 2**25  # code points of all spans, each as often as it is used
_MAX_MOVED = 10_000  # code points of a span that brat moved over a line end

Fragment = tuple[int, int]


class SpanLine(msgspec.Struct, frozen=True):
    """A T line: `fragments` in the unit of the file, `words` as they stand in it."""

    line: int
    label: str
    fragments: tuple[Fragment, ...]
    words: str | None


class EventLine(msgspec.Struct, frozen=True):
    """An E line: what its roles (without their numbers) point at, in the order of the line."""

    line: int
    trigger: str
    roles: dict[str, list[str]]


class Value(msgspec.Struct, frozen=True):
    """The value of an A line, or the words of a # line."""

    line: int
    value: str


class AnnFile(msgspec.Struct, frozen=True):
    """An .ann: spans and events by id, attributes by target and name, notes by target."""

    where: str
    spans: dict[str, SpanLine]
    events: dict[str, EventLine]
    attributes: dict[str, dict[str, Value]]
    notes: dict[str, Value]

    def error(self, line: int, message: str, fix: str) -> FormatError:
        """Make the error of a line."""
        return FormatError(message, where=f"{self.where}:{line}", fix=fix)


# --- spans over line breaks ---------------------------------------------------------------------


def fragments_of(text: str, start: int, end: int) -> list[Fragment]:
    """Turn a span into its fragments: one a line, without white space at their edges.

    That is what brat makes of a span that is selected over a line end.
    """
    fragments = []
    position = start
    edges = [*((found.start(), found.end()) for found in _BREAK.finditer(text, start, end))]
    for line_end, following in [*edges, (end, end)]:
        line = text[position:line_end]
        left = position + len(line) - len(line.lstrip())
        right = line_end - len(line) + len(line.rstrip())
        if left < right:
            fragments.append((left, right))
        position = following
    return fragments


def only_broken(gap: str) -> bool:
    """Tell whether what lies between two fragments is a line break, and white space at most."""
    return gap.isspace() and _BREAK.search(gap) is not None


# --- notes --------------------------------------------------------------------------------------

_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_UNESCAPES = {"\\": "\\", "n": "\n", "t": "\t", "r": "\r"}
_ESCAPED = re.compile(r"\\(?:u([0-9a-f]{4})|([\\ntr]))")


def escape_note(note: str) -> str:
    r"""Turn a note into one line: \n, \t, \r, \\, and \uXXXX for other breaks.

    So is white space at its edges, which brat trims.
    """
    last = len(note) - 1
    return "".join(
        _ESCAPES.get(char, f"\\u{ord(char):04x}")
        if char in _ESCAPES or _BREAK.match(char) or (at in (0, last) and char.isspace())
        else char
        for at, char in enumerate(note)
    )


def unescape_note(words: str) -> str:
    """Turn the line of a note into the note; a backslash before anything else is one."""
    return _ESCAPED.sub(lambda at: chr(int(at[1], 16)) if at[1] else _UNESCAPES[at[2]], words)


# --- parsing ------------------------------------------------------------------------------------

_ID = re.compile(r"[TEA#][^\s:]{1,30}")
_FRAGMENTS = r"[0-9]{1,9} [0-9]{1,9}(?:;[0-9]{1,9} [0-9]{1,9})*"
_SPAN = re.compile(rf"(\S+) ({_FRAGMENTS})")
_SPAN_HEAD = re.compile(rf"T[^\s:]+\t\S+ ({_FRAGMENTS})\t")
_EVENT = re.compile(r"Quote:(\S+?)((?: [A-Za-z]+[0-9]*:[^\s:]+)*) ?")
_ROLE = re.compile(r"([A-Za-z]+)[0-9]*:([^\s:]+)")
_ATTRIBUTE = re.compile(r"(\S+) (\S+)(?: (.+))?", re.DOTALL)
_NOTE = re.compile(r"(\S+) (\S+)")
_OTHERS = {"R": "relations", "N": "normalizations", "*": "equivalences", "M": "modifiers"}


def parse(content: str, text: str, *, where: str) -> AnnFile:
    """Turn an .ann into its lines; raise FormatError where one is not what brat writes."""
    file = AnnFile(where, {}, {}, {}, {})
    seen: set[str] = set()
    for number, line in _lines_of(content.removeprefix("\ufeff"), text):
        if not line.strip():
            continue
        if number > _MAX_LINES:
            raise file.error(number, "too many lines", f"expected at most {_MAX_LINES}")
        name, _, rest = line.partition("\t")
        if name[:1] in _OTHERS:
            raise file.error(
                number,
                f"khobor has no place for {_OTHERS[name[0]]} ({name[:30]})",
                "delete it, or say it in a note",
            )
        if not _ID.fullmatch(name):
            raise file.error(number, f"no line of brat: {line[:40]!r}", "restore the line")
        if name in seen:
            raise file.error(number, f"{name} is there twice", "give one of them another number")
        seen.add(name)
        data, tab, tail = rest.partition("\t")
        _PARSERS[name[0]](file, number, name, data, tail if tab else None)
    _check_covered(file)
    return file


def _check_covered(file: AnnFile) -> None:
    """Raise FormatError where few lines would become gigabytes: each use copies its text."""
    sizes = {
        name: max(end for _, end in span.fragments) - min(start for start, _ in span.fragments)
        for name, span in file.spans.items()
    }
    events = file.events.values()
    used = [name for event in events for targets in event.roles.values() for name in targets]
    names = [*sizes, *used, *(event.trigger for event in events)]
    covered = sum(abs(sizes.get(name, 0)) for name in names)
    if covered > _MAX_COVERED:
        raise FormatError(
            f"its spans cover {covered} code points",
            where=file.where,
            fix=f"expected at most {_MAX_COVERED}: delete spans that are not meant",
        )


def _lines_of(content: str, text: str) -> Iterator[tuple[int, str]]:
    """List the lines with their numbers.

    Where a span that exists is moved over a line end, brat writes the break into the T line, and
    cannot read it again; such a line is taken whole where it is the text of its span.
    """
    position, number = 0, 1
    while position < len(content):
        head = _SPAN_HEAD.match(content, position)
        words = _words_with_break(content, head, text) if head else 0
        found = _BREAK.search(content, head.end() + words if head and words else position)
        end, following = found.span() if found else (len(content), len(content))
        line = content[position:end]
        yield number, line
        number += 1 + len(_BREAK.findall(line))
        position = following


def _words_with_break(content: str, head: re.Match[str], text: str) -> int:
    """Measure the words behind the head of a T line, where they hold a break; else 0."""
    fragments = _fragments(head[1])
    size = sum(end - start for start, end in fragments) + len(fragments) - 1
    words = content[head.end() : head.end() + size] if 0 < size <= _MAX_MOVED else ""
    if not _BREAK.search(words) or any(end > len(text) for _, end in fragments):
        return 0
    return size if words == " ".join(text[start:end] for start, end in fragments) else 0


def _fragments(found: str) -> tuple[Fragment, ...]:
    pairs = (pair.split(" ") for pair in found.split(";"))
    return tuple((int(start), int(end)) for start, end in pairs)


def _parse_span(file: AnnFile, line: int, name: str, data: str, tail: str | None) -> None:
    found = _SPAN.fullmatch(data)
    if not found:
        raise file.error(
            line, f"{name} has no span: {data[:40]!r}", "expected LABEL START END[;START END…]"
        )
    fragments = _fragments(found[2])
    ordered = sorted(fragments)
    for (_, end), (start, _) in pairwise(ordered):
        if start < end:
            raise file.error(line, f"the fragments of {name} overlap", "delete one in brat")
    file.spans[name] = SpanLine(line, found[1], fragments, tail or None)


def _parse_event(file: AnnFile, line: int, name: str, data: str, tail: str | None) -> None:
    found = _EVENT.fullmatch(data)
    if not found or tail:
        raise file.error(
            line, f"{name} is no quote: {data[:40]!r}", "expected Quote:TRIGGER ROLE:ID…"
        )
    roles: dict[str, list[str]] = {}
    for role, target in _ROLE.findall(found[2]):
        roles.setdefault(role, []).append(target)
    file.events[name] = EventLine(line, found[1], roles)


def _parse_attribute(file: AnnFile, line: int, name: str, data: str, tail: str | None) -> None:
    found = _ATTRIBUTE.fullmatch(data)
    if not found or tail or found[3] is None:
        raise file.error(line, f"{name} gives no value: {data[:40]!r}", "expected NAME ID VALUE")
    values = file.attributes.setdefault(found[2], {})
    if found[1] in values:
        raise file.error(line, f"{found[2]} has two values of {found[1]}", "delete one of them")
    values[found[1]] = Value(line, found[3])


def _parse_note(file: AnnFile, line: int, name: str, data: str, tail: str | None) -> None:
    found = _NOTE.fullmatch(data)
    if not found or found[1] != "AnnotatorNotes":
        raise file.error(line, f"{name} is no note: {data[:40]!r}", "expected AnnotatorNotes ID")
    if found[2] in file.notes:
        raise file.error(line, f"{found[2]} has two notes", "write them into one")
    file.notes[found[2]] = Value(line, unescape_note(tail or ""))


_PARSERS = {"T": _parse_span, "E": _parse_event, "A": _parse_attribute, "#": _parse_note}
