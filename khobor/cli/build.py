"""khobor build: anybody's pages into a dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from khobor.cli.columns import COLUMN_OPTION, read_columns
from khobor.cli.engines import PATH, engine_options, make_progress, tell_shards, work_folder
from khobor.cli.errors import (
    FINDINGS,
    exit_without_document,
    report_findings,
    with_exit_codes,
)
from khobor.corpus.catalogues import is_catalogued
from khobor.corpus.paging import warm_pages
from khobor.corpus.stored import store_corpus
from khobor.engines.choices import EngineName, open_engine
from khobor.errors import UsageError
from khobor.paths import as_path


@click.command()
@click.argument("paths", type=PATH, nargs=-1, required=True)
@click.option("--out", type=PATH, required=True, help="Where it goes.")
@click.option("--name", default="khobor-pages", show_default=True, help="Name of the dataset.")
@click.option(
    "--annotations",
    type=click.Path(path_type=Path),
    help="Annotations: a folder with one folder an annotator (gold/ goes first).",
)
@click.option(
    "--pages",
    "supplied",
    type=PATH,
    multiple=True,
    help="Pages that a catalogue withholds, told by their hash.",
)
@COLUMN_OPTION
@click.option(
    "--about",
    "description",
    type=click.Path(path_type=Path),
    help="What the dataset is: Markdown for the top of its card.",
)
@click.option("--licence", type=click.Path(path_type=Path), help="Its LICENSE, a text file.")
@click.option("--citation", type=click.Path(path_type=Path), help="How to cite it: CITATION.cff.")
@engine_options
@click.option("--strict", is_flag=True, help="Exit with 1 if a page was rejected.")
@with_exit_codes
def build(
    paths: tuple[Path, ...],
    out: Path,
    name: str,
    annotations: Path | None,
    supplied: tuple[Path, ...],
    column: tuple[str, ...],
    description: Path | None,
    licence: Path | None,
    citation: Path | None,
    workers: int,
    engine_name: EngineName,
    scheduler: str | None,
    work: Path | None,
    log_json: bool,
    strict: bool,
) -> int:
    """Build a dataset from pages: files, folders of them, crawls, or a corpus folder's pages/.

    Crawls are WARC (.warc), JSON Lines (.jsonl, .ndjson, .json.gz), CSV (.csv) and Parquet
    (.parquet) files; all but Parquet may be packed (.gz).

    Writes OUT/NAME-VERSION/, a folder that load_dataset opens. Pages that cannot become
    documents are listed with their reasons in its reports/. The same command again, after a kill
    or with a page more, runs only what is not done.
    """
    folder = work_folder(work, out, name)
    _require_apart(paths, {"--out": out, "--work": as_path(folder)})
    progress = make_progress(log_json=log_json)
    with open_engine(engine_name, workers=workers, scheduler=scheduler) as engine:
        warm_pages(engine)
        # Here, not above: `datasets` takes most of a second to import, which other commands need
        # not pay; and workers start meanwhile.
        from khobor.release.abouts import GENERIC, read_about
        from khobor.release.building import build_release
        from khobor.release.summaries import summarise
        from khobor.release.writers import require_name

        require_name(name)
        about = read_about(description=description or GENERIC, licence=licence, citation=citation)
        corpus = store_corpus(
            paths,
            folder,
            engine,
            annotations=annotations,
            supplied=supplied,
            columns=read_columns(column),
            progress=progress,
        )
        report_findings(corpus.findings)
        if annotations is None:
            _tell_unused(paths)
        built = build_release(corpus, out, engine, name=name, about=about, progress=progress)
    click.echo(summarise(built.overview, built.release, built.path))
    click.echo(tell_shards(corpus))
    if corpus.crashed:
        click.echo(
            f"khobor: {corpus.crashed:,} pages killed the process that read them; they are rejects "
            f"(crashed) in {built.path / 'reports' / 'rejects.jsonl'}",
            err=True,
        )
    if not built.release.documents:
        reasons = f"{built.path / 'reports' / 'rejects.jsonl'} says"
        return exit_without_document(paths, pages=corpus.pages, reasons=reasons)
    return FINDINGS if corpus.crashed or (strict and built.release.rejects) else 0


def _tell_unused(paths: Sequence[Path]) -> None:
    """Say that a corpus folder's annotations are not in the build."""
    for path in paths:
        beside = path.absolute().with_name("annotations")
        if is_catalogued(path) and beside.is_dir():
            shown = path.with_name("annotations")
            click.echo(
                f"khobor: built without {shown}; to take them in: --annotations {shown}", err=True
            )


def _require_apart(paths: Sequence[Path], folders: Mapping[str, Path]) -> None:
    """Refuse to write among the pages: what is written would be read as one of them."""
    for path in paths:
        for option, folder in folders.items():
            if not is_catalogued(path) and folder.resolve().is_relative_to(path.resolve()):
                raise UsageError(
                    f"lies inside {path}, every file of which is a page",
                    where=str(folder),
                    fix=f"choose an {option} outside it",
                )
