"""The short summary with which a build ends."""

from __future__ import annotations

from pathlib import Path

from khobor.manifests import Release, count_rows
from khobor.records import SPLITS
from khobor.release.features import CONFIGS
from khobor.release.overviews import Overview


def summarise(corpus: Overview, release: Release, path: Path) -> str:
    """Turn a build into its summary: what went in, what came out, how to load it."""
    listed = ", ".join(f"{reason} {count:,}" for reason, count in corpus.rejects.items())
    lines = [
        f"pages in    {corpus.pages:>8,}",
        f"documents   {corpus.documents:>8,}",
        f"rejects     {corpus.rejected:>8,}" + (f"  ({listed})" if listed else ""),
        f"withheld    {len(corpus.withheld):>8,}",
        f"misfits     {corpus.facts.misfits:>8,}",
        "",
        f"{'rows':<12}" + "".join(f"{split:>12}" for split in SPLITS),
    ]
    counts = count_rows(release.files)
    for config in CONFIGS:
        cells = [f"{counts[config, split]:>12,}" for split in SPLITS]
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
    if corpus.rejected:
        reasons = path / "reports" / "rejects.jsonl"
        lines.append(f"Which pages were rejected, and why: {reasons.as_posix()}")
    if release.files:
        first = next(config for config in CONFIGS if (config, "train") in counts)
        lines.append(
            f"Load it: from datasets import load_dataset; "
            f'load_dataset("{path.as_posix()}", "{first}")'
        )
    else:
        lines.append("No page became a document, so there is nothing to load; see reports/ there.")
    return "\n".join(lines)
