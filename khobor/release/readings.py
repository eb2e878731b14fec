"""A release read back into the corpus that it was written from, as far as a release says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import numpy as np
import pyarrow.parquet as pq

from khobor.annotations.alignments import align
from khobor.corpus.annotators import AnnotatorAgreement
from khobor.corpus.corpora import Corpus, Entry, Withheld
from khobor.corpus.histories import History
from khobor.errors import RecordError
from khobor.jsonl import read_records
from khobor.layers.languages import language_of
from khobor.layers.views import View, article_view
from khobor.manifests import Release, SplitRow
from khobor.records import (
    BLOCK_LABELS,
    PROVENANCES,
    Annotation,
    AnnotationHeader,
    Block,
    CatalogueRow,
    Document,
    Mention,
    Metadata,
    Quote,
    Reject,
    Sentence,
    Tokens,
)
from khobor.release.contents import read_manifest
from khobor.release.features import CONFIGS
from khobor.release.rows import Row

# A release does not say what payload a page was captured from, and nothing written from here
# needs it.
_UNKNOWN_SHA256 = "0" * 64


def read_release(folder: Path) -> tuple[Release, Corpus]:
    """Turn a release's folder into its manifest and its corpus.

    Raises UsageError where the folder is no release, RecordError where a file of it does not
    hold what belongs there.
    """
    release = read_manifest(folder)
    splits = {row.doc_id: row for _, row in read_records(folder / "splits.jsonl", SplitRow)}
    entries = tuple(
        sorted(_entries(folder, release, splits), key=lambda entry: entry.document.doc_id)
    )
    withheld = tuple(_withheld(folder, splits))
    held = [row for row in splits.values() if row.state in ("held", "held_eval")]
    removed = [row for row in splits.values() if row.state == "removed"]
    # A page that is here though it was taken down is held too. The files do not say which one
    # that is, nor does it matter to what is written: the manifest has their number.
    returned = max(release.held - len(held), 0)
    corpus = Corpus(
        pages=release.pages,
        entries=entries,
        withheld=withheld,
        held=(*held, *removed[:returned]),
        tombstones=tuple(removed[returned:]),
        rejects=tuple(r for _, r in read_records(folder / "reports" / "rejects.jsonl", Reject)),
        misfits=tuple(m for e in entries if e.alignment for m in e.alignment.misfits),
        findings=(),
        agreements=tuple(_agreements(folder / "reports" / "agreements.jsonl")),
        local=False,
        history=History(splits),
    )
    return release, corpus


def _entries(folder: Path, release: Release, splits: dict[str, SplitRow]) -> Iterator[Entry]:
    for split in sorted({file.split for file in release.files}):
        tables = {config: _rows_of(folder, release, config, split) for config in CONFIGS}
        sentences = _by_document(tables["sentences"])
        following = next(sentences, None)
        for row, page in zip(tables["documents"], tables["pages"], strict=True):
            mine: list[Row] = []
            if following is not None and following[0] == row["doc_id"]:
                mine = following[1]
                following = next(sentences, None)
            yield _entry(folder, row, page, mine, splits)


def _rows_of(folder: Path, release: Release, config: str, split: str) -> Iterator[Row]:
    """Read the rows of a split, file by file."""
    for file in release.files:
        if (file.config, file.split) == (config, split):
            yield from _rows(folder / file.path)


def _rows(path: Path) -> Iterator[Row]:
    for batch in pq.ParquetFile(path).iter_batches(batch_size=500):
        yield from batch.to_pylist()


def _by_document(rows: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Group rows that follow each other by their document."""
    name, gathered = "", list[Row]()
    for row in rows:
        if row["doc_id"] != name and gathered:
            yield name, gathered
            gathered = []
        name = row["doc_id"]
        gathered.append(row)
    if gathered:
        yield name, gathered


