"""What is said of a release in more than one place: in the card and in the Croissant metadata.

Sentences made from records; what they count can be counted again from the release.
"""

from __future__ import annotations

from collections.abc import Iterable

from khobor.manifests import Release
from khobor.records import ENTITY_LABELS
from khobor.release.card.escapes import cell
from khobor.release.card.tallies import Tallies, add_tallies
from khobor.release.overviews import Overview

SPLITTING = (
    "Documents that say the same are one cluster (`cluster_id`), and a cluster goes to one split "
    "whole. The first frozen version shares clusters out 60 / 20 / 20 by country and publisher, in an "
    "order drawn from a fixed seed; a new cluster of a later version goes by the hash of its name to "
    "80 / 10 / 10, and a new document near published ones of one split joins it.",
    "What is near documents of two splits is held back and never published. `splits.jsonl` has the "
    "state of every document.",
)
MAINTENANCE = (
    "A document never changes its split once a frozen version has it. Within a MAJOR, validation and "
    "test are frozen: a new document that would join them waits.",
    "Versions are MAJOR.MINOR.PATCH. PATCH changes the card or the form of files, no row. MINOR adds, "
    "corrects or removes rows of train alone, or adds a column that may be null. MAJOR may change "
    "validation, test, label lists, tokens or columns.",
    "A version with `.dev` is a build on the way to the next one, and is replaced. A version with "
    "`+local` holds texts that may not be redistributed.",
)
# Promised where a release says who stands behind it.
TAKEDOWN = (
    "Whoever is named in a text, or owns it, may ask for its removal with the `doc_id`. It is gone in "
    "the next version, its line in `splits.jsonl` says `removed`, and it never comes back."
)


def maintenance(release: Release) -> list[str]:
    """List what versions promise, and how a text is taken down where there is somebody to ask."""
    return [*MAINTENANCE, *([TAKEDOWN] if release.about.citation is not None else [])]


def summary(corpus: Overview, tallies: Tallies) -> str:
    """Say in three sentences what a release is: how much of what, and annotated how."""
    total = add_tallies(tallies.values())
    sentences = total.sentence_tokens.total()
    tokens = sum(length * count for length, count in total.sentence_tokens.items())
    first = (
        f"{plural(total.documents, 'article')} of Bengali news, {plural(sentences, 'sentence')} and "
        f"{plural(tokens, 'token')}: {_provenance(corpus)}."
    )
    annotated = total.documents - total.states["none"]
    if annotated:
        second = (
            f"{_share(annotated, total.documents)} annotated, with "
            f"{plural(total.mentions.total(), 'mention')} of names, dates and numbers in "
            f"{len(ENTITY_LABELS)} labels "
            f"and {plural(total.quotes.total(), 'quotation')} with content, cue and speaker."
        )
    else:
        second = "Nobody annotated them: entities, quotes and tags are null."
    third = (
        "Every offset counts code points of a verbatim text, so `text[start:end]` is the thing, from "
        "the raw page to the token."
    )
    return " ".join((first, second, third))


def collection(corpus: Overview) -> str:
    """Say where the pages of a release are from, and what became of them."""
    parts = [
        f"{plural(corpus.pages, 'page')} went in: {plural(corpus.documents, 'document')}, "
        f"{corpus.rejected:,} rejected"
        + (f", {corpus.held:,} held back" if corpus.held else "")
        + "."
    ]
    if corpus.documents:
        parts.append(f"The documents: {_provenance(corpus)}.")
    if corpus.withheld:
        parts.append(
            f"{plural(len(corpus.withheld), 'text')} may not be redistributed and "
            f"{'is' if len(corpus.withheld) == 1 else 'are'} withheld: only offsets and labels of "
            "their annotation are here."
        )
    return " ".join(parts)


def annotation_protocol(corpus: Overview, release: Release) -> str:
    """Say who annotated by which guideline; "" where nobody did."""
    withheld = [one.annotation for one in corpus.withheld if one.annotation is not None]
    names = sorted(corpus.facts.annotators | {annotation.annotator for annotation in withheld})
    guidelines = sorted(corpus.facts.guidelines | {annotation.guideline for annotation in withheld})
    if not names:
        return ""
    creators = f" ({listed(map(cell, release.about.creators))})" if release.about.creators else ""
    return (
        f"Entities and quotes were annotated as spans of the page's text by "
        f"{listed(f'`{cell(name)}`' for name in names)}{creators}, by version "
        f"{listed(map(cell, guidelines))} of the annotation guideline."
    )


def uses(corpus: Overview) -> list[str]:
    """List what a release is for."""
    found = [
        "Work on the segmentation of news pages: which part is the article, and what each part is.",
        "Work that needs exact offsets: alignment of tokenizers, annotation tools, span models.",
    ]
    if corpus.facts.annotated:
        found.insert(
            0,
            "Training and scoring models of Bengali named entities and quotations (who said what).",
        )
    return found


def misuses(corpus: Overview) -> list[str]:
    """List what a release is not for."""
    found = [
        "Statements about named people, or about what a paper writes on the whole.",
        "Figures for Bengali at large: this is written news, of the publishers that were chosen.",
    ]
    if corpus.facts.composed:
        found.insert(0, "Facts: a composed page is invented, also where its event is documented.")
    return found


def limitations(corpus: Overview) -> list[str]:
    """List the known limits of a release."""
    found = [
        "Clusters join what clustering finds: texts that say the same in other words may stand in two "
        "splits.",
        "Sentence borders and, where nobody labelled them by hand, block labels are made by rules.",
    ]
    if corpus.facts.annotated:
        found += [
            "Where no annotation is complete, tags are null, not O.",
            "Tokens are larger than some mentions (`২০২১-এর` is split, `9.30টা` is not); the span is right.",
        ]
    if corpus.facts.composed:
        found.append(
            "Composed pages are no sample of the web: a score on them is none on real pages."
        )
    return found


def personal_information(corpus: Overview) -> str:
    """Say what a release holds about people."""
    if corpus.facts.composed == corpus.documents:
        return "No information about people was collected: all texts were composed."
    return "Captured pages name real people, as their publishers printed it; nothing was removed."


def plural(count: int, noun: str) -> str:
    """Turn a count and a noun into words: 1 page, 1,200 pages."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def listed(words: Iterable[str]) -> str:
    """Turn words into an enumeration: a, b and c."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def _provenance(corpus: Overview) -> str:
    composed, captured = corpus.facts.composed, corpus.facts.captured
    if not captured or not composed:
        return "all composed for it" if composed else "all captured"
    return f"{composed:,} composed for it and {captured:,} captured"


def _share(part: int, whole: int) -> str:
    if part == whole:
        return "All of them are" if whole > 1 else "It is"
    return f"{part:,} of them {'is' if part == 1 else 'are'}"
