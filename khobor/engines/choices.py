"""Which engine runs a build, by the names of the command line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from khobor.engines.interface import Engine
from khobor.engines.local import InProcess, Pool
from khobor.errors import UsageError

EngineName = Literal["local", "dask"]


@contextmanager
def open_engine(
    name: EngineName = "local", *, workers: int = 1, scheduler: str | None = None
) -> Iterator[Engine]:
    """Turn a name into an engine, which is closed in the end.

    `local` with one worker is this process, with more a pool of processes. Raises UsageError
    where Dask is asked for and cannot be had, or a scheduler is named for another engine.
    """
    if scheduler is not None and name != "dask":
        raise UsageError("only Dask has a scheduler", where="--scheduler", fix="add --engine dask")
    engine: Engine
    if name == "dask":
        from khobor.engines.cluster import Cluster

        engine = Cluster(scheduler=scheduler, workers=workers)
    else:
        engine = InProcess() if workers <= 1 else Pool(workers)
    try:
        yield engine
    finally:
        engine.close()
