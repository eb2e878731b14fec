"""How much of an article's text is found on a page, and how much that is not of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from benchmarks.extractors import ARTICLE_TEXT, EXTRACTORS, Extract
from benchmarks.extractors import khobor as extract_khobor
from benchmarks.figures import Bar, Cell, Figure, absent, at_least, at_most, four, show
from benchmarks.material import LIVENEWS, GoldPage, LabelledPage, labelled_pages, livenews_pages
from benchmarks.words import Overlap, mean, one_spelling, overlap, respell, squeeze, total

_BENGALI_DIGITS = str.maketrans("০১২৩৪৫৬৭৮৯", "0123456789")
_COLUMNS = (
    *("extractor", "word F1", "mean F1", "precision", "recall", "F1 in one spelling"),
    *("headline", "byline", "date", "related"),
)


class Score(msgspec.Struct, frozen=True):
    """One extractor on one page; None is what it does not look for or the gold has not."""

    extractor: str
    page: str
    words: Overlap  # as they stand
    spelled: Overlap  # in one spelling
    headline: bool | None
    byline: bool | None
    date: bool | None
    related: int  # promoted headlines inside the article's text


def measure(pages: Iterable[GoldPage], names: Iterable[str] = EXTRACTORS) -> list[Score]:
    """Run extractors over pages: one Score each."""
    listed = list(pages)
    return [score(name, page, EXTRACTORS[name](page.raw)) for name in names for page in listed]


def score(extractor: str, page: GoldPage, extract: Extract) -> Score:
    """Hold an extract against a page's gold.

    Lines that are the gold's headline, byline or date are no text of the article and no
    mistake either: they are taken out of every extractor's text.
    """
    beside = {_key(text) for text in (page.headline, *page.bylines, *page.dates)}
    lines = [line for line in extract.lines if _key(line) not in beside]
    headlines = {_key(text) for text in page.related} - beside
    return Score(
        extractor=extractor,
        page=page.name,
        words=overlap(lines, page.paragraphs),
        spelled=overlap(respell(lines, one_spelling), respell(page.paragraphs, one_spelling)),
        headline=_same_headline(page, extract),
        byline=_found(page.bylines, extract.bylines),
        date=_found(page.dates, extract.dates),
        related=sum(_key(line) in headlines for line in extract.lines),
    )


def gold_page(labelled: LabelledPage) -> GoldPage:
    """Turn a page labelled by hand into the gold of its extraction."""
    text = labelled.page.text

    def texts(*labels: str) -> tuple[str, ...]:
        return tuple(
            text[block.start : block.end] for block in labelled.blocks if block.label in labels
        )

    return GoldPage(
        name=labelled.page.doc_id,
        publisher=labelled.publisher,
        raw=labelled.raw,
        headline=next(iter(texts("headline")), ""),
        bylines=texts("byline"),
        dates=texts("timestamp"),
        paragraphs=texts(*ARTICLE_TEXT),
        related=texts("related"),
    )


def starter_scores() -> list[Score]:
    """Score the starter corpus: khobor on every page, the peers on HTML.

    There a promoted headline counts where it stands anywhere inside a line of the text.
    """
    scores = []
    for labelled in labelled_pages():
        gold = gold_page(labelled)
        html = labelled.page.medium == "html"
        for name, extract in EXTRACTORS.items():
            if name == "khobor":
                found = extract_khobor(labelled.raw, labelled.page.source)
            elif html:
                found = extract(labelled.raw)
            else:
                continue
            lines = [_key(line) for line in found.lines]
            inside = sum(any(_key(text) in line for line in lines) for text in gold.related)
            medium = "" if html else " (text)"
            scores.append(
                msgspec.structs.replace(score(name + medium, gold, found), related=inside)
            )
    return scores


def figures() -> list[Figure]:
    """Measure both sets of pages."""
    starter = starter_scores()
    own = [each for each in starter if each.extractor.startswith("khobor")]
    first = absent("Extraction from real HTML pages", "../shared/data/livenews24")
    if LIVENEWS.is_dir():
        scores = measure(livenews_pages())
        first = Figure(
            title="Extraction from real HTML pages",
            measured=(
                "Words of the article's text (paragraph, dateline, list, subheading, standfirst "
                "blocks) against the gold's paragraphs, as bags of words parted by white space: "
                "micro average over pages, and mean of the pages' F1. `one spelling` compares "
                "after NFC and without ZWJ and ZWNJ, since trafilatura rewrites both. Shares of "
                "pages where headline, byline and date line are the gold's after folding white "
                "space (trafilatura: its title, author and date of the metadata), and promoted "
                "headlines that stand in the article's text as a line."
            ),
            on=f"livenews24: {_pages(scores)} rendered pages of a Dhaka portal, 2012",
            columns=_COLUMNS,
            rows=tuple(_rows(scores)),
            bars=tuple(_bars(scores)),
        )
    second = Figure(
        title="Extraction from the starter corpus",
        measured=(
            "The same, against blocks by hand. A promoted headline counts where it stands "
            "anywhere inside a line of the text; headlines, bylines and times inside lines of "
            "the text are mistakes."
        ),
        on=f"pages/: {_pages(starter)} pages, HTML and (text) captures",
        columns=_COLUMNS,
        rows=tuple(_rows(starter)),
        bars=(at_most("promoted headlines", sum(each.related for each in own), 0, digits=0),),
        notes=(
            "The pages were composed for this corpus and khobor's rules were written beside them.",
        ),
    )
    return [first, second]


def _rows(scores: list[Score]) -> Iterable[tuple[Cell, ...]]:
    for name in dict.fromkeys(each.extractor for each in scores):
        own = [each for each in scores if each.extractor == name]
        words = total(each.words for each in own)
        yield (
            *(name, four(words.f1), four(mean(each.words.f1 for each in own))),
            *(four(words.precision), four(words.recall)),
            four(total(each.spelled for each in own).f1),
            *(_share(each.headline for each in own), _share(each.byline for each in own)),
            *(_share(each.date for each in own), sum(each.related for each in own)),
        )


def _bars(scores: list[Score]) -> Iterable[Bar]:
    own = [each for each in scores if each.extractor == "khobor"]
    yield at_least("word F1", total(each.words for each in own).f1, 0.98, digits=4)
    yield _above_peers("word F1", {each: _micro(scores, each).f1 for each in EXTRACTORS})
    yield _above_peers(
        "word F1 in one spelling",
        {
            name: total(each.spelled for each in scores if each.extractor == name).f1
            for name in EXTRACTORS
        },
    )
    yield at_least("headlines found", _share(each.headline for each in own) or 0.0, 0.98)
    yield at_least("bylines found", _share(each.byline for each in own) or 0.0, 0.95)
    yield at_least("dates found", _share(each.date for each in own) or 0.0, 0.95)
    yield at_most("promoted headlines", sum(each.related for each in own), 0, digits=0)


def _micro(scores: list[Score], extractor: str) -> Overlap:
    return total(each.words for each in scores if each.extractor == extractor)


def _above_peers(what: str, values: dict[str, float]) -> Bar:
    """Hold khobor's value against the best of its peers'."""
    best = max((name for name in values if name != "khobor"), key=lambda name: values[name])
    return Bar(
        f"{what} above the best peer's ({best}, {four(values[best])})",
        four(values["khobor"]),
        met=values["khobor"] > values[best],
    )


def _share(found: Iterable[bool | None]) -> float | None:
    known = [each for each in found if each is not None]
    return mean(known) if known else None


def _same_headline(page: GoldPage, extract: Extract) -> bool | None:
    if extract.headline is None or not page.headline:
        return None
    return _key(extract.headline) == _key(page.headline)


def _found(gold: tuple[str, ...], extracted: tuple[str, ...] | None) -> bool | None:
    """Tell whether all of the gold's lines were found, as lines or as ISO dates."""
    if extracted is None or not gold:
        return None
    keys = {_key(text) for text in extracted}
    return all(_key(text) in keys or _iso_date(text) in keys for text in gold)


def _iso_date(text: str) -> str:
    """Turn `তারিখ: ০৫-০৭-২০১২` into 2012-07-05."""
    numbers = re.findall(r"\d+", text.translate(_BENGALI_DIGITS))
    return "-".join(reversed(numbers))


def _key(text: str) -> str:
    return squeeze(one_spelling(text))


def _pages(scores: list[Score]) -> int:
    return len({each.page for each in scores})


if __name__ == "__main__":
    show(figures())
