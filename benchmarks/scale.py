"""Builds of many pages: workers, engines, rebuilds, kills, memory, a plain script, the floor.

Run alone: python -m benchmarks.scale [--quick] [NAME …] (workers, rebuild, kills, memory, plain).
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from benchmarks.figures import Bar, Figure, absent, at_least, show
from benchmarks.material import INQILAB, REPOSITORY
from benchmarks.scale_floor import encode_seconds, parse_seconds
from benchmarks.scale_kills import WORKERS, kill_often
from benchmarks.scale_material import generated_lines, html_lines, inqilab_lines, write_lines
from benchmarks.scale_runs import RELEASE, Taken, build
from khobor.capture.pages import sha256_of

PAGES, KILL_PAGES, HTML_PAGES, KILLS = 20_000, 3_000, 1_500, 50
FEW, MANY = 10_000, 200_000
TURNS = 3  # a machine may be slower for some minutes


class Sizes(msgspec.Struct, frozen=True):
    """How many pages each question is asked of."""

    pages: int = PAGES
    kill_pages: int = KILL_PAGES
    html_pages: int = HTML_PAGES
    kills: int = KILLS
    few: int = FEW
    many: int = MANY


QUICK = Sizes(pages=2_000, kill_pages=600, html_pages=100, kills=4, few=1_000, many=4_000)


def workers_figure(sizes: Sizes, scratch: Path) -> Figure:
    """Compare one worker, two, and a Dask cluster of two, on the same pages."""
    crawl = write_lines(scratch / "inqilab.jsonl", inqilab_lines(sizes.pages))
    every: dict[str, list[Taken]] = {}
    for turn in range(TURNS):
        for name, options in (
            ("one process", {"workers": 1}),
            ("pool of 2", {"workers": 2}),
            ("Dask, LocalCluster of 2", {"workers": 2, "engine": "dask"}),
        ):
            folder = scratch / f"{name}-{turn}".replace(" ", "-")
            every.setdefault(name, []).append(build(folder, crawl, **options))
    runs = {name: min(taken, key=lambda each: each.pages_seconds) for name, taken in every.items()}
    one, pool, dask = runs.values()
    same = len({each.checksums for taken in every.values() for each in taken}) == 1
    return Figure(
        title="Builds with more workers",
        measured=(
            "`khobor build` of one crawl file, from its command to its end, and of that the page "
            "stages as its log says (capture to tokens and signatures, the reading of the crawl "
            f"file included, which one process does). Best of {TURNS} runs that take turns."
        ),
        on=f"{sizes.pages:,} Inqilab articles in a JSON Lines file, {pool.shards} shards",
        columns=("engine", "page stages, s", "whole build, s", "pages a second", "driver, MB"),
        rows=tuple(
            (
                name,
                taken.pages_seconds,
                taken.seconds,
                round(sizes.pages / taken.pages_seconds),
                round(taken.peak_kilobytes / 1024),
            )
            for name, taken in runs.items()
        ),
        bars=(
            at_least(
                "page stages, times one process",
                one.pages_seconds / pool.pages_seconds,
                1.8,
                digits=2,
            ),
            at_least(
                "Dask's page stages, times the pool's",
                pool.pages_seconds / dask.pages_seconds,
                0.9,
                digits=2,
            ),
            Bar("the same bytes from all three", "yes" if same else "no", met=same),
        ),
        notes=(f"The whole build: {one.seconds / pool.seconds:.2f} times one process.",),
    )


def rebuild_figure(sizes: Sizes, scratch: Path) -> Figure:
    """Build, change one annotation, build again."""
    crawl = write_lines(scratch / "inqilab.jsonl", inqilab_lines(sizes.pages))
    annotations = scratch / "annotations"
    _annotate(annotations, next(inqilab_lines(1)), progress="todo")
    options: dict[str, str | int] = {"annotations": str(annotations), "workers": WORKERS}
    first = build(scratch, crawl, **options)
    _annotate(annotations, next(inqilab_lines(1)), progress="complete")
    again = build(scratch, crawl, **options)
    nothing = build(scratch, crawl, **options)
    steps = first.stages["clusters and splits"] + first.stages["release"]
    return Figure(
        title="Building again",
        measured=(
            "A build, then one changed annotation and the same command, then the same command "
            "with nothing changed. Shards run now are counted by their receipts."
        ),
        on=f"{sizes.pages:,} Inqilab articles, {WORKERS} workers",
        columns=(
            "build",
            "shards",
            "run now",
            "page stages, s",
            "clusters, s",
            "files, s",
            "all, s",
        ),
        rows=tuple(
            (
                name,
                taken.shards,
                taken.ran,
                taken.stages["pages"],
                taken.stages["clusters and splits"],
                taken.stages["release"],
                taken.seconds,
            )
            for name, taken in (
                ("the first", first),
                ("one annotation changed", again),
                ("nothing changed", nothing),
            )
        ),
        bars=(
            Bar("shards of pages run again: 1", str(again.ran), met=again.ran == 1),
            Bar(
                "no longer than the first build's steps behind the pages "
                f"({steps:.1f} s: clusters, splits, files)",
                f"{again.seconds:.1f} s",
                met=again.seconds <= steps,
            ),
        ),
    )


def _annotate(folder: Path, line: bytes, *, progress: str) -> None:
    """Write the annotation of an article: that nobody has begun, or that nothing is in it."""
    row = msgspec.json.decode(line)
    payload = f"{row['title']}\n\n{row['body']}".encode()
    digest = sha256_of(payload)
    header = {
        "type": "annotation",
        "doc_id": digest[:16],
        "text_sha256": digest,
        "annotator": "bench",
        "guideline": "1.0",
        "progress": progress,
    }
    path = folder / "bench" / f"{digest[:16]}.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.encode(header) + b"\n")


def kills_figure(sizes: Sizes, scratch: Path) -> Figure:
    """Kill builds at random moments."""
    crawl = write_lines(scratch / "inqilab.jsonl", inqilab_lines(sizes.kill_pages))
    found = kill_often(crawl, sizes.kills)
    return Figure(
        title="Kills",
        measured=(
            "A build is begun, and at a moment drawn from a seed, anywhere in the time that it "
            "takes undisturbed, its driver or one of its workers gets SIGKILL; then the same "
            "command runs to its end. Every byte of the release is compared with an undisturbed "
            "build's, and the output folder must hold the release alone."
        ),
        on=f"{sizes.kill_pages:,} Inqilab articles, {WORKERS} workers",
        columns=("kills", "drivers", "workers", "build was over before", "the same bytes"),
        rows=((found.trials, found.drivers, found.workers, found.late, found.same),),
        bars=(
            Bar(
                f"{found.trials} of {found.trials} the same bytes",
                str(found.same),
                met=found.same == found.trials,
            ),
        ),
    )


def memory_figure(sizes: Sizes, scratch: Path) -> Figure:
    """Compare the driver's memory on few pages and on many."""
    rows = []
    for count in (sizes.few, sizes.many):
        crawl = write_lines(scratch / "generated.jsonl", generated_lines(count))
        rows.append((count, build(scratch / str(count), crawl, workers=WORKERS)))
        crawl.unlink()
    few, many = (taken.peak_kilobytes for _, taken in rows)
    return Figure(
        title="Memory of a build",
        measured=(
            "Peak resident memory of the process that hands out tasks. Its workers hold a shard "
            "each; the one that finds clusters and splits grows with the corpus (docs/scale.md)."
        ),
        on=f"generated captures of 127 made-up words, every tenth a near-duplicate; {WORKERS} workers",
        columns=("pages", "whole build, s", "driver's peak, MB", "largest worker's peak, MB"),
        rows=tuple(
            (
                f"{count:,}",
                taken.seconds,
                round(taken.peak_kilobytes / 1024),
                round(taken.worker_kilobytes / 1024),
            )
            for count, taken in rows
        ),
        bars=(
            Bar(
                "within 20% of each other", f"{many / few - 1:+.1%}", met=abs(many / few - 1) <= 0.2
            ),
        ),
    )


