"""The corpus folder: pages/catalogue.jsonl, and one folder a page.

A page's folder holds raw.html or raw.txt (the payload, as captured), page.txt (its page text,
written once: offsets count in it) and blocks.jsonl (its blocks, by hand). A withheld page has
blocks.jsonl alone.
"""

from __future__ import annotations

from pathlib import Path

from khobor.errors import AnnotationError, RecordError, UsageError
from khobor.jsonl import read_records, write_records
from khobor.records import Block, BlocksHeader, CatalogueRow

CATALOGUE = "catalogue.jsonl"
PAGE_TEXT = "page.txt"
BLOCKS = "blocks.jsonl"
RAW_NAMES = ("raw.html", "raw.txt")


def is_catalogued(folder: Path) -> bool:
    """Tell whether a folder is a corpus folder's pages/."""
    return (folder / CATALOGUE).is_file()


def read_catalogue(folder: Path) -> list[tuple[int, CatalogueRow]]:
    """Turn pages/catalogue.jsonl into (line, row) pairs, in the order of the file.

    Raises RecordError where a line is no row or its doc_id stands there before.
    """
    path = folder / CATALOGUE
    seen: dict[str, int] = {}
    rows = []
    for number, row in read_records(path, CatalogueRow):
        # Folders on some systems fold case: Page-1 and page-1 would be one.
        key = row.doc_id.lower()
        if key in seen:
            raise RecordError(
                f"doc_id {row.doc_id!r} stands in line {seen[key]} already",
                where=f"{path}:{number}",
                fix="give each page a name of its own",
            )
        seen[key] = number
        rows.append((number, row))
    return rows


def write_catalogue(folder: Path, rows: list[CatalogueRow]) -> None:
    """Turn rows into pages/catalogue.jsonl, sorted by doc_id."""
    write_records(folder / CATALOGUE, sorted(rows, key=lambda row: row.doc_id))


def raw_path(folder: Path, row: CatalogueRow) -> Path:
    """Find the raw payload of a page; raise UsageError where its folder has none."""
    for name in RAW_NAMES:
        path = folder / row.doc_id / name
        if path.is_file():
            return path
    raise UsageError(
        f"the page {row.doc_id} has neither raw.html nor raw.txt",
        where=str(folder / row.doc_id),
        fix="restore its payload, or mark it as withheld in the catalogue",
    )


def read_page_text(folder: Path, row: CatalogueRow) -> str:
    """Read page.txt verbatim (no newline is translated); raise UsageError where it is missing."""
    path = folder / row.doc_id / PAGE_TEXT
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot be read ({error.strerror})", where=str(path), fix="restore the page text"
        ) from error
    except UnicodeDecodeError as error:
        raise UsageError(
            f"is not UTF-8 at byte {error.start}", where=str(path), fix="restore the page text"
        ) from error


def write_page_text(path: Path, text: str) -> None:
    """Write a page text verbatim."""
    path.write_bytes(text.encode("utf-8"))


def read_blocks(path: Path, *, doc_id: str, text_sha256: str) -> tuple[Block, ...]:
    """Turn a blocks.jsonl into blocks, in order; see read_block_lines."""
    return tuple(block for _, block in read_block_lines(path, doc_id, text_sha256))


def read_block_lines(path: Path, doc_id: str, text_sha256: str) -> list[tuple[int, Block]]:
    """Turn a blocks.jsonl into (line, block) pairs, in order.

    Raises AnnotationError where it is made for another page or another text, RecordError where
    a line is no block.
    """
    header: BlocksHeader | None = None
    blocks: list[tuple[int, Block]] = []
    for number, record in read_records(path, BlocksHeader | Block):  # type: ignore[arg-type]  # a union is no type to mypy
        if isinstance(record, BlocksHeader) == (header is None):
            if isinstance(record, BlocksHeader):
                header = record
            else:
                blocks.append((number, record))
            continue
        raise RecordError(
            "expected one header line, then blocks",
            where=f"{path}:{number}",
            fix='the header is {"type":"blocks","doc_id":…,"text_sha256":…}',
        )
    if header is None:
        raise RecordError("the file is empty", where=f"{path}:1", fix="expected a header line")
    if (header.doc_id, header.text_sha256) != (doc_id, text_sha256):
        raise AnnotationError(
            f"the blocks are those of {header.doc_id} with text {header.text_sha256[:12]}…, "
            f"expected {doc_id} with {text_sha256[:12]}…",
            where=f"{path}:1",
            fix="the page text changed or the file is another page's: restore it, or label anew",
        )
    return blocks


def write_blocks(path: Path, blocks: tuple[Block, ...], *, doc_id: str, text_sha256: str) -> None:
    """Turn blocks into a blocks.jsonl (without DOM paths, which the payload gives)."""
    lines = [Block(block.start, block.end, block.label) for block in blocks]
    write_records(path, [BlocksHeader(doc_id, text_sha256), *lines])
