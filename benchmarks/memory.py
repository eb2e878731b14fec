"""Whether memory stays level while pages stream through."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from benchmarks.figures import Bar, Figure, show
from benchmarks.material import REPOSITORY
from benchmarks.synthetic import article_html, small_html, text_capture
from khobor.capture.pages import capture_page
from khobor.errors import PageError
from khobor.pipeline import build_document

FEW, MANY, QUICK = 1_000, 100_000, 20_000
_LARGE_EVERY, _LARGE = 200, 5  # every 200th page is one of five large ones
_BAR = 0.2  # more memory for MANY than for FEW, as a share


class Peak(msgspec.Struct, frozen=True):
    """The peak memory of a process that streamed pages."""

    pages: int
    documents: int
    peak_kilobytes: int


def stream(count: int) -> Iterator[tuple[str, bytes]]:
    """Generate pages by turns: text captures, small HTML pages, now and then a large one."""
    large = [article_html(number) for number in range(_LARGE)]
    for number in range(count):
        if number % _LARGE_EVERY == _LARGE_EVERY - 1:
            yield "page.html", large[number // _LARGE_EVERY % _LARGE]
        elif number % 2:
            yield "page.html", small_html(number)
        else:
            yield "page.txt", text_capture(number)


def run(count: int) -> Peak:
    """Stream pages through capture to tokens in this process, each result dropped."""
    made = 0
    for source, raw in stream(count):
        try:
            build_document(capture_page(raw, source=source))
        except PageError:
            continue
        made += 1
    return Peak(count, made, peak_kilobytes())


def peak_kilobytes() -> int:
    """Read the peak of this process's resident memory.

    Linux lets ru_maxrss of a child begin at its parent's peak, so VmHWM is read where it is.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


def measure(counts: tuple[int, ...] = (FEW, MANY)) -> list[Peak]:
    """Stream each number of pages in a process of its own."""
    peaks = []
    for count in counts:
        command = [sys.executable, "-m", "benchmarks.memory", "--stream", str(count)]
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True)
        peaks.append(msgspec.json.decode(done.stdout, type=Peak))
    return peaks


def figures(*, quick: bool = False) -> list[Figure]:
    """Measure a short stream and a long one."""
    few, many = measure((FEW, QUICK if quick else MANY))
    more = many.peak_kilobytes / few.peak_kilobytes - 1
    return [
        Figure(
            title="Memory",
            measured=(
                "Peak resident memory of a process that streams generated pages through capture "
                "to tokens, one at a time, each result dropped."
            ),
            on=(
                "benchmarks/synthetic.py: text captures and HTML pages of some kilobytes by "
                f"turns, every {_LARGE_EVERY}th a page of 250 kB"
            ),
            columns=("pages", "documents", "peak MB"),
            rows=tuple(
                (each.pages, each.documents, round(each.peak_kilobytes / 1024))
                for each in (few, many)
            ),
            bars=(
                Bar(
                    f"within {_BAR:.0%} of each other",
                    f"{more:+.1%}",
                    met=abs(more) <= _BAR,
                ),
            ),
        )
    ]


def main() -> None:
    """Print the figure, or stream pages and print this process's peak."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} pages, not {MANY:,}")
    parser.add_argument("--stream", type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.stream:
        print(msgspec.json.encode(run(arguments.stream)).decode())
    else:
        show(figures(quick=arguments.quick))


if __name__ == "__main__":
    main()
