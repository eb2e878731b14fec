"""khobor verify: faults on stdout, one a line; 0 sound, 1 faults, 2 no release."""

from __future__ import annotations

import re
import shutil
import socket
from pathlib import Path

import pytest

from khobor.corpus.corpora import assemble
from khobor.release.writers import write_release
from tests.cli.conftest import Run
from tests.samples import HAOR, TRAM, write_corpus


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of two pages."""
    folder = tmp_path_factory.mktemp("verified")
    write_corpus(folder, (HAOR, TRAM))
    corpus = assemble([folder / "pages"], annotations=folder / "annotations")
    return write_release(corpus, folder / "out", name="two", version="1.0.0.dev0")[0]


def test_a_sound_release_is_said_to_be_sound(run: Run, sound: Path) -> None:
    result = run("verify", sound)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"{sound} is sound\n"


def test_each_fault_is_a_line_that_a_script_can_read(run: Run, sound: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(sound, tmp_path / "spoiled"))
    (folder / "data" / "old.parquet").write_bytes(b"PAR1")
    (folder / "README.md").write_bytes(b"")
    result = run("verify", folder)
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert len(lines) >= 3
    assert all(re.fullmatch(r"\S+: error [a-z-]+ .+", line) for line in lines)
    assert {line.split(":")[0] for line in lines} == {"README.md", "data/old.parquet"}
    assert result.stderr.startswith(f"{len(lines)} faults in {folder}; ")


def test_names_from_a_stranger_cannot_command_the_terminal(
    run: Run, sound: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(sound, tmp_path / "spoiled"))
    (folder / "\x1b[2Jgone\n").write_bytes(b"")
    (folder / b"\xff\xfe".decode("utf-8", "surrogateescape")).write_bytes(b"")
    result = run("verify", folder)
    assert result.exit_code == 1
    assert "\x1b" not in result.stdout
    assert len(result.stdout.splitlines()) == 2


@pytest.mark.parametrize("name", ["nowhere", ".", "file"])
def test_what_is_no_release_is_wrong_usage(run: Run, name: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    result = run("verify", tmp_path / name)
    assert result.exit_code == 2
    assert "manifest.json" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_verifying_opens_no_connection(
    run: Run, sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was used")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert run("verify", sound).exit_code == 0
