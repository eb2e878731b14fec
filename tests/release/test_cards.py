"""The card: its YAML loads the data, its tables count it, and no string of a page breaks it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest
from huggingface_hub import DatasetCard

from khobor.corpus.corpora import Corpus, assemble
from khobor.manifests import About, Author, Citation
from khobor.records import SPLITS
from khobor.release.card.choices import choose_entry
from khobor.release.card.corpus_tables import corpus_sections
from khobor.release.card.examples import shorten
from khobor.release.card.headers import size_category
from khobor.release.card.licences import licences
from khobor.release.card.makings import OLDEST_DATASETS
from khobor.release.columns import COLUMNS, PARTS
from khobor.release.features import CONFIGS, config_features
from khobor.release.overviews import overview_of
from khobor.release.writers import write_release
from tests.rows import read_rows
from tests.samples import SAMPLES, page_of

NASTY = "a|b\n# <script>alert(1)</script> [x](y) `c`\n---\n$\\frac$ &amp; \u202eevil"


@pytest.fixture(scope="session")
def card(release: Path) -> str:
    return (release / "README.md").read_text(encoding="utf-8")


def _card_of(corpus: Corpus, out: Path, about: About = About()) -> str:  # noqa: B008  # frozen
    path, _ = write_release(corpus, out, name="sample", version="1.0.0.dev0", about=about)
    return (path / "README.md").read_text(encoding="utf-8")


# --- the YAML ---------------------------------------------------------------------------------


def test_only_reports_that_are_there_are_listed(release: Path) -> None:
    card = (release / "README.md").read_text(encoding="utf-8")
    there = (release / "reports" / "agreements.jsonl").is_file()
    assert ("`agreements.jsonl`" in card) == there


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


def test_no_licence_is_claimed_for_pages_that_state_none(card: str) -> None:
    header = DatasetCard(card).data.to_dict()
    assert header["license"] == "other"  # the plain pages state no licence
    assert "license_link" not in header  # there is no LICENSE to point to
    assert "| not stated | captured | 36 | 0 |" in card
    assert "| CC-BY-4.0 | composed | 5 | 0 |" in card


@pytest.mark.parametrize(
    ("documents", "category"),
    [(0, "n<1K"), (999, "n<1K"), (1_000, "1K<n<10K"), (10**6, "1M<n<10M"), (10**9, "n>1B")],
)
def test_the_size_is_in_the_words_of_the_hub(documents: int, category: str) -> None:
    assert size_category(documents) == category


# --- the tables -------------------------------------------------------------------------------


def _table_row(card: str, name: str) -> list[int]:
    line = next(line for line in card.splitlines() if line.startswith(f"| {name} |"))
    return [int(cell.replace(",", "")) for cell in line.split("|")[2:-1] if cell.strip().isdigit()]


def test_the_tables_count_what_is_in_the_files(card: str, release: Path, corpus: Corpus) -> None:
    for config in CONFIGS:
        counts = _table_row(card, f"`{config}`")
        files = [release / "data" / config / f"{s}-00000-of-00001.parquet" for s in SPLITS]
        assert counts == [pq.read_metadata(f).num_rows if f.exists() else 0 for f in files]
    documents = read_rows(release, "documents")
    mentions = [m for row in documents for m in row["entities"] or ()]
    quotes = [q for row in documents for q in row["quotes"] or ()]
    sentences = read_rows(release, "sentences")
    gpe = config_features("documents")["entities"].feature["label"].str2int("GPE")
    expected = {
        "documents": len(documents),
        "sentences": len(sentences),
        "mentions": len(mentions),
        "– GPE": sum(m["label"] == gpe for m in mentions),
        "– with a glued ending": sum(m["name_end"] != m["end"] for m in mentions),
        "quotes": len(quotes),
        "– kind mixed": sum(q.kind == "mixed" for e in corpus.entries if e.annotation for q in e.annotation.quotes),
        "– with words for the speaker": sum(q["speaker"] is not None for q in quotes),
    }  # fmt: skip
    for name, count in expected.items():
        *splits, total = _table_row(card, name)
        assert (sum(splits), total) == (count, count), name
    assert f"{sum(len(row['text']) for row in documents):,}" in card
    assert f"{sum(len(row['tokens']) for row in sentences):,}" in card


def test_the_card_says_what_went_in_and_what_did_not_come_out(card: str, corpus: Corpus) -> None:
    assert f"{corpus.pages} pages went in" in card
    assert f"{len(corpus.rejects)} rejected" in card
    assert "1 text may not be redistributed and is withheld" in card
    assert f"{len(corpus.misfits)} parts of annotations do not fit" in card


def test_every_column_and_every_part_of_one_is_explained(card: str) -> None:
    for config in CONFIGS:
        features = config_features(config)
        assert list(COLUMNS[config]) == list(features)
        for column, feature in features.items():
            inside = getattr(feature, "feature", feature)
            for part in inside if isinstance(inside, dict) else ():
                assert f"| `{column}.{part}` |" in card
                assert PARTS[column][part]
            assert f"| `{column}` |" in card


def test_the_oldest_datasets_promised_is_the_one_that_is_required(repository: Path) -> None:
    required = (repository / "pyproject.toml").read_text(encoding="utf-8")
    assert f'"datasets>={OLDEST_DATASETS}"' in required


def test_agreement_is_published_where_two_annotators_did_the_same_pages(
    card: str, sources: Path, tmp_path: Path
) -> None:
    assert "Agreement of" not in card
    annotations = tmp_path / "annotations"
    for name in ("gold", "a1", "a2"):
        shutil.copytree(sources / "corpus" / "annotations" / "gold", annotations / name)
    both = assemble([sources / "corpus" / "pages"], annotations=annotations)
    made = _card_of(both, tmp_path / "out")
    assert "## Agreement of a1 and a2" in made
    assert "κ of token labels: 1.000" in made
    (line,) = (tmp_path / "out/sample-1.0.0.dev0/reports/agreements.jsonl").read_text().splitlines()
    assert msgspec.json.decode(line)["figures"]["token_kappa"] == 1.0


def test_publishers_are_counted(corpus: Corpus) -> None:
    assert "| দৈনিক মোহনা | BD | composed | 2 | 0 | 0 |" in corpus_sections(overview_of(corpus))[0]


# --- what its maker says ----------------------------------------------------------------------


def test_the_words_of_its_maker_stand_in_the_card(corpus: Corpus, tmp_path: Path) -> None:
    about = About(
        description="Pages of invented publishers, written for a test.",
        creators=("expert-generated",),
        language_creators=("expert-generated",),
        licence="Do what you like.\n",
        citation=Citation(
            cff_version="1.2.0",
            message="Please cite | this.",
            title="A corpus of 50 % & more",
            authors=(Author(given_names="Ruma", family_names="Sen"), Author(name="The {Team}")),
            type="dataset",
            date_released="2026-11-25",
        ),
    )
    card = _card_of(corpus, tmp_path, about)
    assert card.split("---\n")[2].strip().startswith("# sample 1.0.0.dev0\n\nPages of invented")
    header = DatasetCard(card).data.to_dict()
    assert header["annotations_creators"] == ["expert-generated"]
    assert header["language_creators"] == ["expert-generated", "found"]
    assert header["license_link"] == "LICENSE"
    assert (tmp_path / "sample-1.0.0.dev0" / "LICENSE").read_text() == "Do what you like.\n"
    assert "Please cite \\| this." in card
    assert "title   = {{A corpus of 50 \\% \\& more}}" in card
    assert "author  = {Sen, Ruma and {The \\{Team\\}}}" in card
    assert "year" not in card.split("```bibtex")[1]  # not released: it is a development build


def test_sections_without_anything_to_say_are_left_out(sources: Path, tmp_path: Path) -> None:
    """Anybody's pages, without a catalogue, annotations, licence or citation."""
    card = _card_of(assemble([sources / "plain"]), tmp_path)
    header = DatasetCard(card).data.to_dict()
    assert header["license"] == "unknown"
    assert header["annotations_creators"] == ["no-annotation"]
    assert header["language_creators"] == ["found"]
    assert "task_ids" not in header
    assert "Nobody annotated them" in card
    assert "came without a catalogue" in card
    for absent in ("Agreement", "How to cite", "guideline", "Withheld", "composed for it",
                   "| mentions |", "`standoff`", "`LICENSE`", "```json", "How quotes are written"):  # fmt: skip
        assert absent not in card, absent


