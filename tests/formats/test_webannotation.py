"""Web Annotations: the golden document, the model's rules, and that nothing of a sheet is lost."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings

from khobor.formats.interface import BlockSpan, Sheet
from khobor.formats.webannotation import EXPORTER
from khobor.records import Mention, Part, Quote
from tests.formats.exported import small, with_blocks
from tests.formats.sheets import sheets

GOLDEN_NAME = """\
   {
    "id": "small.jsonld#item-e1",
    "type": "Annotation",
    "motivation": "classifying",
    "khobor:id": "e1",
    "khobor:layer": "mention",
    "body": [
     {
      "type": "TextualBody",
      "purpose": "classifying",
      "value": "LOC",
      "khobor:name_end": 7
     }
    ],
    "target": [
     {
      "type": "SpecificResource",
      "source": "small.txt",
      "selector": [
       {
        "type": "TextPositionSelector",
        "start": 2,
        "end": 8
       },
       {
        "type": "TextQuoteSelector",
        "exact": "মেঘনার",
        "prefix": "🚢 ",
        "suffix": " ঘাটে ফেরি\\nমাঝি করিম\u00a0শেখ বলেন, ‘"
       }
      ]
     }
    ]
   },
"""


def annotations(sheet: Sheet, files: dict[str, bytes]) -> list[dict[str, Any]]:
    """Load the annotations of a document, and hold them to the MUSTs of the model."""
    assert set(files) == {f"{sheet.doc_id}.txt", f"{sheet.doc_id}.jsonld"}
    collection = json.loads(files[f"{sheet.doc_id}.jsonld"])
    assert "http://www.w3.org/ns/anno.jsonld" in collection["@context"]
    assert collection["type"] == "AnnotationCollection"
    if collection["total"] == 0:
        assert "first" not in collection
        return []
    page = collection["first"]
    assert page["type"] == "AnnotationPage"
    assert page["id"] == collection["last"]
    assert "@context" not in page
    items: list[dict[str, Any]] = page["items"]
    assert len(items) == collection["total"]
    assert len({item["id"] for item in items} | {page["id"], collection["id"]}) == len(items) + 2
    for item in items:
        assert item["type"] == "Annotation"
        assert item["target"]
    return items


def selected(files: dict[str, bytes], target: dict[str, Any]) -> tuple[int, int]:
    """Follow a target's selectors: both select the same words of its source."""
    text = files[target["source"]].decode()
    position, quoted = target["selector"]
    assert position["type"] == "TextPositionSelector"
    assert quoted["type"] == "TextQuoteSelector"
    start, end = position["start"], position["end"]
    assert text[start:end] == quoted["exact"]
    assert text[:start].endswith(quoted["prefix"])
    assert text[end:].startswith(quoted["suffix"])
    assert len(quoted["prefix"]) == min(32, start)
    assert len(quoted["suffix"]) == min(32, len(text) - end)
    return start, end


def read(sheet: Sheet, files: dict[str, bytes]) -> Sheet:
    """Read a sheet back from the annotations alone."""
    text = files[f"{sheet.doc_id}.txt"].decode()
    mentions: list[Mention] = []
    quotes: list[Quote] = []
    blocks: list[BlockSpan] = []
    for item in annotations(sheet, files):
        by_purpose = {body["purpose"]: body for body in item["body"]}
        classified = by_purpose["classifying"]
        note = by_purpose["commenting"]["value"] if "commenting" in by_purpose else None
        parts = [(target, selected(files, target)) for target in item["target"]]
        name, label, (start, end) = item["khobor:id"], classified["value"], parts[0][1]
        if item["khobor:layer"] == "mention":
            name_end = classified["khobor:name_end"]
            mentions.append(Mention(name, start, end, name_end, label, text[start:end], note))
        elif item["khobor:layer"] == "block":
            blocks.append(BlockSpan(name, start, end, label))
        else:
            roles: dict[str, list[Part]] = {}
            for target, (a, b) in parts:
                roles.setdefault(target["khobor:role"], []).append(Part(a, b, text[a:b]))
            quotes.append(_quote(sheet, name, by_purpose, roles, note))
    return Sheet(sheet.doc_id, text, tuple(mentions), tuple(quotes), tuple(blocks))


