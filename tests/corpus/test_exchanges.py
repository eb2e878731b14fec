"""Out to every tool and back: nothing lost, nothing moved, an edit is what it is."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from khobor.annotations.files import read_annotations
from khobor.corpus.exports import (
    export_annotations,
    export_one_way,
    export_pages,
    read_texts,
)
from khobor.corpus.imports import import_annotations
from khobor.errors import AnnotationError, KhoborError, UsageError
from khobor.formats.codecs import CODECS, EXPORTERS, codec_of, exporter_of
from khobor.formats.interface import Claim, FormatError, Sheet
from khobor.formats.sheets import article_sheet
from khobor.formats.sidecars import SIDECAR
from khobor.formats.units import check_unit
from tests.corpus.conftest import EditLines
from tests.samples import MARKET, payload_of

DOC = "char-ferry"


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def export(corpus: Path, name: str, out: Path, *documents: str) -> Path:
    export_annotations(corpus, out, codec_of(name), documents=documents)
    return out / "gold"


def give_back(folder: Path, name: str, sheet: Sheet) -> None:
    """Put a document into an export as the tool would give it back."""
    codec = codec_of(name)
    for file, content in codec.join([codec.write(codec.restrict(sheet))]).items():
        (folder / file).write_bytes(content)


def sheet_of(corpus: Path, doc_id: str = DOC) -> Sheet:
    """Make the sheet of a document, as the tool sees it."""
    (annotation,) = read_annotations(corpus / "annotations" / "gold" / f"{doc_id}.jsonl")
    return article_sheet(read_texts(corpus)[doc_id], annotation)


def test_an_export_of_another_format_is_refused_by_its_name(
    corpus_folder: Path, tmp_path: Path
) -> None:
    folder = export(corpus_folder, "labelstudio", tmp_path / "out")
    with pytest.raises(UsageError, match=r"holds an export of labelstudio, not of brat.*--from"):
        import_annotations(corpus_folder, folder, codec_of("brat"))
    (folder / SIDECAR).unlink()
    with pytest.raises(FormatError, match="no document of brat is there"):
        import_annotations(corpus_folder, folder, codec_of("brat"), annotator="ruma")


def test_where_nothing_is_annotated_nothing_is_exported(
    corpus_folder: Path, tmp_path: Path
) -> None:
    shutil.rmtree(corpus_folder / "annotations")
    for run in (
        lambda: export(corpus_folder, "brat", tmp_path / "out"),
        lambda: export_one_way(corpus_folder, tmp_path / "out", exporter_of("conllu")),
    ):
        with pytest.raises(UsageError, match="no annotation is there"):
            run()
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", CODECS)
def test_without_an_edit_every_file_comes_back_to_the_byte(
    name: str, corpus_folder: Path, tmp_path: Path
) -> None:
    before = snapshot(corpus_folder)
    folder = export(corpus_folder, name, tmp_path / "out")
    imported = import_annotations(corpus_folder, folder, codec_of(name))
    assert len(imported.changes) == 4  # one of the sample pages is not annotated, one withheld
    assert all(change.none for change in imported.changes)
    assert snapshot(corpus_folder) == before


@pytest.mark.parametrize("name", CODECS)
def test_a_label_changed_in_the_tool_is_one_changed_line(
    name: str, corpus_folder: Path, tmp_path: Path
) -> None:
    folder = export(corpus_folder, name, tmp_path / "out", DOC)
    sheet = sheet_of(corpus_folder)
    victim = next(m for m in sheet.mentions if m.label == "LOC")
    edited = msgspec.structs.replace(
        sheet,
        mentions=tuple(
            msgspec.structs.replace(m, label="GPE") if m.id == victim.id else m
            for m in sheet.mentions
        ),
    )
    give_back(folder, name, edited)
    path = corpus_folder / "annotations" / "gold" / f"{DOC}.jsonl"
    before = path.read_text(encoding="utf-8").splitlines()
    (change,) = import_annotations(corpus_folder, folder, codec_of(name)).changes
    assert (change.added, change.changed, change.removed) == (0, 1, 0)
    after = path.read_text(encoding="utf-8").splitlines()
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert len(changed) == 1
    assert changed[0][0].replace('"LOC"', '"GPE"') == changed[0][1]


@pytest.mark.parametrize("name", CODECS)
def test_blocks_of_whole_pages_go_out_and_come_back(
    name: str, corpus_folder: Path, tmp_path: Path
) -> None:
    before = snapshot(corpus_folder)
    (result,) = export_pages(corpus_folder, tmp_path / "out", codec_of(name))
    imported = import_annotations(corpus_folder, result.folder, codec_of(name))
    assert len(imported.changes) == 5
    assert snapshot(corpus_folder) == before


@pytest.mark.parametrize("name", CODECS)
def test_the_repositorys_own_corpus_comes_back_to_the_byte(
    name: str, repository: Path, tmp_path: Path
) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "pages").symlink_to(repository / "pages")
    shutil.copytree(repository / "annotations", corpus / "annotations")
    before = snapshot(corpus / "annotations")
    codec = codec_of(name)
    results = export_annotations(corpus, tmp_path / "out", codec)
    assert {result.folder.name for result in results} == {"a1", "a2", "gold"}
    for result in results:
        imported = import_annotations(corpus, result.folder, codec)
        assert len(imported.changes) == result.documents
        assert all(change.none for change in imported.changes)
    assert snapshot(corpus / "annotations") == before


def test_a_file_without_words_that_counts_otherwise_is_refused_with_its_unit(
    corpus_folder: Path,
) -> None:
    """doccano gives back no words; an emoji before them moves all spans of another unit."""
    codec = codec_of("doccano")
    sheet = sheet_of(corpus_folder, "haor-boat-school")
    shifted = msgspec.structs.replace(sheet, text="🙂" + sheet.text[1:])
    held = codec.restrict(shifted)
    claim = Claim("utf-16", None, held)  # as if the tool had counted code points
    with pytest.raises(FormatError, match="if offsets count code points"):
        check_unit(claim, held, where="doccano.jsonl:1")


def test_a_withheld_text_goes_out_only_with_its_page(corpus_folder: Path, tmp_path: Path) -> None:
    codec = codec_of("inline")
    (here,) = export_annotations(corpus_folder, tmp_path / "here", codec)
    assert here.left_out == ("night-market: its text is not here (--pages)",)
    owned = tmp_path / "owned.txt"
    owned.write_bytes(payload_of(MARKET))
    before = snapshot(corpus_folder)
    (all_,) = export_annotations(corpus_folder, tmp_path / "all", codec, supplied=[owned])
    assert all_.documents == 5
    import_annotations(corpus_folder, all_.folder, codec, supplied=[owned])
    assert snapshot(corpus_folder) == before


def test_a_document_that_does_not_come_back_stays_as_it_was(
    corpus_folder: Path, tmp_path: Path
) -> None:
    folder = export(corpus_folder, "inline", tmp_path / "out")
    next(folder.glob(f"{DOC}*")).unlink()
    before = snapshot(corpus_folder)
    imported = import_annotations(corpus_folder, folder, codec_of("inline"))
    assert imported.absent == (DOC,)
    assert snapshot(corpus_folder) == before


def test_what_was_changed_here_since_is_not_written_over(
    corpus_folder: Path, tmp_path: Path, edit_lines: EditLines
) -> None:
    folder = export(corpus_folder, "inline", tmp_path / "out", DOC)
    path = corpus_folder / "annotations" / "gold" / f"{DOC}.jsonl"
    edit_lines(path, lambda lines: lines[1].update(note="later"))
    later = path.read_bytes()
    with pytest.raises(UsageError, match="changed since it was exported"):
        import_annotations(corpus_folder, folder, codec_of("inline"))
    assert path.read_bytes() == later
    import_annotations(corpus_folder, folder, codec_of("inline"), replace=True)
    assert path.read_bytes() != later


def test_without_a_sidecar_somebody_must_be_named(corpus_folder: Path, tmp_path: Path) -> None:
    folder = export(corpus_folder, "inline", tmp_path / "out", DOC)
    (folder / SIDECAR).unlink()
    with pytest.raises(UsageError, match="--annotator"):
        import_annotations(corpus_folder, folder, codec_of("inline"))
    import_annotations(corpus_folder, folder, codec_of("inline"), annotator="rima")
    (made,) = read_annotations(corpus_folder / "annotations" / "rima" / f"{DOC}.jsonl")
    (gold,) = read_annotations(corpus_folder / "annotations" / "gold" / f"{DOC}.jsonl")
    assert [(m.start, m.end, m.label) for m in made.mentions] == [
        (m.start, m.end, m.label) for m in gold.mentions
    ]
    assert made.annotator == "rima"
    for name in ("../out", ".hidden", "a/b", ""):
        with pytest.raises(KhoborError):
            import_annotations(corpus_folder, folder, codec_of("inline"), annotator=name)


def test_what_breaks_a_rule_is_refused_and_nothing_is_written(
    corpus_folder: Path, tmp_path: Path
) -> None:
    folder = export(corpus_folder, "inline", tmp_path / "out", DOC)
    sheet = sheet_of(corpus_folder)
    first = sheet.mentions[0]
    wider = msgspec.structs.replace(first, id="x", end=sheet.mentions[1].end, name_end=first.end)
    give_back(
        folder, "inline", msgspec.structs.replace(sheet, mentions=(wider, *sheet.mentions[1:]))
    )
    before = snapshot(corpus_folder)
    with pytest.raises(FormatError):
        import_annotations(corpus_folder, folder, codec_of("inline"))
    assert snapshot(corpus_folder) == before


def test_an_annotation_with_errors_is_not_exported(
    corpus_folder: Path, tmp_path: Path, edit_lines: EditLines
) -> None:
    path = corpus_folder / "annotations" / "gold" / f"{DOC}.jsonl"
    edit_lines(path, lambda lines: lines[1].update(label="NUM", end=10**6))
    with pytest.raises(AnnotationError, match="span-range"):
        export(corpus_folder, "inline", tmp_path / "out")
    assert not (tmp_path / "out" / "gold").exists()


def test_names_that_are_not_there_and_folders_that_are_full(
    corpus_folder: Path, tmp_path: Path
) -> None:
    codec = codec_of("inline")
    with pytest.raises(UsageError, match="no document nowhere"):
        export_annotations(corpus_folder, tmp_path / "out", codec, documents=["nowhere"])
    with pytest.raises(UsageError, match="no annotator nobody"):
        export_annotations(corpus_folder, tmp_path / "out", codec, annotators=["nobody"])
    export(corpus_folder, "inline", tmp_path / "out")
    with pytest.raises(UsageError, match="is not empty"):
        export(corpus_folder, "inline", tmp_path / "out")


@pytest.mark.parametrize("name", EXPORTERS)
def test_one_way_formats_say_what_is_lost(name: str, corpus_folder: Path, tmp_path: Path) -> None:
    if name == "spacy":
        pytest.importorskip("spacy")
    (result,) = export_one_way(corpus_folder, tmp_path / "out", exporter_of(name), lossy=True)
    assert result.documents == 4
    assert any(result.folder.iterdir())
