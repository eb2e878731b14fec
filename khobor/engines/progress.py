"""How far a build is: one bar for people, lines of JSON for machines, both on stderr."""

from __future__ import annotations

import sys
import time
from typing import Any, Protocol

import msgspec
from tqdm import tqdm


class Progress(Protocol):
    """Is told how far a stage is."""

    def begin(self, stage: str, unit: str) -> None:
        """Begin a stage, whose steps count things of a unit."""

    def expect(self, total: float | None) -> None:
        """Say how many there will be, as far as is known."""

    def step(self, count: int, *, rejects: int = 0, reused: int = 0) -> None:
        """Count things as done: of them some were rejected, some were done in an earlier run."""

    def end(self) -> None:
        """End the stage."""


class Bar:
    """A bar of tqdm: things a second, rejects, time left. None where stderr is no terminal."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._rejects = self._reused = 0

    def begin(self, stage: str, unit: str) -> None:
        """Show a bar."""
        self._rejects = self._reused = 0
        self._bar = tqdm(desc=stage, unit=unit, disable=None, leave=False, dynamic_ncols=True)

    def expect(self, total: float | None) -> None:
        """Set the end of the bar."""
        self._bar.total = total
        self._bar.refresh()

    def step(self, count: int, *, rejects: int = 0, reused: int = 0) -> None:
        """Move the bar on."""
        self._rejects += rejects
        self._reused += reused
        shown = {"rejects": self._rejects} | ({"reused": self._reused} if self._reused else {})
        self._bar.set_postfix(shown, refresh=False)
        self._bar.update(count)

    def end(self) -> None:
        """Take the bar away."""
        self._bar.close()


class JsonLog:
    """A line of JSON a step: stage, done, total, rejects, reused, seconds since its begin."""

    def __init__(self) -> None:
        self._state: dict[str, Any] = {}
        self._begun = 0.0

    def begin(self, stage: str, unit: str) -> None:
        """Write that a stage begins."""
        self._begun = time.monotonic()
        self._state = {
            "stage": stage,
            "unit": unit,
            "done": 0,
            "total": None,
            "rejects": 0,
            "reused": 0,
        }
        self._write("begin")

    def expect(self, total: float | None) -> None:
        """Keep the total for the next line."""
        self._state["total"] = total if total is None else round(total)

    def step(self, count: int, *, rejects: int = 0, reused: int = 0) -> None:
        """Write how far it is."""
        for name, more in (("done", count), ("rejects", rejects), ("reused", reused)):
            self._state[name] += more
        self._write("step")

    def end(self) -> None:
        """Write that it ends."""
        self._write("end")

    def _write(self, event: str) -> None:
        line = {"event": event, **self._state, "seconds": round(time.monotonic() - self._begun, 3)}
        sys.stderr.write(msgspec.json.encode(line).decode() + "\n")
        sys.stderr.flush()


class Silent:
    """Says nothing."""

    def begin(self, stage: str, unit: str) -> None:
        """Say nothing."""

    def expect(self, total: float | None) -> None:
        """Say nothing."""

    def step(self, count: int, *, rejects: int = 0, reused: int = 0) -> None:
        """Say nothing."""

    def end(self) -> None:
        """Say nothing."""
