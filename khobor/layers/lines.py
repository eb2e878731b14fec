"""What the labeller sees of each line of a page: one table of features for HTML and text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from khobor.layers import phrases
from khobor.layers.phrases import fold
from khobor.records import Stretch

_BENGALI = re.compile(r"[\u0980-\u09ff]")
_LETTER = re.compile(r"[^\W\d_]|[\u0981-\u0983\u09bc-\u09cd]")
_HEADING = re.compile(r"^h[1-6]$")
# Class and id words of elements; each decides by itself what lies inside.
_FURNITURE_CLASS = re.compile(
    r"(?:^|[-_])(?:nav|navbar|navigation|menu|topbar|topnav|breadcrumbs?|footer|sidebar|widgets?"
    r"|share|sharing|social|socialise|related|recommend(?:ed|ations?)?|more|most|popular|trending"
    r"|latest|ticker|marquee|tags?|comments?|commentlist|respond|newsletter|subscribe|cookie"
    r"|popup|login|search|copyright|promo|readmore|also)(?:$|[-_\d])",
    re.IGNORECASE,
)
_ADVERT_CLASS = re.compile(
    r"(?:^|[-_])(?:ads?|advert(?:s|isement)?|adslot|sponsor(?:ed)?|banner)(?:$|[-_\d])",
    re.IGNORECASE,
)
_BYLINE_CLASS = re.compile(
    r"(?:^|[-_])(?:byline|author|reporter|writer)(?:$|[-_\d])", re.IGNORECASE
)
_TIME_CLASS = re.compile(
    r"(?:^|[-_])(?:time|timestamp|date|published|updated|posted)(?:$|[-_\d])", re.IGNORECASE
)
_CAPTION_CLASS = re.compile(r"(?:^|[-_])(?:caption|figcaption)(?:$|[-_\d])", re.IGNORECASE)
_STANDFIRST_CLASS = re.compile(
    r"(?:^|[-_])(?:standfirst|summary|excerpt|intro|lead|lede|deck|dek|subtitle|subhead|shoulder|strap)(?:$|[-_\d])",
    re.IGNORECASE,
)
_FURNITURE_TAGS = frozenset({"nav", "footer", "aside", "form", "button", "marquee", "menu"})
_SPLIT_STEP = re.compile(r"[#.]")


class Line(msgspec.Struct, frozen=True):
    """A stretch of the page text with what can be seen of it."""

    start: int
    end: int
    path: str
    text: str  # folded, for reading; offsets count in the page text
    tag: str  # of the element it lies in: h1 … h6, li, p, td …; empty in a text capture
    continues: bool
    link_share: float
    bengali_share: float  # of its letters
    words: int
    stops: int  # sentence ends inside or at its end
    terminated: bool
    repeats: int  # how often the line stands on the page, without a leading topic
    furniture: bool  # by an element's class, id or tag
    advert: bool
    chrome: bool
    related_title: bool
    menu: bool  # short words with separators between them
    glued: bool  # headlines without anything between them
    byline: bool
    timestamp: bool
    caption: bool
    standfirst: bool
    bullet: bool
    links: tuple[tuple[int, int], ...]


def read_lines(text: str, stretches: Sequence[Stretch]) -> list[Line]:
    """Turn a page's stretches into lines with their features."""
    folded = [fold(text[stretch.start : stretch.end]) for stretch in stretches]
    keys = [repeat_key(line) for line in folded]
    counts = Counter(keys)
    return [
        _read_line(stretch, line, counts[key])
        for stretch, line, key in zip(stretches, folded, keys, strict=True)
    ]


def repeat_key(folded: str) -> str:
    """Turn a folded line into the key of its repeats: without `Topic: ` at its start."""
    return phrases.TOPIC.sub("", folded).replace(" ", "")


def _read_line(stretch: Stretch, line: str, repeats: int) -> Line:
    steps = stretch.path.split("/") if stretch.path else []
    names = [name for step in steps for name in _SPLIT_STEP.split(step)[1:]]
    tags = [_SPLIT_STEP.split(step)[0] for step in steps]
    size = stretch.end - stretch.start
    letters = len(_LETTER.findall(line))
    short = len(line) <= 90
    dated = bool(phrases.DATE.search(line))
    return Line(
        start=stretch.start,
        end=stretch.end,
        path=stretch.path,
        text=line,
        tag=_own_tag(tags),
        continues=stretch.continues,
        link_share=sum(link.end - link.start for link in stretch.links) / size,
        bengali_share=len(_BENGALI.findall(line)) / letters if letters else 0.0,
        words=len(line.split()),
        stops=len(re.findall(r"[।৷॥?!]", line)),
        terminated=bool(phrases.TERMINATED.search(line)),
        repeats=repeats,
        furniture=any(map(_FURNITURE_CLASS.search, names)) or not _FURNITURE_TAGS.isdisjoint(tags),
        advert=bool(phrases.ADVERT.search(line)) or any(map(_ADVERT_CLASS.search, names)),
        chrome=bool(phrases.BUTTON.match(line))
        or (len(line) <= 160 and bool(phrases.CHROME.search(line))),
        related_title=bool(phrases.RELATED_TITLE.search(line)),
        menu=_is_menu(line),
        glued=bool(phrases.GLUE.search(line)),
        byline=short
        and (bool(phrases.BYLINE.search(line)) or any(map(_BYLINE_CLASS.search, names[-3:]))),
        timestamp=short
        and (
            bool(phrases.TIMESTAMP_WORD.search(line) and re.search("[0-9০-৯]", line))
            or dated
            or ("time" in tags or any(map(_TIME_CLASS.search, names[-2:])))
        ),
        caption="figcaption" in tags
        or any(map(_CAPTION_CLASS.search, names))
        or (len(line) <= 220 and bool(phrases.CAPTION.search(line))),
        standfirst=any(map(_STANDFIRST_CLASS.search, names[-2:])),
        bullet=bool(phrases.BULLET.search(line)) or "li" in tags,
        links=tuple((link.start, link.end) for link in stretch.links),
    )


def _is_menu(line: str) -> bool:
    """Tell menus and breadcrumbs: two separators or more, about two words between them."""
    separators = len(phrases.SEPARATOR.findall(line))
    return separators >= 2 and len(line) / (separators + 1) < 20


def _own_tag(tags: list[str]) -> str:
    """Find the tag that says most of a line: its heading, else its nearest block."""
    for tag in reversed(tags):
        if _HEADING.match(tag) or tag in ("p", "li", "td", "figcaption", "div", "blockquote"):
            return tag
    return ""
