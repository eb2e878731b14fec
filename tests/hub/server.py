"""The host on 127.0.0.1: real HTTP, so that the real client talks to it.

As strict as the real one where it matters: a token for every call of the API, none for the
addresses that uploads are given, a length and the right SHA-256 of every large file, NDJSON in
the commit, the parent commit, tags that stay where they are. What it is asked is logged.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.hub.repositories import Repository
from tests.hub.storage import Storage

TOKEN = "hf_khoborTestTokenNeverToBePrinted00"
READER = "hf_khoborTestTokenThatMayOnlyRead000"


class Refusal(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, message: str, *, code: str = "", **headers: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if code:
            self.headers["X-Error-Code"] = code


class Dropped(Exception):
    """The connection is to be broken off without a word."""


@dataclass(frozen=True)
class Request:
    """A request as it came, its body read; `path` is unquoted, segments stay apart in `parts`."""

    method: str
    path: str
    parts: tuple[str, ...]
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def line(self) -> str:
        """What the log and the faults go by."""
        return f"{self.method} {self.path}"

    def json(self) -> Any:
        """Read the body."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Answer:
    """What is sent back."""

    body: Any = None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Fault:
    """Something that goes wrong at requests whose line contains `at`, `times` times.

    `before` is called instead of an answer, `after` when the work is done and before it is told;
    `skip` requests go well first. `cut` breaks off after so many bytes of the request's body.
    """

    at: str
    times: int = 1
    skip: int = 0
    before: Callable[[Request], None] | None = None
    after: Callable[[Request], None] | None = None
    cut: int | None = None

    def fires(self, line: str) -> bool:
        """Say whether it happens now, and count."""
        if self.at not in line or self.times == 0:
            return False
        if self.skip:
            self.skip -= 1
            return False
        self.times -= 1
        return True


@dataclass
class Hub:
    """The state of the host, its log, and what is to go wrong."""

    repositories: dict[str, Repository] = field(default_factory=dict)
    storage: Storage = field(default_factory=Storage)
    faults: list[Fault] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)
    page: int = 40  # entries of a tree that are told at a time
    url: str = ""
    store_url: str = (
        ""  # another origin, as large files lie with somebody else: no token goes there
    )
    lock: threading.RLock = field(default_factory=threading.RLock)

    def count(self, start: str, contains: str = "") -> int:
        """Count the requests that began so."""
        return sum(line.startswith(start) and contains in line for line in self.log)

    @property
    def writes(self) -> list[str]:
        """What was asked that could change something."""
        harmless = ("validate-yaml", "paths-info")
        return [
            line
            for line in self.log
            if not line.startswith(("GET", "HEAD")) and not line.endswith(harmless)
        ]


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:
    from tests.hub.routes import answer_request

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body in one packet: the client would wait 40 ms for the second.
        wbufsize = 1024 * 1024
        disable_nagle_algorithm = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

        def answer(self) -> None:
            parts = urlsplit(self.path)
            line = f"{self.command} {unquote(parts.path)}"
            with hub.lock:
                hub.log.append(line)
                hub.agents.add(self.headers.get("user-agent", ""))
                fault = next((fault for fault in hub.faults if fault.fires(line)), None)
            try:
                body = self.read_body(fault)
                request = Request(
                    self.command,
                    unquote(parts.path),
                    tuple(unquote(part) for part in parts.path.strip("/").split("/")),
                    {name: values[-1] for name, values in parse_qs(parts.query).items()},
                    {name.lower(): value for name, value in self.headers.items()},
                    body,
                )
                if fault is not None and fault.before is not None:
                    fault.before(request)
                with hub.lock:
                    answer = answer_request(hub, request)
                if fault is not None and fault.after is not None:
                    fault.after(request)
            except Dropped:
                self.close_connection = True
                self.connection.close()
                return
            except Refusal as refusal:
                self.send(Answer({"error": refusal.message}, refusal.status, refusal.headers))
                return
            self.send(answer)

        def read_body(self, fault: Fault | None) -> bytes:
            if self.headers.get("transfer-encoding"):
                self.close_connection = True
                raise Refusal(411, "a length is required")
            length = int(self.headers.get("content-length", 0))
            if fault is not None and fault.cut is not None:
                self.rfile.read(min(fault.cut, length))
                raise Dropped
            return self.rfile.read(length)

        def send(self, answer: Answer) -> None:
            body = answer.body if isinstance(answer.body, bytes) else b""
            kind = "application/octet-stream"
            if answer.body is not None and not isinstance(answer.body, bytes):
                body, kind = json.dumps(answer.body).encode(), "application/json"
            self.send_response(answer.status)
            headers = {"Content-Type": kind, "Content-Length": str(len(body)), **answer.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that went away is what some tests ask for; the rest is kept for them to see."""
        error = sys.exc_info()[1]
        if not isinstance(error, OSError):
            self.hub.complaints.append(repr(error))

    hub: Hub


@contextmanager
def serve(hub: Hub) -> Iterator[Hub]:
    """Run the host for a while."""
    server = _Server(("127.0.0.1", 0), _handler(hub))
    server.hub = hub
    hub.url = f"http://127.0.0.1:{server.server_port}"
    hub.store_url = f"http://localhost:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
