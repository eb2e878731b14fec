"""Publishing a release: check it, upload the folder, verify what the host has, then tag it.

Every step looks at the host first, so the same call goes on where an earlier one was
interrupted. A tag is made once, at a commit whose files are the release, and never moved.
docs/publishing.md tells it to those who publish.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from tqdm import tqdm

from khobor.errors import HostError, ReleaseError
from khobor.release import hosts
from khobor.release.contents import MANIFEST
from khobor.release.hosts import Host, Repository, Tell
from khobor.release.uploads import (
    HostFile,
    Upload,
    find_differences,
    is_same,
    prepare_upload,
    shorten,
)
from khobor.release.versions import version_key

_TAG = re.compile(r"v\d+\.\d+\.\d+", re.ASCII)
_MANIFEST_LIMIT = 16 * 1024 * 1024  # bytes
# A host works on a commit for a limited time; the client's own uploads begin at 250 files.
_FILES_A_COMMIT = 250
# What nobody loads goes first, so that one commit changes what load_dataset sees.
_FIRST = ("standoff/", "reports/")
_UNTAGGED = "no tag was created; the same command goes on from there"


class Publication(msgspec.Struct, frozen=True):
    """A published release.

    `before`: it was published already, and nothing was written. `changed`: files that main had
    not, or with other bytes. `sent_bytes`: what this run had to send of them, as it was sent.
    `deleted`: files that main had and the release has not. `edited`: files of main that somebody
    had changed there since the version published last, and that are replaced or deleted now;
    `replaced` is the commit that still has them.
    """

    repo_id: str
    url: str
    tag: str
    commit: str
    private: bool
    files: int
    before: bool = False
    changed: int = 0
    sent_bytes: int = 0
    deleted: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    replaced: str = ""


class Changes(msgspec.Struct, frozen=True):
    """What main at `head` lacks, what it has too much, what was edited there, by path."""

    head: str
    additions: list[str]
    deletions: list[str]
    edited: list[str]


def publish_release(
    folder: Path,
    repo_id: str,
    *,
    private: bool = False,
    endpoint: str | None = None,
    tell: Tell = print,
) -> Publication:
    """Turn a release folder into a tagged version of a dataset repository.

    `private`: a new repository is private, a public one is refused. `endpoint`: the host, else
    HF_ENDPOINT, else the Hugging Face Hub. `tell` hears how it goes, a sentence at a time.
    Raises UsageError where the call is wrong or there is no token, ReleaseError where the folder
    may not be published or would change what is published, HostError where the host refuses,
    breaks off, or has not what was sent.
    """
    upload = prepare_upload(folder, repo_id, endpoint=endpoint)
    with hosts.open_host(repo_id, endpoint=upload.endpoint, tell=tell) as host:
        repository = _open_repository(host, private=private)
        tags, branches = hosts.list_refs(host)
        published = Publication(
            repo_id=repo_id,
            url=upload.url,
            tag=upload.tag,
            commit="",
            private=repository.private,
            files=len(upload.files),
        )
        if upload.tag in tags:
            commit = _check_tag(host, upload)
            return msgspec.structs.replace(published, commit=commit, before=True)
        _refuse_branch(upload, branches)
        newest = _newest_version(upload, tags)
        changes = _find_changes(host, upload, repository.head, newest)
        commit = _make_commits(host, upload, changes)
        _verify(host, upload, commit)
        hosts.create_tag(host, upload.tag, commit)
        # Looked at again: a lost answer, or somebody who published at the same time.
        commit = _check_tag(host, upload)
        return msgspec.structs.replace(
            published,
            commit=commit,
            changed=len(changes.additions),
            sent_bytes=host.sent_bytes,
            deleted=tuple(changes.deletions),
            edited=tuple(changes.edited),
            replaced=changes.head if changes.edited else "",
        )


def _open_repository(host: Host, *, private: bool) -> Repository:
    """Find the repository, or create it."""
    repository = hosts.find_repository(host)
    if repository is None:
        host.tell(f"creating the dataset repository {host.repo_id}")
        hosts.create_repository(host, private=private)
        repository = hosts.find_repository(host)
    if repository is None:
        raise HostError(
            "it was created, and is not there", where=host.repo_id, fix="try again in a minute"
        )
    if private and not repository.private:
        raise ReleaseError(
            "the repository is public already",
            where=host.repo_id,
            fix="change that in its settings, or leave --private out",
        )
    return repository


def _refuse_branch(upload: Upload, branches: set[str]) -> None:
    if upload.tag in branches:
        raise ReleaseError(
            f"a branch is called {upload.tag}: that revision would mean two things",
            where=upload.repo_id,
            fix="rename or delete the branch there",
        )


def _newest_version(upload: Upload, tags: set[str]) -> str | None:
    """Find the tag of the version published last; refuse a version below it.

    Main, which load_dataset opens where no revision is named, would go back.
    """
    versions = [tag for tag in tags if _TAG.fullmatch(tag)]
    newest = max(versions, key=lambda tag: version_key(tag[1:]), default=None)
    if newest is not None and version_key(newest[1:]) > version_key(upload.release.version):
        raise ReleaseError(
            f"{newest} is published already, {upload.tag} would take readers of main back",
            where=upload.repo_id,
            fix=f"make a version above {newest[1:]}",
        )
    return newest


def _find_changes(host: Host, upload: Upload, head: str, newest: str | None) -> Changes:
    """Compare main with the release, and with the version published last."""
    main = hosts.list_files(host, head)
    additions = [path for path, ours in upload.files.items() if not is_same(ours, main.get(path))]
    deletions = [path for path in main if path not in upload.files]
    _refuse_foreign(host, upload, head, main, deletions)
    edited = []
    if newest is not None:
        last = hosts.list_files(host, newest)
        lost = main.keys() & {*additions, *deletions}
        edited = sorted(path for path in lost if main[path] != last.get(path))
    return Changes(head, additions, deletions, edited)


def _refuse_foreign(
    host: Host, upload: Upload, head: str, main: Mapping[str, HostFile], deletions: Sequence[str]
) -> None:
    """Refuse to replace what is no earlier version of this release."""
    manifest = main.get(MANIFEST)
    if manifest is not None and is_same(upload.files[MANIFEST], manifest):
        return
    name = None
    if manifest is not None and manifest.size <= _MANIFEST_LIMIT:
        raw = hosts.read_file(host, head, MANIFEST, limit=manifest.size)
        name = _name_of(raw)
    if name != upload.release.name and (name is not None or deletions):
        found = f"the release {name}" if name else shorten(deletions)
        raise ReleaseError(
            f"the repository holds something else, which publishing would replace: {found}",
            where=upload.repo_id,
            fix=f"publish {upload.release.name} into a repository of its own",
        )


class _Named(msgspec.Struct, frozen=True):
    """As much of a manifest as every version of khobor writes and reads."""

    name: str
    version: str
    publishable: bool


def _name_of(manifest: bytes) -> str | None:
    """Read a release's name, None where it is somebody else's manifest.json."""
    try:
        return msgspec.json.decode(manifest, type=_Named).name
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None


def _make_commits(host: Host, upload: Upload, changes: Changes) -> str:
    """Bring main to the files of the release; gives the commit that has them."""
    head = changes.head
    for additions, deletions in _batches(changes):
        size = sum(upload.files[path].size for path in additions)
        host.tell(f"uploading {len(additions)} files, {size:,} bytes")
        head = _commit(host, upload, head, additions, deletions)
    return head


def _batches(changes: Changes) -> Iterator[tuple[list[str], list[str]]]:
    """Cut an upload into commits; the last one has everything that load_dataset reads."""
    last = changes.additions
    if len(last) > _FILES_A_COMMIT:
        first = [path for path in last if path.startswith(_FIRST)]
        last = [path for path in last if not path.startswith(_FIRST)]
        for start in range(0, len(first), _FILES_A_COMMIT):
            yield first[start : start + _FILES_A_COMMIT], []
    if last or changes.deletions:
        yield last, changes.deletions


def _commit(
    host: Host, upload: Upload, head: str, additions: Sequence[str], deletions: Sequence[str]
) -> str:
    made = hosts.make_commit(host, upload.folder, additions, deletions, parent=head)
    if made is not None:
        return made
    now = hosts.commit_of(host, hosts.MAIN)
    files = hosts.list_files(host, now)
    if (
        now == head
        or not all(is_same(upload.files[path], files.get(path)) for path in additions)
        or any(path in files for path in deletions)
    ):
        raise HostError(
            "somebody else changed main during the upload",
            where=upload.repo_id,
            fix=f"look at it there; {_UNTAGGED}",
        )
    return now  # ours: the host had made it, its answer was lost


def _verify(host: Host, upload: Upload, commit: str) -> None:
    """Compare every file of the commit with ours, and read the large ones back.

    Git's own names prove the small files. Of a large one a commit holds a pointer that repeats
    the SHA-256 we sent: only its bytes prove that it is there.
    """
    host.tell("verifying what the host has")
    files = hosts.list_files(host, commit)
    differences = find_differences(upload.files, files)
    if differences:
        raise HostError(
            f"what the host has is not the release: {shorten(differences)}",
            where=upload.repo_id,
            fix=_UNTAGGED,
        )
    large = [file for file in files.values() if file.sha256 is not None]
    for file in tqdm(large, desc="reading back", unit="file", disable=None):
        if hosts.hash_file(host, commit, file) != upload.files[file.path].sha256:
            raise HostError(
                f"the host gives other bytes than were sent: {file.path}",
                where=upload.repo_id,
                fix=f"delete the file there, and tell the host; {_UNTAGGED}",
            )


def _check_tag(host: Host, upload: Upload) -> str:
    """Compare what is tagged with the release: the commit of the tag."""
    commit = hosts.commit_of(host, upload.tag)
    differences = find_differences(upload.files, hosts.list_files(host, commit))
    if differences:
        raise ReleaseError(
            f"{upload.tag} is published with other files: {shorten(differences)}",
            where=upload.repo_id,
            fix="a tag is never moved: make a new version",
        )
    return commit
