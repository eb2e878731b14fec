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

from khobor.manifests import About, Release, ReleaseFile
from khobor.release.features import CONFIGS, config_features
from khobor.release.overviews import Overview
from khobor.release.versions import base_version

# SPDX → the Hub's identifier, https://huggingface.co/docs/hub/repositories-licenses
_LICENCES = {
    name: name.lower() for name in ("CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC0-1.0")
}
_SIZES = ("1K", "10K", "100K", "1M", "10M", "100M", "1B")


def card_header(corpus: Overview, release: Release) -> str:
    """Turn a corpus and its release's manifest into the card's YAML, without its `---` lines."""
    annotated = corpus.facts.annotated
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
        size_categories=[size_category(corpus.documents)],
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


def hub_licence(corpus: Overview) -> str:
    """Turn the licences of the documents into the Hub's word for them: one, other or unknown."""
    licences = known_licences(corpus)
    if len(licences) == 1:
        (only,) = licences
        return _LICENCES.get(only, "other") if only else "unknown"
    return "other" if licences else "unknown"


def known_licences(corpus: Overview) -> list[str]:
    """List the licences of the documents, sorted; "" where a page came without a catalogue."""
    stated = {licence for licence, _ in corpus.facts.licences}
    return sorted({*stated, *([""] if corpus.facts.uncatalogued else [])})


def size_category(documents: int) -> str:
    """Turn a number of documents into the Hub's size category: n<1K, 1K<n<10K …"""
    limits = [1_000 * 10**power for power in range(len(_SIZES))]
    if documents < limits[0]:
        return f"n<{_SIZES[0]}"
    for (low, high), limit in zip(pairwise(_SIZES), limits[1:], strict=True):
        if documents < limit:
            return f"{low}<n<{high}"
    return f"n>{_SIZES[-1]}"


def _language_creators(corpus: Overview, about: About) -> list[str]:
    """Say that captured pages were found; who wrote composed ones is for their maker to say."""
    found = ["found"] if corpus.facts.captured else []
    return sorted({*about.language_creators, *found})


def _tags(corpus: Overview, *, annotated: bool) -> list[str]:
    tags = ["bengali", "bangla", "news", "sentence-segmentation", "page-segmentation"]
    if annotated:
        tags.append("span-annotation")
    if corpus.facts.quoted:
        tags += ["quotation-extraction", "speaker-attribution"]
    if corpus.facts.composed:
        tags.append("synthetic")
    return tags


def _info(config: str, files: Sequence[ReleaseFile]) -> DatasetInfo:
    splits = SplitDict()
    mine = [file for file in files if file.config == config]
    for split, parts in by_split(mine).items():
        size, rows = sum(file.bytes for file in parts), sum(file.rows for file in parts)
        splits.add(SplitInfo(split, num_bytes=size, num_examples=rows))
    size = sum(file.bytes for file in mine)
    return DatasetInfo(
        features=config_features(config), splits=splits, download_size=size, dataset_size=size
    )


def _data_files(config: str, files: Sequence[ReleaseFile], version: str) -> dict[str, object]:
    mine = by_split([file for file in files if file.config == config])
    entry: dict[str, object] = {
        "data_files": [{"split": split, "path": _paths(parts)} for split, parts in mine.items()],
        "version": base_version(version),
    }
    if config == "documents":
        entry["default"] = True
    return entry


def by_split(files: Sequence[ReleaseFile]) -> dict[str, list[ReleaseFile]]:
    """Turn the files of a configuration into split → its files, in their order."""
    found: dict[str, list[ReleaseFile]] = {}
    for file in files:
        found.setdefault(file.split, []).append(file)
    return found


def _paths(files: Sequence[ReleaseFile]) -> str | list[str]:
    paths = [file.path for file in files]
    return paths[0] if len(paths) == 1 else paths
