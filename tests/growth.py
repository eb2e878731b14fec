"""A corpus folder that grows: pages are written, changed and taken away between versions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from khobor.annotations.files import write_annotation
from khobor.capture.pages import capture_page
from khobor.corpus.catalogues import CATALOGUE, read_catalogue, write_blocks, write_catalogue
from khobor.corpus.corpora import Corpus, assemble
from khobor.layers.blocks import label_blocks
from khobor.records import Annotation, CatalogueRow, Mention
from khobor.release.freezes import Freeze, freeze_release

PUBLISHERS = (("দৈনিক মোহনা", "BD"), ("নগর দর্পণ", "IN"))


class Folder:
    """A corpus folder below a path, and where its releases go."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.out = path / "dist"

    def add(self, doc_id: str, sentences: Sequence[str], *, withheld: bool = False) -> None:
        """Write a page of two paragraphs, and an annotation with one mention."""
        publisher, country = PUBLISHERS[len(doc_id) % 2]
        middle = (len(sentences) + 1) // 2
        lines = [
            f"{doc_id} থেকে পাওয়া আজকের খবর",
            " ".join(sentences[:middle]),
            " ".join(sentences[middle:]),
        ]
        payload = "\n\n".join(lines).encode()
        page = capture_page(payload, source="raw.txt", doc_id=doc_id)
        place = self.path / "pages" / doc_id
        place.mkdir(parents=True)
        write_blocks(
            place / "blocks.jsonl", label_blocks(page), doc_id=doc_id, text_sha256=page.text_sha256
        )
        if not withheld:
            (place / "raw.txt").write_bytes(payload)
            (place / "page.txt").write_bytes(page.text.encode())
        row = CatalogueRow(
            doc_id=doc_id,
            raw_sha256=hashlib.sha256(payload).hexdigest(),
            text_sha256=page.text_sha256,
            publisher=publisher,
            country=country,
            url=f"https://pages.example/{doc_id}",
            licence="CC-BY-4.0",
            provenance="composed",
            withheld=withheld,
        )
        self._catalogue([*self._rows(), row])
        word = page.text.index(" ", len(lines[0]) + 3)
        self._annotate(doc_id, page.text, len(lines[0]) + 2, word)

    def relabel(self, doc_id: str) -> None:
        """Give the mention of a page another label."""
        path = self.path / "annotations" / "gold" / f"{doc_id}.jsonl"
        text = path.read_text(encoding="utf-8")
        assert '"GPE"' in text
        path.write_text(text.replace('"GPE"', '"LOC"'), encoding="utf-8")

    def remove(self, doc_id: str) -> None:
        """Take a page away, with all that belongs to it."""
        self._catalogue([row for row in self._rows() if row.doc_id != doc_id])
        for file in (self.path / "pages" / doc_id).iterdir():
            file.unlink()
        (self.path / "pages" / doc_id).rmdir()
        (self.path / "annotations" / "gold" / f"{doc_id}.jsonl").unlink()

    def assemble(self, *, major: bool = False) -> Corpus:
        """Assemble it."""
        return assemble([self.path / "pages"], annotations=self.path / "annotations", major=major)

    def freeze(
        self,
        *,
        major: bool = False,
        takedowns: dict[str, str] | None = None,
        about: str = "A test.",
    ) -> Freeze:
        """Freeze its next version."""
        return freeze_release(
            self.assemble(major=major),
            self.out,
            self.path / "annotations",
            name="grown",
            about=about,
            takedowns=takedowns,
            major=major,
        )

    def _rows(self) -> list[CatalogueRow]:
        pages = self.path / "pages"
        return [row for _, row in read_catalogue(pages)] if (pages / CATALOGUE).is_file() else []

    def _catalogue(self, rows: list[CatalogueRow]) -> None:
        write_catalogue(self.path / "pages", rows)

    def _annotate(self, doc_id: str, text: str, start: int, end: int) -> None:
        mention = Mention("e1", start, end, end, "GPE", text[start:end])
        annotation = Annotation(
            doc_id=doc_id,
            text_sha256=hashlib.sha256(text.encode()).hexdigest(),
            annotator="gold",
            guideline="1.0",
            progress="complete",
            mentions=(mention,),
        )
        write_annotation(self.path / "annotations" / "gold" / f"{doc_id}.jsonl", annotation)


def mtimes(folder: Path) -> dict[str, int]:
    """Turn a folder into relative path → when it was written, in nanoseconds."""
    return {str(p.relative_to(folder)): p.stat().st_mtime_ns for p in folder.rglob("*")}


def without_versions(record: msgspec.Struct) -> msgspec.Struct:
    """Say no version in a frozen document, to compare it with that of another."""
    return msgspec.structs.replace(record, version="")
