"""Version numbers: which builds are provisional, and what `datasets` can read of them."""

from __future__ import annotations

import pytest
from datasets import Version

from khobor.release.versions import base_version, development_version


def test_a_build_that_is_not_frozen_is_a_development_version() -> None:
    assert development_version(following="1.2.0") == "1.2.0.dev0"
    assert development_version(following="1.2.0", local=True) == "1.2.0.dev0+local"


@pytest.mark.parametrize("version", ["1.2.0", "1.2.0.dev0", "1.2.0.dev0+local", "1.2.0+local"])
def test_the_base_of_a_version_is_what_datasets_reads(version: str) -> None:
    assert base_version(version) == "1.2.0"
    assert Version(base_version(version)).tuple == (1, 2, 0)
