"""khobor verify: what is wrong with a release."""

from __future__ import annotations

from pathlib import Path

import click

from khobor.cli.errors import FINDINGS, with_exit_codes


@click.command()
@click.argument("release", type=click.Path(path_type=Path))
@with_exit_codes
def verify(release: Path) -> int:
    """Verify a release: the folder that a build wrote, or one downloaded from a host.

    Checks files and checksums; that card, parquet and code name the same columns and labels; every
    offset, token and tag of every row; stand-offs, splits and counts. Faults are printed as
    file: error check-id message; docs/checks.md explains the ids.
    """
    # Here, not above: `datasets` takes a second to import, which other commands need not pay.
    from khobor.release.verification.releases import verify_release

    faults = verify_release(release)
    for fault in faults:
        click.echo(str(fault))
    if faults:
        advice = "do not rely on it: download it again, or build it anew"
        click.echo(f"{len(faults)} faults in {release}; {advice}", err=True)
        return FINDINGS
    click.echo(f"{release} is sound", err=True)
    return 0
