"""How a release was made, what its splits promise, what it is for, and how it is cited."""

from __future__ import annotations

from collections.abc import Iterable

from khobor.layers.tokens import tokenizer_version
from khobor.manifests import Release
from khobor.release.card.escapes import cell
from khobor.release.card.statements import (
    SPLITTING,
    annotation_protocol,
    collection,
    limitations,
    maintenance,
    misuses,
    personal_information,
    uses,
)
from khobor.release.citations import bibtex, version_citation
from khobor.release.overviews import Overview
from khobor.release.versions import is_frozen


def making(corpus: Overview, release: Release) -> str:
    """Turn a corpus into the section on how its rows were made, step by step."""
    steps = [
        collection(corpus) + _rejected(corpus),
        "A page's text is what a reader would see of it, verbatim: no Unicode normalisation, joiners "
        "and no-break spaces kept. Each stretch of it is a block with a label; the article is its "
        "article blocks.",
        "Sentences end by rules inside blocks of the article. Tokens are those of "
        f"{tokenizer_version()}, with exact offsets.",
    ]
    protocol = annotation_protocol(corpus, release)
    if protocol:
        steps += [
            protocol,
            f"Spans are the truth, and tags are derived from them: {corpus.facts.misfits:,} parts of "
            "annotations do not fit the tokens exactly, each listed in `reports/misfits.jsonl`.",
        ]
    made_with = ", ".join(f"{name} {version}" for name, version in _made_with(release))
    steps.append(f"Made with {made_with}; the same input gives the same bytes.")
    return _bullets("## How it was made", steps)


def _rejected(corpus: Overview) -> str:
    return " `reports/rejects.jsonl` says why." if corpus.rejected else ""


def _made_with(release: Release) -> list[tuple[str, str]]:
    return [(name, v) for name, v in release.made_with.items() if name != "tokenizer"]


def splits_and_versions(release: Release) -> str:
    """Turn a manifest into the section on how splits are made, and what versions promise."""
    if not release.files:
        return ""
    state = (
        f"{release.version} is frozen: it is never overwritten."
        if is_frozen(release.version)
        else f"{release.version} is **not frozen**: its splits are provisional, and no result should "
        "be reported on them."
    )
    held = (
        [
            f"{release.held:,} documents are held back and have no rows; `splits.jsonl` gives each "
            "one's reason."
        ]
        if release.held
        else []
    )
    return _bullets(
        "## Splits and versions", [state, *SPLITTING, *held, *maintenance(release), _DATASETS]
    )


# The promise of pyproject.toml; a test compares the two.
OLDEST_DATASETS = "5.0"
_DATASETS = (
    f"Every version loads with `datasets` {OLDEST_DATASETS} and later. The Parquet files carry their "
    "features, so any later reader of Parquet has the names of labels too."
)


def using(corpus: Overview) -> str:
    """Turn a corpus into the section on what it is for, and what it is not for."""
    if not corpus.documents:
        return ""
    return "\n\n".join(
        [
            _bullets("## What it is for", uses(corpus)),
            _bullets("It is not for:", misuses(corpus)),
        ]
    )


def limits(corpus: Overview) -> str:
    """Turn a corpus into the section on its known limits."""
    if not corpus.documents:
        return ""
    return _bullets("## Known limits", [*limitations(corpus), personal_information(corpus)])


def citing(release: Release) -> str:
    """Turn a manifest into the section on how the release is cited; "" where nobody said."""
    citation = release.about.citation
    if citation is None:
        return ""
    entry = bibtex(
        version_citation(citation, release.version), name=release.name, version=release.version
    )
    lines = ["## How to cite", "", f"{cell(citation.message)} `CITATION.cff` says the same."]
    if not is_frozen(release.version):
        lines[-1] += " Cite a frozen version: this one will be replaced."
    return "\n".join([*lines, "", "```bibtex", entry, "```"])


def _bullets(heading: str, sentences: Iterable[str]) -> str:
    return "\n".join([heading, "", *(f"- {sentence}" for sentence in sentences)])
