"""Visible publication lines to ISO 8601: `প্রকাশ: রবিবার, ১৭ সেপ্টেম্বর ২০২৩, সকাল ১০:২৫`.

No date beats a wrong one: what is ambiguous (two dates without a label, a year of two digits, a
weekday that is not the date's) or impossible (31 February) gives None, and a time of day that can
be read in two ways is left out. Numbers are read day-month-year, the Bengali usage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from khobor.normalization import nfc

# A publication line is short: a byline with two stamps takes some 150 characters. A date in a
# longer line is part of a story.
MAX_LINE = 300
_YEARS = range(1990, 2101)

_Label = Literal["bare", "published", "updated", "printed"]


def parse_date_line(line: str) -> str | None:
    """Turn a visible publication line into a date `2012-07-05`, or `2021-10-05T10:30` with a time.

    The time is the page's local one, without an offset. Of a line that says both, the publication
    counts and not the update; an update alone is taken, since such a page shows no other date. A
    date of the Bengali calendar (২ আশ্বিন ১৪৩০) is passed over. None where no date is certain.
    """
    if len(line) > MAX_LINE:
        return None
    segments = list(_segments(_OTHER_CALENDAR.sub(" ", _fold(line))))
    labels: tuple[_Label, ...] = ("published", "bare")
    if not any(label in labels and _DATE.search(text) for label, text in segments):
        if any(label == "published" for label, _ in segments):
            return None  # it says that it was published, but not readably when
        labels = ("updated",)
    pool = [text for label, text in segments if label in labels]
    days = {day for text in pool for day in _days(text)}
    day = days.pop() if len(days) == 1 else None
    return _with_time(day, pool) if day is not None else None


def parse_date(value: str) -> str | None:
    """Turn a date out of a crawl's column into ISO 8601, or None.

    ISO 8601 is kept, with its offset; anything else is read as a publication line.
    """
    value = value.strip()
    if not re.match(r"\d{4}-\d\d-\d\d(?!\d)", value):
        return parse_date_line(value)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return parse_date_line(value)
    # Databases write a space where ISO 8601 has its T.
    iso = f"{value[:10]}T{value[11:]}" if len(value) > 10 else value
    return iso if moment.year in _YEARS and iso.isascii() else None


# --- folding ----------------------------------------------------------------------------------

_FOLDS: dict[int, str | None] = {
    # য় is U+09DF, or U+09AF U+09BC, or lacks its dot U+09BC: NFC gives the second, and without
    # the dot all three are one. Joiners say nothing here either.
    **dict.fromkeys((0x09BC, 0x200C, 0x200D, 0xFEFF)),
    **{0x09E6 + digit: str(digit) for digit in range(10)},
    **dict.fromkeys(map(ord, "‐‑‒–—−"), "-"),
    0x0983: ":",  # visarga ঃ, widely typed for a colon (প্রকাশঃ)
    0xFF1A: ":",
}
# Letters and vowel signs, for \w knows no vowel sign. Digits may touch a name: 05Oct2021.
_LETTER = "[a-z\u0980-\u09e5]"


def _fold(text: str) -> str:
    folded = nfc(text).translate(_FOLDS).lower()
    return " ".join(folded.split())


def _words(*lists: str) -> str:
    """Turn lists of words into a pattern of any of them as a whole word, the longest first."""
    names = sorted({_fold(word) for words in lists for word in words.split()}, key=len)
    return rf"(?<!{_LETTER})(?:{'|'.join(map(re.escape, reversed(names)))})(?!{_LETTER})"


def _numbers(*lists: str) -> dict[str, int]:
    """Turn lists of words into a table of each word's list, from 0."""
    return {_fold(word): number for number, words in enumerate(lists) for word in words.split()}


# --- labels -----------------------------------------------------------------------------------

# Patterns that are not made by _words are written as folded: সময without its dot.
_WHEN = rf"(?:\s*(?:তারিখ|সময|কাল|date|time|at|on)(?!{_LETTER}))?"
_LABELS = re.compile(
    rf"(?<!{_LETTER})(?:"
    rf"(?P<updated>(?:(?:সর্বশেষ|শেষ|last)\s*)?"
    rf"(?:আপডেট(?:েড|ের)?|হালনাগাদ(?:ের)?|সংশোধিত|পরিমার্জিত|updated?|modified)(?!{_LETTER}){_WHEN})"
    rf"|(?P<printed>(?:প্রিন্ট|মুদ্রণ|print(?:ed)?)(?:\s*এর|ের)?(?!{_LETTER}){_WHEN})"
    rf"|(?P<published>(?:প্রকাশ(?:িত|কাল|ের)?|পোস্ট(?:ের)?|publish(?:ed)?|posted)(?!{_LETTER}){_WHEN}"
    rf"|(?:তারিখ|date)(?!{_LETTER}))"
    r")"
)
_NAMED: tuple[_Label, ...] = ("updated", "printed", "published")


