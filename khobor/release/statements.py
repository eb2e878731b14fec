"""What is said of a release in more than one place: in the card and in the Croissant metadata.

Sentences made from records; what they count can be counted again from the release.
"""

from __future__ import annotations

from collections.abc import Iterable

from khobor.corpus.corpora import Corpus
from khobor.release.tallies import Tallies, Tally

USES = (
    "Training and scoring models of Bengali named entities, quotations (who said what, to whom it "
    "is attributed) and sentence borders.",
    "Work on the segmentation of news pages: which part is the article, and what each part is.",
    "Work that needs exact offsets: alignment of tokenizers, annotation tools, span models.",
)
MISUSES = (
    "Facts: a composed page reports nothing that happened, and a captured one is a paper's account.",
    "Statements about named people, or about what a paper writes on the whole.",
    "Figures for Bengali at large: this is written news, of the publishers that are listed.",
)
MAINTENANCE = (
    "Versions are MAJOR.MINOR.PATCH. PATCH changes the card or the form of files, no row. MINOR adds, "
    "corrects or removes rows of train alone, or adds a column that may be null. MAJOR may change "
    "validation, test, label lists, tokens or columns.",
    "Within a MAJOR, validation and test are frozen: a new document that would join them waits. A "
    "document never changes its split once a version without suffix has it.",
    "A version with `.dev` is a build on the way to the next one: it is replaced, and its splits are "
    "provisional. A version with `+local` holds texts that may not be redistributed.",
)
TAKEDOWN = (
    "Whoever is named in a text, or owns it, may ask for its removal with the `doc_id`. It is gone in "
    "the next version, its line in `splits.jsonl` says `removed`, and it never comes back."
)


def total_of(tallies: Tallies) -> Tally:
    """Add the splits up."""
    total = Tally()
    for tally in tallies.values():
        for name in Tally.__struct_fields__:
            setattr(total, name, getattr(total, name) + getattr(tally, name))
    return total


def summary(corpus: Corpus, tallies: Tallies) -> str:
    """Say in three sentences what a release is: how much of what, annotated how, for what."""
    total = total_of(tallies)
    sentences = total.sentence_tokens.total()
    tokens = sum(length * count for length, count in total.sentence_tokens.items())
    first = (
        f"{plural(total.documents, 'article')} of Bengali news, {plural(sentences, 'sentence')} and "
        f"{plural(tokens, 'token')}: {_provenance(corpus)}."
    )
    annotated = total.states["gold"] + total.states["partial"]
    if annotated:
        second = (
            f"{_share(annotated, total.documents)} annotated with "
            f"{plural(total.mentions.total(), 'mention')} of names, dates and numbers in eleven labels "
            f"and {plural(total.quotes.total(), 'quotation')} with content, cue and speaker."
        )
    else:
        second = "Nobody annotated them."
    third = (
        "Every offset counts code points of a verbatim text, so `text[start:end]` is the thing, from "
        "the raw page to the token."
    )
    return " ".join((first, second, third))


def collection(corpus: Corpus) -> str:
    """Say where the pages of a release are from, and what became of them."""
    kinds = [
        f"{plural(corpus.pages, 'page')} went in: {plural(len(corpus.entries), 'document')}, "
        f"{len(corpus.rejects):,} rejected.",
        f"Of the documents, {_provenance(corpus)}.",
    ]
    if corpus.withheld:
        kinds.append(
            f"{plural(len(corpus.withheld), 'more page')} of which the text may not be "
            "redistributed: only offsets and labels of their annotation are here."
        )
    return " ".join(kinds)


def plural(count: int, noun: str) -> str:
    """Turn a count and a noun into words: 1 page, 1,200 pages."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def listed(words: Iterable[str]) -> str:
    """Turn words into an enumeration: a, b and c."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def _provenance(corpus: Corpus) -> str:
    composed = sum(e.row is not None and e.row.provenance == "composed" for e in corpus.entries)
    captured = len(corpus.entries) - composed
    kinds = [f"{composed:,} composed for it"] if composed else []
    kinds += [f"{captured:,} captured"] if captured or not composed else []
    return listed(kinds)


def _share(part: int, whole: int) -> str:
    return "All of them are" if part == whole else f"{part:,} of them are"
