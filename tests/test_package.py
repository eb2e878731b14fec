"""The package: cheap to import, without a network, and without the heavy parts of BNLP."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

import khobor

# Every use of a socket is refused and noted: a library may swallow the refusal.
OFFLINE = """
import json, sys
sockets = []
def refuse(event, arguments):
    if event.startswith("socket.") and event != "socket.gethostname":
        sockets.append(event)
        raise OSError("the network is out of bounds")
sys.addaudithook(refuse)
"""
REPORT = """
print(json.dumps({"sockets": sockets, "modules": sorted(sys.modules), "said": said}))
"""
HEAVY = {"datasets", "gensim", "nltk", "pyarrow", "pandas", "numpy"}

HEADLINE = "চরে নতুন স্কুল, খুশি শিশুরা"
PAGE = f"""{HEADLINE}

ভোলা: মাঝিডহর চরে সোমবার থেকে নতুন স্কুলের ক্লাস শুরু হয়েছে। প্রথম দিনে হাজির ছিল চল্লিশ জন শিশু, বই পেয়েছে সবাই।

শিক্ষক রুমা সরকার বলেন, ‘নৌকায় আসতে আর হবে না।’ অভিভাবকেরা খুশি, তাঁরা এখন একটি মাঠ চান।
"""


def run(code: str, folder: Path) -> dict[str, Any]:
    """Run code in a fresh Python in which every socket is refused."""
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE + code + REPORT],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_importing_khobor_costs_next_to_nothing(tmp_path: Path) -> None:
    found = run("import khobor\nsaid = khobor.__version__", tmp_path)
    assert found["said"] == khobor.__version__
    assert found["sockets"] == []
    assert HEAVY & set(found["modules"]) == set()
    assert "bnlp" not in found["modules"]


def test_the_whole_interface_works_offline_and_without_the_weight_of_bnlp(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    code = f"""
import pathlib
import khobor
document = khobor.read_page("page.txt")
header = {{"type": "annotation", "doc_id": document.doc_id, "text_sha256": document.text_sha256,
          "annotator": "ruma", "guideline": "1.0", "progress": "complete"}}
mention = {{"type": "mention", "id": "e1", "start": 0, "end": 3, "name_end": 2, "label": "LOC"}}
lines = [json.dumps(line) + chr(10) for line in (header, mention)]
pathlib.Path("ruma.jsonl").write_text("".join(lines), encoding="utf-8")
(annotation,) = khobor.read_annotations("ruma.jsonl")
alignment = khobor.align(document, annotation)
sentences = khobor.split_sentences(document.text)
starts, ends = khobor.token_bounds({HEADLINE!r})
said = {{
    "labels": [block.label for block in document.blocks],
    "tags": alignment.sentences[0].ner_tags,
    "sentences": len(sentences),
    "bounds": [starts.tolist(), ends.tolist()],
    "tokens": [[span.start, span.end] for span in khobor.tokenize({HEADLINE!r})],
}}
"""
    found = run(code, tmp_path)
    assert found["said"] == {
        "labels": ["headline", "dateline", "paragraph", "paragraph"],
        "tags": ["B-LOC", "O", "O", "O", "O", "O"],
        "sentences": 5,
        "bounds": [[0, 4, 9, 14, 16, 21], [3, 8, 14, 15, 20, 27]],
        "tokens": [[0, 3], [4, 8], [9, 14], [14, 15], [16, 20], [21, 27]],
    }
    assert found["sockets"] == []
    assert {"gensim", "nltk", "bnlp"} & set(found["modules"]) == set()


def test_the_offline_guard_notices_a_socket(tmp_path: Path) -> None:
    """Else the tests above could not fail."""
    code = """
import socket
try:
    socket.create_connection(("127.0.0.1", 9), timeout=1)
except OSError:
    pass
said = None
"""
    assert run(code, tmp_path)["sockets"] != []


@pytest.mark.parametrize("name", khobor.__all__)
def test_every_function_of_the_interface_is_there_and_documented(name: str) -> None:
    function = getattr(khobor, name)
    assert callable(function)
    assert function.__doc__


def test_there_is_one_version(repository: Path) -> None:
    project = tomllib.loads((repository / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["version"] == khobor.__version__


def test_the_package_says_that_it_is_typed() -> None:
    assert khobor.__file__ is not None
    assert (Path(khobor.__file__).parent / "py.typed").is_file()


def test_workers_of_a_build_need_not_import_datasets(tmp_path: Path) -> None:
    """It takes most of a second, in each of them."""
    found = run("import khobor.corpus.paging, khobor.release.ranged\nsaid = None", tmp_path)
    assert {"datasets", "pandas"} & set(found["modules"]) == set()
    assert found["sockets"] == []
