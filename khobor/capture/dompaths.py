"""Where a line of the page stands: the elements around it, as `body/div#main.story/p`."""

from __future__ import annotations

import functools
import re

from selectolax.lexbor import LexborNode

# A path keeps the elements nearest to the text; hostile nesting may be millions deep.
_PATH_STEPS = 12
_MAX_NAME = 60  # characters of a tag, an id, and an element's classes
_WHITE_SPACE = re.compile(r"[ \t\n\r\f]+")
_REMEMBERED = 1 << 13  # the pages of a publisher share theirs


def extend_path(path: str, node: LexborNode) -> str:
    """Turn the path of an element and a child of it into the child's, of twelve steps at most."""
    tag = (node.tag or "")[:_MAX_NAME]
    if tag == "a":  # its attributes are an address, mostly, and there are many
        return _extend(path, tag, "", "")
    attributes = node.attributes
    name, classes = attributes.get("id") or "", attributes.get("class") or ""
    return _extend(path, tag, name[:_MAX_NAME], classes[:_MAX_NAME])


@functools.lru_cache(_REMEMBERED)
def _extend(path: str, tag: str, name: str, classes: str) -> str:
    step = _step(tag, name, classes)
    if not path:
        return step
    if path.count("/") >= _PATH_STEPS - 1:
        path = path[path.index("/") + 1 :]
    return f"{path}/{step}"


def _step(tag: str, name: str, classes: str) -> str:
    """Turn an element into a step of a path: tag, #id and .classes."""
    listed = ".".join(classes.split())
    step = tag + (f"#{name}" if name else "") + (f".{listed}" if listed else "")
    return _WHITE_SPACE.sub("_", step).replace("/", "_")
