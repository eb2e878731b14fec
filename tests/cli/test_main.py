"""The command itself: help, version, and a start that costs nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

import khobor
from tests.cli.conftest import Run


def test_the_version_is_the_packages(run: Run) -> None:
    assert run("--version").stdout.strip() == f"khobor, version {khobor.__version__}"


@pytest.mark.parametrize(
    "command",
    "build segment show check stats add agree adjudicate reanchor export import verify".split(),
)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    result = run(command, "-h")
    assert result.exit_code == 0
    assert command in run("-h").stdout
    assert len(result.stdout.splitlines()) > 5


def test_an_unknown_command_is_wrong_usage(run: Run) -> None:
    assert run("unbuild").exit_code == 2


def test_the_command_starts_without_the_heavy_libraries() -> None:
    """`datasets`, pyarrow and BNLP's imports cost seconds; `khobor -h` needs none of them."""
    script = (
        "import sys, khobor.cli.main\n"
        "print(*sorted({'datasets', 'pandas', 'pyarrow', 'bnlp', 'gensim', 'nltk'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
