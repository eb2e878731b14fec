"""The examples run as they stand, on tiny settings, and print a score above nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest


def _run(repository: Path, release: Path, folder: Path, script: str, *settings: str) -> float:
    """Run an example; give the F1 that it prints last."""
    done = subprocess.run(
        [sys.executable, str(repository / "examples" / script), str(release), *settings],
        cwd=folder,
        env={
            **os.environ,
            "HF_HUB_OFFLINE": "1",
            "HF_HOME": str(folder / ".hf"),
            "OMP_NUM_THREADS": "1",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.search(r"^F1 (\d\.\d{3}) .*on validation$", done.stdout, re.MULTILINE)
    assert found, done.stdout
    return float(found[1])


def test_a_crf_learns_names(repository: Path, starter_release: Path, tmp_path: Path) -> None:
    pytest.importorskip("pycrfsuite", reason="python-crfsuite is not installed")
    score = _run(repository, starter_release, tmp_path, "train_crf.py", "--iterations", "30")
    assert score > 0.4
    assert (tmp_path / "names.crf").is_file()


def test_a_spacy_pipeline_learns_names(
    repository: Path, starter_release: Path, tmp_path: Path
) -> None:
    pytest.importorskip("spacy", reason="the extra spacy is not installed")
    settings = ["--epochs", "1", "--width", "32", "--documents", "2"]
    _run(repository, starter_release, tmp_path, "train_spacy.py", *settings)
    assert (tmp_path / "names-spacy" / "ner").is_dir()


@pytest.mark.parametrize("layer", ["entities", "quotes"])
def test_a_small_transformer_is_trained_from_scratch(
    repository: Path, starter_release: Path, tmp_path: Path, layer: str
) -> None:
    for name in ("torch", "transformers", "accelerate"):
        pytest.importorskip(name, reason="the extra train is not installed")
    settings = ["--epochs", "1", "--width", "16", "--vocabulary", "1000", "--documents", "2"]
    _run(repository, starter_release, tmp_path, "train_transformer.py", *settings, "--layer", layer)
    assert (tmp_path / "names-transformer" / "tokenizer.json").is_file()
