"""The guideline of a corpus folder: annotations/GUIDELINE.md, whose head says its version."""

from __future__ import annotations

import re
from pathlib import Path

GUIDELINE = "GUIDELINE.md"
NO_GUIDELINE = "none"
_VERSION = re.compile(r"\bversion[:\s*]+(\d+\.\d+)", re.IGNORECASE)
_HEAD = 2000


def guideline_version(corpus: Path) -> str:
    """Read the version (1.0) off a corpus folder's guideline; "none" where it has no guideline."""
    path = corpus / "annotations" / GUIDELINE
    try:
        with path.open(encoding="utf-8") as lines:
            found = _VERSION.search(lines.read(_HEAD))
    except (OSError, UnicodeDecodeError):
        return NO_GUIDELINE
    return found[1] if found else NO_GUIDELINE
