"""Uploads: what is refused before any network."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from khobor.errors import KhoborError, ReleaseError, UsageError
from khobor.release.publishing import publish_release
from tests.hub.publications import (
    REPO,
    assert_published,
    publish,
)
from tests.hub.server import Hub

# --- before any network ------------------------------------------------------------------------


Spoil = Callable[[Path], object]


def _append(name: str) -> Spoil:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes() + b" ")


_SPOILT: dict[str, tuple[Spoil, str]] = {
    "a changed file": (_append("README.md"), "README.md has another SHA-256"),
    "a changed shard": (_append("data/pages/train-00000-of-00001.parquet"), "another SHA-256"),
    "a stray file": (
        lambda folder: (folder / ".DS_Store").write_bytes(b""),
        ".DS_Store is not named",
    ),
    "a lost file": (lambda folder: (folder / "splits.jsonl").unlink(), "splits.jsonl is named"),
    "no checksums": (lambda folder: (folder / "SHA256SUMS").unlink(), "checksums cannot be read"),
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), "no release of khobor"),
    "no sums": (_append("SHA256SUMS"), "not a line of sha256sum"),
    "a link": (lambda folder: (folder / "link").symlink_to(folder / "README.md"), "symbolic link"),
    "another place": (lambda folder: folder.rename(folder.with_name("moved")), "no release of"),
}


@pytest.mark.parametrize("name", _SPOILT)
def test_a_folder_that_is_not_what_was_built_is_refused_before_any_network(
    hub: Hub, first: Path, tmp_path: Path, name: str
) -> None:
    spoil, said = _SPOILT[name]
    folder = tmp_path / first.name
    shutil.copytree(first, folder)
    spoil(folder)
    with pytest.raises(KhoborError, match=said):
        publish(hub, folder)
    assert hub.log == []


def test_a_folder_under_another_name_is_refused(hub: Hub, first: Path, tmp_path: Path) -> None:
    shutil.copytree(first, tmp_path / "sample-2.0.0")
    with pytest.raises(ReleaseError, match=r"the one of its manifest, sample-1\.0\.0"):
        publish(hub, tmp_path / "sample-2.0.0")
    assert hub.log == []


def test_what_is_not_frozen_or_not_to_be_shared_is_refused(
    hub: Hub, release: Path, local_release: Path
) -> None:
    with pytest.raises(ReleaseError, match=r"version 1\.0\.0\.dev0 is not frozen"):
        publish(hub, release)
    with pytest.raises(ReleaseError, match="may not be redistributed"):
        publish(hub, local_release)
    assert hub.log == []


@pytest.mark.parametrize(
    "repo_id",
    [
        *("sample", "a/b/c", "datasets/lab/sample", "https://huggingface.co/datasets/lab/sample"),
        *("lab/", "/sample", "", "lab/sam ple", "lab/-sample", "lab/sa--mple", "lab/sample.git"),
        *("../sample", "lab/খবর", "lab/" + "a" * 100, "lab/sample\n"),
    ],
)
def test_a_repository_is_named_by_owner_and_name(hub: Hub, first: Path, repo_id: str) -> None:
    with pytest.raises(UsageError, match="OWNER/NAME"):
        publish_release(first, repo_id, endpoint=hub.url)
    assert hub.log == []


@pytest.mark.parametrize("repo_id", ["a/b", "lab/khobor-bn-news", "A_1/b.c-d"])
def test_usual_names_of_repositories_are_taken(hub: Hub, first: Path, repo_id: str) -> None:
    publish_release(first, repo_id, endpoint=hub.url, tell=lambda _: None)
    assert set(hub.repositories) == {repo_id}


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [
        ("http://example.org", "unencrypted"),
        ("ftp://example.org", "address of a host"),
        ("example.org", "address of a host"),
        ("https://someone:secret-word@example.org", "address of a host"),
        ("https://example.org?token=secret-word", "address of a host"),
    ],
)
def test_a_token_goes_to_a_host_only_and_encrypted(first: Path, endpoint: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        publish_release(first, REPO, endpoint=endpoint)
    assert "secret-word" not in str(caught.value)


def test_the_endpoint_of_the_environment_counts(
    hub: Hub, first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub.url + "/")
    publish_release(first, REPO, tell=lambda _: None)
    assert_published(hub, first)
