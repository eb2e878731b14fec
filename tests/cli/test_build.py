"""khobor build: exit codes, and where it writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.rows import contents_of, read_rows
from tests.samples import MARKET, payload_of, write_plain_pages


def test_a_corpus_folder_becomes_a_dataset(run: Run, corpus_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run(
        *("build", corpus_folder / "pages", "--annotations", corpus_folder / "annotations"),
        *("--out", out, "--name", "sample"),
    )
    assert result.exit_code == 0
    assert [path.name for path in out.iterdir()] == ["sample-1.0.0.dev0"]
    assert "documents" in result.stdout
    assert len(read_rows(out / "sample-1.0.0.dev0", "documents")) == 5


def test_a_corpus_without_its_annotations_is_told_of(
    run: Run, corpus_folder: Path, tmp_path: Path
) -> None:
    pages, annotations = corpus_folder / "pages", corpus_folder / "annotations"
    without = run("build", pages, "--out", tmp_path / "a")
    assert f"--annotations {annotations}" in without.stderr
    with_them = run("build", pages, "--annotations", annotations, "--out", tmp_path / "b")
    assert "built without" not in with_them.stderr


def test_rejected_pages_are_a_result_and_with_strict_a_finding(run: Run, tmp_path: Path) -> None:
    pages = write_plain_pages(tmp_path / "pages", 1)
    (pages / "empty.txt").write_bytes(b"")
    result = run("build", pages, "--out", tmp_path / "a")
    assert result.exit_code == 0
    assert "empty 1" in result.stdout
    assert "khobor-pages-1.0.0.dev0/reports/rejects.jsonl" in result.stdout
    strict = run("build", pages, "--out", tmp_path / "b", "--strict")
    assert strict.exit_code == 1
    assert contents_of(tmp_path / "b") == contents_of(tmp_path / "a")
    (pages / "empty.txt").unlink()
    assert run("build", pages, "--out", tmp_path / "b", "--strict").exit_code == 0


def test_a_release_of_rejects_alone_is_written_and_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "menu.txt").write_text("হোম\nখেলা\n", encoding="utf-8")
    result = run("build", tmp_path / "menu.txt", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "nothing to load" in result.stdout
    (release,) = (tmp_path / "out").iterdir()
    said = "menu.txt: no page became a document; "
    assert f"{said}{release / 'reports' / 'rejects.jsonl'} says why" in result.stderr
    reject = json.loads((release / "reports" / "rejects.jsonl").read_text(encoding="utf-8"))
    assert (reject["source"], reject["reason"]) == ("menu.txt", "no-article")


def test_the_owner_of_a_withheld_page_gets_its_rows(
    run: Run, corpus_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.txt").write_bytes(payload_of(MARKET))
    out = tmp_path / "out"
    result = run(
        *("build", corpus_folder / "pages", "--annotations", corpus_folder / "annotations"),
        *("--pages", tmp_path / "mine.txt", "--out", out),
    )
    assert result.exit_code == 0
    assert "not publishable" in result.stdout
    (release,) = out.iterdir()
    assert release.name.endswith("+local")
    assert "night-market" in {row["doc_id"] for row in read_rows(release, "documents")}


def test_what_stands_in_out_and_is_not_ours_is_a_finding_and_stays(
    run: Run, corpus_folder: Path, tmp_path: Path
) -> None:
    foreign = tmp_path / "out" / "khobor-pages-1.0.0.dev0"
    foreign.mkdir(parents=True)
    (foreign / "thesis.txt").write_text("three years of work", encoding="utf-8")
    result = run("build", corpus_folder / "pages", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert str(foreign) in result.stderr
    assert [path.name for path in (tmp_path / "out").rglob("*.*")] == [
        *("khobor-pages-1.0.0.dev0", "thesis.txt"),
    ]


def test_an_out_that_cannot_be_written_is_wrong_usage(
    run: Run, corpus_folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    result = run("build", corpus_folder / "pages", "--out", tmp_path / "file" / "out")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr


def test_missing_arguments_are_wrong_usage(run: Run, tmp_path: Path) -> None:
    assert run("build").exit_code == 2
    assert run("build", tmp_path).exit_code == 2
    assert run("build", tmp_path, "--out", tmp_path / "out", "--workers", "0").exit_code == 2
    assert run("build", tmp_path, "--out", tmp_path / "out", "--name", "a/b").exit_code == 2
    assert not (tmp_path / "out").exists()


def test_a_folder_without_pages_is_a_finding(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    result = run("build", tmp_path / "pages", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert f"{tmp_path / 'pages'}: no page became a document; there is no page in it" in (
        result.stderr
    )


@pytest.mark.parametrize("level", ["annotations/gold", "nobody"])
def test_annotations_one_level_off_are_not_dropped_in_silence(
    run: Run, corpus_folder: Path, tmp_path: Path, level: str
) -> None:
    (corpus_folder / "nobody" / "asha").mkdir(parents=True)
    given = corpus_folder / level
    result = run(
        *("build", corpus_folder / "pages", "--annotations", given, "--out", tmp_path / "out")
    )
    assert result.exit_code == 2
    assert f"{given}: no annotation files in the folders below it; expected one folder an" in (
        result.stderr
    )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["build", "segment"])
def test_help_names_every_kind_of_crawl(run: Run, command: str) -> None:
    text = " ".join(run(command, "--help").stdout.split())
    assert "Column of JSON Lines, CSV and Parquet crawls" in text
    for kind in ("WARC (.warc)", "JSON Lines (.jsonl", "CSV (.csv)", "Parquet (.parquet)"):
        assert kind in text


def test_what_a_dataset_says_of_itself_comes_from_files(
    run: Run, corpus_folder: Path, repository: Path, tmp_path: Path
) -> None:
    (tmp_path / "about.md").write_text("Pages of **our** town.\n", encoding="utf-8")
    (tmp_path / "LICENCE.txt").write_bytes(b"Ask us.\n")
    told = ("--about", tmp_path / "about.md", "--licence", tmp_path / "LICENCE.txt")
    cited = ("--citation", repository / "CITATION.cff")
    out = tmp_path / "out"
    assert run("build", corpus_folder / "pages", "--out", out, *told, *cited).exit_code == 0
    release = out / "khobor-pages-1.0.0.dev0"
    assert "Pages of **our** town." in (release / "README.md").read_text(encoding="utf-8")
    assert (release / "LICENSE").read_bytes() == b"Ask us.\n"
    assert "version: 1.0.0.dev0" in (release / "CITATION.cff").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("option", "content", "code", "said"),
    [
        ("--about", None, 2, "cannot be read"),
        ("--licence", b"\xff", 2, "no text in UTF-8"),
        ("--citation", b"title: x", 1, "not a citation"),
    ],
)
def test_a_file_that_says_nothing_stops_a_build_before_it_begins(
    run: Run, corpus_folder: Path, tmp_path: Path,
    option: str, content: bytes | None, code: int, said: str,
) -> None:  # fmt: skip
    path = tmp_path / "told"
    if content is not None:
        path.write_bytes(content)
    result = run("build", corpus_folder / "pages", "--out", tmp_path / "out", option, path)
    assert result.exit_code == code
    assert str(path) in result.stderr
    assert said in result.stderr
    assert not (tmp_path / "out").exists()
