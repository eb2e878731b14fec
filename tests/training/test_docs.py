"""Every Python line of docs/training.md runs, and gives what the page says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import khobor.training


def test_every_line_of_the_page_gives_what_it_says(
    repository: Path, starter_release: Path, tmp_path: Path
) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / starter_release.name).symlink_to(starter_release)
    done = subprocess.run(
        [sys.executable, "-m", "doctest", str(repository / "docs" / "training.md")],
        cwd=tmp_path,
        env={**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / ".hf")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_public_name_is_there_and_documented() -> None:
    for name in khobor.training.__all__:
        public = getattr(khobor.training, name)
        assert public.__doc__ or name == "Layer", name  # an alias of types has no docstring
