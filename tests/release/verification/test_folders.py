"""Faults in the folder itself: files too many, too few, damaged, stale, or in disguise."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from khobor.release.verification.faults import MOST_A_FILE
from khobor.release.verification.releases import verify_release
from tests.release.verification.fakes import (
    Plant,
    assert_found,
    checks_of,
    copy_of,
    edit_manifest,
    edit_text,
    fit,
    fit_sums,
    write_table,
)

TRAIN = "data/documents/train-00000-of-00001.parquet"


def _put(name: str, content: bytes = b"x\n") -> Plant:
    def plant(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    return plant


def _copy_shard(name: str) -> Plant:
    """A shard of an earlier build that was left there: load_dataset with a glob would read it."""

    def plant(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / TRAIN, folder / name)

    return plant


def _add_shard(folder: Path) -> None:
    """A second shard that the manifest lists too, numbered as no release numbers them."""
    name = "data/documents/train-00001-of-00001.parquet"
    shutil.copyfile(folder / TRAIN, folder / name)

    def change(manifest: dict) -> None:  # type: ignore[type-arg]
        files = manifest["files"]
        files.insert(1, {**files[0], "path": name})

    edit_manifest(folder, change)


def _remove(name: str) -> Plant:
    return lambda folder: (folder / name).unlink()


# These lie beside what SHA256SUMS lists: at first they are listed nowhere.
STRAYS: dict[str, tuple[Plant, str]] = {
    "a stale shard": (
        _copy_shard("data/documents/train-00001-of-00002.parquet"),
        "stray-shard",
    ),
    "a shard in a configuration of its own": (
        _copy_shard("data/old/train-00000-of-00001.parquet"),
        "stray-shard",
    ),
    "a shard beside data": (_copy_shard("train.parquet"), "stray-file"),
    "a text below data": (_put("data/notes.txt"), "stray-shard"),
    "a loading script": (_put("sample.py", b"import os\n"), "stray-file"),
    "a file of an editor": (_put("README.md~"), "leftover"),
    "a file of a desktop": (_put(".DS_Store"), "leftover"),
    "an interrupted write": (_put("reports/rejects.jsonl.tmp"), "leftover"),
    "a page": (_put("pages/raw.html"), "stray-file"),
    "folders without end": (_put("/".join("abcdefghijklm") + "/deep.txt"), "stray-file"),
}


@pytest.mark.parametrize("name", STRAYS)
def test_a_file_that_is_no_part_of_a_release_is_found(
    name: str, small_release: Path, tmp_path: Path
) -> None:
    plant, check = STRAYS[name]
    folder = copy_of(small_release, tmp_path)
    plant(folder)
    assert checks_of(folder) == {check}
    if name != "folders without end":
        fit(folder)
        assert checks_of(folder) == {check}


CHANGED: dict[str, tuple[Plant, set[str]]] = {
    "a shard that the manifest lists, numbered wrong": (
        _add_shard,
        {"shard-name", "card-files", "row-order", "card-sizes"},
    ),
    "the changelog is of another version": (
        lambda folder: edit_text(folder / "CHANGELOG.md", "## 1.0.0.dev0", "## 0.9.0"),
        {"version"},
    ),
}


@pytest.mark.parametrize("name", CHANGED)
def test_a_fault_of_a_folder_is_found(name: str, small_release: Path, tmp_path: Path) -> None:
    assert_found(small_release, tmp_path, *CHANGED[name])


@pytest.mark.parametrize(
    "name",
    ["README.md", "CHANGELOG.md", "SHA256SUMS", "splits.jsonl", "reports/misfits.jsonl", TRAIN],
)
def test_a_missing_file_is_found(name: str, small_release: Path, tmp_path: Path) -> None:
    folder = copy_of(small_release, tmp_path)
    (folder / name).unlink()
    assert name in {f.file for f in verify_release(folder) if f.check == "missing-file"}


def test_a_missing_shard_is_found_also_where_manifest_and_sums_leave_it_out(
    small_release: Path, tmp_path: Path
) -> None:
    folder = copy_of(small_release, tmp_path)
    (folder / TRAIN).unlink()
    fit(folder)
    assert {"card-files", "orphan-row", "split", "count"} <= checks_of(folder)


def test_a_shard_of_another_build_in_the_place_of_ours_is_found(
    release: Path, small_release: Path, tmp_path: Path
) -> None:
    """Sound by itself, and all the books fit: its rows are of other documents."""
    folder = copy_of(small_release, tmp_path)
    name = "data/sentences/train-00000-of-00001.parquet"
    shutil.copyfile(release / name, folder / name)
    assert "checksum" in checks_of(folder)
    fit(folder)
    assert {"orphan-row", "sentence-row", "card-figures"} == checks_of(folder)


def test_one_changed_byte_of_any_file_is_found(small_release: Path, tmp_path: Path) -> None:
    folder = copy_of(small_release, tmp_path)
    for path in sorted(p for p in small_release.rglob("*") if p.is_file() and p.stat().st_size):
        name = path.relative_to(small_release).as_posix()
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        (folder / name).write_bytes(content)
        faults = verify_release(folder)
        named = {"checksum"} if name != "SHA256SUMS" else {"checksum", "missing-file", "sums"}
        assert named & {fault.check for fault in faults}, name
        (folder / name).write_bytes(path.read_bytes())
    assert verify_release(folder) == []


@pytest.mark.parametrize(
    ("line", "check"),
    [
        ("nonsense\n", "sums"),
        (f"{'0' * 64}  ../../etc/passwd\n", "unsafe-path"),
        (f"{'0' * 64}  /etc/passwd\n", "unsafe-path"),
        (f"{'0' * 64}  ./README.md\n", "unsafe-path"),
        (f"{'0' * 64}  zz.txt\n", "missing-file"),
        (f"{'0' * 64}  zz.txt", "sums"),
    ],
)
def test_a_line_of_sha256sums_that_is_none_is_found(
    line: str, check: str, small_release: Path, tmp_path: Path
) -> None:
    folder = copy_of(small_release, tmp_path)
    with (folder / "SHA256SUMS").open("a", encoding="utf-8") as sums:
        sums.write(line)
    assert check in checks_of(folder)


def test_a_shard_that_sha256sums_leaves_out_is_found(small_release: Path, tmp_path: Path) -> None:
    folder = copy_of(small_release, tmp_path)
    sums = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "SHA256SUMS").write_text("".join(s for s in sums if TRAIN not in s))
    assert [(f.file, f.check) for f in verify_release(folder)] == [(TRAIN, "unlisted")]


def test_a_link_is_no_file_of_a_release(small_release: Path, tmp_path: Path) -> None:
    folder = copy_of(small_release, tmp_path)
    outside = tmp_path / "outside.parquet"
    (folder / TRAIN).rename(outside)
    (folder / TRAIN).symlink_to(outside)
    assert (TRAIN, "plain-file") in {(f.file, f.check) for f in verify_release(folder)}
    os.mkfifo(folder / "pipe")  # reading it would wait for ever
    assert ("pipe", "plain-file") in {(f.file, f.check) for f in verify_release(folder)}


def test_what_other_programs_bring_with_a_release_is_no_fault(
    small_release: Path, tmp_path: Path
) -> None:
    """Git's and the Hub's own files, and those of a release that other versions write."""
    folder = copy_of(small_release, tmp_path)
    _put("CITATION.cff", b"cff-version: 1.2.0\n")(folder)
    _put("figures/lengths.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>\n")(folder)
    _put("reports/agreements.jsonl", b"")(folder)
    assert checks_of(folder) == {"unlisted"}
    fit_sums(folder)
    _put(".gitattributes")(folder)
    _put(".git/config")(folder)
    _put(".cache/huggingface/download/README.md.metadata")(folder)
    assert verify_release(folder) == []


def test_damaged_parquet_is_a_fault_wherever_it_is_damaged(
    small_release: Path, tmp_path: Path
) -> None:
    folder = copy_of(small_release, tmp_path)
    path = folder / TRAIN
    content = path.read_bytes()
    for at in range(0, len(content), max(1, len(content) // 12)):
        spoiled = bytearray(content)
        spoiled[at : at + 40] = bytes(len(spoiled[at : at + 40]))
        for damaged in (bytes(spoiled), content[:at]):
            path.write_bytes(damaged)
            fit_sums(folder)
            found = {(f.file, f.check) for f in verify_release(folder)}
            assert found & {(TRAIN, "parquet"), ("manifest.json", "checksum")}


def test_an_empty_parquet_is_a_fault(small_release: Path, tmp_path: Path) -> None:
    folder = copy_of(small_release, tmp_path)
    write_table(folder / TRAIN, pq.read_table(folder / TRAIN).slice(0, 0))
    fit(folder)
    assert (TRAIN, "parquet") in {(f.file, f.check) for f in verify_release(folder)}


def test_many_faults_are_counted_and_not_all_listed(small_release: Path, tmp_path: Path) -> None:
    folder = copy_of(small_release, tmp_path)
    for number in range(120):
        _put(f"data/stale-{number:03}.parquet")(folder)
    with (folder / "SHA256SUMS").open("a", encoding="utf-8") as sums:
        sums.writelines("nonsense\n" for _ in range(120))
    faults = verify_release(folder)
    strays = [f for f in faults if f.check == "stray-shard"]
    assert len(strays) == 51
    assert strays[0].message == "… and 70 more in other files"
    lines = [f for f in faults if f.check == "sums"]
    assert len(lines) == MOST_A_FILE + 1
    assert lines[-1].message == "… and 115 more in this file"
