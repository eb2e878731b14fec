"""Releases of many documents: time and peak memory as a corpus grows, clustering included.

Run alone: python -m benchmarks.releases [SIZE …]. Every size has a process of its own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import msgspec

from benchmarks.figures import Figure, show
from benchmarks.material import REPOSITORY
from benchmarks.memory import peak_kilobytes
from khobor.corpus.clusters import Article, near_pairs, sign
from khobor.corpus.corpora import assemble
from khobor.release.verification.releases import verify_release
from khobor.release.writers import write_release

SIZES = (12_500, 25_000, 50_000, 100_000)
_COPY_EVERY = 10  # every so many articles, one is the one before it with another last sentence
_CONSONANTS = "কখগঘচছজটডতদনপবভমরলশসহ"
_SIGNS = ("", "া", "ি", "ু", "ে", "ো")
_WORDS = 20_000


class Taken(msgspec.Struct, frozen=True):
    """What one size took, in seconds; `clusters` again alone, within `assembled` already."""

    documents: int
    clustered: int
    assembled: float
    clusters: float
    written: float
    verified: float
    faults: int
    peak_kilobytes: int


def pages(count: int) -> Iterator[bytes]:
    """Generate captures of made-up words: a headline, a date line, twelve sentences."""
    random = Random(7)
    syllables = [c + s for c in _CONSONANTS for s in _SIGNS]
    words = ["".join(random.choices(syllables, k=random.randint(2, 4))) for _ in range(_WORDS)]

    def sentence(size: int) -> str:
        return " ".join(random.choices(words, k=size))

    body: list[str] = []
    for number in range(count):
        if number % _COPY_EVERY or not body:
            body = [f"{sentence(10)}।" for _ in range(12)]
        else:
            body = [*body[:-1], f"{sentence(10)}।"]
        text = "\n\n".join((sentence(7), " ".join(body[:6]), " ".join(body[6:])))
        yield msgspec.json.encode({"url": f"https://news.example/{number}", "text": text}) + b"\n"


def run(count: int, folder: Path) -> Taken:
    """Assemble, write and verify a release of `count` pages in this process."""
    crawl = folder / "crawl.jsonl"
    with crawl.open("wb") as file:
        file.writelines(pages(count))
    begun = time.perf_counter()
    corpus = assemble([crawl])
    assembled = time.perf_counter()
    path, release = write_release(corpus, folder, name="many", version="1.0.0.dev0")
    written = time.perf_counter()
    clusters = {entry.split.cluster_id for entry in corpus.entries}
    texts = {entry.document.doc_id: entry.view.text for entry in corpus.entries}
    peak = peak_kilobytes()
    again = time.perf_counter()
    near_pairs((sign(Article(d, "", text, None)) for d, text in texts.items()), texts.__getitem__)
    clustered = time.perf_counter()
    faults = verify_release(path)
    verified = time.perf_counter()
    return Taken(
        documents=release.documents,
        clustered=release.documents - len(clusters),
        assembled=assembled - begun,
        clusters=clustered - again,
        written=written - assembled,
        verified=verified - clustered,
        faults=len(faults),
        peak_kilobytes=peak,
    )


def figures(sizes: tuple[int, ...] = SIZES) -> list[Figure]:
    """Measure every size in a process of its own."""
    rows = []
    for size in sizes:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.releases", "--one", str(size)],
            cwd=REPOSITORY,
            capture_output=True,
            check=True,
        )
        taken = msgspec.json.decode(done.stdout, type=Taken)
        rows.append(
            (
                f"{taken.documents:,}",
                f"{taken.clustered:,}",
                taken.assembled,
                taken.clusters,
                taken.written,
                taken.verified,
                taken.faults,
                f"{taken.peak_kilobytes / 1024:,.0f}",
            )
        )
    return [
        Figure(
            title="Releases of many documents",
            measured="Seconds to assemble (capture to tokens, clusters and splits), of that for clusters"
            " alone (measured again), to write the release, and to verify it; peak memory of"
            " assembling and writing.",
            on="synthetic captures of 127 made-up words, every tenth a near-duplicate; one process",
            columns=(
                *("documents", "in another's cluster", "assemble, s", "clusters, s"),
                *("write, s", "verify, s", "faults", "peak, MB"),
            ),
            rows=tuple(rows),
        )
    ]


def main() -> None:
    """Measure one size for the process above, or print the table of all."""
    if sys.argv[1:2] == ["--one"]:
        with tempfile.TemporaryDirectory() as folder:
            taken = run(int(sys.argv[2]), Path(folder))
        sys.stdout.buffer.write(msgspec.json.encode(taken))
    else:
        show(figures(tuple(map(int, sys.argv[1:])) or SIZES))


if __name__ == "__main__":
    main()
