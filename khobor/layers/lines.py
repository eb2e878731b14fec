"""What the labeller sees of each line of a page: one table of features for HTML and text.

Features of a line's words and of its DOM path are functions of those alone. Menus, box titles
and promoted headlines stand on many pages of a publisher, so both are remembered.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from khobor.layers import phrases
from khobor.layers.languages import Scripts, count_lines, language_of_scripts
from khobor.layers.phrases import fold
from khobor.records import Language, Stretch
from khobor.spans import Span


def _class_pattern(words: str) -> re.Pattern[str]:
    """Turn words into a pattern of class and id names that hold one between - and _."""
    return re.compile(rf"(?:^|[-_])(?:{'|'.join(words.split())})(?:$|[-_\d])", re.IGNORECASE)


_FURNITURE_NAME = _class_pattern(
    "nav navbar navigation menu topbar topnav breadcrumbs? footer sidebar widgets? share sharing"
    " social socialise related recommend(?:ed|ations?)? more most popular trending latest ticker"
    " marquee tags? comments? commentlist respond newsletter subscribe cookie popup login search"
    " copyright promo readmore also paywall meter subscription"
)
_ADVERT_NAME = _class_pattern("ads? advert(?:s|isement)? adslot sponsor(?:ed)? banner")
_BYLINE_NAME = _class_pattern("byline author reporter writer")
_TIME_NAME = _class_pattern("time timestamp date published updated posted")
_CAPTION_NAME = _class_pattern("caption figcaption")
_STANDFIRST_NAME = _class_pattern(
    "standfirst summary excerpt intro lead lede deck dek subtitle subhead strap"
)
# What stands above a headline and belongs to it.
_KICKER_NAME = _class_pattern("kicker shoulder eyebrow overline")
_FURNITURE_TAGS = frozenset({"nav", "footer", "aside", "form", "button", "marquee", "menu"})
_OWN_TAGS = frozenset("h1 h2 h3 h4 h5 h6 p li td figcaption div blockquote".split())
_STEP = re.compile(r"[#.]")
_DIGIT = re.compile("[0-9০-৯]")

# Longer lines are prose: no word of furniture, byline or time is looked for in them.
PROSE_LENGTH = 220
_REMEMBERED_LINES, _REMEMBERED_PATHS = 1 << 14, 1 << 13


class Words(msgspec.Struct, frozen=True, gc=False):
    """What can be seen of a line's text."""

    text: str  # folded (see phrases.fold) up to PROSE_LENGTH, verbatim beyond
    count: int  # of its words
    stops: int  # sentence ends inside or at its end
    terminated: bool
    advert: bool = False
    chrome: bool = False
    related_title: bool = False
    menu: bool = False  # short words with separators between them
    glued: bool = False  # headlines without anything between them
    byline: bool = False
    timestamp: bool = False
    timestamp_word: bool = False  # it says "published", "updated" or the like
    caption: bool = False
    bullet: bool = False


class Place(msgspec.Struct, frozen=True, gc=False):
    """What can be seen of a line's DOM path; nothing in a text capture."""

    tag: str = ""  # the nearest heading or block
    furniture: bool = False  # by an element's class, id or tag
    advert: bool = False
    byline: bool = False
    timestamp: bool = False
    caption: bool = False
    standfirst: bool = False
    kicker: bool = False
    bullet: bool = False


class Line(msgspec.Struct, frozen=True, gc=False):
    """A stretch of the page text with what can be seen of it."""

    start: int
    end: int
    path: str
    words: Words
    place: Place
    scripts: Scripts
    bengali_share: float  # of its letters
    language: Language
    continues: bool
    link_share: float
    repeats: int  # how often the line stands on the page, without a leading topic
    links: tuple[Span, ...]

    @property
    def size(self) -> int:
        """Its length in code points."""
        return self.end - self.start

    @property
    def advert(self) -> bool:
        """It says so, or its element does."""
        return self.words.advert or self.place.advert

    @property
    def byline(self) -> bool:
        """A short line that names a reporter, or whose element says so."""
        return self.words.byline or (self.place.byline and self.size <= _SHORT)

    @property
    def timestamp(self) -> bool:
        """A short line with a date, or whose element says so."""
        return self.words.timestamp or (self.place.timestamp and self.size <= _SHORT)

    @property
    def caption(self) -> bool:
        """It speaks of a picture, or its element does."""
        return self.words.caption or self.place.caption


_SHORT = 90  # no byline and no time of publication is longer


