"""The card of a release (README.md), generated from its rows and from the code.

Its YAML carries the features: `datasets` lets the card's label order go before the files', so
both come from release.features. No string of a page stands in the card.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from datasets import DatasetInfo, SplitDict, SplitInfo
from datasets.info import DatasetInfosDict
from datasets.utils.metadata import MetadataConfigs
from huggingface_hub import DatasetCardData

from khobor.corpus.corpora import Corpus, Entry
from khobor.layers.tokens import tokenizer_version
from khobor.manifests import ReleaseFile
from khobor.records import (
    ENTITY_LABELS,
    QUOTE_KINDS,
    QUOTE_MARKINGS,
    QUOTE_MEDIA,
    SPLITS,
)
from khobor.release.columns import COLUMNS
from khobor.release.features import CONFIGS, config_features
from khobor.release.tables import corpus_sections
from khobor.release.versions import base_version

GENERIC_ABOUT = "A corpus of Bengali news pages, segmented and tokenized by khobor."


def make_card(
    corpus: Corpus,
    files: Sequence[ReleaseFile],
    *,
    name: str,
    version: str,
    about: str,
    creators: Sequence[str] = (),
) -> str:
    """Turn a corpus and the files of its release into the card's Markdown with YAML.

    `creators`: who annotated, in the host's words (machine-generated, expert-generated …).
    """
    sections = [
        f"# {name} {version}",
        about.strip(),
        _loading(files, name, version),
        _statistics(corpus.entries),
        *corpus_sections(corpus),
        _columns(files),
        _making(corpus),
        _licences(corpus),
        _LIMITS,
    ]
    yaml = _yaml(corpus, files, name, version, creators)
    return f"---\n{yaml}\n---\n\n" + "\n\n".join(sections) + "\n"


def _yaml(
    corpus: Corpus,
    files: Sequence[ReleaseFile],
    name: str,
    version: str,
    creators: Sequence[str],
) -> str:
    annotated = any(entry.state != "none" for entry in corpus.entries)
    data = DatasetCardData(
        language=["bn"],
        license="cc-by-4.0" if _is_cc_by(corpus) else "other",
        pretty_name=f"{name} {version}",
        task_categories=["token-classification"] if annotated else None,
        task_ids=["named-entity-recognition"] if annotated else None,
        annotations_creators=list(creators) if annotated and creators else None,
        size_categories=[_size_category(len(corpus.entries))],
    )
    present = [config for config in CONFIGS if any(file.config == config for file in files)]
    if present:
        DatasetInfosDict({config: _info(config, files) for config in present}).to_dataset_card_data(
            data
        )
        MetadataConfigs(
            {config: _data_files(config, files, version) for config in present}
        ).to_dataset_card_data(data)
    return str(data.to_yaml())


def _is_cc_by(corpus: Corpus) -> bool:
    licences = {entry.row.licence if entry.row else None for entry in corpus.entries}
    return licences == {"CC-BY-4.0"}


def _size_category(documents: int) -> str:
    for limit, name in ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K")):
        if documents < limit:
            return name
    return "n>100K"


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


def _loading(files: Sequence[ReleaseFile], name: str, version: str) -> str:
    if not files:
        return "No page became a document, so there is nothing to load; see `reports/`."
    counts = {(file.config, file.split): file.rows for file in files}
    lines = [
        "## Loading",
        "",
        "```python",
        "from datasets import load_dataset",
        "",
        f'documents = load_dataset("{name}-{version}", "documents")  # this folder\'s path',
        "```",
        "",
        "| configuration | " + " | ".join(SPLITS) + " |",
        "|---|" + "---:|" * len(SPLITS),
    ]
    for config in CONFIGS:
        cells = [f"{counts.get((config, split), 0):,}" for split in SPLITS]
        lines.append(f"| `{config}` | " + " | ".join(cells) + " |")
    lines += [
        "",
        "Splits of a `.dev` version are provisional: they may change until a version is frozen, and "
        "publishers are not spread evenly over them.",
    ]
    return "\n".join(lines)


def _statistics(entries: Sequence[Entry]) -> str:
    def row(name: str, values: Iterable[int]) -> str:
        return f"| {name} | " + " | ".join(f"{value:,}" for value in values) + " |"

    groups = [[entry for entry in entries if entry.split.split == split] for split in SPLITS]
    lines = ["## Statistics", "", "| | " + " | ".join(SPLITS) + " |", "|---|" + "---:|" * 3]
    lines.append(row("documents", map(len, groups)))
    lines.append(row("characters", (sum(len(e.view.text) for e in g) for g in groups)))
    lines.append(row("sentences", (sum(len(e.document.sentences) for e in g) for g in groups)))
    lines.append(row("tokens", (sum(len(e.document.tokens.starts) for e in g) for g in groups)))
    mentions = [
        Counter[str](m.label for e in g if e.annotation for m in e.annotation.mentions)
        for g in groups
    ]
    quotes = [[q for e in g if e.annotation for q in e.annotation.quotes] for g in groups]
    if any(mentions):
        lines.append(row("mentions", (counter.total() for counter in mentions)))
        for label in ENTITY_LABELS:
            lines.append(row(f"– {label}", (counter[label] for counter in mentions)))
    if any(quotes):
        lines.append(row("quotes", map(len, quotes)))
        for names, field in (
            (QUOTE_KINDS, "kind"),
            (QUOTE_MARKINGS, "marking"),
            (QUOTE_MEDIA, "medium"),
        ):
            for name in names:
                lines.append(
                    row(
                        f"– {field} {name}",
                        (sum(getattr(q, field) == name for q in g) for g in quotes),
                    )
                )
    return "\n".join(lines)


def _columns(files: Sequence[ReleaseFile]) -> str:
    lines = [
        "## Columns",
        "",
        "Every offset is a half-open span `[start, end)` of Python code points, and"
        " `text[start:end]` is the thing: into `text` in `documents`, `pages` and `sentences`,"
        " into `context` in `quotes`.",
    ]
    for config in CONFIGS:
        if any(file.config == config for file in files):
            lines += ["", f"### {config}", "", "| column | is |", "|---|---|"]
            lines += [f"| `{column}` | {meaning} |" for column, meaning in COLUMNS[config].items()]
    return "\n".join(lines)


def _making(corpus: Corpus) -> str:
    guidelines = sorted({e.annotation.guideline for e in corpus.entries if e.annotation})
    lines = [
        "## How it was made",
        "",
        f"- {corpus.pages} pages went in: {len(corpus.entries)} documents, {len(corpus.rejects)} "
        "rejected (each with its reason in `reports/rejects.jsonl`).",
        f"- {len(corpus.withheld)} annotated texts are withheld: their stand-off annotation is in "
        "`standoff/`, their text is not.",
        "- `standoff/` has every annotated document: offsets into the page text, notes with what was "
        "decided, and the marked words of mixed quotes (`quoted`), which no column holds.",
        f"- {len(corpus.misfits)} parts of annotations do not fit the tokens exactly; each is in "
        "`reports/misfits.jsonl`. Spans are the truth, tags are derived from them.",
        f"- Tokens are those of {tokenizer_version()}, with exact offsets.",
        "- The text is verbatim: no Unicode normalisation, joiners and no-break spaces kept.",
    ]
    if guidelines:
        lines.append(f"- Annotation guideline: version {', '.join(guidelines)}.")
    return "\n".join(lines)


def _licences(corpus: Corpus) -> str:
    counts = Counter(
        (
            entry.row.licence if entry.row is not None else "not stated",
            entry.row.provenance if entry.row is not None else "captured",
        )
        for entry in corpus.entries
    )
    lines = ["## Licences", "", "| licence | provenance | documents |", "|---|---|---:|"]
    lines += [
        f"| {licence} | {provenance} | {count} |"
        for (licence, provenance), count in sorted(counts.items())
    ]
    if corpus.local:
        lines += ["", "This build holds texts that may not be redistributed. Do not publish it."]
    return "\n".join(lines)


_LIMITS = """## Known limits

- `cluster_id` joins documents whose letters are the same; near-duplicates have clusters of their own.
- Sentence borders and, where nobody labelled them by hand, block labels are made by rules.
- Where no annotation is complete, tags are null, not O.
- Tokens are larger than some mentions (`২০২১-এর` is split, `9.30টা` is not)."""
