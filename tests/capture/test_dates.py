"""Dates: what a visible publication line says, and silence where it says nothing certain."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.capture.dates import MAX_LINE, parse_date, parse_date_line
from tests import bengali

BENGALI_DIGITS = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")
MONTHS = {
    1: ["জানুয়ারি", "জানুয়ারী", "january", "Jan", "JAN."],
    2: ["ফেব্রুয়ারি", "ফেব্রুয়ারী", "February", "Feb"],
    3: ["মার্চ", "March", "Mar"],
    4: ["এপ্রিল", "April", "Apr."],
    5: ["মে", "May"],
    6: ["জুন", "June", "Jun"],
    7: ["জুলাই", "July", "Jul"],
    8: ["আগস্ট", "অগস্ট", "আগষ্ট", "অগাস্ট", "August", "Aug"],
    9: ["সেপ্টেম্বর", "September", "Sept", "Sep."],
    10: ["অক্টোবর", "অক্টো.", "October", "Oct"],
    11: ["নভেম্বর", "November", "Nov"],
    12: ["ডিসেম্বর", "December", "Dec"],
}


def check(line: str, expected: str | None) -> None:
    """Both encodings of য় and the Bengali digits say the same as any others."""
    for form in (line, unicodedata.normalize("NFC", line), unicodedata.normalize("NFD", line)):
        assert parse_date_line(form) == expected
    assert parse_date_line(line.translate(BENGALI_DIGITS)) == expected
    assert parse_date_line(line.replace("\u09af\u09bc", "\u09df")) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # numbers are day, month, year
        ("তারিখ: 05-07-2012", "2012-07-05"),
        ("তারিখঃ ০৫/০৭/২০১২ ইং", "2012-07-05"),
        ("05.07.2012.", "2012-07-05"),
        ("05 - 07 - 2012", "2012-07-05"),
        ("5/7/2012", "2012-07-05"),
        ("2021-10-05", "2021-10-05"),
        ("2021/1/5", "2021-01-05"),
        # months by name
        ("৫ অক্টোবর ২০২১, ১০:৩০", "2021-10-05T10:30"),
        ("প্রকাশ: রবিবার, ১৭ সেপ্টেম্বর ২০২৩, সকাল ১০:২৫", "2023-09-17T10:25"),
        ("প্রকাশিত: ১৩ মার্চ ২০২৪ ০৬:১৫", "2024-03-13T06:15"),
        ("মঙ্গলবার, ৫ অক্টোবর ২০২১, বেলা ১১টা ৪২ মিনিট", "2021-10-05T11:42"),
        ("08 Jun 2021 08:14 PM (IST)", "2021-06-08T20:14"),
        ("October 5, 2021", "2021-10-05"),
        ("Oct. 5 2021", "2021-10-05"),
        ("5th of October, 2021 at 9:05 a.m.", "2021-10-05T09:05"),
        ("অক্টোবর ৫, ২০২১", "2021-10-05"),
        ("০৫-অক্টোবর-২০২১", "2021-10-05"),
        ("05Oct2021", "2021-10-05"),
        ("১লা জানুয়ারি, ২০২২", "2022-01-01"),
        ("২১শে ফেব্রুয়ারি ২০২২", "2022-02-21"),
        ("৫ই মে ২০২২", "2022-05-05"),
        ("২৯ ফেব্রুয়ারি ২০২৪", "2024-02-29"),
        # a line of more than the date
        ("By: ওয়েব ডেস্ক, ধলেশ্বরী বার্তা | 08 Jun 2021 08:14 PM (IST)", "2021-06-08T20:14"),
        ("রাজশাহী প্রতিনিধি\u00a0৫ অক্টোবর ২০২১\u00a0১০:৩০", "2021-10-05T10:30"),
        ("১০:৩০ - ৫ অক্টোবর ২০২১", "2021-10-05T10:30"),
        ("প্রকাশিতঃ ৩:০৫ পিএম, ১৫ জুলাই ২০১৯", "2019-07-15T15:05"),
        ("৫ অক্টোবর ২০২১ তারিখে প্রকাশিত", "2021-10-05"),
        ("2021-10-05T10:30:15", "2021-10-05T10:30:15"),
        ("Tue, 05 Oct 2021 20:30:09 +0600", "2021-10-05T20:30:09"),
        ("2021-10-05T10:30+05:30", "2021-10-05T10:30"),
    ],
)
def test_the_forms_of_bengali_pages_are_read(line: str, expected: str) -> None:
    check(line, expected)


@pytest.mark.parametrize(
    ("number", "name"), [(number, name) for number, names in MONTHS.items() for name in names]
)
def test_every_spelling_of_a_month_is_read(number: int, name: str) -> None:
    check(f"১৪ {name} ২০২২", f"2022-{number:02d}-14")
    check(f"{name} 14, 2022", f"2022-{number:02d}-14")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Published: 5 Oct 2021, 10:30 | Updated: 6 Oct 2021, 11:30", "2021-10-05T10:30"),
        ("আপডেট: ৬ অক্টোবর ২০২১, ১২:০০ প্রকাশিত: ৫ অক্টোবর ২০২১, ১০:৩০", "2021-10-05T10:30"),
        ("৫ অক্টোবর ২০২১ ১০:৩০ (আপডেট: ৬ অক্টোবর ২০২১, ১২:০০)", "2021-10-05T10:30"),
        ("আপডেটের তারিখ: ৬ অক্টোবর ২০২১ | প্রকাশের সময়: ৫ অক্টোবর ২০২১", "2021-10-05"),
        ("প্রকাশ: ৫ অক্টোবর ২০২১ | প্রিন্টের তারিখ: ৯ অক্টোবর ২০২১", "2021-10-05"),
        # the page shows no other date
        ("Last Updated at : 08 Jun 2021 08:14 PM (IST)", "2021-06-08T20:14"),
        ("সর্বশেষ আপডেট: ৬ অক্টোবর ২০২১, ১২:০০", "2021-10-06T12:00"),
        # published, but not readably when
        ("প্রকাশিত: ১০ ঘণ্টা আগে | আপডেট: ৬ অক্টোবর ২০২১", None),
        ("প্রকাশিত: ৫ অক্টোবর | আপডেট: ৬ অক্টোবর ২০২১", None),
        ("প্রকাশিত: ৩১ ফেব্রুয়ারি ২০২১ | আপডেট: ৬ মার্চ ২০২১", None),
        # when it was read or printed is not when it was published
        ("প্রিন্ট এর তারিখ: ৫ অক্টোবর ২০২১", None),
        # a label is a word of its own: not আত্মপ্রকাশ (first appearance), not প্রকাশক (publisher)
        ("আপডেট: ৬ অক্টোবর ২০২১ | আত্মপ্রকাশ ২ মার্চ ১৯৯৯", None),
        ("সম্পাদক ও প্রকাশক: আকরাম হোসেন", None),
    ],
)
def test_a_label_says_which_date_counts(line: str, expected: str | None) -> None:
    check(line, expected)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("২ আশ্বিন ১৪৩০", None),
        ("১৯ আষাঢ় ১৪১৯ বঙ্গাব্দ", None),
        ("০২-০৬-১৪৩০", None),
        ("রবিবার ১৭ সেপ্টেম্বর ২০২৩, ২ আশ্বিন ১৪৩০", "2023-09-17"),
        ("২ আশ্বিন ১৪৩০ বঙ্গাব্দ | ১৭ সেপ্টেম্বর ২০২৩ | ১ রবিউল আউয়াল ১৪৪৫", "2023-09-17"),
        ("৫ আশ্বিন, ২২ সেপ্টেম্বর ২০২৩, বিকাল ৫:৪৫", "2023-09-22T17:45"),
    ],
)
def test_a_bengali_calendar_date_is_passed_over(line: str, expected: str | None) -> None:
    check(line, expected)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "নদীর পাড়ে মেলা",
        "৩১ ফেব্রুয়ারি ২০২১",
        "২৯ ফেব্রুয়ারি ২০২৩",
        "০ মার্চ ২০২১",
        "৩২ মার্চ ২০২১",
        "05-13-2021",  # not month-day-year either
        "05-07-12",
        "৫ অক্টোবর ২১",
        "৫ অক্টোবর",
        "অক্টোবর ২০২১",
        "৫ অক্টোবর ১৯৮৯",
        "৫ অক্টোবর ২১০১",
        "৫ অক্টোবর ২০২১ ৬ অক্টোবর ২০২১",
        "৫ অক্টোবর ২০২১ প্রকাশিত, ৬ অক্টোবর ২০২১ মুদ্রিত",
        "৫ অক্টোবর ২০২১ | ৬ অক্টোবর",
        "৫-৭ অক্টোবর ২০২১",
        "৫ ও ৬ অক্টোবর ২০২১",
        "৫ থেকে ৭ অক্টোবর ২০২১",
        "© ২০১১-২০২৩",
        "ফোন: ০১৭-১১-২০২১-৪৪",
        "192.168.10.2021",
        "12021-10-05",
        "৫ মেঘনা ২০২১",
        "৫ ঘণ্টা আগে",
    ],
)
def test_no_date_beats_a_wrong_one(line: str) -> None:
    check(line, None)


def test_a_weekday_that_is_not_the_dates_makes_it_doubtful() -> None:
    """10/05/2021 stands for 5 October where Tuesday stands beside it: written month first."""
    check("মঙ্গলবার, ০৫/১০/২০২১", "2021-10-05")
    check("০৫/১০/২০২১ (মঙ্গলবার)", "2021-10-05")
    check("মঙ্গলবার, ১০/০৫/২০২১", None)
    check("Wednesday, October 5, 2021", None)
    check("শুক্রবারের পাতা, ৫ অক্টোবর ২০২১", "2021-10-05")


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("ভোর ৫টা", "05:00"),
        ("ভোর ৪:৪৫", "04:45"),
        ("সকাল ৮টা ৫ মিনিট", "08:05"),
        ("সকাল ১১.৩০", "11:30"),
        ("পূর্বাহ্ণ ১১:১৫", "11:15"),
        ("১১:১৫ পূর্বাহ্ন", "11:15"),
        ("বেলা ১২টা", "12:00"),
        ("বেলা ৩টায়", "15:00"),
        ("দুপুর ১২:৩০", "12:30"),
        ("দুপুর ১টা ৩০ মিনিটে", "13:30"),
        ("বিকেল ৪.৩০টা", "16:30"),
        ("বিকাল ৫টা", "17:00"),
        ("সন্ধ্যা ৬:০৫", "18:05"),
        ("সন্ধ্যায় ৭টায়", "19:00"),
        ("রাত ৯টা", "21:00"),
        ("রাত ১১:৫৯", "23:59"),
        ("রাত ২০:১৫", "20:15"),
        ("০৮:১৪ অপরাহ্ণ", "20:14"),
        ("12:15 AM", "00:15"),
        ("12:15pm", "12:15"),
        ("১২:০০ এএম", "00:00"),
        ("৯:৪১ পি.এম.", "21:41"),
        ("রাত 09:15 PM", "21:15"),
        ("00:00", "00:00"),
        ("23:59:59", "23:59:59"),
    ],
)
def test_a_time_of_day_is_turned_into_24_hours(time: str, expected: str) -> None:
    check(f"৫ অক্টোবর ২০২১, {time}", f"2021-10-05T{expected}")
    check(f"{time}, ৫ অক্টোবর ২০২১", f"2021-10-05T{expected}")


@pytest.mark.parametrize(
    "time",
    [
        "৯টা",  # morning or night
        "৪.৩০",  # perhaps no time at all
        "রাত ১২টা ৩০ মিনিট",  # of this night or of the one before
        "রাত ১টা",
        "রাত ৪:৩০",
        "সকাল ১২টা",
        "পূর্বাহ্ণ ১২:১৫",
        "বেলা ৬টা",
        "বিকেল ৯টা",
        "সকাল সাড়ে ১০টা",
        "পৌনে ৫টা",
        "দিবাগত রাত ৯টা",
        "সকাল ১৪:০০",
        "14:30 AM",
        "0:30 PM",
        "24:00",
        "25:10",
        "10:75",
        "10:30:75",
        "১০:৩০, ১১:৩০",
        "১০টাকা",
        "সকালে",
    ],
)
def test_a_time_that_can_be_read_in_two_ways_is_left_out(time: str) -> None:
    check(f"৫ অক্টোবর ২০২১, {time}", "2021-10-05")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("5 Oct 2021 10:30 GMT", "2021-10-05"),
        ("5 Oct 2021 17:59 UTC", "2021-10-05"),
        ("5 Oct 2021 18:00 UTC", None),  # the 6th in Dhaka
        ("2021-10-05T20:00:00Z", None),
        ("5 Oct 2021 02:00 +0900", None),  # the 4th in Kolkata
        ("5 Oct 2021 12:00 +0900", "2021-10-05"),
        ("5 Oct 2021 10:30 AM EDT", None),  # its offset changes with the season
        ("5 Oct 2021 10:30 GMT+6", "2021-10-05T10:30"),
        ("5 Oct 2021 10:30 (BST)", "2021-10-05T10:30"),
    ],
)
def test_a_time_of_another_zone_is_no_local_time(line: str, expected: str | None) -> None:
    assert parse_date_line(line) == expected


def test_a_date_in_a_long_line_is_part_of_a_story() -> None:
    line = "৫ অক্টোবর ২০২১"
    assert parse_date_line(line + "।" * (MAX_LINE - len(line))) == "2021-10-05"
    assert parse_date_line(line + "।" * (MAX_LINE - len(line) + 1)) is None


@given(
    st.dates(date(1990, 1, 1), date(2100, 12, 31)),
    st.sampled_from(["{0.day:02d}-{0.month:02d}-{0.year}", "{0.day} {1} {0.year}", "{0}"]),
    st.data(),
)
def test_every_day_is_read_as_itself(day: date, form: str, data: st.DataObject) -> None:
    line = form.format(day, data.draw(st.sampled_from(MONTHS[day.month])))
    assert parse_date_line(f"প্রকাশ: {line}") == day.isoformat()
    assert parse_date_line(line.translate(BENGALI_DIGITS)) == day.isoformat()


PIECES = st.sampled_from(
    " |,|-|/|.|:|৫|05|১০|2021|২০২১|31|99|২|১৪৩০|২০২৩|অক্টোবর|Oct|আশ্বিন|মে|টা|মিনিট|সকাল|রাত|AM|pm"
    "|Z|+06:00|প্রকাশ|আপডেট:|তারিখ|Published|Updated|মঙ্গলবার|Mon|থেকে".split("|")
)


@given(st.lists(PIECES | bengali.texts(max_size=3), max_size=20).map("".join))
def test_any_line_is_a_date_or_none(line: str) -> None:
    found = parse_date_line(line)
    if found is not None:
        assert 1990 <= datetime.fromisoformat(found).year <= 2100
        assert found.isascii()
        assert (len(found), found[4], found[7]) in {(n, "-", "-") for n in (10, 16, 19)}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-01-02", "2024-01-02"),
        ("2024-01-02 04:37:50", "2024-01-02T04:37:50"),
        ("2024-01-02T04:37:50Z", "2024-01-02T04:37:50Z"),
        ("2024-01-02T04:37:50.123456789Z", "2024-01-02T04:37:50.123456789Z"),
        ("2024-01-02T04:37:50+06:00", "2024-01-02T04:37:50+06:00"),
        (" ২ জানুয়ারি ২০২৪, ১০:৩০ ", "2024-01-02T10:30"),
        ("2/1/2024", "2024-01-02"),
        ("1970-01-01", None),
        ("0001-01-01T00:00:00", None),
        ("2024-13-02", None),
        ("1704170270", None),
        ("", None),
        ("গতকাল", None),
    ],
)
def test_a_date_of_a_crawl_keeps_its_offset(value: str, expected: str | None) -> None:
    assert parse_date(value) == expected


@given(st.text(max_size=40) | st.datetimes().map(str))
def test_any_value_of_a_crawl_is_a_date_or_none(value: str) -> None:
    found = parse_date(value)
    assert found is None or (found.isascii() and datetime.fromisoformat(found))
