"""What a release says, digested document by document: so that two can be compared.

A document's rows are divided into aspects (its text, its entities, its tokens …), and each aspect
is digested over all configurations. Digests are over logical values, not over bytes of files:
another version of parquet changes nothing.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow.parquet as pq

from khobor.corpus.corpora import Corpus, Entry
from khobor.corpus.histories import Frozen
from khobor.errors import UsageError
from khobor.manifests import FrozenDocument, FrozenRelease, Release
from khobor.records import SplitName
from khobor.release.columns import COLUMNS
from khobor.release.features import CONFIGS, config_features
from khobor.release.rows import Row, config_rows

if TYPE_CHECKING:
    from datasets import Features

MANIFEST = "manifest.json"
ROW_ID = {
    "documents": "doc_id",
    "pages": "doc_id",
    "sentences": "sentence_id",
    "quotes": "quote_id",
}
_METADATA = (
    *("doc_id", "publisher", "country", "url", "licence", "provenance", "language"),
    *("captured_at", "published_at", "section", "title"),
)
# Configuration → column → aspect. A column that is new in a later version gets an aspect of its
# own, so that the digests of the others, which stand in releases.jsonl, stay what they are.
ASPECTS: dict[str, dict[str, str]] = {
    "documents": {
        **dict.fromkeys(_METADATA, "metadata"),
        "text": "text",
        "text_sha256": "text",
        "page_sha256": "page",
        "cluster_id": "cluster",
        "first_version": "cluster",
        "annotation": "annotation",
        "blocks": "blocks",
        "sentences": "sentences",
        "entities": "entities",
        "quotes": "quotes",
    },
    "pages": {"doc_id": "page", "text": "page", "text_sha256": "page", "blocks": "blocks"},
    "sentences": {
        **dict.fromkeys(("sentence_id", "doc_id", "start", "text"), "sentences"),
        "block": "blocks",
        **dict.fromkeys(("tokens", "token_starts", "token_ends"), "tokens"),
        "annotation": "annotation",
        **dict.fromkeys(("ner_tags", "quote_tags", "quote_ids"), "tags"),
    },
    "quotes": dict.fromkeys(COLUMNS["quotes"], "quotes"),
}


class Contents(msgspec.Struct, frozen=True):
    """A release for comparison: its columns' types, and its documents' digests by doc_id.

    `rows` has the digest of each row by configuration and row id; empty where only the documents
    are known, as of a frozen version that is not at hand.
    """

    version: str
    features: dict[str, dict[str, str]]
    documents: dict[str, FrozenDocument]
    rows: dict[str, dict[str, bytes]] = {}


class _Digests:
    """The digests of one document while its rows go by."""

    def __init__(self, split: SplitName) -> None:
        self.split = split
        self.rows: dict[str, int] = defaultdict(int)
        self.aspects: dict[str, Any] = defaultdict(hashlib.sha256)


def corpus_contents(corpus: Corpus) -> Contents:
    """Turn a corpus into the contents that its release will have.

    Texts that their owner passed are left out: they belong to no frozen version.
    """
    return contents_of_documents(digest_entries(corpus.entries))


def digest_entries(entries: Sequence[Entry]) -> dict[str, FrozenDocument]:
    """Turn documents, some of a corpus or all, into their digests as a release will have them."""
    rows = (
        (config, entry.split.split, row)
        for config in CONFIGS
        for entry in entries
        if entry.split.split is not None and not (entry.row is not None and entry.row.withheld)
        for row in config_rows(config, entry)
    )
    return _digest_rows("", rows)


def contents_of_documents(documents: dict[str, FrozenDocument]) -> Contents:
    """Turn the digests of all documents, as digest_entries makes them, into contents."""
    features = {config: _types(config_features(config)) for config in CONFIGS}
    return Contents("", features, documents)


def release_contents(folder: Path) -> Contents:
    """Turn a release's folder into its contents, each row's digest too.

    Raises UsageError where the folder is no release, or a file of it cannot be read.
    """
    from datasets import Features

    release = read_manifest(folder)
    features: dict[str, Features] = {}
    for file in release.files:
        features[file.config] = Features.from_arrow_schema(_opened(folder / file.path).schema_arrow)
    rows: dict[str, dict[str, bytes]] = {config: {} for config in features}
    documents = _digest_rows(release.version, _rows(folder, release), rows)
    types = {config: _types(feature) for config, feature in features.items()}
    return Contents(release.version, types, documents, rows)


def frozen_contents(frozen: Frozen) -> Contents:
    """Turn a frozen version into its contents; of its rows only the counts are known."""
    return Contents(frozen.release.version, frozen.release.features, frozen.documents)


def freeze_contents(contents: Contents, *, name: str, version: str, digest: str) -> Frozen:
    """Turn contents into the lines that freeze them as a version."""
    return Frozen(
        FrozenRelease(name, version, digest, contents.features),
        {
            doc_id: msgspec.structs.replace(document, version=version)
            for doc_id, document in contents.documents.items()
        },
    )


def read_manifest(folder: Path) -> Release:
    """Read a release's manifest.json; raise UsageError where the folder is no release."""
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Release)
    except (OSError, msgspec.MsgspecError) as error:
        raise UsageError(
            f"no release of khobor ({MANIFEST}: {error})",
            where=str(folder),
            fix="expected the folder that a build wrote",
        ) from error


def _opened(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"cannot be read as parquet ({error})", where=str(path), fix="run `khobor verify`"
        ) from error


def _rows(folder: Path, release: Release) -> Iterator[tuple[str, SplitName, Row]]:
    for file in release.files:
        parquet = _opened(folder / file.path)
        for batch in parquet.iter_batches(batch_size=500):
            for row in batch.to_pylist():
                yield file.config, file.split, row


def _digest_rows(
    version: str,
    rows: Iterable[tuple[str, SplitName, Row]],
    kept: dict[str, dict[str, bytes]] | None = None,
) -> dict[str, FrozenDocument]:
    """Digest rows document by document; each row's own digest goes into `kept`."""
    encode = msgspec.json.Encoder(order="sorted").encode
    documents: dict[str, _Digests] = {}
    for config, split, row in rows:
        digests = documents.setdefault(row["doc_id"], _Digests(split))
        digests.rows[config] += 1
        aspects = ASPECTS[config]
        for column, value in row.items():
            aspect = aspects.get(column, column)  # of a later khobor: an aspect of its own
            digests.aspects[aspect].update(encode((config, column, value)))
        if kept is not None:
            kept[config][row[ROW_ID[config]]] = hashlib.sha256(encode(row)).digest()[:8]
    return {
        doc_id: FrozenDocument(
            version,
            doc_id,
            digests.split,
            {config: digests.rows[config] for config in CONFIGS if digests.rows[config]},
            {aspect: digest.hexdigest()[:16] for aspect, digest in sorted(digests.aspects.items())},
        )
        for doc_id, digests in sorted(documents.items())
    }


def _types(features: Features) -> dict[str, str]:
    """Turn features into column → its type, label names in their order, as JSON."""
    encode = msgspec.json.Encoder(order="sorted").encode
    return {column: encode(kind).decode() for column, kind in features.to_dict().items()}
