"""Errors and findings on stderr, and the exit codes: 0 sound, 1 findings, 2 wrong usage."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from functools import wraps
from typing import ParamSpec

import click

from khobor.annotations.checks import Finding
from khobor.errors import KhoborError, UsageError

P = ParamSpec("P")
FINDINGS, USAGE = 1, 2


def exit_with(error: KhoborError) -> int:
    """Print an error as its sentence on stderr, and give its exit code."""
    click.echo(f"khobor: {error}", err=True)
    return USAGE if isinstance(error, UsageError) else FINDINGS


def report_findings(findings: Iterable[Finding]) -> None:
    """Print findings on stderr, one a line."""
    for finding in findings:
        click.echo(str(finding), err=True)


def with_exit_codes(command: Callable[P, int]) -> Callable[P, None]:
    """Turn a command that gives an exit code or raises KhoborError into one that exits."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            code = command(*args, **kwargs)
        except KhoborError as error:
            code = exit_with(error)
        except BrokenPipeError:
            # The reader (head, less) went away: no more to say, and no traceback.
            sys.stderr.close()
            code = 0
        sys.exit(code)

    return run
