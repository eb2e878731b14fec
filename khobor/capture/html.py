"""HTML: our own walk of a parsed page to its visible text, which keeps every character.

The parser is selectolax (Lexbor, HTML5 error recovery). White space is laid out as a browser
does (CSS 2.1, 16.6.1): runs of space, tab and line ends become one space, U+00A0 is none of
them, and every block-level element and <br> begins a new line.
"""

from __future__ import annotations

import re
import unicodedata

from selectolax.lexbor import LexborHTMLParser, LexborNode

from khobor.records import Stretch
from khobor.spans import Span, strip_span

# Elements that a browser lays out on lines of their own (HTML Standard, 15.3 "Rendering").
_BLOCKS = frozenset(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt"
    " fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li"
    " main marquee menu nav ol optgroup p pre search section summary table tbody td tfoot th"
    " thead tr ul".split()
)
# Elements whose content no reader sees as text. <noscript>: browsers run scripts.
_UNSEEN = frozenset(
    "audio canvas datalist head iframe math noembed noframes noscript object option rp script"
    " select style svg template textarea title video".split()
)
# Containers that lay out boxes. Style sheets part what stands in them, mostly (flex, float), and
# are not read here: without a break, <span>প্রতিবেদক</span><span>ঢাকা</span> would be one word.
_BOXES = frozenset("aside body div fieldset footer form header main nav search section".split())
_COLLAPSIBLE = re.compile(r"[ \t\n\r\f]+")
_UNCOLLAPSED = re.compile(r"[\t\n\r\f]|  ")
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# A path keeps the elements nearest to the text; hostile nesting may be millions deep.
_PATH_STEPS = 12
_MAX_CLASSES = 60

# How an element bears on the layout: a table by tag name, and by Lexbor's number of it.
_INLINE, _BLOCK, _SKIPPED, _BREAK, _LINK = range(5)
_KNOWN_TAGS = 256  # Lexbor's numbers of the tags of HTML lie below, those of others are addresses


def _kind_of(name: str) -> int:
    if name in _UNSEEN:
        return _SKIPPED
    if name in _BLOCKS:
        return _BLOCK
    return {"br": _BREAK, "a": _LINK}.get(name, _INLINE)


def html_page(tree: LexborHTMLParser) -> tuple[str, tuple[Stretch, ...]]:
    """Turn a parsed page into (page text, its stretches).

    The page text is the visible text, one line a block-level stretch, joined by newlines.
    Nothing is normalised: joiners, no-break spaces and both encodings of য় stay.
    """
    layout = _Layout()
    if tree.root is not None:
        _walk(tree.root, _hidden_nodes(tree), layout)
    layout.break_line()
    return "\n".join(layout.texts), tuple(layout.stretches)


class _Frame:
    """An open element of the walk."""

    __slots__ = ("holds_boxes", "kind", "node", "path", "preformatted")

    def __init__(self, node: LexborNode, kind: int, preformatted: bool) -> None:
        self.node = node
        self.kind = kind
        self.preformatted = preformatted
        self.path: tuple[str, ...] | None = None
        self.holds_boxes: bool | None = None


def _walk(root: LexborNode, hidden: frozenset[int], layout: _Layout) -> None:  # noqa: PLR0912
    """Lay out a tree in document order, without recursion.

    The hottest loop of the package: it asks the parser for as little as it can, and stays in
    one piece, since calls would cost a third of it.
    """
    kinds: dict[int, int] = {}
    frames: list[_Frame] = []
    preformatted = False
    node: LexborNode | None = root
    inline_before = False  # an inline element ended right before this node
    while node is not None:
        child = None
        if node.is_text_node:
            text = node.text_content or ""
            if not preformatted and text.isascii() and text.isspace():
                layout.space = True  # indentation, mostly
            else:
                layout.write(text, frames, preformatted)
            inline_before = False
        elif node.is_element_node:
            kind = _kind(node, kinds)
            if kind == _BREAK:
                layout.break_line(soft=True)
                inline_before = False
            elif kind != _SKIPPED and not (hidden and node.mem_id in hidden):
                if kind == _BLOCK or (inline_before and _is_parted(frames)):
                    layout.break_line()
                if kind == _LINK:
                    layout.open_link()
                child = node.first_child
                if child is None:
                    inline_before = _leave(kind, layout)
                else:
                    frames.append(_Frame(node, kind, preformatted))
                    preformatted = preformatted or (kind == _BLOCK and node.tag == "pre")
                    inline_before = False
        if child is not None:
            node = child
            continue
        node = node.next
        while node is None and frames:
            frame = frames.pop()
            preformatted = frame.preformatted
            inline_before = _leave(frame.kind, layout)
            node = frame.node.next if frames else None


def _kind(node: LexborNode, kinds: dict[int, int]) -> int:
    """Look up how an element bears on the layout, by Lexbor's number of its tag."""
    number = node.tag_id
    kind = kinds.get(number, -1)
    if kind < 0:
        kind = _kind_of(node.tag or "")
        if number < _KNOWN_TAGS:
            kinds[number] = kind
    return kind


def _leave(kind: int, layout: _Layout) -> bool:
    """End an element; tell whether it was an inline one."""
    if kind == _BLOCK:
        layout.break_line()
        return False
    if kind == _LINK:
        layout.close_link()
    return True


