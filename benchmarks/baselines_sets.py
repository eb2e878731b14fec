"""Named-entity sets of others beside the checkout, as BIO tags, and what was dropped of them."""

from __future__ import annotations

import re
import string
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import msgspec

from benchmarks.material import SHARED

RIFAT = SHARED / "ner" / "rifat"
BANGLAKIT = SHARED / "ner" / "banglakit" / "main.jsonl"

# Their labels → khobor's. Rifat1493's LOC is what GPE and LOC are here; its TIM has no B and I,
# so where one ends and the next begins is not known. banglakit's DATE stands in
# two tenths of its sentences alone, LAW in the last tenth: elsewhere they are not annotated.
_LABELS = {
    "PER": "PER",
    "PERSON": "PER",
    "ORG": "ORG",
    "LOC": "LOC",
    "GPE": "GPE",
}
# A dot stays with its word (মো.), as in BNLP; every other mark is a token.
_MARKS = re.escape((string.punctuation + "।‘’“”–—…৷").replace(".", ""))
_TOKEN = re.compile(rf"[^\s{_MARKS}]+|[{_MARKS}]")
_PREFIXES = {"B": "B", "I": "I", "L": "I", "U": "B"}
_TEST_SHARE = 0.2


class Sentence(msgspec.Struct, frozen=True):
    """Tokens and their BIO tags."""

    tokens: tuple[str, ...]
    tags: tuple[str, ...]


class NamedSet(msgspec.Struct, frozen=True):
    """A set: what to train on, what to test on, and what was dropped, in sentences.

    `seen` are test sentences that stand in training too; they are not in `test`.
    """

    name: str
    train: tuple[Sentence, ...]
    test: tuple[Sentence, ...]
    seen: tuple[Sentence, ...]
    dropped: tuple[str, ...]


def rifat() -> NamedSet:
    """Read Rifat1493's train and test parts."""
    train, mended_train = _rifat_part(RIFAT / "train_data.txt")
    test, mended_test = _rifat_part(RIFAT / "test_data.txt")
    known = {_key(sentence) for sentence in train}
    seen = [sentence for sentence in test if _key(sentence) in known]
    return NamedSet(
        "Rifat1493",
        tuple(train),
        tuple(sentence for sentence in test if _key(sentence) not in known),
        tuple(seen),
        (
            f"{len(seen)} of {len(test):,} test sentences that stand in train too "
            f"({len({_key(s) for s in seen})} different ones) are dropped from test",
            "TIM is read as O: it has no B and I",
            f"malformed tags are mended alike for all taggers: {mended_train} in train and "
            f"{mended_test} in test where I begins a name (read as B), or where a line has no tag "
            "(read as O)",
        ),
    )


def _rifat_part(path: Path) -> tuple[list[Sentence], int]:
    mended = 0
    sentences = []
    for block in re.split(r"\n\s*\n", path.read_text(encoding="utf-8-sig")):
        tokens, tags = [], []
        for line in filter(str.strip, block.splitlines()):
            cells = [cell for cell in line.split("\t") if cell.strip()]
            tag = cells[1] if len(cells) > 1 else "?"
            tokens.append(cells[0])
            mended += tag == "?"
            tags.append(_mapped(tag))
        if tokens:
            fixed = _begun(tags)
            mended += sum(a != b for a, b in zip(tags, fixed, strict=True))
            sentences.append(Sentence(tuple(tokens), tuple(fixed)))
    return sentences, mended


def banglakit() -> NamedSet:
    """Read banglakit's sentences, the last fifth for test: it has no parts of its own.

    Sentences follow each other as in their articles, so the parts share one article at most.
    """
    rows = [
        msgspec.json.decode(line, type=tuple[str, list[str]])
        for line in BANGLAKIT.read_bytes().splitlines()
    ]
    copies: dict[tuple[str, ...], list[list[str]]] = defaultdict(list)
    fitting = 0
    for text, tags in rows:
        tokens = tuple(_TOKEN.findall(text))
        if len(tokens) == len(tags):
            fitting += 1
            copies[tokens].append([_mapped(tag) for tag in tags])
    sentences = [Sentence(tokens, tuple(_merged(tagged))) for tokens, tagged in copies.items()]
    cut = int(len(sentences) * (1 - _TEST_SHARE))
    return NamedSet(
        "banglakit",
        tuple(sentences[:cut]),
        tuple(sentences[cut:]),
        (),
        (
            f"{len(rows) - fitting} of {len(rows):,} sentences whose tags do not fit their tokens "
            "are dropped (split at white space and marks, a dot left with its word)",
            f"{fitting - len(sentences)} copies of a sentence are merged, with the names of all",
            "DATE and LAW are read as O: they are annotated in two tenths and in one of the sentences alone",
            f"the first {cut:,} sentences train, the last {len(sentences) - cut:,} test",
            "names are missed here and there, in one tenth mostly, so recall is low for every tagger, "
            "and precision better than it looks",
        ),
    )


def _mapped(tag: str) -> str:
    """Turn a BILOU or BIO tag into a BIO tag with khobor's label."""
    prefix, _, label = tag.partition("-")
    if label not in _LABELS:
        return "O"
    return f"{_PREFIXES[prefix]}-{_LABELS[label]}"


def _begun(tags: Sequence[str]) -> list[str]:
    """Let B begin every name."""
    fixed, before = [], "O"
    for tag in tags:
        begins = tag[0] == "I" and before[2:] != tag[2:]
        fixed.append(f"B-{tag[2:]}" if begins else tag)
        before = tag
    return fixed


def _merged(copies: Sequence[Sequence[str]]) -> list[str]:
    """Lay the names of all copies over the first; of two that overlap, the earlier copy's stays."""
    merged = _begun(copies[0])
    for tags in map(_begun, copies[1:]):
        start = 0
        while start < len(tags):
            end = start + 1
            while tags[start][0] == "B" and end < len(tags) and tags[end][0] == "I":
                end += 1
            if tags[start] != "O" and set(merged[start:end]) == {"O"}:
                merged[start:end] = tags[start:end]
            start = end
    # A name laid beside another must not run on into it.
    return _begun(merged)


def _key(sentence: Sentence) -> str:
    return unicodedata.normalize("NFC", " ".join(sentence.tokens))
