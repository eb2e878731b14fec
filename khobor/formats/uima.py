"""What the two UIMA formats share: the type system, and a sheet as a CAS and back.

Unit: UTF-16 code units. dkpro-cassis counts code points and converts what it writes; what comes
back is read as it stands (uima_xmi, uima_json), since cassis only warns of an offset that lies
inside a character.

The types are those of INCEpTION's custom layers, so its project settings take TypeSystem.xml as
layers: a slot feature is an array of <Layer><Feature>Link (role, target), see
https://inception-project.github.io/releases/36.1/docs/user-guide.html#sect_layers_link_features
A quote lies on its first stretch of content; further content, cue, speaker and the quoted
stretches are KhoborQuoteParts in the slots of `parts`, their role says what they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
from cassis import Cas, TypeSystem

from khobor.formats.interface import FormatError, Returned, Sheet, Written
from khobor.formats.losses import items_of
from khobor.records import DocId, Part, Quote

# Far above a page with tokens and sentences; cassis and INCEpTION stop earlier.
MAX_FILE_BYTES = 64 * 1024 * 1024

ENTITY = "webanno.custom.KhoborEntity"
QUOTE = "webanno.custom.KhoborQuote"
PART = "webanno.custom.KhoborQuotePart"
BLOCK = "webanno.custom.KhoborBlock"
CHARACTER = "webanno.custom.KhoborCharacter"
ROLES = ("content", "cue", "speaker", "quoted")
INITIAL_VIEW = "_InitialView"
METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
DOCUMENT_TYPES = frozenset({METADATA, "uima.tcas.DocumentAnnotation"})
OUR_TYPES = frozenset({ENTITY, QUOTE, PART, BLOCK, CHARACTER})

# Slot features of a quote: feature → layer of its targets. INCEpTION names the link types so.
SLOTS = {"parts": PART, "speakerMention": ENTITY}

# Layer → (what it is, feature → what it is).
_LAYERS: dict[str, tuple[str, dict[str, str]]] = {
    ENTITY: (
        "A named entity, with its glued ending.",
        {
            "value": "Its label: PER, ORG, GPE, LOC, PRODUCT, WORK, EVENT, NORP, DATE, TIME, NUM.",
            "ending": "What is glued to the name at the end of the span; empty where nothing is.",
            "note": "",
            "id": "Leave it alone; empty in a new annotation.",
        },
    ),
    PART: ("Further content, cue, speaker or quoted stretch of a quote: link it there.", {}),
    QUOTE: (
        "A quote, on its (first stretch of) content.",
        {
            "kind": "direct, indirect or mixed.",
            "marking": "marked, bare or headline.",
            "medium": "speech, post, document or unknown.",
            "note": "",
            "id": "Leave it alone; empty in a new annotation.",
        },
    ),
    BLOCK: (
        "A block of the page.",
        {"value": "Its label.", "id": "Leave it alone; empty in a new annotation."},
    ),
    CHARACTER: (
        "A character that XML cannot hold; a picture of it stands in the text.",
        {"code": "The character: U+0000."},
    ),
}
_METADATA_FEATURES = (
    "documentTitle",
    "documentId",
    "documentUri",
    "collectionId",
    "documentBaseUri",
)

# What is no character of XML 1.0 (https://www.w3.org/TR/xml/#charsets).
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@cache
def type_system() -> TypeSystem:
    """Build the type system of our layers."""
    types = TypeSystem()
    string = "uima.cas.String"
    metadata = types.create_type(METADATA, "uima.tcas.DocumentAnnotation")
    for feature in _METADATA_FEATURES:
        types.create_feature(metadata, feature, string)
    types.create_feature(metadata, "isLastSegment", "uima.cas.Boolean")
    for layer, (description, features) in _LAYERS.items():
        created = types.create_type(layer, "uima.tcas.Annotation", description or None)
        for feature, meaning in features.items():
            types.create_feature(created, feature, string, description=meaning or None)
    for slot, target in SLOTS.items():
        link = types.create_type(link_type(slot), "uima.cas.TOP")
        types.create_feature(link, "role", string)
        types.create_feature(link, "target", target)
        types.create_feature(
            types.get_type(QUOTE),
            slot,
            "uima.cas.FSArray",
            elementType=link,
            multipleReferencesAllowed=False,
        )
    return types


def link_type(slot: str) -> str:
    """Turn a slot feature of a quote into the name that INCEpTION gives its link type."""
    return f"{QUOTE}{slot[0].upper()}{slot[1:]}Link"


# --- characters that XML cannot hold ----------------------------------------------------------


def shown(text: str) -> str:
    """Turn a text into one that XML can hold, of the same length in every unit but UTF-8.

    A control character is shown by its picture (U+000B as ␋ U+240B), anything else by U+FFFD;
    a KhoborCharacter there says what it was.
    """
    return _UNFIT.sub(lambda found: picture_of(found[0]), text)


def picture_of(char: str) -> str:
    """Turn a character that XML cannot hold into the one that stands for it."""
    return chr(0x2400 + ord(char)) if ord(char) < 0x20 else "\ufffd"


def is_unfit(char: str) -> bool:
    """Tell whether XML cannot hold a character."""
    return _UNFIT.fullmatch(char) is not None


# --- a sheet to a CAS -------------------------------------------------------------------------


def restrict(sheet: Sheet) -> Sheet:
    """Leave out of a sheet what a CAS cannot hold: a note with a character that XML forbids.

    An empty note is none, content is put in order, and a link to no mention is dropped, as is a
    quote without content.
    """
    mention_ids = {mention.id for mention in sheet.mentions}
    return msgspec.structs.replace(
        sheet,
        mentions=tuple(msgspec.structs.replace(m, note=_note(m.note)) for m in sheet.mentions),
        quotes=tuple(
            msgspec.structs.replace(
                quote,
                content=in_order(quote.content),
                quoted=in_order(quote.quoted),
                speaker_mention=(
                    quote.speaker_mention if quote.speaker_mention in mention_ids else None
                ),
                note=_note(quote.note),
            )
            for quote in sheet.quotes
            if quote.content
        ),
    )


def in_order(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """Sort parts by their spans."""
    return tuple(sorted(parts, key=lambda part: (part.start, part.end)))


def _note(note: str | None) -> str | None:
    return None if not note or _UNFIT.search(note) else note


def cas_of(sheet: Sheet) -> Cas:
    """Turn a sheet into a CAS, with what a CAS can hold of it."""
    held = restrict(sheet)
    types = type_system()
    text = shown(sheet.text)
    cas = Cas(types)
    cas.sofa_string = text
    cas.sofa_mime = "text"

    def add(layer: str, begin: int, end: int, /, **features: Any) -> Any:
        annotation = types.get_type(layer)(begin=begin, end=end, **features)
        cas.add(annotation)
        return annotation

    add(
        METADATA,
        0,
        len(text),
        language="x-unspecified",
        documentTitle=sheet.doc_id,
        documentId=sheet.doc_id,
        isLastSegment=False,
    )
    for found in _UNFIT.finditer(sheet.text):
        add(CHARACTER, found.start(), found.end(), code=f"U+{ord(found[0]):04X}")
    entities = {
        mention.id: add(
            ENTITY,
            mention.start,
            mention.end,
            value=mention.label,
            ending=text[mention.name_end : mention.end] or None,
            note=mention.note,
            id=mention.id,
        )
        for mention in held.mentions
    }
    for quote in held.quotes:
        parts = [(role, add(PART, part.start, part.end)) for role, part in _parts(quote)]
        named = [("is", entities[quote.speaker_mention])] if quote.speaker_mention else []
        add(
            QUOTE,
            quote.content[0].start,
            quote.content[0].end,
            kind=quote.kind,
            marking=quote.marking,
            medium=quote.medium,
            note=quote.note,
            id=quote.id,
            parts=_links("parts", parts),
            speakerMention=_links("speakerMention", named),
        )
    for block in held.blocks:
        add(BLOCK, block.start, block.end, value=block.label, id=block.id)
    return cas


def _parts(quote: Quote) -> list[tuple[str, Part]]:
    """List the parts of a quote that its slots link to, with their roles."""
    found = [("content", part) for part in quote.content[1:]]
    found += [("cue", quote.cue)] if quote.cue else []
    found += [("speaker", quote.speaker)] if quote.speaker else []
    return found + [("quoted", part) for part in quote.quoted]


def _links(slot: str, targets: list[tuple[str, Any]]) -> Any:
    if not targets:
        return None
    link = type_system().get_type(link_type(slot))
    array = type_system().get_type("uima.cas.FSArray")
    return array(elements=[link(role=role, target=target) for role, target in targets])


def written(sheet: Sheet, name: str, content: str) -> Written:
    """Turn a serialised CAS into what was written of a sheet.

    The layers hold our ids; they are listed so that a new annotation takes none that was given
    out, even where its owner was deleted in the tool.
    """
    ids = {item_id: item_id for item_id in items_of(sheet)}
    return Written(sheet.doc_id, {name: content.encode("utf-8")}, ids)


# --- files that come back ---------------------------------------------------------------------


def returned_files(files: Mapping[str, bytes], suffix: str) -> list[Returned]:
    """Turn the files that came back into documents: those whose names end in `suffix`.

    INCEpTION exports a document under its name, a project as annotation/<document>/…/<user>.xmi:
    a folder that is named like a document file names the document. Raises FormatError for a name
    that is no doc_id, for two files of one document and for a file beyond MAX_FILE_BYTES.
    """
    found: dict[str, Returned] = {}
    for name in sorted(files):
        parts = re.split(r"[/\\]", name)
        if not parts[-1].lower().endswith(suffix) or parts[-1].startswith("."):
            continue
        if len(files[name]) > MAX_FILE_BYTES:
            raise FormatError(
                f"the file is longer than {MAX_FILE_BYTES:,} bytes",
                where=name,
                fix="leave out layers that khobor does not read, or split the document",
            )
        doc_id = _doc_id(parts, suffix, where=name)
        if doc_id in found:
            raise FormatError(
                f"a second file of {doc_id}, beside {found[doc_id].where}",
                where=name,
                fix="import the files of one annotator at a time",
            )
        found[doc_id] = Returned(doc_id, name, {name: files[name]})
    return list(found.values())


def _doc_id(parts: list[str], suffix: str, *, where: str) -> str:
    folders = [part for part in parts[:-1] if part.lower().endswith(suffix)]
    stem = (folders or parts)[-1][: -len(suffix)]
    try:
        return msgspec.convert(stem, DocId)
    except msgspec.ValidationError as error:
        raise FormatError(
            f"the name {stem!r} is no doc_id",
            where=where,
            fix="name the file as khobor export named it",
        ) from error