def test_a_release_without_a_document_has_a_card_that_says_so(
    sources: Path, tmp_path: Path
) -> None:
    card = _card_of(assemble([sources / "plain" / "empty.txt"]), tmp_path)
    assert "No page became a document" in card
    assert DatasetCard(card).data.to_dict()["language"] == ["bn"]
    assert "## Statistics" not in card


def test_a_build_with_texts_of_others_says_do_not_publish(local_release: Path, card: str) -> None:
    warning = "texts that may not be redistributed. Do not publish it."
    assert warning in (local_release / "README.md").read_text(encoding="utf-8")
    assert warning not in card


# --- strings from outside ---------------------------------------------------------------------


def test_no_string_of_a_page_is_in_the_card(card: str, corpus: Corpus) -> None:
    """A page may say anything. Of a catalogued page the publisher stands there, whose name is the
    catalogue's; and one composed page under CC BY is the example."""
    shown = choose_entry(corpus.entries)
    assert shown is not None
    outside = re.sub(r"^```json$.*?^```$", "", card, flags=re.DOTALL | re.MULTILINE)
    for entry in corpus.entries:
        metadata = entry.document.metadata
        publisher = metadata.publisher if entry.row is None else None
        for string in (publisher, metadata.title, metadata.url, entry.document.doc_id):
            assert not string or string not in (outside if entry is shown else card)
    for sample in SAMPLES:
        for line in page_of(sample)[0].splitlines():
            assert line not in outside or len(line) < 8


