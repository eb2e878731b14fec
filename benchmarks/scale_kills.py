"""Fifty kills at random moments: of the driver or of a worker, then the same command again."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from random import Random

import msgspec

from benchmarks.material import REPOSITORY
from benchmarks.scale_runs import RELEASE, build, command
from khobor.release.checksums import CHECKSUMS

WORKERS = 2


class Kills(msgspec.Struct, frozen=True):
    """What came of the kills: how many builds ended with the same bytes."""

    trials: int
    same: int
    drivers: int  # driver killed while it ran
    workers: int  # worker killed while it ran
    late: int  # builds that were over before their kill; they are no trial


def kill_often(crawl: Path, trials: int) -> Kills:
    """Build a crawl undisturbed, then so often with a kill at a moment drawn from a seed."""
    random = Random(20211004)
    with tempfile.TemporaryDirectory() as place:
        undisturbed = build(Path(place), crawl, workers=WORKERS)
    counts = dict.fromkeys(("same", "driver", "worker", "late"), 0)
    while counts["driver"] + counts["worker"] < trials:
        victim = "driver" if counts["driver"] < counts["worker"] else "worker"
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            moment = random.uniform(0, undisturbed.seconds)
            killed = _run_with_kill(folder, crawl, victim, moment, random)
            counts[killed] += 1
            if killed != "late":
                path = folder / "out" / RELEASE / CHECKSUMS
                same = path.read_bytes() == undisturbed.checksums
                counts["same"] += same and _is_clean(folder)
    return Kills(
        trials=trials,
        same=counts["same"],
        drivers=counts["driver"],
        workers=counts["worker"],
        late=counts["late"],
    )


def _run_with_kill(folder: Path, crawl: Path, victim: str, moment: float, random: Random) -> str:
    """Run a build, kill at a moment, and go on until it is done; say who was killed."""
    words = command(folder, crawl, workers=WORKERS)
    driver = subprocess.Popen(
        words, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    time.sleep(moment)
    killed = "late"
    if driver.poll() is None:
        target = driver.pid
        children = _children(driver.pid)
        if victim == "worker" and children:
            target = random.choice(children)
        os.kill(target, signal.SIGKILL)
        killed = "driver" if target == driver.pid else "worker"
    code = driver.wait()
    if code:
        subprocess.run(words, cwd=REPOSITORY, capture_output=True, check=True)
    return killed


def _children(pid: int) -> list[int]:
    """List the workers of a driver: its children but for the tracker of its resources."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [
        int(child)
        for child in children
        if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


def _is_clean(folder: Path) -> bool:
    """Tell whether the folder of releases holds the release alone."""
    return [path.name for path in (folder / "out").iterdir()] == [RELEASE]
