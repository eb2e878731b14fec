"""A real Label Studio gets pages of the corpus, and what comes back is exactly what was changed.

`make integration` installs it; without it these tests are skipped.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from khobor.corpus.catalogues import read_catalogue, write_catalogue
from khobor.corpus.exports import export_annotations
from khobor.corpus.imports import import_annotations
from khobor.formats.codecs import codec_of
from tests.integration.labelstudio_server import PASSWORD, USER, Server, label_studio

pytestmark = pytest.mark.integration

EMOJI_PAGE = "gangchil-honey-betel-cooperative"
JOINER_PAGE = "nonajol-rab-sundarbans-robbers"  # র‍্যাব: র + ZWJ U+200D + ্ + য
PICTURE_PAGE = "rupnaran-godown-fire-cat"  # short enough for one window
PAGES = (EMOJI_PAGE, JOINER_PAGE, PICTURE_PAGE)

# Two consonants that are written as one: ক্ষ.
_CONJUNCT = re.compile("[ক-হ]\u09cd[ক-হ]")

Task = dict[str, Any]


class Project(msgspec.Struct, frozen=True):
    """A project of Label Studio with our tasks: what was sent, and what Label Studio calls it."""

    server: Server
    id: int
    folder: Path  # what `khobor export` wrote
    sent: dict[str, Task]
    numbers: dict[str, int]  # doc_id → task


@pytest.fixture(scope="module")
def tools(repository: Path) -> Path:
    """The programs of Label Studio's own environment."""
    programs = repository / ".venv-labelstudio" / "bin"
    if not (programs / "label-studio").exists():
        pytest.skip("Label Studio is not installed (make integration)")
    return programs


