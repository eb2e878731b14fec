"""The columns of a release: one table, the same in code, card and parquet."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from datasets import ClassLabel, Features
from datasets.features.features import FeatureType
from datasets.info import DatasetInfosDict
from huggingface_hub import DatasetCard

from khobor.records import BLOCK_LABELS, ENTITY_LABELS
from khobor.release.columns import COLUMNS
from khobor.release.features import CONFIGS, NER_TAGS, QUOTE_TAGS, config_features


@pytest.mark.parametrize("config", CONFIGS)
def test_features_are_the_same_in_card_parquet_and_code(release: Path, config: str) -> None:
    features = config_features(config)
    card = DatasetCard.load(release / "README.md")
    infos = DatasetInfosDict.from_dataset_card_data(card.data)
    assert infos[config].features == features
    files = sorted((release / "data" / config).glob("*.parquet"))
    assert files
    for file in files:
        schema = pq.read_schema(file)
        assert Features.from_arrow_schema(schema) == features
        assert b"huggingface" in schema.metadata
        assert schema.names == list(features)


@pytest.mark.parametrize("config", CONFIGS)
def test_every_column_is_described_in_its_place(release: Path, config: str) -> None:
    assert list(COLUMNS[config]) == list(config_features(config))
    card = (release / "README.md").read_text(encoding="utf-8")
    section = card.split(f"### {config}\n")[1].split("### ")[0].split("## ")[0]
    described = [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]
    assert [name for name in described if "." not in name] == list(config_features(config))


def test_tags_are_bio_over_the_labels() -> None:
    assert NER_TAGS[0] == QUOTE_TAGS[0] == "O"
    assert set(NER_TAGS[1:]) == {f"{p}-{label}" for p in "BI" for label in ENTITY_LABELS}
    assert (
        *("O", "B-CONTENT", "I-CONTENT", "B-CUE", "I-CUE"),
        *("B-SPEAKER", "I-SPEAKER"),
    ) == QUOTE_TAGS
    assert len(set(NER_TAGS)) == len(NER_TAGS) == 23


def test_numbers_of_labels_are_those_of_the_published_files() -> None:
    """Append-only: another order would change the meaning of files that are out already."""
    entity = config_features("documents")["entities"].feature["label"]
    assert entity.names == list(ENTITY_LABELS)
    assert ENTITY_LABELS[:4] == ("PER", "ORG", "GPE", "LOC")
    assert ENTITY_LABELS[4:] == ("PRODUCT", "WORK", "EVENT", "NORP", "DATE", "TIME", "NUM")
    assert BLOCK_LABELS[:5] == ("headline", "standfirst", "byline", "dateline", "timestamp")
    assert BLOCK_LABELS[5:9] == ("subheading", "paragraph", "list", "caption")
    assert BLOCK_LABELS[9:] == ("related", "advert", "chrome")


def _class_labels(feature: FeatureType) -> list[ClassLabel]:
    if isinstance(feature, ClassLabel):
        return [feature]
    if isinstance(feature, dict):
        return [found for inner in feature.values() for found in _class_labels(inner)]
    inner = getattr(feature, "feature", None)
    return [] if inner is None else _class_labels(inner)


@pytest.mark.parametrize("config", CONFIGS)
def test_label_names_are_unique(config: str) -> None:
    for label in _class_labels(dict(config_features(config))):
        assert len(set(label.names)) == len(label.names)
