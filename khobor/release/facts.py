"""What is known of documents with rows, counted range by range: enough for card and manifest.

Facts of ranges are added up, so that no one needs the whole corpus in memory.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any, get_origin

import msgspec
import numpy as np

from khobor.arrays import decode_array, encode_array
from khobor.corpus.corpora import Entry
from khobor.corpus.statistics import Counted, count_entries, merge_counted
from khobor.records import SPLITS
from khobor.release.card.choices import choose_entry
from khobor.release.card.tallies import Tallies, add_tallies, tally_splits


class Facts(msgspec.Struct):
    """What documents with rows are, by what their catalogue and annotations say.

    `licences` counts those of a catalogue by (licence, provenance); the others are
    `uncatalogued`. `example` is the document that a card shows, if any may be shown.
    """

    documents: int
    licences: Counter[tuple[str, str]]
    uncatalogued: int
    annotators: set[str]
    guidelines: set[str]
    quoted: bool
    misfits: int
    tallies: Tallies
    counted: Counted
    example: Entry | None

    @property
    def composed(self) -> int:
        """How many were composed for the corpus."""
        return sum(n for (_, provenance), n in self.licences.items() if provenance == "composed")

    @property
    def captured(self) -> int:
        """How many were captured; one without a catalogue was."""
        return self.documents - self.composed

    @property
    def annotated(self) -> bool:
        """Whether any of them is annotated."""
        return any(tally.documents != tally.states["none"] for tally in self.tallies.values())


def facts_of(entries: Iterable[Entry]) -> Facts:
    """Turn documents into what is known of them."""
    listed = [entry for entry in entries if entry.split.split is not None]
    annotations = [entry.annotation for entry in listed if entry.annotation is not None]
    return Facts(
        documents=len(listed),
        licences=Counter((e.row.licence, e.row.provenance) for e in listed if e.row is not None),
        uncatalogued=sum(entry.row is None for entry in listed),
        annotators={annotation.annotator for annotation in annotations},
        guidelines={annotation.guideline for annotation in annotations},
        quoted=any(annotation.quotes for annotation in annotations),
        misfits=sum(len(e.alignment.misfits) for e in listed if e.alignment is not None),
        tallies=tally_splits(listed),
        counted=count_entries(listed),
        example=choose_entry(listed),
    )


def merge_facts(parts: Iterable[Facts]) -> Facts:
    """Add facts up, in any order."""
    listed = list(parts)
    return Facts(
        documents=sum(part.documents for part in listed),
        licences=sum((part.licences for part in listed), Counter()),
        uncatalogued=sum(part.uncatalogued for part in listed),
        annotators=set().union(*(part.annotators for part in listed)),
        guidelines=set().union(*(part.guidelines for part in listed)),
        quoted=any(part.quoted for part in listed),
        misfits=sum(part.misfits for part in listed),
        tallies={split: add_tallies(part.tallies[split] for part in listed) for split in SPLITS},
        counted=merge_counted(part.counted for part in listed),
        example=choose_entry(part.example for part in listed if part.example is not None),
    )


def encode_facts(facts: Facts) -> bytes:
    """Turn facts into bytes (MessagePack)."""
    return msgspec.msgpack.encode(facts, enc_hook=_encode)


def decode_facts(encoded: bytes) -> Facts:
    """Turn such bytes into facts again."""
    return msgspec.msgpack.decode(encoded, type=Facts, dec_hook=_decode)


def _encode(value: Any) -> Any:
    return encode_array(value) if isinstance(value, np.ndarray) else NotImplemented


def _decode(kind: Any, value: Any) -> Any:
    if get_origin(kind) is Counter or kind is Counter:
        return Counter(value)
    return decode_array(kind, value)
