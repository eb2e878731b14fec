"""Files of inline markup as they come back from an editor: which they are, and their text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from khobor.formats.interface import FormatError, Returned
from khobor.records import DocId

SUFFIX = ".khobor.txt"
HEAD = "== khobor "
MAX_BYTES = 16 * 1024 * 1024


def split(files: Mapping[str, bytes]) -> Iterator[Returned]:
    """Turn the .khobor.txt files of a folder into documents, known by their first line."""
    seen: dict[str, str] = {}
    for name in sorted(files):
        if not name.lower().endswith(SUFFIX):
            continue
        doc_id = _doc_id(decoded(files[name], name), name)
        if doc_id in seen:
            raise FormatError(
                f"{doc_id} stands in {seen[doc_id]} already",
                where=f"{name}:1",
                fix="import one file of each document",
            )
        seen[doc_id] = name
        yield Returned(doc_id, name, {name: files[name]})


def decoded(content: bytes, name: str) -> str:
    """Decode a file as an editor left it: a byte order mark and CR LF are not the text's own."""
    if len(content) > MAX_BYTES:
        raise FormatError(
            f"the file is larger than {MAX_BYTES:,} bytes",
            where=name,
            fix="expected one document a file",
        )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FormatError(
            "not UTF-8", where=f"{name}:{line}", fix="save it in the editor as UTF-8"
        ) from error
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _doc_id(text: str, name: str) -> str:
    line = text.split("\n", 1)[0]
    try:
        if line.startswith(HEAD):
            return msgspec.convert(line.removeprefix(HEAD).strip(), DocId)
    except msgspec.ValidationError:
        pass
    raise FormatError(
        f"the first line is {line[:60]!r}",
        where=f"{name}:1:1",
        fix=f"begin the file with `{HEAD}DOC`, DOC being the document's id",
    )
