"""Publishing: what is tagged is the release, wherever a connection drops and whoever interferes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from khobor.corpus.corpora import Corpus
from khobor.errors import HostError, ReleaseError
from khobor.manifests import About
from khobor.release import hosts, publishing
from khobor.release.publishing import Publication
from khobor.release.writers import write_release
from tests.hub.publications import (
    EVER,
    REPO,
    TAG,
    assert_published,
    assert_untagged,
    bodies,
    contents,
    drop,
    large_size,
    publish,
    refuse,
    repository,
)
from tests.hub.repositories import Blob, large, new_repository
from tests.hub.server import Dropped, Fault, Hub, Request

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
    hub.faults = [Fault("/tag/", before=refuse(500), times=EVER)]
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
    hub.faults = [Fault("/commit/main", skip=2, before=refuse(503), times=EVER)]
    with pytest.raises(HostError):
        publish(hub, first)
    assert_untagged(hub)
    there = set(repository(hub).files)
    hub.faults.clear()
    publication = publish(hub, first)
    assert publication.changed == publication.files - len(there - {".gitattributes"})
    assert_published(hub, first)


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
        setattr(lost, moment, drop)
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
        hub.faults = [Fault("", skip=number, after=drop)]
        publish(hub, second)
        assert_published(hub, second, "v1.1.0")
        assert len(repository(hub).commits) == 2, number


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
    about = About(description="Other words.")
    other = write_release(corpus, tmp_path, name="sample", version="1.0.0", about=about)[0]
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
    hub.faults = [Fault("/tag/", before=refuse(500), times=EVER)]
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
