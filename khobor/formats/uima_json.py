"""UIMA CAS JSON 0.4: <doc_id>.json for each document, its type system inside.

Unit: UTF-16 code units. The format is that of
https://github.com/apache/uima-uimaj-io-jsoncas#readme; INCEpTION calls it "UIMA CAS JSON 0.4.0".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

import msgspec

from khobor.formats import uima
from khobor.formats.interface import (
    Claim,
    Codec,
    FormatError,
    Returned,
    Sheet,
    Written,
    files_apart,
)
from khobor.formats.uima_claims import claim_of
from khobor.formats.uima_structures import MAX_NUMBER, Found, Structure, Value, is_ours, number_of

_SUFFIX = ".json"
_AGAIN = "export the document as UIMA CAS JSON 0.4"
# @ refers to a structure, ^ marks an anchor; # and % are numbers and the format's own.
_REFERENCE, _ANCHOR = "@", "^"


_Number = Annotated[int, msgspec.Meta(ge=0, le=MAX_NUMBER)]


class _View(msgspec.Struct):
    sofa: _Number = msgspec.field(name="%SOFA")
    members: list[_Number] = msgspec.field(name="%MEMBERS", default_factory=list)


class _JsonCas(msgspec.Struct):
    """A file; structures stand in a list, or (before 0.4) under their numbers."""

    structures: list[dict[str, Any]] | dict[str, dict[str, Any]] = msgspec.field(
        name="%FEATURE_STRUCTURES"
    )
    views: dict[str, _View] = msgspec.field(name="%VIEWS")


_DECODER = msgspec.json.Decoder(_JsonCas)


def write(sheet: Sheet) -> Written:
    """Turn a sheet into its JSON."""
    content = uima.cas_of(sheet).to_json(pretty_print=True)
    return uima.written(sheet, f"{sheet.doc_id}{_SUFFIX}", content + "\n")


def split(files: Mapping[str, bytes]) -> Iterator[Returned]:
    """Turn JSON files that came back into documents."""
    yield from uima.returned_files(files, _SUFFIX)


def read(returned: Returned, ids: Mapping[str, str]) -> Claim:
    """Turn a JSON file into a claim; raise FormatError where it is no CAS."""
    ((name, raw),) = returned.files.items()
    try:
        cas = _DECODER.decode(raw.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise FormatError(f"the file is no CAS ({error})", where=name, fix=_AGAIN) from error
    return claim_of(_found(cas, name), returned.doc_id, ids)


def _found(cas: _JsonCas, name: str) -> Found:
    """Pick the initial view out of a CAS."""
    view = cas.views.get(uima.INITIAL_VIEW)
    text = None
    structures: dict[int, Structure] = {}
    seen: set[int] = set()
    for number, record in _numbered(cas, name):
        kind = record.get("%TYPE")
        if number in seen:
            raise FormatError(
                f"a second structure with the %ID {number}",
                where=f"{name}, %ID {number}",
                fix=_AGAIN,
            )
        seen.add(number)
        if kind == "uima.cas.Sofa":
            if view is not None and number == view.sofa:
                text = record.get("sofaString")
        elif isinstance(kind, str) and is_ours(kind):
            structures[number] = Structure(number, kind, _features(record, f"{name}, %ID {number}"))
    if view is None or not isinstance(text, str):
        raise FormatError(f"no {uima.INITIAL_VIEW} with a text", where=name, fix=_AGAIN)
    return Found(name, "%ID", view.sofa, text, structures, frozenset(view.members))


def _numbered(cas: _JsonCas, name: str) -> Iterable[tuple[int, dict[str, Any]]]:
    records: Iterable[tuple[object, dict[str, Any]]]
    if isinstance(cas.structures, dict):
        records = cas.structures.items()
    else:
        records = ((record.get("%ID"), record) for record in cas.structures)
    for place, (number, record) in enumerate(records, start=1):
        yield number_of(number, what="%ID", where=f"{name}, structure {place}"), record


def _features(record: dict[str, Any], where: str) -> dict[str, Value]:
    features: dict[str, Value] = {}
    for key, value in record.items():
        if key == "%ELEMENTS" and isinstance(value, list):
            features["elements"] = tuple(
                number_of(one, what="an element", where=where) for one in value
            )
        elif key.startswith(_REFERENCE):
            if value is not None:
                features[key[1:]] = number_of(value, what=key, where=where)
        elif isinstance(value, str | int) and not isinstance(value, bool):
            features[key.removeprefix(_ANCHOR)] = value
    return features


CODEC = Codec("uima-json", write, split, read, uima.restrict, files_apart)
