"""How a release is cited: CITATION.cff read, written with the release's version, as BibTeX.

The file of the repository names no version: each release gets a copy that names its own.
Format: https://github.com/citation-file-format/citation-file-format, schema 1.2.0.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from khobor.errors import RecordError, UsageError
from khobor.manifests import Author, Citation
from khobor.release.versions import is_frozen

CITATION = "CITATION.cff"
_MAX_BYTES = 100_000
_HEAD = "# How to cite this version; made from the CITATION.cff of the corpus.\n"
_LATEX = {char: f"\\{char}" for char in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def read_citation(path: Path) -> Citation:
    """Turn a CITATION.cff into a Citation.

    Raises UsageError where it cannot be read, RecordError where it is no YAML, misses a key, or
    has one that a release would lose.
    """
    import yaml

    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(
            f"cannot be read ({error.strerror})", where=str(path), fix="expected a CITATION.cff"
        ) from error
    try:
        if len(content) > _MAX_BYTES:
            raise ValueError(f"longer than {_MAX_BYTES:,} bytes")
        # BaseLoader: every scalar is a string, so that `version: 1.0` is no number.
        citation = msgspec.convert(yaml.load(content, Loader=yaml.BaseLoader), Citation)
        _require(citation)
    except (yaml.YAMLError, msgspec.MsgspecError, ValueError, RecursionError) as error:
        keys = ", ".join(field.encode_name for field in msgspec.structs.fields(Citation))
        raise RecordError(
            f"not a citation that a release can carry: {' '.join(str(error).split())}",
            where=str(path),
            fix=f"see the Citation File Format 1.2.0; the keys carried are {keys}",
        ) from error
    return citation


def _require(citation: Citation) -> None:
    """Raise ValueError where nobody or nothing would be cited."""
    if not citation.title.strip() or not citation.message.strip():
        raise ValueError("title or message is empty")
    if not citation.authors or not all(map(author_name, citation.authors)):
        raise ValueError("an author without a name")


def author_name(author: Author) -> str:
    """Turn an author into the name as it is written: given names first."""
    if author.name:
        return author.name
    parts = (author.given_names, author.name_particle, author.family_names, author.name_suffix)
    return " ".join(part for part in parts if part)


def version_citation(citation: Citation, version: str) -> Citation:
    """Turn the citation of a corpus into that of one version.

    A build that is not frozen is not released, whenever the version before it was.
    """
    released = citation.date_released if is_frozen(version) else ""
    return msgspec.structs.replace(citation, version=version, date_released=released)


def citation_file(citation: Citation, version: str) -> bytes:
    """Turn a citation into the CITATION.cff of one version."""
    import yaml

    fields = msgspec.to_builtins(version_citation(citation, version))
    text = yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=100)
    return (_HEAD + str(text)).encode()


def bibtex(citation: Citation, *, name: str, version: str) -> str:
    """Turn a citation into a BibTeX entry of one version; its key is `<name>-<version>`.

    There is no year before a version is released.
    """
    authors = " and ".join(map(_bibtex_author, citation.authors))
    place = citation.url or citation.repository_code
    fields = {
        "title": f"{{{_latex(citation.title)}}}",  # two pairs of braces keep its capitals
        "author": authors,
        "version": _latex(version),
        "year": citation.date_released[:4],
        "doi": _address(citation.doi),
        "url": _address(place),
        "note": f"Data set, version {_latex(version)}" if citation.type == "dataset" else "",
    }
    lines = [f"  {field:<7} = {{{value}}}," for field, value in fields.items() if value]
    return "\n".join([f"@misc{{{name}-{version},", *lines, "}"])


def _bibtex_author(author: Author) -> str:
    if author.name:
        return f"{{{_latex(author.name)}}}"
    family = " ".join(part for part in (author.name_particle, author.family_names) if part)
    parts = [part for part in (family, author.name_suffix, author.given_names) if part]
    return ", ".join(map(_latex, parts))


def _latex(text: str) -> str:
    return " ".join("".join(_LATEX.get(char, char) for char in text).split())


def _address(text: str) -> str:
    """Write an address so that no brace or space of it ends its field."""
    return "".join(text.split()).replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
