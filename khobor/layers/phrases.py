"""Words by which Bengali news pages name their parts. No publisher is named here.

Every pattern reads a line in NFC folding (see `fold`), so one spelling of য় ড় ঢ় serves both
encodings; nothing folded leaves this package.
"""

from __future__ import annotations

import re

from khobor.normalization import nfc

_DIGIT = "[0-9০-৯]"
_TERMINATORS = frozenset("।॥৷?!|")
_CLOSERS = "’”'\"»)]"
MONTHS = [
    "জানুয়ারি",
    "জানুয়ারী",
    "ফেব্রুয়ারি",
    "ফেব্রুয়ারী",
    "মার্চ",
    "এপ্রিল",
    "মে",
    "জুন",
    "জুলাই",
    "আগস্ট",
    "অগস্ট",
    "আগষ্ট",
    "সেপ্টেম্বর",
    "অক্টোবর",
    "নভেম্বর",
    "ডিসেম্বর",
    "বৈশাখ",
    "জ্যৈষ্ঠ",
    "আষাঢ়",
    "শ্রাবণ",
    "ভাদ্র",
    "আশ্বিন",
    "কার্তিক",
    "অগ্রহায়ণ",
    "পৌষ",
    "মাঘ",
    "ফাল্গুন",
    "চৈত্র",
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "Jun",
    "Jul",
    "Aug",
    "Sept",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
]


def fold(line: str) -> str:
    """Turn a line into the form in which lines are compared: NFC, white space folded."""
    return " ".join(nfc(line).split())


def _words(words: str) -> str:
    """Turn a list of alternatives, parted by ' | ', into a pattern over folded lines."""
    return "|".join(re.escape(fold(word)) for word in words.split(" | "))


def _pattern(words: str, *, template: str = "(?:{})") -> re.Pattern[str]:
    return re.compile(template.replace("{}", _words(words)), re.IGNORECASE)


# Parts that several phrases share: a line that holds none of them need not be asked for each.
_SHARED = (":", "e", "o", "করুন", "মন্তব্য", "স্বত্ব", "শর্ত", "প্রতি", "ছবি", "চিত্র")
Listed = tuple[tuple[str, tuple[str, ...]], ...]


def _listed(words: str) -> Listed:
    """Turn a list of phrases, parted by ' | ', into those that `holds` looks for, by shared part."""
    groups: dict[str, list[str]] = {}
    for word in words.split(" | "):
        phrase = fold(word).lower()
        shared = next((part for part in _SHARED if part in phrase), phrase)
        groups.setdefault(shared, []).append(phrase)
    return tuple((shared, tuple(phrases)) for shared, phrases in groups.items())


def holds(lowered: str, listed: Listed) -> bool:
    """Tell whether a folded line in small letters holds one of the phrases, anywhere."""
    for shared, phrases in listed:
        if shared in lowered and any(map(lowered.__contains__, phrases)):
            return True
    return False


def ends_sentence(line: str) -> bool:
    """Tell whether a sentence ends at the end of a line: a terminator, then closing marks."""
    return line.rstrip(_CLOSERS)[-1:] in _TERMINATORS


_MONTH = "(?:" + "|".join(re.escape(fold(month)) for month in MONTHS) + ")"

