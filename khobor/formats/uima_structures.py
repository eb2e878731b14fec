"""The feature structures of a CAS as they stand in a file, whichever of the two formats it is."""

from __future__ import annotations

import re

import msgspec

from khobor.formats import uima
from khobor.formats.interface import FormatError

Value = str | int | tuple[int, ...]
# UIMA's integers are Java's; a longer number is no offset and no id.
_NUMBER = re.compile(r"[0-9]{1,10}", re.ASCII)
MAX_NUMBER = 2**31 - 1


class Structure(msgspec.Struct, frozen=True):
    """A feature structure as it stands in a file: a reference is a number, many are a tuple."""

    number: int
    type: str
    features: dict[str, Value]


class Found(msgspec.Struct, frozen=True):
    """What a file holds of the initial view: its text and the structures in its index.

    `structures` are those of our layers, links and arrays, in any view; `where` is the file,
    `id_name` what it calls the number of a structure.
    """

    where: str
    id_name: str
    sofa: int
    text: str
    structures: dict[int, Structure]
    members: frozenset[int]

    def at(self, structure: Structure) -> str:
        """Say where a structure stands, for errors."""
        return f"{self.where}, {self.id_name} {structure.number}"


def is_ours(type_name: str) -> bool:
    """Tell whether a type matters to a claim: our layers and their links, arrays, the document."""
    return (
        type_name in uima.OUR_TYPES
        or type_name in uima.DOCUMENT_TYPES
        or type_name in map(uima.link_type, uima.SLOTS)
        or type_name == "uima.cas.FSArray"
        or type_name.endswith("[]")
    )


def number_of(value: object, *, what: str, where: str) -> int:
    """Turn a number of a file into an int of 0 to 2³¹ - 1; raise FormatError for anything else."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_NUMBER:
        return value
    raise FormatError(
        f"{what} is {str(value)[:40]!r}, no number of 0 to {MAX_NUMBER}",
        where=where,
        fix="export the document from the tool again",
    )
