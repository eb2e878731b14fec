"""A dataset repository on a host that speaks the Hugging Face Hub's HTTP interface.

The only module of khobor that talks to a network, by huggingface_hub's own functions. Each
function asks one thing, tries a bounded number of times where another try may do better, and
raises HostError with a sentence where it does not. docs/publishing.md says why uploads go by
the LFS protocol.
"""

from __future__ import annotations

import hashlib
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import httpx2
import msgspec
from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationDelete,
    HfApi,
    constants,
    get_session,
    get_token,
    hf_hub_url,
    set_client_factory,
)
from huggingface_hub.hf_api import RepoFile
from huggingface_hub.utils import disable_progress_bars, hf_raise_for_status
from huggingface_hub.utils import logging as hub_logging
from huggingface_hub.utils._http import default_client_factory
from tqdm import tqdm

from khobor.errors import HostError, UsageError
from khobor.release.refusals import FAILURES, may_pass, refusal_of, status_of, wait_of
from khobor.release.uploads import HOSTS_OWN, HostFile

T = TypeVar("T")
Tell = Callable[[str], None]

# Seconds before another try of what huggingface_hub itself asks only once.
_WAITS = (1, 2, 4, 8)
# A host that asks for a longer pause is told to the reader instead.
_LONGEST_WAIT = 120
# Seconds; the host works for up to a minute on a large commit before it answers.
_TIMEOUT = httpx2.Timeout(120, connect=20)
MAIN = "main"
# Large files go by PUT, to addresses that the host gives; small ones stand in the commit.
_UPLOAD = re.compile(r"^PUT |^POST [^?]*/commit/")
_TOKEN = re.compile(r"[!-~]+")
LOG_IN = "log in with `hf auth login`, or set HF_TOKEN to a token with write access"


class Host:
    """A repository on a host, and who asks; its text never shows the token."""

    def __init__(self, api: HfApi, endpoint: str, repo_id: str, token: str, tell: Tell) -> None:
        self.api = api
        self.endpoint = endpoint
        self.repo_id = repo_id
        self.token = token
        self.tell = tell
        self.lock = threading.Lock()  # uploads go side by side
        self.sent_bytes = 0
        self.bar = tqdm(disable=True)

    def __repr__(self) -> str:
        return f"Host({self.endpoint!r}, {self.repo_id!r})"


class Repository(msgspec.Struct, frozen=True):
    """What a repository is at a moment: `head` is the commit of main."""

    head: str
    private: bool


@contextmanager
def open_host(repo_id: str, *, endpoint: str, tell: Tell) -> Iterator[Host]:
    """Give the repository with the reader's token; the client's settings are restored after.

    Without telemetry and without Xet, with time limits, and without the client's own log: it
    names upload addresses that are credentials.
    """
    from khobor import __version__

    token = _find_token()
    api = HfApi(endpoint=endpoint, token=token, library_name="khobor", library_version=__version__)
    host = Host(api, endpoint, repo_id, token, tell)
    before = (
        constants.HF_HUB_DISABLE_XET,
        constants.HF_HUB_DISABLE_TELEMETRY,
        hub_logging.get_verbosity(),
    )
    constants.HF_HUB_DISABLE_XET = constants.HF_HUB_DISABLE_TELEMETRY = True
    if not constants.HF_DEBUG:
        hub_logging.set_verbosity_error()
    set_client_factory(lambda: _make_client(host))
    try:
        # Its bars stand one a file, also where nobody looks; ours is one, and for a terminal.
        with disable_progress_bars():
            yield host
    finally:
        set_client_factory(default_client_factory)
        constants.HF_HUB_DISABLE_XET, constants.HF_HUB_DISABLE_TELEMETRY, verbosity = before
        hub_logging.set_verbosity(verbosity)


def _find_token() -> str:
    try:
        token: str | None = get_token()
    except FAILURES as error:
        # Whatever it says may hold a part of a credential.
        raise UsageError(
            f"the token cannot be had ({type(error).__name__})", where="HF_TOKEN", fix=LOG_IN
        ) from None
    if not token:
        raise UsageError("there is no token for the host", where="HF_TOKEN", fix=LOG_IN)
    if not _TOKEN.fullmatch(token):
        # An HTTP client would say in which header, and print it.
        raise UsageError("the token has characters that none has", where="HF_TOKEN", fix=LOG_IN)
    return token


def _make_client(host: Host) -> httpx2.Client:
    """Make huggingface_hub's client with time limits; what is sent is counted."""

    def note(answer: httpx2.Response) -> None:
        if answer.status_code == 429 or answer.status_code >= 500:
            asked = answer.headers.get("retry-after")
            wait = f" and asks to wait {asked} s" if asked else ""
            host.tell(f"the host is busy (status {answer.status_code}){wait}")
        elif answer.is_success and _UPLOAD.search(f"{answer.request.method} {answer.request.url}"):
            size = int(answer.request.headers.get("content-length", 0))
            with host.lock:
                host.sent_bytes += size
                host.bar.update(size)

    def limit(request: httpx2.Request) -> None:
        # Not the client's own timeout: some of huggingface_hub's calls pass None, for ever.
        request.extensions = {**request.extensions, "timeout": _TIMEOUT.as_dict()}

    client: httpx2.Client = default_client_factory()
    hooks = client.event_hooks
    client.event_hooks = {
        "request": [*hooks["request"], limit],
        "response": [*hooks["response"], note],
    }
    return client


