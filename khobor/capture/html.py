"""HTML: our own walk of a parsed page to its visible text, which keeps every character.

The parser is selectolax (Lexbor, HTML5 error recovery). White space is laid out as a browser
does (CSS 2.1, 16.6.1): runs of space, tab and line ends become one space, U+00A0 is none of
them, and every block-level element and <br> begins a new line.
"""

from __future__ import annotations

import re

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from khobor.capture.dompaths import extend_path
from khobor.capture.layout import Layout
from khobor.records import Stretch

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
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# How an element bears on the layout: a table by tag name, and by Lexbor's number of it.
_TEXT, _INLINE, _BLOCK, _SKIPPED, _BREAK, _LINK = range(6)
_KNOWN_TAGS = 256  # Lexbor's numbers of the tags of HTML lie below, those of others are addresses
_BEARINGS = {"-text": _TEXT, "br": _BREAK, "a": _LINK}


def _kind_of(name: str) -> int:
    if name in _BLOCKS:
        return _BLOCK
    # What is no element has a name that no element can have: -comment, !doctype.
    unseen = name in _UNSEEN or name.startswith(("-", "!"))
    return _BEARINGS.get(name, _SKIPPED if unseen else _INLINE)


def html_page(tree: LexborHTMLParser) -> tuple[str, tuple[Stretch, ...]]:
    """Turn a parsed page into (page text, its stretches).

    The page text is the visible text, one line a block-level stretch, joined by newlines.
    Nothing is normalised: joiners, no-break spaces and both encodings of য় stay.
    """
    layout = Layout()
    if tree.root is not None:
        _walk(tree.root, _hidden_nodes(tree), layout)
    layout.break_line()
    return "\n".join(layout.texts), tuple(layout.stretches)


class _Frame(msgspec.Struct, gc=False):
    """An open element of the walk."""

    node: LexborNode
    kind: int
    preformatted: bool  # what stood before it was
    path: str | None = None  # of its text, as soon as there is some
    holds_boxes: bool | None = None


def _walk(root: LexborNode, hidden: frozenset[int], layout: Layout) -> None:
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
        kind = kinds.get(node.tag_id)
        if kind is None:
            kind = _learn_kind(node, kinds)
        if kind == _TEXT:
            text = node.text_content or ""
            if preformatted:
                layout.write_preformatted(text, _path(frames))
            elif text.isascii() and text.isspace():
                layout.space = True  # indentation, mostly
            else:
                layout.write(text, "" if layout.size else _path(frames))
            inline_before = False
        elif kind == _BREAK:
            layout.break_line(soft=True)
            inline_before = False
        elif kind != _SKIPPED and not (hidden and node.mem_id in hidden):
            if kind == _BLOCK or (inline_before and _is_parted(frames)):
                layout.break_line()
            if kind == _LINK:
                layout.open_link()
            child = node.first_child
            if child is not None:
                frames.append(_Frame(node, kind, preformatted))
                preformatted = preformatted or (kind == _BLOCK and node.tag == "pre")
                inline_before = False
                node = child
                continue
            inline_before = _leave(kind, layout)
        node = node.next
        while node is None and frames:
            frame = frames.pop()
            preformatted = frame.preformatted
            inline_before = _leave(frame.kind, layout)
            node = frame.node.next if frames else None


def _learn_kind(node: LexborNode, kinds: dict[int, int]) -> int:
    """Look up how a node bears on the layout, and note it by Lexbor's number of its tag."""
    number = node.tag_id
    kind = _kind_of(node.tag or "")
    if number < _KNOWN_TAGS:
        kinds[number] = kind
    return kind


def _leave(kind: int, layout: Layout) -> bool:
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


def _path(frames: list[_Frame]) -> str:
    """Turn open elements into the path of their text: the steps of the nearest twelve."""
    place = len(frames) - 1
    while place >= 0 and frames[place].path is None:
        place -= 1
    path = frames[place].path or "" if place >= 0 else ""
    for frame in frames[place + 1 :]:
        path = extend_path(path, frame.node)
        frame.path = path
    return path
