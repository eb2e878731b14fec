"""From documents to their clusters and splits: near pairs found, frozen rows kept, new ones placed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from khobor.annotations.choices import annotation_state
from khobor.annotations.files import AnnotationFile
from khobor.corpus.clusters import Article, NearPair, near_pairs, sign
from khobor.corpus.histories import History
from khobor.corpus.splits import Candidate, assign_splits
from khobor.layers.views import View
from khobor.manifests import SplitRow
from khobor.records import CatalogueRow, Document

# What a new row says until it is written: the writer knows the version.
UNVERSIONED = ""


def place_documents(
    documents: Sequence[tuple[Document, View]],
    annotations: Mapping[str, AnnotationFile],
    rows: Mapping[str, CatalogueRow],
    withheld: Sequence[CatalogueRow],
    history: History,
    *,
    major: bool = False,
) -> dict[str, SplitRow]:
    """Turn documents with their article views into doc_id → where each stands, withheld ones too.

    `rows` are the catalogue's rows of those documents that have one. What `history` has settled
    stays; new rows are UNVERSIONED. With `major` validation and test are open for new documents.
    """
    texts = {document.doc_id: view.text for document, view in documents}
    # Withheld pages last: what links the others must not hang on who passed them.
    ordered = sorted(documents, key=lambda pair: (_is_withheld(pair[0], rows), pair[0].doc_id))
    pairs = near_pairs(
        (sign(article_of(document, view)) for document, view in ordered), texts.__getitem__
    )
    candidates = [_candidate(document, annotations, rows) for document, _ in documents]
    return place_candidates(candidates, pairs, withheld, history, major=major)


def place_candidates(
    candidates: Sequence[Candidate],
    pairs: Sequence[NearPair],
    withheld: Sequence[CatalogueRow],
    history: History,
    *,
    major: bool = False,
) -> dict[str, SplitRow]:
    """Do the same for candidates, with the pairs of them that are near each other.

    `pairs` are those of their signatures, those of owned documents last, else by doc_id.
    """
    placed = assign_splits(candidates, pairs, history.rows, version=UNVERSIONED, major=major)
    for row in withheld:
        known = history.rows.get(row.doc_id)
        placed[row.doc_id] = (
            known
            if known is not None and known.state == "withheld"
            else SplitRow(
                row.doc_id,
                row.doc_id,
                None,
                UNVERSIONED,
                "withheld",
                "its text may not be redistributed",
            )
        )
    return placed


def _is_withheld(document: Document, rows: Mapping[str, CatalogueRow]) -> bool:
    row = rows.get(document.doc_id)
    return row is not None and row.withheld


def article_of(document: Document, view: View) -> Article:
    """Turn a document into what clustering looks at."""
    headlines = [view.text[b.start : b.end] for b in view.blocks if b.label == "headline"]
    return Article(
        document.doc_id,
        headlines[0] if headlines else "",
        view.text,
        document.metadata.published_at,
    )


def _candidate(
    document: Document,
    annotations: Mapping[str, AnnotationFile],
    rows: Mapping[str, CatalogueRow],
) -> Candidate:
    found = annotations.get(document.doc_id)
    # A silver annotation is left out of validation and test: it makes no document fit for them.
    annotated = found is not None and annotation_state(found.annotation) in ("partial", "gold")
    return Candidate(
        doc_id=document.doc_id,
        country=document.metadata.country or "",
        publisher=document.metadata.publisher or "",
        annotated=annotated,
        quoted=annotated and found is not None and bool(found.annotation.quotes),
        owned=_is_withheld(document, rows),
    )
