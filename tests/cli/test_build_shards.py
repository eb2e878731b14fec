"""khobor build over shards: engines, work folders, progress, kills, and pages that kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.rows import contents_of
from tests.samples import write_plain_pages
from tests.stories import story

RELEASE = "khobor-pages-1.0.0.dev0"
_SCRIPT = "from khobor.cli.main import main; main()"
# Laid in the way of every Python process: reading a page that says so kills it, as a fault in
# native code does.
_KILLER = """
import os, signal
import khobor.corpus.documents as documents
capture = documents.capture_page
def killing(raw, **named):
    if "মারণ".encode() in raw:
        os.kill(os.getpid(), signal.SIGKILL)
    return capture(raw, **named)
documents.capture_page = killing
"""


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """A folder of pages and a crawl."""
    folder = write_plain_pages(tmp_path / "pages", 8)
    (folder / "empty.txt").write_bytes(b"")
    rows = [{"title": story(n)[0], "body": "\n\n".join(story(n)[1:])} for n in range(100, 130)]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "crawl.jsonl").write_text(lines, encoding="utf-8")
    return folder


def _command(*arguments: object) -> list[str]:
    return [sys.executable, "-c", _SCRIPT, "build", *map(str, arguments)]


def _environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **more}


@pytest.fixture
def undisturbed(run: Run, pages: Path, tmp_path: Path) -> dict[str, str]:
    """The release of the pages, built by one process at one go."""
    assert run("build", pages, "--out", tmp_path / "whole").exit_code == 0
    return contents_of(tmp_path / "whole" / RELEASE)


def test_out_holds_the_release_alone_and_work_lies_beside_it(
    run: Run, pages: Path, tmp_path: Path
) -> None:
    result = run("build", pages, "--out", tmp_path / "out", "--name", "mine")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine-1.0.0.dev0"]
    work = tmp_path / "out.work" / "mine"
    assert f"Shards of pages: 3, run now: 3; for the next build they lie in {work}" in result.stdout
    again = run("build", pages, "--out", tmp_path / "out", "--name", "mine")
    assert "Shards of pages: 3, run now: 0" in again.stdout


def test_another_work_folder_gives_the_same_release(
    run: Run, pages: Path, tmp_path: Path, undisturbed: dict[str, str]
) -> None:
    work = tmp_path / "elsewhere"
    result = run("build", pages, "--out", tmp_path / "out", "--work", work, "--workers", 2)
    assert result.exit_code == 0
    assert (work / "plan.json").is_file()
    assert contents_of(tmp_path / "out" / RELEASE) == undisturbed


@pytest.mark.parametrize(
    "words", [("--scheduler", "tcp://127.0.0.1:1"), ("--work", "nosuchprotocol://x")]
)
def test_what_cannot_be_is_wrong_usage(
    run: Run, pages: Path, tmp_path: Path, words: tuple[str, str]
) -> None:
    assert run("build", pages, "--out", tmp_path / "out", *words).exit_code == 2
    assert not (tmp_path / "out").exists()


def test_a_work_folder_among_the_pages_is_refused(run: Run, pages: Path, tmp_path: Path) -> None:
    result = run("build", pages, "--out", tmp_path / "out", "--work", pages / "work")
    assert result.exit_code == 2
    assert "every file of which is a page; choose an --work outside it" in result.stderr
    assert not (pages / "work").exists()


def test_progress_for_machines_is_a_line_of_json_a_step(
    run: Run, pages: Path, tmp_path: Path
) -> None:
    result = run("build", pages, "--out", tmp_path / "out", "--log-json")
    events = [json.loads(line) for line in result.stderr.splitlines()]
    ends = {event["stage"]: event for event in events if event["event"] == "end"}
    assert list(ends) == ["pages", "clusters and splits", "release"]
    assert ends["pages"]["done"] == ends["pages"]["total"] == 39
    assert ends["pages"]["rejects"] == 1
    assert ends["release"]["done"] == 38
    steps = [event["done"] for event in events if event["stage"] == "pages"]
    assert steps == sorted(steps)
    again = run("build", pages, "--out", tmp_path / "out", "--log-json")
    last = [json.loads(line) for line in again.stderr.splitlines()]
    assert next(e["reused"] for e in last if (e["event"], e["stage"]) == ("end", "pages")) == 39


@pytest.mark.parametrize("victim", ["driver", "worker"])
@pytest.mark.parametrize("stage", ["pages", "clusters and splits", "release"])
def test_a_kill_costs_nothing_but_time(
    pages: Path, tmp_path: Path, undisturbed: dict[str, str], victim: str, stage: str
) -> None:
    out = tmp_path / "out"
    command = _command(pages, "--out", out, "--workers", 2, "--log-json")
    driver = subprocess.Popen(
        command, env=_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    )
    assert driver.stderr is not None
    for line in driver.stderr:
        event = json.loads(line)
        if (event["event"], event["stage"]) == ("begin", stage):
            break
    for _ in range(600):  # a worker is there soon after; the driver is there already
        targets = [driver.pid] if victim == "driver" else list(_workers(driver.pid))
        if targets or driver.poll() is not None:
            break
        time.sleep(0.01)
    if targets:
        with suppress(ProcessLookupError):  # it may be over, on a busy machine
            os.kill(targets[0], signal.SIGKILL)
    driver.stderr.read()
    code = driver.wait()
    assert code in ((-signal.SIGKILL, 0) if victim == "driver" else (0,))
    if code:
        done = subprocess.run(command, env=_environment(), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
    assert contents_of(out / RELEASE) == undisturbed
    assert [path.name for path in out.iterdir()] == [RELEASE]


def _workers(pid: int) -> Iterator[int]:
    with suppress(OSError):  # one that ends meanwhile
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                yield int(child)


@pytest.mark.parametrize("engine", ["local", "dask"])
def test_a_page_that_kills_its_process_is_a_reject_and_exit_code_one(
    pages: Path, tmp_path: Path, engine: str
) -> None:
    (tmp_path / "hook").mkdir()
    (tmp_path / "hook" / "sitecustomize.py").write_text(_KILLER, encoding="utf-8")
    environment = _environment()
    environment["PYTHONPATH"] = os.pathsep.join([str(tmp_path / "hook"), *sys.path])
    (pages / "killer.txt").write_text("\n\n".join(story(200)) + "\n\nমারণ\n", encoding="utf-8")
    command = _command(pages, "--out", tmp_path / "out", "--workers", 2, "--engine", engine)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "1 pages killed the process that read them" in done.stderr
    rejects = (tmp_path / "out" / RELEASE / "reports" / "rejects.jsonl").read_text("utf-8")
    reasons = {row["source"]: row["reason"] for row in map(json.loads, rejects.splitlines())}
    assert reasons == {"empty.txt": "empty", "killer.txt": "crashed"}
    manifest = json.loads((tmp_path / "out" / RELEASE / "manifest.json").read_text("utf-8"))
    assert (manifest["pages"], manifest["documents"]) == (40, 38)
    again = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert again.returncode == 1
    assert "run now: 0" in again.stdout
