"""Croissant metadata of a release (croissant.json): files, record sets, responsible-AI fields.

Written without mlcroissant, which is for reading: its records are those of the parquet files,
and a test reads them back. All paths are relative, so a folder can be moved.
Croissant 1.1: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.1.html, and
RAI 1.0: https://docs.mlcommons.org/croissant/docs/croissant-rai-spec.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from datasets import ClassLabel, List, Value

from khobor.manifests import Release, ReleaseFile
from khobor.records import SPLITS
from khobor.release.citations import author_name, bibtex, version_citation
from khobor.release.columns import COLUMNS, CONFIG_MEANINGS, PARTS
from khobor.release.features import CONFIGS, config_features
from khobor.release.versions import semantic_version

Json = dict[str, Any]  # JSON-LD: its keys are those of Croissant
Responsible = Mapping[str, str | list[str]]  # RAI properties, without their prefix

CROISSANT = "croissant.json"
_PARQUET = "application/x-parquet"
_TYPES = {"string": "sc:Text", "int32": "cr:Int32"}
_SPLIT_CLASSES = {
    "train": "TrainingSplit",
    "validation": "ValidationSplit",
    "test": "TestSplit",
}
_KEYS = {
    "documents": "doc_id",
    "pages": "doc_id",
    "sentences": "sentence_id",
    "quotes": "quote_id",
}
# The context of the specification's first appendix, with the RAI vocabulary.
_CONTEXT: Json = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "description": {"@container": "@language"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "name": {"@container": "@language"},
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def make_croissant(
    release: Release, *, description: str, licences: Sequence[str], responsible: Responsible
) -> Json:
    """Turn the manifest of a release into its Croissant metadata (JSON-LD).

    `licences` are those of the documents, "" where one states none; `responsible` are RAI
    properties without their prefix, those without a value left out.
    """
    present = [config for config in CONFIGS if _files_of(release, config)]
    document: Json = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": [
            "http://mlcommons.org/croissant/1.1",
            "http://mlcommons.org/croissant/RAI/1.0",
        ],
        "name": release.name,
        "description": description,
        "version": semantic_version(release.version),
        "inLanguage": "bn",
        "license": [_licence(licence) for licence in licences],
        "isLiveDataset": False,
        **_cited(release),
        **{f"rai:{name}": value for name, value in responsible.items() if value},
    }
    if present:
        document["distribution"] = [
            *(_file_object(file) for file in release.files),
            *(_file_set(config, release) for config in present),
        ]
        document["recordSet"] = [
            _splits(release),
            *_enumerations(present),
            *(_record_set(config, present) for config in present),
        ]
    return document


def _cited(release: Release) -> Json:
    if release.about.citation is None:
        return {}
    citation = version_citation(release.about.citation, release.version)
    known = {
        "citeAs": bibtex(citation, name=release.name, version=release.version),
        "keywords": list(citation.keywords),
        "creator": [
            {
                "@type": "sc:Organization" if author.name else "sc:Person",
                "name": author_name(author),
                **(
                    {"url": author.website or author.orcid}
                    if author.website or author.orcid
                    else {}
                ),
            }
            for author in citation.authors
        ],
        "url": citation.url or citation.repository_code,
        "datePublished": citation.date_released,
    }
    return {name: value for name, value in known.items() if value}


_LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC-BY-SA-4.0": "https://creativecommons.org/licenses/by-sa/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}


def _licence(licence: str) -> Json | str:
    """Turn what a catalogue says into a URL, or a work that is named and explained."""
    if licence in _LICENCES:
        return _LICENCES[licence]
    return {
        "@type": "sc:CreativeWork",
        "name": licence or "not stated",
        "description": "Of some documents: the column `licence` of `documents` says which.",
    }


# --- files ------------------------------------------------------------------------------------


def _files_of(release: Release, config: str) -> list[ReleaseFile]:
    return [file for file in release.files if file.config == config]


def _file_object(file: ReleaseFile) -> Json:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "description": f"{file.rows} rows of {file.config}, {file.split}.",
        "contentUrl": file.path,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": _PARQUET,
        "sha256": file.sha256,
    }


def _file_set_id(config: str) -> str:
    return f"{config}-files"


def _file_set(config: str, release: Release) -> Json:
    return {
        "@type": "cr:FileSet",
        "@id": _file_set_id(config),
        "name": _file_set_id(config),
        "description": f"The files of {config}, named one by one.",
        "encodingFormat": _PARQUET,
        "includes": [file.path for file in _files_of(release, config)],
    }


# --- record sets ------------------------------------------------------------------------------


def _splits(release: Release) -> Json:
    found = {file.split for file in release.files}
    return {
        "@type": "cr:RecordSet",
        "@id": "splits",
        "name": "splits",
        "description": "The splits that have rows.",
        "dataType": "cr:Split",
        "key": {"@id": "splits/name"},
        "field": [
            {"@type": "cr:Field", "@id": "splits/name", "name": "name", "dataType": "sc:Text"},
            {"@type": "cr:Field", "@id": "splits/url", "name": "url", "dataType": "sc:URL"},
        ],
        "data": [
            {
                "splits/name": split,
                "splits/url": f"http://mlcommons.org/croissant/{_SPLIT_CLASSES[split]}",
            }
            for split in SPLITS
            if split in found
        ],
    }


def _enumerations(present: Sequence[str]) -> Iterator[Json]:
    """Give each list of label names once, under the name of the column that first has it."""
    for name, labels in _label_lists(present).items():
        yield {
            "@type": "cr:RecordSet",
            "@id": name,
            "name": name,
            "description": "Numbers and names of labels; the list is append-only.",
            "dataType": "sc:Enumeration",
            "key": {"@id": f"{name}/number"},
            "field": [
                {
                    "@type": "cr:Field",
                    "@id": f"{name}/number",
                    "name": "number",
                    "dataType": "cr:Int64",
                },
                {"@type": "cr:Field", "@id": f"{name}/name", "name": "name", "dataType": "sc:Text"},
            ],
            "data": [
                {f"{name}/number": number, f"{name}/name": label}
                for number, label in enumerate(labels)
            ],
        }


def _label_lists(present: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Turn configurations into name → labels: every ClassLabel of their columns, once."""
    found: dict[tuple[str, ...], str] = {}

    def walk(feature: Any, path: tuple[str, ...]) -> None:
        if isinstance(feature, ClassLabel):
            found.setdefault(tuple(feature.names), f"{'_'.join(path)}_labels")
        elif isinstance(feature, List):
            walk(feature.feature, path)
        elif isinstance(feature, dict):
            for name, part in feature.items():
                walk(part, (*path, name))

    for config in present:
        walk(dict(config_features(config)), ())
    return {name: labels for labels, name in found.items()}


