"""khobor segment: pages as JSON Lines on stdout."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec

from khobor.arrays import encode_array
from khobor.cli.columns import COLUMN_OPTION, read_columns
from khobor.cli.errors import FINDINGS, exit_without_document, with_exit_codes
from khobor.corpus.documents import page_tasks, read_task
from khobor.corpus.sources import take_in
from khobor.records import Reject


@click.command()
@click.argument("paths", type=click.Path(path_type=Path), nargs=-1, required=True)
@COLUMN_OPTION
@click.option("--strict", is_flag=True, help="Exit with 1 if a page was rejected.")
@with_exit_codes
def segment(paths: tuple[Path, ...], column: tuple[str, ...], strict: bool) -> int:
    """Print each page as a line of JSON: text, blocks, sentences, tokens, metadata.

    Pages are files, folders of them, a corpus folder's pages/, or crawls: WARC (.warc), JSON
    Lines (.jsonl, .ndjson, .json.gz), CSV (.csv) and Parquet (.parquet) files.

    Offsets are half-open code points into `text`, the page's verbatim text. Rejected pages are
    named on stderr with their reasons.
    """
    encoder = msgspec.json.Encoder(enc_hook=encode_array)
    pages, rejects = 0, 0
    for task in page_tasks(take_in(paths).tasks, read_columns(column)):
        pages += 1
        result = task if isinstance(task, Reject) else read_task(task)
        if isinstance(result, Reject):
            rejects += 1
            click.echo(f"{result.source}: rejected, {result.reason}: {result.detail}", err=True)
        else:
            sys.stdout.buffer.write(encoder.encode(result) + b"\n")
    sys.stdout.buffer.flush()
    if rejects == pages:
        return exit_without_document(paths, pages=pages, reasons="the lines above say")
    return FINDINGS if strict and rejects else 0
