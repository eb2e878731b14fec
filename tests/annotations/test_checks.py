"""The rules of an annotation: a planted fault for every check id, and none in a sound one."""

from __future__ import annotations

import re
from typing import Any

import pytest

from khobor.annotations.checks import Finding, check_annotation
from khobor.annotations.files import read_annotation_files, write_annotation
from khobor.records import Annotation, Block
from tests.annotations.conftest import Lines, WriteLines
from tests.samples import SAMPLES, Sample, document_of, page_of

Ferry = tuple[str, tuple[Block, ...], Annotation]


def _line_of(lines: Lines, item: str) -> int:
    """Find the place of an item in the list of lines; the file's line is one more."""
    return next(place for place, line in enumerate(lines) if line.get("id") == item)


def _check(ferry: Ferry, lines: Lines, write_lines: WriteLines) -> list[Finding]:
    text, blocks, annotation = ferry
    (found,) = read_annotation_files(write_lines(lines))
    return check_annotation(found, text, annotation.text_sha256, blocks)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.doc_id)
def test_a_sound_annotation_has_no_findings(sample: Sample, write_lines: WriteLines) -> None:
    text, blocks, annotation = page_of(sample)
    path = write_lines([])
    write_annotation(path, annotation)
    (found,) = read_annotation_files(path)
    assert check_annotation(found, text, annotation.text_sha256, blocks) == []


# (check id, item, its changed fields, item at which the finding stands if another). Offsets are
# said as (item, field, shift): "where e2 ends, and eleven further".
_FAULTS: list[tuple[str, str, dict[str, Any], str]] = [
    ("span-range", "e10", {"end": 99_999, "name_end": 99_999, "surface": None}, "e10"),
    ("span-range", "e10", {"end": ("e10", "start", 0), "surface": None}, "e10"),
    ("span-range", "q2", {"cue": {"start": 99_990, "end": 99_999}}, "q2"),
    ("surface", "e3", {"surface": "ঢাকা"}, "e3"),
    (
        "surface",
        "q1",
        {"cue": {"start": ("e8", "end", 1), "end": ("e8", "end", 5), "surface": "ঢাকা"}},
        "q1",
    ),
    ("grapheme", "e8", {"start": ("e8", "start", 1), "surface": None}, "e8"),
    ("outside-article", "e1", {"start": 0, "end": 3, "name_end": 3, "surface": None}, "e1"),
    ("crosses-block", "e2", {"end": ("e2", "end", 7), "surface": None}, "e2"),
    ("name-end", "e3", {"name_end": ("e3", "end", 1)}, "e3"),
    ("name-end", "e3", {"name_end": ("e3", "start", 0)}, "e3"),
    ("edge", "e6", {"end": ("e6", "end", 1), "surface": None}, "e6"),
    ("edge", "e6", {"start": ("e6", "start", -1), "surface": None}, "e6"),
    ("overlap", "e5", {"end": ("e6", "end", 0), "surface": None}, "e6"),
    ("quote-content", "q2", {"content": []}, "q2"),
    ("quote-overlap", "q1", {"cue": {"start": ("e9", "start", 0), "end": ("e9", "end", 0)}}, "q1"),
    ("quote-overlap", "q1", {"cue": {"start": ("e8", "start", 0), "end": ("e8", "end", 0)}}, "q1"),
    ("speaker-mention", "q1", {"speaker_mention": "e99"}, "q1"),
    ("headline-cue", "q2", {"marking": "headline"}, "q2"),
    ("mixed-marking", "q2", {"kind": "mixed"}, "q2"),
    (
        "quoted-kind",
        "q1",
        {"quoted": [{"start": ("e9", "start", 0), "end": ("e9", "end", 0)}]},
        "q1",
    ),
    (
        "quoted-outside",
        "q1",
        {"kind": "mixed", "quoted": [{"start": ("e8", "start", 0), "end": ("e8", "end", 0)}]},
        "q1",
    ),
    ("marks-missing", "q2", {"marking": "marked"}, "q2"),
    ("duplicate-id", "e3", {"id": "e2"}, "e3"),
    (
        "order",
        "e1",
        {
            "start": ("e3", "start", 0),
            "end": ("e3", "end", 0),
            "name_end": ("e3", "end", 0),
            "surface": None,
        },
        "e2",
    ),
]


@pytest.fixture(params=_FAULTS, ids=lambda fault: fault[0])
def planted(
    request: pytest.FixtureRequest, ferry: Ferry, lines: Lines, write_lines: WriteLines
) -> tuple[str, int, list[Finding]]:
    """A fault in one line: its check id, the line that must be named, and what is found."""
    check, item, changes, place = request.param
    offsets = {line["id"]: line for line in lines[1:] if line["type"] == "mention"}
    number = _line_of(lines, place) + 1
    lines[_line_of(lines, item)].update(_resolve(changes, offsets))
    return check, number, _check(ferry, lines, write_lines)


def _resolve(value: Any, offsets: dict[str, dict[str, Any]]) -> Any:
    if isinstance(value, dict):
        return {key: _resolve(entry, offsets) for key, entry in value.items()}
    if isinstance(value, list):
        return [_resolve(entry, offsets) for entry in value]
    if isinstance(value, tuple):
        item, field, shift = value
        return offsets[item][field] + shift
    return value


