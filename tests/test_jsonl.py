"""JSON Lines: every line is the record that belongs there, or an error with file and line."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.errors import RecordError, UsageError
from khobor.jsonl import MAX_LINE_BYTES, read_records, write_records
from khobor.records import AnnotationHeader, Block, BlocksHeader, Reject
from khobor.schemas import SCHEMAS
from tests import bengali
from tests.examples import BLOCK, BLOCKS_HEADER, EXAMPLES

GOOD = b'{"source":"a.html","reason":"empty","detail":"no text"}'
REJECT = Reject("a.html", "empty", "no text")

Write = Callable[[bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes the bytes of a file and gives its path."""

    def write_bytes(content: bytes) -> Path:
        path = tmp_path / "records.jsonl"
        path.write_bytes(content)
        return path

    return write_bytes


def test_records_come_back_as_they_were_written(tmp_path: Path) -> None:
    for name in ("annotation-line", "split-row", "reject", "misfit", "catalogue-row"):
        path = tmp_path / f"{name}.jsonl"
        write_records(path, EXAMPLES[name])
        found = [record for _, record in read_records(path, SCHEMAS[name])]
        assert found == list(EXAMPLES[name])


@given(bengali.texts())
def test_any_text_comes_back_from_its_line(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("lines") / "rejects.jsonl"
    rejects = [Reject("a.html", "empty", text), Reject(text, "empty", "\u2028\u2029\x85\x0c")]
    write_records(path, rejects)
    assert list(read_records(path, Reject)) == list(enumerate(rejects, start=1))


def test_a_file_holds_one_record_a_line_in_utf8(tmp_path: Path) -> None:
    path = tmp_path / "blocks.jsonl"
    write_records(path, [BLOCKS_HEADER, BLOCK, Reject("খবর.html", "empty", "—")])
    lines = path.read_bytes().split(b"\n")
    assert len(lines) == 4
    assert lines[3] == b""
    assert "খবর.html".encode() in lines[2]


def test_lines_are_counted_with_the_blank_ones(write: Write) -> None:
    path = write(b"\n" + GOOD + b"\n\n  \n" + GOOD + b"\n")
    assert list(read_records(path, Reject)) == [(2, REJECT), (5, REJECT)]


@pytest.mark.parametrize(
    "content",
    [GOOD, GOOD + b"\r\n", b"\xef\xbb\xbf" + GOOD + b"\n", b"  " + GOOD + b"  \n"],
    ids=["no end of line", "CRLF", "byte order mark", "spaces"],
)
def test_what_editors_do_to_a_file_does_no_harm(write: Write, content: bytes) -> None:
    assert list(read_records(write(content), Reject)) == [(1, REJECT)]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b'{"source":"a.html","reason":"empty"', "cut off"),
        (b'{"source":"a.html","reason":"empty"}', "detail"),
        (GOOD[:-1] + b',"colour":"red"}', "colour"),
        (GOOD.replace(b"empty", b"bored"), "bored"),
        (b'["a.html"]', "array"),
        (b"null", "null"),
        (GOOD + GOOD, "trailing"),
        (GOOD.replace(b"no", b"\xff\xfe"), "utf-8"),
        (GOOD.replace(b"no", b"\\ud800"), "surrogate"),
    ],
    ids=[
        "cut off",
        "field missing",
        "unknown field",
        "unknown value",
        "array",
        "null",
        "two records",
        "not UTF-8",
        "half a surrogate pair",
    ],
)
def test_a_line_that_is_no_record_is_named(write: Write, line: bytes, said: str) -> None:
    path = write(GOOD + b"\n\n" + line + b"\n" + GOOD + b"\n")
    read = read_records(path, Reject)
    assert next(read) == (1, REJECT)
    with pytest.raises(RecordError) as caught:
        next(read)
    assert caught.value.where == f"{path}:3"
    assert said in str(caught.value).lower()


def test_a_line_nested_without_end_is_refused(write: Write) -> None:
    """It is read past on the way to the record's type, which must not end the run."""
    path = write(b'{"colour":' + b"[" * 100_000)
    with pytest.raises(RecordError) as caught:
        list(read_records(path, BlocksHeader | Block))  # type: ignore[arg-type]
    assert caught.value.where == f"{path}:1"


def test_a_record_of_another_kind_is_refused(write: Write) -> None:
    path = write(msgspec.json.encode(BLOCK))
    with pytest.raises(RecordError, match="'block'"):
        list(read_records(path, AnnotationHeader | BlocksHeader))  # type: ignore[arg-type]


def test_a_file_of_tagged_records_gives_each_its_kind(tmp_path: Path) -> None:
    path = tmp_path / "blocks.jsonl"
    write_records(path, [BLOCKS_HEADER, BLOCK])
    records = [record for _, record in read_records(path, BlocksHeader | Block)]  # type: ignore[arg-type]
    assert records == [BLOCKS_HEADER, BLOCK]


def test_an_endless_line_is_refused_and_named(write: Write) -> None:
    path = write(GOOD + b"\n" + b" " * (MAX_LINE_BYTES + 1))
    with pytest.raises(RecordError) as caught:
        list(read_records(path, Reject))
    assert caught.value.where == f"{path}:2"


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_what_cannot_be_opened_is_a_usage_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        list(read_records(tmp_path / name, Reject))
    assert caught.value.where == str(tmp_path / name)


def test_an_interrupted_write_leaves_the_file_as_it_was(write: Write) -> None:
    path = write(GOOD + b"\n")

    def interrupted() -> Iterator[Reject]:
        yield Reject("b.html", "empty", "half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_records(path, interrupted())
    assert list(read_records(path, Reject)) == [(1, REJECT)]


def test_a_write_makes_its_folder_and_leaves_nothing_else_there(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "rejects.jsonl"
    write_records(path, [REJECT])
    assert [file.name for file in path.parent.iterdir()] == ["rejects.jsonl"]


@given(st.lists(st.binary(max_size=30) | st.just(GOOD) | st.just(GOOD[:-9]), max_size=5))
def test_any_bytes_are_records_or_a_record_error(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes]
) -> None:
    path = tmp_path_factory.mktemp("lines") / "any.jsonl"
    path.write_bytes(b"\n".join(lines))
    with contextlib.suppress(RecordError):
        assert all(isinstance(record, Reject) for _, record in read_records(path, Reject))
