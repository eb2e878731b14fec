"""A build as its user runs it, in a process of its own: seconds, peak memory, what came of it."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from benchmarks.material import REPOSITORY
from benchmarks.memory import peak_kilobytes
from khobor.release.checksums import CHECKSUMS

RELEASE = "khobor-pages-1.0.0.dev0"
_SHARDS = re.compile(r"Shards of pages: ([\d,]+), run now: ([\d,]+)")


class Taken(msgspec.Struct, frozen=True):
    """What a build took: seconds from its command to its end, peak memory of driver and worker."""

    seconds: float
    peak_kilobytes: int
    worker_kilobytes: int  # the worker that took most
    shards: int
    ran: int
    stages: dict[str, float]  # seconds of each stage, as its log says
    checksums: bytes  # SHA256SUMS of the release: all of its bytes

    @property
    def pages_seconds(self) -> float:
        """Seconds of the page stages."""
        return self.stages["pages"]


def build(folder: Path, *inputs: Path, **options: str | int) -> Taken:
    """Run `khobor build` into a folder; options by their names (workers=2, engine="dask")."""
    begun = time.perf_counter()
    done = subprocess.run(
        command(folder, *inputs, **options), cwd=REPOSITORY, capture_output=True, check=False
    )
    seconds = time.perf_counter() - begun
    if done.returncode:
        raise RuntimeError(done.stderr.decode()[-2000:])
    output, errors = done.stdout.decode(), done.stderr.decode()
    found = _SHARDS.search(output)
    assert found is not None, output
    shards, ran = (int(number.replace(",", "")) for number in found.groups())
    logged = [line for line in errors.splitlines() if line.startswith("{")]
    events = [msgspec.json.decode(line) for line in logged]
    return Taken(
        seconds=seconds,
        peak_kilobytes=next(e["peak"] for e in events if e["event"] == "peak"),
        worker_kilobytes=next(e["worker"] for e in events if e["event"] == "peak"),
        shards=shards,
        ran=ran,
        stages={e["stage"]: e["seconds"] for e in events if e["event"] == "end"},
        checksums=(folder / "out" / RELEASE / CHECKSUMS).read_bytes(),
    )


def command(folder: Path, *inputs: Path, **options: str | int) -> list[str]:
    """Make the command of a build whose driver says at its end what memory it took."""
    words = [f"--{name.replace('_', '-')}={value}" for name, value in options.items()]
    return [
        *(sys.executable, "-m", "benchmarks.scale_runs", "build", *map(str, inputs)),
        *("--out", str(folder / "out"), "--log-json", *words),
    ]


def main() -> None:
    """Run khobor's command line, then print this process's peak memory."""
    from khobor.cli.main import main as khobor

    try:
        khobor(sys.argv[1:])
    finally:
        workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        line = {"event": "peak", "peak": peak_kilobytes(), "worker": workers}
        sys.stderr.write(msgspec.json.encode(line).decode() + "\n")


if __name__ == "__main__":
    main()
