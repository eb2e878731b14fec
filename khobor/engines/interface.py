"""What every engine does: run one function over tasks, a bounded number of them at a time.

A task that kills its process (a native crash, the kernel's out-of-memory killer, somebody's kill)
costs nothing but itself: it is run again a few times and then given back as Crashed.
"""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

import msgspec

T = TypeVar("T")
R = TypeVar("R")

# Times that a task may kill its process before it is given up.
TRIES = 3


class Crashed(msgspec.Struct, frozen=True):
    """What became of a task whose process died each time."""

    tries: int


class Tasks(Generic[T]):
    """Tasks to be run: those added meanwhile first, then those of an iterable, drawn one by one.

    An iterable that is long costs no memory: nothing is drawn before a process is free for it.
    """

    def __init__(self, tasks: Iterable[T] = ()) -> None:
        self._tasks = iter(tasks)
        self._added: deque[tuple[T, int]] = deque()

    def add(self, task: T, tries: int = 0) -> None:
        """Have a task run before those not yet drawn; `tries` is how often it was begun."""
        self._added.append((task, tries))

    def draw(self) -> tuple[T, int] | None:
        """Take the next task and how often it was begun; None where none waits now."""
        if self._added:
            return self._added.popleft()
        for task in self._tasks:
            return task, 0
        return None


@contextmanager
def without_collector() -> Iterator[None]:
    """Keep the collector of cycles from running: a task makes many records and no cycle.

    It would look through all of them again and again, a third of the time of a task.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def load(function: object) -> None:
    """Do nothing: a process that gets a function has imported its module."""


class Engine(Protocol):
    """Runs tasks."""

    @property
    def slots(self) -> int:
        """How many tasks run at once."""

    def warm(self, function: Callable[[T], R]) -> None:
        """Have processes of this machine import what a function needs before it has tasks."""

    def run(self, function: Callable[[T], R], tasks: Tasks[T]) -> Iterator[tuple[T, R | Crashed]]:
        """Turn tasks into (task, result) pairs, in the order in which they are done.

        `function` and tasks can be pickled. Who takes a pair may add tasks before it asks for the
        next. What the function raises is raised here.
        """

    def close(self) -> None:
        """End what the engine started; it runs no task after that."""