def _record_set(config: str, present: Sequence[str]) -> Json:
    return {
        "@type": "cr:RecordSet",
        "@id": config,
        "name": config,
        "description": CONFIG_MEANINGS[config],
        "key": {"@id": f"{config}/{_KEYS[config]}"},
        # mlcroissant joins over the first reference that it meets: that is the small one.
        "field": [_split_field(config), *_fields(config, present)],
    }


def _split_field(config: str) -> Json:
    return {
        "@type": "cr:Field",
        "@id": f"{config}/split",
        "name": "split",
        "description": "train, validation or test: the name of the row's file says it.",
        "dataType": "sc:Text",
        "source": {
            "fileSet": {"@id": _file_set_id(config)},
            "extract": {"fileProperty": "fullpath"},
            # It fits the bare name too: mlcroissant transforms once to join, and once to read.
            "transform": {"regex": rf"(?:data/{config}/)?({'|'.join(SPLITS)})(?:-.+\.parquet)?$"},
        },
        "references": {"field": {"@id": "splits/name"}},
    }


def _fields(config: str, present: Sequence[str]) -> Iterator[Json]:
    names = {labels: name for name, labels in _label_lists(present).items()}
    for column, feature in config_features(config).items():
        source = {"fileSet": {"@id": _file_set_id(config)}, "extract": {"column": column}}
        field = _field(f"{config}/{column}", COLUMNS[config][column], feature, source, (), names)
        if column == "doc_id" and config != "documents" and "documents" in present:
            field["references"] = {"field": {"@id": "documents/doc_id"}}
        yield field


def _is_too_deep(feature: Any, path: tuple[str, ...]) -> bool:
    """Say whether a column would hold lists of structs in lists: the `content` of its quotes.

    mlcroissant 1.1.1 reads no such column, and fails on its whole record set. The record set
    `quotes` has the same spans, one list deep.
    """
    return not path and isinstance(feature, List) and isinstance(feature.feature, dict)


def _field(
    id_: str,
    meaning: str,
    feature: Any,
    source: Json,
    path: tuple[str, ...],
    names: Mapping[tuple[str, ...], str],
) -> Json:
    """Turn a feature into a field; `path` leads from the column to it, one step a level."""
    name = id_.rsplit("/", maxsplit=1)[1]
    field: Json = {"@type": "cr:Field", "@id": id_, "name": name, "description": meaning}
    if isinstance(feature, List):
        field |= {"isArray": True, "arrayShape": "-1"}
        feature = feature.feature
    if isinstance(feature, dict):
        field["subField"] = [
            _field(f"{id_}/{key}", PARTS[name][key], part, source, (*path, key), names)
            for key, part in feature.items()
            if not _is_too_deep(part, path)
        ]
        return field
    steps = [{"jsonPath": step} for step in path]
    field["source"] = source | ({"transform": steps} if steps else {})
    if isinstance(feature, ClassLabel):
        field["dataType"] = ["cr:Int64", "cr:Label"]
        field["references"] = {"field": {"@id": f"{names[tuple(feature.names)]}/number"}}
    elif isinstance(feature, Value):
        field["dataType"] = "sc:URL" if id_ == "documents/url" else _TYPES[feature.dtype]
    return field
