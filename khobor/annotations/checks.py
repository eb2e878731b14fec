"""The rules that an annotation must keep, each finding with file, line and what to do.

Check ids are stable: `file:line: level check-id message`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal

import msgspec

from khobor.annotations.files import AnnotationFile, line_order, quote_parts
from khobor.records import ARTICLE_LABELS, Block, Mention, Part, Quote
from khobor.spans import on_grapheme_border

# A closing mark, and the marks that may have opened it inside the content ("" is its own).
_CLOSES = {"’": "‘", "”": "“"}
_QUOTE_MARKS = "‘’“”\"'"
# What cannot stand at the edges of a name. ‘ can at its start, ’ at its end: দু’ and ‘তুমি’র.
_MARKS = ',;:।॥৷?!“”"–— \n\t\u00a0'
_BEFORE = frozenset(_MARKS + ".)]}")
_BEHIND = frozenset(_MARKS + "‘([{")
_BRACKETS = {")": "(", "]": "[", "}": "{"}


class Finding(msgspec.Struct, frozen=True, order=True):
    """Something that breaks a rule (error) or looks as if it did (warning)."""

    file: str
    line: int
    level: Literal["error", "warning", "note"]
    check: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.level} {self.check} {self.message}"


def check_annotation(
    found: AnnotationFile, text: str | None, text_sha256: str, blocks: Sequence[Block]
) -> list[Finding]:
    """Turn an annotation and the page text it lies in into its findings, in line order.

    Of a text that is withheld (None) the hash is compared, and what needs no text is checked.
    """
    annotation = found.annotation
    if annotation.text_sha256 != text_sha256:
        return [
            Finding(
                found.path,
                found.header_line,
                "error",
                "hash",
                f"the annotation is for a text with SHA-256 {annotation.text_sha256[:12]}…, but "
                f"the page text of {annotation.doc_id} has {text_sha256[:12]}…; restore the text, "
                "or carry the annotation over with `khobor reanchor OLD NEW --out DIR`",
            )
        ]
    return sorted(_findings(found, _Text(text, blocks)))


class _Text:
    """A page text with its article blocks, and the tests of a span in it."""

    def __init__(self, text: str | None, blocks: Sequence[Block]) -> None:
        self.text = text
        self.blocks = [block for block in blocks if block.label in ARTICLE_LABELS]

    def faults(self, start: int, end: int, surface: str | None) -> Iterator[tuple[str, str]]:
        """Yield (check id, message) of every rule that the span breaks."""
        size = len(self.text) if self.text is not None else end
        if not start < end <= size:
            yield (
                "span-range",
                f"the span [{start}, {end}) does not lie in the text of {size} code points; "
                "expected start < end <= length",
            )
            return
        if self.text is None:
            return
        found = self.text[start:end]
        if surface is not None and surface != found:
            yield (
                "surface",
                f"the text at [{start}, {end}) is {found!r}, the surface says {surface!r}; "
                "correct the offsets or the surface",
            )
            return
        for offset in (start, end):
            if not on_grapheme_border(self.text, offset):
                around = self.text[max(0, offset - 6) : offset + 6]
                yield (
                    "grapheme",
                    f"offset {offset} splits a letter and its sign in {around!r}; move it to the "
                    "border of the letter",
                )
        inside = [block for block in self.blocks if block.start < end and start < block.end]
        if not inside:
            yield "outside-article", f"{found!r} lies in no article block; only those are annotated"
        elif not inside[0].start <= start < end <= inside[0].end:
            yield (
                "crosses-block",
                f"{found[:40]!r} crosses the border of its {inside[0].label}; end it there",
            )


def _findings(found: AnnotationFile, text: _Text) -> Iterator[Finding]:
    mentions, quotes = found.annotation.mentions, found.annotation.quotes
    if found.annotation.status == "silver" and found.annotation.progress == "complete":
        message = (
            "a silver annotation is a model's: nobody has finished it; set its progress to "
            '"partial", or correct it and remove its status'
        )
        yield Finding(found.path, found.header_line, "error", "silver-progress", message)
    yield from _check_lines(found)
    for line, mention in zip(found.mention_lines, mentions, strict=True):
        for check, message in _mention_faults(mention, text):
            yield Finding(found.path, line, "error", check, f"{mention.id}: {message}")
    yield from _check_overlaps(found)
    known = {mention.id for mention in mentions}
    for line, quote in zip(found.quote_lines, quotes, strict=True):
        for check, message in _quote_faults(quote, text, known):
            yield Finding(found.path, line, "error", check, f"{quote.id}: {message}")


def _check_lines(found: AnnotationFile) -> Iterator[Finding]:
    """Check ids and order over all lines of the annotation."""
    items: list[tuple[int, Mention | Quote]] = [
        *zip(found.mention_lines, found.annotation.mentions, strict=True),
        *zip(found.quote_lines, found.annotation.quotes, strict=True),
    ]
    items.sort(key=lambda item: item[0])
    seen: dict[str, int] = {}
    previous: tuple[int, bool, int, str] | None = None
    for line, item in items:
        if item.id in seen:
            yield Finding(
                found.path,
                line,
                "error",
                "duplicate-id",
                f"the id {item.id} stands in line {seen[item.id]} already; give this item its own",
            )
        seen.setdefault(item.id, line)
        if isinstance(item, Quote) and not item.content:
            continue  # reported as quote-content; it has no place to sort by
        order = line_order(item)
        if previous is not None and order < previous:
            yield Finding(
                found.path,
                line,
                "error",
                "order",
                f"{item.id} begins before the item above; sort the lines by start",
            )
        previous = order


def _mention_faults(mention: Mention, text: _Text) -> Iterator[tuple[str, str]]:
    yield from text.faults(mention.start, mention.end, mention.surface)
    if not mention.start < mention.name_end <= mention.end:
        yield (
            "name-end",
            f"name_end {mention.name_end} does not lie in ({mention.start}, {mention.end}]; it "
            "marks where the bare name ends",
        )
    surface = text.text[mention.start : mention.end] if text.text is not None else ""
    if surface and _has_mark_at_edge(surface):
        yield "edge", f"{surface!r} has a mark or space at its edge; those stay outside"


def _has_mark_at_edge(surface: str) -> bool:
    """Tell marks at a name's edge; a bracket with its partner inside belongs to it: … (IST)."""
    last = surface[-1]
    unpaired = last in _BRACKETS and _BRACKETS[last] not in surface
    return surface[0] in _BEFORE or last in _BEHIND or unpaired


