"""What looks inconsistent over a whole corpus: warnings, for each may be right as it is.

Where one is, a line of annotations/exceptions.jsonl says why, and the warning is silent.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence

import msgspec

from khobor.annotations.checks import Finding
from khobor.annotations.files import AnnotationFile, quote_parts
from khobor.annotations.marks import mark_in_context, unpaired_marks
from khobor.records import ARTICLE_LABELS, Block, KnownException, Mention
from khobor.spans import ZWJ, ZWNJ, Span

EXCEPTIONS = "exceptions.jsonl"
CHECKS = ("other-label", "unmarked-name", "speech-without-quote", "unpaired-mark", "whole-name")
_OR_EXCEPT = f"or say why in annotations/{EXCEPTIONS}"
# How much of a stretch names it, in a warning and in its exception (code points).
_SHOWN = 40
# Shorter names are too often other words too (মিতা, রাজা): code points, folded.
_MIN_NAME = 4
_NAMES = frozenset({"PER", "ORG", "GPE"})
# A shorter stem is hardly a name with an ending: দুই is not দু + ই.
_MIN_STEM = 3


def fold(text: str) -> str:
    """Turn a text into the form in which names are compared: NFC, without ZWNJ and ZWJ.

    So both encodings of য় (U+09DF, and য + ় U+09BC) are one; nothing folded is written.
    """
    return unicodedata.normalize("NFC", text.replace(ZWNJ, "").replace(ZWJ, ""))


def _key(words: str) -> str:
    """Turn words into what they are compared by: folded, a space for any white space."""
    return " ".join(fold(words).split())


def _folded(words: str) -> tuple[str, ...]:
    """Turn a list of words into folded ones, longest first."""
    return tuple(sorted(map(fold, words.split()), key=lambda word: (-len(word), word)))


# Glued endings with which a name in the text is still that name.
_ENDINGS = _folded("র ের কে তে য় রা")
# Glued endings that a bare name rarely has of its own. Not টা: it belongs to a clock time (৯টা).
_CUT_ENDINGS = _folded(
    "র ের য়ের এর কে তে ে য় এ রা েরা দের েদের গুলো গুলোর গুলি টি টির টিকে টিতে তেই েই েও ও ই"
)
# Verbs of saying before a quotation mark, as counted in 1.8 million characters of six Bangladeshi
# papers: বলেন 1457, জানান 608, বলেছেন 209, বলছেন 51, লিখেছেন 49, বললেন 39, লেখেন 32, দাবি করেন 28,
# মন্তব্য করেন 19; with their forms of the other persons and tenses.
_VERBS = _folded(
    "বলেন বলেছেন বলছেন বললেন বলে বলেছে বলল বলছিলেন জানান জানায় জানালেন জানিয়েছেন জানিয়েছে লিখেছেন"
    " লিখেছে লেখেন লিখলেন করেন"
)
# A letter, digit or sign of a folded word: \w knows no vowel signs.
_W = "\\w\u0981-\u0983\u09bc-\u09d7\u09e2\u09e3"
_SPEECH = re.compile(
    rf"(?<![{_W}])(?P<verb>{'|'.join(_VERBS)})(?:\s+যে)?\s*[,:]\s*(?P<mark>[‘“\"'])"
)
_DOERS = tuple(map(fold, ("দাবি", "মন্তব্য", "প্রশ্ন", "অভিযোগ", "যোগ")))  # nouns before করেন
_CLOSERS = {"‘": "’", "“": "”", '"': '"', "'": "'"}


class AnnotatedText(msgspec.Struct, frozen=True):
    """A page text that is here, its blocks, and the annotation that a release would take."""

    doc_id: str
    file: str  # of the text, for findings
    text: str
    blocks: tuple[Block, ...]
    found: AnnotationFile | None = None


class _Warning(msgspec.Struct, frozen=True):
    """A finding, with what an exception must name to cover it."""

    finding: Finding
    doc_id: str
    text: str  # folded


def check_consistency(
    texts: Sequence[AnnotatedText],
    exceptions: Sequence[tuple[int, KnownException]] = (),
    *,
    exceptions_file: str = EXCEPTIONS,
    unread: Collection[str] = (),
) -> list[Finding]:
    """Turn the annotated texts of a corpus into warnings, sorted, the known exceptions left out.

    `exceptions` come with their lines. One that covers nothing is a warning itself, unless it is
    for a document of `unread`, whose text is not here.
    """
    warnings = [*_check_labels(texts), *_check_endings(texts)]
    for text in texts:
        warnings.extend(_check_marks(text))
        if text.found is not None and text.found.annotation.progress == "complete":
            warnings.extend(_check_names(text, text.found))
            warnings.extend(_check_speech(text, text.found))
    findings, used = [], set()
    for warning in warnings:
        covering = [line for line, exception in exceptions if _covers(exception, warning)]
        used.update(covering)
        if not covering:
            findings.append(warning.finding)
    for line, exception in exceptions:
        if line not in used and exception.doc_id not in unread:
            findings.append(_unused(exceptions_file, line, exception))
    return sorted(findings)


def _covers(exception: KnownException, warning: _Warning) -> bool:
    return (
        exception.check == warning.finding.check
        and exception.doc_id in (None, warning.doc_id)
        and _key(exception.text) == warning.text
    )


def _unused(file: str, line: int, exception: KnownException) -> Finding:
    if exception.check in CHECKS:
        place = f" in {exception.doc_id}" if exception.doc_id else ""
        message = (
            f"no warning {exception.check} names {exception.text!r}{place}; remove the line, or "
            "correct its text"
        )
    else:
        message = (
            f"{exception.check!r} is no warning that has exceptions; expected one of "
            + ", ".join(CHECKS)
        )
    return Finding(file, line, "warning", "unused-exception", message)


# --- names ------------------------------------------------------------------------------------


class _Named(msgspec.Struct, frozen=True):
    """A mention where it stands, with its bare name, folded."""

    doc_id: str
    file: str
    line: int
    mention: Mention
    name: str

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"


def _named(texts: Sequence[AnnotatedText]) -> Iterator[_Named]:
    """List the mentions of all texts; what is wrong in itself is reported elsewhere."""
    for text in texts:
        if text.found is None:
            continue
        mentions = text.found.annotation.mentions
        for line, m in zip(text.found.mention_lines, mentions, strict=True):
            if m.start < m.name_end <= m.end <= len(text.text):
                name = _key(text.text[m.start : m.name_end])
                yield _Named(text.doc_id, text.found.path, line, m, name)


def _check_labels(texts: Sequence[AnnotatedText]) -> Iterator[_Warning]:
    """Find names that have another label than in most places; of equals, the first counts."""
    by_name: dict[str, list[_Named]] = defaultdict(list)
    for named in _named(texts):
        # ৩০ alone is an age here and a count there: it is no name.
        if any(character.isalpha() for character in named.name):
            by_name[named.name].append(named)
    for name, places in by_name.items():
        # most_common keeps the order of the first occurrences among equals.
        ((label, count),) = Counter(place.mention.label for place in places).most_common(1)
        first = next(place for place in places if place.mention.label == label)
        for place in places:
            if place.mention.label != label:
                yield _warning(
                    place,
                    "other-label",
                    f"{name!r} is {place.mention.label} here and {label} in {count} of "
                    f"{len(places)} places ({first.where}); make them one, {_OR_EXCEPT}",
                )


def _check_endings(texts: Sequence[AnnotatedText]) -> Iterator[_Warning]:
    """Find names with a glued ending inside, where the name alone is annotated elsewhere."""
    named = list(_named(texts))
    first: dict[tuple[str, str], _Named] = {}
    for place in named:
        first.setdefault((place.name, place.mention.label), place)
    for place in named:
        if place.mention.name_end != place.mention.end:
            continue
        for ending in _CUT_ENDINGS:
            stem = place.name.removesuffix(ending)
            # Under the same label: ভারতীয় (NORP) is not ভারতী (PER) with an ending.
            key = stem, place.mention.label
            if stem != place.name and key in first and len(stem) >= _MIN_STEM:
                yield _warning(
                    place,
                    "whole-name",
                    f"the bare name of {place.mention.id} is {place.name!r}, at "
                    f"{first[key].where} it is {stem!r}; let name_end cut {ending!r} off, "
                    f"{_OR_EXCEPT}",
                )
                break


def _warning(place: _Named, check: str, message: str) -> _Warning:
    finding = Finding(place.file, place.line, "warning", check, message)
    return _Warning(finding, place.doc_id, place.name)


# --- stretches of the text --------------------------------------------------------------------


class _Folded(msgspec.Struct, frozen=True):
    """A folded stretch of a text; its character i comes from `[starts[i], ends[i])`."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def span(self, start: int, end: int) -> Span:
        """Turn a span of the folded text into that of the page text."""
        return Span(self.starts[start], self.ends[end - 1])


