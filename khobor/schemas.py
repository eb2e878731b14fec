"""The JSON Schemas of the records: `python -m khobor.schemas schema/` writes them anew."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from khobor import manifests, records

# File name → the record, or the union of records that the lines of a file may be.
SCHEMAS: dict[str, Any] = {
    "page": records.Page,
    "block": records.Block,
    "document": records.Document,
    "annotation": records.Annotation,
    "annotation-line": records.AnnotationHeader | records.Mention | records.Quote,
    "known-exception": records.KnownException,
    "blocks-line": records.BlocksHeader | records.Block,
    "standoff-line": records.AnnotationHeader | records.Block | records.Mention | records.Quote,
    "decisions-line": records.AdjudicationHeader | records.Difference,
    "catalogue-row": records.CatalogueRow,
    "split-row": manifests.SplitRow,
    "releases-line": manifests.FrozenRelease | manifests.FrozenDocument,
    "reject": records.Reject,
    "misfit": records.Misfit,
    "release": manifests.Release,
}


def _array_schema(kind: type) -> dict[str, Any]:
    if kind is np.ndarray or getattr(kind, "__origin__", None) is np.ndarray:
        return {"type": "array", "items": {"type": "integer"}}
    raise NotImplementedError(f"{kind} does not stand in a record")


def export_schemas() -> dict[str, bytes]:
    """Turn the records into JSON Schemas (2020-12): file name → content."""
    files = {}
    for name, kind in SCHEMAS.items():
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **msgspec.json.schema(kind, schema_hook=_array_schema),
        }
        encoded = msgspec.json.format(msgspec.json.encode(schema), indent=2)
        files[f"{name}.schema.json"] = encoded + b"\n"
    return files


def main(folder: Path) -> None:
    """Write all schemas into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in export_schemas().items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
