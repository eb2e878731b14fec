"""The short summary with which a build ends."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from khobor.corpus.corpora import Corpus
from khobor.manifests import Release
from khobor.records import SPLITS
from khobor.release.features import CONFIGS


def summarise(corpus: Corpus, release: Release, path: Path) -> str:
    """Turn a build into its summary: what went in, what came out, how to load it."""
    reasons = Counter(reject.reason for reject in corpus.rejects)
    listed = ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items()))
    lines = [
        f"pages in    {corpus.pages:>8,}",
        f"documents   {len(corpus.entries):>8,}",
        f"rejects     {len(corpus.rejects):>8,}" + (f"  ({listed})" if listed else ""),
        f"withheld    {len(corpus.withheld):>8,}",
        f"misfits     {len(corpus.misfits):>8,}",
        "",
        f"{'rows':<12}" + "".join(f"{split:>12}" for split in SPLITS),
    ]
    counts = {(file.config, file.split): file.rows for file in release.files}
    for config in CONFIGS:
        cells = [f"{counts.get((config, split), 0):>12,}" for split in SPLITS]
        lines.append(f"{config:<12}" + "".join(cells))
    missing = [
        f"{config}/{split}"
        for config in CONFIGS
        for split in SPLITS
        if (config, split) not in counts
    ]
    if release.files and missing:
        lines.append(f"left out, without rows: {', '.join(missing)}")
    lines += ["", f"It lies in {path}" + ("" if release.publishable else " (not publishable)")]
    if release.files:
        first = next(config for config in CONFIGS if (config, "train") in counts)
        lines.append(
            f"Load it: from datasets import load_dataset; "
            f'load_dataset("{path.as_posix()}", "{first}")'
        )
    else:
        lines.append("No page became a document, so there is nothing to load; see reports/ there.")
    return "\n".join(lines)