def _has_space_at_edge(surface: str) -> bool:
    return surface != surface.strip()


def _check_overlaps(found: AnnotationFile) -> Iterator[Finding]:
    """Mentions are the outermost names: no two overlap."""
    placed = sorted(
        zip(found.annotation.mentions, found.mention_lines, strict=True),
        key=lambda item: (item[0].start, -item[0].end),
    )
    last: Mention | None = None
    for mention, line in placed:
        if last is not None and mention.start < last.end:
            yield Finding(
                found.path,
                line,
                "error",
                "overlap",
                f"{mention.id} [{mention.start}, {mention.end}) overlaps {last.id} "
                f"[{last.start}, {last.end}); keep the outermost name",
            )
        if last is None or mention.end > last.end:
            last = mention


def _quote_faults(quote: Quote, text: _Text, mentions: set[str]) -> Iterator[tuple[str, str]]:
    if not quote.content:
        yield "quote-content", "the quote has no content; a speech act without content is no quote"
    for part in [*quote_parts(quote), *quote.quoted]:
        yield from text.faults(part.start, part.end, part.surface)
        if text.text is not None and _has_space_at_edge(text.text[part.start : part.end]):
            yield (
                "quote-edge",
                f"[{part.start}, {part.end}) has white space at its edge; leave it outside",
            )
    yield from _overlapping_parts(quote_parts(quote))
    if quote.speaker_mention is not None and quote.speaker_mention not in mentions:
        yield (
            "speaker-mention",
            f"speaker_mention {quote.speaker_mention} is no mention of this file; name one, or "
            "leave it out",
        )
    if quote.marking == "headline" and quote.cue is not None:
        yield "headline-cue", "a quote marked `headline` has a colon and no cue; leave the cue out"
    if quote.kind == "mixed" and quote.marking != "marked":
        yield (
            "mixed-marking",
            f"a mixed quote is always marked, found {quote.marking}; mark it, or make it indirect",
        )
    if quote.kind != "mixed" and quote.quoted:
        yield (
            "quoted-kind",
            f"`quoted` belongs to mixed quotes, found kind {quote.kind}; leave it out",
        )
    for part in quote.quoted:
        if not any(span.start <= part.start < part.end <= span.end for span in quote.content):
            yield (
                "quoted-outside",
                f"quoted [{part.start}, {part.end}) lies outside the content; move it inside",
            )
    if text.text is not None:
        yield from _marks_at_edges(quote, text.text)


def _overlapping_parts(parts: Sequence[Part]) -> Iterator[tuple[str, str]]:
    placed = sorted(parts, key=lambda part: (part.start, part.end))
    for left, right in pairwise(placed):
        if right.start < left.end:
            yield (
                "quote-overlap",
                f"[{left.start}, {left.end}) and [{right.start}, {right.end}) overlap; content, "
                "cue and speaker do not",
            )


def _marks_at_edges(quote: Quote, text: str) -> Iterator[tuple[str, str]]:
    """A marked quote stands in its marks, and they stay outside its content."""
    if quote.marking != "marked" or quote.kind == "mixed" or not quote.content:
        return
    first, last = quote.content[0], quote.content[-1]
    if not first.start < len(text) or last.end > len(text) or last.end == 0:
        return  # reported as span-range
    inside = text[first.start : last.end]
    closed_inside = inside[-1:] in _CLOSES and not any(c in inside for c in _CLOSES[inside[-1]])
    if closed_inside or (inside[:1] in _QUOTE_MARKS and inside[-1:] in _QUOTE_MARKS):
        yield "marks-inside", "the quotation marks lie inside the content; they stay outside"
    elif first.start == 0 or text[first.start - 1] not in _QUOTE_MARKS:
        yield (
            "marks-missing",
            f"marked, but no quotation mark stands before {text[first.start : first.start + 12]!r}; "
            "move its start, or make it bare",
        )
