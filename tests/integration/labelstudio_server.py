"""A Label Studio of its own: a process on 127.0.0.1 with SQLite in a folder, and its API."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

USER, PASSWORD, TOKEN = "annotator@example.org", "not-a-secret", "k" * 40
# The first start makes the tables: about 45 s on two cores.
_PATIENCE_SECONDS = 300.0
# No proxy of the environment stands between us and 127.0.0.1.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Server(msgspec.Struct, frozen=True):
    """A running Label Studio."""

    url: str

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Ask its API; an answer that is no success raises with what it says."""
        request = urllib.request.Request(
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            method=method,
            headers={"Authorization": f"Token {TOKEN}", "Content-Type": "application/json"},
        )
        try:
            with _OPENER.open(request, timeout=60) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read()!r}") from error
        return json.loads(content) if content else None


@contextlib.contextmanager
def label_studio(command: Path, folder: Path) -> Iterator[Server]:
    """Start Label Studio with all its state below `folder`, wait for it, stop it by its pid."""
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    arguments = {
        "--internal-host": "127.0.0.1",  # its default is every interface
        "--port": str(port),
        "--username": USER,
        "--password": PASSWORD,
        "--user-token": TOKEN,
    }
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [
                command,
                "start",
                "--no-browser",
                *(part for pair in arguments.items() for part in pair),
            ],
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        try:
            _wait(process, url, folder / "server.log")
            yield Server(url)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _environment(folder: Path) -> dict[str, str]:
    """Make its whole environment: it reads HOST, PORT, DEBUG and CI too, so nothing is inherited."""
    ours = {
        "BASE_DATA_DIR": str(folder / "data"),
        "ENABLE_LEGACY_API_TOKEN": "true",
        "DISABLE_SIGNUP_WITHOUT_LINK": "true",
        # Nothing leaves the machine.
        "COLLECT_ANALYTICS": "false",
        "LATEST_VERSION_CHECK": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "FEATURE_FLAGS_OFFLINE": "true",
        "CONVERTER_DOWNLOAD_RESOURCES": "false",
        "LOG_LEVEL": "WARNING",
    }
    system = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": str(folder)}
    return {**system, **{f"LABEL_STUDIO_{name}": value for name, value in ours.items()}}


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    begin = time.monotonic()
    while time.monotonic() - begin < _PATIENCE_SECONDS:
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), _OPENER.open(f"{url}/health", timeout=5):
            return
        time.sleep(0.2)
    raise AssertionError(f"Label Studio is not up: {log.read_text(errors='replace')[-2000:]}")