def test_a_planted_fault_is_found_in_its_line(planted: tuple[str, int, list[Finding]]) -> None:
    check, number, findings = planted
    assert (number, "error", check) in {(f.line, f.level, f.check) for f in findings}


def test_a_finding_names_file_line_level_check_and_what_to_do(
    planted: tuple[str, int, list[Finding]],
) -> None:
    check, number, findings = planted
    finding = next(f for f in findings if (f.line, f.check) == (number, check))
    assert finding.file.endswith("char-ferry.jsonl")
    assert str(finding).startswith(f"{finding.file}:{number}: error {check} ")
    # What was found, then what to do.
    assert re.fullmatch(r".+; .+", finding.message), finding.message


def test_findings_stand_in_the_order_of_their_lines(
    ferry: Ferry, lines: Lines, write_lines: WriteLines
) -> None:
    for place in (9, 4, 2, 12):
        if lines[place]["type"] == "mention":
            lines[place]["surface"] = "ঢাকা"
    numbers = [finding.line for finding in _check(ferry, lines, write_lines)]
    assert len(numbers) >= 3
    assert numbers == sorted(numbers)


def test_an_annotation_for_another_text_is_one_finding_at_its_header(
    ferry: Ferry, lines: Lines, write_lines: WriteLines
) -> None:
    """Its offsets mean nothing, so nothing else is said; the way out is named."""
    lines[0]["text_sha256"] = "0" * 64
    lines[1]["end"] = 99_999
    (finding,) = _check(ferry, lines, write_lines)
    assert (finding.line, finding.level, finding.check) == (1, "error", "hash")
    assert "khobor reanchor" in finding.message


def test_a_marked_content_that_holds_its_own_marks_is_found(
    ferry: Ferry, lines: Lines, write_lines: WriteLines
) -> None:
    content = lines[_line_of(lines, "q1")]["content"][0]
    content.update(start=content["start"] - 1, end=content["end"] + 1, surface=None)
    checks = [finding.check for finding in _check(ferry, lines, write_lines)]
    assert checks == ["marks-inside"]


@pytest.mark.parametrize("mark", [",", "।", "৷", "”", "(", "{", ")", " ", "\u00a0", "–", ":"])
def test_no_name_ends_in_a_mark(mark: str, write_lines: WriteLines) -> None:
    assert _findings_of(f"কাল [বরিশাল{mark} GPE] যাব।", write_lines) == ["edge"]


@pytest.mark.parametrize("mark", [",", "।", "“", ")", "]", ".", " ", "\u00a0", "—"])
def test_no_name_begins_with_a_mark(mark: str, write_lines: WriteLines) -> None:
    assert _findings_of(f"কাল [{mark}বরিশাল GPE] যাব।", write_lines) == ["edge"]


@pytest.mark.parametrize(
    "name",
    [
        "দু’|জন NUM",
        "ছ’|টি NUM",
        "08:14 PM (IST) TIME",
        "‘তুমি|’র WORK",
        "মো. রফিক PER",
        "রাত ৯টা TIME",
        "ওদলাবাড়ি|-র GPE",
    ],
)
def test_marks_that_belong_to_a_name_are_no_fault(name: str, write_lines: WriteLines) -> None:
    assert _findings_of(f"কাল [{name}] এসেছে।", write_lines) == []


def _findings_of(line: str, write_lines: WriteLines) -> list[str]:
    document, annotation = document_of(("paragraph", line))
    path = write_lines([])
    write_annotation(path, annotation)
    (found,) = read_annotation_files(path)
    findings = check_annotation(found, document.text, document.text_sha256, document.blocks)
    return [finding.check for finding in findings]


@pytest.mark.parametrize(
    ("letter", "offset"),
    [
        pytest.param("কো", 1, id="vowel sign"),
        pytest.param("ক্ষ", 2, id="conjunct"),
        pytest.param("\u09af\u09bc", 1, id="nukta"),
        pytest.param("র\u200d\u09cd\u09af", 1, id="ZWJ"),
    ],
)
def test_a_span_that_splits_a_letter_is_found(
    letter: str, offset: int, write_lines: WriteLines
) -> None:
    """`name_end` may stand there, start and end may not."""
    split = f"{letter[:offset]} GPE]{letter[offset:]}"
    assert "grapheme" in _findings_of(f"কাল [বন{split}ট যাব।", write_lines)
    inside = f"{letter[:offset]}|{letter[offset:]}ট GPE]"
    assert _findings_of(f"কাল [বন{inside} যাব।", write_lines) == []


@pytest.mark.parametrize("space", [" ", "\u00a0"])
@pytest.mark.parametrize("role", ["CONTENT", "CUE", "SPEAKER"])
def test_a_part_of_a_quote_with_white_space_at_its_edge_is_found(
    role: str, space: str, write_lines: WriteLines
) -> None:
    """No token lies there, so no tag could say it and no misfit would list it."""
    parts = {"SPEAKER": "রফিক", "CUE": "বলেন", "CONTENT": "নদী আসছে"}
    assert _findings_of(_quoted(parts), write_lines) == []
    assert _findings_of(_quoted({**parts, role: parts[role] + space}), write_lines)
    assert _findings_of(_quoted({**parts, role: space + parts[role]}), write_lines)


def _quoted(parts: dict[str, str]) -> str:
    return " ".join(f"⟪q1 {role} {surface}⟫" for role, surface in parts.items()) + "।"
