"""khobor score: the tables, the JSON, and what it says of bad input."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from khobor.annotations.files import read_annotations, without_words, write_annotation
from khobor.jsonl import write_records
from khobor.manifests import SplitRow
from khobor.records import Annotation
from tests.cli.conftest import Run
from tests.samples import MARKET, payload_of
from tests.scoring.records import shifted


@pytest.fixture
def predicted(corpus_folder: Path, tmp_path: Path) -> Path:
    """A folder of predictions that are gold's, to spoil."""
    return Path(
        shutil.copytree(
            corpus_folder / "annotations" / "gold",
            tmp_path / "model",
            ignore=shutil.ignore_patterns("decisions"),
        )
    )


def spoil(folder: Path, doc_id: str, change: Callable[[Annotation], Annotation]) -> None:
    path = folder / f"{doc_id}.jsonl"
    (made,) = read_annotations(path)
    write_annotation(path, change(made))


def scores(run: Run, *arguments: object) -> dict[str, Any]:
    result = run("score", *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_gold_against_itself_is_perfect(run: Run, corpus_folder: Path) -> None:
    found = scores(run, "gold", "gold", "--corpus", corpus_folder)
    annotations = read_annotations(corpus_folder / "annotations" / "gold")
    finished = [a for a in annotations if a.progress == "complete"]
    micro = found["mentions"]["exact"]["micro"]
    assert micro["counts"] == {
        "matched": sum(len(a.mentions) for a in finished),
        "missed": 0,
        "spurious": 0,
    }
    assert (micro["f1"], micro["low"], micro["high"]) == (1, 1, 1)
    assert found["mentions"]["exact"]["macro_f1"]["value"] == 1
    assert found["quotes"]["all"]["strict"]["f1"] == 1
    assert found["quotes"]["all"]["strict"]["counts"]["matched"] == sum(
        len(a.quotes) for a in finished
    )
    assert found["mentions"]["coverage"]["scored"] == sorted(a.doc_id for a in finished)


def test_gold_shifted_is_nothing(run: Run, corpus_folder: Path, tmp_path: Path) -> None:
    moved = tmp_path / "moved"
    for made in read_annotations(corpus_folder / "annotations" / "gold"):
        write_annotation(moved / f"{made.doc_id}.jsonl", shifted(made, 10_000))
    # Without a corpus folder no text says that these spans lie outside it.
    found = scores(run, corpus_folder / "annotations" / "gold", moved)
    assert found["mentions"]["overlap"]["micro"]["f1"] == 0
    assert found["quotes"]["all"]["found"]["f1"] == 0
    refused = run("score", "gold", moved, "--corpus", corpus_folder)
    assert refused.exit_code == 1
    assert "does not lie in the text of" in refused.stderr


def test_a_path_and_a_name_say_the_same(run: Run, corpus_folder: Path, predicted: Path) -> None:
    by_name = run("score", "gold", predicted, "--corpus", corpus_folder)
    folder = corpus_folder / "annotations" / "gold"
    by_path = run("score", folder, predicted, "--corpus", corpus_folder)
    assert by_name.stdout == by_path.stdout
    assert by_name.stdout.startswith("model against gold: ")
    one = run("score", folder / "char-ferry.jsonl", predicted / "char-ferry.jsonl")
    assert one.stdout.splitlines()[0].endswith(": 1 document")
    assert all(line == line.rstrip() for line in by_name.stdout.splitlines())


def test_one_planted_error_is_seen_in_each_table(
    run: Run, corpus_folder: Path, predicted: Path
) -> None:
    def change(made: Annotation) -> Annotation:
        first = made.quotes[0]
        label = "ORG" if made.mentions[0].label != "ORG" else "PER"
        return msgspec.structs.replace(
            made,
            mentions=(
                msgspec.structs.replace(made.mentions[0], label=label),
                *made.mentions[1:],
            ),
            quotes=(msgspec.structs.replace(first, cue=None), *made.quotes[1:]),
        )

    spoil(predicted, "char-ferry", change)
    found = scores(run, "gold", predicted, "--corpus", corpus_folder)
    exact, quotes = found["mentions"]["exact"]["micro"]["counts"], found["quotes"]["all"]
    assert (exact["missed"], exact["spurious"]) == (1, 1)
    assert found["mentions"]["confusions"] == [{"gold": "GPE", "predicted": "ORG", "count": 1}]
    assert (quotes["cue"]["counts"]["missed"], quotes["cue"]["counts"]["spurious"]) == (1, 0)
    assert quotes["strict"]["counts"]["missed"] == 1
    table = run("score", "gold", predicted, "--corpus", corpus_folder).stdout
    assert "GPE → ORG 1" in table


def test_what_is_not_scored_is_said(run: Run, corpus_folder: Path, predicted: Path) -> None:
    spoil(predicted, "char-ferry", lambda made: msgspec.structs.replace(made, progress="partial"))
    (predicted / "orange-garden.jsonl").unlink()
    spoil(
        corpus_folder / "annotations" / "gold",
        "haor-boat-school",
        lambda made: msgspec.structs.replace(made, progress="partial"),
    )
    result = run("score", "gold", predicted, "--corpus", corpus_folder)
    assert result.exit_code == 0
    for said in (
        "not predicted, so all that gold has there counts as missed: 1 (orange-garden)",
        "predicted, but not complete, so what they lack counts as missed: 1 (char-ferry)",
        "not complete in gold, and not scored: ",
    ):
        assert said in result.stderr
    assert result.stdout.count("note") == 0
    assert len(scores(run, "gold", predicted, "--corpus", corpus_folder)["notes"]) >= 3


def test_labels_can_be_chosen(run: Run, corpus_folder: Path) -> None:
    found = scores(run, "gold", "gold", "--corpus", corpus_folder, "--label", "PER")
    assert list(found["mentions"]["exact"]["labels"]) == ["PER"]
    assert run("score", "gold", "gold", "--label", "PERSON").exit_code == 2


def test_a_split_can_be_chosen(run: Run, corpus_folder: Path) -> None:
    at = corpus_folder / "annotations" / "splits.jsonl"
    arguments = ("gold", "gold", "--corpus", corpus_folder, "--split", "test")
    without = run("score", *arguments)
    assert without.exit_code == 2
    assert "splits.jsonl: no splits are here; no version is frozen yet" in without.stderr
    rows = [
        SplitRow("char-ferry", "c1", "test", "1.0.0", "published"),
        SplitRow("orange-garden", "c2", "train", "1.0.0", "published"),
        SplitRow("gone", "c3", "test", "1.0.0", "published"),
    ]
    write_records(at, rows)
    result = run("score", *arguments)
    assert "gold against gold: 1 document" in result.stdout
    assert "of test, but not in gold, and not scored: 1 (gone)" in result.stderr
    elsewhere = shutil.move(at, corpus_folder / "built.jsonl")
    found = scores(run, *arguments, "--splits", elsewhere)
    assert found["mentions"]["coverage"]["scored"] == ["char-ferry"]
    none = run("score", *arguments[:-1], "validation", "--splits", elsewhere)
    assert "no document is in validation" in none.stderr
    assert run("score", "gold", "gold", "--splits", elsewhere).exit_code == 2


def test_names_of_withheld_pages_are_known_where_they_are_passed(
    run: Run, corpus_folder: Path, tmp_path: Path
) -> None:
    owned = tmp_path / "mine.txt"
    owned.write_bytes(payload_of(MARKET))
    gold = corpus_folder / "annotations" / "gold"
    spoil(gold, MARKET.doc_id, lambda made: without_words(made, notes=False))
    bare = scores(run, "gold", "gold", "--corpus", corpus_folder)
    local = scores(run, "gold", "gold", "--corpus", corpus_folder, "--pages", owned)
    assert bare["quotes"]["nameless"] == [MARKET.doc_id]
    assert "--pages passes" in "".join(bare["notes"])
    assert local["quotes"]["nameless"] == []


def test_bad_input_is_a_sentence(
    run: Run, corpus_folder: Path, predicted: Path, tmp_path: Path
) -> None:
    def said(*arguments: object) -> str:
        result = run("score", *arguments)
        assert result.exit_code in (1, 2)
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        return result.stderr

    gold = corpus_folder / "annotations" / "gold"
    assert "no annotator of that name" in said("gold", tmp_path / "none")
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "no annotation file in this folder" in said(gold, empty)
    assert "no catalogue is here" in said(gold, gold, "--pages", empty)

    shutil.copy(predicted / "char-ferry.jsonl", predicted / "copy.jsonl")
    assert "char-ferry is annotated in" in said(gold, predicted)
    (predicted / "copy.jsonl").unlink()

    spoil(predicted, "char-ferry", lambda a: msgspec.structs.replace(a, text_sha256="1" * 64))
    assert "char-ferry: predicted on a text with SHA-256 1111" in said(gold, predicted)

    path = predicted / "char-ferry.jsonl"
    path.write_bytes((gold / "char-ferry.jsonl").read_bytes().replace(b'"GPE"', b'"CITY"', 1))
    message = said(gold, predicted)
    assert re.search(
        r"char-ferry\.jsonl:\d+: not a valid record: Invalid enum value 'CITY'", message
    )

    strange = tmp_path / "strange"
    (made,) = read_annotations(gold / "char-ferry.jsonl")
    write_annotation(strange / "x.jsonl", msgspec.structs.replace(made, doc_id="x"))
    assert "none of 1 predicted documents is in gold" in said(gold, strange)

    page = corpus_folder / "pages" / "char-ferry" / "page.txt"
    page.write_bytes(page.read_bytes() + b" ")
    assert "page.txt: has SHA-256" in said("gold", "gold", "--corpus", corpus_folder)
    spoil(gold, "orange-garden", lambda a: msgspec.structs.replace(a, text_sha256="1" * 64))
    assert "gold is about a text with SHA-256 1111" in said(
        gold / "orange-garden.jsonl", gold, "--corpus", corpus_folder
    )


def test_offsets_in_another_unit_are_refused(
    run: Run, corpus_folder: Path, predicted: Path
) -> None:
    # 🙂 stands before every span of this page: what counts UTF-16 is one too far.
    def utf16(made: Annotation) -> Annotation:
        moved = shifted(made, 1)
        return msgspec.structs.replace(
            moved,
            mentions=tuple(
                msgspec.structs.replace(m, surface=before.surface)
                for m, before in zip(moved.mentions, made.mentions, strict=True)
            ),
        )

    spoil(predicted, "char-ferry", utf16)
    refused = run("score", "gold", predicted, "--corpus", corpus_folder)
    assert refused.exit_code == 1
    assert "char-ferry: the text at [" in refused.stderr
    assert "not bytes or UTF-16" in refused.stderr


def test_nothing_annotated_and_nothing_predicted_is_no_figure(run: Run, tmp_path: Path) -> None:
    bare = Annotation("d1", "0" * 64, "x", "1.0", "complete")
    write_annotation(tmp_path / "bare.jsonl", bare)
    result = run("score", tmp_path / "bare.jsonl", tmp_path / "bare.jsonl")
    assert "mentions: none in gold, none predicted" in result.stdout
    assert "quotes: none in gold, none predicted" in result.stdout


# --- the documentation ------------------------------------------------------------------------


def test_the_example_of_the_documentation_prints_what_it_says(
    run: Run, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = (repository / "docs" / "scoring.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```console\n\$ khobor (.*?)\n(.*?)^```$", document, re.M | re.S)
    monkeypatch.chdir(repository)
    assert run(*block[0].split()).stdout == block[1]


def test_the_lines_of_python_give_what_the_documentation_says(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = (repository / "docs" / "scoring.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```python\n(.*?)^```$", document, re.M | re.S)
    monkeypatch.chdir(repository)
    names: dict[str, Any] = {}
    setting, _, shown = block.rpartition("\n\n")
    exec(setting, names)
    lines = shown.splitlines()
    assert len(lines) == 4
    for line in lines:
        call, _, wanted = line.partition("#")
        assert eval(call, names) == pytest.approx(float(wanted.split(":")[0]), abs=0.001)


def test_the_texts_of_the_example_are_those_of_its_page(repository: Path) -> None:
    folder = repository / "examples" / "scoring"
    text = (folder / "page.txt").read_text(encoding="utf-8")
    for side in ("gold", "predicted"):
        (made,) = read_annotations(folder / side)
        for mention in made.mentions:
            assert text[mention.start : mention.end] == mention.surface
        for quote in made.quotes:
            for part in (*quote.content, quote.cue, quote.speaker):
                assert part is not None
                assert text[part.start : part.end] == part.surface