@pytest.fixture(scope="module")
def corpus(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus folder of three of our pages."""
    folder = tmp_path_factory.mktemp("corpus")
    rows = [row for _, row in read_catalogue(repository / "pages") if row.doc_id in PAGES]
    for name in PAGES:
        shutil.copytree(repository / "pages" / name, folder / "pages" / name)
    write_catalogue(folder / "pages", rows)
    gold = folder / "annotations" / "gold"
    gold.mkdir(parents=True)
    for name in PAGES:
        shutil.copy(repository / "annotations" / "gold" / f"{name}.jsonl", gold)
    return folder


@pytest.fixture(scope="module")
def server(tools: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with label_studio(tools / "label-studio", tmp_path_factory.mktemp("labelstudio")) as server:
        yield server


@pytest.fixture
def project(server: Server, corpus: Path, tmp_path: Path) -> Project:
    """A project with our configuration and our tasks."""
    export_annotations(corpus, tmp_path, codec_of("labelstudio"))
    folder = tmp_path / "gold"
    made = server.call(
        "POST",
        "/api/projects",
        {"title": "khobor", "label_config": (folder / "labelstudio.xml").read_text("utf-8")},
    )
    tasks = json.loads((folder / "labelstudio.json").read_bytes())
    answer = server.call("POST", f"/api/projects/{made['id']}/import?return_task_ids=true", tasks)
    sent = {task["data"]["doc_id"]: task for task in tasks}
    assert set(sent) == set(PAGES)
    return Project(
        server, made["id"], folder, sent, dict(zip(sent, answer["task_ids"], strict=True))
    )


def test_label_studio_gives_back_what_it_was_given(project: Project) -> None:
    for doc_id, number in project.numbers.items():
        back = project.server.call("GET", f"/api/tasks/{number}/")
        sent = project.sent[doc_id]
        assert back["data"] == sent["data"]
        assert [one["result"] for one in back["annotations"]] == [
            one["result"] for one in sent["annotations"]
        ]


def test_one_change_comes_back_and_nothing_else(project: Project, corpus: Path) -> None:
    before = {name: (corpus / "annotations/gold" / f"{name}.jsonl").read_bytes() for name in PAGES}
    mention = _relabel_a_mention(project, EMOJI_PAGE)
    exported = project.server.call("GET", f"/api/projects/{project.id}/export?exportType=JSON")
    (project.folder / f"project-{project.id}.json").write_text(
        json.dumps(exported, ensure_ascii=False), "utf-8"
    )

    imported = import_annotations(corpus, project.folder, codec_of("labelstudio"))

    assert {
        change.doc_id: (change.added, change.changed, change.removed) for change in imported.changes
    } == {name: (0, int(name == EMOJI_PAGE), 0) for name in PAGES}
    after = {name: (corpus / "annotations/gold" / f"{name}.jsonl").read_bytes() for name in PAGES}
    assert [name for name in PAGES if after[name] != before[name]] == [EMOJI_PAGE]
    lines = zip(before[EMOJI_PAGE].splitlines(), after[EMOJI_PAGE].splitlines(), strict=True)
    ((old, new),) = [(old, new) for old, new in lines if old != new]
    assert json.loads(new) == {**json.loads(old), "label": "WORK"}
    assert json.loads(new)["id"] == mention


def _relabel_a_mention(project: Project, doc_id: str) -> str:
    """Make the last mention of a page a WORK, as the page of Label Studio does; return its id."""
    server = project.server
    (found,) = server.call("GET", f"/api/tasks/{project.numbers[doc_id]}/")["annotations"]
    # The page writes every row again, with where it came from.
    rows = [{**row, "origin": "manual"} if "id" in row else row for row in found["result"]]
    mention = [row for row in rows if row.get("from_name") == "entity"][-1]
    assert mention["value"]["start"] > _emoji(project, doc_id)
    assert mention["value"]["labels"] != ["WORK"]
    mention["value"]["labels"] = ["WORK"]
    body = {
        "result": rows,
        "lead_time": 7.25,
        "draft_id": 0,
        "parent_prediction": None,
        "parent_annotation": None,
        "project": project.id,
    }
    server.call("PATCH", f"/api/annotations/{found['id']}/", body)
    return str(mention["id"])


def test_the_page_shows_our_words_at_every_region(
    project: Project, tools: Path, tmp_path: Path
) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no chromium on this machine (apt install chromium)")
    wanted = {name: _words(project, name) for name in PAGES}
    picture = Path(os.environ.get("KHOBOR_PICTURE", tmp_path / "labelstudio.png")).absolute()
    order = {
        "url": project.server.url,
        "user": USER,
        "password": PASSWORD,
        "project": project.id,
        "tasks": [{"id": project.numbers[name], "regions": len(wanted[name])} for name in PAGES],
        "chromium": chromium,
        "picture": str(picture),
    }
    script = Path(__file__).with_name("labelstudio_page.py")
    done = subprocess.run(
        [tools / "python", script],
        input=json.dumps(order),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    shown = json.loads(done.stdout)
    colours = _colours(project)
    for name in PAGES:
        page = shown[str(project.numbers[name])]
        # A line end is an element of its own on the page.
        ours = {region: words.replace("\n", "") for region, words in wanted[name].items()}
        assert {region: words for region, (words, _) in page.items()} == ours
        assert {
            row["id"]: colours[row["value"]["labels"][0]] for row in _regions(project, name)
        } == {region: colour for region, (_, colour) in page.items()}
    assert picture.read_bytes().startswith(b"\x89PNG")

    assert any(
        row["value"]["start"] > _emoji(project, EMOJI_PAGE) for row in _regions(project, EMOJI_PAGE)
    )
    words = list(wanted[JOINER_PAGE].values())
    assert any("র\u200d\u09cd\u09af" in one for one in words)
    assert any(_CONJUNCT.search(one) for one in words)


def _emoji(project: Project, doc_id: str) -> int:
    """Find the first character that is two of UTF-16."""
    text = project.sent[doc_id]["data"]["text"]
    return next(n for n, char in enumerate(text) if char > "\uffff")


def _regions(project: Project, doc_id: str) -> list[dict[str, Any]]:
    rows = project.sent[doc_id]["annotations"][0]["result"]
    return [row for row in rows if row["type"] == "labels"]


def _words(project: Project, doc_id: str) -> dict[str, str]:
    """Cut the words of a task's regions out of its text by their offsets."""
    text = project.sent[doc_id]["data"]["text"]
    return {
        row["id"]: text[row["value"]["start"] : row["value"]["end"]]
        for row in _regions(project, doc_id)
    }


def _colours(project: Project) -> dict[str, str]:
    """Turn the configuration into the colours in which a browser shows regions, by label."""
    labels = ET.fromstring((project.folder / "labelstudio.xml").read_bytes()).iter("Label")
    found = {label.get("value", ""): label.get("background", "") for label in labels}
    parts = {
        name: [int(colour[n : n + 2], 16) for n in (1, 3, 5)] for name, colour in found.items()
    }
    return {name: "rgba({}, {}, {}, 0.3)".format(*rgb) for name, rgb in parts.items()}
