"""Annotation files: what is written is read again, and errors say where they stand."""

from __future__ import annotations

import json
import random
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khobor.annotations.files import (
    read_annotation_files,
    read_annotations,
    without_words,
    write_annotation,
)
from khobor.errors import RecordError, UsageError
from khobor.records import ENTITY_LABELS, Annotation, Block, Mention, Part, Quote
from tests import bengali
from tests.annotations.conftest import Lines, WriteLines
from tests.samples import HAOR, page_of

Ferry = tuple[str, tuple[Block, ...], Annotation]

_OFFSETS = st.integers(0, 5000)
_SURFACES = st.none() | bengali.texts(max_size=5)
_PARTS = st.builds(Part, start=_OFFSETS, end=_OFFSETS, surface=_SURFACES)
_MENTIONS = st.builds(
    Mention,
    id=st.from_regex(r"[a-z][0-9]{1,3}", fullmatch=True),
    start=_OFFSETS,
    end=_OFFSETS,
    name_end=_OFFSETS,
    label=st.sampled_from(ENTITY_LABELS),
    surface=_SURFACES,
    note=_SURFACES,
)
_QUOTES = st.builds(
    Quote,
    id=st.from_regex(r"q[0-9]{1,3}", fullmatch=True),
    content=st.lists(_PARTS, min_size=1, max_size=3).map(tuple),
    kind=st.sampled_from(["direct", "indirect", "mixed"]),
    marking=st.sampled_from(["marked", "bare", "headline"]),
    medium=st.sampled_from(["speech", "post", "document", "unknown"]),
    cue=st.none() | _PARTS,
    speaker=st.none() | _PARTS,
    speaker_mention=st.none() | st.just("e1"),
    quoted=st.lists(_PARTS, max_size=2).map(tuple),
    note=_SURFACES,
)
_ANNOTATIONS = st.builds(
    Annotation,
    doc_id=st.just("page-1"),
    text_sha256=st.just("a" * 64),
    annotator=bengali.texts(max_size=3),
    guideline=st.just("1.0"),
    progress=st.sampled_from(["todo", "partial", "complete"]),
    mentions=st.lists(_MENTIONS, max_size=6).map(tuple),
    quotes=st.lists(_QUOTES, max_size=3).map(tuple),
)


