"""The option --takedown DOC=REASON."""

from __future__ import annotations

from collections.abc import Sequence

import click


def read_takedowns(
    _context: click.Context, _parameter: click.Parameter, values: Sequence[str]
) -> dict[str, str]:
    """Turn `DOC=REASON` texts into doc_id → reason; raise click.BadParameter for another form."""
    takedowns = {}
    for value in values:
        doc_id, equals, reason = (part.strip() for part in value.partition("="))
        if not (doc_id and equals and reason):
            raise click.BadParameter(f"{value!r}: expected DOC=REASON")
        takedowns[doc_id] = reason
    return takedowns
