"""khobor publish: what it says, its exit codes, and that it asks nobody before it may."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import khobor
from khobor.corpus.corpora import assemble
from khobor.release.writers import write_release
from tests.cli.conftest import Run
from tests.hub.repositories import Blob
from tests.hub.server import TOKEN, Dropped, Fault, Hub, Refusal, Request, serve
from tests.samples import write_plain_pages

REPO = "lab/sample"
# Runs `khobor …` where any use of a socket ends the process at once, with a status of its own.
_WITHOUT_SOCKETS = """
import os, sys
def watch(event, arguments):
    if event.startswith("socket."):
        os.write(2, f"{event} {arguments}".encode())
        os._exit(99)
sys.addaudithook(watch)
if sys.argv[1] == "--prove":
    import socket
    socket.socket()
from khobor.cli.main import main
main(sys.argv[1:])
"""


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A frozen version, to be read only."""
    folder = tmp_path_factory.mktemp("frozen")
    corpus = assemble([write_plain_pages(folder / "plain", 1)])
    return write_release(corpus, folder, name="sample", version="1.0.0")[0]


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A host, and a login there; nothing is waited for."""
    monkeypatch.setattr(time, "sleep", lambda _: None)
    monkeypatch.delenv("HF_ENDPOINT", raising=False)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    with serve(Hub()) as hub:
        yield hub
    assert hub.complaints == []


def khobor_without_sockets(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", _WITHOUT_SOCKETS, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_release_is_published_and_a_second_run_says_so(hub: Hub, release: Path, run: Run) -> None:
    done = run("publish", release, "--repo", REPO, "--endpoint", hub.url)
    assert done.exit_code == 0
    commit = hub.repositories[REPO].tags["v1.0.0"]
    assert f"{REPO} v1.0.0 is published: " in done.stdout
    assert f"Commit {commit}, {hub.url}/datasets/{REPO}/tree/v1.0.0" in done.stdout
    assert f'load_dataset("{REPO}", revision="v1.0.0")' in done.stdout
    assert f"creating the dataset repository {REPO}" in done.stderr
    again = run("publish", release, "--repo", REPO, "--endpoint", hub.url)
    assert again.exit_code == 0
    assert "is published already with these files; nothing was written" in again.stdout


def test_private_is_said(hub: Hub, release: Path, run: Run) -> None:
    done = run("publish", release, "--repo", REPO, "--endpoint", hub.url, "--private")
    assert hub.repositories[REPO].private
    assert "v1.0.0 is published (private): " in done.stdout


def test_an_upload_that_breaks_off_is_resumed_by_the_same_command(
    hub: Hub, release: Path, run: Run
) -> None:
    hub.faults = [Fault("PUT /lfs", skip=1, cut=1_000, times=10_000)]
    broken = run("publish", release, "--repo", REPO, "--endpoint", hub.url)
    assert broken.exit_code == 1
    assert broken.stdout == ""
    assert "the connection broke off; try again: the same command goes on" in broken.stderr
    assert hub.repositories[REPO].tags == {}
    hub.faults.clear()
    assert run("publish", release, "--repo", REPO, "--endpoint", hub.url).exit_code == 0
    assert set(hub.repositories[REPO].tags) == {"v1.0.0"}


def test_an_interrupt_is_a_sentence(
    hub: Hub, release: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    def drop(_: Request) -> None:
        raise Dropped

    monkeypatch.setattr(time, "sleep", interrupt)
    hub.faults = [Fault("/refs", before=drop)]
    done = run("publish", release, "--repo", REPO, "--endpoint", hub.url)
    assert done.exit_code == 1
    assert "interrupted; the same command goes on from there" in done.stderr


def test_what_was_edited_and_what_is_gone_is_told(
    hub: Hub, release: Path, run: Run, tmp_path: Path
) -> None:
    run("publish", release, "--repo", REPO, "--endpoint", hub.url)
    repository = hub.repositories[REPO]
    edited = {"README.md": Blob(b"# By hand"), "notes.md": Blob(b"of somebody")}
    edit = repository.commit({**repository.files, **edited}, "an edit")
    corpus = assemble([write_plain_pages(tmp_path / "plain", 2)])
    later = write_release(corpus, tmp_path, name="sample", version="1.1.0")[0]
    done = run("publish", later, "--repo", REPO, "--endpoint", hub.url)
    assert "No longer on main: notes.md\n" in done.stdout
    assert f"README.md, notes.md (commit {edit} still has them)" in done.stdout


def test_a_refusal_of_the_host_shows_no_token(hub: Hub, release: Path, run: Run) -> None:
    def echo(request: Request) -> None:
        said = request.headers.get("authorization", "")
        raise Refusal(403, said, X_Error_Message=said)

    hub.faults = [Fault("/api/", before=echo, times=10_000)]
    done = run("publish", release, "--repo", REPO, "--endpoint", hub.url)
    assert done.exit_code == 1
    assert "the token may not do that (status 403: Bearer <token>)" in done.stderr
    assert TOKEN not in done.output


@pytest.mark.parametrize("repo", ["sample", "https://huggingface.co/datasets/lab/sample"])
def test_a_wrong_name_is_wrong_usage(release: Path, run: Run, repo: str) -> None:
    done = run("publish", release, "--repo", repo)
    assert done.exit_code == 2
    assert f"{repo}: no name of a repository; expected OWNER/NAME" in done.stderr


def test_the_sockets_of_these_tests_would_be_noticed() -> None:
    assert khobor_without_sockets("--prove").returncode == 99


def test_help_and_refusals_touch_no_socket(release: Path, tmp_path: Path) -> None:
    """Also not those of the client's import, of a look for updates, of a lookup of a name."""
    asked = khobor_without_sockets("publish", "--help")
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "its tag is never moved" in " ".join(asked.stdout.split())
    unsound = tmp_path / release.name
    shutil.copytree(release, unsound)
    (unsound / "README.md").write_bytes(b"other")
    refused = khobor_without_sockets("publish", unsound, "--repo", REPO)
    assert refused.returncode == 1, refused.stderr
    assert "README.md has another SHA-256 than SHA256SUMS says" in refused.stderr


def test_a_dry_run_touches_no_socket_and_says_what_it_would_do(release: Path) -> None:
    done = khobor_without_sockets("publish", release, "--repo", REPO, "--dry-run")
    assert (done.returncode, done.stderr) == (0, "")
    paths = [path for path in release.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in paths)
    assert f"{len(paths):,} files" in done.stdout
    assert f"{size:,} bytes\nin the dataset repository {REPO} at https://" in done.stdout


def test_one_module_alone_talks_to_a_network() -> None:
    """hosts.py, and refusals.py that reads its errors; nothing else imports an HTTP client."""
    clients = re.compile(
        r"^\s*(?:from|import) (?:httpx2?|requests|socket|urllib3|urllib\.request)\b"
    )
    package = Path(khobor.__file__).parent
    found = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if clients.match(line)
    }
    assert found == {"release/hosts.py", "release/refusals.py"}
