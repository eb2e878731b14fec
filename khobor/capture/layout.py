"""Lines as a browser lays them out, written piece by piece in document order."""

from __future__ import annotations

import re
import unicodedata

from khobor.records import Stretch
from khobor.spans import Span, strip_span

_COLLAPSIBLE = re.compile(r"[ \t\n\r\f]+")
_NO_LINK = -1  # where a link would begin
_UNCOLLAPSED = re.compile(r"[\t\n\r\f]|  ")


class Layout:
    """The lines laid out so far, and the one being written."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.stretches: list[Stretch] = []
        self.space = False  # a collapsed space that waits for the next character
        self.size = 0  # of the line being written
        self._length = 0  # of the lines before, each with its newline
        self._parts: list[str] = []
        self._path = ""
        self._links: list[tuple[int, int]] = []
        self._link_start = _NO_LINK
        self._soft = False  # the line began after one <br>
        self._breaks = 0

    def write(self, value: str, path: str) -> None:
        """Put a text into the line; `path` is where a line stands that begins with it."""
        text = _COLLAPSIBLE.sub(" ", value) if _UNCOLLAPSED.search(value) else value
        if text[:1] == " ":
            self.space, text = True, text[1:]
        if not text:
            return
        if not self.size:
            self._path = path
        elif self.space:
            self._parts.append(" ")
            self.size += 1
        self.space = text[-1] == " "
        if self.space:
            text = text[:-1]
        self._parts.append(text)
        self.size += len(text)

    def write_preformatted(self, value: str, path: str) -> None:
        """Put a text into the line as it is, with its own line ends."""
        lines = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for number, line in enumerate(lines):
            if number:
                self.break_line(soft=True)
            if line:
                if not self.size:
                    self._path = path
                self._parts.append(line)
                self.size += len(line)

    def open_link(self) -> None:
        """Begin a link; the space before it belongs to the line, not to the link."""
        self._link_start = self.size + (1 if self.space and self.size else 0)

    def close_link(self) -> None:
        """End a link."""
        if _NO_LINK < self._link_start < self.size:
            self._links.append((self._link_start, self.size))
        self._link_start = _NO_LINK

    def break_line(self, soft: bool = False) -> None:
        """End the line; `soft` is a <br>, which a line may continue behind."""
        if self.size:
            inside_link = self._link_start != _NO_LINK
            if inside_link:
                self.close_link()
            parts = self._parts
            self._keep(parts[0] if len(parts) == 1 else "".join(parts))
            self._parts, self.size, self._links = [], 0, []
            self._link_start = 0 if inside_link else _NO_LINK
        self.space = False
        self._breaks = self._breaks + 1 if soft else 2
        self._soft = self._breaks == 1

    def _keep(self, line: str) -> None:
        if not (line[0].isalnum() or _is_visible(line)):
            return
        offset = self._length
        start, end = _inked(line, 0, len(line))
        links: tuple[Span, ...] = ()
        if self._links:
            linked = [_inked(line, *link) for link in self._links]
            links = tuple(
                [Span(offset + left, offset + right) for left, right in linked if left < right]
            )
        self.stretches.append(Stretch(offset + start, offset + end, self._path, self._soft, links))
        self.texts.append(line)
        self._length = offset + len(line) + 1
        self._breaks = 0


def _inked(line: str, start: int, end: int) -> tuple[int, int]:
    """Leave out white space at the edges of a part of a line."""
    if line[start].isspace() or line[end - 1].isspace():
        span = strip_span(line, start, end)
        return span.start, span.end
    return start, end


def _is_visible(line: str) -> bool:
    """Tell whether a line shows anything: not white space or format characters alone."""
    return any(not c.isspace() and unicodedata.category(c) != "Cf" for c in line)
