"""What a model suggests never stands where people judge: gold, validation, test, agreement."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from khobor.annotations.choices import choose_annotations
from khobor.annotations.files import read_annotations, write_annotation
from khobor.corpus.adjudications import adjudicate_folder
from khobor.corpus.annotators import measure_annotators, read_joint
from khobor.corpus.checks import check_folder
from khobor.corpus.corpora import Corpus, assemble
from khobor.corpus.exports import export_annotations
from khobor.corpus.imports import import_annotations
from khobor.corpus.statistics import statistics_of
from khobor.corpus.suggestions import open_documents, write_suggestions
from khobor.errors import AnnotationError, UsageError
from khobor.formats.codecs import codec_of
from khobor.records import AnnotationStatus, Progress
from khobor.scoring import score_mentions
from tests.samples import FERRY, HAOR, MARKET, ORANGE, SAMPLES, page_of, payload_of

DOCS = (FERRY.doc_id, ORANGE.doc_id, HAOR.doc_id)


def put(
    corpus: Path,
    doc_id: str,
    annotator: str,
    *,
    status: AnnotationStatus = "silver",
    progress: Progress = "partial",
) -> Path:
    """Write a sample's annotation under a name, as a model's or as a person's."""
    (sample,) = [sample for sample in SAMPLES if sample.doc_id == doc_id]
    annotation = msgspec.structs.replace(
        page_of(sample)[2], annotator=annotator, status=status, progress=progress
    )
    path = corpus / "annotations" / annotator / f"{doc_id}.jsonl"
    write_annotation(path, annotation)
    return path


def only_silver(corpus: Path) -> Path:
    """Take every hand annotation away, and put silver ones in their place."""
    for path in (corpus / "annotations" / "gold").iterdir():
        path.unlink()
    for sample in SAMPLES:
        put(corpus, sample.doc_id, "silver")
    return corpus


def build(corpus: Path, **options: object) -> Corpus:
    return assemble([corpus / "pages"], annotations=corpus / "annotations", **options)  # type: ignore[arg-type]


def test_silver_is_taken_in_train_and_left_out_of_validation_and_test(corpus_folder: Path) -> None:
    corpus = build(only_silver(corpus_folder))
    splits = {entry.split.split for entry in corpus.entries}
    assert splits == {"train", "validation", "test"}
    for entry in corpus.entries:
        assert entry.state == ("silver" if entry.split.split == "train" else "none")
        assert (entry.alignment is None) == (entry.split.split != "train")
    assert [withheld.annotation for withheld in corpus.withheld] == [None]
    left = [f for f in corpus.findings if f.check == "silver-left-out"]
    outside = [entry for entry in corpus.entries if entry.split.split != "train"]
    assert len(left) == len(outside) + len(corpus.withheld)
    assert corpus.errors == []


def test_an_owned_text_that_lands_outside_train_takes_no_silver(
    corpus_folder: Path, tmp_path: Path
) -> None:
    owned = tmp_path / "owned.txt"
    owned.write_bytes(payload_of(MARKET))
    corpus = build(only_silver(corpus_folder), supplied=[owned])
    for entry in corpus.entries:
        assert (entry.state == "silver") == (entry.split.split == "train")


def test_silver_moves_no_split(corpus_folder: Path) -> None:
    """A document is no fitter for validation or test because a model annotated it."""
    (corpus_folder / "annotations" / "gold" / f"{FERRY.doc_id}.jsonl").unlink()
    before = {e.document.doc_id: e.split for e in build(corpus_folder).entries}
    put(corpus_folder, FERRY.doc_id, "silver")
    assert {e.document.doc_id: e.split for e in build(corpus_folder).entries} == before


def test_hand_goes_before_silver_and_silver_before_nothing(corpus_folder: Path) -> None:
    put(corpus_folder, FERRY.doc_id, "silver")
    assert (
        choose_annotations(corpus_folder / "annotations")[FERRY.doc_id].annotation.status == "hand"
    )
    put(corpus_folder, FERRY.doc_id, "gold", status="hand", progress="todo")
    chosen = choose_annotations(corpus_folder / "annotations")
    assert chosen[FERRY.doc_id].annotation.status == "silver"
    put(corpus_folder, FERRY.doc_id, "ruma", status="hand", progress="partial")
    assert (
        choose_annotations(corpus_folder / "annotations")[FERRY.doc_id].annotation.annotator
        == "ruma"
    )


def test_silver_in_gold_is_an_error_and_stops_a_build(corpus_folder: Path) -> None:
    path = put(corpus_folder, FERRY.doc_id, "gold")
    found = {f.check for f in check_folder(corpus_folder) if f.file == str(path)}
    assert found == {"silver-gold"}
    assert [f.check for f in build(corpus_folder).errors] == ["silver-gold"]


def test_silver_that_calls_itself_finished_is_an_error(corpus_folder: Path) -> None:
    put(corpus_folder, FERRY.doc_id, "bot", progress="complete")
    assert "silver-progress" in {f.check for f in check_folder(corpus_folder)}


@pytest.mark.parametrize("progress", ["partial", "complete"])
def test_silver_is_nobody_to_agree_with_or_to_adjudicate(
    corpus_folder: Path, progress: Progress
) -> None:
    for doc_id in DOCS:
        put(corpus_folder, doc_id, "ruma", status="hand", progress="complete")
        put(corpus_folder, doc_id, "silver", progress="partial")
    texts = [entry.document for entry in build(corpus_folder).entries]
    assert measure_annotators(corpus_folder / "annotations", texts) == ()
    joint = read_joint(corpus_folder, "ruma", "silver")
    assert joint.shared == ()
    assert sum("silver: a model's" in reason for reason in joint.left_out) == len(DOCS)
    assert adjudicate_folder(corpus_folder, joint) == []
    # Nor where somebody wrote "complete" into its header.
    for doc_id in DOCS:
        put(corpus_folder, doc_id, "silver", progress=progress)
    assert measure_annotators(corpus_folder / "annotations", texts) == ()
    assert read_joint(corpus_folder, "ruma", "silver").shared == ()


