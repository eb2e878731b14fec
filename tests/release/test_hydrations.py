"""Hydration: a release with its owner's pages is the release that a build with them writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from khobor.manifests import About, Author, Citation
from khobor.release.hydrations import hydrate_release
from khobor.release.writers import write_release
from tests.release.conftest import assemble_sources
from tests.rows import contents_of

ABOUT = About(
    description="Pages for a test.\n\n- ‘quoted’",
    creators=("expert-generated",),
    language_creators=("expert-generated",),
    licence="Do what you like.\n",
    citation=Citation(
        cff_version="1.2.0",
        message="Please cite it.",
        title="A corpus",
        authors=(Author(given_names="Ruma", family_names="Sen"),),
        type="dataset",
    ),
)
# What only a build knows: what was done since the last version, and with whose pages.
TOLD_OTHERWISE = {"CHANGELOG.md", "SHA256SUMS"}


@pytest.mark.parametrize("about", [ABOUT, About()], ids=["described", "bare"])
def test_a_hydrated_release_is_a_direct_build(about: About, sources: Path, tmp_path: Path) -> None:
    release, _ = write_release(
        assemble_sources(sources), tmp_path, name="sample", version="1.0.0.dev0", about=about
    )
    hydrated = hydrate_release(release, [sources / "owned.txt"], tmp_path / "hydrated")
    direct, _ = write_release(
        assemble_sources(sources, local=True),
        tmp_path / "direct",
        name="sample",
        version="1.0.0.dev0+local",
        about=about,
    )
    found, expected = contents_of(hydrated.path), contents_of(direct)
    assert found.keys() == expected.keys()
    assert {name for name in found if found[name] != expected[name]} <= TOLD_OTHERWISE
