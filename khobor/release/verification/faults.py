"""What was found wrong with a release, and how much of it is listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import msgspec

MOST_A_FILE = 5  # faults listed of one check in one file; the rest is counted
MOST_A_CHECK = 50  # faults listed of one check in all files; the rest is counted
_LONGEST = 48  # code points of a string that a message shows

Broken = tuple[str, str]  # (check id, message): what a check of rows yields


class Fault(msgspec.Struct, frozen=True, order=True):
    """Something that a release promises and does not keep.

    `file` is relative to the release, "" is the whole of it; `check` is a stable id.
    """

    file: str
    check: str
    message: str

    def __str__(self) -> str:
        return printable(f"{self.file or '.'}: error {self.check} {self.message}")


class Faults:
    """Faults as they are found, bounded: a rotten release must not fill the memory."""

    def __init__(self) -> None:
        self._kept: list[Fault] = []
        self._seen: Counter[tuple[str, str]] = Counter()
        self._listed: Counter[str] = Counter()
        self._left: Counter[str] = Counter()

    def add(self, file: str, check: str, message: str) -> None:
        """Keep a fault, or count it where enough like it are kept."""
        if (file, check) not in self._seen and self._listed[check] >= MOST_A_CHECK:
            self._left[check] += 1
            return
        self._seen[file, check] += 1
        if self._seen[file, check] <= MOST_A_FILE:
            self._listed[check] += 1
            self._kept.append(Fault(file, check, message))

    def extend(self, file: str, broken: Iterable[Broken]) -> None:
        """Keep what a check of rows yields."""
        for check, message in broken:
            self.add(file, check, message)

    def listed(self) -> list[Fault]:
        """Give the faults, sorted; what is not listed is counted in a fault of its own."""
        more = [
            # … sorts behind the messages that it counts on from.
            Fault(file, check, f"… and {count - MOST_A_FILE:,} more in this file")
            for (file, check), count in self._seen.items()
            if count > MOST_A_FILE
        ]
        others = [
            Fault("", check, f"… and {count:,} more in other files")
            for check, count in self._left.items()
        ]
        return sorted([*self._kept, *more, *others])


def shown(text: object) -> str:
    """Turn what a release holds into a short quoted form for a message."""
    try:
        string = text if isinstance(text, str) else str(text)
    except (RecursionError, ValueError):
        # A list in a list a thousand deep; an integer of more digits than Python prints.
        string = f"a {type(text).__name__} that cannot be shown"
    return repr(string) if len(string) <= _LONGEST else repr(string[:_LONGEST]) + "…"


def printable(text: str) -> str:
    """Escape what a terminal would obey or swallow; a release may hold anything."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text
    )
