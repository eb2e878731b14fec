"""Under which licences the documents of a release stand, those without their texts too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from khobor.corpus.corpora import Withheld
from khobor.release.card.escapes import cell
from khobor.release.overviews import Overview

NOT_STATED = "not stated"
_MOST_NAMED = 100  # withheld documents; more of them stand in standoff/catalogue.jsonl


def licences(corpus: Overview) -> str:
    """Turn a corpus into the section that counts documents by licence and names withheld ones."""
    if not corpus.documents and not corpus.withheld:
        return ""
    lines = [
        "## Licences",
        "",
        "Each document has its own: the column `licence` of `documents` says it.",
        "",
        "| licence | provenance | documents | withheld |",
        "|---|---|---:|---:|",
        *_rows(corpus),
    ]
    if corpus.facts.uncatalogued:
        lines += [
            "",
            f"Where it is {NOT_STATED}, a page came without a catalogue. Its text belongs to who "
            "published it; find out what you may do with it before you share it.",
        ]
    if corpus.withheld:
        lines += ["", *_withheld(corpus.withheld)]
    if corpus.local:
        lines += ["", "This build holds texts that may not be redistributed. Do not publish it."]
    return "\n".join(lines)


def _rows(corpus: Overview) -> Iterator[str]:
    full = Counter(corpus.facts.licences)
    if corpus.facts.uncatalogued:
        full[NOT_STATED, "captured"] += corpus.facts.uncatalogued
    bare: Counter[tuple[str, str]] = Counter(
        (w.row.licence, w.row.provenance) for w in corpus.withheld
    )
    for licence, provenance in sorted({*full, *bare}):
        counts = full[licence, provenance], bare[licence, provenance]
        yield f"| {cell(licence)} | {provenance} | {counts[0]:,} | {counts[1]:,} |"


def _withheld(withheld: Sequence[Withheld]) -> Iterator[str]:
    yield "### Withheld texts"
    yield ""
    yield (
        "Their texts may not be redistributed, so they have no rows. `standoff/` has their blocks "
        "and annotations as offsets into the page's text, without its words, and "
        "`standoff/catalogue.jsonl` the hashes by which a page is recognised: "
        "`khobor hydrate FOLDER --pages PATH` makes their full rows from copies of yours."
    )
    yield ""
    yield "| document | publisher | published | mentions | quotes | licence | address |"
    yield "|---|---|---|---:|---:|---|---|"
    ordered = sorted(withheld, key=lambda w: w.row.doc_id)
    for one in ordered[:_MOST_NAMED]:
        row, annotation = one.row, one.annotation
        mentions = f"{len(annotation.mentions):,}" if annotation else "–"
        quotes = f"{len(annotation.quotes):,}" if annotation else "–"
        yield (
            f"| `{row.doc_id}` | {cell(row.publisher)} | {cell((row.published_at or '–')[:10])} | "
            f"{mentions} | {quotes} | {cell(row.licence)} | {cell(row.url)} |"
        )
    if len(ordered) > _MOST_NAMED:
        yield ""
        yield f"And {len(ordered) - _MOST_NAMED:,} more, in `standoff/catalogue.jsonl`."
