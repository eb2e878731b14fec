"""Options of commands that build: where tasks run, where their parts lie, how far they are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from khobor.corpus.stored import StoredCorpus
from khobor.engines.progress import Bar, JsonLog, Progress
from khobor.errors import UsageError
from khobor.paths import as_path, is_remote

F = TypeVar("F", bound=Callable[..., Any])


class PathName(click.ParamType[Path]):
    """A path of this machine, or an address that fsspec reaches (s3://…, memory://…)."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Turn a word of the command line into a path."""
        try:
            return as_path(value)
        except UsageError as error:
            self.fail(str(error), param, ctx)


PATH = PathName()


def engine_options(command: F) -> F:
    """Add the options of engines to a command."""
    for option in reversed(
        (
            click.option(
                "--workers",
                type=click.IntRange(1),
                default=1,
                show_default=True,
                help="Processes on this machine.",
            ),
            click.option(
                "--engine",
                "engine_name",
                type=click.Choice(["local", "dask"]),
                default="local",
                show_default=True,
                help="local: this process or a pool of them; dask: a Dask cluster.",
            ),
            click.option(
                "--scheduler",
                metavar="ADDRESS",
                help="Of a Dask cluster that runs; without it one of --workers is started here.",
            ),
            click.option(
                "--work",
                type=PATH,
                help="Where finished shards lie, to go on after a kill and to build again only "
                "what changed. [default: OUT.work/NAME]",
            ),
            click.option(
                "--log-json", is_flag=True, help="Tell of progress in lines of JSON on stderr."
            ),
        )
    ):
        command = option(command)
    return command


def work_folder(work: Path | None, out: Path, name: str) -> str:
    """Name the work folder: the one asked for, else one for this name beside `out`."""
    if work is None:
        beside = out if is_remote(out) or out.name else out.absolute()
        work = beside.with_name(f"{beside.name}.work") / name
    return str(work)


def make_progress(*, log_json: bool) -> Progress:
    """Choose how progress is told."""
    return JsonLog() if log_json else Bar()


def tell_shards(corpus: StoredCorpus) -> str:
    """Say how many shards were run, and where they lie."""
    paged = corpus.paged
    return (
        f"Shards of pages: {len(paged.shards):,}, run now: {paged.ran:,}; for the next build they "
        f"lie in {corpus.job.work}"
    )
