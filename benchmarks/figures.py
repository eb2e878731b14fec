"""Figures: measured tables, the bars they are held against, and their Markdown."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

Cell = str | int | float | None


class Bar(msgspec.Struct, frozen=True):
    """What a figure is held against, and what it reached."""

    wanted: str
    reached: str
    met: bool


class Figure(msgspec.Struct, frozen=True):
    """A table: what was measured, on what, against which bars.

    A float is printed with three digits behind the point, None as a dash.
    """

    title: str
    measured: str
    on: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...] = ()
    bars: tuple[Bar, ...] = ()
    notes: tuple[str, ...] = ()


def absent(title: str, path: str) -> Figure:
    """Make the figure of a question whose data is not beside the checkout."""
    return Figure(
        title=title,
        measured="Nothing.",
        on=f"absent: {path} is not beside the checkout",
        columns=(),
    )


def markdown(figure: Figure) -> str:
    """Turn a figure into a section of Markdown."""
    parts = [f"## {figure.title}", figure.measured, f"On: {figure.on}."]
    if figure.rows:
        lines = [
            figure.columns,
            tuple("---" if place == 0 else "---:" for place in _places(figure)),
        ]
        lines += [tuple(map(_cell, row)) for row in figure.rows]
        parts.append("\n".join(f"| {' | '.join(line)} |" for line in lines))
    if figure.bars:
        parts.append("\n".join(_bar(bar) for bar in figure.bars))
    parts += figure.notes
    return "\n\n".join(parts) + "\n"


def show(figures: Sequence[Figure]) -> None:
    """Print figures as Markdown."""
    for figure in figures:
        print(markdown(figure))


def at_least(what: str, reached: float, wanted: float, *, digits: int = 3) -> Bar:
    """Hold a number against the least that is wanted of it."""
    return Bar(
        f"{what} at least {wanted:.{digits}f}", f"{reached:.{digits}f}", met=reached >= wanted
    )


def at_most(what: str, reached: float, wanted: float, *, digits: int = 3) -> Bar:
    """Hold a number against the most that it may be."""
    return Bar(
        f"{what} at most {wanted:.{digits}f}", f"{reached:.{digits}f}", met=reached <= wanted
    )


def four(value: float) -> str:
    """Print a share with four digits, where three would hide a difference."""
    return f"{value:.4f}"


def _places(figure: Figure) -> range:
    return range(len(figure.columns))


def _cell(cell: Cell) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, float):
        return f"{cell:.3f}"
    if isinstance(cell, int):
        return f"{cell:,}"
    return cell.replace("|", "\\|")


def _bar(bar: Bar) -> str:
    return f"- bar: {bar.wanted}; reached {bar.reached}: **{'met' if bar.met else 'missed'}**"
