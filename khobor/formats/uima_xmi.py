"""UIMA CAS XMI: <doc_id>.xmi for each document, and the TypeSystem.xml of the folder.

Unit: UTF-16 code units. The format is chapter 7 of
https://uima.apache.org/d/uimaj-current/references.html; INCEpTION calls it "UIMA CAS XMI (XML
1.0)". A file that comes back is parsed by expat without any DTD, and so without entities.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.parsers import expat

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
from khobor.formats.uima_structures import Found, Structure, Value, is_ours, number_of

_XMI = "http://www.omg.org/XMI"
_ID = f"{_XMI} id"
_SUFFIX = ".xmi"
_NAMESPACE = re.compile(r"http:///(.+)\.ecore")
# XMI, a feature structure, an element of its array of strings.
_MAX_DEPTH = 3
_AGAIN = "export the document as UIMA CAS XMI (XML 1.0)"


def write(sheet: Sheet) -> Written:
    """Turn a sheet into its XMI."""
    content = uima.cas_of(sheet).to_xmi(pretty_print=True)
    return uima.written(sheet, f"{sheet.doc_id}{_SUFFIX}", content)


def shared() -> dict[str, bytes]:
    """Build the TypeSystem.xml that a reader of the XMI needs; INCEpTION takes it as layers."""
    return {"TypeSystem.xml": uima.type_system().to_xml().encode("utf-8")}


def split(files: Mapping[str, bytes]) -> Iterator[Returned]:
    """Turn XMI files that came back into documents; a TypeSystem.xml is not needed."""
    yield from uima.returned_files(files, _SUFFIX)


def read(returned: Returned, ids: Mapping[str, str]) -> Claim:
    """Turn an XMI file into a claim; raise FormatError where it is none, or holds a DTD."""
    ((name, raw),) = returned.files.items()
    return claim_of(_found(_elements(raw, name), name), returned.doc_id, ids)


class _Element:
    """An element of an XMI file that matters here."""

    def __init__(self, kind: str, features: dict[str, str], line: int) -> None:
        self.kind = kind
        self.features = features
        self.line = line


def _elements(raw: bytes, name: str) -> list[_Element]:
    """Turn a file into the elements of our types, sofas and views."""
    parser = expat.ParserCreate(namespace_separator=" ")
    elements: list[_Element] = []
    depth = 0

    def start(tag: str, features: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        where = f"{name}:{parser.CurrentLineNumber}"
        if depth == 1 and tag != f"{_XMI} XMI":
            raise FormatError(f"the root is {tag[:60]!r}, not xmi:XMI", where=where, fix=_AGAIN)
        if depth > _MAX_DEPTH:
            raise FormatError("elements are nested too deep", where=where, fix=_AGAIN)
        kind = _type_of(tag)
        if depth == 2 and (kind in ("uima.cas.Sofa", "uima.cas.View") or is_ours(kind)):
            elements.append(_Element(kind, features, parser.CurrentLineNumber))

    def end(_: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_: object) -> None:
        raise FormatError(
            "the file has a DOCTYPE, which no CAS needs and which may pull in other files",
            where=f"{name}:{parser.CurrentLineNumber}",
            fix="remove it, or " + _AGAIN,
        )

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(raw, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        # LookupError and ValueError: an encoding that there is not, or that expat does not take.
        raise FormatError(
            f"the file is no XML ({error})", where=f"{name}:{parser.CurrentLineNumber}", fix=_AGAIN
        ) from error
    return elements


def _type_of(tag: str) -> str:
    """Turn the name of an element (namespace, space, name) into the name of its type."""
    namespace, _, local = tag.rpartition(" ")
    package = _NAMESPACE.fullmatch(namespace)
    return f"{package[1].replace('/', '.')}.{local}" if package else ""


def _found(elements: list[_Element], name: str) -> Found:
    """Pick the initial view out of the elements."""
    sofas = [
        element
        for element in elements
        if element.kind == "uima.cas.Sofa" and element.features.get("sofaID") == uima.INITIAL_VIEW
    ]
    if len(sofas) != 1 or "sofaString" not in sofas[0].features:
        raise FormatError(
            f"expected one {uima.INITIAL_VIEW} with a text, found {len(sofas)}",
            where=f"{name}:{sofas[-1].line if sofas else 1}",
            fix=_AGAIN,
        )
    sofa = _number(sofas[0], _ID, name)
    structures: dict[int, Structure] = {}
    members: list[int] = []
    for element in elements:
        if element.kind == "uima.cas.View":
            if _number(element, "sofa", name) == sofa:
                members += _members(element, name)
        elif element.kind != "uima.cas.Sofa":
            structure = _structure(element, name)
            if structure.number in structures or structure.number == sofa:
                raise FormatError(
                    f"a second element with the xmi:id {structure.number}",
                    where=f"{name}:{element.line}",
                    fix=_AGAIN,
                )
            structures[structure.number] = structure
    text = sofas[0].features["sofaString"]
    return Found(name, "xmi:id", sofa, text, structures, frozenset(members))


def _number(element: _Element, attribute: str, name: str) -> int:
    return number_of(
        element.features.get(attribute),
        what=attribute.replace(f"{_XMI} ", "xmi:"),
        where=f"{name}:{element.line}",
    )


def _members(element: _Element, name: str) -> list[int]:
    return [
        number_of(member, what="a member", where=f"{name}:{element.line}")
        for member in element.features.get("members", "").split()
    ]


def _structure(element: _Element, name: str) -> Structure:
    features: dict[str, Value] = {
        feature: value for feature, value in element.features.items() if feature != _ID
    }
    return Structure(_number(element, _ID, name), element.kind, features)


CODEC = Codec("uima", write, split, read, uima.restrict, files_apart, shared)
