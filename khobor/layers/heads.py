"""The head of an article: headline, standfirst, byline and time above the body; and its tail."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from khobor.layers import phrases
from khobor.layers.credits import cut_credits
from khobor.layers.lines import Line
from khobor.layers.phrases import fold
from khobor.records import BlockLabel, Page

_HEAD_LINES = 25  # how far above the body a headline may stand
_TAIL_LINES = 2  # how far below it byline, time and caption may
_NAME_WORDS = 5  # a line of names, between headline and time, is no longer


def label_head(
    page: Page,
    lines: Sequence[Line],
    labels: list[BlockLabel],
    body: tuple[int, int],
    furniture_label: Callable[[Line], BlockLabel],
) -> None:
    """Label the lines above the body, which runs over the places `body`, in `labels`."""
    first = body[0]
    headline = _find_headline(lines, first, fold(page.metadata.title or ""))
    if headline is None:
        return
    labels[headline] = "headline"
    if headline and lines[headline - 1].place.kicker and not _is_furniture(lines[headline - 1]):
        labels[headline - 1] = "subheading"
    for place in range(headline + 1, first):
        labels[place] = _head_label(lines, place, furniture_label)
    _label_standfirst(page.text, lines, labels, headline, body, furniture_label)


def label_tail(lines: Sequence[Line], labels: list[BlockLabel], last: int) -> None:
    """Label a byline, time or caption directly below the body."""
    for place in range(last + 1, min(len(lines), last + 1 + _TAIL_LINES)):
        line = lines[place]
        if _is_furniture(line) or line.advert or line.words.count > 8:
            return
        if line.caption:
            labels[place] = "caption"
        elif line.byline:
            labels[place] = "byline"
        elif line.words.timestamp_word:
            labels[place] = "timestamp"
        else:
            return


def _is_furniture(line: Line) -> bool:
    return line.place.furniture or line.words.chrome or line.link_share > 0.5


def _find_headline(lines: Sequence[Line], first: int, title: str) -> int | None:
    """Find the article's headline above the body: its place.

    In order: the line that the metadata calls the title; the nearest <h1>, then <h2>, that is
    neither furniture nor a link (a site's name in an <h1> links home); the nearest line that
    reads like a headline.
    """
    head = range(first - 1, max(-1, first - 1 - _HEAD_LINES), -1)
    if title:
        same = [place for place in head if lines[place].words.text == title]
        if same:
            return min(same, key=lambda place: (lines[place].place.tag != "h1", -place))
    for tag in ("h1", "h2"):
        for place in head:
            if lines[place].place.tag == tag and not _is_furniture(lines[place]):
                return place
    return next((place for place in head if _is_headline(lines, place)), None)


def _is_headline(lines: Sequence[Line], place: int) -> bool:
    """Tell a headline from a reporter's name and place (… , তমলুক) between it and the time."""
    if not _reads_like_headline(lines[place]):
        return False
    above = lines[place - 1] if place else None
    return not (
        above is not None
        and _is_name_before_time(lines, place)
        and above.size > lines[place].size
        and _reads_like_headline(above)
    )


def _reads_like_headline(line: Line) -> bool:
    words = line.words
    return (
        words.count >= 3
        and 15 <= line.size <= 180
        and line.bengali_share >= 0.4
        and not words.text.endswith(("।", "৷"))
        and not (line.byline and words.count <= 5)
        and not (line.timestamp or line.advert or line.caption or words.menu)
        and not (words.related_title or _is_furniture(line))
    )


def _head_label(
    lines: Sequence[Line], place: int, furniture_label: Callable[[Line], BlockLabel]
) -> BlockLabel:
    """Label a line between headline and body."""
    line, words = lines[place], lines[place].words
    if line.advert:
        return "advert"
    if line.caption and phrases.CAPTION_OPENING.match(words.text):
        return "caption"
    if line.byline and not words.chrome:
        return "byline"
    if words.chrome and line.timestamp and line.link_share <= 0.5 and cut_credits(words.text):
        return "byline"  # buttons stand in its line: layers.blocks cuts them off
    if line.timestamp and not words.chrome and line.link_share <= 0.5:
        return "timestamp"
    if line.caption:
        return "caption"
    if _is_furniture(line) or words.related_title:
        return furniture_label(line)
    if _is_name_before_time(lines, place):
        return "byline"
    if line.place.standfirst or (
        words.count > _NAME_WORDS and line.bengali_share >= 0.5 and line.repeats == 1
    ):
        return "standfirst"
    return "chrome"


def _is_name_before_time(lines: Sequence[Line], place: int) -> bool:
    """Tell a line of names: short, all Bengali, right above a byline or the time."""
    line = lines[place]
    if line.words.count > _NAME_WORDS or line.bengali_share < 0.9 or line.words.terminated:
        return False
    following = lines[place + 1] if place + 1 < len(lines) else None
    return following is not None and (following.timestamp or following.byline)


def _label_standfirst(
    text: str,
    lines: Sequence[Line],
    labels: list[BlockLabel],
    headline: int,
    body: tuple[int, int],
    furniture_label: Callable[[Line], BlockLabel],
) -> None:
    """Find a standfirst among the first lines of the body's run, and what stands around it.

    It is the line under the headline where an element's class says so, where the next paragraph
    opens with a dateline, where byline or time stand below it, or where a later paragraph says
    it again.
    """
    first, last = body
    if labels[first] != "paragraph" or first == last:
        return
    if any(label == "standfirst" for label in labels[headline:first]):
        return
    line = lines[first]
    if line.place.standfirst or (
        all(label in ("advert", "chrome") for label in labels[headline + 1 : first])
        and line.words.stops <= 2
        and _stands_apart(text, lines, first, last)
    ):
        labels[first] = "standfirst"
        place = first + 1
        while place < last and labels[place] != "paragraph":
            labels[place] = _head_label(lines, place, furniture_label)
            place += 1


def _stands_apart(text: str, lines: Sequence[Line], first: int, last: int) -> bool:
    line, following = lines[first], lines[first + 1]
    if (following.byline or following.timestamp) and not following.words.terminated:
        return True
    if ":" in text[following.start : following.start + 80] and phrases.DATELINE.match(
        fold(text[following.start : following.start + 200])
    ):
        return True
    return text[line.start : line.end] in text[following.start : lines[last].end]
