"""Run in a fresh process: load each folder, plain and streamed, and print what is there as JSON."""

import json
import sys

from datasets import get_dataset_config_names, load_dataset


def main() -> None:
    found = {}
    for folder in sys.argv[1:]:
        for config in get_dataset_config_names(folder):
            loaded = load_dataset(folder, config)
            streamed = load_dataset(folder, config, streaming=True)
            for split, rows in loaded.items():
                found[f"{folder} {config} {split}"] = {
                    "rows": len(rows),
                    "ids": list(rows["doc_id"]),
                    "streamed": [row["doc_id"] for row in streamed[split]],
                    "features": sorted(rows.features),
                    "tags": getattr(
                        getattr(rows.features.get("ner_tags"), "feature", None), "names", None
                    ),
                }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
