"""khobor diff: what differs between two releases, and the version that the second may have."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from khobor.cli.errors import FINDINGS, with_exit_codes


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="All of it as one JSON object.")
@with_exit_codes
def diff(old: Path, new: Path, as_json: bool) -> int:
    """Compare two releases' folders: documents and rows added, removed, changed, moved, relabelled.

    Says the least honest bump of the version (PATCH, MINOR, MAJOR); exits with 1 where the
    version of NEW is a smaller one, or a document moved to another split within one MAJOR.
    """
    # Here, not above: `datasets` takes a second to import.
    from khobor.release.changelogs import describe
    from khobor.release.contents import release_contents
    from khobor.release.differences import BUMPS, compare
    from khobor.release.versions import bump_between

    difference = compare(release_contents(old), release_contents(new))
    bump = bump_between(difference.before, difference.after)
    honest = bump is not None and BUMPS.index(bump) >= BUMPS.index(difference.bump)
    same = difference.is_empty and difference.before == difference.after
    local = "+local" in difference.before + difference.after  # it claims no version
    if as_json:
        found = {"difference": difference, "least_bump": difference.bump, "bump": bump}
        click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        click.echo("\n".join(describe(difference)))
    if honest or same or local:
        return 0
    said = f"is a {bump}" if bump is not None else "is not a later version"
    click.echo(
        f"khobor: {new}: {difference.after} {said}; after {difference.before} a {difference.bump} is "
        "the least that may be",
        err=True,
    )
    return FINDINGS