def _quote(
    sheet: Sheet,
    name: str,
    bodies: dict[str, dict[str, Any]],
    roles: dict[str, list[Part]],
    note: str | None,
) -> Quote:
    link = bodies.get("linking")
    if link is not None:
        assert link["source"] == f"{sheet.doc_id}.jsonld#item-{link['khobor:speaker_mention']}"
    said = bodies["classifying"]
    return Quote(
        id=name,
        content=tuple(roles["content"]),
        kind=said["value"],
        marking=said["khobor:marking"],
        medium=said["khobor:medium"],
        cue=next(iter(roles.get("cue", ())), None),
        speaker=next(iter(roles.get("speaker", ())), None),
        speaker_mention=link["khobor:speaker_mention"] if link else None,
        quoted=tuple(roles.get("quoted", ())),
        note=note,
    )


def test_a_small_document() -> None:
    sheet, sentences = small()
    written = EXPORTER.write(sheet, sentences, False)
    content = written.files["small.jsonld"].decode()
    head, _, rest = content.partition('  "items": [\n')
    assert rest.startswith(GOLDEN_NAME)
    assert head == (
        '{\n "@context": [\n  "http://www.w3.org/ns/anno.jsonld",\n'
        '  {\n   "khobor": "urn:x-khobor:"\n  }\n ],\n "id": "small.jsonld",\n'
        ' "type": "AnnotationCollection",\n "label": "small",\n "total": 4,\n "first": {\n'
        '  "id": "small.jsonld#page",\n  "type": "AnnotationPage",\n  "startIndex": 0,\n'
    )
    assert content.endswith(']\n },\n "last": "small.jsonld#page"\n}\n')
    assert written.files["small.txt"] == sheet.text.encode()


def test_positions_count_code_points() -> None:
    """The emoji before the name is one of them, not two UTF-16 units or four bytes."""
    sheet, sentences = small()
    item = annotations(sheet, EXPORTER.write(sheet, sentences, False).files)[0]
    position = item["target"][0]["selector"][0]
    assert position == {"type": "TextPositionSelector", "start": 2, "end": 8}


def test_a_quote_has_a_target_for_each_part() -> None:
    sheet, sentences = small()
    written = EXPORTER.write(sheet, sentences, False)
    quote = annotations(sheet, written.files)[-1]
    assert [target["khobor:role"] for target in quote["target"]] == ["content", "cue", "speaker"]
    assert [body["purpose"] for body in quote["body"]] == ["classifying", "linking", "commenting"]


@settings(max_examples=300)
@given(sheets() | sheets(blocks=True))
def test_a_sheet_is_read_back_whole(sheet: Sheet) -> None:
    written = EXPORTER.write(sheet, [], False)
    assert written.losses == ()
    assert read(sheet, written.files) == sheet
    assert EXPORTER.write(sheet, [], True) == written


def test_blocks_of_a_page_are_annotations_too() -> None:
    sheet = with_blocks()
    found = annotations(sheet, EXPORTER.write(sheet, [], False).files)
    assert [item["body"][0]["value"] for item in found] == ["chrome", "paragraph"]


def test_nothing_annotated_is_a_collection_without_a_page() -> None:
    sheet = Sheet("small", "ঢাকা")
    assert annotations(sheet, EXPORTER.write(sheet, [], False).files) == []


def test_documents_stand_side_by_side() -> None:
    blocks, names = with_blocks(), small()
    joined = EXPORTER.join([EXPORTER.write(blocks, [], False), EXPORTER.write(*names, False)])
    assert sorted(joined) == ["page-1.jsonld", "page-1.txt", "small.jsonld", "small.txt"]
