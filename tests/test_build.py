"""build_corpus.py end to end: the folder that it writes opens with load_dataset, without network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from khobor.release.features import CONFIGS, config_features

# A process of its own: no other test's patches, caches or open files. What it finds it prints.
_LOAD = """
import json, socket, sys

def refuse(*_, **__):
    raise OSError("the network is forbidden here")

socket.socket.connect = socket.socket.connect_ex = socket.socket.sendto = refuse
socket.getaddrinfo = socket.create_connection = refuse
from datasets import get_dataset_config_names, get_dataset_default_config_name, load_dataset

folder = sys.argv[1]
found = {
    "configs": get_dataset_config_names(folder),
    "default": get_dataset_default_config_name(folder),
    "rows": {},
    "features": {},
    "versions": {},
}
for config in found["configs"]:
    loaded = load_dataset(folder, config)
    streamed = load_dataset(folder, config, streaming=True)
    found["rows"][config] = {split: list(rows) for split, rows in loaded.items()}
    found["features"][config] = [
        loaded[split].features.to_dict() for split in loaded
    ] + [streamed[split].features.to_dict() for split in streamed]
    found["versions"][config] = str(next(iter(loaded.values())).info.version)
    for split, rows in streamed.items():
        if list(rows) != found["rows"][config][split]:
            sys.exit(f"{config}/{split}: streamed rows differ")
    if set(streamed) != set(loaded):
        sys.exit(f"{config}: streamed splits differ")
json.dump(found, sys.stdout)
"""


def _environment(home: Path) -> dict[str, str]:
    return {
        **os.environ,
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(home / "huggingface"),
        "HF_DATASETS_CACHE": str(home / "datasets"),
        "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
    }


def _run(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=_environment(folder),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def release(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What build_corpus.py writes, called from another folder."""
    folder = tmp_path_factory.mktemp("build")
    done = _run([str(repository / "build_corpus.py"), "--out", "dist"], folder)
    assert (done.returncode, done.stderr) == (0, "")
    (path,) = (folder / "dist").iterdir()
    assert f'load_dataset("dist/{path.name}", "documents")' in done.stdout
    return path


@pytest.fixture(scope="module")
def loaded(release: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """All configurations of it as `datasets` loads them, offline."""
    folder = tmp_path_factory.mktemp("load")
    done = _run(["-c", _LOAD, str(release)], folder)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_release_is_named_for_its_version(release: Path, repository: Path) -> None:
    manifest = json.loads((release / "manifest.json").read_bytes())
    assert release.name == f"khobor-bn-news-{manifest['version']}"
    assert ".dev" in manifest["version"]
    licence = (repository / "LICENSE-DATA").read_bytes()
    assert (release / "LICENSE").read_bytes() == licence


def test_every_configuration_and_split_loads(loaded: dict[str, Any]) -> None:
    assert set(loaded["configs"]) == set(CONFIGS)
    assert loaded["default"] == "documents"
    for config in CONFIGS:
        assert set(loaded["rows"][config]) == {"train", "validation", "test"}
        assert all(loaded["rows"][config].values())


@pytest.mark.parametrize("config", CONFIGS)
def test_features_are_the_declared_ones_streamed_or_not(
    loaded: dict[str, Any], config: str
) -> None:
    features = loaded["features"][config]
    assert len(features) == 6  # three splits, loaded and streamed
    declared = json.loads(json.dumps(config_features(config).to_dict()))
    assert all(found == declared for found in features)


def test_rows_are_those_of_the_files(loaded: dict[str, Any], release: Path) -> None:
    for config in CONFIGS:
        for split, rows in loaded["rows"][config].items():
            path = release / "data" / config / f"{split}-00000-of-00001.parquet"
            assert rows == pq.read_table(path).to_pylist()


def test_the_version_is_that_of_the_release(loaded: dict[str, Any], release: Path) -> None:
    version = json.loads((release / "manifest.json").read_bytes())["version"]
    assert set(loaded["versions"].values()) == {version.split(".dev")[0]}


def test_the_owner_of_the_seed_page_builds_a_local_release(
    repository: Path, seed_page: Path, tmp_path: Path
) -> None:
    """And a page that nobody withholds is a reject: it does not slip in with the other."""
    (tmp_path / "mine.txt").write_text("আমার পাতা।", encoding="utf-8")
    done = _run(
        [
            *(str(repository / "build_corpus.py"), "--workers", "2"),
            *("--pages", str(seed_page), "--pages", "mine.txt"),
        ],
        tmp_path,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "not publishable" in done.stdout
    assert "not-in-catalogue 1" in done.stdout
    (path,) = (tmp_path / "dist").iterdir()
    assert path.name.endswith("+local")


def test_a_missing_page_is_wrong_usage(repository: Path, tmp_path: Path) -> None:
    done = _run([str(repository / "build_corpus.py"), "--pages", "nowhere.txt"], tmp_path)
    assert done.returncode == 2
    assert "nowhere.txt" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
