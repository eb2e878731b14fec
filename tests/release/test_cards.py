"""The card: its YAML loads the data, its tables count it, and no string of a page is in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest
from huggingface_hub import DatasetCard

from khobor.corpus.corpora import Corpus, assemble
from khobor.records import SPLITS
from khobor.release.cards import make_card
from khobor.release.features import CONFIGS
from khobor.release.tables import corpus_sections
from tests.rows import read_rows
from tests.samples import SAMPLES, page_of


@pytest.fixture(scope="session")
def card(release: Path) -> str:
    return (release / "README.md").read_text(encoding="utf-8")


def test_every_file_is_named_under_its_configuration_and_split(card: str, release: Path) -> None:
    header = DatasetCard(card).data.to_dict()
    named = {
        (config["config_name"], entry["split"], entry["path"])
        for config in header["configs"]
        for entry in config["data_files"]
    }
    assert named == {
        (path.parent.name, path.name.split("-")[0], path.relative_to(release).as_posix())
        for path in release.rglob("*.parquet")
    }
    assert [c["config_name"] for c in header["configs"] if c.get("default")] == ["documents"]
    assert {config["version"] for config in header["configs"]} == {"1.0.0"}
    assert header["language"] == ["bn"]


def test_the_sizes_of_splits_are_those_of_the_files(card: str, release: Path) -> None:
    """A wrong number fails a plain load, and streaming does not notice it."""
    header = DatasetCard(card).data.to_dict()
    for info in header["dataset_info"]:
        for split in info["splits"]:
            (path,) = (release / "data" / info["config_name"]).glob(f"{split['name']}-*.parquet")
            assert split["num_examples"] == pq.read_metadata(path).num_rows


def _table_row(card: str, name: str) -> list[int]:
    line = next(line for line in card.splitlines() if line.startswith(f"| {name} |"))
    return [int(cell.replace(",", "")) for cell in line.split("|")[2:-1]]


def test_the_tables_count_what_is_in_the_files(card: str, release: Path, corpus: Corpus) -> None:
    for config in CONFIGS:
        counts = _table_row(card, f"`{config}`")
        files = [release / "data" / config / f"{s}-00000-of-00001.parquet" for s in SPLITS]
        assert counts == [pq.read_metadata(f).num_rows if f.exists() else 0 for f in files]
    sentences = read_rows(release, "sentences")
    assert sum(_table_row(card, "tokens")) == sum(len(row["tokens"]) for row in sentences)
    documents = read_rows(release, "documents")
    assert sum(_table_row(card, "characters")) == sum(len(row["text"]) for row in documents)
    mentions = [m for e in corpus.entries if e.annotation for m in e.annotation.mentions]
    assert sum(_table_row(card, "mentions")) == len(mentions)
    assert sum(_table_row(card, "– GPE")) == sum(m.label == "GPE" for m in mentions)
    quotes = [q for e in corpus.entries if e.annotation for q in e.annotation.quotes]
    assert sum(_table_row(card, "quotes")) == len(quotes)
    assert sum(_table_row(card, "– kind mixed")) == sum(q.kind == "mixed" for q in quotes)


def test_the_card_says_what_went_in_and_what_did_not_come_out(card: str, corpus: Corpus) -> None:
    assert f"{corpus.pages} pages went in" in card
    assert f"{len(corpus.rejects)} rejected" in card
    assert "1 annotated texts are withheld" in card
    assert f"{len(corpus.misfits)} parts of annotations do not fit" in card


def test_no_string_of_a_page_is_in_the_card(card: str, corpus: Corpus) -> None:
    """A page may say anything: a name or a title could break the YAML or the Markdown.

    Of a catalogued page the publisher stands there, whose name is the catalogue's.
    """
    for entry in corpus.entries:
        metadata = entry.document.metadata
        publisher = metadata.publisher if entry.row is None else None
        strings = (publisher, metadata.title, metadata.url, entry.document.doc_id)
        for string in strings:
            assert not string or string not in card
    for sample in SAMPLES:
        for line in page_of(sample)[0].splitlines():
            assert line not in card or len(line) < 8


def test_publishers_are_counted_and_their_names_break_no_table(corpus: Corpus) -> None:
    assert "| দৈনিক মোহনা | BD | composed | 2 | 0 | 0 |" in corpus_sections(corpus)[0]
    entry = next(entry for entry in corpus.entries if entry.row is not None)
    nasty = msgspec.structs.replace(entry.row, publisher="a|b\n# <script> [x](y)")
    spoiled = msgspec.structs.replace(
        corpus, entries=(msgspec.structs.replace(entry, row=nasty),), withheld=()
    )
    (line,) = [line for line in corpus_sections(spoiled)[0].splitlines() if "script" in line]
    assert line.startswith("| a\\|b \\# \\<script\\> \\[x\\](y) |")


def test_agreement_is_published_where_two_annotators_did_the_same_pages(
    card: str, sources: Path, tmp_path: Path
) -> None:
    assert "Agreement of" not in card
    annotations = tmp_path / "annotations"
    for name in ("gold", "a1", "a2"):
        shutil.copytree(sources / "corpus" / "annotations" / "gold", annotations / name)
    both = assemble([sources / "corpus" / "pages"], annotations=annotations)
    made = make_card(both, [], name="sample", version="1.0.0.dev0", about="")
    assert "## Agreement of a1 and a2" in made
    assert "κ of token labels: 1.000" in made


def test_the_words_of_its_maker_stand_in_the_card(corpus: Corpus) -> None:
    about = "Pages of invented publishers, written for a test."
    card = make_card(corpus, [], name="sample", version="1.0.0.dev0", about=about)
    assert about in card
    assert card.split("---\n")[2].strip().startswith("# sample 1.0.0.dev0")


def test_no_licence_is_claimed_for_pages_that_state_none(card: str) -> None:
    header = DatasetCard(card).data.to_dict()
    assert header["license"] == "other"  # the plain pages state no licence
    assert "| not stated | captured | 36 |" in card
    assert "| CC-BY-4.0 | composed | 5 |" in card
