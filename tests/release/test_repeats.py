"""Same input, same bytes: any order, any number of workers, any hash seed, locale or folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from khobor.corpus.corpora import Corpus, assemble
from khobor.release.writers import write_release
from tests.release.conftest import assemble_sources
from tests.rows import contents_of
from tests.samples import write_plain_pages

VERSION = "1.0.0.dev0"


def _contents(corpus: Corpus, out: Path) -> dict[str, str]:
    return contents_of(write_release(corpus, out, name="sample", version=VERSION)[0])


def test_two_builds_are_the_same_bytes(sources: Path, release: Path, tmp_path: Path) -> None:
    assert _contents(assemble_sources(sources), tmp_path) == contents_of(release)


def test_another_order_of_inputs_is_the_same_bytes(sources: Path, tmp_path: Path) -> None:
    """Folders, or files one by one and backwards: only the set of pages counts."""
    pages, annotations = sources / "corpus" / "pages", sources / "corpus" / "annotations"
    plain = write_plain_pages(tmp_path / "plain", 5)
    (plain / "copy.txt").write_bytes((plain / "bridge-000.txt").read_bytes())
    files = sorted(plain.iterdir(), reverse=True)
    one = assemble([pages, plain], annotations=annotations)
    other = assemble([*files, pages], annotations=annotations)
    assert _contents(other, tmp_path / "b") == _contents(one, tmp_path / "a")


def test_another_process_locale_and_folder_are_the_same_bytes(
    sources: Path, release: Path, tmp_path: Path
) -> None:
    """PYTHONUTF8=0 in the C locale: a file opened without its encoding would fail on Bengali."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(elsewhere),
        "PYTHONHASHSEED": "4242",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "LC_ALL": "C",
        "TZ": "Asia/Dhaka",
        "HF_HUB_OFFLINE": "1",
    }
    relative = [os.path.relpath(sources / name, elsewhere) for name in ("corpus/pages", "plain")]
    script = "from khobor.cli.main import main; main()"
    done = subprocess.run(
        [
            *(sys.executable, "-c", script, "build", *reversed(relative)),
            *("--annotations", os.path.relpath(sources / "corpus" / "annotations", elsewhere)),
            *("--out", "out", "--name", "sample"),
        ],
        cwd=elsewhere,
        env=environment,
        capture_output=True,
        check=False,
    )
    # No terminal: no progress bar, and no warning of a library.
    assert (done.returncode, done.stderr) == (0, b"")
    assert contents_of(elsewhere / "out" / f"sample-{VERSION}") == contents_of(release)


def test_a_release_is_the_same_bytes_under_any_folder(release: Path, local_release: Path) -> None:
    """The local build differs by its page alone: what it shares is the same."""
    ours, local = contents_of(release), contents_of(local_release)
    shared = {name for name in ours if name.startswith("standoff/")} - {"standoff/catalogue.jsonl"}
    assert len(shared) == 5
    assert {name: local[name] for name in shared} == {name: ours[name] for name in shared}
