"""How a page joins the corpus folder: all of its files or none, and never twice."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from khobor.annotations.files import read_annotations
from khobor.corpus.additions import About, Added, add_page
from khobor.corpus.catalogues import read_catalogue
from khobor.corpus.checks import check_folder
from khobor.errors import KhoborError, PageError, UsageError

ABOUT = About(doc_id="new-ferry", publisher="মোহনা", country="BD", url="u", licence="CC-BY-4.0")
TEXT = (
    "\ufeffচরের ঘাটে নতুন নৌকা\r\n\r\nচরের মানুষের পারাপারের জন্য নতুন দুটি নৌকা নেমেছে। "
    "সকাল থেকে রাত পর্যন্ত নৌকা চলবে, ভাড়া লাগবে না শিক্ষার্থীদের।\r\n"
)
FRONT = "হোম\nখেলা\n\nচরের মাঠে শুরু হলো ফুটবল টুর্নামেন্ট\nহাওরে সাঁতারের আসর বসছে শনিবার\n"


def add(folder: Path, source: Path | str, about: About = ABOUT) -> Added:
    return add_page(folder, str(source), about, annotator="rima", guideline="1.0")


def files(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.txt"
    path.write_bytes(TEXT.encode())
    return path


def test_a_page_joins_with_all_of_its_files_and_the_folder_is_sound(
    corpus_folder: Path, page: Path
) -> None:
    added = add(corpus_folder, page)
    place = corpus_folder / "pages" / "new-ferry"
    assert files(place) == ["blocks.jsonl", "page.txt", "raw.txt"]
    assert (place / "raw.txt").read_bytes() == TEXT.encode()
    text = (place / "page.txt").read_bytes().decode()
    assert text == TEXT.removeprefix("\ufeff").replace("\r\n", "\n")
    assert [text[b.start : b.end] for b in added.blocks if b.label == "headline"] == [
        "চরের ঘাটে নতুন নৌকা"
    ]
    (annotation,) = read_annotations(corpus_folder / "annotations" / "rima" / "new-ferry.jsonl")
    assert (annotation.progress, annotation.mentions) == ("todo", ())
    names = [row.doc_id for _, row in read_catalogue(corpus_folder / "pages")]
    assert names == sorted(names)
    assert [str(f) for f in check_folder(corpus_folder) if f.check != "withheld"] == []


def test_the_first_page_makes_the_folder(tmp_path: Path, page: Path) -> None:
    add(tmp_path / "mine", page)
    assert check_folder(tmp_path / "mine") == []


def test_a_withheld_page_leaves_its_text_outside(corpus_folder: Path, page: Path) -> None:
    about = About(**{**_fields(), "withheld": True})
    added = add(corpus_folder, page, about)
    assert files(corpus_folder / "pages" / "new-ferry") == ["blocks.jsonl"]
    assert (added.row.withheld, added.row.medium, added.row.title) == (True, "text", None)
    assert "চরের" not in (corpus_folder / "pages" / "catalogue.jsonl").read_text(encoding="utf-8")


def test_a_record_of_a_crawl_joins_by_its_number(corpus_folder: Path, tmp_path: Path) -> None:
    crawl = tmp_path / "crawl.jsonl"
    rows = [{"text": "অন্য পাতা"}, {"title": "ঘাটে নৌকা", "text": TEXT, "date": "2022-01-05"}]
    crawl.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    added = add(corpus_folder, f"{crawl}#2")
    raw = (corpus_folder / "pages" / "new-ferry" / "raw.txt").read_bytes().decode()
    assert raw == f"ঘাটে নৌকা\n\n{TEXT}"
    assert (added.row.published_at, added.row.title) == ("2022-01-05", "ঘাটে নৌকা")


def test_a_section_front_joins_as_furniture_without_an_annotation(
    corpus_folder: Path, tmp_path: Path
) -> None:
    front = tmp_path / "front.txt"
    front.write_text(FRONT, encoding="utf-8")
    with pytest.raises(PageError, match="--no-article"):
        add(corpus_folder, front)
    added = add(corpus_folder, front, About(**{**_fields(), "article": False}))
    assert {block.label for block in added.blocks} == {"chrome", "related"}
    assert added.annotation_file is None
    assert [f for f in check_folder(corpus_folder) if f.level == "error"] == []


def _fields() -> dict[str, object]:
    return {name: getattr(ABOUT, name) for name in ABOUT.__struct_fields__}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"licence": None, "url": None}, "--url, --licence"),
        ({"doc_id": "CHAR-ferry"}, "char-ferry stands in it already"),
        ({"doc_id": "../out"}, "expected --doc-id"),
        ({"country": "India"}, "expected --country"),
        ({"published_at": "yesterday"}, "expected --published-at"),
        ({"captured_at": "31 May"}, "expected --captured-at"),
        ({"doc_id": "left-over"}, "left-over"),
        ({"doc_id": "annotated"}, "stands there already"),
    ],
)
def test_what_cannot_join_says_why_and_leaves_nothing(
    corpus_folder: Path, page: Path, change: dict[str, object], says: str
) -> None:
    (corpus_folder / "pages" / "left-over").mkdir()
    (corpus_folder / "annotations" / "rima").mkdir()
    (corpus_folder / "annotations" / "rima" / "annotated.jsonl").write_text("{}")
    before = files(corpus_folder)
    with pytest.raises(UsageError, match=says):
        add(corpus_folder, page, About(**{**_fields(), **change}))
    assert files(corpus_folder) == before


def test_the_same_page_joins_once(corpus_folder: Path, page: Path) -> None:
    add(corpus_folder, page)
    with pytest.raises(UsageError, match="already as new-ferry"):
        add(corpus_folder, page, About(**{**_fields(), "doc_id": "other"}))


@pytest.mark.parametrize("annotator", ["../../evil", ".hidden", "a/b", ""])
def test_an_annotator_is_a_folder_of_annotations_and_nothing_else(
    corpus_folder: Path, page: Path, annotator: str
) -> None:
    before = files(corpus_folder.parent)
    with pytest.raises(UsageError, match="no name of an annotator"):
        add_page(corpus_folder, str(page), ABOUT, annotator=annotator, guideline="1.0")
    assert files(corpus_folder.parent) == before


@pytest.mark.parametrize("source", ["crawl.jsonl", "crawl.jsonl#3", "nowhere.txt"])
def test_a_source_that_is_no_page_is_refused(
    corpus_folder: Path, tmp_path: Path, source: str
) -> None:
    (tmp_path / "crawl.jsonl").write_text('{"text": "এক"}\n{"text": "দুই"}\n')
    before = files(corpus_folder)
    with pytest.raises(KhoborError):
        add(corpus_folder, tmp_path / source)
    assert files(corpus_folder) == before
