"""khobor stats: a corpus folder in numbers, the same as its files hold."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from khobor.annotations.files import read_annotations
from khobor.jsonl import read_records
from khobor.records import Block, BlocksHeader
from tests.cli.conftest import Run
from tests.samples import MARKET, payload_of


def test_numbers_are_those_of_the_files(run: Run, corpus_folder: Path) -> None:
    numbers = json.loads(run("stats", corpus_folder, "--json").stdout)["corpus"]
    annotations = read_annotations(corpus_folder / "annotations" / "gold")
    assert (numbers["documents"], numbers["withheld"]) == (5, 1)
    assert sum(numbers["mentions"].values()) == sum(len(a.mentions) for a in annotations)
    assert numbers["quotes"]["quotes"] == sum(len(a.quotes) for a in annotations)
    suffixed = [m for a in annotations for m in a.mentions if m.name_end != m.end]
    assert numbers["suffixed"] == len(suffixed)
    lines = [
        record
        for path in (corpus_folder / "pages").glob("*/blocks.jsonl")
        for _, record in read_records(path, BlocksHeader | Block)  # type: ignore[arg-type]
    ]
    blocks = [record for record in lines if isinstance(record, Block)]
    assert sum(numbers["blocks"].values()) == len(blocks)
    assert {p["publisher"] for p in numbers["publishers"] if p["country"] == "IN"} == {
        "পাহাড়তলি বার্তা",
        "নগর দর্পণ",
    }


def test_the_labellers_score_is_printed_by_label_and_publisher(
    run: Run, corpus_folder: Path
) -> None:
    result = run("stats", corpus_folder)
    assert result.exit_code == 0
    assert "the labeller on 5 articles" in result.stdout
    rows = [line.split(maxsplit=5) for line in result.stdout.splitlines()]
    keys = {row[5] for row in rows if len(row) == 6}
    assert {"headline", "paragraph", "দৈনিক মোহনা"} <= keys


def test_quotes_stand_beside_real_news(run: Run, corpus_folder: Path) -> None:
    out = run("stats", corpus_folder).stdout
    (line,) = [line for line in out.splitlines() if line.startswith("bare, of those told")]
    assert line.endswith("83 %")


def test_a_withheld_page_counts_whole_where_it_is_passed(
    run: Run, corpus_folder: Path, tmp_path: Path
) -> None:
    owned = tmp_path / "mine.txt"
    owned.write_bytes(payload_of(MARKET))
    here = json.loads(run("stats", corpus_folder, "--json").stdout)["corpus"]
    local = json.loads(run("stats", corpus_folder, "--json", "--pages", owned).stdout)["corpus"]
    assert (local["documents"], local["withheld"]) == (6, 0)
    assert local["mentions"] == here["mentions"]
    assert local["quotes"]["read"] == here["quotes"]["read"] + 1


def test_what_a_corpus_has_none_of_has_no_section(run: Run, corpus_folder: Path) -> None:
    whole = run("stats", corpus_folder).stdout
    assert all(line == line.rstrip() for line in whole.splitlines())
    shutil.rmtree(corpus_folder / "annotations")
    bare = run("stats", corpus_folder)
    assert bare.exit_code == 0
    assert "blocks    " in bare.stdout
    assert "the labeller on 5 articles" in bare.stdout
    for said in ("\nmentions  ", "glued ending", "quotes    ", "Real news"):
        assert said in whole
        assert said not in bare.stdout
    (corpus_folder / "pages" / "catalogue.jsonl").write_bytes(b"")
    empty = run("stats", corpus_folder)
    assert (empty.exit_code, empty.stdout) == (0, "documents 0, withheld 0\n")
