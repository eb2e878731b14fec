"""khobor check over a corpus folder: a planted fault for every rule, with file and line."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from khobor.corpus.checks import check_folder
from khobor.errors import UsageError
from tests.corpus.conftest import EditLines
from tests.samples import SAMPLES

Plant = Callable[[Path, EditLines], object]

_EXCEPTIONS = "annotations/exceptions.jsonl"
_FERRY_BLOCKS = "pages/char-ferry/blocks.jsonl"
_FERRY_GOLD = "annotations/gold/char-ferry.jsonl"
_FERRY_TEXT = "pages/char-ferry/page.txt"
_ORANGE_GOLD = "annotations/gold/orange-garden.jsonl"
_MARKET_GOLD = "annotations/gold/night-market.jsonl"
_MARKET_BLOCKS = "pages/night-market/blocks.jsonl"


def _append(path: str, content: bytes) -> Plant:
    return lambda folder, _: (folder / path).write_bytes((folder / path).read_bytes() + content)


def _update(path: str, line: int, **fields: object) -> Plant:
    return lambda folder, edit: edit(folder / path, lambda lines: lines[line - 1].update(fields))


def _drop(path: str, line: int) -> Plant:
    return lambda folder, edit: edit(folder / path, lambda lines: lines.pop(line - 1))


def _cut_off(path: str) -> Plant:
    return lambda folder, _: (folder / path).write_bytes((folder / path).read_bytes()[:-20])


def _remove(path: str) -> Plant:
    return lambda folder, _: (folder / path).unlink()


def _copy(path: str, to: str) -> Plant:
    def copy(folder: Path, _: EditLines) -> None:
        (folder / to).parent.mkdir(exist_ok=True)
        shutil.copyfile(folder / path, folder / to)

    return copy


def _freeze(word: str) -> Plant:
    """Put a text on a page that today's capture does not give, consistent in itself.

    `word` is one code point longer than the one that it replaces.
    """

    def freeze(folder: Path, edit: EditLines) -> None:
        path = folder / "pages" / "tram-depot" / "page.txt"
        text = path.read_text(encoding="utf-8").replace("পুরনো", word)
        path.write_text(text, encoding="utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()
        edit(
            folder / "pages" / "catalogue.jsonl",
            lambda rows: [
                r.update(text_sha256=digest) for r in rows if r["doc_id"] == "tram-depot"
            ],
        )
        edit(folder / "pages" / "tram-depot" / "blocks.jsonl", lambda lines: _shift(lines, digest))

    return freeze


def _shift(lines: list[dict[str, object]], digest: str) -> None:
    lines[0]["text_sha256"] = digest
    for line in lines[3:]:
        line["end"] = int(str(line["end"])) + 1
    for line in lines[4:]:
        line["start"] = int(str(line["start"])) + 1


def _name_ends_with_the_span(lines: list[dict[str, object]]) -> None:
    lines[3]["name_end"] = lines[3]["end"]


def _name_the_ferry(folder: Path, edit: EditLines) -> None:
    """Mark one ফেরি of several, as if it were a name."""
    start = (folder / _FERRY_TEXT).read_text(encoding="utf-8").index("ফেরি")
    span = {"start": start, "end": start + 4, "name_end": start + 4}
    mention = {"type": "mention", "id": "e99", **span, "label": "ORG"}
    edit(folder / _FERRY_GOLD, lambda lines: lines.insert(2, mention))


def _except(check: str, text: str) -> Plant:
    line = f'{{"type":"exception","check":"{check}","text":"{text}","reason":"a test"}}\n'
    return lambda folder, _: (folder / _EXCEPTIONS).write_text(line, encoding="utf-8")


def _drop_item(path: str, item: str) -> Plant:
    return lambda folder, edit: edit(
        folder / path,
        lambda lines: lines.remove(next(line for line in lines if line.get("id") == item)),
    )


# check id → level, file:line at which it must be found, and how to plant the fault.
_FAULTS: list[tuple[str, str, str, Plant]] = [
    (
        "payload-hash",
        "error",
        "pages/char-ferry/raw.txt:1",
        _append("pages/char-ferry/raw.txt", b" "),
    ),
    (
        "text-hash",
        "error",
        "pages/char-ferry/page.txt:1",
        _append("pages/char-ferry/page.txt", b" "),
    ),
    ("capture-differs", "warning", "pages/tram-depot/page.txt:1", _freeze("পুরোনো")),
    ("span-range", "error", f"{_FERRY_BLOCKS}:10", _update(_FERRY_BLOCKS, 10, end=99_999)),
    ("block-gap", "error", f"{_FERRY_BLOCKS}:4", _drop(_FERRY_BLOCKS, 4)),
    ("block-gap", "error", f"{_FERRY_BLOCKS}:9", _drop(_FERRY_BLOCKS, 10)),
    ("block-order", "error", f"{_FERRY_BLOCKS}:4", _update(_FERRY_BLOCKS, 4, start=20)),
    ("block-edge", "error", f"{_FERRY_BLOCKS}:2", _update(_FERRY_BLOCKS, 2, end=15)),
    ("record", "error", f"{_FERRY_BLOCKS}:10", _cut_off(_FERRY_BLOCKS)),
    ("record", "error", f"{_FERRY_BLOCKS}:2", _update(_FERRY_BLOCKS, 2, label="menu")),
    ("record", "error", f"{_FERRY_BLOCKS}:1", _update(_FERRY_BLOCKS, 1, doc_id="tram-depot")),
    ("record", "error", f"{_FERRY_BLOCKS}:1", _remove(_FERRY_BLOCKS)),
    ("record", "error", "pages/char-ferry:1", _remove("pages/char-ferry/raw.txt")),
    ("record", "error", "pages/char-ferry/page.txt:1", _remove("pages/char-ferry/page.txt")),
    ("record", "error", "pages/catalogue.jsonl:6", _cut_off("pages/catalogue.jsonl")),
    ("record", "error", f"{_FERRY_GOLD}:13", _cut_off(_FERRY_GOLD)),
    ("record", "error", f"{_FERRY_GOLD}:3", _update(_FERRY_GOLD, 3, label="PLACE")),
    ("hash", "error", f"{_FERRY_GOLD}:1", _update(_FERRY_GOLD, 1, text_sha256="0" * 64)),
    ("span-range", "error", f"{_FERRY_GOLD}:13", _update(_FERRY_GOLD, 13, end=99_999)),
    ("duplicate-id", "error", f"{_FERRY_GOLD}:4", _update(_FERRY_GOLD, 4, id="e2")),
    ("unknown-document", "error", f"{_FERRY_GOLD}:1", _update(_FERRY_GOLD, 1, doc_id="other")),
    (
        "file-name",
        "error",
        "annotations/asha/ferry.jsonl:1",
        _copy(_FERRY_GOLD, "annotations/asha/ferry.jsonl"),
    ),
    ("hash", "error", f"{_MARKET_GOLD}:1", _update(_MARKET_GOLD, 1, text_sha256="0" * 64)),
    ("other-label", "warning", f"{_ORANGE_GOLD}:4", _update(_ORANGE_GOLD, 4, label="LOC")),
    (
        "whole-name",
        "warning",
        f"{_ORANGE_GOLD}:4",
        lambda folder, edit: edit(folder / _ORANGE_GOLD, _name_ends_with_the_span),
    ),
    ("unmarked-name", "warning", f"{_FERRY_TEXT}:4", _name_the_ferry),
    ("speech-without-quote", "warning", f"{_FERRY_TEXT}:5", _drop_item(_FERRY_GOLD, "q1")),
    ("unpaired-mark", "warning", "pages/tram-depot/page.txt:3", _freeze("‘পুরনো")),
    ("unused-exception", "warning", f"{_EXCEPTIONS}:1", _except("other-label", "ঢাকা")),
    ("unused-exception", "warning", f"{_EXCEPTIONS}:1", _except("hash", "ঢাকা")),
    ("record", "error", f"{_EXCEPTIONS}:1", _except("other-label", " ")),
    ("record", "error", f"{_MARKET_BLOCKS}:1", _update(_MARKET_BLOCKS, 1, text_sha256="0" * 64)),
]


@pytest.fixture(
    params=_FAULTS, ids=lambda fault: f"{fault[0]} in {fault[2].split('/', 1)[1].replace('/', '-')}"
)
def planted(
    request: pytest.FixtureRequest, corpus_folder: Path, edit_lines: EditLines
) -> tuple[str, str, str, list[str]]:
    """A fault: check id, level, where it must be found, and what is found, as it is printed."""
    check, level, where, plant = request.param
    plant(corpus_folder, edit_lines)
    found = [str(finding) for finding in check_folder(corpus_folder)]
    return check, level, f"{corpus_folder}/{where}", found


def test_a_planted_fault_is_found_where_it_stands_and_says_what_to_do(
    planted: tuple[str, str, str, list[str]],
) -> None:
    check, level, where, found = planted
    lines = [line for line in found if line.startswith(f"{where}: {level} {check} ")]
    assert lines, found
    for line in lines:
        message = line.removeprefix(f"{where}: {level} {check} ")
        assert re.fullmatch(r".+; .+", message), message


def test_a_sound_folder_has_no_findings_but_the_note_of_what_is_withheld(
    corpus_folder: Path,
) -> None:
    (finding,) = check_folder(corpus_folder)
    assert (finding.level, finding.check) == ("note", "withheld")
    assert (Path(finding.file).name, finding.line) == ("catalogue.jsonl", 3)
    assert "night-market" in finding.message
    assert "--pages" in finding.message


def test_findings_stand_in_the_order_of_files_and_lines(
    corpus_folder: Path, edit_lines: EditLines
) -> None:
    _update(_FERRY_GOLD, 13, end=99_999)(corpus_folder, edit_lines)
    _update(_FERRY_GOLD, 4, id="e2")(corpus_folder, edit_lines)
    _update(_FERRY_BLOCKS, 2, end=15)(corpus_folder, edit_lines)
    places = [(finding.file, finding.line) for finding in check_folder(corpus_folder)]
    assert places == sorted(places)
    assert len({file for file, _ in places}) == 3


def test_one_broken_file_hides_no_other_fault(corpus_folder: Path, edit_lines: EditLines) -> None:
    _cut_off("annotations/gold/haor-boat-school.jsonl")(corpus_folder, edit_lines)
    _cut_off("pages/tram-depot/blocks.jsonl")(corpus_folder, edit_lines)
    _update(_FERRY_GOLD, 4, id="e2")(corpus_folder, edit_lines)
    found = {finding.check for finding in check_folder(corpus_folder)}
    assert found == {"record", "duplicate-id", "withheld"}


def test_a_known_exception_silences_its_warning(corpus_folder: Path, edit_lines: EditLines) -> None:
    """And its file is no annotator's."""
    _update(_ORANGE_GOLD, 4, label="LOC")(corpus_folder, edit_lines)
    _except("other-label", "সিটং")(corpus_folder, edit_lines)
    assert [finding.check for finding in check_folder(corpus_folder)] == ["withheld"]


