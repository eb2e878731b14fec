"""Publishing a release: check it, upload the folder, verify what the host has, then tag it.

Every step looks at the host first, so the same call goes on where an earlier one was
interrupted. A tag is made once, at a commit whose files are the release, and never moved.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from tqdm import tqdm

from khobor.errors import HostError, ReleaseError
from khobor.manifests import Release
from khobor.release import hosts
from khobor.release.checksums import MANIFEST
from khobor.release.contents import HostFile, find_differences, is_same
from khobor.release.hosts import Host, Repository, Tell
from khobor.release.plans import Plan, plan_publication

_TAG = re.compile(r"v(\d+)\.(\d+)\.(\d+)")
_MANIFEST_LIMIT = 16 * 1024 * 1024  # bytes
# A host works on a commit for a limited time; the client's own uploads begin at 250 files.
_FILES_A_COMMIT = 250
# What nobody loads goes first, so that one commit changes what load_dataset sees.
_FIRST = ("standoff/", "reports/")
_SHOWN = 5
_UNTAGGED = "no tag was created; the same command goes on from there"


class Publication(msgspec.Struct, frozen=True):
    """A published release.

    `before`: it was published already, and nothing was written. `changed`: files that main had
    not, or with other bytes. `sent_bytes`: what this run had to send of them, as it was sent.
    `deleted`: files of an earlier version that main no longer has.
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
    plan = plan_publication(folder, repo_id, endpoint=endpoint)
    with hosts.open_host(repo_id, endpoint=plan.endpoint, tell=tell) as host:
        repository = _open_repository(host, private=private)
        tags, branches = hosts.list_refs(host)
        if plan.tag in tags:
            commit = _check_tag(host, plan)
            return _publication(plan, repository, commit, before=True)
        _refuse_order(plan, tags, branches)
        upload = _plan_upload(host, plan, repository.head)
        commit = _upload(host, plan, upload)
        _verify(host, plan, commit)
        hosts.create_tag(host, plan.tag, commit)
        # Looked at again: a lost answer, or somebody who published at the same time.
        commit = _check_tag(host, plan)
        return _publication(
            plan,
            repository,
            commit,
            changed=len(upload.additions),
            sent_bytes=host.sent_bytes,
            deleted=tuple(upload.deletions),
        )