def test_what_a_catalogue_says_breaks_no_table(corpus: Corpus, tmp_path: Path) -> None:
    def spoil(row: msgspec.Struct) -> msgspec.Struct:
        return msgspec.structs.replace(
            row, publisher=NASTY, licence=NASTY, url=f"https://x/{NASTY}"
        )

    spoiled = msgspec.structs.replace(
        corpus,
        entries=tuple(
            msgspec.structs.replace(e, row=spoil(e.row)) for e in corpus.entries if e.row
        ),
        withheld=tuple(msgspec.structs.replace(w, row=spoil(w.row)) for w in corpus.withheld),
    )
    card = _card_of(spoiled, tmp_path)
    assert DatasetCard(card).data.to_dict()["license"] == "other"
    assert "<script>" not in card
    assert "\u202e" not in card
    lines = [line for line in card.splitlines() if "script" in line]
    assert len(lines) >= 4  # publishers, licences and the withheld document
    for line in lines:
        table = card[: card.index(line)].rsplit("\n\n", maxsplit=1)[1]
        assert _columns_of(line) == _columns_of(table.splitlines()[0])


def _columns_of(line: str) -> int:
    return len(re.findall(r"(?<!\\)\|", line))


def test_withheld_documents_are_named_with_their_licence(corpus: Corpus) -> None:
    section = licences(overview_of(corpus))
    (withheld,) = corpus.withheld
    assert f"| `{withheld.row.doc_id}` | রাতের কাগজ |" in section


def test_long_values_of_the_example_are_cut() -> None:
    assert shorten("ক" * 500) == "ক" * 120 + "…"
    assert shorten([{"a": 1}] * 5) == [{"a": 1}, {"a": 1}, "… 3 more"]
    assert shorten({"a": None, "b": [1, 2]}) == {"a": None, "b": [1, 2]}
