"""khobor suggest: silver annotations of new pages, to correct instead of starting from nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from khobor.cli.errors import with_exit_codes
from khobor.corpus.corpora import Corpus, assemble
from khobor.corpus.guidelines import guideline_version
from khobor.corpus.suggestions import check_suggester, open_documents, write_suggestions
from khobor.errors import UsageError
from khobor.records import Annotation, Document
from khobor.training.models import (
    ABOUT,
    SILVER,
    Models,
    read_models,
    suggest_annotation,
    train_models,
)


@click.command()
@click.argument("documents", metavar="[DOC]…", nargs=-1)
@click.option(
    "--corpus",
    type=click.Path(path_type=Path),
    default=Path(),
    show_default=True,
    help="The corpus folder that the pages joined with `khobor add`.",
)
@click.option(
    "--release",
    type=click.Path(path_type=Path),
    help="Learn from the train split of this release; default: from that of the corpus folder.",
)
@click.option(
    "--model",
    type=click.Path(path_type=Path),
    help="A folder to keep the model in; where one stands already, it is used as it is.",
)
@click.option(
    "--annotator", default=SILVER, show_default=True, help="The folder below annotations/."
)
@click.option(
    "--pages",
    "supplied",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Pages that the catalogue withholds, told by their hash.",
)
@click.option("--replace", is_flag=True, help="Write over earlier suggestions.")
@with_exit_codes
def suggest(
    documents: tuple[str, ...],
    corpus: Path,
    release: Path | None,
    model: Path | None,
    annotator: str,
    supplied: tuple[Path, ...],
    replace: bool,
) -> int:
    """Suggest annotations of pages that nobody has annotated yet.

    Writes CORPUS/annotations/silver/DOC.jsonl with "status": "silver". Take them to a tool with
    `khobor export --annotator silver`, correct them, and bring them back under your own name with
    `khobor import --annotator NAME`. A build takes silver in train alone, and never as gold.
    """
    check_suggester(annotator)
    found = open_documents(corpus, documents, supplied=supplied)
    if not found.documents:
        click.echo("every document has its annotator: nothing to suggest")
        return 0
    with _models(corpus, release, model, supplied) as models:
        guideline = guideline_version(corpus)
        if guideline not in models.about.guidelines:
            click.echo(
                f"the model learned guideline {', '.join(models.about.guidelines)}; this folder "
                f"follows {guideline}",
                err=True,
            )
        suggested = [
            suggest_annotation(document, models, guideline=guideline, annotator=annotator)
            for document in found.documents
        ]
    paths = write_suggestions(corpus, suggested, replace=replace)
    for path, annotation in zip(paths, suggested, strict=True):
        counts = f"{len(annotation.mentions)} mentions, {len(annotation.quotes)} quotes"
        click.echo(f"{path}: {counts}")
    click.echo(_next(corpus, annotator))
    return 0


@contextmanager
def _models(
    corpus: Path, release: Path | None, model: Path | None, supplied: Sequence[Path]
) -> Iterator[Models]:
    """Open the models that are kept, else train them."""
    if model is not None and (model / ABOUT).is_file():
        yield read_models(model)
        return
    documents = _train_documents(corpus, release, supplied)
    where = str(release if release is not None else corpus)
    if not documents:
        raise UsageError(
            "no gold document in train to learn from",
            where=where,
            fix="learn from a release: --release DIR",
        )
    click.echo(f"learning from {len(documents)} documents of {where} …", err=True)
    with TemporaryDirectory() as folder:
        yield train_models(documents, model if model is not None else Path(folder) / "model")


def _train_documents(
    corpus: Path, release: Path | None, supplied: Sequence[Path]
) -> list[tuple[Document, Annotation]]:
    """List the gold documents of train: validation and test stay unseen, to measure on."""
    return [
        (entry.document, entry.annotation)
        for entry in _read(corpus, release, supplied).entries
        if entry.split.split == "train" and entry.state == "gold" and entry.annotation is not None
    ]


def _read(corpus: Path, release: Path | None, supplied: Sequence[Path]) -> Corpus:
    if release is not None:
        # Here, not above: reading parquet takes pyarrow, which other commands need not load.
        from khobor.release.readings import read_release

        return read_release(release)[1]
    annotations = corpus / "annotations"
    return assemble([corpus / "pages"], annotations=annotations, supplied=supplied)


def _next(corpus: Path, annotator: str) -> str:
    here = "" if corpus == Path() else f" --corpus {corpus}"
    return "\n".join(
        [
            "",
            "Next:",
            f"1. khobor export --to brat --annotator {annotator} --out DIR{here}",
            f"2. correct them; khobor import --from brat DIR/{annotator} --annotator NAME{here}",
        ]
    )
