"""How well the article is found in a text capture: the same pages, rendered by others' tools."""

from __future__ import annotations

import html
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable

from benchmarks import extractors
from benchmarks.extraction import Score, score
from benchmarks.extractors import Extract
from benchmarks.figures import Bar, Cell, Figure, absent, at_least, four, show
from benchmarks.material import LIVENEWS, GoldPage, livenews_pages
from benchmarks.words import mean, total
from khobor.capture.decoding import decode_page

_DANDA = re.compile(r"[।৷॥]")
_MARKS = re.compile(r"^#+ |\\([-+.#*_()\[\]])", re.MULTILINE)
_WIDTH = "10000"  # columns: no paragraph is wrapped


def w3m(page: str) -> str:
    """Render a decoded HTML page with w3m."""
    command = ["w3m", "-dump", "-T", "text/html", "-I", "UTF-8", "-O", "UTF-8", "-cols", _WIDTH]
    done = subprocess.run(command, input=page.encode("utf-8"), capture_output=True, check=True)
    return done.stdout.decode("utf-8")


def html2text(page: str) -> str:
    """Render a decoded HTML page with html2text, without the marks of Markdown.

    Links and emphasis stand as their words alone, headings without `#`, and nothing is escaped.
    """
    from html2text import HTML2Text

    renderer = HTML2Text(bodywidth=0)
    renderer.ignore_links = renderer.ignore_images = renderer.ignore_emphasis = True
    return _MARKS.sub(r"\1", renderer.handle(page))


def khobor(capture: str) -> Extract:
    """Extract from a text capture with khobor."""
    return extractors.khobor(capture.encode("utf-8"), source="page.txt")


def justext_of_lines(capture: str) -> Extract:
    """Extract with jusText, each line of the capture a paragraph."""
    lines = [f"<p>{html.escape(line)}</p>" for line in capture.splitlines() if line.strip()]
    return extractors.justext("\n".join(["<html><body>", *lines, "</body></html>"]).encode("utf-8"))


def lines_with_danda(capture: str) -> Extract:
    """Take every line that holds a danda."""
    return Extract(tuple(line for line in capture.splitlines() if _DANDA.search(line)))


def all_lines(capture: str) -> Extract:
    """Take the whole capture."""
    return Extract(tuple(capture.splitlines()))


EXTRACTORS: dict[str, Callable[[str], Extract]] = {
    "khobor": khobor,
    "jusText, Bengali": justext_of_lines,
    "lines with a danda": lines_with_danda,
    "all lines": all_lines,
}


def renderers() -> dict[str, Callable[[str], str]]:
    """List the renderers that are installed."""
    found: dict[str, Callable[[str], str]] = {"html2text": html2text}
    if shutil.which("w3m"):
        found = {"w3m": w3m, **found}
    return found


def measure(pages: Iterable[GoldPage]) -> dict[str, list[Score]]:
    """Render pages and extract from the captures: by renderer, one Score each."""
    listed = list(pages)
    scores = {}
    for renderer, render in renderers().items():
        captures = [render(decode_page(page.raw)[0]) for page in listed]
        scores[renderer] = [
            score(name, page, extract(capture))
            for name, extract in EXTRACTORS.items()
            for page, capture in zip(listed, captures, strict=True)
        ]
    return scores


def figures() -> list[Figure]:
    """Measure every renderer that is installed."""
    title = "Extraction from text captures"
    if not LIVENEWS.is_dir():
        return [absent(title, "../shared/data/livenews24")]
    scores = measure(livenews_pages())
    missing = () if "w3m" in scores else ("w3m is not installed: measured without it.",)
    return [
        Figure(
            title=title,
            measured=(
                "The same pages and gold; each page is rendered to text by a tool that is not "
                f"khobor's (w3m -cols {_WIDTH}; html2text without wrapping, links, images and "
                "emphasis), and the article is looked for in that text. Word F1 in one spelling "
                "(w3m composes য় and ড়): micro average, mean of the pages' F1, worst page's."
            ),
            on="livenews24: 43 rendered pages of a Dhaka portal, 2012",
            columns=(
                *("renderer, extractor", "word F1", "mean F1", "worst page"),
                *("precision", "recall", "headline", "related"),
            ),
            rows=tuple(_rows(scores)),
            bars=tuple(_bars(scores)),
            notes=missing,
        )
    ]


def _rows(scores: dict[str, list[Score]]) -> Iterable[tuple[Cell, ...]]:
    for renderer, listed in scores.items():
        for name in EXTRACTORS:
            own = [each for each in listed if each.extractor == name]
            words = total(each.spelled for each in own)
            headlines = [each.headline for each in own if each.headline is not None]
            yield (
                *(
                    f"{renderer}, {name}",
                    four(words.f1),
                    four(mean(each.spelled.f1 for each in own)),
                ),
                *(four(min(each.spelled.f1 for each in own)), four(words.precision)),
                *(four(words.recall), mean(headlines) if headlines else None),
                sum(each.related for each in own),
            )


def _bars(scores: dict[str, list[Score]]) -> Iterable[Bar]:
    for renderer, listed in scores.items():
        f1 = total(each.spelled for each in listed if each.extractor == "khobor").f1
        yield at_least(f"word F1 on captures of {renderer}", f1, 0.95)


if __name__ == "__main__":
    show(figures())