def _fold_block(text: str, block: Block) -> _Folded:
    """Fold a block, letter with its signs by letter with its signs, so that offsets are known."""
    stretch = text[block.start : block.end]
    if fold(stretch) == stretch:
        return _Folded(
            stretch,
            range(block.start, block.end),
            range(block.start + 1, block.end + 1),
        )
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    position = 0
    while position < len(stretch):
        end = position + 1
        while end < len(stretch) and _leans(stretch[end]):
            end += 1
        letter = stretch[position:end]
        folded = fold(letter)
        letters.append(folded)
        for place in range(len(folded)):
            # Where folding changed nothing each character has its own place.
            exact = folded == letter
            starts.append(block.start + position + (place if exact else 0))
            ends.append(block.start + (position + place + 1 if exact else end))
        position = end
    return _Folded("".join(letters), starts, ends)


def _leans(character: str) -> bool:
    return character in (ZWNJ, ZWJ) or unicodedata.category(character).startswith("M")


def _article(text: AnnotatedText) -> Iterator[Block]:
    for block in text.blocks:
        if block.label in ARTICLE_LABELS and block.start < block.end <= len(text.text):
            yield block


def _check_names(text: AnnotatedText, found: AnnotationFile) -> Iterator[_Warning]:
    """Find names of this annotation that stand unmarked elsewhere in the document."""
    names = {
        named.name
        for named in _named([text])
        if named.mention.label in _NAMES and len(named.name) >= _MIN_NAME
    }
    if not names:
        return
    pattern = re.compile(
        rf"(?<![{_W}@])(?<![A-Za-z]\.)(?P<name>"
        + "|".join(
            r"\s+".join(map(re.escape, name.split()))
            for name in sorted(names, key=lambda name: (-len(name), name))
        )
        + rf")(?:[’'-]?(?:{'|'.join(_ENDINGS)}))?(?![{_W}@]|\.[A-Za-z])"
    )
    taken = [Span(mention.start, mention.end) for mention in found.annotation.mentions]
    for block in _article(text):
        folded = _fold_block(text.text, block)
        for match in pattern.finditer(folded.text):
            span = folded.span(*match.span())
            if not _touches(span, taken):
                name = _key(match["name"])
                yield _stretch_warning(
                    text,
                    "unmarked-name",
                    span,
                    name,
                    f"{name!r} is marked elsewhere in {text.doc_id}, but not at "
                    f"[{span.start}, {span.end}); annotate it in {found.path}, {_OR_EXCEPT}",
                )


