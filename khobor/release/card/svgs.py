"""SVG drawn as text: the few shapes that bar charts need, escaped, the same bytes every time.

The ground is white and the words dark, set in the picture itself: a page shows it as an image, where
it cannot know whether the page around it is light or dark.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

INK, FAINT, LINE, GROUND = "#1f2328", "#57606a", "#d0d7de", "#ffffff"
FONT = "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans Bengali', Helvetica, Arial, sans-serif"
# Wide enough for capitals in any of these fonts; small letters and digits are narrower.
_EM = 0.68


def drawing(width: int, height: int, shapes: Iterable[str], *, title: str, about: str) -> str:
    """Turn shapes into an SVG file; `title` and `about` are what a screen reader says of it."""
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img" aria-labelledby="title desc" '
            f'font-family={quoteattr(FONT)} font-size="12">',
            f'<title id="title">{_said(title)}</title>',
            f'<desc id="desc">{_said(about)}</desc>',
            f'<rect width="{width}" height="{height}" rx="6" fill="{GROUND}"/>',
            *shapes,
            "</svg>",
            "",
        ]
    )


def label(
    x: float,
    y: float,
    words: str,
    *,
    anchor: str = "start",
    size: int = 12,
    bold: bool = False,
    colour: str = INK,
) -> str:
    """Draw words with their baseline at y; `anchor` is start, middle or end."""
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{_number(x)}" y="{_number(y)}" text-anchor="{anchor}" font-size="{size}" '
        f'fill="{colour}"{weight}>{_said(words)}</text>'
    )


def bar(x: float, y: float, width: float, height: float, colour: str) -> str:
    """Draw a filled rectangle."""
    return (
        f'<rect x="{_number(x)}" y="{_number(y)}" width="{_number(width)}" '
        f'height="{_number(height)}" fill="{colour}"/>'
    )


def rule(x1: float, y1: float, x2: float, y2: float, colour: str = LINE) -> str:
    """Draw a thin line."""
    ends = f'x1="{_number(x1)}" y1="{_number(y1)}" x2="{_number(x2)}" y2="{_number(y2)}"'
    return f'<line {ends} stroke="{colour}"/>'


def width_of(words: str, size: int = 12) -> float:
    """Estimate the width of words in pixels, rather too wide than too narrow."""
    return len(words) * size * _EM


def _number(value: float) -> str:
    """Write a number with two places at most, the same on every machine."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _said(words: str) -> str:
    """Escape words, and drop what XML cannot hold."""
    kept = "".join(
        c for c in words if c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff"
    )
    return escape(kept)
