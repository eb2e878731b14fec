"""Errors and findings on stderr, and the exit codes: 0 sound, 1 findings, 2 wrong usage."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click

from khobor.annotations.checks import Finding
from khobor.errors import KhoborError, UsageError

P = ParamSpec("P")
FINDINGS, USAGE = 1, 2
PAGES_EXPECTED = "expected HTML pages, text captures (.txt) or crawl files"


def exit_with(error: KhoborError) -> int:
    """Print an error as its sentence on stderr, and give its exit code."""
    click.echo(f"khobor: {error}", err=True)
    return USAGE if isinstance(error, UsageError) else FINDINGS


def report_findings(findings: Iterable[Finding]) -> None:
    """Print findings on stderr, one a line."""
    for finding in findings:
        click.echo(str(finding), err=True)


def exit_without_document(paths: Sequence[Path], *, pages: int, reasons: str) -> int:
    """Say that no page became a document, and give the exit code; `reasons`: where they stand."""
    if pages:
        fix = f"{reasons} why each was rejected"
    else:
        fix = f"there is no page in it: {PAGES_EXPECTED}"
    where = ", ".join(map(str, paths))
    return exit_with(KhoborError("no page became a document", where=where, fix=fix))


def _unusable(error: OSError) -> UsageError:
    """Turn what the system says of a file into a sentence; of a rename, its target is named."""
    name = error.filename2 or error.filename
    return UsageError(
        f"cannot be read or written ({error.strerror or error})",
        where=os.fsdecode(name) if isinstance(name, str | bytes | os.PathLike) else "",
        fix="correct the path, or make room for it",
    )


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
        except OSError as error:
            code = exit_with(_unusable(error))
        sys.exit(code)

    return run
