"""Version numbers: which builds are provisional, and what `datasets` can read of them."""

from __future__ import annotations

import pytest
from datasets import Version

from khobor.release.differences import Bump
from khobor.release.versions import base_version, bump_between, development_version, next_version


def test_a_build_that_is_not_frozen_is_a_development_version() -> None:
    assert development_version(following="1.2.0") == "1.2.0.dev0"
    assert development_version(following="1.2.0", local=True) == "1.2.0.dev0+local"


@pytest.mark.parametrize("version", ["1.2.0", "1.2.0.dev0", "1.2.0.dev0+local", "1.2.0+local"])
def test_the_base_of_a_version_is_what_datasets_reads(version: str) -> None:
    assert base_version(version) == "1.2.0"
    assert Version(base_version(version)).tuple == (1, 2, 0)


@pytest.mark.parametrize(
    ("last", "bump", "following"),
    [
        (None, "PATCH", "1.0.0"),
        ("1.2.3", "PATCH", "1.2.4"),
        ("1.2.3", "MINOR", "1.3.0"),
        ("1.9.3", "MAJOR", "2.0.0"),
    ],
)
def test_a_bump_leads_to_the_next_version(last: str | None, bump: Bump, following: str) -> None:
    assert next_version(last, bump) == following
    assert last is None or bump_between(last, following) == bump


def test_an_earlier_version_follows_by_no_bump() -> None:
    assert bump_between("1.10.0", "1.9.9") is None
    assert bump_between("1.0.0", "1.0.0") is None
