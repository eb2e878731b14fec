"""Publishing: to a host over real HTTP, which breaks off, refuses, lies and is raced with."""

from __future__ import annotations

import functools
import json
import logging
import shutil
import ssl
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import constants

from khobor.corpus.corpora import Corpus, assemble
from khobor.errors import HostError, KhoborError, ReleaseError, UsageError
from khobor.release import hosts, publishing
from khobor.release.publishing import Publication, publish_release
from khobor.release.writers import write_release
from tests.hub.repositories import Blob, Repository, large, new_repository
from tests.hub.server import READER, TOKEN, Dropped, Fault, Hub, Refusal, Request, serve
from tests.samples import write_plain_pages

REPO = "lab/sample"
TAG = "v1.0.0"
EVER = 10_000


@pytest.fixture(scope="module")
def first(corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Version 1.0.0 of the sample: every configuration, many stand-off files."""
    return write_release(corpus, tmp_path_factory.mktemp("first"), name="sample", version="1.0.0")[
        0
    ]


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Version 1.1.0 of it: of other pages, and without quotes."""
    folder = tmp_path_factory.mktemp("second")
    corpus = assemble([write_plain_pages(folder / "plain", 1)])
    return write_release(corpus, folder, name="sample", version="1.1.0")[0]


_context = functools.cache(ssl.create_default_context)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What was waited, without waiting."""
    listed: list[float] = []
    monkeypatch.setattr(time, "sleep", listed.append)
    return listed


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, waits: list[float]) -> Iterator[Hub]:
    """A host, and a login there."""
    del waits
    # Certificates are read once, not with every new client: nothing here is encrypted.
    monkeypatch.setattr(ssl, "create_default_context", _context)
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    with serve(Hub()) as hub:
        yield hub
    assert hub.complaints == []


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


# --- what a publication is -------------------------------------------------------------------


def test_the_whole_folder_is_there_in_one_commit_under_its_tag(hub: Hub, first: Path) -> None:
    publication = publish(hub, first)
    assert_published(hub, first)
    assert repository(hub).tags == {TAG: repository(hub).head} == {TAG: publication.commit}
    assert len(repository(hub).commits) == 2  # with the host's own
    assert repository(hub).titles[publication.commit] == "Release sample-1.0.0"
    assert publication == Publication(
        repo_id=REPO,
        url=f"{hub.url}/datasets/{REPO}/tree/{TAG}",
        tag=TAG,
        commit=repository(hub).head,
        private=False,
        files=len(contents(first)),
        changed=len(contents(first)),
        sent_bytes=publication.sent_bytes,
    )
    assert publication.sent_bytes > sum(map(len, contents(first).values()))  # some as base64


def test_large_files_go_in_parts_where_the_host_asks_for_parts(hub: Hub, first: Path) -> None:
    hub.storage.chunk = 10_000
    publish(hub, first)
    assert hub.count("PUT", "/lfs/part/") > hub.count("POST", "/lfs/complete/") > 0
    assert_published(hub, first)


def test_a_second_run_writes_nothing(hub: Hub, first: Path) -> None:
    once = publish(hub, first)
    hub.log.clear()
    again = publish(hub, first)
    assert hub.writes == []
    assert (again.before, again.commit, again.sent_bytes) == (True, once.commit, 0)


def test_an_empty_repository_that_stands_ready_is_used(hub: Hub, first: Path) -> None:
    hub.repositories[REPO] = new_repository()
    publish(hub, first)
    assert hub.count("POST /api/repos/create") == 0
    assert_published(hub, first)


def test_the_next_version_sends_what_is_new_and_drops_what_is_gone(
    hub: Hub, first: Path, second: Path
) -> None:
    publish(hub, first)
    publication = publish(hub, second)
    assert_published(hub, first)
    assert_published(hub, second, "v1.1.0")
    assert bodies(hub, repository(hub).head) == contents(second)
    gone = contents(first).keys() - contents(second).keys()
    assert set(publication.deleted) == gone
    assert "data/quotes/train-00000-of-00001.parquet" in gone
    unchanged = contents(first).items() & contents(second).items()
    assert publication.changed == publication.files - len(unchanged)


def test_gitattributes_belong_to_the_host(hub: Hub, first: Path) -> None:
    publish(hub, first)
    assert ".gitattributes" in repository(hub).files


@pytest.mark.parametrize("private", [True, False])
def test_a_new_repository_is_private_where_asked(hub: Hub, first: Path, private: bool) -> None:
    assert publish(hub, first, private=private).private is private
    assert repository(hub).private is private


def test_private_is_no_wish_that_is_forgotten(hub: Hub, first: Path) -> None:
    hub.repositories[REPO] = new_repository(private=False)
    with pytest.raises(ReleaseError, match="public already"):
        publish(hub, first, private=True)
    assert hub.writes == []


def test_many_files_go_in_several_commits_and_what_is_loaded_in_the_last(
    hub: Hub, first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_FILES_A_COMMIT", 3)
    publish(hub, first)
    assert_published(hub, first)
    commits = list(repository(hub).commits.values())
    assert len(commits) > 3
    for files in commits[:-1]:
        assert {path.partition("/")[0] for path in files} <= {
            ".gitattributes",
            "standoff",
            "reports",
        }


# --- interruptions ---------------------------------------------------------------------------


def test_a_connection_dropped_in_a_large_file_is_tried_again(hub: Hub, first: Path) -> None:
    hub.faults = [Fault("PUT /lfs/put", cut=2_000, skip=1)]
    publish(hub, first)
    assert_published(hub, first)
    assert hub.storage.received == large_size(first)


def test_an_interrupted_upload_goes_on_with_what_is_missing(hub: Hub, first: Path) -> None:
    """Four files arrive, then the host is gone. Next time the others are sent, and only they."""
    hub.faults = [Fault("PUT /lfs/put", cut=2_000, skip=4, times=EVER)]
    with pytest.raises(HostError, match="uploading: the connection broke off") as caught:
        publish(hub, first)
    assert "the same command goes on" in caught.value.fix
    assert_untagged(hub)
    arrived = set(hub.storage.objects)
    assert len(arrived) == 4
    hub.faults.clear()
    hub.log.clear()
    publish(hub, first)
    assert_published(hub, first)
    assert not any(name in line for name in arrived for line in hub.log if line.startswith("PUT"))
    assert hub.storage.received == large_size(first)


def test_a_commit_whose_answer_was_lost_is_not_made_twice(hub: Hub, first: Path) -> None:
    def drop(_: Request) -> None:
        raise Dropped

    hub.faults = [Fault("/commit/main", after=drop)]
    publish(hub, first)
    assert_published(hub, first)
    assert len(repository(hub).commits) == 2
    assert hub.storage.received == large_size(first)


def test_a_tag_whose_answer_was_lost_is_a_tag(hub: Hub, first: Path) -> None:
    def drop(_: Request) -> None:
        raise Dropped

    hub.faults = [Fault("/tag/", after=drop)]
    assert not publish(hub, first).before
    assert_published(hub, first)


def test_a_run_that_ended_before_the_tag_uploads_nothing_again(hub: Hub, first: Path) -> None:
    hub.faults = [Fault("/tag/", before=_refuse(500), times=EVER)]
    with pytest.raises(HostError, match=r"creating the tag v1\.0\.0: the host has a fault"):
        publish(hub, first)
    assert_untagged(hub)
    hub.faults.clear()
    hub.log.clear()
    publication = publish(hub, first)
    assert hub.writes == [f"POST /api/datasets/{REPO}/tag/{publication.commit}"]
    assert (publication.changed, publication.sent_bytes, publication.before) == (0, 0, False)
    assert_published(hub, first)


def test_several_commits_go_on_where_they_stopped(
    hub: Hub, first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_FILES_A_COMMIT", 2)
    hub.faults = [Fault("/commit/main", skip=2, before=_refuse(503), times=EVER)]
    with pytest.raises(HostError):
        publish(hub, first)
    assert_untagged(hub)
    there = set(repository(hub).files)
    hub.faults.clear()
    publication = publish(hub, first)
    assert publication.changed == publication.files - len(there - {".gitattributes"})
    assert_published(hub, first)


def _refuse(status: int, **headers: str) -> Callable[[Request], None]:
    def refuse(_: Request) -> None:
        raise Refusal(status, "the host says so", **headers)

    return refuse


def _drop(_: Request) -> None:
    raise Dropped


@pytest.mark.parametrize("moment", ["before", "after"])
def test_wherever_the_host_goes_away_the_same_call_ends_well(
    hub: Hub, second: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """The host is lost for good at each request in turn, and comes back for the next run."""
    monkeypatch.setattr(hosts, "_WAITS", (1,))
    publish(hub, second)
    requests = len(hub.log)
    assert requests > 15
    for number in range(requests):
        hub.repositories.clear()
        hub.storage.objects.clear()
        lost = Fault("", skip=number, times=EVER)
        setattr(lost, moment, _drop)
        hub.faults = [lost]
        with pytest.raises(HostError):
            publish(hub, second)
        assert REPO not in hub.repositories or set(repository(hub).tags) <= {"v1.1.0"}
        arrived = sum(map(len, hub.storage.objects.values()))
        hub.storage.received = 0
        hub.faults.clear()
        publish(hub, second)
        assert_published(hub, second, "v1.1.0")
        assert len(repository(hub).commits) == 2, number
        assert hub.storage.received == large_size(second) - arrived, number


def test_one_lost_answer_is_overcome_in_the_same_run(hub: Hub, second: Path) -> None:
    publish(hub, second)
    for number in range(len(hub.log)):
        hub.repositories.clear()
        hub.storage.objects.clear()
        hub.faults = [Fault("", skip=number, after=_drop)]
        publish(hub, second)
        assert_published(hub, second, "v1.1.0")
        assert len(repository(hub).commits) == 2, number


# --- a busy host -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "at", ["/preupload/", "/commit/main", "PUT /lfs", "/tag/", "/refs", "/tree/"]
)
def test_a_fault_of_the_host_that_passes_is_waited_for(
    hub: Hub, first: Path, waits: list[float], at: str
) -> None:
    hub.faults = [Fault(at, before=_refuse(500))]
    told: list[str] = []
    publish(hub, first, told=told)
    assert_published(hub, first)
    assert len(waits) == 1
    assert "the host is busy (status 500)" in told


@pytest.mark.parametrize("at", ["/preupload/", "/commit/main"])
def test_a_host_is_given_the_time_that_it_asks_for(
    hub: Hub, first: Path, waits: list[float], at: str
) -> None:
    hub.faults = [Fault(at, before=_refuse(429, Retry_After="7"))]
    told: list[str] = []
    publish(hub, first, told=told)
    assert_published(hub, first)
    assert max(waits) >= 7
    assert "the host is busy (status 429) and asks to wait 7 s" in told


def test_nobody_is_left_waiting_for_an_hour(hub: Hub, first: Path, waits: list[float]) -> None:
    hub.faults = [Fault("/refs", before=_refuse(429, Retry_After="3600"))]
    with pytest.raises(HostError, match="too many requests") as caught:
        publish(hub, first)
    assert "wait a while" in caught.value.fix
    assert waits == []


def test_tries_are_bounded(hub: Hub, first: Path, waits: list[float]) -> None:
    hub.faults = [Fault("/refs", before=_refuse(503), times=EVER)]
    with pytest.raises(HostError, match="the host has a fault"):
        publish(hub, first)
    assert waits == [1, 2, 4, 8]


@pytest.mark.parametrize(
    "at", ["/revision/", "/refs", "/tree/", "/preupload/", "PUT /lfs", "/commit/", "/resolve/"]
)
def test_a_host_that_never_answers_is_given_up(
    hub: Hub, second: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """Some of huggingface_hub's calls ask for no time limit: ours holds for them too."""
    released = threading.Event()

    def keep_waiting(_: Request) -> None:
        released.wait(20)
        raise Dropped

    monkeypatch.setattr(hosts, "_WAITS", (1,))
    monkeypatch.setattr(hosts, "_TIMEOUT", httpx2.Timeout(0.03, connect=5))
    hub.faults = [Fault(at, before=keep_waiting, times=EVER)]
    try:
        with pytest.raises(HostError, match="did not answer in time"):
            publish(hub, second)
    finally:
        released.set()
    assert_untagged(hub)


def test_a_host_that_is_not_there_is_a_sentence(first: Path, hub: Hub) -> None:
    with serve(Hub()) as gone:
        pass
    del hub
    with pytest.raises(HostError, match="the host cannot be reached"):
        publish(gone, first)


def test_an_answer_of_something_else_is_a_sentence(hub: Hub, first: Path) -> None:
    """A login page of a café, say."""
    publish(hub, first)
    for at in ("/revision/main", "/refs", "/tree/"):

        def page(_: Request) -> None:
            raise Refusal(200, "Welcome")

        hub.faults = [Fault(at, before=page, times=EVER)]
        with pytest.raises(KhoborError):
            publish(hub, first)


# --- refusals of the host --------------------------------------------------------------------


def test_a_token_without_the_right_to_write_changes_nothing(
    hub: Hub, first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", READER)
    with pytest.raises(HostError, match="creating the repository: the token may not do that"):
        publish(hub, first)
    hub.repositories[REPO] = new_repository()
    with pytest.raises(HostError, match="uploading: the token may not do that") as caught:
        publish(hub, first)
    assert "write access" in caught.value.fix
    assert len(repository(hub).commits) == 1


def test_a_token_that_the_host_does_not_know(
    hub: Hub, first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_expired")
    with pytest.raises(HostError, match="does not know the token") as caught:
        publish(hub, first)
    assert "hf auth login" in caught.value.fix
    assert hub.repositories == {}


@pytest.mark.parametrize(
    ("status", "said"),
    [(402, "paid"), (404, "no such thing"), (413, "too large"), (418, "refuses"), (400, "refuses")],
)
def test_every_refusal_is_a_sentence_with_the_hosts_words(
    hub: Hub, first: Path, status: int, said: str
) -> None:
    hub.faults = [Fault("/preupload/", before=_refuse(status))]
    with pytest.raises(HostError, match=said) as caught:
        publish(hub, first)
    assert "the host says so" in str(caught.value)
    assert caught.value.fix
    assert REPO in caught.value.where


# --- what the host has is not what was sent ----------------------------------------------------


def _change(hub: Hub, path: str, blob: Blob | None) -> Callable[[Request], None]:
    """Change a file of main behind the back of its commit."""

    def change(_: Request) -> None:
        files = repository(hub).files
        if blob is None:
            del files[path]
        else:
            files[path] = blob

    return change


@pytest.mark.parametrize(
    ("path", "blob", "said"),
    [
        ("README.md", Blob(b"# other words"), "README.md has other bytes"),
        ("data/pages/train-00000-of-00001.parquet", large("0" * 64, 9), "has other bytes"),
        ("splits.jsonl", None, "splits.jsonl is missing"),
        ("data/old.parquet", Blob(b"stale"), "data/old.parquet does not belong to the release"),
    ],
)
def test_nothing_is_tagged_that_is_not_the_release(
    hub: Hub, first: Path, path: str, blob: Blob | None, said: str
) -> None:
    hub.faults = [Fault("/commit/main", after=_change(hub, path, blob))]
    with pytest.raises(HostError, match=said):
        publish(hub, first)
    assert_untagged(hub)


def test_a_large_file_that_went_bad_in_the_hosts_storage_is_not_tagged(
    hub: Hub, first: Path
) -> None:
    """Its pointer still says the right SHA-256; only its bytes tell."""

    def spoil(_: Request) -> None:
        name, body = next(iter(hub.storage.objects.items()))
        hub.storage.objects[name] = bytes([body[0] ^ 1]) + body[1:]

    hub.faults = [Fault("/commit/main", after=spoil)]
    with pytest.raises(HostError, match="gives other bytes than were sent"):
        publish(hub, first)
    assert_untagged(hub)


# --- others at the same time -------------------------------------------------------------------


def _commit_beside(hub: Hub) -> Callable[[Request], None]:
    def commit(_: Request) -> None:
        files = dict(repository(hub).files)
        files["notes.md"] = Blob(b"of somebody else")
        repository(hub).commit(files, "notes")

    return commit


def test_a_commit_of_somebody_else_during_the_upload_is_not_overwritten(
    hub: Hub, first: Path
) -> None:
    hub.faults = [Fault("/commit/main", before=_commit_beside(hub))]
    with pytest.raises(HostError, match="somebody else changed main"):
        publish(hub, first)
    assert_untagged(hub)
    assert set(repository(hub).files) == {".gitattributes", "notes.md"}


def test_a_commit_of_somebody_else_after_the_upload_is_not_tagged(hub: Hub, first: Path) -> None:
    hub.faults = [Fault("/commit/main", after=_commit_beside(hub))]
    publication = publish(hub, first)
    assert_published(hub, first)
    assert repository(hub).tags[TAG] == publication.commit != repository(hub).head


def test_who_loses_the_race_for_a_tag_leaves_it_where_it_is(hub: Hub, first: Path) -> None:
    initial: list[str] = []

    def race(_: Request) -> None:
        initial.append(next(iter(repository(hub).commits)))
        repository(hub).tags[TAG] = initial[0]

    hub.faults = [Fault("/tag/", before=race)]
    with pytest.raises(ReleaseError, match="published with other files"):
        publish(hub, first)
    assert repository(hub).tags == {TAG: initial[0]}


def test_a_race_with_oneself_is_won(hub: Hub, first: Path) -> None:
    def race(_: Request) -> None:
        repository(hub).tags[TAG] = repository(hub).head

    hub.faults = [Fault("/tag/", before=race)]
    publish(hub, first)
    assert_published(hub, first)


# --- what is published stays -----------------------------------------------------------------


def test_a_published_version_with_other_files_is_refused(
    hub: Hub, first: Path, corpus: Corpus, tmp_path: Path
) -> None:
    publish(hub, first)
    other = write_release(corpus, tmp_path, name="sample", version="1.0.0", about="Other words.")[0]
    hub.log.clear()
    with pytest.raises(ReleaseError, match=r"README\.md has other bytes") as caught:
        publish(hub, other)
    assert "a tag is never moved: make a new version" in caught.value.fix
    assert hub.writes == []
    assert_published(hub, first)


def test_a_version_below_a_published_one_is_refused(hub: Hub, first: Path, second: Path) -> None:
    publish(hub, second)
    hub.log.clear()
    with pytest.raises(ReleaseError, match=r"v1\.1\.0 is published already"):
        publish(hub, first)
    assert hub.writes == []
    # What was published before it is still told as published.
    repository(hub).tags["v0.9.0"] = repository(hub).head
    assert publish(hub, second).before


def test_versions_are_compared_as_numbers_and_other_tags_not_at_all(hub: Hub, second: Path) -> None:
    hub.repositories[REPO] = new_repository()
    repository(hub).tags |= {"v1.0.10": repository(hub).head, "vnext": repository(hub).head}
    publish(hub, second)
    assert_published(hub, second, "v1.1.0")


def test_a_branch_of_the_tags_name_is_refused(hub: Hub, first: Path) -> None:
    hub.repositories[REPO] = new_repository()
    repository(hub).branches[TAG] = repository(hub).head
    with pytest.raises(ReleaseError, match=r"a branch is called v1\.0\.0"):
        publish(hub, first)


@pytest.mark.parametrize(
    "files",
    [
        {"train.csv": Blob(b"three years of work")},
        {"manifest.json": Blob(b"{}"), "train.csv": Blob(b"work")},
    ],
)
def test_a_repository_of_something_else_is_left_alone(
    hub: Hub, first: Path, files: dict[str, Blob]
) -> None:
    hub.repositories[REPO] = new_repository()
    repository(hub).commit(files, "work")
    with pytest.raises(ReleaseError, match="holds something else") as caught:
        publish(hub, first)
    assert "train.csv" in str(caught.value)
    assert repository(hub).files == files


def test_a_repository_of_another_release_is_left_alone(
    hub: Hub, first: Path, corpus: Corpus, tmp_path: Path
) -> None:
    other = write_release(corpus, tmp_path, name="other", version="0.1.0")[0]
    publish(hub, other)
    with pytest.raises(ReleaseError, match="the release other"):
        publish(hub, first)
    assert_published(hub, other, "v0.1.0")


def _edit(hub: Hub, **bodies: bytes | None) -> str:
    """Commit what somebody changed on the host; None removes a file."""
    files = dict(repository(hub).files)
    for name, body in bodies.items():
        path = name.replace("_", ".")
        if body is None:
            del files[path]
        else:
            files[path] = Blob(body)
    return repository(hub).commit(files, "an edit")


def test_what_was_edited_on_the_host_is_replaced_by_the_next_version_and_told(
    hub: Hub, first: Path, second: Path
) -> None:
    publish(hub, first)
    edit = _edit(hub, README_md=b"# Of a browser", notes_md=b"more", CHANGELOG_md=None)
    publication = publish(hub, second)
    assert publication.edited == ("README.md", "notes.md")
    assert "notes.md" in publication.deleted
    assert publication.replaced == edit
    assert bodies(hub, repository(hub).head) == contents(second)
    assert repository(hub).commits[edit]["README.md"].body == b"# Of a browser"
    assert_published(hub, first)


def test_what_was_edited_on_the_host_after_the_tag_stays_with_the_same_version(
    hub: Hub, first: Path
) -> None:
    publish(hub, first)
    edit = _edit(hub, README_md=b"# Of a browser")
    publication = publish(hub, first)
    assert (publication.before, repository(hub).head) == (True, edit)
    assert_published(hub, first)


def test_without_an_edit_none_is_told(hub: Hub, first: Path, second: Path) -> None:
    publish(hub, first)
    hub.faults = [Fault("/tag/", before=_refuse(500), times=EVER)]
    with pytest.raises(HostError):
        publish(hub, second)  # main is ahead of the last tag by our own upload
    hub.faults.clear()
    assert publish(hub, second).edited == ()


def test_a_readme_of_the_hosts_own_form_is_replaced(hub: Hub, first: Path) -> None:
    """A repository that was made in a browser with a licence has a card of its own."""
    hub.repositories[REPO] = new_repository()
    _edit(hub, README_md=b"---\nlicense: cc-by-4.0\n---\n")
    publish(hub, first)
    assert_published(hub, first)


def test_an_earlier_version_of_another_khobor_is_recognised(
    hub: Hub, first: Path, second: Path
) -> None:
    """Its manifest may have fields that this one does not know."""
    publish(hub, first)
    manifest = json.loads((first / "manifest.json").read_bytes())
    _edit(hub, manifest_json=json.dumps({**manifest, "new": 1}).encode())
    publish(hub, second)
    assert_published(hub, second, "v1.1.0")


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


# --- the token ---------------------------------------------------------------------------------


def test_without_a_token_nothing_is_asked(
    hub: Hub, first: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HF_TOKEN")
    monkeypatch.delenv("HUGGING_FACE_HUB_TOKEN", raising=False)
    monkeypatch.setattr(constants, "HF_TOKEN_PATH", str(tmp_path / "token"))
    with pytest.raises(UsageError, match="no token") as caught:
        publish(hub, first)
    assert "hf auth login" in caught.value.fix
    assert hub.log == []
    (tmp_path / "token").write_text(TOKEN, encoding="utf-8")  # what `hf auth login` writes
    publish(hub, first)
    assert_published(hub, first)


def _echo(request: Request) -> None:
    """A host that repeats what it was sent."""
    said = request.headers.get("authorization", "")
    raise Refusal(400, f"what is {said}?", X_Error_Message=f"what is {said}?")


@pytest.mark.parametrize(
    "at", ["/revision/", "/refs", "/tree/", "/preupload/", "/commit/", "/tag/"]
)
def test_no_error_holds_the_token(
    hub: Hub, first: Path, at: str, capfd: pytest.CaptureFixture[str]
) -> None:
    hub.faults = [Fault(at, before=_echo, times=EVER)]
    with pytest.raises(HostError, match="<token>") as caught:
        publish(hub, first)
    said = "".join(traceback.format_exception(caught.value))
    assert TOKEN not in said + str(caught.value) + repr(caught.value) + "".join(capfd.readouterr())


def test_no_log_holds_the_token(
    hub: Hub,
    first: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Not even where everything is logged, and the client's own debugging is on."""
    monkeypatch.setattr(constants, "HF_DEBUG", True)
    hub.faults = [Fault("PUT /lfs", cut=100), Fault("/commit/", before=_refuse(400))]
    for name in ("", "huggingface_hub", "httpx2", "httpcore2"):
        caplog.set_level(logging.DEBUG, logger=name)
    monkeypatch.setattr(logging.getLogger("huggingface_hub"), "propagate", True)
    told: list[str] = []
    with pytest.raises(HostError):
        publish(hub, first, told=told)
    publish(hub, first, told=told)
    assert "<TOKEN>" in caplog.text  # the client did log what it sent
    assert TOKEN not in caplog.text + "".join(told) + "".join(capfd.readouterr())


@pytest.mark.parametrize("token", ["hf_secret\x01word", "hf_গোপন", "hf secret"])
def test_a_token_that_no_header_can_carry_is_not_shown(
    hub: Hub, first: Path, monkeypatch: pytest.MonkeyPatch, token: str
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    with pytest.raises(UsageError, match="HF_TOKEN") as caught:
        publish(hub, first)
    assert token not in "".join(traceback.format_exception(caught.value))
    assert hub.log == []


def test_the_host_does_not_show_the_token(hub: Hub) -> None:
    with hosts.open_host(REPO, endpoint=hub.url, tell=lambda _: None) as host:
        assert TOKEN not in repr(host) + str(host) + repr(host.api)


# --- the client ----------------------------------------------------------------------------------


def test_nothing_is_asked_or_told_beyond_publishing(hub: Hub, first: Path) -> None:
    """No telemetry, no Xet, no look for updates."""
    publish(hub, first)
    asked = {line.split("/")[1] for line in hub.log}
    assert asked == {"api", "datasets", "lfs"}
    assert all(
        REPO in line or "/lfs/" in line
        for line in hub.log
        if not line.endswith(("/api/repos/create", "/api/validate-yaml"))
    )
    named = {part.split("/")[0] for agent in hub.agents for part in agent.split("; ")}
    assert named == {"khobor", "hf_hub", "python", "python-httpx2"}


def test_the_settings_of_the_client_come_back(hub: Hub, first: Path) -> None:
    names = ("HF_HUB_DISABLE_XET", "HF_HUB_DISABLE_TELEMETRY")
    before = [getattr(constants, name) for name in names]
    hub.faults = [Fault("/tag/", before=_refuse(403))]
    with pytest.raises(HostError):
        publish(hub, first)
    publish(hub, first)
    assert [getattr(constants, name) for name in names] == before


def test_an_offline_client_is_told_so(
    hub: Hub, first: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(HostError, match="HF_HUB_OFFLINE"):
        publish(hub, first)
    assert hub.log == []