ADVERT = _pattern(
    "advertisement | advertisements | sponsored | sponsored content | বিজ্ঞাপন | স্পনসর্ড"
    " | স্পন্সরড | বিজ্ঞাপনী বার্তা",
    template=r"^[\[(—–\-\s]*(?:{})[\])—–\-\s:]*$",
)
# Titles of boxes with other pages' headlines; a headline may follow in the same line.
RELATED_TITLE = _pattern(
    "আরও পড়ুন | আরো পড়ুন | আরও দেখুন | আরো দেখুন | আরও খবর | আরো খবর | আরও সংবাদ | এ সম্পর্কিত"
    " | এ সংক্রান্ত | সম্পর্কিত খবর | সর্বশেষ | সর্বশেষ খবর | সর্বাধিক পঠিত | সেরা শিরোনাম | জনপ্রিয়"
    " | এই বিভাগের আরও খবর | এই বিভাগের | বেশি পঠিত | প্রাসঙ্গিক | Also read | Read more | Related",
    template=r"^\W*(?:{})(?:\s*[:：ঃ—–»-]|$|\s+(?:খবর|সংবাদ)\S*$|(?<=ুন)(?=\s))",
)
# Buttons and labels of the page, where they are all that a line says.
BUTTON = _pattern(
    "শেয়ার | লাইক | ফলো | facebook | whatsapp | twitter | x | instagram | telegram | messenger"
    " | linkedin | youtube | rss | ফেসবুক | হোয়াটসঅ্যাপ | টুইটার | টেলিগ্রাম | মেসেঞ্জার | ইউটিউব"
    " | কপি লিঙ্ক | কপি লিংক | লিঙ্ক কপি | লিংক কপি | প্রিন্ট | ইমেইল | ই-মেইল | print | email"
    " | copy link | share | যোগাযোগ | আমাদের সম্পর্কে | হোম | প্রচ্ছদ | ই-পেপার | embed widget",
    template=r"^\W*(?:(?:{})\W*)+$",
)
# What furniture says of itself, anywhere in a short line.
CHROME = _listed(
    "শেয়ার করুন | ফলো করুন | অনুসরণ করুন | সাবস্ক্রাইব | নিউজলেটার | প্রিন্ট করুন | আপনার মন্তব্য"
    " | মন্তব্য করুন | মন্তব্য লিখুন | পাঠকের মন্তব্য | পাঠক মন্তব্য | ইমেইল ঠিকানা | ই-মেইল: | ইমেইল: | ই মেইল"
    " | ফোন নম্বর | ফোন: | স্বত্ব | কপিরাইট | copyright | © | সর্বস্বত্ব | সম্পাদক: | সম্পাদক ও প্রকাশক"
    " | সম্পাদকঃ | প্রকাশক: | গোপনীয়তা নীতি | গোপনীয়তার নীতি | শর্তাবলি | শর্তাবলী | ব্যবহারের শর্ত"
    " | লগ ইন | লগইন | সাইন ইন | নিবন্ধন করুন | রেজিস্ট্রেশন | ক্লিক করুন | অ্যাপ ডাউনলোড"
    " | আমাদের সঙ্গে থাকুন | ট্যাগ: | ট্যাগ : | ট্যাগস | Tags: | Topics: | newsletter | subscribe"
    " | follow us | নোটিফিকেশন | বিষয়: | ডিজাইন ও উন্নয়নে | কার্যালয়: | কার্যালয় :"
)
# A count of comments is a button too: ২টি মন্তব্য
COUNTS = _listed("টি মন্তব্য | মিনিট পড়ার | বার পঠিত")
BYLINE = _listed(
    "প্রতিনিধি | প্রতিবেদক | সংবাদদাতা | করেসপন্ডেন্ট | রিপোর্টার | ডেস্ক | নিজস্ব প্রতিবেদন"
    " | বিশেষ প্রতিবেদন | ব্যুরো | লেখা: | প্রতিবেদন: | রিপোর্ট: | সংবাদ সংস্থা"
    " | Reporter | Correspondent | Desk | Written by | Reported by | Bureau"
)
CAPTION = _listed(
    "ছবি: | ছবি : | ছবিঃ | ফাইল ছবি | ফাইল চিত্র | নিজস্ব চিত্র | প্রতীকী ছবি | প্রতীকী চিত্র"
    " | ছবি সংগৃহীত | ছবি—"
)
CAPTION_OPENING = re.compile(r"\W*ছবি\s?[:：ঃ—]")
# …বুধবারছবি: মেঘনা : a credit in an element of its own, without a space before it
GLUED_CREDIT = re.compile(r"(?<=[\u0980-\u09ff।’”)])(?=ছবি\s?[:：])")
TIMESTAMP_WORD = _pattern(
    "প্রকাশ: | প্রকাশ : | প্রকাশিত | প্রকাশের সময় | প্রকাশকাল | আপডেট | তারিখ | হালনাগাদ | সর্বশেষ আপডেট"
    " | শেষ আপডেট | Published | Updated | Posted | Last Updated",
    template=r"^\W*(?:{})",
)
DATE = re.compile(
    rf"{_DIGIT}{{1,2}}(?:ই|শে|লা|রা|ঠা)?\s*{_MONTH},?\s*{_DIGIT}{{4}}"
    rf"|{_MONTH}\s*{_DIGIT}{{1,2}},?\s*{_DIGIT}{{4}}"
    rf"|{_DIGIT}{{1,2}}[-/.]{_DIGIT}{{1,2}}[-/.]{_DIGIT}{{2,4}}"
    rf"|{_DIGIT}{{4}}-{_DIGIT}{{2}}-{_DIGIT}{{2}}",
    re.IGNORECASE,
)
# What every date has: a year, or numbers with marks between. A look for it spares most lines
# the names of the months.
DATED = re.compile(rf"{_DIGIT}{{4}}|{_DIGIT}[-/.]{_DIGIT}{{1,2}}[-/.]")
# কলকাতা:  |  নিজস্ব সংবাদদাতা, পুরুলিয়া:  |  সায়ন্তনী দত্ত, বর্ধমান:  |  ঢাকা, ৫ অক্টোবর:  |  খুলনা (বাসস):
# At most four words of Bengali before a colon at the start of the first paragraph; ঃ U+0983 is
# often typed for the colon. With a dash, only behind a date or an agency in brackets.
_PLACE = r"[\u0980-\u09e3]+(?:[ -][\u0980-\u09e3]+){0,2}"
_PLACE_OR_NUMBERED = rf"(?:{_PLACE}|(?:উত্তর|দক্ষিণ)\s+২৪\s+পরগনা)"
_NAME = r"[\u0980-\u09e3.]+(?:[ -][\u0980-\u09e3.]+){1,2}"
DATELINE = re.compile(
    rf"(?:(?:{_words('নিজস্ব সংবাদদাতা | নিজস্ব প্রতিবেদন | নিজস্ব প্রতিনিধি | বিশেষ সংবাদদাতা | সংবাদদাতা')})[,،]?\s+"
    # A reporter's name, two words or three; then the place is one word, or ends in a level word.
    rf"|{_NAME},\s+(?=[\u0980-\u09e3]+\s?[:：ঃ]|[^:：ঃ]{{0,20}}(?:{_words('পরগনা | মেদিনীপুর | বর্ধমান | দিনাজপুর')})\s?[:：ঃ]))?"
    rf"{_PLACE_OR_NUMBERED}"
    rf"(?:(?P<dated>,\s*{_DIGIT}{{1,2}}\s*{_MONTH}(?:,?\s*{_DIGIT}{{4}})?|\s*\([^)]{{2,30}}\))?\s?[:：ঃ]"
    rf"|(?:,\s*{_DIGIT}{{1,2}}\s*{_MONTH}(?:,?\s*{_DIGIT}{{4}})?|\s*\([^)]{{2,30}}\))\s?[—–-])"
    r"(?=\s)"
)
BYLINE_OPENING = re.compile(
    rf"(?:{_words('নিজস্ব প্রতিবেদন | নিজস্ব প্রতিবেদক | নিজস্ব সংবাদদাতা | বিশেষ সংবাদদাতা')})\s?[:：ঃ](?=\s)"
)
BULLET = re.compile(rf"^(?:[•▪●◦‣*✓]|{_DIGIT}{{1,2}}[.)।]|[-–]\s)\s*\S")
# …বাসিন্দাদেরAbhishek Banerjee: … : two headlines glued, the second with a Latin topic.
GLUE = re.compile(r"(?<=[\u0980-\u09ff।?!'’”\"…])(?=[A-Z][A-Za-z0-9 .&'’-]{1,40}:\s)")
# What parts the words of a menu or breadcrumb, and the headlines of a ticker.
SEPARATOR = re.compile(r"[|»›•·>](?=\s)(?<=\s.)")
# আপনি এখানে: প্রথম পাতা › পাহাড় : where the page stands, the article's headline perhaps at its end
BREADCRUMB = re.compile(
    rf"\W*(?:আপনি এখানে|{_words('প্রচ্ছদ | প্রথম পাতা | হোম | মূলপাতা | নীড় | Home | You are here')})\s?[:»›>/|]",
    re.IGNORECASE,
)
TOPIC = re.compile(r"^[^:।?!]{2,40}:\s+")
