"""Engines of one machine: this process, or a pool of processes."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import TypeVar

from khobor.engines.interface import TRIES, Crashed, Tasks, load

T = TypeVar("T")
R = TypeVar("R")


class InProcess:
    """Runs tasks in this process, one by one; a task that kills it kills the run."""

    slots = 1

    def run(self, function: Callable[[T], R], tasks: Tasks[T]) -> Iterator[tuple[T, R | Crashed]]:
        """Turn tasks into (task, result) pairs, in their order."""
        while (drawn := tasks.draw()) is not None:
            yield drawn[0], function(drawn[0])

    def warm(self, function: Callable[[T], R]) -> None:
        """Do nothing: who has a function has imported its module."""

    def close(self) -> None:
        """Nothing was started."""


class Pool:
    """Runs tasks in processes of this machine.

    Each process is an executor of its own: where one dies, it is known which task it had, and the
    others go on. (One executor of many processes breaks as a whole.)
    """

    def __init__(self, workers: int) -> None:
        self.slots = workers
        self._executors = [_executor() for _ in range(workers)]

    def run(self, function: Callable[[T], R], tasks: Tasks[T]) -> Iterator[tuple[T, R | Crashed]]:
        """Turn tasks into (task, result) pairs, in the order in which they are done."""
        running: dict[Future[R], tuple[int, T, int]] = {}  # process, task, tries before this one
        free = list(range(self.slots))
        self.warm(function)  # also those that have no task yet
        try:
            while True:
                while free and (drawn := tasks.draw()) is not None:
                    place = free.pop()
                    running[self._submit(place, function, drawn[0])] = (place, *drawn)
                if not running:
                    return
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    place, task, tries = running.pop(future)
                    free.append(place)
                    result = self._result(future, place)
                    if isinstance(result, Crashed) and tries + 1 < TRIES:
                        tasks.add(task, tries + 1)
                    else:
                        yield task, result
        finally:
            wait(running)  # what still runs would write while its folder is cleaned up

    def warm(self, function: Callable[[T], R]) -> None:
        """Have all processes import what a function needs, while nobody waits for it."""
        for executor in self._executors:
            with suppress(BrokenProcessPool):
                executor.submit(load, function)

    def _submit(self, place: int, function: Callable[[T], R], task: T) -> Future[R]:
        try:
            return self._executors[place].submit(function, task)
        except BrokenProcessPool:  # it died while it had nothing to do
            self._renew(place)
            return self._executors[place].submit(function, task)

    def _result(self, future: Future[R], place: int) -> R | Crashed:
        try:
            return future.result()
        except BrokenProcessPool:
            self._renew(place)
            return Crashed(TRIES)

    def _renew(self, place: int) -> None:
        self._executors[place].shutdown(wait=True, cancel_futures=True)
        self._executors[place] = _executor()

    def close(self) -> None:
        """End the processes."""
        for executor in self._executors:
            executor.shutdown(wait=True, cancel_futures=True)


def _executor() -> ProcessPoolExecutor:
    # spawn: a fork would copy the threads' locks of pyarrow and of the progress bar.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=context, initializer=_follow_parent)


def _follow_parent() -> None:
    """End this process when the one that started it is killed: its executor would not."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: multiprocessing.process.BaseProcess) -> None:
    parent.join()
    os._exit(1)
