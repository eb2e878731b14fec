"""What is measured on: the pages of this repository, and real data beside the checkout."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import msgspec

from khobor.capture.pages import capture_page
from khobor.corpus.catalogues import BLOCKS, raw_path, read_blocks, read_catalogue
from khobor.records import ARTICLE_LABELS, Block, Page

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared" / "data"
LIVENEWS = SHARED / "livenews24"
INQILAB = SHARED / "news" / "inqilab.jsonl.gz"
SEED = SHARED / "seed"


class GoldPage(msgspec.Struct, frozen=True, kw_only=True):
    """A raw page and what stands on it, read off by hand or by a selector made for its site."""

    name: str
    publisher: str
    raw: bytes
    headline: str
    bylines: tuple[str, ...]
    dates: tuple[str, ...]
    paragraphs: tuple[str, ...]  # and datelines, lists, subheadings, standfirsts
    related: tuple[str, ...]


class LabelledPage(msgspec.Struct, frozen=True):
    """A captured page of the starter corpus and its blocks by hand."""

    publisher: str
    raw: bytes
    page: Page
    blocks: tuple[Block, ...]


class Article(msgspec.Struct, frozen=True):
    """A news article as its publisher's feed gives it."""

    title: str
    body: str


class _LiveNewsRow(msgspec.Struct, frozen=True):
    page: str
    headline: str
    byline: tuple[str, ...]
    date: tuple[str, ...]
    paragraphs: tuple[str, ...]
    related: tuple[str, ...]


def livenews_pages() -> list[GoldPage]:
    """Read the pages of livenews24 with their gold."""
    lines = (LIVENEWS / "gold.jsonl").read_bytes().splitlines()
    rows = [msgspec.json.decode(line, type=_LiveNewsRow) for line in lines]
    return [
        GoldPage(
            name=row.page,
            publisher="livenews24",
            raw=(LIVENEWS / row.page).read_bytes(),
            headline=row.headline,
            bylines=row.byline,
            dates=row.date,
            paragraphs=row.paragraphs,
            related=row.related,
        )
        for row in rows
    ]


def labelled_pages() -> list[LabelledPage]:
    """Capture the pages of the starter corpus; a withheld one only where its text is at hand."""
    folder = REPOSITORY / "pages"
    at_hand = {capture.name: capture for capture in SEED.glob("*.txt")}
    pages = []
    for _, row in read_catalogue(folder):
        path = raw_path(folder, row) if not row.withheld else _withheld(row.raw_sha256, at_hand)
        if path is None:
            continue
        raw = path.read_bytes()
        page = capture_page(raw, source=path.name, doc_id=row.doc_id)
        blocks = read_blocks(
            folder / row.doc_id / BLOCKS, doc_id=row.doc_id, text_sha256=page.text_sha256
        )
        if any(block.label in ARTICLE_LABELS for block in blocks):  # a section front is no article
            pages.append(LabelledPage(row.publisher, raw, page, blocks))
    return pages


def _withheld(sha256: str, at_hand: dict[str, Path]) -> Path | None:
    for path in at_hand.values():
        if capture_page(path.read_bytes(), source=path.name).raw_sha256 == sha256:
            return path
    return None


def articles() -> Iterator[Article]:
    """Read the Inqilab articles, one at a time."""
    with gzip.open(INQILAB) as lines:
        for line in lines:
            yield msgspec.json.decode(line, type=Article)