def test_what_needs_the_text_is_not_asked_of_a_withheld_one(
    corpus_folder: Path, edit_lines: EditLines
) -> None:
    """Nor is an exception for it called unused."""
    _drop_item(_MARKET_GOLD, "q1")(corpus_folder, edit_lines)
    line = {"check": "speech-without-quote", "text": "এবার", "reason": "a test"}
    record = {"type": "exception", **line, "doc_id": "night-market"}
    (corpus_folder / _EXCEPTIONS).write_text(json.dumps(record) + "\n", encoding="utf-8")
    assert [finding.check for finding in check_folder(corpus_folder)] == ["withheld"]


def test_two_annotators_without_gold_are_found_before_the_build_refuses_them(
    corpus_folder: Path,
) -> None:
    annotations = corpus_folder / "annotations"
    shutil.copytree(annotations / "gold", annotations / "asha")
    shutil.move(annotations / "gold", annotations / "rafiq")
    errors = [finding for finding in check_folder(corpus_folder) if finding.level == "error"]
    assert {finding.check for finding in errors} == {"choice"}
    # orange-garden, haor-boat-school and night-market are finished twice, potato-store begun twice.
    assert [finding.file for finding in errors] == [
        str(path) for path in sorted((annotations / "asha").glob("*.jsonl"))
    ]
    assert len(errors) == 5
    for error in errors:
        assert error.message.startswith(f"{Path(error.file).stem}: 2 annotations could be released")
        assert "; adjudicate" in error.message


def test_a_document_that_is_undecided_hides_no_warning_about_the_others(
    corpus_folder: Path, edit_lines: EditLines
) -> None:
    annotations = corpus_folder / "annotations"
    for name in ("asha", "rafiq"):
        (annotations / name).mkdir()
        shutil.copyfile(corpus_folder / _FERRY_GOLD, annotations / name / "char-ferry.jsonl")
    (corpus_folder / _FERRY_GOLD).unlink()
    _update(_ORANGE_GOLD, 4, label="LOC")(corpus_folder, edit_lines)
    _except("unmarked-name", "তেঁতুলিয়া")(corpus_folder, edit_lines)  # of the undecided one
    found = {finding.check for finding in check_folder(corpus_folder)}
    assert found == {"choice", "other-label", "withheld"}


def test_checking_writes_nothing(corpus_folder: Path) -> None:
    def state() -> dict[Path, bytes]:
        return {p: p.read_bytes() for p in corpus_folder.rglob("*") if p.is_file()}

    before = state()
    check_folder(corpus_folder)
    assert state() == before
    assert len(before) > len(SAMPLES)


def test_a_folder_without_a_catalogue_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="pages") as caught:
        check_folder(tmp_path)
    assert caught.value.fix