def plain_figure(kind: str, sizes: Sizes, scratch: Path) -> Figure:
    """Compare a build with a plain script, and with what its libraries' calls take alone."""
    html = kind == "html"
    count = sizes.html_pages if html else sizes.pages
    lines = html_lines(count) if html else inqilab_lines(count)
    crawl = write_lines(scratch / f"{kind}.jsonl", lines)
    one = build(scratch / "one", crawl, workers=1)
    two = build(scratch / "two", crawl, workers=2)
    begun = time.perf_counter()
    words = [sys.executable, "-m", "benchmarks.scale_plain", kind, str(crawl)]
    subprocess.run(
        [*words, str(scratch / "plain.parquet")], cwd=REPOSITORY, capture_output=True, check=True
    )
    plain = time.perf_counter() - begun
    floor = encode_seconds(scratch / "one" / "out" / RELEASE)
    floor += parse_seconds(crawl) if html else 0.0
    wanted = 8.0 if html else 3.0
    what = "trafilatura, " if html else ""
    return Figure(
        title=f"A whole build of {'HTML pages' if html else 'text captures'}, and a plain script",
        measured=(
            "From the command to its end. The plain script (benchmarks/scale_plain.py, one "
            f"process): {what}sentences at [।?!], BNLP's tokenizer, offsets by str.find, "
            "Dataset.from_generator, one parquet file; no blocks, no page text, no "
            "near-duplicates, no splits. The floor: "
            + ("parsing the pages (selectolax) and " if html else "")
            + "writing the build's own parquet tables (pyarrow), nothing else."
        ),
        on=f"{count:,} " + ("generated pages of 250 kB" if html else "Inqilab articles"),
        columns=("way", "seconds", "pages a second", "times the plain script", "times the floor"),
        rows=tuple(
            (name, taken, round(count / taken), f"{plain / taken:.1f}", f"{taken / floor:.1f}")
            for name, taken in (
                ("khobor build, one process", one.seconds),
                ("khobor build, two workers", two.seconds),
                ("plain script", plain),
                ("floor", floor),
            )
        ),
        bars=(
            at_least("two workers, times the plain script", plain / two.seconds, wanted, digits=1),
            Bar(
                "one process, times the floor at most 2.0",
                f"{one.seconds / floor:.1f}",
                met=one.seconds <= 2 * floor,
            ),
        ),
    )