def _entry(
    folder: Path, row: Row, page: Row, sentences: list[Row], splits: dict[str, SplitRow]
) -> Entry:
    blocks = tuple(
        Block(
            block["start"],
            block["end"],
            BLOCK_LABELS[block["label"]],
            block["path"] or "",
            language_of(page["text"][block["start"] : block["end"]]),
        )
        for block in page["blocks"]
    )
    view = article_view(page["text"], blocks)
    document = _document(row, page, blocks, view, sentences)
    standoff = folder / "standoff" / f"{row['doc_id']}.jsonl"
    annotation = _read_standoff(standoff)[0] if standoff.is_file() else None
    return Entry(
        document=document,
        view=view,
        annotation=annotation,
        alignment=align(document, annotation) if annotation is not None else None,
        row=_catalogue_row(row),
        split=splits[row["doc_id"]],
    )


def _document(
    row: Row, page: Row, blocks: tuple[Block, ...], view: View, sentences: list[Row]
) -> Document:
    places = {block.start: place for place, block in enumerate(blocks)}
    spans, starts, ends = [], list[int](), list[int]()
    for sentence in sentences:
        span = view.to_page(sentence["start"], sentence["start"] + len(sentence["text"]))
        block = places[view.blocks[sentence["block"]].page_start]
        spans.append(Sentence(span.start, span.end, block))
        starts += [span.start + start for start in sentence["token_starts"]]
        ends += [span.start + end for end in sentence["token_ends"]]
    suffix = "html" if any(block.path for block in blocks) else "txt"
    return Document(
        doc_id=row["doc_id"],
        source=f"{row['doc_id']}/raw.{suffix}",
        raw_sha256=_UNKNOWN_SHA256,
        text=page["text"],
        text_sha256=page["text_sha256"],
        metadata=Metadata(
            url=row["url"],
            title=row["title"],
            publisher=row["publisher"],
            country=row["country"],
            language=row["language"],
            section=row["section"],
            published_at=row["published_at"],
            captured_at=row["captured_at"],
        ),
        blocks=blocks,
        sentences=tuple(spans),
        tokens=Tokens(np.array(starts, dtype=np.int32), np.array(ends, dtype=np.int32)),
    )


def _catalogue_row(row: Row) -> CatalogueRow | None:
    """Say again what the catalogue said; a page without a licence had no row."""
    if row["licence"] is None:
        return None
    return CatalogueRow(
        doc_id=row["doc_id"],
        raw_sha256=_UNKNOWN_SHA256,
        text_sha256=row["page_sha256"],
        publisher=row["publisher"],
        country=row["country"],
        url=row["url"],
        licence=row["licence"],
        provenance=PROVENANCES[row["provenance"]],  # type: ignore[arg-type]  # a Provenance
    )


def _read_standoff(path: Path) -> tuple[Annotation, tuple[Block, ...]]:
    header: AnnotationHeader | None = None
    items: dict[type, list[Block | Mention | Quote]] = {Block: [], Mention: [], Quote: []}
    for number, record in read_records(path, AnnotationHeader | Block | Mention | Quote):  # type: ignore[arg-type]  # a union is no type to mypy
        if isinstance(record, AnnotationHeader) != (header is None):
            raise RecordError(
                "expected one header line, then blocks, mentions and quotes",
                where=f"{path}:{number}",
                fix="get the release again; run `khobor verify`",
            )
        if isinstance(record, AnnotationHeader):
            header = record
        else:
            items[type(record)].append(record)
    if header is None:
        raise RecordError("the file is empty", where=f"{path}:1", fix="get the release again")
    annotation = Annotation(
        **msgspec.structs.asdict(header),
        mentions=tuple(items[Mention]),  # type: ignore[arg-type]
        quotes=tuple(items[Quote]),  # type: ignore[arg-type]
    )
    return annotation, tuple(items[Block])  # type: ignore[arg-type]


def _withheld(folder: Path, splits: dict[str, SplitRow]) -> Iterator[Withheld]:
    catalogue = folder / "standoff" / "catalogue.jsonl"
    if not catalogue.is_file():
        return
    for _, row in read_records(catalogue, CatalogueRow):
        standoff = folder / "standoff" / f"{row.doc_id}.jsonl"
        annotation, blocks = _read_standoff(standoff) if standoff.is_file() else (None, ())
        yield Withheld(row, annotation, blocks, splits[row.doc_id])


def _agreements(path: Path) -> list[AnnotatorAgreement]:
    return [a for _, a in read_records(path, AnnotatorAgreement)] if path.is_file() else []
