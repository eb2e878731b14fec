"""What a corpus holds, counted: pages, blocks, mentions, quotes; and the labeller's score on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from statistics import median

import msgspec

from khobor.annotations.figures import QuoteFigures, merge, quote_figures
from khobor.capture.pages import capture_page
from khobor.corpus.catalogues import BLOCKS, raw_path, read_blocks, read_catalogue
from khobor.corpus.corpora import Corpus, Entry, Withheld
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


class Counted(msgspec.Struct):
    """What documents hold, counted: of some of them, to be added up with `merge_counted`."""

    documents: int = 0
    withheld: int = 0
    publishers: dict[tuple[str, str, str], PublisherCounts] = msgspec.field(default_factory=dict)
    words: Counter[int] = msgspec.field(default_factory=Counter)
    blocks: Counter[str] = msgspec.field(default_factory=Counter)
    mentions: Counter[str] = msgspec.field(default_factory=Counter)
    suffixed: int = 0
    quotes: dict[str, QuoteFigures] = msgspec.field(default_factory=dict)  # by country


def count_entries(entries: Iterable[Entry]) -> Counted:
    """Count documents with their texts."""
    counted = Counted()
    for entry in entries:
        words = len(entry.view.text.split())
        counted.documents += 1
        counted.words[words] += 1
        # What people made: a model's annotation is counted nowhere.
        annotation = entry.annotation if entry.state != "silver" else None
        blocks = entry.document.blocks
        _add(counted, _Part(entry.row, entry.document, blocks, words, annotation))
    return counted


def count_withheld(withheld: Iterable[Withheld]) -> Counted:
    """Count documents without their texts, as far as no text is needed."""
    counted = Counted()
    for one in withheld:
        counted.withheld += 1
        _add(counted, _Part(one.row, None, one.blocks, 0, one.annotation))
    return counted


def merge_counted(parts: Iterable[Counted]) -> Counted:
    """Add counts up, in any order."""
    whole = Counted()
    for part in parts:
        whole.documents += part.documents
        whole.withheld += part.withheld
        whole.suffixed += part.suffixed
        whole.words += part.words
        whole.blocks += part.blocks
        whole.mentions += part.mentions
        for key, row in part.publishers.items():
            whole.publishers[key] = _sum(whole.publishers.get(key), row)
        for country, figures in part.quotes.items():
            whole.quotes[country] = merge(whole.quotes.get(country, QuoteFigures()), figures)
    return whole


def statistics_of(corpus: Corpus) -> Statistics:
    """Turn a corpus into its numbers."""
    counted = merge_counted([count_entries(corpus.entries), count_withheld(corpus.withheld)])
    rejects = Counter(reject.reason for reject in corpus.rejects)
    return make_statistics(counted, dict(sorted(rejects.items())))


def make_statistics(counted: Counted, rejects: dict[str, int]) -> Statistics:
    """Turn counts of all documents into the numbers of their corpus."""
    everything = QuoteFigures()
    for _, figures in sorted(counted.quotes.items()):
        everything = merge(everything, figures)
    lengths = sorted(counted.words)
    mentions = sorted(counted.mentions.items(), key=lambda item: (-item[1], item[0]))
    return Statistics(
        documents=counted.documents,
        withheld=counted.withheld,
        rejects=rejects,
        publishers=tuple(sorted(counted.publishers.values())),
        words=(lengths[0], _median(counted.words), lengths[-1]) if lengths else (0, 0, 0),
        blocks=_ordered(counted.blocks),
        mentions=dict(mentions),
        suffixed=counted.suffixed,
        quotes=everything,
        quotes_by_country=dict(sorted(counted.quotes.items())),
    )


class _Part(msgspec.Struct, frozen=True):
    """One document for the counts: of a withheld one there is no Document."""

    row: CatalogueRow | None
    document: Document | None
    blocks: tuple[Block, ...]
    words: int
    annotation: Annotation | None


def _add(counted: Counted, part: _Part) -> None:
    row, annotation = part.row, part.annotation
    counted.blocks.update(block.label for block in part.blocks)
    if annotation is not None:
        counted.mentions.update(mention.label for mention in annotation.mentions)
        counted.suffixed += sum(m.name_end != m.end for m in annotation.mentions)
        country = row.country if row is not None else "not stated"
        figures = quote_figures(annotation.quotes, part.document)
        counted.quotes[country] = merge(counted.quotes.get(country, QuoteFigures()), figures)
    # What a page without a row says of itself is anybody's word: it names no publisher here.
    key = (row.country, row.publisher, row.provenance) if row else ("", "", "captured")
    one = PublisherCounts(
        *key,
        pages=1,
        withheld=int(part.document is None),
        html=int(_is_html(part)),
        words=part.words,
        mentions=len(annotation.mentions) if annotation else 0,
        quotes=len(annotation.quotes) if annotation else 0,
    )
    counted.publishers[key] = _sum(counted.publishers.get(key), one)


def _sum(one: PublisherCounts | None, other: PublisherCounts) -> PublisherCounts:
    if one is None:
        return other
    names = ("pages", "withheld", "html", "words", "mentions", "quotes")
    sums = {name: getattr(one, name) + getattr(other, name) for name in names}
    return msgspec.structs.replace(one, **sums)


def _is_html(part: _Part) -> bool:
    if part.document is None:
        return part.row is not None and part.row.medium == "html"
    return part.document.source.lower().endswith((".html", ".htm", ".xhtml"))


def _median(lengths: Counter[int]) -> int:
    """Turn length → how often into the median length, rounded down."""
    ordered = sorted(lengths.elements())
    return int(median(ordered))


def _ordered(counts: Counter[str]) -> dict[str, int]:
    return {label: counts[label] for label in BLOCK_LABELS if counts[label]}


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
