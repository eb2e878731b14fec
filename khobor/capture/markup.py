"""A look at HTML before it is parsed: markup that would cost the parser more than its size.

HTML5 error recovery walks the open elements for many a tag, so the time grows with the square
of the depth (50,000 nested <div>, a quarter of a megabyte, take 16 s), and it repeats unclosed
formatting elements in every block behind them. Pages of people are under 100 deep.
"""

from __future__ import annotations

import re

from khobor.errors import PageError

MAX_DEPTH = 1_000
# Formatting elements left open, times the blocks that repeat them: so many elements are made up.
MAX_REPEATED = 1_000_000
# Below so many start tags nothing of this can cost more than a second or two.
_HARMLESS_TAGS = 4_000

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
# Elements that never stay open, or that the next one of their kind closes.
_SHALLOW = frozenset(
    "area base br col embed hr img input link meta param source track wbr"
    " p li dt dd tr td th tbody thead tfoot option optgroup html head body".split()
)
_FORMATTING = frozenset("a b big code em font i nobr s small strike strong tt u".split())
_REPEATING = frozenset("p div li td dd dt blockquote h1 h2 h3 h4 h5 h6 section article".split())


def check_markup(source: str, *, where: str = "") -> None:
    """Raise PageError (`too-deep`) where parsing a page could take time out of all proportion."""
    tags = source.count("<")
    if tags <= _HARMLESS_TAGS or tags - source.count("</") <= _HARMLESS_TAGS:
        return
    depth = unclosed = repeated = 0
    for found in _TAG.finditer(source):
        tag = found[2].lower()
        if found[1]:
            depth -= tag not in _SHALLOW and depth > 0
            unclosed -= tag in _FORMATTING and unclosed > 0
            continue
        depth += tag not in _SHALLOW
        unclosed += tag in _FORMATTING
        repeated += unclosed * (tag in _REPEATING)
        if depth > MAX_DEPTH or repeated > MAX_REPEATED:
            raise PageError(
                f"its elements are nested more than {MAX_DEPTH:,} deep, or are repeated more than "
                f"{MAX_REPEATED:,} times, by tags that nothing closes",
                where=where,
                fix="no page that people read is; leave it out",
                reason="too-deep",
            )