QUESTIONS: dict[str, tuple[str, Callable[[Sizes, Path], Figure]]] = {
    "workers": ("Builds with more workers", workers_figure),
    "rebuild": ("Building again", rebuild_figure),
    "kills": ("Kills", kills_figure),
    "memory": ("Memory of a build", memory_figure),
    "html": ("A whole build of HTML pages", lambda s, p: plain_figure("html", s, p)),
    "text": ("A whole build of text captures", lambda s, p: plain_figure("text", s, p)),
}
_WITHOUT_INQILAB = frozenset({"memory", "html"})


def figures(sizes: Sizes | None = None, *, names: tuple[str, ...] = ()) -> list[Figure]:
    """Measure; a question whose data is absent says so."""
    found = []
    for name, (title, measure) in QUESTIONS.items():
        if names and name not in names:
            continue
        if name not in _WITHOUT_INQILAB and not INQILAB.is_file():
            found.append(absent(title, "../shared/data/news/inqilab.jsonl.gz"))
            continue
        print(f"measuring {title} …", file=sys.stderr)
        with tempfile.TemporaryDirectory() as scratch:
            found.append(measure(sizes or Sizes(), Path(scratch)))
    return found


def main() -> None:
    """Print figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="of a tenth of the pages")
    parser.add_argument("names", nargs="*", choices=[*QUESTIONS, []])
    arguments = parser.parse_args()
    show(figures(QUICK if arguments.quick else None, names=tuple(arguments.names)))


if __name__ == "__main__":
    main()
