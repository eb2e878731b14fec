"""What the rows of a release add up to, counted while they are read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from khobor.records import (
    ANNOTATION_STATES,
    ENTITY_LABELS,
    PROVENANCES,
    QUOTE_KINDS,
    QUOTE_MARKINGS,
    QUOTE_MEDIA,
    SPLITS,
)
from khobor.release.verification.rows import DocumentRow, SentenceRow


class Tally:
    """Counts by split, and which documents were seen; ids alone are kept, no text."""

    def __init__(self) -> None:
        self.split_of: dict[str, str] = {}
        self.licences = Counter[tuple[str, str]]()  # (licence, provenance) → documents
        self.guidelines: set[str] = set()
        self.whole = True  # every row was read
        self._counts: Counter[tuple[str, str]] = Counter()
        self._rows: Counter[tuple[str, str]] = Counter()

    def add_rows(self, split: str, config: str, rows: int) -> None:
        """Count rows of a configuration."""
        self._rows[split, config] += rows

    def add(self, split: str, document: DocumentRow, sentences: Sequence[SentenceRow]) -> None:
        """Count a document and its sentences."""
        licence = document.licence or "not stated"
        self.licences[licence, PROVENANCES[document.provenance]] += 1
        counts = self._counts
        counts[split, "documents"] += 1
        counts[split, f"– annotation {ANNOTATION_STATES[document.annotation]}"] += 1
        counts[split, "words"] += len(document.text.split())
        counts[split, "characters"] += len(document.text)
        counts[split, "sentences"] += len(document.sentences)
        counts[split, "tokens"] += sum(len(row.tokens) for row in sentences)
        for entity in document.entities or ():
            counts[split, "mentions"] += 1
            counts[split, f"– {ENTITY_LABELS[entity.label]}"] += 1
            counts[split, "– with a glued ending"] += entity.name_end != entity.end
        for quote in document.quotes or ():
            counts[split, "quotes"] += 1
            counts[split, "– with words for the speaker"] += quote.speaker is not None
            counts[split, "– with a mention of the speaker"] += quote.speaker_mention is not None
            counts[split, f"– kind {QUOTE_KINDS[quote.kind]}"] += 1
            counts[split, f"– marking {QUOTE_MARKINGS[quote.marking]}"] += 1
            counts[split, f"– medium {QUOTE_MEDIA[quote.medium]}"] += 1

    def loading(self, name: str) -> list[int] | None:
        """Count the rows of a configuration by split; `name` as the card's table has it."""
        return [self._rows[split, name.strip("`")] for split in SPLITS]

    def statistics(self, name: str) -> list[int] | None:
        """Count what a row of the card's statistics counts; None for a row not known here."""
        if not any((split, name) in self._counts for split in SPLITS) and not name.startswith("–"):
            return None
        return [self._counts[split, name] for split in SPLITS]
