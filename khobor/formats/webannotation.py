"""W3C Web Annotations, one way: JSON-LD over the text of a sheet; positions in code points.

After https://www.w3.org/TR/annotation-model/: positions count "in terms of unicode code points",
the end is not included. A document is a text file and an AnnotationCollection; ids and sources are
IRIs relative to it, so the two files belong side by side. Every mention, quote and block is an
Annotation with its id as the fragment. Several selectors of one target select the same words
(here by position and by quoting them), so a quote has one target a part, each with its role.

The label of a mention or block, or the kind of a quote, is the body that classifies, a note the
body that comments, the mention that a quote's speaker is the body that links. What the model has no
word for is in a vocabulary of ours (`khobor:`). Nothing of a sheet is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from khobor.formats.interface import BlockSpan, Exporter, Sheet, Written, files_apart
from khobor.formats.tokens import fields_of
from khobor.records import Mention, Quote
from khobor.spans import Span

NAME = "webannotation"
_MODEL = "http://www.w3.org/ns/anno.jsonld"
_VOCABULARY = {"khobor": "urn:x-khobor:"}
_CONTEXT = 32  # code points of prefix and suffix, enough to tell twins apart in a news article

_Json = dict[str, object]  # a node of JSON-LD, which has no fixed set of keys


def write(sheet: Sheet, sentences: Sequence[Span], lossy: bool) -> Written:  # noqa: ARG001
    """Turn a sheet into its text and a collection of annotations; every span fits."""
    annotations = [
        *(_mention(sheet, mention) for mention in sheet.mentions),
        *(_quote(sheet, quote) for quote in sheet.quotes),
        *(_block(sheet, block) for block in sheet.blocks),
    ]
    collection: _Json = {
        "@context": [_MODEL, _VOCABULARY],
        "id": _file(sheet),
        "type": "AnnotationCollection",
        "label": sheet.doc_id,
        "total": len(annotations),
    }
    if annotations:  # a page of none is not allowed
        collection["first"] = {
            "id": f"{_file(sheet)}#page",
            "type": "AnnotationPage",
            "startIndex": 0,
            "items": annotations,
        }
        collection["last"] = f"{_file(sheet)}#page"
    content = msgspec.json.format(msgspec.json.encode(collection), indent=1) + b"\n"
    files = {_source(sheet): sheet.text.encode(), _file(sheet): content}
    return Written(doc_id=sheet.doc_id, files=files)


def _file(sheet: Sheet) -> str:
    return f"{sheet.doc_id}.jsonld"


def _source(sheet: Sheet) -> str:
    return f"{sheet.doc_id}.txt"


def _iri(sheet: Sheet, item: str) -> str:
    # Ids of items share no name with the page: they are prefixed.
    return f"{_file(sheet)}#item-{item}"


def _mention(sheet: Sheet, mention: Mention) -> _Json:
    body = _classified(mention.label) | {"khobor:name_end": mention.name_end}
    target = _target(sheet, mention.start, mention.end)
    return _annotation(sheet, mention.id, "mention", [body, *_comments(mention.note)], [target])


def _block(sheet: Sheet, block: BlockSpan) -> _Json:
    target = _target(sheet, block.start, block.end)
    return _annotation(sheet, block.id, "block", [_classified(block.label)], [target])


def _quote(sheet: Sheet, quote: Quote) -> _Json:
    body = _classified(quote.kind) | {
        "khobor:marking": quote.marking,
        "khobor:medium": quote.medium,
    }
    bodies = [body, *_links(sheet, quote), *_comments(quote.note)]
    targets = [
        _target(sheet, part.start, part.end) | {"khobor:role": field}
        for field, parts in fields_of(quote)
        for part in parts
    ]
    return _annotation(sheet, quote.id, "quote", bodies, targets)


def _annotation(
    sheet: Sheet, item: str, layer: str, bodies: list[_Json], targets: list[_Json]
) -> _Json:
    return {
        "id": _iri(sheet, item),
        "type": "Annotation",
        "motivation": "classifying",
        "khobor:id": item,
        "khobor:layer": layer,
        "body": bodies,
        "target": targets,
    }


def _classified(label: str) -> _Json:
    return {"type": "TextualBody", "purpose": "classifying", "value": label}


def _comments(note: str | None) -> Iterator[_Json]:
    if note is not None:
        yield {"type": "TextualBody", "purpose": "commenting", "value": note}


def _links(sheet: Sheet, quote: Quote) -> Iterator[_Json]:
    if quote.speaker_mention is not None:
        yield {
            "type": "SpecificResource",
            "purpose": "linking",
            "source": _iri(sheet, quote.speaker_mention),
            "khobor:speaker_mention": quote.speaker_mention,
        }


def _target(sheet: Sheet, start: int, end: int) -> _Json:
    text = sheet.text
    return {
        "type": "SpecificResource",
        "source": _source(sheet),
        "selector": [
            {"type": "TextPositionSelector", "start": start, "end": end},
            {
                "type": "TextQuoteSelector",
                "exact": text[start:end],
                "prefix": text[max(0, start - _CONTEXT) : start],
                "suffix": text[end : end + _CONTEXT],
            },
        ],
    }


EXPORTER = Exporter(name=NAME, write=write, join=files_apart)
