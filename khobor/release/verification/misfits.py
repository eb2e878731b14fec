"""reports/misfits.jsonl: each misfit is one of an annotation that is here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from khobor.records import Misfit
from khobor.release.verification.faults import Broken, Faults, shown
from khobor.release.verification.lines import BrokenLines, read_lines
from khobor.release.verification.rows import PageRow
from khobor.release.verification.standoff import Standoff

MISFITS = "reports/misfits.jsonl"


class Misfits:
    """The places of misfits by document, without their words."""

    def __init__(self, folder: Path, sizes: Mapping[str, int], faults: Faults) -> None:
        self.count: int | None = None  # None where the file is missing or broken
        self._places: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
        if MISFITS not in sizes:
            return  # reported as a missing file
        count = 0
        try:
            for misfit in read_lines(folder, MISFITS, sizes, Misfit, faults):
                place = (misfit.annotation_id, misfit.start, misfit.end)
                self._places[misfit.doc_id].append(place)
                count += 1
        except BrokenLines:
            return
        self.count = count

    def check(self, standoff: Standoff, page: PageRow) -> Iterator[Broken]:
        """Check the misfits of a document against its annotation, and do not keep them."""
        items = {item.id for item in standoff.items}
        for annotation_id, start, end in self._places.pop(page.doc_id, ()):
            name = f"{page.doc_id}: {shown(annotation_id)}"
            if annotation_id not in items:
                yield "misfit", f"{name} is no item of its annotation"
            if not 0 <= start < end <= len(page.text):
                yield "misfit", f"{name}: [{start}, {end}) does not lie in the page text"

    def rest(self) -> Iterator[Broken]:
        """Check that no misfit is left: all documents with rows have been checked.

        What is left may hold words of a text that is withheld.
        """
        for doc_id in self._places:
            yield "misfit", f"{doc_id} has no annotation of a text that is here"
