"""khobor add: a page joins the corpus folder."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from khobor.annotations.choices import GOLD
from khobor.cli.columns import COLUMN_OPTION, read_columns
from khobor.cli.errors import with_exit_codes
from khobor.corpus.additions import About, Added, add_page
from khobor.corpus.guidelines import guideline_version


@click.command()
@click.argument("page", metavar="PAGE")
@click.option(
    "--corpus",
    type=click.Path(path_type=Path),
    default=Path(),
    show_default=True,
    help="The corpus folder; pages/ and annotations/ are made where they are missing.",
)
@click.option("--doc-id", help="Its name; default: the first 16 hex digits of its SHA-256.")
@click.option("--publisher", help="Default: as the page says.")
@click.option("--country", metavar="BD|IN|…", help="Of the publisher.")
@click.option("--url", help="Default: as the page says.")
@click.option("--licence", help="Under which its text stands here, such as CC-BY-4.0.")
@click.option("--section", help="Default: as the page says.")
@click.option("--published-at", metavar="TIME", help="ISO 8601; default: as the page says.")
@click.option("--captured-at", metavar="TIME", help="ISO 8601.")
@click.option("--note", help="Anything to know about it.")
@click.option("--composed", is_flag=True, help="It was written for the corpus, not captured.")
@click.option(
    "--withheld",
    is_flag=True,
    help="Its text may not be redistributed: keep its blocks and annotation alone.",
)
@click.option(
    "--no-article", is_flag=True, help="It is a section front or the like: furniture alone."
)
@click.option(
    "--annotator", default=GOLD, show_default=True, help="Whose empty annotation is made."
)
@COLUMN_OPTION
@with_exit_codes
def add(
    page: str,
    corpus: Path,
    doc_id: str | None,
    publisher: str | None,
    country: str | None,
    url: str | None,
    licence: str | None,
    section: str | None,
    published_at: str | None,
    captured_at: str | None,
    note: str | None,
    composed: bool,
    withheld: bool,
    no_article: bool,
    annotator: str,
    column: tuple[str, ...],
) -> int:
    """Add a page to the corpus folder, ready to be annotated.

    PAGE is a page's file, or a record of a crawl (crawl.jsonl.gz#46, counted from 1). It gets
    its payload, its page text, which never changes again, suggested blocks, an empty annotation
    and a row of the catalogue.
    """
    about = About(
        doc_id=doc_id,
        publisher=publisher,
        country=country,
        url=url,
        licence=licence,
        section=section,
        published_at=published_at,
        captured_at=captured_at,
        provenance="composed" if composed else "captured",
        withheld=withheld,
        article=not no_article,
        note=note,
    )
    added = add_page(
        corpus,
        page,
        about,
        annotator=annotator,
        guideline=guideline_version(corpus),
        columns=read_columns(column),
    )
    click.echo(_summary(added, page, corpus))
    return 0


def _summary(added: Added, page: str, corpus: Path) -> str:
    """Say what was made and what comes next."""
    counts = Counter(block.label for block in added.blocks)
    labels = ", ".join(f"{label} {count}" for label, count in sorted(counts.items()))
    lines = [
        f"{added.row.doc_id} joined: {added.row.publisher}, {added.row.country}",
        f"blocks, suggested: {labels}",
        "",
        "Next:",
        f"1. read the labels in {added.blocks_file} and correct them",
    ]
    shown = page if added.row.withheld else added.row.doc_id
    here = corpus == Path()
    show = f"khobor show {shown}" + ("" if here else f" --corpus {corpus}")
    check = "khobor check" + ("" if here else f" {corpus}")
    if added.annotation_file is not None:
        lines += [
            f"2. annotate in {added.annotation_file}: add mentions and quotes by the guideline,",
            '   then set "progress" to "complete"',
            f"3. {show}, {check}",
        ]
    else:
        lines.append(f"2. {check}")
    return "\n".join(lines)