def test_silver_is_scored_as_a_prediction_and_never_as_gold() -> None:
    gold = page_of(FERRY)[2]
    silver = msgspec.structs.replace(gold, status="silver", progress="partial")
    assert score_mentions([gold], [silver]).micro.f1 == 1.0
    assert score_mentions([gold], [silver]).coverage.started == ()
    for progress in ("partial", "complete"):
        reference = msgspec.structs.replace(silver, progress=progress)
        with pytest.raises(AnnotationError, match="none of 1 gold annotations is complete"):
            score_mentions([reference], [gold])


def test_statistics_count_what_people_annotated(corpus_folder: Path) -> None:
    numbers = statistics_of(build(only_silver(corpus_folder)))
    assert numbers.quotes.quotes == 0
    assert sum(row.mentions for row in numbers.publishers) == 0


def test_what_an_annotator_corrects_is_hers_and_no_longer_silver(
    corpus_folder: Path, tmp_path: Path
) -> None:
    silver = put(corpus_folder, FERRY.doc_id, "silver")
    before = silver.read_bytes()
    codec = codec_of("brat")
    export_annotations(corpus_folder, tmp_path, codec, annotators=["silver"])
    for name in (None, "silver"):
        with pytest.raises(UsageError, match="was a model's"):
            import_annotations(corpus_folder, tmp_path / "silver", codec, annotator=name)
    import_annotations(corpus_folder, tmp_path / "silver", codec, annotator="ruma", untouched=True)
    (hers,) = read_annotations(corpus_folder / "annotations" / "ruma")
    assert (hers.status, hers.progress, hers.annotator) == ("hand", "partial", "ruma")
    assert hers.mentions == read_annotations(silver)[0].mentions
    assert silver.read_bytes() == before
    import_annotations(
        corpus_folder,
        tmp_path / "silver",
        codec,
        annotator="ruma",
        progress="complete",
        replace=True,
        untouched=True,
    )
    assert read_annotations(corpus_folder / "annotations" / "ruma")[0].progress == "complete"


def test_what_nobody_changed_stays_a_models(corpus_folder: Path, tmp_path: Path) -> None:
    """One file of a tool holds all documents: those not yet read come back with those corrected."""
    for sample in (FERRY, ORANGE):
        put(corpus_folder, sample.doc_id, "silver")
    export_annotations(corpus_folder, tmp_path, codec_of("brat"), annotators=["silver"])
    corrected = tmp_path / "silver" / f"{FERRY.doc_id}.ann"
    lines = corrected.read_text(encoding="utf-8").splitlines(keepends=True)
    entity = next(line for line in lines if line.startswith("T") and "GPE" in line)
    corrected.write_text(
        "".join(line.replace("GPE", "ORG") if line == entity else line for line in lines),
        encoding="utf-8",
    )
    imported = import_annotations(
        corpus_folder,
        tmp_path / "silver",
        codec_of("brat"),
        annotator="ruma",
        progress="complete",
    )
    assert imported.untouched == (ORANGE.doc_id,)
    assert imported.absent == ()
    hers = read_annotations(corpus_folder / "annotations" / "ruma")
    assert [(each.doc_id, each.progress) for each in hers] == [(FERRY.doc_id, "complete")]


def test_suggestions_are_for_documents_that_nobody_has_begun(corpus_folder: Path) -> None:
    found = open_documents(corpus_folder)
    assert [document.doc_id for document in found.documents] == ["tram-depot"]
    with pytest.raises(UsageError, match=f"gold has begun {FERRY.doc_id}"):
        open_documents(corpus_folder, [FERRY.doc_id])
    with pytest.raises(UsageError, match="no text of nowhere, night-market is here"):
        open_documents(corpus_folder, ["nowhere", "night-market"])
    for sample in (FERRY, ORANGE):
        put(corpus_folder, sample.doc_id, "gold", status="hand", progress="todo")
    put(corpus_folder, FERRY.doc_id, "silver")
    found = open_documents(corpus_folder)
    assert [document.doc_id for document in found.documents] == [
        FERRY.doc_id,
        ORANGE.doc_id,
        "tram-depot",
    ]


def test_an_earlier_suggestion_is_written_over_only_when_asked(corpus_folder: Path) -> None:
    annotation = msgspec.structs.replace(page_of(FERRY)[2], annotator="silver", status="silver")
    (path,) = write_suggestions(corpus_folder, [annotation])
    assert write_suggestions(corpus_folder, [annotation]) == [path]
    other = msgspec.structs.replace(annotation, quotes=())
    new = msgspec.structs.replace(page_of(HAOR)[2], annotator="silver", status="silver")
    with pytest.raises(UsageError, match="says something else"):
        write_suggestions(corpus_folder, [new, other])
    assert read_annotations(path.parent) == [annotation]
    write_suggestions(corpus_folder, [new, other], replace=True)
    assert read_annotations(path.parent) == [other, new]


@pytest.mark.parametrize("name", ["gold", "../gold", "", ".silver"])
def test_no_suggestion_is_written_under_such_a_name(corpus_folder: Path, name: str) -> None:
    annotation = msgspec.structs.replace(page_of(FERRY)[2], annotator=name, status="silver")
    before = sorted(corpus_folder.rglob("*"))
    with pytest.raises(UsageError):
        write_suggestions(corpus_folder, [annotation])
    assert sorted(corpus_folder.rglob("*")) == before
