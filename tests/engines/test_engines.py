"""Every engine runs every task once, and a task that kills its process costs itself alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from khobor.engines.choices import open_engine
from khobor.engines.interface import TRIES, Crashed, Engine, Tasks
from khobor.errors import UsageError
from tests.engines.tasks import die_at_three, die_once, double, refuse


@pytest.fixture(scope="module", params=["pool", "dask"])
def processes(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine of two processes."""
    if request.param == "dask":
        pytest.importorskip("distributed")
    with open_engine("dask" if request.param == "dask" else "local", workers=2) as engine:
        yield engine


def test_this_process_runs_tasks_in_order() -> None:
    with open_engine() as engine:
        assert list(engine.run(double, Tasks([3, 1, 2]))) == [(3, 6), (1, 2), (2, 4)]


def test_processes_run_each_task_once(processes: Engine) -> None:
    done = list(processes.run(double, Tasks(range(40))))
    assert sorted(done) == [(number, 2 * number) for number in range(40)]


def test_no_task_is_drawn_long_before_it_can_run(processes: Engine) -> None:
    drawn = 0

    def tasks() -> Iterator[int]:
        nonlocal drawn
        while True:
            drawn += 1
            yield drawn

    running = processes.run(double, Tasks(tasks()))
    for _ in range(10):
        next(running)
    running.close()  # type: ignore[attr-defined]  # it is a generator
    assert drawn <= 10 + 2 * processes.slots


def test_tasks_may_be_added_while_others_run(processes: Engine) -> None:
    tasks = Tasks([1])
    found = []
    for task, _ in processes.run(double, tasks):
        found.append(task)
        if task < 64:
            tasks.add(2 * task)
    assert found == [1, 2, 4, 8, 16, 32, 64]


def test_a_task_that_kills_its_process_each_time_fails_alone(processes: Engine) -> None:
    results = dict(processes.run(die_at_three, Tasks(range(8))))
    assert results == {**{number: number for number in range(8)}, 3: Crashed(TRIES)}


def test_a_process_that_is_killed_once_costs_nothing(processes: Engine, tmp_path: Path) -> None:
    tasks = [(str(tmp_path), number) for number in range(6)]
    assert dict(processes.run(die_once, Tasks(tasks))) == {task: task[1] for task in tasks}


def test_what_a_task_raises_is_raised(processes: Engine) -> None:
    with pytest.raises(ValueError, match="no 7"):
        list(processes.run(refuse, Tasks([7])))
    assert list(processes.run(double, Tasks([1]))) == [(1, 2)]


def test_a_scheduler_without_dask_is_refused() -> None:
    with (
        pytest.raises(UsageError, match="only Dask has a scheduler"),
        open_engine("local", scheduler="tcp://127.0.0.1:1"),
    ):
        pass


def test_processes_end_with_the_one_that_started_them(tmp_path: Path) -> None:
    program = (
        "from khobor.engines.choices import open_engine\n"
        "from khobor.engines.interface import Tasks\n"
        "from tests.engines.tasks import wait_for\n"
        "if __name__ == '__main__':\n"
        "    with open_engine(workers=2) as engine:\n"
        f"        list(engine.run(wait_for, Tasks([{str(tmp_path / 'pid')!r}])))\n"
    )
    driver = subprocess.Popen([sys.executable, "-c", program])
    worker = _number_in(tmp_path / "pid")
    driver.send_signal(signal.SIGKILL)
    driver.wait()
    _wait_until(lambda: not _lives(worker))


def _number_in(path: Path) -> int:
    _wait_until(lambda: path.is_file() and path.read_text() != "")
    return int(path.read_text())


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not stat.is_file() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


def _wait_until(holds: object) -> None:
    """Wait until something holds, as long as a very slow machine may take."""
    assert callable(holds)
    for _ in range(600):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it never held")
