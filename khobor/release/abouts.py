"""What the maker of a release says of it, read from files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from khobor.errors import UsageError
from khobor.manifests import About
from khobor.release.citations import read_citation

GENERIC = "A corpus of Bengali news pages, segmented and tokenized by khobor."
_MAX_BYTES = 1_000_000


def read_about(
    *,
    description: str | Path = GENERIC,
    licence: Path | None = None,
    citation: Path | None = None,
    creators: Sequence[str] = (),
    language_creators: Sequence[str] = (),
) -> About:
    """Turn a description (Markdown, or a file of it) and files into what a release says of itself.

    Raises UsageError where a file cannot be read or is no text in UTF-8, RecordError where the
    citation is none.
    """
    words = _read(description) if isinstance(description, Path) else description
    return About(
        description=words.strip(),
        creators=tuple(creators),
        language_creators=tuple(language_creators),
        licence=_read(licence) if licence is not None else "",
        citation=read_citation(citation) if citation is not None else None,
    )


def _read(path: Path) -> str:
    try:
        content = path.read_bytes()
        if len(content) > _MAX_BYTES:
            raise ValueError(f"longer than {_MAX_BYTES:,} bytes")
        return content.decode("utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot be read ({error.strerror})", where=str(path), fix="expected a text file"
        ) from error
    except ValueError as error:
        raise UsageError(
            f"is no text in UTF-8 that a release can carry ({error})", where=str(path)
        ) from error
