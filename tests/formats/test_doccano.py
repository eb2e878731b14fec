"""doccano: the bytes of its import, what its export does, faults and their sentences."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from khobor.formats.colours import COLOURS
from khobor.formats.doccano import CODEC
from khobor.formats.interface import BlockSpan, FormatError, Sheet, Written
from khobor.formats.losses import losses_of, put_back
from khobor.formats.units import settle
from khobor.records import Mention, Part, Quote

TEXT = "🛶 চরঘাটে তিনি বলেন, ‘নদী ছাড়ব না’"


def part(surface: str) -> Part:
    start = TEXT.index(surface)
    return Part(start, start + len(surface), surface)


def mention(surface: str, name: str, label: Any, note: str | None = None) -> Mention:
    span = part(surface)
    return Mention("e1", span.start, span.end, span.start + len(name), label, surface, note)


SHEET = Sheet(
    "chara-ghat",
    TEXT,
    (mention("চরঘাটে", "চরঘাট", "LOC", "ঘাটের নাম"),),
    (
        Quote(
            id="q1",
            content=(part("নদী ছাড়ব না"),),
            kind="direct",
            marking="marked",
            medium="speech",
            cue=part("বলেন"),
            speaker=part("তিনি"),
            speaker_mention="e1",
        ),
    ),
)


def exported(written: Written, **changes: Any) -> dict[str, bytes]:
    """Give a record back as doccano does: ids of its own, no id kept, raw letters, comments."""
    record = json.loads(written.files["doccano.jsonl"])
    entities = [{**entity, "id": entity["id"] + 900} for entity in record["entities"]]
    relations = [
        {**r, "id": r["id"] + 70, "from_id": r["from_id"] + 900, "to_id": r["to_id"] + 900}
        for r in record["relations"]
    ]
    row = {
        "id": 5,
        "text": record["text"],
        "doc_id": record["doc_id"],
        "entities": entities,
        "relations": relations,
        "Comments": [],
        **changes,
    }
    return {"admin.jsonl": (json.dumps(row, ensure_ascii=False) + "\n").encode()}


def imported(files: dict[str, bytes], ids: dict[str, str], text: str = TEXT) -> Sheet:
    (returned,) = CODEC.split(files)
    return settle(CODEC.read(returned, ids), text, where=returned.where)


def entities_of(written: Written) -> list[dict[str, Any]]:
    entities: list[dict[str, Any]] = json.loads(written.files["doccano.jsonl"])["entities"]
    return entities


def test_the_record_is_pure_ascii_with_utf_16_offsets_and_relations_from_the_content() -> None:
    """The rower 🛶 counts two; what doccano's "Auto" encoding would misread is escaped."""
    line = CODEC.write(SHEET).files["doccano.jsonl"].decode("ascii")
    assert line.startswith('{"text":"\\ud83d\\udef6 \\u099a\\u09b0\\u0998\\u09be\\u099f\\u09c7 ')
    assert line.endswith(
        '","doc_id":"chara-ghat","entities":['
        '{"id":1,"label":"LOC","start_offset":3,"end_offset":9},'
        '{"id":2,"label":"ENDING","start_offset":8,"end_offset":9},'
        '{"id":3,"label":"CONTENT\\u00b7direct\\u00b7marked\\u00b7speech",'
        '"start_offset":22,"end_offset":34},'
        '{"id":4,"label":"CUE","start_offset":15,"end_offset":19},'
        '{"id":5,"label":"SPEAKER","start_offset":10,"end_offset":14}],'
        '"relations":[{"id":1,"from_id":3,"to_id":4,"type":"cue"},'
        '{"id":2,"from_id":3,"to_id":5,"type":"speaker"},'
        '{"id":3,"from_id":3,"to_id":1,"type":"speaker mention"}]}\n'
    )


def test_only_the_note_is_lost_and_comes_back_from_the_original() -> None:
    written = CODEC.write(SHEET)
    held = CODEC.restrict(SHEET)
    assert [(loss.item, loss.field) for loss in losses_of(SHEET, held, "doccano")] == [
        ("e1", "note")
    ]
    assert put_back(SHEET, held, imported(exported(written), written.ids)) == SHEET


def test_a_relabelled_mention_and_quote_keep_their_ids() -> None:
    written = CODEC.write(SHEET)
    entities = entities_of(written)
    entities[0]["label"] = "GPE"
    entities[2]["label"] = "CONTENT·direct·marked·unknown"
    files = exported(
        written,
        entities=entities,
        relations=json.loads(written.files["doccano.jsonl"])["relations"],
    )
    back = imported(files, written.ids)
    assert [(m.id, m.label) for m in back.mentions] == [("e1", "GPE")]
    assert [(q.id, q.medium) for q in back.quotes] == [("q1", "unknown")]


