"""Errors: what they say, and that they come home whole from a worker process."""

from __future__ import annotations

import multiprocessing
import pickle
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest

from khobor import errors
from khobor.errors import KhoborError, PageError

WHERE, MESSAGE, FIX = "pages/page-1/page.txt:3", "the line is cut off", "write it again"


def _kinds(kind: type[KhoborError]) -> Iterator[type[KhoborError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _kinds(child)


KINDS = [kind for kind in _kinds(KhoborError) if kind.__module__ == errors.__name__]


def _fail(kind: type[KhoborError]) -> None:
    """Raise an error in a worker process."""
    if kind is PageError:
        raise PageError(MESSAGE, where=WHERE, fix=FIX, reason="empty")
    raise kind(MESSAGE, where=WHERE, fix=FIX)


def _error(kind: type[KhoborError]) -> KhoborError:
    with pytest.raises(kind) as caught:
        _fail(kind)
    return caught.value


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_says_where_what_and_what_to_do(kind: type[KhoborError]) -> None:
    assert str(_error(kind)) == f"{WHERE}: {MESSAGE}; {FIX}"


def test_an_error_without_place_or_fix_is_its_message_alone() -> None:
    assert str(KhoborError(MESSAGE)) == MESSAGE
    assert str(KhoborError(MESSAGE, where=WHERE)) == f"{WHERE}: {MESSAGE}"
    assert str(KhoborError(MESSAGE, fix=FIX)) == f"{MESSAGE}; {FIX}"


@pytest.mark.parametrize("kind", KINDS)
def test_a_pickled_error_keeps_its_kind_and_all_that_it_says(kind: type[KhoborError]) -> None:
    error = _error(kind)
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is kind
    assert vars(back) == vars(error)
    assert str(back) == str(error)


def test_errors_come_back_whole_from_worker_processes() -> None:
    """An error that cannot be unpickled would break the whole pool instead."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        failures = {kind: pool.submit(_fail, kind).exception() for kind in KINDS}
    for kind, failure in failures.items():
        assert type(failure) is kind
        assert vars(failure) == vars(_error(kind))