def _is_parted(frames: list[_Frame]) -> bool:
    """Tell whether the open element holds elements alone, no text of its own, as boxes do."""
    if not frames:
        return False
    frame = frames[-1]
    if frame.holds_boxes is None:
        frame.holds_boxes = frame.node.tag in _BOXES and not _has_own_text(frame.node)
    return frame.holds_boxes


def _has_own_text(node: LexborNode) -> bool:
    child = node.first_child
    while child is not None:
        if child.is_text_node and (child.text_content or "").strip():
            return True
        child = child.next
    return False


def _hidden_nodes(tree: LexborHTMLParser) -> frozenset[int]:
    """Find the elements that their own attributes hide, by the parser's ids of nodes."""
    hidden = set()
    for node in tree.css("[hidden], [style], dialog"):
        attributes = node.attributes
        if (
            "hidden" in attributes
            or (node.tag == "dialog" and "open" not in attributes)
            or _HIDING.search(attributes.get("style") or "")
        ):
            hidden.add(node.mem_id)
    return frozenset(hidden)


def _path(frames: list[_Frame]) -> tuple[str, ...]:
    """Turn open elements into the steps of their path, the nearest twelve."""
    place = len(frames) - 1
    while place >= 0 and frames[place].path is None:
        place -= 1
    path = frames[place].path if place >= 0 else ()
    for frame in frames[place + 1 :]:
        path = (*(path or ())[1 - _PATH_STEPS :], _step(frame.node))
        frame.path = path
    return path or ()


def _step(node: LexborNode) -> str:
    """Turn an element into a step of a path: tag, #id and .classes."""
    tag = node.tag or ""
    attributes = node.attributes if tag != "a" else None  # an address, mostly, and there are many
    if not attributes:
        return tag
    name = (attributes.get("id") or "")[:_MAX_CLASSES]
    classes = ".".join((attributes.get("class") or "")[:_MAX_CLASSES].split())
    step = tag + (f"#{name}" if name else "") + (f".{classes}" if classes else "")
    return _COLLAPSIBLE.sub("_", step).replace("/", "_")


class _Layout:
    """The lines laid out so far, and the one being written."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.stretches: list[Stretch] = []
        self.space = False  # a collapsed space that waits for the next character
        self._length = 0
        self._parts: list[str] = []
        self._size = 0
        self._path: tuple[str, ...] = ()
        self._links: list[tuple[int, int]] = []
        self._link_start: int | None = None
        self._soft = False  # the line began after one <br>
        self._breaks = 0

    def write(self, value: str, frames: list[_Frame], preformatted: bool) -> None:
        """Put a text node into the line."""
        if preformatted:
            self._write_preformatted(value, frames)
            return
        text = _COLLAPSIBLE.sub(" ", value) if _UNCOLLAPSED.search(value) else value
        if text[:1] == " ":
            self.space, text = True, text[1:]
        if not text:
            return
        if not self._size:
            self._path = _path(frames)
        elif self.space:
            self._append(" ")
        self.space = text[-1] == " "
        self._append(text[:-1] if self.space else text)

    def _write_preformatted(self, value: str, frames: list[_Frame]) -> None:
        lines = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for number, line in enumerate(lines):
            if number:
                self.break_line(soft=True)
            if line:
                self._path = self._path if self._size else _path(frames)
                self._append(line)

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._size += len(text)

    def open_link(self) -> None:
        """Begin a link; the space before it belongs to the line, not to the link."""
        self._link_start = self._size + (1 if self.space and self._size else 0)

    def close_link(self) -> None:
        """End a link."""
        if self._link_start is not None and self._link_start < self._size:
            self._links.append((self._link_start, self._size))
        self._link_start = None

    def break_line(self, soft: bool = False) -> None:
        """End the line; `soft` is a <br>, which a line may continue behind."""
        if self._size:
            inside_link = self._link_start is not None
            if inside_link:
                self.close_link()
            self._keep("".join(self._parts))
            self._parts, self._size, self._links = [], 0, []
            self._link_start = 0 if inside_link else None
        self.space = False
        self._breaks = self._breaks + 1 if soft else 2
        self._soft = self._breaks == 1

    def _keep(self, line: str) -> None:
        if not (line[0].isalnum() or _is_visible(line)):
            return
        offset = self._length + (1 if self.texts else 0)
        span = _moved(line, 0, len(line), offset)
        links: tuple[Span, ...] = ()
        for start, end in self._links:
            link = _moved(line, start, end, offset)
            if link.start < link.end:
                links = (*links, link)
        path = "/".join(self._path)
        self.stretches.append(Stretch(span.start, span.end, path, self._soft, links))
        self.texts.append(line)
        self._length = offset + len(line)
        self._breaks = 0


def _moved(line: str, start: int, end: int, offset: int) -> Span:
    """Turn a part of a line into its span of the page text, without white space at its edges."""
    if line[start].isspace() or line[end - 1].isspace():
        span = strip_span(line, start, end)
        start, end = span.start, span.end
    return Span(offset + start, offset + end)


def _is_visible(line: str) -> bool:
    """Tell whether a line shows anything: not white space or format characters alone."""
    return any(not c.isspace() and unicodedata.category(c) != "Cf" for c in line)
