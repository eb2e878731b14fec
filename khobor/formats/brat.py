"""brat standoff: DOC.txt is the text, DOC.ann its annotation. Unit: code points of DOC.txt.

The format: https://brat.nlplab.org/standoff.html. A mention or block is a text-bound T line. A
quote is an event whose trigger is its content; cue, speaker, the mention that the speaker is, and
quoted parts are arguments. What brat does to a span with a line break in it (a fragment on each
side) happens to all of ours, since a line of an .ann ends at every break that str.splitlines
knows; a part of the content that only a break parts from the one before is therefore an argument
of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

import msgspec

from khobor.formats.brat_conf import (
    CONTENT,
    CUE,
    ENDING,
    ENDING_LENGTH,
    ENDINGS,
    MAX_ENDING,
    QUOTE,
    QUOTED,
    SPEAKER,
    SPEAKER_MENTION,
    shared_files,
)
from khobor.formats.brat_lines import escape_note, fragments_of, only_broken
from khobor.formats.brat_reading import read
from khobor.formats.interface import (
    BlockSpan,
    Codec,
    FormatError,
    Returned,
    Sheet,
    Written,
    files_apart,
)
from khobor.records import DocId, Mention, Part, Quote

# brat gives a new item the lowest free number: ours stand clear of it, so that the number of an
# item that was deleted is not given to another.
_FIRST = 1001
_MAX_BYTES = 16 * 2**20  # of one file
_ANN, _TXT = ".ann", ".txt"


# --- what brat can hold -------------------------------------------------------------------------


def restrict(sheet: Sheet) -> Sheet:
    """Turn a sheet into what brat holds of it: all but spans with white space at an edge.

    An ending of more than MAX_ENDING code points is not held either, nor an empty note.
    """
    mentions = tuple(
        _held_mention(mention) for mention in sheet.mentions if _visible(sheet.text, mention)
    )
    ids = {mention.id for mention in mentions}
    return msgspec.structs.replace(
        sheet,
        mentions=mentions,
        quotes=tuple(
            _held_quote(quote, ids)
            for quote in sheet.quotes
            if quote.content and all(_visible(sheet.text, part) for part in _parts(quote))
        ),
        blocks=tuple(block for block in sheet.blocks if _visible(sheet.text, block)),
    )


def _visible(text: str, span: Mention | Part | BlockSpan) -> bool:
    stretch = text[span.start : span.end]
    return stretch != "" and stretch == stretch.strip()


def _held_mention(mention: Mention) -> Mention:
    held = mention.start < mention.name_end and 0 < mention.end - mention.name_end <= MAX_ENDING
    return msgspec.structs.replace(
        mention,
        name_end=mention.name_end if held else mention.end,
        note=mention.note or None,
    )


def _held_quote(quote: Quote, mentions: set[str]) -> Quote:
    return msgspec.structs.replace(
        quote,
        content=_sorted(quote.content),
        quoted=_sorted(quote.quoted),
        speaker_mention=quote.speaker_mention if quote.speaker_mention in mentions else None,
        note=quote.note or None,
    )


def _sorted(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    return tuple(sorted(parts, key=lambda part: (part.start, part.end)))


def _parts(quote: Quote) -> list[Part]:
    single = [part for part in (quote.cue, quote.speaker) if part is not None]
    return [*quote.content, *single, *quote.quoted]


# --- writing ------------------------------------------------------------------------------------


class _Lines:
    """The lines of an .ann as they grow, each kind numbered by itself."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.spans: list[str] = []
        self.events: list[str] = []
        self.attributes: list[str] = []
        self.notes: list[str] = []
        self._shared: dict[tuple[str, tuple[tuple[int, int], ...]], str] = {}

    def span(self, label: str, *spans: Mention | Part | BlockSpan) -> str:
        """Add a T line; return its id."""
        fragments = [f for span in spans for f in fragments_of(self.text, span.start, span.end)]
        name = f"T{_FIRST + len(self.spans)}"
        where = ";".join(f"{start} {end}" for start, end in fragments)
        words = " ".join(self.text[start:end] for start, end in fragments)
        self.spans.append(f"{name}\t{label} {where}\t{words}")
        return name

    def part(self, label: str, *parts: Part) -> str:
        """Return the id of the T line of a quote's part; two quotes share one, as in brat."""
        key = label, tuple((part.start, part.end) for part in parts)
        if key not in self._shared:
            self._shared[key] = self.span(label, *parts)
        return self._shared[key]

    def event(self, trigger: str, arguments: list[str]) -> str:
        """Add an E line; return its id."""
        name = f"E{_FIRST + len(self.events)}"
        # The space behind the trigger stands there without arguments too: brat would add it.
        self.events.append(f"{name}\t{QUOTE}:{trigger} {' '.join(arguments)}")
        return name

    def attribute(self, name: str, target: str, value: str) -> None:
        """Add an A line."""
        self.attributes.append(f"A{_FIRST + len(self.attributes)}\t{name} {target} {value}")

    def note(self, target: str, words: str | None) -> None:
        """Add a # line, where there is a note."""
        if words:
            number = _FIRST + len(self.notes)
            self.notes.append(f"#{number}\tAnnotatorNotes {target}\t{escape_note(words)}")

    def content(self) -> bytes:
        """Return the .ann."""
        lines = (*self.spans, *self.events, *self.attributes, *self.notes)
        return "".join(f"{line}\n" for line in lines).encode()