def _check_speech(text: AnnotatedText, found: AnnotationFile) -> Iterator[_Warning]:
    """Find marked words behind a verb of saying that no quote holds."""
    taken = [
        Span(part.start, part.end)
        for quote in found.annotation.quotes
        for part in [*quote_parts(quote), *quote.quoted]
    ]
    for block in _article(text):
        folded = _fold_block(text.text, block)
        for match in _SPEECH.finditer(folded.text):
            verb, mark = match["verb"], match["mark"]
            before = folded.text[max(0, match.start() - 20) : match.start()].rstrip()
            if verb == fold("করেন") and not before.endswith(_DOERS):
                continue
            start, end = match.end(), _closing(folded.text, match.end(), _CLOSERS[mark])
            if start == end:
                continue
            span = folded.span(start, end)
            if not _touches(span, taken):
                said = text.text[span.start : span.end][:_SHOWN]
                yield _stretch_warning(
                    text,
                    "speech-without-quote",
                    span,
                    said,
                    f"{said!r} stands in marks behind {verb!r}, and no quote holds it; annotate "
                    f"it in {found.path}, {_OR_EXCEPT}",
                )


def _closing(text: str, start: int, closer: str) -> int:
    """Find where marked words end: at a closing mark that is no apostrophe, else with the block."""
    place = text.find(closer, start)
    while place >= 0:
        behind = text[place + 1 : place + 2]
        if not (re.match(f"[{_W}]", text[place - 1]) and re.match(f"[{_W}]", behind)):
            return place
        place = text.find(closer, place + 1)
    return len(text)


def _check_marks(text: AnnotatedText) -> Iterator[_Warning]:
    """Find quotation marks without a partner."""
    for span in unpaired_marks(text.text, list(_article(text))):
        mark = mark_in_context(text.text, span.start)
        yield _stretch_warning(
            text,
            "unpaired-mark",
            span,
            mark,
            f"the mark of {mark!r} at offset {span.start} has no partner in its paragraph; if the "
            f"page has it so, say so in annotations/{EXCEPTIONS}",
        )


def _touches(span: Span, taken: Sequence[Span]) -> bool:
    return any(other.start < span.end and span.start < other.end for other in taken)


def _stretch_warning(
    text: AnnotatedText, check: str, span: Span, named: str, message: str
) -> _Warning:
    line = text.text.count("\n", 0, span.start) + 1
    finding = Finding(text.file, line, "warning", check, message)
    return _Warning(finding, text.doc_id, _key(named))
