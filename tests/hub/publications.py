"""What tests of publishing share: a call, and how to see what the host has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from khobor.release.publishing import Publication, publish_release
from tests.hub.repositories import Repository
from tests.hub.server import Dropped, Hub, Refusal, Request

REPO = "lab/sample"
TAG = "v1.0.0"
EVER = 10_000


def publish(
    hub: Hub, folder: Path, *, private: bool = False, told: list[str] | None = None
) -> Publication:
    """Publish to the host."""
    tell: Callable[[str], None] = (lambda _: None) if told is None else told.append
    return publish_release(folder, REPO, private=private, endpoint=hub.url, tell=tell)


def repository(hub: Hub) -> Repository:
    return hub.repositories[REPO]


def bodies(hub: Hub, commit: str) -> dict[str, bytes]:
    """Read what the host would give for each file of a commit."""
    files = dict(repository(hub).commits[commit])
    del files[".gitattributes"]
    return {
        path: blob.body if blob.lfs is None else hub.storage.objects[blob.lfs[0]]
        for path, blob in files.items()
    }


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def large_size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*.parquet"))


def assert_published(hub: Hub, folder: Path, tag: str = TAG) -> None:
    """The tag is there, and what it names is the release: nothing more, nothing less."""
    assert bodies(hub, repository(hub).tags[tag]) == contents(folder)


def assert_untagged(hub: Hub) -> None:
    assert all(not repository.tags for repository in hub.repositories.values())


def refuse(status: int, **headers: str) -> Callable[[Request], None]:
    def refuse(_: Request) -> None:
        raise Refusal(status, "the host says so", **headers)

    return refuse


def drop(_: Request) -> None:
    raise Dropped
