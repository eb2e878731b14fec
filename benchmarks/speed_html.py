"""How many HTML pages a second become documents, and how many the peers extract."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import msgspec

from benchmarks.clocks import RUNS, best_seconds
from benchmarks.figures import Figure, absent, at_least, show
from benchmarks.material import LIVENEWS, livenews_pages
from benchmarks.synthetic import article_html
from khobor.capture.decoding import decode_page
from khobor.capture.pages import capture_page
from khobor.errors import PageError
from khobor.pipeline import build_document

PAGES = 60  # of the synthetic set, in each run
_BAR = 10.0  # times trafilatura's pages a second
_KHOBOR, _TRAFILATURA = "khobor, bytes to tokens", "trafilatura.extract"


class Speed(msgspec.Struct, frozen=True):
    """How fast an extractor was on a set of pages, in its best run."""

    extractor: str
    pages: int
    bytes: int
    seconds: float

    @property
    def pages_a_second(self) -> float:
        return self.pages / self.seconds


def documents(pages: Sequence[bytes]) -> int:
    """Run khobor from bytes to tokens; count the documents."""
    made = 0
    for raw in pages:
        try:
            build_document(capture_page(raw, source="page.html"))
        except PageError:
            continue
        made += 1
    return made


def peers() -> Mapping[str, Callable[[Sequence[str]], object]]:
    """List the peers."""
    from justext import get_stoplist, justext
    from resiliparse.extract.html2text import extract_plain_text
    from selectolax.lexbor import LexborHTMLParser
    from trafilatura import extract

    words = get_stoplist("Bengali")
    return {
        _TRAFILATURA: lambda pages: [extract(page) for page in pages],
        "trafilatura.extract, fast": lambda pages: [extract(page, fast=True) for page in pages],
        "jusText": lambda pages: [justext(page, words) for page in pages],
        "resiliparse, main content": lambda pages: [
            extract_plain_text(page, main_content=True) for page in pages
        ],
        "selectolax, parsing alone": lambda pages: [LexborHTMLParser(page) for page in pages],
    }


def measure(runs: Sequence[Sequence[bytes]]) -> list[Speed]:
    """Time khobor and its peers, a set of pages a run: one Speed each.

    khobor gets bytes, the peers pages decoded before; nothing is read while the clock runs.
    """
    decoded = [[decode_page(raw)[0] for raw in pages] for pages in runs]
    functions: dict[str, list[Callable[[], object]]] = {
        _KHOBOR: [partial(documents, pages) for pages in runs]
    }
    for name, extract in peers().items():
        functions[name] = [partial(extract, pages) for pages in decoded]
    for first, *_ in functions.values():
        first()  # warm: modules imported, patterns compiled
    seconds = best_seconds(functions)
    size = sum(map(len, runs[0]))
    return [Speed(name, len(runs[0]), size, spent) for name, spent in seconds.items()]


def figures() -> list[Figure]:
    """Measure the real pages and the generated ones."""
    real = absent("Speed on real HTML pages", "../shared/data/livenews24")
    if LIVENEWS.is_dir():
        pages = [page.raw for page in livenews_pages()]
        on = f"livenews24: {len(pages)} pages of 2012 (mean {_kilobytes(pages)} kB)"
        real = _figure("Speed on real HTML pages", on, [pages])
    runs = [[article_html(run * PAGES + at) for at in range(PAGES)] for run in range(RUNS)]
    on = (
        f"benchmarks/synthetic.py: {PAGES} generated pages (mean {_kilobytes(runs[0])} kB, of it "
        "about 60 % scripts and JSON; a menu of 120 links, 60 promoted headlines, 15 paragraphs), "
        "other pages in each run"
    )
    return [real, _figure("Speed on large HTML pages", on, runs)]


def _figure(title: str, on: str, runs: Sequence[Sequence[bytes]]) -> Figure:
    speeds = measure(runs)
    slow = next(each for each in speeds if each.extractor == _TRAFILATURA)
    own = next(each for each in speeds if each.extractor == _KHOBOR)
    return Figure(
        title=title,
        measured=(
            f"One process, pages in memory, best of {RUNS} warm runs that take turns. khobor goes "
            "from bytes to labelled blocks, sentences and tokens (and forgets before each run "
            "which lines it has seen); the peers get decoded pages and give the article's text."
        ),
        on=f"{on}; khobor makes documents of {documents(runs[0])} of {len(runs[0])}",
        columns=("extractor", "pages a second", "MB a second", "times trafilatura"),
        rows=tuple(
            (
                *(each.extractor, round(each.pages_a_second)),
                f"{each.bytes / each.seconds / 1e6:.1f}",
                f"{each.pages_a_second / slow.pages_a_second:.1f}",
            )
            for each in speeds
        ),
        bars=(
            at_least("times trafilatura", own.pages_a_second / slow.pages_a_second, _BAR, digits=1),
        ),
    )


def _kilobytes(pages: Sequence[bytes]) -> int:
    return round(sum(map(len, pages)) / len(pages) / 1000)


if __name__ == "__main__":
    show(figures())
