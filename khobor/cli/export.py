"""khobor export: annotations to the files of an annotation tool."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from khobor.cli.errors import with_exit_codes
from khobor.corpus.exports import Exported, export_annotations, export_one_way, export_pages
from khobor.errors import UsageError
from khobor.formats.codecs import CODECS, EXPORTERS, codec_of, exporter_of
from khobor.formats.losses import ALL


@click.command()
@click.argument("documents", metavar="[DOC]…", nargs=-1)
@click.option(
    "--to",
    "name",
    metavar="FORMAT",
    required=True,
    help=f"Two ways: {', '.join(CODECS)} (uima: INCEpTION). One way: {', '.join(EXPORTERS)}.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    required=True,
    help="A folder; OUT/ANNOTATOR/ is new or empty.",
)
@click.option(
    "--corpus",
    type=click.Path(path_type=Path),
    default=Path(),
    show_default=True,
    help="The corpus folder.",
)
@click.option("--annotator", "annotators", multiple=True, help="Whose; default: everybody's.")
@click.option(
    "--whole-page", is_flag=True, help="Whole pages with their blocks, to correct the blocks."
)
@click.option(
    "--lossy", is_flag=True, help="One-way formats: list what does not fit instead of refusing it."
)
@click.option(
    "--pages",
    "supplied",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Pages that the catalogue withholds, told by their hash.",
)
@with_exit_codes
def export(
    documents: tuple[str, ...],
    name: str,
    out: Path,
    corpus: Path,
    annotators: tuple[str, ...],
    whole_page: bool,
    lossy: bool,
    supplied: tuple[Path, ...],
) -> int:
    """Export annotations to a tool, into OUT/ANNOTATOR/.

    Tools get the article's text. Beside the files stands sidecar.jsonl, which keeps what the
    format cannot hold: keep it with them, and `khobor import` brings back exactly what was
    changed. Without DOC every document goes out.
    """
    if name not in CODECS and name not in EXPORTERS:
        raise UsageError(
            f"no format {name!r}",
            where="--to",
            fix=f"expected one of {', '.join([*CODECS, *EXPORTERS])}",
        )
    if whole_page:
        results = export_pages(corpus, out, codec_of(name), documents=documents)
    elif name in CODECS:
        results = export_annotations(
            corpus,
            out,
            codec_of(name),
            documents=documents,
            annotators=annotators,
            supplied=supplied,
        )
    else:
        results = export_one_way(
            corpus,
            out,
            exporter_of(name),
            documents=documents,
            annotators=annotators,
            supplied=supplied,
            lossy=lossy,
        )
    for result in results:
        _report(result, name, kept=name in CODECS)
    return 0


def _report(result: Exported, name: str, *, kept: bool) -> None:
    for sentence in result.left_out:
        click.echo(f"left out: {sentence}", err=True)
    click.echo(f"{result.folder}: {result.documents} documents")
    counts = Counter(loss.field for loss in result.losses)
    if counts:
        named = {("whole items" if field == ALL else field): n for field, n in counts.items()}
        listed = ", ".join(f"{field} {count}" for field, count in sorted(named.items()))
        where = "kept in the sidecar" if kept else "lost"
        click.echo(f"  what {name} cannot hold, {where}: {listed}")
