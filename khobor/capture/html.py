"""HTML: our own walk of a parsed page to its visible text, which keeps every character.

The parser is selectolax (Lexbor, HTML5 error recovery). White space is laid out as a browser
does (CSS 2.1, 16.6.1): runs of space, tab and line ends become one space, U+00A0 is none of
them, and every block-level element and <br> begins a new line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

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
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# A path keeps the elements nearest to the text; hostile nesting may be millions deep.
_PATH_STEPS = 12
_MAX_CLASSES = 60


def html_page(tree: LexborHTMLParser) -> tuple[str, tuple[Stretch, ...]]:
    """Turn a parsed page into (page text, its stretches).

    The page text is the visible text, one line a block-level stretch, joined by newlines.
    Nothing is normalised: joiners, no-break spaces and both encodings of য় stay.
    """
    lines = _Lines()
    if tree.root is not None:
        for step in _walk(tree.root):
            lines.take(step)
    lines.break_line(soft=False)
    return "\n".join(lines.texts), tuple(lines.stretches)


class _Lines:
    """The lines laid out so far, and the one being written."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.stretches: list[Stretch] = []
        self._length = 0
        self._parts: list[str] = []
        self._size = 0
        self._space = False  # a collapsed space that waits for the next character
        self._path = ""
        self._links: list[Span] = []
        self._link_start: int | None = None
        self._soft = False  # the line began after one <br>
        self._breaks = 0

    def take(self, step: tuple[str, str, str]) -> None:
        """Follow one step of the walk."""
        kind, value, path = step
        if kind == "text":
            self._write(value, path)
        elif kind == "pre":
            self._write_preformatted(value, path)
        elif kind == "br":
            self.break_line(soft=True)
        elif kind == "link":
            # The space before a link belongs to the line, not to the link.
            self._link_start = self._size + (1 if self._space and self._size else 0)
        elif kind == "unlink":
            self._close_link()
        else:
            self.break_line(soft=False)

    def _write(self, value: str, path: str) -> None:
        text = _COLLAPSIBLE.sub(" ", value)
        if text.startswith(" "):
            self._space, text = True, text[1:]
        if not text:
            return
        if self._space and self._size:
            self._append(" ")
        self._space = text.endswith(" ")
        self._append(text[:-1] if self._space else text)
        self._path = self._path or path

    def _write_preformatted(self, value: str, path: str) -> None:
        lines = value.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for number, line in enumerate(lines):
            if number:
                self.break_line(soft=True)
            if line:
                self._append(line)
                self._path = self._path or path

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._size += len(text)

    def _close_link(self) -> None:
        if self._link_start is not None and self._link_start < self._size:
            self._links.append(Span(self._link_start, self._size))
        self._link_start = None

    def break_line(self, *, soft: bool) -> None:
        """End the line; `soft` is a <br>, which a line may continue behind."""
        inside_link = self._link_start is not None
        if inside_link:
            self._close_link()
        line = "".join(self._parts)
        if _is_visible(line):
            self._keep(line)
            self._breaks = 0
        self._breaks = self._breaks + 1 if soft else 2
        self._soft = self._breaks == 1
        self._parts, self._size, self._space, self._path = [], 0, False, ""
        self._links = []
        self._link_start = 0 if inside_link else None

    def _keep(self, line: str) -> None:
        offset = self._length + (1 if self.texts else 0)
        span = strip_span(line, 0, len(line))
        links = tuple(
            Span(offset + link.start, offset + link.end)
            for link in (strip_span(line, link.start, link.end) for link in self._links)
            if link.start < link.end
        )
        self.stretches.append(
            Stretch(offset + span.start, offset + span.end, self._path, self._soft, links)
        )
        self.texts.append(line)
        self._length = offset + len(line)


def _is_visible(line: str) -> bool:
    """Tell whether a line shows anything: not white space or format characters alone."""
    return any(not c.isspace() and unicodedata.category(c) != "Cf" for c in line)


def _walk(root: LexborNode) -> Iterator[tuple[str, str, str]]:
    """Turn a tree into steps (kind, text, path), in document order, without recursion.

    Kinds: text, pre (preformatted text), br, link, unlink, and break (a block's edge).
    """
    stack: list[tuple[LexborNode, tuple[str, ...], bool, str]] = [(root, (), False, "")]
    while stack:
        node, path, preformatted, closing = stack.pop()
        if closing:
            yield closing, "", ""
            continue
        if node.is_text_node:
            yield "pre" if preformatted else "text", node.text_content or "", "/".join(path)
            continue
        tag = node.tag or ""
        if tag == "br":
            yield "br", "", ""
        if not node.is_element_node or tag in _UNSEEN or _is_hidden(node, tag):
            continue
        edge = "break" if tag in _BLOCKS else ""
        if edge:
            yield edge, "", ""
            stack.append((node, path, False, edge))
        elif tag == "a":
            yield "link", "", ""
            stack.append((node, path, False, "unlink"))
        path = (*path, _step(node, tag))[-_PATH_STEPS:]
        preformatted = preformatted or tag == "pre"
        parted = tag in _BOXES and _holds_boxes(node)
        child = node.last_child
        while child is not None:
            stack.append((child, path, preformatted, ""))
            if parted and _touches_element(child):
                stack.append((child, path, False, "break"))
            child = child.prev


def _holds_boxes(node: LexborNode) -> bool:
    """Tell whether an element holds elements alone, no text of its own."""
    child = node.first_child
    while child is not None:
        if child.is_text_node and (child.text_content or "").strip():
            return False
        child = child.next
    return True


def _touches_element(node: LexborNode) -> bool:
    """Tell whether an element follows another without white space (comments aside) between."""
    if not node.is_element_node or node.tag == "br":
        return False
    before = node.prev
    while before is not None and before.is_comment_node:
        before = before.prev
    return before is not None and bool(before.is_element_node)


def _is_hidden(node: LexborNode, tag: str) -> bool:
    attributes = node.attributes
    if tag == "dialog" and "open" not in attributes:
        return True
    return "hidden" in attributes or bool(_HIDING.search(attributes.get("style") or ""))


def _step(node: LexborNode, tag: str) -> str:
    """Turn an element into a step of a path: tag, #id and .classes."""
    attributes = node.attributes
    name = attributes.get("id") or ""
    classes = ".".join((attributes.get("class") or "")[:_MAX_CLASSES].split())
    step = tag + (f"#{name[:_MAX_CLASSES]}" if name else "") + (f".{classes}" if classes else "")
    return _COLLAPSIBLE.sub("_", step).replace("/", "_")
