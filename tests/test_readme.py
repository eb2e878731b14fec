"""Every command and Python line of the README runs, and prints what the README says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from khobor.corpus.corpora import assemble
from khobor.corpus.statistics import statistics_of

_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# The parts of the repository that the README's commands touch.
_NEEDED = (
    "Makefile",
    "README.md",
    "CITATION.cff",
    "LICENSE-DATA",
    "build_corpus.py",
    "pages",
    "annotations",
    "examples",
)


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """A folder like a fresh clone, in which the commands may write."""
    folder = tmp_path_factory.mktemp("clone")
    for name in _NEEDED:
        (folder / name).symlink_to(repository / name)
    return folder


def _console(repository: Path) -> Iterator[tuple[str, str]]:
    """List the README's commands with what it says they print."""
    for block in _CONSOLE.findall((repository / "README.md").read_text(encoding="utf-8")):
        for entry in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = entry.partition("\n")
            yield command, output


def _environment(folder: Path) -> dict[str, str]:
    bin_folder = Path(sys.executable).parent
    return {
        **os.environ,
        "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(folder / ".hf"),
        "LC_ALL": "C.UTF-8",
    }


def _run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=folder,
        env=_environment(folder),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def _recipe(target: str, stamp: str, folder: Path) -> str:
    """What make runs for a target, its virtual environment taken for made."""
    made = _run(f"make --dry-run --old-file={stamp} {target}", folder)
    return made.stdout.replace(".venv/bin/python", sys.executable)


def test_every_command_prints_what_the_readme_says(repository: Path, clone: Path) -> None:
    commands = list(_console(repository))
    assert next(command for command, _ in commands) == "make corpus"
    for command, expected in commands:
        shell = _recipe("corpus", ".venv/.core", clone) if command == "make corpus" else command
        result = _run(shell, clone)
        assert result.stdout == expected, f"{command}\n{result.stdout}\n{result.stderr}"


def test_every_python_line_gives_what_the_readme_says(clone: Path) -> None:
    if not (clone / "dist" / "khobor-bn-news-1.0.1.dev0").exists():
        _run(_recipe("corpus", ".venv/.core", clone), clone)
    result = _run(f"{sys.executable} -m doctest README.md", clone)
    assert result.returncode == 0, result.stdout + result.stderr


def test_make_test_runs_the_suite(clone: Path) -> None:
    assert "-m pytest" in _recipe("test", ".venv/.dev", clone)


def test_the_table_of_publishers_counts_what_the_corpus_holds(repository: Path) -> None:
    readme = (repository / "README.md").read_text(encoding="utf-8")
    table = readme[readme.index("| publisher | country | pages |") :].split("\n\n")[0]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]
    ]
    corpus = assemble([repository / "pages"], annotations=repository / "annotations")
    numbers = statistics_of(corpus)
    wanted = [
        [row.publisher, row.country]
        + [f"{n:,}" for n in (row.pages, row.html, row.words, row.mentions, row.quotes)]
        for row in numbers.publishers
    ]
    assert rows[:-1] == wanted
    assert rows[-1][2:] == [
        f"{sum(getattr(row, name) for row in numbers.publishers):,}"
        for name in ("pages", "html", "words", "mentions", "quotes")
    ]


def test_the_files_that_the_readme_links_to_exist(repository: Path) -> None:
    readme = (repository / "README.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", readme)
    assert links
    assert [link for link in links if not (repository / link).exists()] == []
