"""khobor show: a page in the terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from khobor.annotations.choices import choose_annotations
from khobor.cli.errors import with_exit_codes
from khobor.corpus.catalogues import is_catalogued
from khobor.corpus.documents import read_task
from khobor.corpus.sources import PageTask, take_in
from khobor.errors import PageError, UsageError
from khobor.formats.terminal import render
from khobor.records import Annotation, Document, Reject


@click.command()
@click.argument("page", metavar="DOC|PATH")
@click.option(
    "--corpus",
    type=click.Path(path_type=Path),
    default=Path(),
    show_default=True,
    help="The corpus folder in which DOC and its annotation are looked up.",
)
@click.option("--article", is_flag=True, help="Leave out the page's furniture.")
@click.option("--color/--no-color", default=None, help="Default: colour in a terminal.")
@with_exit_codes
def show(page: str, corpus: Path, article: bool, color: bool | None) -> int:
    """Show a page with its blocks, entities and quotes.

    PATH is a page's file; DOC is a doc_id of the corpus folder, or the page's folder in it. The
    file of a page that the corpus folder withholds is recognised, and shown with its annotation.
    """
    document, annotation = _find(page, corpus)
    colored = color if color is not None else sys.stdout.isatty()
    click.echo(render(document, annotation, color=colored, furniture=not article), color=colored)
    return 0


def _find(page: str, corpus: Path) -> tuple[Document, Annotation | None]:
    pages = corpus / "pages"
    path = Path(page)
    if path.is_dir() and path.resolve().parent == pages.resolve():
        page = path.resolve().name
    if not is_catalogued(pages):
        task = PageTask(path.name, str(path)) if path.is_file() else None
    elif path.is_file():
        recognised = [t for t in take_in([pages], supplied=[path]).tasks if t.path == str(path)]
        task = recognised[0] if recognised else PageTask(path.name, str(path))
    else:
        intake = take_in([pages])
        task = next((t for t in intake.tasks if t.row and t.row.doc_id == page), None)
        if page in {row.doc_id for row, _ in intake.withheld}:
            raise UsageError(
                "its text is withheld",
                where=page,
                fix="give your file of the page instead of its name: it is recognised, and shown "
                "with its annotation",
            )
    if task is None:
        raise UsageError(
            "neither a file nor a page of the corpus folder",
            where=page,
            fix=f"give a page's file, or a doc_id of {pages}/catalogue.jsonl whose text is here",
        )
    result = read_task(task, any_labels=True)
    if isinstance(result, Reject):
        raise PageError(f"rejected, {result.reason}: {result.detail}", where=result.source)
    annotations = corpus / "annotations"
    chosen = choose_annotations(annotations) if task.row and annotations.is_dir() else {}
    found = chosen.get(result.doc_id)
    return result, found.annotation if found is not None else None
