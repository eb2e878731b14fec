"""Sentences: spans that cover the text, and the hard cases of Bengali news."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from khobor.layers.sentences import danda_ends, ruled_ends, split_sentences
from tests import bengali

# ‖ stands where a sentence ends; the white space around it belongs to neither.
CASES = {
    "danda": "ভোররাতে নদীর বাঁধ ভাঙে।‖ সকালে তলিয়ে যায় তিনটি দোকান।",
    "no danda at the end": "ভোররাতে নদীর বাঁধ ভাঙে।‖ সকালে তলিয়ে যায় তিনটি দোকান",
    "danda behind a space": "সেতুর কাজ শুরু হয় ।‖ শেষ আর হয় না ।",
    "danda behind a no-break space": "সেতুর কাজ শুরু হয়\u00a0।‖\u00a0শেষ আর হয় না।",
    "currency numerator as danda": "মেলায় ভিড় বেড়েছে৷‖ দোকানিরা খুশি৷",
    "currency numerator without a space": "মেলায় ভিড় বেড়েছে৷‖দোকানিরা খুশি৷",
    "double danda": "গাহি নদীর গান ॥‖ পরের পদে আসে ঘাটের কথা।",
    "pipe as danda": "রাস্তার কাজ শেষ হয়েছে|‖ আগামী মাসে গাড়ি চলবে|",
    "pipes between words of a menu": "প্রচ্ছদ | জেলা | খেলা | বিনোদন",
    "question": "জল কবে নামবে?‖ কেউ জানেন না।",
    "exclamation": "শেষ ওভারে চার ছক্কা!‖ গ্যালারি তখন উত্তাল।",
    "both marks": "এত টাকা গেল কোথায়?!‖ হিসাব কেউ দেননি।",
    "danda twice": "আগুন নিভেছে ভোরে।।‖ ক্ষতির হিসাব চলছে।",
    "dandas with a space between": "আগুন নিভেছে ভোরে। ।‖ ক্ষতির হিসাব চলছে।",
    "run-on": "টিন খুলে রাখা হয়েছে।‖এ সময় শিশুরা মাঠে ছিল।",
    "run-on question": "দায় কার?‖প্রশাসন নীরব।",
    "run-on before an opening quote": "কাজ হয়নি।‖‘আমরা ঠকেছি’ বললেন এক চাষি।",
    "run-on before a straight opening quote": 'কাজ হয়নি।‖"আমরা ঠকেছি" বললেন এক চাষি।',
    "run-on into Latin": "এ কী!!‖WhatsApp আবার বন্ধ।",
    "run-on behind a straight closing quote": 'মেয়র বলেন, "কাজ চলছে।"‖এরপর তিনি যান।',
    "number below zero": "শীত বেড়েছে।‖ -৩ ডিগ্রিতে নেমেছে পারদ।",
    "abbreviated titles": "ড. আনিসা রহমান ও মো. সেলিম আসেন।‖ ডা. রায় আসেননি।",
    "abbreviated rank": "লে. কর্নেল (অব.) হাসান অভিযানে ছিলেন।‖ কেউ ধরা পড়েনি।",
    "initials": "এ. কে. বর্মন স্কুলটি গড়েন।‖ তখন ছাত্র ছিল ১২ জন।",
    "degrees": "তিনি বি. এ. পাস করে গ্রামে ফেরেন।",
    "decimal point": "ফলন কমেছে ৩.৫ শতাংশ।‖ দাম বেড়েছে ১.২ গুণ।",
    "time with a point": "সকাল ৯.৩০টায় ভোট শুরু হয়।",
    "money": "কেজিতে দাম ৳৮০।‖ গত সপ্তাহে ছিল ৳৬০।",
    "list number": "১। রাস্তা চওড়া হবে।‖ ২। নর্দমা পরিষ্কার হবে।",
    "list number of two digits": "১২। ঘাটে আলো বসবে।‖১৩। নৌকায় নম্বর থাকবে।",
    "list letter": "ক। নৌকা বাড়বে।‖ খ। ভাড়া কমবে।",
    "a year ends a sentence": "সেতুটি তৈরি হয় ১৯৮৭।‖ পরে আর মেরামত হয়নি।",
    "closing quote behind the danda": "চাষি বলেন, ‘জল না পেলে ধান হবে না।’‖ এরপর তিনি মাঠে যান।",
    "closing quote before the danda": "চাষি বলেন, ‘জল না পেলে ধান হবে না’।‖ এরপর তিনি মাঠে যান।",
    "double quotes": "মেয়র বলেন, “কাজ চলছে।”‖ কবে শেষ হবে, বলেননি।",
    "straight quotes": 'মেয়র বলেন, "কাজ চলছে।"‖ কবে শেষ হবে, বলেননি।',
    "straight single quotes": "মেয়র বলেন, 'কাজ চলছে।'‖ কবে শেষ হবে, বলেননি।",
    "quote in a quote": "মা বলেন, “ছেলে বলেছে, ‘ফিরব।’”‖ ছেলেটি ফেরেনি।",
    "several sentences in a quote": "মাঝি বলেন, ‘জল বাড়ছে।‖ রাতে ঘুম হয় না।’‖ ঘাট ফাঁকা।",
    "reporting verb": "‘আমরা ঘরে ফিরতে চাই।’ বললেন রহিমা বিবি।‖ ত্রাণ আসেনি।",
    "reporting verb behind double quotes": "“বাঁধ এ বছরই হবে।” জানান মন্ত্রী।‖ কাজ শুরু হয়নি।",
    "reporting verb behind straight quotes": '"খেলা ভালো হয়েছে।" বলেছেন কোচ।',
    "complementiser and verb": "‘ফল আজই দেওয়া হবে।’ বলে জানান অধ্যক্ষ।",
    "complementiser with a particle": "‘ফল আজই দেওয়া হবে।’ বলেও জানান অধ্যক্ষ।",
    "demand with a particle": "‘ভোট আবার হোক।’ দাবিও তুলেছেন তাঁরা।",
    "question and its verb": "“টাকা কোথায় গেল?” প্রশ্ন তাঁর।‖ জবাব মেলেনি।",
    "comma behind a quote": "‘কে আছে আমাদের?’, বলেন তিনি।‖ ঘর ভেসে গেছে।",
    "dash behind a quote": "“কেন এমন হল?” — প্রশ্ন গ্রামের।‖ জবাব মেলেনি।",
    "dash without spaces behind a quote": "“কেন এমন হল?”—প্রশ্ন গ্রামের।‖ জবাব মেলেনি।",
    "speaker behind a quote": "‘কাজ চলছে।’‖ মেয়র বলেন, ‘শেষ হতে এক মাস লাগবে।’",
    "sentence behind a quote": "‘কাজ চলছে।’‖ গত বছর একই কথা বলেছিলেন তিনি।",
    "apostrophe": "রাত ন’টায় দু’জন ফেরেন।‖ বাকিরা ফেরেননি।",
    "aside in brackets": "তিনি (কে জানে কেন?) আগেই চলে যান।‖ সভা চলে।",
    "sentence in brackets": "দল জিতেছে।‖ (প্রথমার্ধে গোল হয়নি।)‖ পরের খেলা রবিবার।",
    "brackets before the danda": "খবরটি দিয়েছে পুলিশ (ঢাকা উত্তর)।‖ তদন্ত চলছে।",
    "English": "The minister spoke on Monday.‖ He left the hall early.",
    "English abbreviations": "Dr. Sen ও Mr. Roy আসেন।‖ তখন বৃষ্টি।",
    "English company": "Kashban Media Ltd. আজ ফল জানাবে।‖ Prof. Das থাকবেন।",
    "English inside Bengali": "তিনি লেখেন, We will rebuild.‖ পরে তা মুছে দেন।",
    "English quotation": "He said, “We will rebuild.”‖ এরপর তিনি যান।",
    "domain": "kashban.example থেকে ফল জানা যাবে।‖ ফি লাগবে না।",
    "address with a question mark": "আবেদন https://kashban.example/form?id=7 ঠিকানায়।‖ ফি নেই।",
    "ellipsis of dots": "সব শেষ... তবু আশা আছে।‖ নৌকা আসছে।",
    "ellipsis character": "কী যে হবে… কেউ জানে না।‖ সবাই অপেক্ষায়।",
    "emoji": "জিতে গেলাম 🙂!‖ কাল আবার খেলা।",
    "newline": "চরে নতুন স্কুল\n‖ক্লাস শুরু সোমবার",
    "blank line": "চরে নতুন স্কুল\n\n‖  ক্লাস শুরু সোমবার।\n",
    "newline after a danda": "চরে নতুন স্কুল।\n‖ক্লাস শুরু সোমবার।",
}


def _split(text: str, *, wrapped: bool = False) -> list[str]:
    return [text[span.start : span.end] for span in split_sentences(text, wrapped=wrapped)]


def _expected(marked: str) -> list[str]:
    return [sentence.strip() for sentence in marked.split("‖")]


@pytest.mark.parametrize("marked", CASES.values(), ids=CASES.keys())
def test_sentences_end_where_a_reader_ends_them(marked: str) -> None:
    assert _split(marked.replace("‖", "")) == _expected(marked)


WRAPPED = {
    "in a sentence": "ভোররাতে নদীর\nবাঁধ ভাঙে।‖ সকালে তলিয়ে\nযায় দোকান।",
    "at its end": "ভোররাতে নদীর বাঁধ ভাঙে।\n‖সকালে তলিয়ে যায় দোকান।",
    "before a reporting verb": "‘আমরা ঘরে ফিরতে চাই।’\nবললেন রহিমা বিবি।",
    "between two dandas": "আগুন নিভেছে ভোরে।\n।‖ ক্ষতির হিসাব চলছে।",
    "inside an abbreviation": "সভায় ছিলেন ড.\nআনিসা রহমান।",
    "behind Latin letters": "খবরটি দিয়েছে Kashban Media Ltd.\n(ঢাকা)।‖ তদন্ত চলছে।",
    "inside an English name": "বইটির নাম Letters from Dhaka etc.\nnot for sale।",
    "behind a list number": "১।\nরাস্তা চওড়া হবে।‖ ২।\nনর্দমা পরিষ্কার হবে।",
}


@pytest.mark.parametrize("marked", WRAPPED.values(), ids=WRAPPED.keys())
def test_a_hard_wrap_is_white_space(marked: str) -> None:
    assert _split(marked.replace("‖", ""), wrapped=True) == _expected(marked)


_LATIN = st.sampled_from(["Kashban Media Ltd.", "It works.", "(ঢাকা)", "not for sale", " "])


@given(st.lists(bengali.texts(line_ends=False, max_size=4) | _LATIN).map(" ".join), st.data())
def test_wrapping_a_text_moves_no_sentence(text: str, data: st.DataObject) -> None:
    spaces = [place for place, character in enumerate(text) if character == " "]
    wraps = data.draw(st.sets(st.sampled_from(spaces))) if spaces else set()
    wrapped = "".join("\n" if place in wraps else text[place] for place in range(len(text)))
    assert split_sentences(wrapped, wrapped=True) == split_sentences(text, wrapped=True)


# Both encodings of য়: U+09DF as Bangladeshi sites write it, U+09AF U+09BC as others do.
VERBS = [
    *("বলেন", "বলেছেন", "বলছেন", "বললেন", "জানান", "জানালেন", "জানাল", "লিখেছেন", "লেখেন"),
    *("জানায়", "জানিয়েছে", "জানিয়েছেন", "মন্তব্য করেন", "দাবি করেন", "হুঁশিয়ারি দেন", "প্রশ্ন তোলেন"),
]
DECOMPOSED, COMPOSED = "\u09af\u09bc", "\u09df"


@pytest.mark.parametrize("nukta", [DECOMPOSED, COMPOSED], ids=["U+09AF U+09BC", "U+09DF"])
@pytest.mark.parametrize("verb", VERBS)
def test_a_reporting_verb_goes_on_in_both_encodings(verb: str, nukta: str) -> None:
    text = f"‘বাঁধ এ বছরই হবে।’ {verb} প্রকৌশলী।".replace(DECOMPOSED, nukta)
    assert _split(text) == [text]


@given(bengali.texts(), st.booleans())
def test_sentences_cover_all_but_white_space_in_order(text: str, wrapped: bool) -> None:
    position = 0
    for span in split_sentences(text, wrapped=wrapped):
        assert text[position : span.start].strip() == ""
        sentence = text[span.start : span.end]
        assert sentence
        assert sentence == sentence.strip()
        assert wrapped or "\n" not in sentence
        position = span.end
    assert text[position:].strip() == ""


# What may stand around a danda.
_AROUND = st.sampled_from(
    ["।", " ", "ক", "১", "ফল", "আ", "’", "‘", ",", ")", "🙂", "\u00a0", "\n", "\u09bc"]
)


@given(st.lists(_AROUND | st.sampled_from(bengali.PIECES)).map("".join))
@example("।").via("a danda alone")
def test_dandas_that_no_rule_is_asked_of_end_what_the_rules_say(line: str) -> None:
    assert danda_ends(line) == ruled_ends(line)


@given(bengali.texts(line_ends=False), bengali.texts(line_ends=False))
def test_each_line_is_split_by_itself(above: str, below: str) -> None:
    shift = len(above) + 1
    together = split_sentences(f"{above}\n{below}")
    assert [(span.start, span.end) for span in together] == [
        *((span.start, span.end) for span in split_sentences(above)),
        *((span.start + shift, span.end + shift) for span in split_sentences(below)),
    ]


@pytest.mark.parametrize("text", ["‘ম্যাচটা সহজ ছিল না।’ বলছেন", "কাজ এগোয়নি। -", "শেষ Ltd."])
def test_the_end_of_a_text_is_as_good_as_a_newline(text: str) -> None:
    assert _split(text) == _split(f"{text}\n")


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u00a0\n\t"])
def test_white_space_holds_no_sentence(text: str) -> None:
    assert split_sentences(text) == split_sentences(text, wrapped=True) == []