def _segments(text: str) -> Iterator[tuple[_Label, str]]:
    """Cut a line at its labels: (what the label says, the text from there to the next)."""
    label: _Label = "bare"
    start = 0
    for found in _LABELS.finditer(text):
        yield label, text[start : found.start()]
        start = found.end()
        label = next(name for name in _NAMED if found[name])
    yield label, text[start:]


# --- dates ------------------------------------------------------------------------------------

_MONTHS = _numbers(
    "",
    "জানুয়ারি জানুয়ারী জানুআরি জানু january jan",
    "ফেব্রুয়ারি ফেব্রুয়ারী ফেব্রুআরি ফেব্রু february feb",
    "মার্চ march mar",
    "এপ্রিল april apr",
    "মে may",
    "জুন june jun",
    "জুলাই july jul",
    "আগস্ট আগষ্ট আগাস্ট অগস্ট অগষ্ট অগাস্ট august aug",
    "সেপ্টেম্বর সেপ্ট september sept sep",
    "অক্টোবর অক্টো october oct",
    "নভেম্বর নবেম্বর নভে november nov",
    "ডিসেম্বর ডিসে december dec",
)
_WEEKDAYS = _numbers(
    "সোমবার monday mon",
    "মঙ্গলবার tuesday tues tue",
    "বুধবার wednesday wed",
    "বৃহস্পতিবার বৃহষ্পতিবার thursday thurs thu",
    "শুক্রবার friday fri",
    "শনিবার saturday sat",
    "রবিবার রোববার sunday sun",
)
_ORDINAL = rf"(?:\s*(?:st|nd|rd|th|ই|শে|লা|রা|ঠা)(?!{_LETTER}))?"
_DAY = r"(?<!\d)(?<!\d[-./])\d{1,2}"
_MONTH = _words(*_MONTHS)
_YEAR = r"\d{4}(?!\d)"
_SEPARATOR = r"\s?[-./]\s?"
# A day and month without a year is found too: it is a date that cannot be read.
_DATE = re.compile(
    rf"(?P<range>(?<![\d:])\d{{1,2}}\s*(?:-|ও|এবং|থেকে|to|and)\s*)?"
    rf"(?:(?P<day>{_DAY}){_ORDINAL}[\s,./-]*(?:of\s)?(?P<month>{_MONTH})(?:[\s,./-]*(?P<year>{_YEAR}))?"
    rf"|(?P<month_>{_MONTH})[\s,./-]*(?P<day_>\d{{1,2}})(?![\d:]){_ORDINAL}"
    rf"(?:[\s,./-]+(?P<year_>{_YEAR}))?"
    rf"|(?<!\d)(?<!\d[-./:])(?P<first>\d{{4}}|\d{{1,2}})(?P<separator>{_SEPARATOR})"
    rf"(?P<second>\d{{1,2}})(?P=separator)(?P<third>\d{{4}}|\d{{1,2}})(?!\d|[-./:]\d))",
    re.ASCII,
)
_BEFORE = re.compile(rf"({_words(*_WEEKDAYS)})[\s,.|(-]*$")
_AFTER = re.compile(rf"^[\s,.|(-]*({_words(*_WEEKDAYS)})")

# The months of the Bengali calendar; its years (1430 is 2023) are none of _YEARS.
_OTHER_CALENDAR = re.compile(
    rf"(?<!\d)\d{{1,2}}{_ORDINAL}\s*"
    + _words("বৈশাখ জ্যৈষ্ঠ আষাঢ় শ্রাবণ ভাদ্র আশ্বিন কার্তিক অগ্রহায়ণ পৌষ মাঘ ফাল্গুন ফাল্গুণ চৈত্র")
    + r"(?:[\s,]*1\d{3}(?!\d))?(?:\s*(?:বঙ্গাব্দ|বাংলা|সন))?"
)


def _days(text: str) -> Iterator[date | None]:
    """Find the dates of a text; None stands for one that cannot be, or cannot be read."""
    for found in _DATE.finditer(text):
        day = _day(found)
        weekday = _BEFORE.search(text[: found.start()]) or _AFTER.search(text[found.end() :])
        if day is not None and weekday is not None and _WEEKDAYS[weekday[1]] != day.weekday():
            day = None  # 10/05/2021 written month-day-year, or a wrong one of the two
        yield day


def _day(found: re.Match[str]) -> date | None:
    if found["range"]:
        return None  # ৫-৭ অক্টোবর
    if found["first"]:
        year, month, day = found["first"], found["second"], found["third"]
        if len(year) < 4:
            year, day = day, year
        number = int(month)
    else:
        year, day = found["year"] or found["year_"] or "", found["day"] or found["day_"]
        number = _MONTHS[found["month"] or found["month_"]]
    if len(year) != 4 or len(day) > 2 or int(year) not in _YEARS:
        return None
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


# --- times of day -----------------------------------------------------------------------------

