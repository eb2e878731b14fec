"""This repository's own corpus: sound, frozen, filled in every split, and exact with its owner's page."""

from __future__ import annotations

import csv
import gzip
import json
import unicodedata
from pathlib import Path

import msgspec
import pytest

from khobor.annotations.adjudication import adjudicate, carry_decisions, find_differences
from khobor.annotations.files import read_annotations
from khobor.capture.pages import capture_page
from khobor.corpus.adjudications import decisions_path, read_decisions
from khobor.corpus.annotators import read_joint
from khobor.corpus.catalogues import raw_path, read_blocks, read_catalogue, read_page_text
from khobor.corpus.checks import check_folder
from khobor.corpus.corpora import Corpus, assemble
from khobor.corpus.guidelines import guideline_version
from khobor.corpus.statistics import statistics_of
from khobor.layers.blocks import label_blocks
from khobor.manifests import Release
from khobor.pipeline import read_raw
from khobor.records import SPLITS, AdjudicationHeader, CatalogueRow
from khobor.release.builds import difference_since
from khobor.release.features import CONFIGS
from khobor.release.versions import development_version
from khobor.release.writers import write_release
from tests.rows import (
    Row,
    assert_offsets_are_exact,
    assert_tags_follow_from_spans,
    names_of,
    parts_of,
    read_rows,
)

SEED = "abp-whatsapp-outage"
NO_ARTICLES = {"gangchil-sundarban-topic-page", "kashban-khela-front", "shalbani-chhau-mask-video"}


def _nfc(text: str) -> str:
    """The seed page decomposes য় (U+09AF U+09BC); words are compared after NFC."""
    return unicodedata.normalize("NFC", text)


@pytest.fixture(scope="module")
def rows(repository: Path) -> dict[str, CatalogueRow]:
    return {row.doc_id: row for _, row in read_catalogue(repository / "pages")}


def _assemble(repository: Path, *supplied: Path) -> Corpus:
    return assemble(
        [repository / "pages"], annotations=repository / "annotations", supplied=supplied
    )


def _release(corpus: Corpus, out: Path) -> Path:
    version = development_version(local=corpus.local)
    return write_release(corpus, out, name="khobor-bn-news", version=version)[0]


