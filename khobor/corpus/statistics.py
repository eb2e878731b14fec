"""What a corpus holds, counted: pages, blocks, mentions, quotes; and the labeller's score on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median

import msgspec

from khobor.annotations.figures import QuoteFigures, merge, quote_figures
from khobor.capture.pages import capture_page
from khobor.corpus.catalogues import BLOCKS, raw_path, read_blocks, read_catalogue
from khobor.corpus.corpora import Corpus
from khobor.errors import PageError
from khobor.layers.blocks import label_blocks
from khobor.pipeline import read_raw
from khobor.records import ARTICLE_LABELS, BLOCK_LABELS, Annotation, Block, CatalogueRow, Document
from khobor.scoring.blocks import block_counts
from khobor.scoring.counts import Counts, total


class PublisherCounts(msgspec.Struct, frozen=True, order=True):
    """What there is of one publisher; words are those of article texts, between white space.

    Pages without a catalogue row stand together, under no name.
    """

    country: str
    publisher: str
    provenance: str
    pages: int = 0
    withheld: int = 0
    html: int = 0
    words: int = 0
    mentions: int = 0
    quotes: int = 0


class Statistics(msgspec.Struct, frozen=True):
    """A corpus in numbers; withheld documents count where no text is needed to count them."""

    documents: int
    withheld: int
    rejects: dict[str, int]
    publishers: tuple[PublisherCounts, ...]
    words: tuple[int, int, int]  # of an article: fewest, median, most
    blocks: dict[str, int]
    mentions: dict[str, int]
    suffixed: int  # mentions with a glued ending
    quotes: QuoteFigures
    quotes_by_country: dict[str, QuoteFigures]


class _Part(msgspec.Struct, frozen=True):
    """One document for the counts: of a withheld one there is no Document."""

    row: CatalogueRow | None
    document: Document | None
    blocks: tuple[Block, ...]
    words: int
    annotation: Annotation | None


def statistics_of(corpus: Corpus) -> Statistics:
    """Turn a corpus into its numbers."""
    parts = list(_parts(corpus))
    mentions = [m for part in parts if part.annotation for m in part.annotation.mentions]
    by_country: dict[str, QuoteFigures] = {}
    everything = QuoteFigures()
    for part in parts:
        if part.annotation is not None:
            figures = quote_figures(part.annotation.quotes, part.document)
            country = part.row.country if part.row is not None else "not stated"
            by_country[country] = merge(by_country.get(country, QuoteFigures()), figures)
            everything = merge(everything, figures)
    words = sorted(part.words for part in parts if part.document is not None)
    return Statistics(
        documents=len(corpus.entries),
        withheld=len(corpus.withheld),
        rejects=dict(sorted(Counter(reject.reason for reject in corpus.rejects).items())),
        publishers=_publishers(parts),
        words=(words[0], int(median(words)), words[-1]) if words else (0, 0, 0),
        blocks=_ordered(Counter(block.label for part in parts for block in part.blocks)),
        mentions=dict(Counter(mention.label for mention in mentions).most_common()),
        suffixed=sum(mention.name_end != mention.end for mention in mentions),
        quotes=everything,
        quotes_by_country=dict(sorted(by_country.items())),
    )


def _parts(corpus: Corpus) -> Iterator[_Part]:
    for entry in corpus.entries:
        yield _Part(
            entry.row,
            entry.document,
            entry.document.blocks,
            len(entry.view.text.split()),
            entry.annotation if entry.state != "silver" else None,  # what people made
        )
    for withheld in corpus.withheld:
        yield _Part(withheld.row, None, withheld.blocks, 0, withheld.annotation)


def _ordered(counts: Counter[str]) -> dict[str, int]:
    return {label: counts[label] for label in BLOCK_LABELS if counts[label]}


def _publishers(parts: Sequence[_Part]) -> tuple[PublisherCounts, ...]:
    found: dict[tuple[str, str, str], PublisherCounts] = {}
    for part in parts:
        # What a page without a row says of itself is anybody's word: it names no publisher here.
        row = part.row
        key = (row.country, row.publisher, row.provenance) if row else ("", "", "captured")
        before = found.get(key, PublisherCounts(*key))
        annotation = part.annotation
        found[key] = msgspec.structs.replace(
            before,
            pages=before.pages + 1,
            withheld=before.withheld + (part.document is None),
            html=before.html + _is_html(part),
            words=before.words + part.words,
            mentions=before.mentions + (len(annotation.mentions) if annotation else 0),
            quotes=before.quotes + (len(annotation.quotes) if annotation else 0),
        )
    return tuple(sorted(found.values()))


def _is_html(part: _Part) -> bool:
    if part.document is None:
        return part.row is not None and part.row.medium == "html"
    return part.document.source.lower().endswith((".html", ".htm", ".xhtml"))


# --- the labeller -----------------------------------------------------------------------------


class LabellerScore(msgspec.Struct, frozen=True):
    """The labeller's blocks against those made by hand, of one label or one publisher."""

    key: str
    counts: Counts


class LabellerScores(msgspec.Struct, frozen=True):
    """The labeller against the blocks by hand; `rejected` are articles that it takes for none."""

    pages: int
    rejected: tuple[str, ...]
    labels: tuple[LabellerScore, ...]
    publishers: tuple[LabellerScore, ...]


def score_labeller(pages: Path) -> LabellerScores:
    """Label the pages of a corpus folder anew, and hold that against the blocks by hand.

    Pages whose text is withheld, or that are no articles by hand, are left out; of a page that
    the labeller rejects all blocks count as missed.
    """
    pairs: list[tuple[str, list[Block], list[Block]]] = []
    rejected = []
    for _, row in read_catalogue(pages):
        path = pages / row.doc_id / BLOCKS
        if row.withheld or not path.is_file():
            continue
        gold = list(read_blocks(path, doc_id=row.doc_id, text_sha256=row.text_sha256))
        if not any(block.label in ARTICLE_LABELS for block in gold):
            continue
        raw = raw_path(pages, row)
        try:
            found = list(label_blocks(capture_page(read_raw(raw), source=raw.name)))
        except PageError:
            rejected.append(row.doc_id)
            found = []
        pairs.append((row.publisher, gold, found))
    return LabellerScores(
        pages=len(pairs),
        rejected=tuple(rejected),
        labels=tuple(
            LabellerScore(label, total([block_counts(g, f, label) for _, g, f in pairs]))
            for label in BLOCK_LABELS
        ),
        publishers=tuple(
            LabellerScore(
                name, total([block_counts(g, f) for other, g, f in pairs if other == name])
            )
            for name in sorted({name for name, _, _ in pairs})
        ),
    )
