"""khobor build: anybody's pages into a dataset."""

from __future__ import annotations

from pathlib import Path

import click

from khobor.cli.columns import COLUMN_OPTION, read_columns
from khobor.cli.errors import (
    FINDINGS,
    exit_without_document,
    report_findings,
    with_exit_codes,
)
from khobor.corpus.catalogues import is_catalogued
from khobor.corpus.corpora import assemble
from khobor.errors import UsageError


@click.command()
@click.argument("paths", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Where it goes.")
@click.option("--name", default="khobor-pages", show_default=True, help="Name of the dataset.")
@click.option(
    "--annotations",
    type=click.Path(path_type=Path),
    help="Annotations: a folder with one folder an annotator (gold/ goes first).",
)
@click.option(
    "--pages",
    "supplied",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Pages that a catalogue withholds, told by their hash.",
)
@COLUMN_OPTION
@click.option("--workers", type=click.IntRange(1), default=1, show_default=True)
@click.option("--strict", is_flag=True, help="Exit with 1 if a page was rejected.")
@with_exit_codes
def build(
    paths: tuple[Path, ...],
    out: Path,
    name: str,
    annotations: Path | None,
    supplied: tuple[Path, ...],
    column: tuple[str, ...],
    workers: int,
    strict: bool,
) -> int:
    """Build a dataset from pages: files, folders of them, crawls, or a corpus folder's pages/.

    Crawls are WARC (.warc), JSON Lines (.jsonl, .ndjson, .json.gz), CSV (.csv) and Parquet
    (.parquet) files; all but Parquet may be packed (.gz).

    Writes OUT/NAME-VERSION/, a folder that load_dataset opens. Pages that cannot become
    documents are listed with their reasons in its reports/.
    """
    # Here, not above: `datasets` takes a second to import, which other commands need not pay.
    from khobor.release.builds import difference_since, name_build
    from khobor.release.summaries import summarise
    from khobor.release.writers import write_release

    for path in paths:
        if out.resolve().is_relative_to(path.resolve()) and not is_catalogued(path):
            raise UsageError(
                f"lies inside {path}, every file of which is a page",
                where=str(out),
                fix="choose an --out outside it",
            )
    corpus = assemble(
        paths,
        annotations=annotations,
        supplied=supplied,
        workers=workers,
        columns=read_columns(column),
    )
    report_findings(corpus.findings)
    difference = difference_since(corpus)
    version = name_build(corpus, difference)
    path, release = write_release(corpus, out, name=name, version=version, difference=difference)
    click.echo(summarise(corpus, release, path))
    if not corpus.entries:
        reasons = f"{path / 'reports' / 'rejects.jsonl'} says"
        return exit_without_document(paths, pages=corpus.pages, reasons=reasons)
    return FINDINGS if strict and corpus.rejects else 0
