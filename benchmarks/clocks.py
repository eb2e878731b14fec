"""Clocks: how fast functions are, each run next to its peers' runs."""

from __future__ import annotations

import functools
import gc
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from types import ModuleType

RUNS = 3


def best_seconds(functions: Mapping[str, Sequence[Callable[[], object]]]) -> dict[str, float]:
    """Turn functions into the seconds of each one's best run.

    A function is given once a run, since each run may have material of its own. Runs take
    turns (all first runs, then all second ones), so that a busy moment of the machine meets
    every peer; before each, what khobor remembers of lines and paths seen is forgotten.
    """
    best = dict.fromkeys(functions, float("inf"))
    for run in range(RUNS):
        for name, runs in functions.items():
            forget()
            gc.collect()
            begun = time.perf_counter()
            runs[run % len(runs)]()
            best[name] = min(best[name], time.perf_counter() - begun)
    return best


def forget() -> None:
    """Empty khobor's bounded memories (functools.lru_cache); tables made once stay."""
    for name, module in list(sys.modules.items()):
        if name == "khobor" or name.startswith("khobor."):
            for cached in _bounded(module):
                cached.cache_clear()


def _bounded(module: ModuleType) -> list[functools._lru_cache_wrapper[object]]:
    return [
        value
        for value in vars(module).values()
        if isinstance(value, functools._lru_cache_wrapper)
        and value.cache_parameters()["maxsize"] is not None
    ]
