"""khobor import: what was annotated in a tool comes back."""

from __future__ import annotations

from pathlib import Path

import click

from khobor.cli.errors import with_exit_codes
from khobor.corpus.guidelines import guideline_version
from khobor.corpus.imports import import_annotations
from khobor.formats.codecs import CODECS, codec_of
from khobor.formats.interface import Unit
from khobor.records import Progress

_UNITS: dict[str, Unit] = {"code-points": "code points", "utf-16": "utf-16", "utf-8": "utf-8"}


@click.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "name",
    type=click.Choice(list(CODECS)),
    required=True,
    help="The format.",
)
@click.option(
    "--corpus",
    type=click.Path(path_type=Path),
    default=Path(),
    show_default=True,
    help="The corpus folder.",
)
@click.option("--annotator", help="Whose work it is; needed only without a sidecar.")
@click.option(
    "--progress",
    type=click.Choice(["todo", "partial", "complete"]),
    help="How far it is; default: as before.",
)
@click.option(
    "--unit",
    type=click.Choice(list(_UNITS)),
    help="What the file's offsets count, where it is not the format's own unit.",
)
@click.option("--replace", is_flag=True, help="Write over what was changed since the export.")
@click.option(
    "--untouched",
    is_flag=True,
    help="Take over too what a model made (silver) and nobody changed: you read it all.",
)
@click.option(
    "--pages",
    "supplied",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Pages that the catalogue withholds, told by their hash.",
)
@with_exit_codes
def import_(
    path: Path,
    name: str,
    corpus: Path,
    annotator: str | None,
    progress: Progress | None,
    unit: str | None,
    replace: bool,
    untouched: bool,
    supplied: tuple[Path, ...],
) -> int:
    """Import what a tool exported: PATH is its file, or the folder of its files.

    With the sidecar.jsonl of the export beside it, only what was changed in the tool changes
    here. Every span is verified against the text; what does not fit is refused, and then
    nothing is written.
    """
    result = import_annotations(
        corpus,
        path,
        codec_of(name),
        annotator=annotator,
        supplied=supplied,
        unit=_UNITS[unit] if unit is not None else None,
        progress=progress,
        guideline=guideline_version(corpus),
        replace=replace,
        untouched=untouched,
    )
    for change in result.changes:
        if not change.none:
            click.echo(
                f"{change.file}: {change.added} added, {change.changed} changed, "
                f"{change.removed} removed"
            )
        elif change.new:
            click.echo(f"{change.file}: new, as it was exported")
    came = len(result.changes) + len(result.untouched)
    same = sum(change.none for change in result.changes) + len(result.untouched)
    click.echo(f"{came} documents came back, {same} of them unchanged")
    if result.untouched:
        click.echo(
            f"a model made them and nobody changed them, so they are not taken over: "
            f"{', '.join(result.untouched)}; --untouched says that somebody read them",
            err=True,
        )
    for sentence in result.not_read:
        click.echo(f"not read: {sentence}", err=True)
    if result.absent:
        click.echo(f"did not come back, and stay as they are: {', '.join(result.absent)}", err=True)
    return 0
