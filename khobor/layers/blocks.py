"""Block labels: which stretch of the page text is headline, paragraph, related, advert, chrome.

One labeller for HTML and text captures. Each line gets a score for "body text"; the best
contiguous run of scores is the article's body (a run of scored lines alone found body text
with F1 .95–1.0 on synthetic furniture). The head above it is read in layers.heads, the rest is
furniture.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from khobor.errors import PageError
from khobor.layers import phrases
from khobor.layers.credits import cut_credits
from khobor.layers.heads import label_head, label_tail
from khobor.layers.languages import add_scripts, language_of_scripts
from khobor.layers.lines import Line, read_lines
from khobor.layers.paragraphs import unglue, unwrap
from khobor.layers.phrases import fold
from khobor.records import Block, BlockLabel, Page

# Scores of a line as body text. A paragraph earns 2 to 5, so that one line of furniture inside
# the body (an advertisement, a link to another story) is bridged, and a list of headlines not.
_START = -1.0
_TERMINATED = 2.0
_LONG, _LONGER = 1.0, 1.0  # at 60 and 140 characters
_SEVERAL_SENTENCES = 1.0
_PARAGRAPH_TAG = 0.5
_SHORT = -1.0  # under 40 characters and not a sentence
_LINKED = -3.0  # more than half of it is links
_REPEATED = -2.0
_NAMED_FURNITURE = -2.5  # by class, tag or phrase
_FOREIGN = -2.0  # less than half of its letters are Bengali
# What ends a dateline, or a byline before a paragraph, and where.
_OPENING_MARK, _OPENING = re.compile(r"[:：ঃ—–-]\s"), 120
_FOLDED = 200  # so much of a paragraph is folded to find it
_LEAST = -1.5  # no line says more than this against the body: two paragraphs bridge it
# A body worth the name: two sentences of some length. Below it the page shows no article.
MIN_BODY_SCORE = 3.0
MIN_BODY_CHARACTERS = 80


def label_blocks(page: Page) -> tuple[Block, ...]:
    """Turn a captured page into its labelled blocks, in order, without white space at edges.

    Together they cover the page text but for white space. Raises PageError (`not-bengali`,
    `no-article`) where no Bengali article can be found.
    """
    lines = read_lines(page.text, unwrap(page.text, page.stretches))
    scores = [body_score(line) for line in lines]
    first, last = _best_run(scores)
    _check_article(page, lines, scores, first, last)
    labels = [
        _body_label(lines, scores, place) if first <= place <= last else _furniture_label(line)
        for place, line in enumerate(lines)
    ]
    label_head(page, lines, labels, (first, last), _furniture_label)
    label_tail(lines, labels, last)
    return tuple(_cut(page.text, lines, labels))


def label_furniture(page: Page) -> tuple[Block, ...]:
    """Turn a captured page that holds no article (a section front) into its furniture blocks."""
    lines = read_lines(page.text, unwrap(page.text, page.stretches))
    return tuple(_cut(page.text, lines, [_furniture_label(line) for line in lines]))


def body_score(line: Line) -> float:
    """Score a line as body text; the table of weights stands above."""
    words = line.words
    size = line.end - line.start
    score = _START
    if words.terminated and words.count >= 4:
        score += _TERMINATED
    if size >= 60:
        score += _LONG
    if size >= 140:
        score += _LONGER
    if words.stops >= 2:
        score += _SEVERAL_SENTENCES
    if line.place.tag in ("p", "blockquote"):
        score += _PARAGRAPH_TAG
    if size < 40 and not words.terminated:
        score += _SHORT
    if line.link_share > 0.5:
        score += _LINKED
    if line.repeats > 1:
        score += _REPEATED
    if line.place.furniture or line.advert or words.chrome or words.related_title:
        score += _NAMED_FURNITURE
    if line.bengali_share < 0.5:
        score += _FOREIGN
    return max(score, _LEAST)


def _best_run(scores: Sequence[float]) -> tuple[int, int]:
    """Find the contiguous run with the greatest sum (Kadane): its (first, last) places."""
    best, best_sum = (0, -1), 0.0
    start, total = 0, 0.0
    for place, score in enumerate(scores):
        if total <= 0:
            start, total = place, 0.0
        total += score
        # On a tie the longer run: a short last paragraph makes up for the box before it.
        if total >= best_sum > 0 or total > best_sum:
            best, best_sum = (start, place), total
    return best


def _check_article(
    page: Page, lines: Sequence[Line], scores: Sequence[float], first: int, last: int
) -> None:
    """Reject a page that is not in Bengali, or whose body is none."""
    body = [lines[at] for at in range(first, last + 1) if scores[at] > 0]
    scripts = add_scripts(line.scripts for line in (body or lines))
    if language_of_scripts(scripts) != "bn" and scripts.bengali + scripts.other:
        raise PageError(
            f"of its letters {scripts.bengali:,} are Bengali and {scripts.other:,} are not"
            + (f"; ৰ and ৱ, {scripts.assamese:,} times, are Assamese" * bool(scripts.assamese)),
            where=page.source,
            fix="only pages in Bengali become documents",
            reason="not-bengali",
        )
    size = sum(line.size for line in body)
    if sum(scores[first : last + 1]) < MIN_BODY_SCORE or size < MIN_BODY_CHARACTERS:
        raise PageError(
            "no run of sentences long enough to be an article",
            where=page.source,
            fix="if it is one, label its blocks by hand",
            reason="no-article",
        )


def _furniture_label(line: Line) -> BlockLabel:
    """Label a line outside the article: a promoted headline, an advertisement, or chrome."""
    words = line.words
    if line.advert:
        return "advert"
    headline_like = (
        words.count >= 4
        and line.size >= 22
        and line.bengali_share >= 0.5
        and not words.menu
        and not (line.timestamp and not line.links)
        # No headline ends in a danda; sentences of the page about itself do. A line of glued
        # headlines may, at its end.
        and not (words.text.endswith("।") and not line.links and not words.glued)
    )
    return "related" if headline_like and not words.chrome else "chrome"


def _body_label(lines: Sequence[Line], scores: Sequence[float], place: int) -> BlockLabel:
    """Label a line inside the body's run."""
    line = lines[place]
    if line.advert:
        return "advert"
    if line.caption:
        return "caption"
    if line.words.related_title or line.link_share > 0.5 or line.place.furniture:
        return _inner_furniture(line)
    if line.place.tag == "li" or (line.words.bullet and _has_bullet_neighbour(lines, place)):
        return "list"
    if scores[place] > 0 or line.words.terminated:
        return "paragraph"
    if line.words.chrome or line.bengali_share < 0.5:
        return "chrome"
    if line.repeats > 1 or (place and lines[place - 1].words.related_title):
        return "related"  # printed elsewhere too, or right under আরও পড়ুন
    return "subheading" if line.size <= 80 else "paragraph"


