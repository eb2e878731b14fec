"""What goes wrong between here and a host, as sentences: what it was, and what to do.

The host's own words are quoted, without the token, should it repeat it.
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

from khobor.errors import HostError

# What huggingface_hub and its client raise where a host refuses, breaks off or talks nonsense.
# LookupError, TypeError and AttributeError are its reading of an answer of another form.
FAILURES = (
    *(httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError),
    *(OSError, RuntimeError, ValueError, LookupError, TypeError, AttributeError),
)
# Of these another try may do better: the statuses that huggingface_hub itself tries again.
_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_LONGEST = 300  # characters of a host's own words
_AGAIN = "the same command goes on from there"

_SENTENCES: dict[int, tuple[str, str]] = {
    401: (
        "the host does not know the token",
        "log in again with `hf auth login`, or set HF_TOKEN to a valid token",
    ),
    402: ("the host wants to be paid for that", "see the plan of the owner's account"),
    403: (
        "the token may not do that",
        "use a token with write access to this repository, of a member who may write there",
    ),
    404: ("the host has no such thing", "correct --repo, and see that the token may read it"),
    409: ("the host says that it conflicts with what is there", f"look at it there; {_AGAIN}"),
    412: ("somebody else changed the repository meanwhile", f"look at it there; {_AGAIN}"),
    413: ("a file or the whole is too large for the host", "see its limits for data sets"),
    429: ("the host has had too many requests", f"wait a while: {_AGAIN}"),
}


def status_of(error: BaseException) -> int | None:
    """Turn a failure into the host's status, None where it gave no answer."""
    answer = _answer_of(error)
    return None if answer is None else answer.status_code


def may_pass(error: BaseException) -> bool:
    """Say whether another try may do better: a busy or broken host, a dropped connection."""
    status = status_of(error)
    if status is not None:
        return status in _PASSING
    return any(isinstance(cause, httpx2.TransportError) for cause in _causes(error))


def wait_of(error: BaseException) -> int:
    """Turn a failure into the seconds that the host asks to wait, 0 where it does not."""
    answer = _answer_of(error)
    asked = "" if answer is None else answer.headers.get("retry-after", "")
    return int(asked) if asked.isdecimal() else 0


def refusal_of(error: BaseException, doing: str, *, where: str, token: str) -> HostError:
    """Turn a failure while `doing` something into a sentence without the token."""
    message, fix = _sentence(error)
    return HostError(f"{doing}: {message}".replace(token, "<token>"), where=where, fix=fix)


def _sentence(error: BaseException) -> tuple[str, str]:
    answer = _answer_of(error)
    if answer is not None:
        status = answer.status_code
        message, fix = _SENTENCES.get(status, _other_status(status))
        words = _words_of(error)
        return f"{message} (status {status}{f': {words}' if words else ''})", fix
    for cause in _causes(error):
        if isinstance(cause, OfflineModeIsEnabled):
            return "HF_HUB_OFFLINE forbids the network", "unset it"
        if isinstance(cause, httpx2.TimeoutException):
            return "the host did not answer in time", f"try again later: {_AGAIN}"
        if isinstance(cause, httpx2.ConnectError):
            fix = f"see that the network and --endpoint are right: {_AGAIN}"
            return "the host cannot be reached", fix
        if isinstance(cause, httpx2.TransportError):
            return "the connection broke off", f"try again: {_AGAIN}"
        if isinstance(cause, OSError) and cause.filename is not None:
            return f"{cause.filename} cannot be read ({cause.strerror})", "mend it; " + _AGAIN
    said = f"{type(error).__name__}: {error}"
    return (
        f"the answer was not understood ({_short(said)})",
        "see that --endpoint is the right host",
    )


def _other_status(status: int) -> tuple[str, str]:
    if status >= 500:
        return "the host has a fault", f"try again later: {_AGAIN}"
    return "the host refuses", "its words say why"


def _words_of(error: BaseException) -> str:
    for cause in _causes(error):
        if isinstance(cause, HfHubHTTPError) and cause.server_message:
            return _short(cause.server_message)
    return ""


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "…"


def _answer_of(error: BaseException) -> httpx2.Response | None:
    for cause in _causes(error):
        if isinstance(cause, HfHubHTTPError | httpx2.HTTPStatusError):
            answer: httpx2.Response = cause.response
            return answer
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """List an error and what it came from: uploads wrap what the host said."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__
