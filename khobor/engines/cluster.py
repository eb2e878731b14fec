"""The engine of a Dask cluster (`distributed`, the extra `dask`): futures over tasks alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from khobor.engines.interface import TRIES, Crashed, Tasks, load
from khobor.errors import UsageError

T = TypeVar("T")
R = TypeVar("R")

# Tasks handed out for each thread: one that runs, one that hides the way to the scheduler.
_HANDED_OUT = 2

# Its own threads in a worker wake some hundred times a second, to profile and to watch; each time
# the task waits for Python's lock, a tenth of its time.
_SETTINGS = {
    "distributed.scheduler.allowed-failures": 0,  # `run` counts them
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.worker.memory.monitor-interval": "1s",
}


class Cluster:
    """Runs tasks on the Dask cluster at an address, or on a LocalCluster of its own.

    `workers` are the processes of a LocalCluster; a cluster at an address has its own. Its
    machines must run the same khobor, and see the same paths. Raises UsageError where Dask is
    not installed or no scheduler answers.
    """

    def __init__(self, *, scheduler: str | None = None, workers: int = 1) -> None:
        try:
            import dask
            from distributed import Client, LocalCluster
        except ImportError as error:
            raise UsageError(
                "a cluster is reached by Dask, which is not installed",
                fix="run: pip install 'khobor[dask]'",
            ) from error
        dask.config.set(_SETTINGS)
        self._cluster: Any = None
        self._warming: list[Any] = []  # a future that nobody holds is not run
        if scheduler is None:
            self._cluster = LocalCluster(
                n_workers=workers,
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address=None,
            )
        try:
            self._client: Any = Client(scheduler or self._cluster)
        except (OSError, ValueError) as error:
            raise UsageError(
                f"no scheduler answers ({error})",
                where=str(scheduler),
                fix="start it first (dask scheduler), and give its address: tcp://HOST:8786",
            ) from error

    @property
    def slots(self) -> int:
        """How many tasks run at once: the threads of all workers, now."""
        threads: dict[str, int] = self._client.nthreads()
        return max(1, sum(threads.values()))

    def warm(self, function: Callable[[T], R]) -> None:
        """Have the workers of a cluster of our own import what a function needs."""
        if self._cluster is not None:
            self._warming = [
                self._client.submit(load, function, workers=[worker], pure=False)
                for worker in self._client.nthreads()
            ]

    def run(self, function: Callable[[T], R], tasks: Tasks[T]) -> Iterator[tuple[T, R | Crashed]]:
        """Turn tasks into (task, result) pairs, in the order in which they are done."""
        from distributed import as_completed

        held: dict[Any, tuple[T, int]] = {}  # future → task, tries before this one
        suspects: list[tuple[T, int]] = []
        completed = as_completed()
        try:
            while True:
                self._hand_out(function, tasks, held, completed)
                if not held and suspects:
                    # Dask blames all tasks that a worker held when it died, the innocent ones
                    # too: each is run again with no other beside it.
                    self._submit(function, suspects.pop(0), held, completed)
                if not held:
                    return
                future = next(completed)
                task, tries = held.pop(future)
                result = _result(future)
                if isinstance(result, Crashed) and tries + 1 < TRIES:
                    suspects.append((task, tries + 1))
                else:
                    yield task, result
        finally:
            self._client.cancel(list(held))

    def _hand_out(
        self,
        function: Callable[[T], R],
        tasks: Tasks[T],
        held: dict[Any, tuple[T, int]],
        completed: Any,
    ) -> None:
        most = self.slots * _HANDED_OUT
        while len(held) < most and (drawn := tasks.draw()) is not None:
            self._submit(function, drawn, held, completed)

    def _submit(
        self,
        function: Callable[[T], R],
        drawn: tuple[T, int],
        held: dict[Any, tuple[T, int]],
        completed: Any,
    ) -> None:
        # pure=False: a task that was run before may have to be run again.
        future = self._client.submit(function, drawn[0], pure=False, retries=0)
        held[future] = drawn
        completed.add(future)

    def close(self) -> None:
        """Leave the cluster; end it where it was started here."""
        self._client.close()
        if self._cluster is not None:
            self._cluster.close()


def _result(future: Any) -> Any:
    from distributed.scheduler import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        return Crashed(TRIES)
    finally:
        future.release()