def _ask(host: Host, doing: str, call: Callable[[], T]) -> T:
    """Call the client, again where another try may do better; raise HostError at the end."""
    for wait in (*_WAITS, None):
        try:
            return call()
        except FAILURES as error:
            pause = max(wait or 0, wait_of(error))
            if wait is None or pause > _LONGEST_WAIT or not may_pass(error):
                where = f"{host.repo_id} at {host.endpoint}"
                # Without its cause: the client's errors quote the host, who may quote the token.
                raise refusal_of(error, doing, where=where, token=host.token) from None
        host.tell(f"{doing} did not work; another try in {pause} s")
        time.sleep(pause)
    raise HostError(f"{doing} did not work", where=host.repo_id)


def find_repository(host: Host) -> Repository | None:
    """Ask what the repository is, None where there is none (or none that the token may see)."""

    def call() -> Repository | None:
        try:
            info = host.api.repo_info(host.repo_id, repo_type="dataset", revision=MAIN)
        except FAILURES as error:
            if status_of(error) == 404:
                return None
            raise
        return Repository(str(info.sha), bool(info.private))

    return _ask(host, "looking for the repository", call)


def create_repository(host: Host, *, private: bool) -> None:
    """Create the repository; nothing happens where it is there (of a lost answer)."""
    _ask(
        host,
        "creating the repository",
        lambda: host.api.create_repo(
            host.repo_id, repo_type="dataset", private=private, exist_ok=True
        ),
    )


def list_refs(host: Host) -> tuple[set[str], set[str]]:
    """List the names of tags and of branches."""
    refs = _ask(
        host, "listing the tags", lambda: host.api.list_repo_refs(host.repo_id, repo_type="dataset")
    )
    return {tag.name for tag in refs.tags}, {branch.name for branch in refs.branches}


def commit_of(host: Host, revision: str) -> str:
    """Turn a branch or a tag into its commit. A tag of its own object is followed by the host."""
    info = _ask(
        host,
        f"looking at {revision}",
        lambda: host.api.repo_info(host.repo_id, repo_type="dataset", revision=revision),
    )
    return str(info.sha)


def list_files(host: Host, revision: str) -> dict[str, HostFile]:
    """List the files of a commit or a tag by path, but for `.gitattributes`, which is the host's own."""

    def call() -> dict[str, HostFile]:
        entries = host.api.list_repo_tree(
            host.repo_id, repo_type="dataset", revision=revision, recursive=True
        )
        return {
            entry.path: HostFile(
                entry.path,
                entry.lfs.size if entry.lfs else entry.size,
                entry.blob_id,
                entry.lfs.sha256 if entry.lfs else None,
            )
            for entry in entries
            if isinstance(entry, RepoFile) and entry.path != HOSTS_OWN
        }

    return _ask(host, "listing the files", call)


def make_commit(
    host: Host, folder: Path, additions: Sequence[str], deletions: Sequence[str], *, parent: str
) -> str | None:
    """Put files of a folder into one commit on top of `parent`: its id.

    None where main is no longer at `parent`: somebody else's commit, or ours whose answer was
    lost. Large files that the host has, of an earlier try, are not sent again.
    """

    def call() -> str | None:
        # New ones at every try: the client notes in them what it did.
        operations = [CommitOperationAdd(path, folder / path) for path in additions]
        removals = [CommitOperationDelete(path, is_folder=False) for path in deletions]
        try:
            made = host.api.create_commit(
                host.repo_id,
                [*removals, *operations],
                commit_message=f"Release {folder.name}",
                repo_type="dataset",
                revision=MAIN,
                parent_commit=parent,
            )
        except FAILURES as error:
            if status_of(error) in (409, 412):
                return None
            raise
        return str(made.oid)

    size = sum((folder / path).stat().st_size for path in additions)
    with tqdm(total=size, desc="uploading", unit="B", unit_scale=True, disable=None) as host.bar:
        return _ask(host, "uploading", call)


def create_tag(host: Host, tag: str, commit: str) -> bool:
    """Tag a commit; False where a tag of that name is there already."""

    def call() -> bool:
        try:
            host.api.create_tag(
                host.repo_id, tag=tag, revision=commit, repo_type="dataset", exist_ok=False
            )
        except FAILURES as error:
            if status_of(error) == 409:
                return False
            raise
        return True

    return _ask(host, f"creating the tag {tag}", call)


def read_file(host: Host, commit: str, path: str, *, limit: int) -> bytes:
    """Read a small file of a commit, of `limit` bytes at most."""
    return b"".join(_ask(host, f"reading {path}", lambda: list(_stream(host, commit, path, limit))))


def hash_file(host: Host, commit: str, file: HostFile) -> str:
    """Read a file of a commit back, and turn it into its SHA-256."""

    def call() -> str:
        digest = hashlib.sha256()
        for chunk in _stream(host, commit, file.path, file.size):
            digest.update(chunk)
        return digest.hexdigest()

    return _ask(host, f"reading {file.path} back", call)


def _stream(host: Host, commit: str, path: str, limit: int) -> Iterator[bytes]:
    url = hf_hub_url(
        host.repo_id, path, repo_type="dataset", revision=commit, endpoint=host.endpoint
    )
    headers = {"authorization": f"Bearer {host.token}", "accept-encoding": "identity"}
    with get_session().stream("GET", url, headers=headers) as answer:
        if not answer.is_success:
            answer.read()
        hf_raise_for_status(answer)
        for chunk in answer.iter_bytes():
            limit -= len(chunk)
            yield chunk
            if limit < 0:
                return  # more than there may be: the hash or the reader will not take it
