"""khobor hydrate: a release with the full rows of withheld pages, for who owns them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from khobor.cli.columns import COLUMN_OPTION, read_columns
from khobor.cli.errors import FINDINGS, with_exit_codes

if TYPE_CHECKING:
    from khobor.release.hydrations import Hydration


@click.command()
@click.argument("release", type=click.Path(path_type=Path))
@click.option(
    "--pages",
    "supplied",
    type=click.Path(path_type=Path),
    multiple=True,
    required=True,
    help="Pages of yours: files, folders, or crawls (JSON Lines, CSV, Parquet, WARC).",
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="Where it goes; beside RELEASE if not named."
)
@COLUMN_OPTION
@with_exit_codes
def hydrate(
    release: Path, supplied: tuple[Path, ...], out: Path | None, column: tuple[str, ...]
) -> int:
    """Add the full rows of withheld pages that you own to a RELEASE, as <version>+local.

    Pages are recognised by their hash. The result is for you: khobor publish refuses it. Exits
    with 1 where withheld pages are missing or differ, and says which.
    """
    # Here, not above: `datasets` takes a second to import.
    from khobor.release.hydrations import hydrate_release
    from khobor.release.overviews import overview_of
    from khobor.release.summaries import summarise

    found = hydrate_release(
        release, supplied, out or release.absolute().parent, columns=read_columns(column)
    )
    click.echo(summarise(overview_of(found.corpus), found.release, found.path))
    click.echo("\n" + "\n".join(_report(found)))
    return FINDINGS if found.missing else 0


def _report(found: Hydration) -> list[str]:
    lines = [f"hydrated {len(found.hydrated)}: {', '.join(found.hydrated)}"]
    if found.missing:
        lines.append(f"missing  {len(found.missing)}: {', '.join(found.missing)}")
    lines += [f"{reject.source} {reject.detail}" for reject in found.differing]
    if found.unknown:
        lines.append(f"{found.unknown:,} supplied pages are none of those that it withholds")
    return lines
