"""What a reader sees of bad input: a sentence with its place and the way out, never a traceback."""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from khobor.cli.errors import with_exit_codes
from tests.cli.conftest import Run

Lines = list[dict[str, Any]]
Spoil = Callable[[Path], object]

_GOLD = Path("annotations", "gold", "char-ferry.jsonl")
_WITHHELD = Path("annotations", "gold", "night-market.jsonl")


def _edit(path: Path, change: Callable[[Lines], object]) -> Spoil:
    def spoil(folder: Path) -> None:
        lines = [json.loads(line) for line in (folder / path).read_bytes().splitlines()]
        change(lines)
        content = "".join(json.dumps(line) + "\n" for line in lines)
        (folder / path).write_text(content, encoding="utf-8")

    return spoil


def _append(path: Path, content: bytes) -> Spoil:
    return lambda folder: (folder / path).write_bytes((folder / path).read_bytes() + content)


def _empty_quote(lines: Lines) -> None:
    quote = next(line for line in lines if line["type"] == "quote")
    for role in ("cue", "speaker", "speaker_mention"):
        quote.pop(role)
    quote["content"] = []


def _two_annotators(folder: Path) -> None:
    annotations = folder / "annotations"
    for name in ("asha", "rafiq"):
        (annotations / name).mkdir()
        (annotations / name / _GOLD.name).write_bytes((folder / _GOLD).read_bytes())
    (folder / _GOLD).unlink()


# name → how to spoil the folder, exit code, where the fault is, what is found, what to do.
_FAULTS: dict[str, tuple[Spoil, int, str, str, str]] = {
    "truncated JSON line": (
        lambda folder: (folder / _GOLD).write_bytes((folder / _GOLD).read_bytes()[:-30]),
        *(1, f"{_GOLD}:13", "not a valid record", "restore it"),
    ),
    "annotation with a wrong hash": (
        _edit(_GOLD, lambda lines: lines[0].update(text_sha256="0" * 64)),
        *(1, f"{_GOLD}:1", "000000000000", "khobor reanchor"),
    ),
    "offset past the end": (
        _edit(_GOLD, lambda lines: lines[12].update(end=99_999)),
        *(1, f"{_GOLD}:13", "99999", "expected start < end <= length"),
    ),
    "unknown label": (
        _edit(_GOLD, lambda lines: lines[1].update(label="PERSON")),
        *(1, f"{_GOLD}:2", "PERSON", "schema/"),
    ),
    "unknown field": (
        _edit(_GOLD, lambda lines: lines[1].update(colour="red")),
        *(1, f"{_GOLD}:2", "colour", "schema/"),
    ),
    "two mentions with one id": (
        _edit(_GOLD, lambda lines: lines[3].update(id="e2")),
        *(1, f"{_GOLD}:4", "e2", "its own"),
    ),
    "missing header": (
        _edit(_GOLD, lambda lines: lines.pop(0)),
        *(1, f"{_GOLD}:1", "header", "expected"),
    ),
    "annotation of no page": (
        _edit(_GOLD, lambda lines: lines[0].update(doc_id="other-page")),
        *(1, f"{_GOLD}:1", "other-page", "correct the doc_id"),
    ),
    "two annotators": (_two_annotators, 1, "char-ferry", "2 annotations", "adjudicate"),
    "changed payload": (
        _append(Path("pages", "char-ferry", "raw.txt"), b" "),
        *(1, "pages/char-ferry", "payload", "restore"),
    ),
    "changed page text": (
        _append(Path("pages", "char-ferry", "page.txt"), b" "),
        *(1, "pages/char-ferry", "page text", "restore"),
    ),
    "truncated catalogue": (
        lambda folder: (folder / "pages" / "catalogue.jsonl").write_bytes(
            (folder / "pages" / "catalogue.jsonl").read_bytes()[:-30]
        ),
        *(1, "pages/catalogue.jsonl:6", "not a valid record", "restore it"),
    ),
    "missing payload": (
        lambda folder: (folder / "pages" / "char-ferry" / "raw.txt").unlink(),
        *(2, "pages/char-ferry", "raw.txt", "restore"),
    ),
    "missing page text": (
        lambda folder: (folder / "pages" / "char-ferry" / "page.txt").unlink(),
        *(2, "pages/char-ferry/page.txt", "cannot be read", "restore"),
    ),
    "wrong hash over a withheld text": (
        _edit(_WITHHELD, lambda lines: lines[0].update(text_sha256="0" * 64)),
        *(1, f"{_WITHHELD}:1", "000000000000", "khobor reanchor"),
    ),
    "quote without content over a withheld text": (
        _edit(_WITHHELD, _empty_quote),
        *(1, f"{_WITHHELD}:4", "quote-content", "a speech act without content is no quote"),
    ),
}


