"""Tasks that engines run in tests; a process that is started finds them by their names."""

from __future__ import annotations

import os
import signal
from pathlib import Path


def double(number: int) -> int:
    """Turn a number into twice that."""
    return 2 * number


def die_at_three(number: int) -> int:
    """Kill this process at 3, as a native crash does."""
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die_once(task: tuple[str, int]) -> int:
    """Kill this process the first time; `task` is a folder and a number."""
    folder, number = task
    mark = Path(folder) / str(number)
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def refuse(number: int) -> int:
    """Raise."""
    raise ValueError(f"no {number}")


def wait_for(path: str) -> str:
    """Write this process's number, then wait until it is killed."""
    Path(path).write_text(str(os.getpid()))
    signal.pause()
    return path