@pytest.fixture(scope="module")
def release(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of this checkout as anybody can build it."""
    return _release(_assemble(repository), tmp_path_factory.mktemp("public"))


@pytest.fixture(scope="module")
def local_release(
    repository: Path, seed_page: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The release of one who owns the seed page."""
    return _release(_assemble(repository, seed_page), tmp_path_factory.mktemp("local"))


# --- the folder ------------------------------------------------------------------------------


def test_the_corpus_keeps_every_rule(repository: Path) -> None:
    findings = check_folder(repository)
    assert [str(finding) for finding in findings if finding.level != "note"] == []
    assert {finding.check for finding in findings} == {"withheld"}


def test_todays_capture_of_every_page_is_its_frozen_text(
    repository: Path, rows: dict[str, CatalogueRow]
) -> None:
    pages = repository / "pages"
    captured = 0
    for row in rows.values():
        if row.withheld:
            continue
        raw = raw_path(pages, row)
        page = capture_page(read_raw(raw), source=raw.name)
        assert page.text == read_page_text(pages, row), row.doc_id
        assert (page.raw_sha256, page.text_sha256) == (row.raw_sha256, row.text_sha256)
        captured += 1
    assert captured == len(rows) - sum(row.withheld for row in rows.values())


def test_every_article_is_annotated_completely(
    repository: Path, rows: dict[str, CatalogueRow]
) -> None:
    annotations = read_annotations(repository / "annotations" / "gold")
    assert {annotation.doc_id for annotation in annotations} == set(rows) - NO_ARTICLES
    for annotation in annotations:
        assert annotation.progress == "complete"
        assert annotation.guideline == guideline_version(repository)
        assert annotation.text_sha256 == rows[annotation.doc_id].text_sha256
        assert annotation.mentions


def test_the_corpus_is_as_large_as_its_card_promises(
    repository: Path, rows: dict[str, CatalogueRow]
) -> None:
    numbers = statistics_of(_assemble(repository))
    assert sum(row.provenance == "composed" for row in rows.values()) >= 60
    assert len({row.publisher for row in rows.values() if row.provenance == "composed"}) >= 8
    assert sum(numbers.mentions.values()) >= 1_500
    assert numbers.quotes.quotes >= 350
    assert numbers.quotes.markings["bare"] >= 200
    assert numbers.words[0] >= 80


def test_gold_follows_from_two_annotators_and_the_decisions_about_them(repository: Path) -> None:
    joint = read_joint(repository, "a1", "a2")
    assert len(joint.shared) == 20
    for shared in joint.shared:
        first, second, document = shared.first.annotation, shared.second.annotation, shared.document
        found = find_differences(first, second, document.text, document.tokens)
        path = decisions_path(repository, document.doc_id)
        header = AdjudicationHeader(document.doc_id, document.text_sha256, "a1", "a2")
        decided = found
        if path.is_file():
            header, lines = read_decisions(path)
            decided = carry_decisions(found, [difference for _, difference in lines])
        made = adjudicate(
            first, second, header, decided, tokens=document.tokens, annotator="gold"
        ).annotation
        (gold,) = read_annotations(repository / "annotations" / "gold" / f"{document.doc_id}.jsonl")
        assert made == gold
        assert path.is_file() or not found


def test_a_publisher_is_spelled_in_one_way(rows: dict[str, CatalogueRow]) -> None:
    names = {row.publisher for row in rows.values()}
    assert len({_nfc(name) for name in names}) == len(names)


def test_the_texts_that_may_not_be_redistributed_are_not_here(
    repository: Path, rows: dict[str, CatalogueRow]
) -> None:
    withheld = [row.doc_id for row in rows.values() if row.withheld]
    assert len(withheld) == 15
    for doc_id in withheld:
        assert [path.name for path in (repository / "pages" / doc_id).iterdir()] == ["blocks.jsonl"]
        path = repository / "annotations" / "gold" / f"{doc_id}.jsonl"
        assert '"surface"' not in path.read_text(encoding="utf-8")


def test_composed_pages_name_invented_publishers(rows: dict[str, CatalogueRow]) -> None:
    for row in rows.values():
        if row.provenance == "composed":
            assert row.url.split("/")[2].endswith(".example")
            assert row.licence == "CC-BY-4.0"
            assert not row.withheld


# --- the release -----------------------------------------------------------------------------


def test_every_split_of_every_configuration_is_filled(release: Path) -> None:
    manifest = msgspec.json.decode((release / "manifest.json").read_bytes(), type=Release)
    filled = {(file.config, file.split) for file in manifest.files if file.rows}
    assert filled == {(config, split) for config in CONFIGS for split in SPLITS}
    assert manifest.rejects == len(NO_ARTICLES)
    assert manifest.pages == manifest.documents + manifest.rejects


def test_every_row_is_exact_and_its_tags_follow_from_its_spans(release: Path) -> None:
    assert_offsets_are_exact(release)
    assert_tags_follow_from_spans(release)


def test_without_the_seed_page_its_stand_off_alone_is_released(
    release: Path, repository: Path
) -> None:
    manifest = msgspec.json.decode((release / "manifest.json").read_bytes(), type=Release)
    assert (manifest.withheld, manifest.publishable) == (15, True)
    assert not release.name.endswith("+local")
    for config in CONFIGS:
        assert SEED not in {row["doc_id"] for row in read_rows(release, config)}
    standoff = (release / "standoff" / f"{SEED}.jsonl").read_bytes()
    assert b'"surface"' not in standoff
    (annotation,) = read_annotations(repository / "annotations" / "gold" / f"{SEED}.jsonl")
    assert standoff.count(b'"type":"mention"') == len(annotation.mentions)
    assert standoff.count(b'"type":"quote"') == len(annotation.quotes)


def _seed_rows(release: Path, config: str) -> list[Row]:
    return [row for row in read_rows(release, config) if row["doc_id"] == SEED]


def test_with_the_seed_page_its_rows_are_there_and_exact(
    local_release: Path, seed_page: Path
) -> None:
    manifest = msgspec.json.decode((local_release / "manifest.json").read_bytes(), type=Release)
    assert manifest.version.endswith("+local")
    assert local_release.name.endswith("+local")
    assert (manifest.withheld, manifest.publishable) == (14, False)
    assert_offsets_are_exact(local_release)
    assert_tags_follow_from_spans(local_release)
    (document,) = _seed_rows(local_release, "documents")
    (page,) = _seed_rows(local_release, "pages")
    assert page["text"] == seed_page.read_bytes().decode()
    for block in document["blocks"]:
        inside = document["text"][block["start"] : block["end"]]
        assert page["text"][block["page_start"] :].startswith(inside)
    assert document["entities"]
    assert document["quotes"]


def test_the_apology_of_the_seed_page_is_quoted_and_has_its_speaker(local_release: Path) -> None:
    (apology,) = [
        row
        for row in _seed_rows(local_release, "quotes")
        if row["cue"] and _nfc(row["cue"]["text"]) == _nfc("বলা হয়েছে")
    ]
    labels = [
        names_of("quotes", column)[apology[column]] for column in ("kind", "marking", "medium")
    ]
    assert labels == ["direct", "marked", "post"]
    assert _nfc(apology["speaker_name"]) == _nfc("হোয়াটসঅ্যাপ")
    for part in parts_of(apology):
        assert apology["context"][part["start"] : part["end"]] == part["text"]
    first, last = apology["content"][0], apology["content"][-1]
    marks = "‘’“”\"'"
    assert apology["context"][first["start"] - 1] in marks
    assert apology["context"][last["end"]] in marks


def test_the_labeller_finds_the_seed_pages_blocks_by_itself(
    repository: Path, seed_page: Path, rows: dict[str, CatalogueRow]
) -> None:
    row = rows[SEED]
    gold = read_blocks(
        repository / "pages" / SEED / "blocks.jsonl", doc_id=SEED, text_sha256=row.text_sha256
    )
    found = label_blocks(capture_page(read_raw(seed_page), source=seed_page.name))
    assert [(b.start, b.end, b.label) for b in found] == [(b.start, b.end, b.label) for b in gold]


def test_who_has_the_crawl_gets_the_full_rows_of_its_fourteen_articles(
    repository: Path, shared: Path, tmp_path: Path
) -> None:
    """Its rows as JSON Lines; the CSV of the repository that the catalogue names has the same."""
    crawl = shared / "news" / "prothomalo.jsonl.gz"
    as_csv = tmp_path / "data.csv"
    with gzip.open(crawl, "rt", encoding="utf-8") as lines, as_csv.open("w", newline="") as out:
        table = csv.writer(out)
        table.writerow(["Date Published", "Headline", "Article Body"])
        for row in map(json.loads, lines):
            table.writerow([row["published"], row["title"], row["body"]])
    for path in (crawl, as_csv):
        corpus = _assemble(repository, path)
        articles = [e for e in corpus.entries if e.row and e.row.publisher == "প্রথম আলো"]
        assert len(articles) == 14
        assert all(entry.state == "gold" for entry in articles)
        assert corpus.errors == []
        assert [withheld.row.doc_id for withheld in corpus.withheld] == [SEED]
    release = _release(corpus, tmp_path)
    assert_offsets_are_exact(release)
    assert_tags_follow_from_spans(release)


# --- anybody's pages -------------------------------------------------------------------------


def test_a_portal_of_another_kind_becomes_documents_without_a_reject(
    shared: Path, tmp_path: Path
) -> None:
    """43 pages that wrongly declare their charset and language, and print their menu twice."""
    corpus = assemble([shared / "livenews24" / "html"])
    assert (corpus.pages, len(corpus.entries), corpus.rejects) == (43, 43, ())
    assert {entry.state for entry in corpus.entries} == {"none"}
    release = _release(corpus, tmp_path)
    assert_offsets_are_exact(release)
    assert {row["ner_tags"] for row in read_rows(release, "sentences")} == {None}
    assert not (release / "data" / "quotes").exists()
    assert not (release / "standoff").exists()


def test_todays_build_is_a_version_that_may_follow_the_frozen_one(repository: Path) -> None:
    """No published document moves, and validation and test stay what they were frozen as."""
    corpus = _assemble(repository)
    difference = difference_since(corpus)
    assert difference is not None, "no version is frozen"
    assert not difference.moved
    assert not [change for change in difference.changed if change.before != "train"]
    assert difference.bump != "MAJOR", difference.reasons