@pytest.mark.parametrize("name", _FAULTS)
def test_a_bad_corpus_is_refused_with_a_sentence_and_nothing_is_written(
    run: Run, corpus_folder: Path, tmp_path: Path, name: str
) -> None:
    spoil, code, where, found, way_out = _FAULTS[name]
    spoil(corpus_folder)
    out = tmp_path / "out"
    result = run(
        *("build", corpus_folder / "pages", "--annotations", corpus_folder / "annotations"),
        *("--out", out),
    )
    assert result.exit_code == code
    assert not out.exists()
    lines = [line for line in result.stderr.splitlines() if f"{where}: " in line]
    assert lines, result.stderr
    assert any(found in line and way_out in line for line in lines), lines
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", ["build", "segment"])
def test_a_path_that_cannot_be_read_is_wrong_usage(run: Run, tmp_path: Path, command: str) -> None:
    out = tmp_path / "out"
    (tmp_path / "nowhere.txt").symlink_to(tmp_path / "gone.txt")
    options = ("--out", out) if command == "build" else ()
    result = run(command, tmp_path / "nowhere.txt", *options)
    assert result.exit_code == 2
    assert f"{tmp_path / 'nowhere.txt'}: no such file or folder; expected pages" in result.stderr
    assert not out.exists()


_NO_DOCUMENTS = pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"", "empty", id="no bytes"),
        pytest.param(b"\xef\xbb\xbf \n\n", "empty", id="white space"),
        pytest.param("হোম\nখেলা\nবিনোদন\n".encode(), "no-article", id="no article"),
        pytest.param(b"The ferry was late again.\n" * 9, "not-bengali", id="English"),
        pytest.param(b"\xe0\xa6" * 400, "undecodable", id="no text"),
    ],
)


@_NO_DOCUMENTS
def test_a_page_that_is_no_document_is_listed_with_its_reason(
    run: Run, tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(content)
    segmented = run("segment", path)
    assert (segmented.exit_code, segmented.stdout) == (1, "")
    assert segmented.stderr.startswith(f"page.txt: rejected, {reason}: ")
    assert len(segmented.stderr.splitlines()) == 2
    assert f"khobor: {path}: no page became a document; " in segmented.stderr.splitlines()[1]
    shown = run("show", path)
    assert (shown.exit_code, shown.stdout) == (1, "")
    assert f"page.txt: rejected, {reason}: " in shown.stderr
    built = run("build", path, "--out", tmp_path / "out", "--strict")
    assert built.exit_code == 1
    assert f"{reason} 1" in built.stdout


@_NO_DOCUMENTS
def test_a_rejected_page_says_what_was_found_and_what_to_do(
    run: Run, tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(content)
    for result in (run("segment", path), run("show", path)):
        detail = result.stderr.splitlines()[0].split(f"rejected, {reason}: ", 1)[1]
        assert re.fullmatch(r".+; .+", detail), detail


def _raising(error: Exception) -> Callable[[], None]:
    def command() -> int:
        raise error

    return with_exit_codes(command)


@pytest.mark.parametrize(
    ("error", "where"),
    [
        (NotADirectoryError(errno.ENOTDIR, "Not a directory", "menu.txt/out"), "menu.txt/out: "),
        (IsADirectoryError(errno.EISDIR, "Is a directory", "report"), "report: "),
        (PermissionError(errno.EACCES, "Permission denied", b"locked"), "locked: "),
        (FileExistsError(errno.EEXIST, "File exists", "a.tmp", None, "a"), "a: "),
        (OSError(errno.ENOSPC, "No space left on device"), ""),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_the_system_refuses_is_a_sentence(
    capsys: pytest.CaptureFixture[str], error: OSError, where: str
) -> None:
    with pytest.raises(SystemExit) as caught:
        _raising(error)()
    assert caught.value.code == 2
    said = f"khobor: {where}cannot be read or written ({error.strerror}); "
    assert capsys.readouterr().err.startswith(said)


def test_a_file_where_a_folder_belongs_is_no_traceback(run: Run, corpus_folder: Path) -> None:
    decisions = corpus_folder / "annotations" / "gold" / "decisions"
    decisions.write_bytes(b"")
    for name in ("a1", "a2"):
        (corpus_folder / "annotations" / name).mkdir()
        changed = (corpus_folder / _GOLD).read_text(encoding="utf-8")
        label = '"label":"NUM"' if name == "a2" else '"label":"TIME"'
        changed = changed.replace('"label":"TIME"', label)
        path = corpus_folder / "annotations" / name / _GOLD.name
        path.write_text(changed, encoding="utf-8")
    result = run("adjudicate", "a1", "a2", "--corpus", corpus_folder)
    assert result.exit_code == 2
    assert f"{decisions}: cannot be read or written" in result.stderr
