"""The host's git: it names blobs, trees and commits as git itself does."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.hub.repositories import Blob, Files, new_repository, tree_id

FILES: Files = {
    "README.md": Blob("খবর\n".encode()),
    "data/pages/train.parquet": Blob(b"\x00\x01"),
    "data/pages.txt": Blob(b""),
    "data-a": Blob(b"a file that git sorts before the folder 'data', whose name ends with '/'"),
}


@pytest.mark.skipif(shutil.which("git") is None, reason="there is no git")
def test_a_tree_has_the_name_that_git_gives_it(tmp_path: Path) -> None:
    for path, blob in FILES.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(blob.body)

    def git(*arguments: str) -> str:
        command = ["git", "-c", "core.autocrlf=false", *arguments]
        done = subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    git("init", "--quiet")
    git("add", "--all")
    assert git("write-tree") == tree_id(FILES)
    assert git("hash-object", "README.md") == FILES["README.md"].oid


def test_a_commit_keeps_its_files_when_main_goes_on() -> None:
    repository = new_repository()
    first = repository.commit(FILES, "one")
    second = repository.commit({"README.md": FILES["README.md"]}, "two")
    assert repository.parents[second] == first
    assert repository.commits[first] == FILES
    assert repository.resolve("main") == second