def test_a_new_mention_gets_an_id_that_is_not_taken() -> None:
    written = CODEC.write(SHEET)
    new = {"id": 99, "label": "PER", "start_offset": 10, "end_offset": 14}
    files = exported(written, entities=[*entities_of(written)[:2], new], relations=[])
    assert [m.id for m in imported(files, written.ids).mentions] == ["e1", "e2"]


def test_one_drawn_speaker_may_serve_two_quotes() -> None:
    heads = [
        {"id": 1, "label": "CONTENT·indirect·bare·speech", "start_offset": 22, "end_offset": 25},
        {"id": 2, "label": "CONTENT·direct·marked·speech", "start_offset": 26, "end_offset": 34},
        {"id": 3, "label": "SPEAKER", "start_offset": 10, "end_offset": 14},
    ]
    relations = [{"id": n, "from_id": n, "to_id": 3, "type": "speaker"} for n in (1, 2)]
    files = exported(CODEC.write(SHEET), entities=heads, relations=relations)
    back = imported(files, {})
    assert {q.id: q.speaker for q in back.quotes} == {"q1": part("তিনি"), "q2": part("তিনি")}


def test_an_ending_is_left_out_where_it_would_be_read_as_another_mentions() -> None:
    """Of two mentions that end together only the outer one has an ending."""
    outer = mention("চরঘাটে", "চরঘাট", "LOC")
    start = TEXT.index("ঘাটে")
    inner = Mention("e2", start, start + 4, start + 4, "LOC", "ঘাটে")
    sheet = Sheet("d", TEXT, (outer, inner))
    held = CODEC.restrict(sheet)
    assert [m.name_end for m in held.mentions] == [outer.end, inner.end]
    assert [(loss.item, loss.field) for loss in losses_of(sheet, held, "doccano")] == [
        ("e1", "name_end")
    ]


def test_blocks_travel_as_labels_of_their_own() -> None:
    blocks = (BlockSpan("b1", 0, 8, "headline"), BlockSpan("b2", 9, 33, "paragraph"))
    sheet = Sheet("d", TEXT, blocks=blocks)
    written = CODEC.write(sheet)
    assert imported(exported(written), written.ids) == sheet


def test_labels_are_imported_with_their_colours_and_no_key_twice() -> None:
    """doccano refuses two labels of one name, and two with one key; a name has 100 letters."""
    spans = json.loads(CODEC.shared()["doccano-spans.json"])
    relations = json.loads(CODEC.shared()["doccano-relations.json"])
    names = [label["text"] for label in spans]
    keys = [label["suffixKey"] for label in spans if label["suffixKey"]]
    assert len(set(names)) == len(names) == 11 + 1 + 4 + 36 + 12
    assert len(set(keys)) == len(keys)
    assert max(map(len, names)) <= 100
    assert {label["text"]: label["backgroundColor"] for label in spans}["PER"] == COLOURS["PER"]
    assert [label["text"] for label in relations] == [
        "continues",
        "cue",
        "speaker",
        "quoted",
        "speaker mention",
    ]
    for label in (*spans, *relations):
        assert re.fullmatch("#[0-9a-f]{6}", label["backgroundColor"])


def test_all_documents_stand_in_one_file_and_come_back_in_any_order() -> None:
    sheets = [Sheet(f"d{number}", f"পাতা {number}\u2028শেষ") for number in range(3)]
    joined = CODEC.join([CODEC.write(sheet) for sheet in sheets])
    assert list(joined) == ["doccano.jsonl"]
    lines = joined["doccano.jsonl"].splitlines(keepends=True)
    raw = [json.dumps(json.loads(line), ensure_ascii=False).encode() for line in reversed(lines)]
    returned = list(CODEC.split({"all.jsonl": b"\r\n".join(raw), **CODEC.shared()}))
    assert [(one.doc_id, one.where) for one in returned] == [
        ("d2", "all.jsonl:1"),
        ("d1", "all.jsonl:2"),
        ("d0", "all.jsonl:3"),
    ]
    assert CODEC.read(returned[0], {}).text == sheets[2].text


# --- what must be refused ---------------------------------------------------------------------