def _inner_furniture(line: Line) -> BlockLabel:
    """Label furniture inside the body: a promoted headline, or a word of the page's own."""
    rest = phrases.RELATED_TITLE.sub("", line.words.text).strip(" :：-–—>»")
    return "related" if len(rest.split()) >= 4 and not line.words.chrome else "chrome"


def _has_bullet_neighbour(lines: Sequence[Line], place: int) -> bool:
    near = [*lines[max(0, place - 1) : place], *lines[place + 1 : place + 2]]
    return any(line.words.bullet or line.place.bullet for line in near)


def _cut(text: str, lines: Sequence[Line], labels: Sequence[BlockLabel]) -> list[Block]:
    """Turn labelled lines into blocks: datelines and glued headlines are cut off."""
    blocks: list[Block] = []
    opened = False
    for line, label in zip(lines, labels, strict=True):
        if label == "related":
            blocks.extend(_promoted(text, line))
        elif label == "paragraph" and not opened:
            opened = True
            blocks.extend(_first_paragraph(text, line))
        elif label in ("byline", "timestamp"):
            blocks.extend(_credits(text, line, label))
        elif label == "caption":
            blocks.extend(_caption(text, line))
        else:
            blocks.append(_block(line, line.start, line.end, label))
    return blocks


def _block(line: Line, start: int, end: int, label: BlockLabel) -> Block:
    return Block(start, end, label, line.path, line.language)


def _credits(text: str, line: Line, label: BlockLabel) -> list[Block]:
    """Cut a line of the head that holds byline, time and buttons."""
    pieces = cut_credits(text[line.start : line.end])
    if not pieces:
        return [_block(line, line.start, line.end, label)]
    return [
        _block(line, line.start + span.start, line.start + span.end, piece)
        for span, piece in pieces
    ]


def _caption(text: str, line: Line) -> list[Block]:
    """Cut a credit that is glued to its caption."""
    glued = phrases.GLUED_CREDIT.search(text, line.start, line.end)
    if glued is None:
        return [_block(line, line.start, line.end, "caption")]
    return [
        _block(line, line.start, glued.start(), "caption"),
        _block(line, glued.start(), line.end, "caption"),
    ]


def _promoted(text: str, line: Line) -> list[Block]:
    """Cut a line of promoted headlines: a box title before them (আরও পড়ুন: …), and their glue."""
    size = 0
    if line.words.related_title:
        verbatim = text[line.start : min(line.end, line.start + _FOLDED)]
        size = _verbatim_end(phrases.RELATED_TITLE.match(fold(verbatim)), verbatim)
    blocks = [_block(line, line.start, line.start + size, "chrome")] if size else []
    for span in unglue(text, line.start + size, line.end, line.links):
        blocks.append(_block(line, span.start, span.end, "related"))
    return blocks


def _first_paragraph(text: str, line: Line) -> list[Block]:
    """Cut the dateline (or a byline before a colon) off the first paragraph."""
    if not _OPENING_MARK.search(text, line.start, min(line.end, line.start + _OPENING)):
        return [_block(line, line.start, line.end, "paragraph")]
    paragraph = text[line.start : line.end]
    folded = fold(paragraph[:_FOLDED])
    openings: tuple[tuple[re.Pattern[str], BlockLabel], ...] = (
        (phrases.BYLINE_OPENING, "byline"),
        (phrases.DATELINE, "dateline"),
    )
    for pattern, label in openings:
        size = _verbatim_end(pattern.match(folded), paragraph)
        if size:
            body = line.end - len(paragraph[size:].lstrip())
            return [
                _block(line, line.start, line.start + size, label),
                _block(line, body, line.end, "paragraph"),
            ]
    return [_block(line, line.start, line.end, "paragraph")]


def _verbatim_end(found: re.Match[str] | None, verbatim: str) -> int:
    """Turn a match at the start of a folded text into its length in the verbatim text; 0: none.

    Folding changes lengths, so the end is the shortest verbatim prefix whose folded form is
    the matched one.
    """
    if found is None:
        return 0
    for size in range(1, min(len(verbatim), _FOLDED) + 1):
        if fold(verbatim[:size]) == found[0]:
            return size
    return 0
