"""Hydration: a release, and the pages that it withholds, into the release with their full rows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from khobor.annotations.alignments import align
from khobor.capture.crawls import Columns
from khobor.corpus.corpora import Corpus, Entry, Withheld
from khobor.corpus.documents import build_owned
from khobor.corpus.placements import place_documents
from khobor.corpus.sources import Owned, recognise
from khobor.errors import PageError, ReleaseError
from khobor.layers.views import article_view
from khobor.manifests import Release
from khobor.records import Document, Reject
from khobor.release.readings import read_release
from khobor.release.writers import write_release

CHANGELOG = "CHANGELOG.md"


class Hydration(msgspec.Struct, frozen=True):
    """What became of the supplied pages: `missing` names the withheld ones that were not there.

    `differing` are supplied pages that bear the name of a withheld one, with what differs;
    `unknown` counts all other supplied pages that are none of them.
    """

    path: Path
    release: Release
    corpus: Corpus
    hydrated: tuple[str, ...]
    missing: tuple[str, ...]
    differing: tuple[Reject, ...]
    unknown: int


def hydrate_release(
    folder: Path, supplied: Sequence[Path], out: Path, *, columns: Columns | None = None
) -> Hydration:
    """Turn a release and pages into `out/<name>-<version>+local`: its rows, and theirs.

    Each is recognised by its hash, and its annotation is laid on the very text that it was made
    on. The rows of the release itself stay as they are. Raises ReleaseError where the release
    withholds nothing, or none of its pages is there; then nothing is written.
    """
    release, corpus = read_release(folder)
    by_id = {withheld.row.doc_id: withheld for withheld in corpus.withheld}
    if not by_id:
        raise ReleaseError(
            "it withholds no page", where=str(folder), fix="load it as it is; nothing was written"
        )
    found, rejects = recognise([w.row for w in corpus.withheld], supplied, columns)
    documents = [(owned, _build(owned, by_id[owned.row.doc_id])) for owned in found]
    differing = tuple(reject for reject in rejects if reject.detail.startswith("differs"))
    if not documents:
        named = "; ".join(f"{reject.source} {reject.detail}" for reject in differing)
        raise ReleaseError(
            f"none of its {len(by_id)} withheld pages is among {len(rejects)} supplied ones"
            + (f" ({named})" if named else ""),
            where=str(folder),
            fix="see standoff/catalogue.jsonl for what they are; nothing was written",
        )
    hydrated = _with_documents(corpus, documents, by_id)
    names = tuple(sorted(owned.row.doc_id for owned, _ in documents))
    version = f"{release.version.split('+')[0]}+local"
    path, written = write_release(
        hydrated,
        out,
        name=release.name,
        version=version,
        about=release.about,
        creators=release.creators,
        licence=folder / "LICENSE" if (folder / "LICENSE").is_file() else None,
        changelog=_changelog(folder, version, names),
    )
    return Hydration(
        path=path,
        release=written,
        corpus=hydrated,
        hydrated=names,
        missing=tuple(sorted(by_id.keys() - set(names))),
        differing=differing,
        unknown=len(rejects) - len(differing),
    )


def _build(owned: Owned, withheld: Withheld) -> Document:
    try:
        return build_owned(owned, withheld.blocks)
    except PageError as error:
        raise ReleaseError(error.message, where=owned.row.doc_id, fix=error.fix) from error


def _with_documents(
    corpus: Corpus,
    documents: Sequence[tuple[Owned, Document]],
    withheld: dict[str, Withheld],
) -> Corpus:
    """Put documents into a corpus, in the splits that the rules give them."""
    views = {
        document.doc_id: article_view(document.text, document.blocks) for _, document in documents
    }
    everything = [(entry.document, entry.view) for entry in corpus.entries]
    everything += [(document, views[document.doc_id]) for _, document in documents]
    rows = {owned.row.doc_id: owned.row for owned, _ in documents}
    splits = place_documents(everything, {}, rows, [], corpus.history)
    entries = list(corpus.entries)
    for _, document in documents:
        annotation = withheld[document.doc_id].annotation
        if splits[document.doc_id].split is not None:
            entries.append(
                Entry(
                    document=document,
                    view=views[document.doc_id],
                    annotation=annotation,
                    alignment=align(document, annotation) if annotation is not None else None,
                    row=rows[document.doc_id],
                    split=splits[document.doc_id],
                )
            )
    entries.sort(key=lambda entry: entry.document.doc_id)
    held = [splits[d.doc_id] for _, d in documents if splits[d.doc_id].split is None]
    return msgspec.structs.replace(
        corpus,
        pages=corpus.pages + len(documents),
        entries=tuple(entries),
        withheld=tuple(w for w in corpus.withheld if w.row.doc_id not in rows),
        held=(*corpus.held, *held),
        misfits=tuple(m for entry in entries if entry.alignment for m in entry.alignment.misfits),
        local=True,
    )


def _changelog(folder: Path, version: str, names: Sequence[str]) -> str:
    """Put this build above what the release says of its changes."""
    path = folder / CHANGELOG
    before = path.read_text(encoding="utf-8") if path.is_file() else "# Changes\n"
    head, mark, rest = before.partition("\n## ")
    said = f"- The rows of {version.split('+', maxsplit=1)[0]}, and those of pages passed by who owns them: "
    named = ", ".join(f"`{name}`" for name in names)
    return f"{head}\n## {version}\n\n{said}{named}.\n{mark}{rest}"