def read_lines(text: str, stretches: Sequence[Stretch]) -> list[Line]:
    """Turn a page's stretches into lines with their features."""
    words = [read_words(text[stretch.start : stretch.end]) for stretch in stretches]
    keys = [repeat_key(line.text) for line in words]
    counts = Counter(keys)
    letters = count_lines(text, [stretch.start for stretch in stretches])
    return [
        Line(
            start=stretch.start,
            end=stretch.end,
            path=stretch.path,
            words=line,
            place=_read_place(stretch.path) if stretch.path else _NOWHERE,
            scripts=scripts,
            bengali_share=scripts.bengali_share,
            language=language_of_scripts(scripts),
            continues=stretch.continues,
            link_share=_link_share(stretch) if stretch.links else 0.0,
            repeats=counts[key],
            links=stretch.links,
        )
        for stretch, line, key, scripts in zip(stretches, words, keys, letters, strict=True)
    ]


_NOWHERE = Place()


def _link_share(stretch: Stretch) -> float:
    if len(stretch.links) == 1:
        (link,) = stretch.links
        linked = link.end - link.start
    else:
        linked = sum(link.end - link.start for link in stretch.links)
    return linked / (stretch.end - stretch.start)


def repeat_key(folded: str) -> str:
    """Turn a folded line into the key of its repeats: without `Topic: ` at its start."""
    if len(folded) > PROSE_LENGTH:
        return folded
    topicless = phrases.TOPIC.sub("", folded) if ":" in folded[:42] else folded
    return topicless.replace(" ", "")


def read_words(line: str) -> Words:
    """Turn the text of a line, without white space at its edges, into its features."""
    return _read_short(line) if len(line) <= PROSE_LENGTH else _read_prose(line)


def _read_prose(line: str) -> Words:
    return Words(
        text=line,
        count=line.count(" ") + 1,
        stops=_count_stops(line),
        terminated=phrases.ends_sentence(line),
        glued=": " in line and bool(phrases.GLUE.search(line)),
        bullet=bool(phrases.BULLET.match(line)),
    )


@functools.lru_cache(_REMEMBERED_LINES)
def _read_short(line: str) -> Words:
    folded = fold(line)
    lowered = folded.lower()
    short = len(folded) <= _SHORT
    timestamp_word = short and bool(phrases.TIMESTAMP_WORD.search(folded))
    digit = short and bool(_DIGIT.search(folded))
    separators = len(phrases.SEPARATOR.findall(folded))
    return Words(
        text=folded,
        count=folded.count(" ") + 1,
        stops=_count_stops(folded),
        terminated=phrases.ends_sentence(folded),
        advert=bool(phrases.ADVERT.search(folded)),
        chrome=bool(phrases.BUTTON.match(folded))
        or (len(folded) <= 160 and phrases.holds(lowered, phrases.CHROME)),
        related_title=bool(phrases.RELATED_TITLE.search(folded)),
        # Two separators or more, about two words between them; or the way to this page.
        menu=(separators >= 2 and len(folded) / (separators + 1) < 20)
        or bool(phrases.BREADCRUMB.match(folded)),
        glued=": " in folded and bool(phrases.GLUE.search(folded)),
        byline=short and phrases.holds(lowered, phrases.BYLINE),
        timestamp=digit and (timestamp_word or _holds_date(folded)),
        timestamp_word=timestamp_word and digit,
        caption=phrases.holds(lowered, phrases.CAPTION),
        bullet=bool(phrases.BULLET.match(folded)),
    )


def _holds_date(folded: str) -> bool:
    return bool(phrases.DATED.search(folded)) and bool(phrases.DATE.search(folded))


def _count_stops(line: str) -> int:
    count = line.count  # one by one: a pattern, or a map, takes longer
    return count("।") + count("৷") + count("॥") + count("?") + count("!")


@functools.lru_cache(_REMEMBERED_PATHS)
def _read_place(path: str) -> Place:
    steps = path.split("/")
    names = [name for step in steps for name in _STEP.split(step)[1:]]
    tags = [_STEP.split(step)[0] for step in steps]
    return Place(
        tag=next((tag for tag in reversed(tags) if tag in _OWN_TAGS), ""),
        furniture=_any(_FURNITURE_NAME, names) or not _FURNITURE_TAGS.isdisjoint(tags),
        advert=_any(_ADVERT_NAME, names),
        byline=_any(_BYLINE_NAME, names[-3:]),
        timestamp="time" in tags or _any(_TIME_NAME, names[-2:]),
        caption="figcaption" in tags or _any(_CAPTION_NAME, names),
        standfirst=_any(_STANDFIRST_NAME, names[-2:]),
        kicker=_any(_KICKER_NAME, names[-2:]),
        bullet="li" in tags,
    )


def _any(pattern: re.Pattern[str], names: Sequence[str]) -> bool:
    return any(map(pattern.search, names))