def test_offsets_in_code_points_behind_an_emoji_are_told_by_the_letter_that_they_split() -> None:
    """doccano gives no words to compare; a file made by hand counts as Python does."""
    text = "🛶 🛶 কাক"
    row = {"text": text, "doc_id": "d", "relations": [], "entities": [
        {"id": 1, "label": "PER", "start_offset": 4, "end_offset": 7}]}  # fmt: skip
    files = {"all.jsonl": json.dumps(row).encode()}
    with pytest.raises(
        FormatError, match=r"inside a character.*fits where offsets count code poin"
    ):
        imported(files, {}, text)
    (returned,) = CODEC.split(files)
    claim = CODEC.read(returned, {})
    (found,) = settle(claim, text, where="x", unit="code points").mentions
    assert found.surface == "কাক"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (TEXT.replace("🛶 ", ""), "the text came back changed"),
        (TEXT + "\n", "a line break was added at its end"),
        (" " + TEXT, "the text came back changed"),
    ],
)
def test_a_changed_text_is_refused(text: str, sentence: str) -> None:
    written = CODEC.write(SHEET)
    with pytest.raises(FormatError, match=sentence):
        imported(exported(written, text=text), written.ids)


HEAD = {"id": 1, "label": "CONTENT·direct·marked·speech", "start_offset": 22, "end_offset": 34}
CUE = {"id": 2, "label": "CUE", "start_offset": 15, "end_offset": 19}
TO_CUE = {"id": 1, "from_id": 1, "to_id": 2, "type": "cue"}
FAULTS = [
    ([CUE], [], "CUE at .15, 19. belongs to no quote; draw a relation"),
    ([{**HEAD, "label": "CONTENT"}], [], "belongs to no quote.*say what quote it is: CONTENT·dir"),
    ([HEAD, CUE, {**CUE, "id": 3}], [TO_CUE, {**TO_CUE, "to_id": 3}], "more than one relation 'cue'"),
    ([HEAD], [TO_CUE], "from 1 to 2 leads to no entity; delete it"),
    ([HEAD, CUE], [{**TO_CUE, "type": "speaker"}], "'speaker' leads from CONTENT.* to CUE at"),
    ([HEAD, CUE], [{**TO_CUE, "type": "rel"}], "'rel' leads from.*expected from a CONTENT"),
    ([CUE, HEAD], [{**TO_CUE, "from_id": 2, "to_id": 1}], "'cue' leads from CUE"),
    ([HEAD, HEAD], [], "two entities have one id"),
    ([{**CUE, "label": "PERSON"}], [], "PERSON at .15, 19.: no such label; relabel it"),
    ([{**CUE, "label": "ENDING"}], [], "is the ending of no mention; an ending lies inside"),
    ([{**HEAD, "end_offset": 10**9}], [], "lies outside the text"),
    ([{**HEAD, "end_offset": 10**40}], [], "no record with entities and relations"),
    ([{**HEAD, "start_offset": -1}], [], "no record with entities and relations"),
    ([{**HEAD, "start_offset": None}], [], "no record with entities and relations"),
    ([{**HEAD, "start_offset": 34}], [], "is empty"),
]  # fmt: skip


@pytest.mark.parametrize(("entities", "relations", "sentence"), FAULTS)
def test_a_fault_is_told_with_its_line(
    entities: list[Any], relations: list[Any], sentence: str
) -> None:
    files = exported(CODEC.write(SHEET), entities=entities, relations=relations)
    with pytest.raises(FormatError, match=sentence) as refused:
        imported(files, {})
    assert refused.value.where == "admin.jsonl:1"
    assert refused.value.fix


def test_an_export_without_relations_is_refused() -> None:
    row = {"text": TEXT, "doc_id": "d", "label": [[3, 9, "LOC"]], "Comments": []}
    with pytest.raises(FormatError, match=r"export from doccano as JSONL\(relation\)"):
        imported({"all.jsonl": json.dumps(row).encode()}, {})


@pytest.mark.parametrize("doc_id", ["../../x", "", ".x", "a\n", "a/b", 7, None])
def test_a_doc_id_that_names_another_folder_is_refused(doc_id: object) -> None:
    files = exported(CODEC.write(SHEET), doc_id=doc_id)
    with pytest.raises(FormatError, match="no record of doccano with a doc_id"):
        list(CODEC.split(files))


def test_a_document_twice_is_refused_since_two_annotators_are_not_one() -> None:
    written = CODEC.write(SHEET)
    one = exported(written)["admin.jsonl"]
    with pytest.raises(FormatError, match=r"stands at a.jsonl:1 already.*one annotator"):
        list(CODEC.split({"a.jsonl": one, "b.jsonl": one}))


def test_deep_and_large_records_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = b'{"doc_id":"d","x":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    with pytest.raises(FormatError, match="no record of doccano"):
        list(CODEC.split({"x.jsonl": deep}))
    monkeypatch.setattr("khobor.formats.doccano.MAX_LINE_BYTES", 10)
    with pytest.raises(FormatError, match="longer than 10 bytes"):
        list(CODEC.split(exported(CODEC.write(SHEET))))
