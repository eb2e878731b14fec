"""Everything that is wrong with a release: the story, one concern after the other."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from tqdm import tqdm

from khobor.errors import UsageError
from khobor.layers.tokens import tokenizer_version
from khobor.manifests import Release, ReleaseFile
from khobor.records import SPLITS
from khobor.release.contents import MANIFEST
from khobor.release.features import CONFIGS
from khobor.release.verification.cards import (
    CARD,
    check_changelog,
    check_claims,
    check_header,
    check_tables,
    read_card,
)
from khobor.release.verification.croissants import check_croissant
from khobor.release.verification.documents import check_document, check_page
from khobor.release.verification.faults import Fault, Faults
from khobor.release.verification.folders import check_belongings, check_sums, list_files
from khobor.release.verification.joins import Group, read_groups
from khobor.release.verification.manifests import (
    check_counts,
    check_files,
    check_version,
    is_version,
    read_manifest,
)
from khobor.release.verification.misfits import MISFITS, Misfits
from khobor.release.verification.nearness import Nearness
from khobor.release.verification.quotes import check_quotes
from khobor.release.verification.sentences import check_sentences
from khobor.release.verification.shards import PATH, BrokenShard, Shard, open_shard
from khobor.release.verification.splits import (
    SPLITS_FILE,
    WITH_ROWS,
    Places,
    check_all_there,
    check_place,
    check_states,
    read_splits,
)
from khobor.release.verification.standoff import (
    CATALOGUE,
    check_catalogue,
    check_standoff,
    check_withheld,
    read_catalogue,
    read_standoff,
    standoff_name,
)
from khobor.release.verification.tallies import Tally


def verify_release(folder: Path) -> list[Fault]:
    """Turn the folder of a release into its faults, sorted; none where it is sound.

    Nothing in the folder is believed: files are hashed, parquet is read in bounded batches, card
    and lines as plain data. At most MOST_A_FILE faults of a check are listed for a file, and
    MOST_A_CHECK for all files; the others are counted. Raises UsageError where the folder is no
    release at all.
    """
    if not os.path.lexists(folder / MANIFEST):
        raise UsageError(
            f"is no release: it has no {MANIFEST}",
            where=str(folder),
            fix="expected the folder that a build wrote, or one downloaded from a host",
        )
    return _Verification(folder).run()


class _Verification:
    """One run over a release: what was read of it so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults = Faults()
        self.sizes = list_files(folder, self.faults)
        self.misfits = Misfits(folder, self.sizes, self.faults)
        self.tally = Tally()
        self.nearness = Nearness()
        self.release: Release | None = None
        self.stated: Mapping[str, ReleaseFile] = {}
        self.places: Places | None = None
        self.withheld_pages: set[str] = set()
        self.expected: frozenset[str] = frozenset()  # paths of the data files
        self.same_tokenizer = False

    def run(self) -> list[Fault]:
        self.release = read_manifest(self.folder, self.sizes, self.faults)
        shards = self._check_folder()
        card = read_card(self.folder, self.sizes, self.faults)
        header = check_header(card, shards, self.faults) if card is not None else None
        self.places = read_splits(self.folder, self.sizes, self.faults)
        self._check_withheld()
        self._check_rows(shards)
        version = self.release.version if self.release is not None else ""
        near = self.nearness.check(self.folder, shards, version, self.faults)
        self.faults.extend(SPLITS_FILE, near)
        self._check_standoff_names()
        if card is not None and self.tally.whole:
            self.faults.extend(CARD, check_tables(card, header, self.tally))
        if self.release is not None:
            if card is not None:
                self.faults.extend(CARD, check_claims(card, header, self.release))
            self._check_manifest(self.release)
        return self.faults.listed()

    def _check_folder(self) -> list[Shard]:
        """Check names and sums; open the data files of the manifest, else those that are there."""
        if self.release is not None:
            self.stated = {file.path: file for file in self.release.files}
            paths = frozenset(path for path in self.stated if PATH.fullmatch(path))
            self.same_tokenizer = self.release.made_with.get("tokenizer") == tokenizer_version()
        else:
            paths = frozenset(path for path in self.sizes if PATH.fullmatch(path))
        check_belongings(self.sizes, paths, self.faults)
        digests = check_sums(self.folder, self.sizes, paths, self.faults)
        check_croissant(self.folder, self.sizes, digests, self.release, self.faults)
        if self.release is not None:
            self.faults.extend(MANIFEST, check_files(self.release, self.sizes, digests))
        self.expected = paths
        opened = [
            open_shard(self.folder, path, self.sizes[path], self.faults)
            for path in sorted(paths & self.sizes.keys())
        ]
        return [shard for shard in opened if shard is not None]

    def _check_withheld(self) -> None:
        """Check the stand-offs of texts that are not here, and note which pages those are."""
        catalogued = {
            row.doc_id: row for row in read_catalogue(self.folder, self.sizes, self.faults)
        }
        self.faults.extend(CATALOGUE, check_catalogue(catalogued, self.places or {}))
        for place in (self.places or {}).values():
            if place.state in WITH_ROWS:
                continue
            row, name = catalogued.get(place.doc_id), standoff_name(place.doc_id)
            if row is not None:
                self.withheld_pages.add(row.text_sha256)
            if name not in self.sizes:
                continue
            standoff = read_standoff(self.folder, name, self.sizes, self.faults)
            if standoff is not None:
                self.withheld_pages.add(standoff.header.text_sha256)
                self.faults.extend(name, check_withheld(standoff, place, row))

    def _check_rows(self, shards: Sequence[Shard]) -> None:
        total = self.release.documents if self.release is not None else None
        # disable=None: no bar where stderr is no terminal.
        with tqdm(total=total, unit="document", disable=None, leave=False) as bar:
            for split in SPLITS:
                mine = [shard for shard in shards if shard.split == split and shard.joinable]
                wanted = {path for path in self.expected if _split_of(path) == split}
                if wanted != {shard.path for shard in mine}:
                    self.tally.whole = False  # a file is missing or broken: reported as such
                    continue
                try:
                    for group in read_groups(self.folder, mine, self.stated, self.faults):
                        self._check_group(split, group)
                        bar.update()
                except BrokenShard as error:
                    self.faults.add(error.file, error.check, error.message)
                    self.tally.whole = False
        if self.places is not None and self.tally.whole:
            missing = check_all_there(self.places, self.tally.split_of)
            self.faults.extend(SPLITS_FILE, missing)
        if self.tally.whole:
            self.faults.extend(MISFITS, self.misfits.rest())

    def _check_group(self, split: str, group: Group) -> None:
        """Check all rows of one document."""
        files = {config: group.files.get(config, f"data/{config}") for config in CONFIGS}
        for config, count in group.counts.items():
            self.tally.add_rows(split, config, count)
            if config in ("documents", "pages") and count > 1:
                message = f"{group.doc_id} has {count} rows"
                self.faults.add(files[config], "duplicate-id", message)
        if group.counts["documents"]:
            earlier = self.tally.split_of.setdefault(group.doc_id, split)
            if earlier != split:
                message = f"{group.doc_id} has a row in {earlier} too"
                self.faults.add(files["documents"], "duplicate-id", message)
        if group.broken:
            self.tally.whole = False
            return
        if not group.documents:
            for config, count in group.counts.items():
                if count:
                    message = f"{group.doc_id} has rows here and none in documents/{split}"
                    self.faults.add(files[config], "orphan-row", message)
            return
        if not group.pages:
            message = f"{group.doc_id} has no row in pages/{split}"
            self.faults.add(files["documents"], "orphan-row", message)
        self._check_records(split, group, files)

    def _check_records(self, split: str, group: Group, files: Mapping[str, str]) -> None:
        document = group.documents[0]
        page = group.pages[0] if group.pages else None
        extend = self.faults.extend
        self.tally.add(split, document, group.sentences)
        self.nearness.add(split, document)
        if page is not None:
            extend(files["pages"], check_page(page))
        extend(files["documents"], check_document(document, page))
        extend(
            files["sentences"],
            check_sentences(document, group.sentences, same_tokenizer=self.same_tokenizer),
        )
        extend(files["quotes"], check_quotes(document, group.quotes))
        if self.places is not None:
            place = self.places.get(document.doc_id)
            extend(files["documents"], check_place(document, split, place, self.withheld_pages))
        name = standoff_name(document.doc_id)
        if name not in self.sizes:
            if document.entities is not None:
                message = f"{document.doc_id} is annotated and has no file here"
                self.faults.add("standoff", "standoff", message)
            return
        standoff = read_standoff(self.folder, name, self.sizes, self.faults)
        if standoff is None:
            self.tally.whole = False
            return
        extend(name, check_standoff(standoff, document, page))
        if page is not None:
            extend(MISFITS, self.misfits.check(standoff, page))
        self.tally.guidelines.add(standoff.header.guideline)

    def _check_standoff_names(self) -> None:
        """Find stand-offs of no document."""
        if self.places is None or not self.tally.whole:
            return
        for name in self.sizes:
            doc_id = name.removeprefix("standoff/").removesuffix(".jsonl")
            if name != standoff_name(doc_id) or name == CATALOGUE:
                continue
            place = self.places.get(doc_id)
            if doc_id not in self.tally.split_of and (place is None or place.state in WITH_ROWS):
                self.faults.add(name, "standoff", "is of no document of this release")

    def _check_manifest(self, release: Release) -> None:
        self.faults.extend(MANIFEST, check_version(release, self.folder.resolve().name))
        self.faults.extend(
            MANIFEST,
            check_counts(
                release,
                self.folder,
                self.sizes,
                self.places,
                self.tally,
                self.misfits.count,
                self.faults,
            ),
        )
        check_changelog(self.folder, self.sizes, release.version, self.faults)
        if self.places is not None and is_version(release.version):
            self.faults.extend(SPLITS_FILE, check_states(self.places, release.version))


def _split_of(path: str) -> str:
    match = PATH.fullmatch(path)
    return match[2] if match is not None else ""
