"""The two annotators of a command, and the names under which it speaks of them."""

from __future__ import annotations

from pathlib import Path

import msgspec

from khobor.corpus.annotators import Joint, read_joint

_WIDTH = 7  # of a name in a table; its column is one wider


def read_named_joint(
    corpus: Path, first: str, second: str, *, supplied: tuple[Path, ...] = ()
) -> Joint:
    """Turn two annotators, by name or by path, into their Joint, named as their folders are.

    `annotations/a1` is a1: decisions are kept under names, which no path here may change. Two
    folders of one name keep their paths.
    """
    names = tuple(annotator_name(given) for given in (first, second))
    if names[0] == names[1]:
        return read_joint(corpus, first, second, supplied=supplied)
    known = [
        name if _is_same(corpus / "annotations" / name, Path(given)) else given
        for name, given in zip(names, (first, second), strict=True)
    ]
    joint = read_joint(corpus, known[0], known[1], supplied=supplied)
    return msgspec.structs.replace(joint, first=names[0], second=names[1])


def short_name(name: str) -> str:
    """Turn a name into one that a column of 8 holds, with an ellipsis where it is cut."""
    return name if len(name) <= _WIDTH else f"{name[: _WIDTH - 1]}…"


def annotator_name(given: str) -> str:
    """Turn what a command was given, a name or a path, into the name of its folder."""
    path = Path(given)
    return path.absolute().parent.name if path.is_file() else path.name or given


def _is_same(folder: Path, given: Path) -> bool:
    return folder.is_dir() and given.is_dir() and folder.samefile(given)