def write(sheet: Sheet) -> Written:
    """Turn a sheet into DOC.txt and DOC.ann, and brat's ids into ours."""
    sheet = restrict(sheet)
    lines = _Lines(sheet.text)
    ids = {}
    mentions = {}
    for mention in sheet.mentions:
        name = lines.span(mention.label, mention)
        ids[name] = mention.id
        mentions[mention.id] = name
        _write_ending(lines, name, sheet.text[mention.name_end : mention.end])
        lines.note(name, mention.note)
    for quote in sheet.quotes:
        ids[_write_quote(lines, quote, mentions)] = quote.id
    for block in sheet.blocks:
        ids[lines.span(block.label, block)] = block.id
    files = {
        f"{sheet.doc_id}{_TXT}": sheet.text.encode(),
        f"{sheet.doc_id}{_ANN}": lines.content(),
    }
    return Written(sheet.doc_id, files, ids)


def _write_ending(lines: _Lines, target: str, ending: str) -> None:
    if ending in ENDINGS:
        lines.attribute(ENDING, target, ending)
    elif ending:
        lines.attribute(ENDING_LENGTH, target, str(len(ending)))


def _write_quote(lines: _Lines, quote: Quote, mentions: Mapping[str, str]) -> str:
    trigger, further = _told_apart(lines.text, quote.content)
    arguments = []
    if quote.cue:
        arguments.append(f"{CUE}:{lines.part(CUE, quote.cue)}")
    if quote.speaker:
        arguments.append(f"{SPEAKER}:{lines.part(SPEAKER, quote.speaker)}")
    if quote.speaker_mention:
        arguments.append(f"{SPEAKER_MENTION}:{mentions[quote.speaker_mention]}")
    for role, parts in ((QUOTED, quote.quoted), (CONTENT, further)):
        for number, part in enumerate(parts, start=1):
            # brat numbers a role that an event has more than once: Quoted, Quoted2.
            arguments.append(f"{role}{number if number > 1 else ''}:{lines.part(role, part)}")
    event = lines.event(lines.part(QUOTE, *trigger), arguments)
    for name, value in (("Kind", quote.kind), ("Marking", quote.marking), ("Medium", quote.medium)):
        lines.attribute(name, event, value)
    lines.note(event, quote.note)
    return event


def _told_apart(text: str, content: tuple[Part, ...]) -> tuple[list[Part], list[Part]]:
    """Turn the parts of a content into those of the trigger and the others.

    Two parts that only a line break parts would come back as one, as would one part with a
    break in it; and the fragments of a trigger may not overlap.
    """
    trigger: list[Part] = [content[0]]
    further: list[Part] = []
    for part in content[1:]:
        end = trigger[-1].end
        clear = end <= part.start and not only_broken(text[end : part.start])
        (trigger if clear else further).append(part)
    return trigger, further


# --- files --------------------------------------------------------------------------------------

_DRIVE_OR_FOLDER = re.compile(r"^.*[/\\:]", re.DOTALL)


def split(files: Mapping[str, bytes]) -> Iterator[Returned]:
    """Turn the files of a folder into documents: each .ann with the .txt of its name.

    Folders are ignored, and so is any other file. Raises FormatError where an .ann has no .txt,
    a name is no doc_id or comes twice, or a file is too large.
    """
    texts: dict[str, bytes] = {}
    annotations: dict[str, bytes] = {}
    for path, content in files.items():
        name = _DRIVE_OR_FOLDER.sub("", path)
        suffix = PurePosixPath(name).suffix
        if suffix not in (_ANN, _TXT) or name.startswith("."):
            continue
        named = annotations if suffix == _ANN else texts
        doc_id = name.removesuffix(suffix)
        if doc_id in named:
            raise FormatError(
                f"{name} is there twice",
                where=path,
                fix="import the folders of two annotators one by one",
            )
        named[doc_id] = content
    for doc_id, content in sorted(annotations.items()):
        yield _returned(doc_id, content, texts.get(doc_id))


def _returned(doc_id: str, annotation: bytes, text: bytes | None) -> Returned:
    where = f"{doc_id}{_ANN}"
    try:
        msgspec.convert(doc_id, DocId)
    except msgspec.ValidationError:
        raise FormatError(
            f"{doc_id[:80]!r} is no doc_id",
            where=where[:80],
            fix="give the file the name that it was exported with",
        ) from None
    if text is None:
        raise FormatError(
            "its text is missing", where=where, fix=f"put {doc_id}{_TXT} beside it, unchanged"
        )
    files: dict[str, bytes] = {where: annotation, f"{doc_id}{_TXT}": text}
    for name, content in files.items():
        if len(content) > _MAX_BYTES:
            raise FormatError(
                f"{len(content)} bytes are too many",
                where=name,
                fix=f"expected at most {_MAX_BYTES}",
            )
    return Returned(doc_id, where, files)


CODEC = Codec(
    name="brat",
    write=write,
    split=split,
    read=read,
    restrict=restrict,
    join=files_apart,
    shared=shared_files,
)
