"""What Bengali text really holds, for property tests; every piece is written for these tests."""

from __future__ import annotations

from hypothesis import strategies as st

# Both encodings of য় ড় ঢ়, conjuncts, joiners, no-break space, danda and its double, marks.
PIECES = (
    "নদী",
    "পা\u09dc",  # ড় U+09DC; escaped, since editors decompose it
    "পা\u09a1\u09bc",  # ড + ় U+09BC
    "সম\u09df",  # য় U+09DF
    "সম\u09af\u09bc",  # য + ়
    "আষা\u09dd",  # ঢ়
    "ক্ষেত",
    "র\u200d\u09cd\u09afাব",  # র + ZWJ + ্ + য
    "উদ্\u200cযাপন",  # ZWNJ
    "ক\u09c7\u09be",  # split ো
    "দু’জন",
    "২০২১-এর",
    "১২,৫০০",
    "ড.",
    "WhatsApp",
    "Dr.",
    "🙂",
    "👩\u200d🌾",
    "XTEMPDOT",
    "a@b.example",
)
MARKS = ("।", "৷", "॥", "|", "?", "!", ",", ":", "‘", "’", "“", "”", '"', "'", "(", ")", "-", "–")
SPACES = (" ", "  ", "\u00a0", "\t", "\u2003")
LINE_ENDS = ("\n", "\r\n", "\r", "\n\n")


def texts(*, line_ends: bool = True, max_size: int = 40) -> st.SearchStrategy[str]:
    """Texts glued from pieces, marks and white space, and now and then any character.

    ৰ and ৱ are left out: they would make a text Assamese.
    """
    atoms = [st.sampled_from(PIECES), st.sampled_from(MARKS), st.sampled_from(SPACES)]
    if line_ends:
        atoms.append(st.sampled_from(LINE_ENDS))
    atoms.append(st.characters(exclude_categories=("Cs",), exclude_characters="ৰৱ"))
    return st.lists(st.one_of(atoms), max_size=max_size).map("".join)