# The hours of 24 that each part of a day can mean. রাত has no hour after midnight: রাত ১টা of the
# 5th is the 5th to a machine and the 6th to many a writer.
_PARTS = {
    _fold(name): frozenset(hours)
    for names, hours in (
        ("ভোর", range(3, 7)),
        ("সকাল", range(5, 12)),
        ("পূর্বাহ্ণ পূর্বাহ্ন", range(1, 12)),
        ("বেলা", range(8, 17)),
        ("দুপুর", range(11, 16)),
        ("অপরাহ্ণ অপরাহ্ন", range(12, 24)),
        ("বিকেল বিকাল", range(14, 19)),
        ("সন্ধ্যা সন্ধ্যে", range(17, 21)),
        ("রাত", range(18, 24)),
    )
    for name in names.split()
}
_HALVES = {"am": frozenset(range(12)), "pm": frozenset(range(12, 24))}
_PART = rf"(?<!{_LETTER})(?:{'|'.join(_PARTS)})(?:ে|য)?(?!{_LETTER})"
_HALF = rf"(?:a\.?m|p\.?m|এ\.?\s?এম|পি\.?\s?এম)(?!{_LETTER})\.?"
_TIME = re.compile(
    rf"(?:(?P<part>{_PART})[\s,:]*)?(?<![\d.:/+])(?P<hour>\d{{1,2}})"
    rf"(?:\s?(?P<mark>[:.])\s?(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.\d+)?)?(?![\d:])"
    rf"(?:\s*টা(?:য)?(?!{_LETTER}))?"
    rf"|\s*টা(?:য)?(?!{_LETTER})(?:\s*(?P<minutes>\d{{1,2}})\s*মি(?:নিট(?:ে)?|\.)?(?!{_LETTER}))?)"
    rf"(?:\s*(?:(?P<half>{_HALF})|(?P<part_>{_PART})))?"
    r"(?:\s*\(?(?P<zone>(?:(?:utc|gmt)\s*)?[+-]\d\d?:?(?:\d\d)?(?!\d)|utc|gmt|z(?![a-z])"
    r"|(?:e[sd]t|c[sd]t|p[sd]t|ces?t|aes?t)(?![a-z])))?",
    re.ASCII,
)
# সাড়ে ১০টা is 10:30; of a night between two days nobody can say which is meant.
_VAGUE = re.compile(_words("সাড়ে পৌনে সোয়া মধ্যরাত মধ্যরাতে দিবাগত গভীর"))
_HOME = (timedelta(hours=6), timedelta(hours=5, minutes=30))  # Bangladesh; India


def _with_time(day: date, texts: Sequence[str]) -> str | None:
    """Put a date with its time of day, where the texts around it give just one."""
    found = [time for text in texts for time in _TIME.finditer(_DATE.sub(" ", text))]
    zone = next((time["zone"] for time in found if time["zone"]), None)
    times = {_clock(time) for time in found}
    clock = times.pop() if len(times) == 1 else None
    offset = _offset(zone) if zone is not None else _HOME[0]
    if offset not in _HOME:
        return _at_home(day, clock, offset)
    if clock is None or any(_VAGUE.search(text) for text in texts):
        return day.isoformat()
    return f"{day.isoformat()}T{clock}"


def _clock(time: re.Match[str]) -> str | None:
    """Turn a time into `HH:MM` or `HH:MM:SS` of 24 hours; None where it can be two, or none."""
    hour, minute = int(time["hour"]), int(time["minute"] or time["minutes"] or 0)
    hours = {hour % 12, hour % 12 + 12} if 1 <= hour <= 12 else {hour}
    part = time["part"] or time["part_"]
    if part:
        hours &= next(meant for name, meant in _PARTS.items() if part.startswith(name))
    if time["half"]:
        hours &= _HALVES["am" if time["half"][0] in "aএ" else "pm"]
    if not part and not time["half"]:
        # ১০:৩০ alone is a time of 24 hours; ৯টা is not, and ১০.৩০ may be any number.
        hours = {hour} if time["mark"] == ":" else set()
    if len(hours) != 1 or not 0 <= min(hours) < 24 or minute > 59 or int(time["second"] or 0) > 59:
        return None
    seconds = f":{time['second']}" if time["second"] else ""
    return f"{hours.pop():02d}:{minute:02d}{seconds}"


def _offset(zone: str) -> timedelta | None:
    """Turn a zone into its offset from UTC; None for one that changes with the season."""
    found = re.search(r"([+-])(\d\d?):?(\d\d)?$", zone)
    if found is not None:
        offset = timedelta(hours=int(found[2]), minutes=int(found[3] or 0))
        return -offset if found[1] == "-" else offset
    return timedelta() if zone in ("z", "utc", "gmt") else None


def _at_home(day: date, clock: str | None, offset: timedelta | None) -> str | None:
    """Turn a stamp of a foreign zone into its date, where that is the date at home too."""
    if clock is None or offset is None:
        return None
    moment = datetime.fromisoformat(f"{day.isoformat()}T{clock}") - offset
    return day.isoformat() if all((moment + home).date() == day for home in _HOME) else None