@settings(max_examples=50)
@given(annotation=_ANNOTATIONS)
def test_what_is_written_is_read_again(
    annotation: Annotation, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("round") / "page-1.jsonl"
    write_annotation(path, annotation)
    (read,) = read_annotations(path)
    assert sorted(map(repr, read.mentions)) == sorted(map(repr, annotation.mentions))
    assert sorted(map(repr, read.quotes)) == sorted(map(repr, annotation.quotes))
    empty = {"mentions": (), "quotes": ()}
    assert msgspec.structs.replace(read, **empty) == msgspec.structs.replace(annotation, **empty)
    first = path.read_bytes()
    write_annotation(path, read)
    assert path.read_bytes() == first


def test_lines_are_sorted_by_start_whatever_their_order_was(ferry: Ferry, tmp_path: Path) -> None:
    annotation = ferry[2]
    mentions, quotes = list(annotation.mentions), list(annotation.quotes)
    random.Random(7).shuffle(mentions)
    shuffled = msgspec.structs.replace(
        annotation, mentions=tuple(mentions), quotes=tuple(reversed(quotes))
    )
    write_annotation(tmp_path / "a.jsonl", annotation)
    write_annotation(tmp_path / "b.jsonl", shuffled)
    assert (tmp_path / "a.jsonl").read_bytes() == (tmp_path / "b.jsonl").read_bytes()
    records = [json.loads(line) for line in (tmp_path / "a.jsonl").read_bytes().splitlines()]
    assert records[0]["type"] == "annotation"
    starts = [
        record["start"]
        if record["type"] == "mention"
        else min(
            part["start"]
            for part in [*record["content"], record.get("cue"), record.get("speaker")]
            if part
        )
        for record in records[1:]
    ]
    assert starts == sorted(starts)


def test_one_changed_mention_is_a_diff_of_one_line(ferry: Ferry, tmp_path: Path) -> None:
    annotation = ferry[2]
    changed = msgspec.structs.replace(
        annotation,
        mentions=(
            *annotation.mentions[:3],
            msgspec.structs.replace(annotation.mentions[3], label="PRODUCT"),
            *annotation.mentions[4:],
        ),
    )
    write_annotation(tmp_path / "a.jsonl", annotation)
    write_annotation(tmp_path / "b.jsonl", changed)
    before = (tmp_path / "a.jsonl").read_bytes().splitlines()
    after = (tmp_path / "b.jsonl").read_bytes().splitlines()
    assert len(before) == len(after)
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1


def test_bengali_stands_in_the_file_as_itself(ferry: Ferry, tmp_path: Path) -> None:
    """Escapes (\\u09a2) would make a file that no annotator can read."""
    write_annotation(tmp_path / "a.jsonl", ferry[2])
    assert "তেঁতুলিয়া নদীর" in (tmp_path / "a.jsonl").read_text(encoding="utf-8")


def test_every_item_knows_its_line_and_blank_lines_count(
    lines: Lines, write_lines: WriteLines
) -> None:
    path = write_lines(lines)
    path.write_bytes(b"\n" + path.read_bytes().replace(b"\n", b"\r\n\r\n"))
    (found,) = read_annotation_files(path)
    assert found.header_line == 2
    for number, mention in zip(found.mention_lines, found.annotation.mentions, strict=True):
        assert json.loads(path.read_bytes().split(b"\n")[number - 1])["id"] == mention.id
    for number, quote in zip(found.quote_lines, found.annotation.quotes, strict=True):
        assert json.loads(path.read_bytes().split(b"\n")[number - 1])["id"] == quote.id


def test_a_second_header_is_named_with_its_line(ferry: Ferry, tmp_path: Path) -> None:
    for number, annotation in enumerate((ferry[2], page_of(HAOR)[2])):
        write_annotation(tmp_path / f"{number}.jsonl", annotation)
    first = (tmp_path / "0.jsonl").read_bytes()
    path = tmp_path / "both.jsonl"
    path.write_bytes(first + (tmp_path / "1.jsonl").read_bytes())
    line = len(first.splitlines()) + 1
    with pytest.raises(RecordError, match=rf"both\.jsonl:{line}: .*file of its own"):
        read_annotations(path)


def test_a_folder_is_read_in_the_order_of_its_names(ferry: Ferry, tmp_path: Path) -> None:
    for name in ("b", "a", "c"):
        write_annotation(
            tmp_path / f"{name}.jsonl", msgspec.structs.replace(ferry[2], doc_id=name, mentions=())
        )
    assert [annotation.doc_id for annotation in read_annotations(tmp_path)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("number", "line", "says"),
    [
        pytest.param(
            3,
            b'{"type":"mention","id":"e2","start":55,"end":63,"name_en',
            "cut off",
            id="truncated line",
        ),
        pytest.param(
            2,
            b'{"type":"mention","id":"e1","start":15,"end":20,"name_end":20,"label":"PERSON"}',
            "PERSON",
            id="unknown label",
        ),
        pytest.param(1, b"", "header", id="missing header"),
        pytest.param(
            4,
            b'{"type":"mention","id":"e3","start":1,"end":2,"name_end":2,"label":"PER","color":"red"}',
            "color",
            id="unknown field",
        ),
        pytest.param(
            2,
            b'{"type":"mention","id":"e1","start":-1,"end":2,"name_end":2,"label":"PER"}',
            "start",
            id="negative offset",
        ),
        pytest.param(
            2,
            b'{"type":"mention","id":"e1","start":"1","end":2,"name_end":2,"label":"PER"}',
            "start",
            id="offset in quotes",
        ),
        pytest.param(
            2,
            b'{"type":"mention","id":"../e1","start":1,"end":2,"name_end":2,"label":"PER"}',
            "id",
            id="id that is no name",
        ),
        pytest.param(2, b'{"type":"entity","id":"e1"}', "entity", id="unknown type"),
        pytest.param(2, b'{"type":"mention","id":"e1","surface":"\xff"}', "utf-8", id="not UTF-8"),
        pytest.param(2, b"[" * 5000, "record", id="deep nesting"),
    ],
)
def test_a_line_that_is_no_record_is_named_with_file_and_line(
    lines: Lines, write_lines: WriteLines, number: int, line: bytes, says: str
) -> None:
    path = write_lines(lines)
    content = path.read_bytes().splitlines()
    content[number - 1] = line
    path.write_bytes(b"\n".join(content) + b"\n")
    where = f"{path}:{2 if number == 1 else number}"  # without its header, the next line is wrong
    with pytest.raises(RecordError) as caught:
        read_annotations(path)
    assert caught.value.where == where
    assert str(caught.value).startswith(f"{where}: ")
    assert says in str(caught.value)
    assert caught.value.fix


def test_an_unknown_label_is_answered_with_the_field(lines: Lines, write_lines: WriteLines) -> None:
    lines[1]["label"] = "PERSON"
    with pytest.raises(RecordError, match="label"):
        read_annotations(write_lines(lines))


def test_an_empty_file_is_an_error_and_no_empty_annotation(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\n")
    with pytest.raises(RecordError, match="header"):
        read_annotations(tmp_path / "a.jsonl")


def test_a_missing_file_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.jsonl"):
        read_annotations(tmp_path / "nowhere.jsonl")


@settings(max_examples=50)
@given(annotation=_ANNOTATIONS, notes=st.booleans())
def test_a_stand_off_keeps_every_offset_and_no_surface(annotation: Annotation, notes: bool) -> None:
    bare = without_words(annotation, notes=notes)
    encoded = msgspec.json.decode(msgspec.json.encode(bare))
    assert '"surface"' not in msgspec.json.encode(bare).decode()
    kept = [item.note for item in (*bare.mentions, *bare.quotes)]
    noted = [item.note for item in (*annotation.mentions, *annotation.quotes)]
    assert kept == (noted if notes else [None] * len(noted))
    assert [(m["start"], m["end"], m["name_end"]) for m in encoded["mentions"]] == [
        (m.start, m.end, m.name_end) for m in annotation.mentions
    ]
    for quote, found in zip(annotation.quotes, encoded["quotes"], strict=True):
        for field in ("content", "quoted"):
            spans = [(part["start"], part["end"]) for part in found.get(field, [])]
            assert spans == [(part.start, part.end) for part in getattr(quote, field)]
        for field in ("cue", "speaker"):
            part = getattr(quote, field)
            assert found.get(field) == (part and {"start": part.start, "end": part.end})
