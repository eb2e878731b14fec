"""Citations: CITATION.cff read strictly, written with the version, and as BibTeX."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.errors import RecordError, UsageError
from khobor.manifests import Author, Citation
from khobor.release.citations import bibtex, citation_file, read_citation

CITATION = Citation(
    cff_version="1.2.0",
    message="Please cite it.",
    title="খবর: a corpus",
    authors=(Author(given_names="Ruma", name_particle="de", family_names="Sen"), Author(name="Team")),
    type="dataset",
    date_released="2026-11-25",
    url="https://khobor.example/{x}\n}",
)  # fmt: skip


def test_a_copy_names_its_version_and_reads_back(tmp_path: Path) -> None:
    path = tmp_path / "CITATION.cff"
    path.write_bytes(citation_file(CITATION, "1.2.0"))
    assert read_citation(path) == msgspec.structs.replace(CITATION, version="1.2.0")


def test_a_build_that_is_not_frozen_has_no_date(tmp_path: Path) -> None:
    path = tmp_path / "CITATION.cff"
    path.write_bytes(citation_file(CITATION, "1.2.0.dev0"))
    assert read_citation(path).date_released == ""


def test_the_citation_of_this_repository_reads(repository: Path) -> None:
    citation = read_citation(repository / "CITATION.cff")
    assert citation.type == "dataset"
    assert citation.version == ""  # each release has its own copy


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"cff-version: 1.2.0\n", "message"),
        (b"[", "not a citation"),
        (b"\xff\xfe\x00", "not a citation"),
        (b"cff-version: 1.2.0\nmessage: m\ntitle: t\nauthors: []\n", "author without a name"),
        (b"cff-version: 1.2.0\nmessage: m\ntitle: t\nauthors:\n- name: x\nsecret: 1\n", "secret"),
        (b"!!python/object/apply:os.system ['true']", "not a citation"),
        (b"[" * 50_000, "not a citation"),
        (b"# " + b"x" * 200_000, "longer than"),
    ],
    ids=["short", "no YAML", "no text", "nobody", "unknown key", "object", "deep", "long"],
)
def test_what_is_no_citation_is_an_error_that_names_the_file(
    tmp_path: Path, content: bytes, said: str
) -> None:
    path = tmp_path / "CITATION.cff"
    path.write_bytes(content)
    with pytest.raises(RecordError, match=said) as caught:
        read_citation(path)
    assert caught.value.where == str(path)


def test_a_citation_that_is_not_there_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_citation(tmp_path / "CITATION.cff")


def test_bibtex_has_names_in_its_order_and_braces_that_close() -> None:
    entry = bibtex(CITATION, name="sample", version="1.2.0")
    assert "author  = {de Sen, Ruma and {Team}}" in entry
    assert "year    = {2026}" in entry
    assert "url     = {https://khobor.example/%7Bx%7D%7D}" in entry


@given(st.text(), st.text(), st.text())
def test_no_text_leaves_its_field_of_a_bibtex_entry(title: str, name: str, url: str) -> None:
    citation = msgspec.structs.replace(CITATION, title=title, authors=(Author(name=name),), url=url)
    entry = bibtex(citation, name="sample", version="1.2.0")
    depth = 0
    plain = entry.replace("\\{", "").replace("\\}", "")
    for char in plain:
        depth += (char == "{") - (char == "}")
        assert depth >= 0
    assert depth == 0
    assert all(line.startswith("  ") for line in entry.split("\n")[1:-1])
