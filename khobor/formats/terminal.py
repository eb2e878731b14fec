"""A page for a terminal: blocks down the margin, entities and quotes in the text.

Without colour: [name|ending LABEL] is an entity, ⟪q1 CONTENT …⟫ a part of a quote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from khobor.errors import AnnotationError
from khobor.records import FURNITURE_LABELS, Annotation, Block, Document, Quote

_MARGIN = 12
# Control characters of a stranger's page would drive the reader's terminal (ESC U+001B).
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_RESET, _DIM = "\x1b[0m", "\x1b[2m"
_ENTITY_COLOR = "\x1b[1;4m"
_ROLE_COLORS = {"CONTENT": "\x1b[32m", "CUE": "\x1b[33m", "SPEAKER": "\x1b[36m"}


class _Mark(msgspec.Struct, frozen=True):
    """Something that begins, ends or stands at an offset of the text.

    At one offset inner spans end before outer ones, and outer ones begin before inner ones.
    """

    offset: int
    kind: int  # 0 ends, 1 begins, 2 stands there
    size: int
    depth: int  # of two spans of one size the deeper one is the inner one
    color: str
    text: str

    @property
    def order(self) -> tuple[int, int, int, int]:
        """Sort key of marks."""
        if self.kind == 0:
            return self.offset, 0, self.size, -self.depth
        return self.offset, self.kind, -self.size, self.depth


def render(
    document: Document,
    annotation: Annotation | None,
    *,
    color: bool = False,
    furniture: bool = True,
) -> str:
    """Turn a document and its annotation into lines for a terminal.

    Raises AnnotationError where the annotation is for another text.
    """
    if annotation is not None and annotation.text_sha256 != document.text_sha256:
        raise AnnotationError(
            "the annotation is for another text", where=document.doc_id, fix="run `khobor check`"
        )
    metadata = document.metadata
    facts = (
        *(document.doc_id, metadata.publisher, metadata.country, metadata.published_at),
        _made(annotation) if annotation is not None else "not annotated",
    )
    lines = [" · ".join(_safe(fact) for fact in facts if fact), ""]
    for block in document.blocks:
        if furniture or block.label not in FURNITURE_LABELS:
            lines.extend(_block_lines(document.text, annotation, block, color))
    return "\n".join(lines)


def _made(annotation: Annotation) -> str:
    """Say whose annotation it is, and how far it is."""
    how = "silver: a model's" if annotation.status == "silver" else annotation.progress
    return f"annotations of {annotation.annotator} ({how})"


def _block_lines(
    text: str, annotation: Annotation | None, block: Block, color: bool
) -> Iterator[str]:
    marks = _marks(annotation, block, color) if annotation is not None else []
    marked = _marked(text, block, sorted(marks, key=lambda mark: mark.order), color)
    for number, line in enumerate(marked.split("\n")):
        margin = f"{block.label if number == 0 else '':<{_MARGIN}}"
        yield (f"{_DIM}{margin}{_RESET}" if color else margin) + line


def _marks(annotation: Annotation, block: Block, color: bool) -> list[_Mark]:
    """List the marks of a block's entities and quotes."""
    marks: list[_Mark] = []

    def wrap(start: int, end: int, tint: str, before: str, after: str) -> bool:
        if not block.start <= start < end <= block.end:
            return False
        depth = len(marks)
        marks.append(_Mark(start, 1, end - start, depth, tint, "" if color else before))
        marks.append(_Mark(end, 0, end - start, depth, tint, after))
        return True

    for quote in annotation.quotes:
        for role, start, end in _roles(quote):
            after = f"·{quote.id}" if color else "⟫"
            wrap(start, end, _ROLE_COLORS[role], f"⟪{quote.id} {role} ", after)
    for mention in annotation.mentions:
        after = f"·{mention.label}" if color else f" {mention.label}]"
        inside = wrap(mention.start, mention.end, _ENTITY_COLOR, "[", after)
        if inside and mention.start < mention.name_end < mention.end:
            marks.append(_Mark(mention.name_end, 2, 0, 0, "", "|"))
    return marks


def _roles(quote: Quote) -> Iterator[tuple[str, int, int]]:
    for part in quote.content:
        yield "CONTENT", part.start, part.end
    for role, single in (("CUE", quote.cue), ("SPEAKER", quote.speaker)):
        if single is not None:
            yield role, single.start, single.end


def _marked(text: str, block: Block, marks: list[_Mark], color: bool) -> str:
    """Put marks into a block's text; where a colour ends, those around it go on."""
    base = _DIM if block.label in FURNITURE_LABELS else ""
    open_colors = [base] if color and base else []
    parts = list(open_colors)
    position = block.start
    for mark in marks:
        parts.append(_wrapped(_safe(text[position : mark.offset]), open_colors))
        position = mark.offset
        if not color:
            parts.append(mark.text)
        elif mark.kind == 1:
            open_colors.append(mark.color)
            parts.append(mark.color)
        else:
            if mark.kind == 0:
                open_colors.remove(mark.color)
            parts += [_RESET, _DIM, mark.text, _RESET, *open_colors]
    parts.append(_wrapped(_safe(text[position : block.end]), open_colors))
    return "".join(parts) + (_RESET if color else "")


def _wrapped(text: str, open_colors: list[str]) -> str:
    """End colours before a hard wrap and begin them again behind it: the margin has none."""
    return text.replace("\n", f"{_RESET}\n" + "".join(open_colors)) if open_colors else text


def _safe(text: str) -> str:
    """Show control characters instead of sending them."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
