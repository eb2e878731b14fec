"""The YAML at the top of a card: what the Hub and `load_dataset` read.

It carries the features: `datasets` lets the card's label order go before the files', so both
come from release.features.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from datasets import DatasetInfo, SplitDict, SplitInfo
from datasets.info import DatasetInfosDict
from datasets.utils.metadata import MetadataConfigs
from huggingface_hub import DatasetCardData

from khobor.corpus.corpora import Corpus
from khobor.manifests import About, Release, ReleaseFile
from khobor.release.card.statements import is_annotated
from khobor.release.features import CONFIGS, config_features
from khobor.release.versions import base_version

# SPDX → the Hub's identifier, https://huggingface.co/docs/hub/repositories-licenses
_LICENCES = {
    name: name.lower() for name in ("CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC0-1.0")
}
_SIZES = ("1K", "10K", "100K", "1M", "10M", "100M", "1B")


def card_header(corpus: Corpus, release: Release) -> str:
    """Turn a corpus and its release's manifest into the card's YAML, without its `---` lines."""
    annotated = is_annotated(corpus)
    files, about = release.files, release.about
    licence = hub_licence(corpus)
    other = licence == "other"
    data = DatasetCardData(
        language=["bn"],
        license=licence,
        license_name="by-document" if other else None,
        license_link="LICENSE" if other and about.licence else None,
        pretty_name=f"{release.name} {release.version}",
        multilinguality="monolingual",
        task_categories=["token-classification"] if annotated else None,
        task_ids=["named-entity-recognition"] if annotated else None,
        annotations_creators=list(about.creators) or None if annotated else ["no-annotation"],
        language_creators=_language_creators(corpus, about) or None,
        source_datasets=["original"],
        size_categories=[size_category(len(corpus.entries))],
        tags=_tags(corpus, annotated=annotated),
    )
    present = [config for config in CONFIGS if any(file.config == config for file in files)]
    if present:
        DatasetInfosDict({config: _info(config, files) for config in present}).to_dataset_card_data(
            data
        )
        MetadataConfigs(
            {config: _data_files(config, files, release.version) for config in present}
        ).to_dataset_card_data(data)
    return str(data.to_yaml())


def hub_licence(corpus: Corpus) -> str:
    """Turn the licences of the documents into the Hub's word for them: one, other or unknown."""
    licences = {entry.row.licence if entry.row else "" for entry in corpus.entries}
    if len(licences) == 1:
        (only,) = licences
        return _LICENCES.get(only, "other") if only else "unknown"
    return "other" if licences else "unknown"


def size_category(documents: int) -> str:
    """Turn a number of documents into the Hub's size category: n<1K, 1K<n<10K …"""
    limits = [1_000 * 10**power for power in range(len(_SIZES))]
    if documents < limits[0]:
        return f"n<{_SIZES[0]}"
    for (low, high), limit in zip(pairwise(_SIZES), limits[1:], strict=True):
        if documents < limit:
            return f"{low}<n<{high}"
    return f"n>{_SIZES[-1]}"


def _language_creators(corpus: Corpus, about: About) -> list[str]:
    """Say that captured pages were found; who wrote composed ones is for their maker to say."""
    captured = any(e.row is None or e.row.provenance == "captured" for e in corpus.entries)
    return sorted({*about.language_creators, *(["found"] if captured else [])})


def _tags(corpus: Corpus, *, annotated: bool) -> list[str]:
    tags = ["bengali", "bangla", "news", "sentence-segmentation", "page-segmentation"]
    if annotated:
        tags.append("span-annotation")
    if any(entry.annotation and entry.annotation.quotes for entry in corpus.entries):
        tags += ["quotation-extraction", "speaker-attribution"]
    if any(entry.row and entry.row.provenance == "composed" for entry in corpus.entries):
        tags.append("synthetic")
    return tags


def _info(config: str, files: Sequence[ReleaseFile]) -> DatasetInfo:
    splits = SplitDict()
    mine = [file for file in files if file.config == config]
    for file in mine:
        splits.add(SplitInfo(file.split, num_bytes=file.bytes, num_examples=file.rows))
    size = sum(file.bytes for file in mine)
    return DatasetInfo(
        features=config_features(config), splits=splits, download_size=size, dataset_size=size
    )


def _data_files(config: str, files: Sequence[ReleaseFile], version: str) -> dict[str, object]:
    entry: dict[str, object] = {
        "data_files": [
            {"split": file.split, "path": file.path} for file in files if file.config == config
        ],
        "version": base_version(version),
    }
    if config == "documents":
        entry["default"] = True
    return entry
