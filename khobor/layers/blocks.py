"""Block labels: which stretch of the page text is headline, paragraph, related, advert, chrome.

One labeller for HTML and text captures. Each line gets a score for "body text"; the best
contiguous run of scores is the article's body (a run of scored lines alone found body text
with F1 .95–1.0 on synthetic furniture). The head above it is read by what the lines are, the
rest is furniture.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from khobor.errors import PageError
from khobor.layers import phrases
from khobor.layers.lines import Line, read_lines
from khobor.layers.paragraphs import unglue, unwrap
from khobor.layers.phrases import fold
from khobor.records import Block, BlockLabel, Metadata, Page

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
_LEAST = -1.5  # no line says more than this against the body: two paragraphs bridge one
# A body worth the name: two sentences of some length. Below it the page shows no article.
MIN_BODY_SCORE = 3.0
MIN_BODY_CHARACTERS = 80
_HEAD_LINES = 25  # how far above the body a headline may stand


def label_blocks(page: Page) -> tuple[Block, ...]:
    """Turn a captured page into its labelled blocks, in order, without white space at edges.

    Together they cover the page text but for white space. Raises PageError (`not-bengali`,
    `no-article`) where no article can be found.
    """
    lines = read_lines(page.text, unwrap(page.text, page.stretches))
    _check_language(page, lines)
    first, last = _body(page, lines)
    labels: list[BlockLabel] = [_furniture_label(line) for line in lines]
    for place in range(first, last + 1):
        labels[place] = _body_label(lines, place)
    headline = _headline(lines, first, page.metadata)
    if headline is not None:
        for place in range(headline + 1, first):
            labels[place] = _head_label(lines[place])
        labels[headline] = "headline"
        _label_standfirst(lines, labels, headline, first, last)
    _label_below(lines, labels, last)
    return tuple(_cut(page.text, lines, labels))


def body_score(line: Line) -> float:
    """Score a line as body text; the table of weights stands above."""
    size = line.end - line.start
    score = _START
    score += _TERMINATED * (line.terminated and line.words >= 4)
    score += _LONG * (size >= 60) + _LONGER * (size >= 140)
    score += _SEVERAL_SENTENCES * (line.stops >= 2)
    score += _PARAGRAPH_TAG * (line.tag in ("p", "blockquote"))
    score += _SHORT * (size < 40 and not line.terminated)
    score += _LINKED * (line.link_share > 0.5)
    score += _REPEATED * (line.repeats > 1)
    score += _NAMED_FURNITURE * (line.furniture or line.advert or line.chrome or line.related_title)
    score += _FOREIGN * (line.bengali_share < 0.5)
    return max(score, _LEAST)


def _check_language(page: Page, lines: Sequence[Line]) -> None:
    """Reject a page whose letters are not mostly Bengali, or that writes ৰ U+09F0, ৱ U+09F1."""
    letters = sum(character.isalpha() for character in page.text)
    bengali = sum("\u0980" <= character <= "\u09ff" for character in page.text)
    assamese = page.text.count("\u09f0") + page.text.count("\u09f1")
    prose = [line for line in lines if line.bengali_share >= 0.5 and line.terminated]
    if not bengali or (bengali < 0.3 * letters and not prose):
        raise PageError(
            f"{bengali:,} of its {letters:,} letters are Bengali",
            where=page.source,
            fix="only pages in Bengali become documents",
            reason="not-bengali",
        )
    if assamese > 0.005 * bengali:
        raise PageError(
            f"it writes ৰ or ৱ {assamese:,} times: Assamese",
            where=page.source,
            fix="only pages in Bengali become documents",
            reason="not-bengali",
        )


def _body(page: Page, lines: Sequence[Line]) -> tuple[int, int]:
    """Find the best contiguous run of lines: (first, last) places (Kadane's maximum sum)."""
    best, best_sum = (0, -1), 0.0
    start, total = 0, 0.0
    for place, line in enumerate(lines):
        if total <= 0:
            start, total = place, 0.0
        total += body_score(line)
        if total > best_sum:
            best, best_sum = (start, place), total
    first, last = best
    characters = sum(
        line.end - line.start for line in lines[first : last + 1] if body_score(line) > 0
    )
    if best_sum < MIN_BODY_SCORE or characters < MIN_BODY_CHARACTERS:
        raise PageError(
            "no run of sentences long enough to be an article",
            where=page.source,
            fix="if it is one, label its blocks by hand",
            reason="no-article",
        )
    return first, last


def _furniture_label(line: Line) -> BlockLabel:
    """Label a line outside the article: a promoted headline, an advertisement, or chrome."""
    if line.advert:
        return "advert"
    headline_like = (
        line.words >= 4
        and line.end - line.start >= 22
        and line.bengali_share >= 0.5
        and not line.menu
        and not (line.timestamp and not line.links)
        # No headline ends in a danda; sentences of the page about itself do. A line of glued
        # headlines may, at its end.
        and not (line.text.endswith("।") and not line.links and not line.glued)
    )
    return "related" if headline_like and not line.chrome else "chrome"


def _body_label(lines: Sequence[Line], place: int) -> BlockLabel:
    """Label a line inside the body's run."""
    line = lines[place]
    if line.advert:
        return "advert"
    if line.caption:
        return "caption"
    if line.related_title or line.link_share > 0.5 or line.furniture:
        return _inner_furniture(line)
    if line.tag == "li" or (line.bullet and _has_bullet_neighbour(lines, place)):
        return "list"
    if body_score(line) > 0 or line.terminated:
        return "paragraph"
    if line.chrome or line.bengali_share < 0.5:
        return "chrome"
    if line.repeats > 1:
        return "related"
    return "subheading" if line.end - line.start <= 80 else "paragraph"


def _inner_furniture(line: Line) -> BlockLabel:
    """Label furniture inside the body: a promoted headline, or a word of the page's own."""
    rest = phrases.RELATED_TITLE.sub("", line.text).strip(" :：-–—>»")
    if len(rest.split()) >= 4 and not line.chrome:
        return "related"
    return "chrome"


def _has_bullet_neighbour(lines: Sequence[Line], place: int) -> bool:
    near = [*lines[max(0, place - 1) : place], *lines[place + 1 : place + 2]]
    return any(line.bullet for line in near)


def _headline(lines: Sequence[Line], first: int, metadata: Metadata) -> int | None:
    """Find the article's headline above the body: its place.

    In order: the line that the metadata calls the title, the nearest <h1> (then <h2>) of three
    words or more, the nearest line that reads like a headline.
    """
    head = range(first - 1, max(-1, first - 1 - _HEAD_LINES), -1)
    title = fold(metadata.title or "")
    if title:
        same = [place for place in head if lines[place].text == title]
        if same:
            return min(same, key=lambda place: (lines[place].tag != "h1", -place))
    for tag in ("h1", "h2"):
        for place in head:
            if lines[place].tag == tag and lines[place].words >= 3 and not lines[place].furniture:
                return place
    for place in head:
        if _reads_like_headline(lines[place]):
            return place
    return None


def _reads_like_headline(line: Line) -> bool:
    return (
        line.words >= 3
        and 15 <= line.end - line.start <= 180
        and line.bengali_share >= 0.4
        and not line.text.endswith(("।", "৷"))
        and not (line.byline and line.words <= 5)
        and not (line.timestamp or line.advert or line.chrome or line.furniture or line.caption)
        and not line.menu
        and not (line.related_title or line.link_share > 0.5)
    )


def _head_label(line: Line) -> BlockLabel:
    """Label a line between headline and body."""
    if line.advert:
        return "advert"
    if line.byline and not line.chrome:
        return "byline"
    if line.timestamp and not line.chrome and line.link_share <= 0.5:
        return "timestamp"
    if line.caption:
        return "caption"
    if line.furniture or line.chrome or line.link_share > 0.5 or line.related_title:
        return _furniture_label(line)
    if line.standfirst or (line.words >= 6 and line.bengali_share >= 0.5 and line.repeats == 1):
        return "standfirst"
    if line.tag in ("p", "span", "address") and 2 <= line.words <= 4 and line.bengali_share >= 0.9:
        return "byline"
    return "chrome"


def _label_standfirst(
    lines: Sequence[Line], labels: list[BlockLabel], headline: int, first: int, last: int
) -> None:
    """Find a standfirst among the first lines of the body's run, and what stands around it.

    It is the line under the headline where an element's class says so, where the next paragraph
    opens with a dateline, where byline or time stand below it, or where a later paragraph says
    it again.
    """
    if labels[first] != "paragraph" or first == last:
        return
    if any(label == "standfirst" for label in labels[headline:first]):
        return
    line, following = lines[first], lines[first + 1]
    below_head = all(labels[place] in ("advert", "chrome") for place in range(headline + 1, first))
    said_again = any(
        line.text in later.text for later in lines[first + 1 : last + 1] if later is not line
    )
    opens = bool(phrases.DATELINE.match(following.text))
    headed = (following.byline or following.timestamp) and not following.terminated
    if line.standfirst or (below_head and line.stops <= 2 and (said_again or opens or headed)):
        labels[first] = "standfirst"
        place = first + 1
        while place < last and labels[place] != "paragraph":
            labels[place] = _head_label(lines[place])
            place += 1


def _label_below(lines: Sequence[Line], labels: list[BlockLabel], last: int) -> None:
    """Label a byline, time or caption directly below the body."""
    for place in range(last + 1, min(len(lines), last + 3)):
        line = lines[place]
        if line.furniture or line.chrome or line.advert or line.link_share > 0.5 or line.words > 8:
            return
        if line.caption:
            labels[place] = "caption"
        elif line.byline:
            labels[place] = "byline"
        elif line.timestamp and phrases.TIMESTAMP_WORD.search(line.text):
            labels[place] = "timestamp"
        else:
            return


def _cut(text: str, lines: Sequence[Line], labels: Sequence[BlockLabel]) -> list[Block]:
    """Turn labelled lines into blocks: datelines and glued headlines are cut off."""
    blocks = []
    opened = False
    for line, label in zip(lines, labels, strict=True):
        if label == "related":
            blocks.extend(_promoted(text, line))
            continue
        if label == "paragraph" and not opened:
            opened = True
            blocks.extend(_first_paragraph(text, line))
            continue
        blocks.append(Block(line.start, line.end, label, line.path))
    return blocks


def _promoted(text: str, line: Line) -> list[Block]:
    """Cut a line of promoted headlines: a box title before them (আরও পড়ুন: …), and their glue."""
    title = phrases.RELATED_TITLE.match(line.text)
    size = _match_verbatim(phrases.RELATED_TITLE, text[line.start : line.end]) if title else 0
    blocks = [Block(line.start, line.start + size, "chrome", line.path)] if size else []
    for span in unglue(text, line.start + size, line.end, line.links):
        blocks.append(Block(span.start, span.end, "related", line.path))
    return blocks


def _first_paragraph(text: str, line: Line) -> list[Block]:
    """Cut the dateline (or a byline before a colon) off the first paragraph."""
    paragraph = text[line.start : line.end]
    for pattern, label in (
        (phrases.BYLINE_OPENING, "byline"),
        (phrases.DATELINE, "dateline"),
    ):
        size = _match_verbatim(pattern, paragraph)
        if size:
            body = line.start + size
            body += len(text[body : line.end]) - len(text[body : line.end].lstrip())
            return [
                Block(line.start, line.start + size, label, line.path),  # type: ignore[arg-type]  # two literals
                Block(body, line.end, "paragraph", line.path),
            ]
    return [Block(line.start, line.end, "paragraph", line.path)]


def _match_verbatim(pattern: re.Pattern[str], paragraph: str) -> int:
    """Match a folded pattern at the start of a verbatim text: the length in the verbatim text.

    Folding changes lengths, so the end is the shortest verbatim prefix whose folded form is
    the matched one.
    """
    found = pattern.match(fold(paragraph[:200]))
    if found is None:
        return 0
    for size in range(1, min(len(paragraph), 200) + 1):
        if fold(paragraph[:size]) == found[0]:
            return size
    return 0