def _publication(
    plan: Plan,
    repository: Repository,
    commit: str,
    *,
    before: bool = False,
    changed: int = 0,
    sent_bytes: int = 0,
    deleted: tuple[str, ...] = (),
) -> Publication:
    return Publication(
        repo_id=plan.repo_id,
        url=plan.url,
        tag=plan.tag,
        commit=commit,
        private=repository.private,
        files=len(plan.contents),
        before=before,
        changed=changed,
        sent_bytes=sent_bytes,
        deleted=deleted,
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


def _refuse_order(plan: Plan, tags: set[str], branches: set[str]) -> None:
    """Refuse a version below a published one: main, which load_dataset opens, would go back."""
    if plan.tag in branches:
        raise ReleaseError(
            f"a branch is called {plan.tag}: that revision would mean two things",
            where=plan.repo_id,
            fix="rename or delete the branch there",
        )
    versions = {tag: _numbers(tag) for tag in tags if _TAG.fullmatch(tag)}
    if not versions:
        return
    newest = max(versions, key=versions.__getitem__)
    if versions[newest] > _numbers(plan.tag):
        raise ReleaseError(
            f"{newest} is published already, {plan.tag} would take readers of main back",
            where=plan.repo_id,
            fix=f"make a version above {newest[1:]}",
        )


def _numbers(tag: str) -> tuple[int, ...]:
    return tuple(int(number) for number in tag[1:].split("."))


class Upload(msgspec.Struct, frozen=True):
    """What main at `head` lacks, and what it has too much, by path."""

    head: str
    additions: list[str]
    deletions: list[str]


def _plan_upload(host: Host, plan: Plan, head: str) -> Upload:
    files = hosts.list_files(host, head)
    additions = [path for path, ours in plan.contents.items() if not is_same(ours, files.get(path))]
    deletions = [path for path in files if path not in plan.contents]
    _refuse_foreign(host, plan, head, files, deletions)
    return Upload(head, additions, deletions)


def _refuse_foreign(
    host: Host, plan: Plan, head: str, files: Mapping[str, HostFile], deletions: Sequence[str]
) -> None:
    """Refuse to replace what is no earlier version of this release."""
    manifest = files.get(MANIFEST)
    if manifest is not None and is_same(plan.contents[MANIFEST], manifest):
        return
    name = None
    if manifest is not None and manifest.size <= _MANIFEST_LIMIT:
        raw = hosts.read_file(host, head, MANIFEST, limit=manifest.size)
        try:
            name = msgspec.json.decode(raw, type=Release).name
        except msgspec.MsgspecError:
            name = None  # somebody else's manifest.json
    if name != plan.release.name and (name is not None or deletions):
        found = f"the release {name}" if name else _shorten(deletions)
        raise ReleaseError(
            f"the repository holds something else, which publishing would replace: {found}",
            where=plan.repo_id,
            fix=f"publish {plan.release.name} into a repository of its own",
        )


def _upload(host: Host, plan: Plan, upload: Upload) -> str:
    """Bring main to the files of the release; gives the commit that has them."""
    head = upload.head
    for additions, deletions in _batches(upload):
        size = sum(plan.contents[path].size for path in additions)
        host.tell(f"uploading {len(additions)} files, {size:,} bytes")
        head = _commit(host, plan, head, additions, deletions)
    return head


def _batches(upload: Upload) -> Iterator[tuple[list[str], list[str]]]:
    """Cut an upload into commits; the last one has everything that load_dataset reads."""
    last = upload.additions
    if len(last) > _FILES_A_COMMIT:
        first = [path for path in last if path.startswith(_FIRST)]
        last = [path for path in last if not path.startswith(_FIRST)]
        for start in range(0, len(first), _FILES_A_COMMIT):
            yield first[start : start + _FILES_A_COMMIT], []
    if last or upload.deletions:
        yield last, upload.deletions


def _commit(
    host: Host, plan: Plan, head: str, additions: Sequence[str], deletions: Sequence[str]
) -> str:
    made = hosts.make_commit(host, plan.folder, additions, deletions, parent=head)
    if made is not None:
        return made
    now = hosts.commit_of(host, hosts.MAIN)
    files = hosts.list_files(host, now)
    if (
        now == head
        or not all(is_same(plan.contents[path], files.get(path)) for path in additions)
        or any(path in files for path in deletions)
    ):
        raise HostError(
            "somebody else changed main during the upload",
            where=plan.repo_id,
            fix=f"look at it there; {_UNTAGGED}",
        )
    return now  # ours: the host had made it, its answer was lost


def _verify(host: Host, plan: Plan, commit: str) -> None:
    """Compare every file of the commit with ours, and read the large ones back.

    Git's own names prove the small files. Of a large one a commit holds a pointer that repeats
    the SHA-256 we sent: only its bytes prove that it is there.
    """
    host.tell("verifying what the host has")
    files = hosts.list_files(host, commit)
    differences = find_differences(plan.contents, files)
    if differences:
        raise HostError(
            f"what the host has is not the release: {_shorten(differences)}",
            where=plan.repo_id,
            fix=_UNTAGGED,
        )
    large = [file for file in files.values() if file.sha256 is not None]
    for file in tqdm(large, desc="reading back", unit="file", disable=None):
        if hosts.hash_file(host, commit, file) != plan.contents[file.path].sha256:
            raise HostError(
                f"the host gives other bytes than were sent: {file.path}",
                where=plan.repo_id,
                fix=f"delete the file there, and tell the host; {_UNTAGGED}",
            )


def _check_tag(host: Host, plan: Plan) -> str:
    """Compare what is tagged with the release: the commit of the tag."""
    commit = hosts.commit_of(host, plan.tag)
    differences = find_differences(plan.contents, hosts.list_files(host, commit))
    if differences:
        raise ReleaseError(
            f"{plan.tag} is published with other files: {_shorten(differences)}",
            where=plan.repo_id,
            fix="a tag is never moved: make a new version",
        )
    return commit


def _shorten(listed: Sequence[str]) -> str:
    more = f", and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return ", ".join(listed[:_SHOWN]) + more
