"""Scores of annotation files against gold's, with the page texts of a corpus folder."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import msgspec

from khobor.annotations.files import read_annotation_files
from khobor.capture.pages import text_sha256
from khobor.corpus.annotators import find_annotator
from khobor.corpus.catalogues import PAGE_TEXT, is_catalogued, read_catalogue, read_page_text
from khobor.corpus.documents import read_task
from khobor.corpus.histories import SPLITS_FILE
from khobor.corpus.sources import take_in
from khobor.errors import AnnotationError, UsageError
from khobor.jsonl import read_records
from khobor.manifests import SplitRow
from khobor.records import Annotation, Document, SplitName
from khobor.scoring import Coverage, MentionScores, QuoteScores, score_mentions, score_quotes


class Scores(msgspec.Struct, frozen=True):
    """How well one set of annotations predicts another; `notes` are sentences for the reader."""

    gold: str
    predicted: str
    mentions: MentionScores
    quotes: QuoteScores
    notes: tuple[str, ...]


def score_files(
    corpus: Path,
    gold: str,
    predicted: str,
    *,
    supplied: Sequence[Path] = (),
    labels: Collection[str] | None = None,
    split: SplitName | None = None,
    splits: Path | None = None,
) -> Scores:
    """Turn two sets of annotation files into the scores of the second against the first.

    Each is a name below annotations/, or a path to a file or a folder of files. Page texts come
    from the corpus folder, where it has them, and from `supplied` pages that its catalogue
    withholds: with them spans are held against the text, and speakers' names are read from it.
    `split` restricts it to the documents that `splits` (annotations/splits.jsonl) places there.
    Raises UsageError where a path cannot be read or a split has no document, RecordError where a
    line is no annotation, AnnotationError where the two cannot be compared.
    """
    references = _read_side(corpus, gold)
    guesses = _read_side(corpus, predicted)
    notes: list[str] = []
    documents = None
    if split is not None:
        placed = _documents_of(split, splits or corpus / "annotations" / SPLITS_FILE)
        documents = placed & references.keys()
        notes += _left(f"of {split}, but not in gold, and not scored", placed - documents)
        if not documents:
            raise UsageError(
                f"gold has none of {len(placed)} documents of {split}",
                where=gold,
                fix="name the annotations of that split's documents, or leave --split out",
            )
    texts = _page_texts(corpus, references, supplied)
    sides = list(references.values()), list(guesses.values())
    mentions = score_mentions(*sides, documents=documents, labels=labels)
    quotes = score_quotes(*sides, texts, documents=documents)
    notes += _coverage_notes(mentions.coverage)
    notes += _left(
        "without the names of their speakers, which are compared by place alone (--pages passes "
        "withheld pages)",
        quotes.nameless,
    )
    return Scores(gold, predicted, mentions, quotes, tuple(notes))


def _read_side(corpus: Path, name: str) -> dict[str, Annotation]:
    """Read annotation files into doc_id → annotation; a document has one file."""
    path = find_annotator(corpus, name)
    found: dict[str, Annotation] = {}
    paths: dict[str, str] = {}
    for file in read_annotation_files(path):
        doc_id = file.annotation.doc_id
        if doc_id in found:
            raise AnnotationError(
                f"{doc_id} is annotated in {paths[doc_id]} too",
                where=file.path,
                fix="a document has one file on each side: move the other away",
            )
        found[doc_id], paths[doc_id] = file.annotation, file.path
    if not found:
        raise UsageError(
            "no annotation file in this folder",
            where=str(path),
            fix="expected one .jsonl file a document, as in annotations/gold",
        )
    return found


def _documents_of(split: SplitName, path: Path) -> set[str]:
    """Read which documents a split has; of two lines of one document the last holds."""
    if not path.is_file():
        raise UsageError(
            "no splits are here",
            where=str(path),
            fix="no version is frozen yet: pass a build's splits.jsonl with --splits",
        )
    rows = {row.doc_id: row for _, row in read_records(path, SplitRow)}
    documents = {k for k, row in rows.items() if row.split == split and row.state != "removed"}
    if not documents:
        raise UsageError(f"no document is in {split}", where=str(path), fix="name another split")
    return documents


def _page_texts(
    corpus: Path, annotations: dict[str, Annotation], supplied: Sequence[Path]
) -> dict[str, str]:
    """Read the page texts of annotated documents, as far as they are here, by doc_id."""
    pages = corpus / "pages"
    if not is_catalogued(pages):
        if supplied:
            raise UsageError(
                "no catalogue is here that could tell which pages these are",
                where=str(pages),
                fix="name the corpus folder with --corpus",
            )
        return {}
    texts = dict(_owned_texts(pages, supplied))
    for _, row in read_catalogue(pages):
        if row.doc_id not in annotations:
            continue
        where = str(pages / row.doc_id / PAGE_TEXT)
        if annotations[row.doc_id].text_sha256 != row.text_sha256:
            raise AnnotationError(
                f"gold is about a text with SHA-256 {annotations[row.doc_id].text_sha256[:12]}…, "
                f"the page text here has {row.text_sha256[:12]}…",
                where=where,
                fix="carry gold over with `khobor reanchor`, or name its corpus with --corpus",
            )
        if not row.withheld:
            text = read_page_text(pages, row)
            if text_sha256(text) != row.text_sha256:
                raise AnnotationError(
                    f"has SHA-256 {text_sha256(text)[:12]}…, the catalogue says "
                    f"{row.text_sha256[:12]}…",
                    where=where,
                    fix="restore page.txt; offsets refer to it and it never changes",
                )
            texts[row.doc_id] = text
    return texts


def _owned_texts(pages: Path, supplied: Sequence[Path]) -> Iterator[tuple[str, str]]:
    """Read the texts of withheld pages that their owner passed."""
    if not supplied:
        return
    for task in take_in([pages], supplied=supplied).tasks:
        if task.row is not None and task.row.withheld:
            document = read_task(task)
            if isinstance(document, Document):
                yield document.doc_id, document.text


def _coverage_notes(coverage: Coverage) -> list[str]:
    """Say which documents are not scored, or not as one might think."""
    return [
        *_left("not predicted, so all that gold has there counts as missed", coverage.absent),
        *_left("predicted, but not complete, so what they lack counts as missed", coverage.started),
        *_left("not complete in gold, and not scored", coverage.unfinished),
        *_left("predicted, but not in gold, and not scored", coverage.extra),
    ]


def _left(said: str, doc_ids: Collection[str]) -> list[str]:
    """Say something of documents, with the first few doc_ids; nothing without any."""
    if not doc_ids:
        return []
    named = sorted(doc_ids)
    rest = f" and {len(named) - 3} more" if len(named) > 3 else ""
    return [f"{said}: {len(named)} ({', '.join(named[:3])}{rest})"]
