"""Hosts: busy, silent and refusing ones, the token, and the client's settings."""

from __future__ import annotations

import logging
import threading
import traceback
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import constants

from khobor.errors import HostError, KhoborError, UsageError
from khobor.release import hosts
from tests.hub.publications import (
    EVER,
    REPO,
    assert_published,
    assert_untagged,
    publish,
    refuse,
    repository,
)
from tests.hub.repositories import new_repository
from tests.hub.server import READER, TOKEN, Dropped, Fault, Hub, Refusal, Request, serve

# --- a busy host -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "at", ["/preupload/", "/commit/main", "PUT /lfs", "/tag/", "/refs", "/tree/"]
)
def test_a_fault_of_the_host_that_passes_is_waited_for(
    hub: Hub, first: Path, waits: list[float], at: str
) -> None:
    hub.faults = [Fault(at, before=refuse(500))]
    told: list[str] = []
    publish(hub, first, told=told)
    assert_published(hub, first)
    assert len(waits) == 1
    assert "the host is busy (status 500)" in told


@pytest.mark.parametrize("at", ["/preupload/", "/commit/main"])
def test_a_host_is_given_the_time_that_it_asks_for(
    hub: Hub, first: Path, waits: list[float], at: str
) -> None:
    hub.faults = [Fault(at, before=refuse(429, Retry_After="7"))]
    told: list[str] = []
    publish(hub, first, told=told)
    assert_published(hub, first)
    assert max(waits) >= 7
    assert "the host is busy (status 429) and asks to wait 7 s" in told


def test_nobody_is_left_waiting_for_an_hour(hub: Hub, first: Path, waits: list[float]) -> None:
    hub.faults = [Fault("/refs", before=refuse(429, Retry_After="3600"))]
    with pytest.raises(HostError, match="too many requests") as caught:
        publish(hub, first)
    assert "wait a while" in caught.value.fix
    assert waits == []


def test_tries_are_bounded(hub: Hub, first: Path, waits: list[float]) -> None:
    hub.faults = [Fault("/refs", before=refuse(503), times=EVER)]
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
    hub.faults = [Fault("/preupload/", before=refuse(status))]
    with pytest.raises(HostError, match=said) as caught:
        publish(hub, first)
    assert "the host says so" in str(caught.value)
    assert caught.value.fix
    assert REPO in caught.value.where


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
    hub.faults = [Fault("PUT /lfs", cut=100), Fault("/commit/", before=refuse(400))]
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
    hub.faults = [Fault("/tag/", before=refuse(403))]
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
