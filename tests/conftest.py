"""Shared fixtures: where this repository and the real data beside it lie."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared" / "data"

# No deadline: a test must not fail because a machine is busy.
settings.register_profile("khobor", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("khobor")


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of this checkout."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real data of others; it never enters the project, so it may be absent."""
    if not SHARED.is_dir():
        pytest.skip("no real data beside the checkout (../shared/data)")
    return SHARED


@pytest.fixture(scope="session")
def seed_page(shared: Path) -> Path:
    """The real page whose text is withheld."""
    return shared / "seed" / "abp-ananda-whatsapp-outage.txt"
