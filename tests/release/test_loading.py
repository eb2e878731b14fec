"""Two versions side by side in a fresh offline process; also with the oldest `datasets` promised."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from khobor.corpus.corpora import Corpus
from khobor.release.features import CONFIGS
from khobor.release.writers import write_release
from tests.rows import read_rows

_SCRIPT = Path(__file__).with_name("loading.py")


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory, corpus: Corpus) -> list[Path]:
    out = tmp_path_factory.mktemp("versions")
    return [
        write_release(corpus, out, name="sample", version=version)[0]
        for version in ("1.0.0", "1.0.1.dev0")
    ]


def _oldest(repository: Path) -> str:
    python = repository / ".venv-oldest" / "bin" / "python"
    if not python.exists():
        pytest.skip("no environment of the oldest datasets: make integration makes it")
    return str(python)


def _loaded(python: str, folders: list[Path], home: Path) -> dict[str, dict[str, object]]:
    done = subprocess.run(
        [python, str(_SCRIPT), *map(str, folders)],
        env={**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(home)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def _check(found: dict[str, dict[str, object]], folders: list[Path]) -> None:
    for folder in folders:
        for config in CONFIGS:
            wanted = [row["doc_id"] for row in read_rows(folder, config)]
            splits = {
                key: seen for key, seen in found.items() if key.startswith(f"{folder} {config} ")
            }
            assert sorted(i for seen in splits.values() for i in seen["ids"]) == sorted(wanted)
            for seen in splits.values():
                assert seen["streamed"] == seen["ids"]
    tags = {tuple(seen["tags"]) for key, seen in found.items() if " sentences " in key}
    assert len(tags) == 1
    assert next(iter(tags))[:3] == ("O", "B-PER", "I-PER")


def test_two_versions_load_side_by_side_in_a_fresh_process(
    versions: list[Path], tmp_path: Path
) -> None:
    _check(_loaded(sys.executable, versions, tmp_path), versions)


@pytest.mark.integration
def test_the_oldest_datasets_promised_loads_them_too(
    versions: list[Path], tmp_path: Path, repository: Path
) -> None:
    _check(_loaded(_oldest(repository), versions, tmp_path), versions)
