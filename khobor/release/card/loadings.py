"""How a release is loaded, and what lies in its folder: the first section of its card."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from khobor.manifests import ReleaseFile, count_rows
from khobor.records import SPLITS
from khobor.release.columns import CONFIG_MEANINGS
from khobor.release.features import CONFIGS
from khobor.release.versions import base_version

# What may lie in the folder of a release, in the order of the card.
FOLDER = {
    "data": "the rows, as Parquet with the features of this card; a file a configuration and split",
    "standoff": "annotations as they were made: offsets into the page's text, without its words, with "
    "notes on what was decided, and the marked words of mixed quotes (`quoted`), which no column holds",
    "splits.jsonl": "the split, cluster and state of every document, one that is withheld too",
    "reports": "`rejects.jsonl`: pages that became no document, and why; `misfits.jsonl`: parts of "
    "annotations that tags cannot say exactly",
    "manifest.json": "what it was made of and with, and a digest of each file's rows",
    "croissant.json": "Croissant 1.1 metadata of the same files, for `mlcroissant` and search engines",
    "figures": "the pictures of this card",
    "CITATION.cff": "how to cite this version",
    "CHANGELOG.md": "what changed from version to version",
    "LICENSE": "the licence of what is here",
    "SHA256SUMS": "of every file: `sha256sum --check SHA256SUMS`",
}
_AGREEMENTS = "; `agreements.jsonl`: all figures of two annotators"


def loading(
    files: Sequence[ReleaseFile],
    *,
    name: str,
    version: str,
    beside: Collection[str],
    agreements: bool,
) -> str:
    """Turn the files of a release into the section on loading it.

    `beside` names what else is there; `agreements`: the reports have figures of two annotators.
    """
    if not files:
        return "No page became a document, so there is nothing to load; see `reports/`."
    present = [config for config in CONFIGS if any(file.config == config for file in files)]
    others = [config for config in present if config != "documents"]
    lines = [
        "## Loading",
        "",
        "```python",
        "from datasets import load_dataset",
        "",
        f'documents = load_dataset("{name}-{version}")  # the path of this folder',
        *(f'{config} = load_dataset("{name}-{version}", "{config}")' for config in others),
        "",
        'article = documents["train"][0]',
        'block = article["blocks"][0]',
        'print(article["text"][block["start"] : block["end"]])',
        "```",
        "",
        f"From the Hub: {_hub(name, version)} A folder has no revisions: `load_dataset` ignores "
        "`revision=` there without a word, so each version has a folder of its own.",
        "",
        f"| configuration | {' | '.join(SPLITS)} | a row is |",
        f"|---|{'---:|' * len(SPLITS)}---|",
    ]
    counts = count_rows(files)
    for config in CONFIGS:
        cells = " | ".join(f"{counts.get((config, split), 0):,}" for split in SPLITS)
        meaning = CONFIG_MEANINGS[config].removeprefix("One row ")
        lines.append(f"| `{config}` | {cells} | {meaning} |")
    lines += [
        "",
        "Without `datasets`: any reader of Parquet. Offsets are code points, as in Python; JavaScript, "
        "Java and C# count an emoji as two.",
        "",
        "| in this folder | is |",
        "|---|---|",
        *(
            f"| `{path}` | {meaning}{_AGREEMENTS * (agreements and path == 'reports')} |"
            for path, meaning in FOLDER.items()
            if path in beside
        ),
    ]
    return "\n".join(lines)


def _hub(name: str, version: str) -> str:
    tag = "vX.Y.Z" if ".dev" in version else f"v{base_version(version)}"
    example = f'`load_dataset("OWNER/{name}", "documents", revision="{tag}")`'
    if tag == "vX.Y.Z":
        return f"{example} names a version by its tag; one with `.dev` has none."
    return f"{example} is this version for ever; without `revision` you get the newest."
