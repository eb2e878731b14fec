"""The card of a release against its files, rows and manifest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from khobor.errors import RecordError
from khobor.manifests import Release
from khobor.records import PROVENANCES, SPLITS
from khobor.release.card.escapes import cell
from khobor.release.features import CONFIGS
from khobor.release.verification.faults import Broken, Faults, shown
from khobor.release.verification.headers import CardHeader, CardInfo, read_header
from khobor.release.verification.shards import Shard
from khobor.release.verification.signatures import differences, signature_of_card
from khobor.release.verification.tallies import Tally
from khobor.release.versions import base_version

CARD = "README.md"
CHANGELOG = "CHANGELOG.md"
_MOST_BYTES = 4 << 20
_WITHHELD_WARNING = "Do not publish"
# Sentences of the card with numbers of the manifest.
_COUNTS = (
    ("pages", re.compile(r"^- ([\d,]+) pages? went in: ", re.MULTILINE)),
    ("documents", re.compile(r" pages? went in: ([\d,]+) documents?")),
    ("rejects", re.compile(r"documents?, ([\d,]+) rejected")),
    ("withheld", re.compile(r" ([\d,]+) texts? may not be redistributed and ")),
    ("misfits", re.compile(r" ([\d,]+) parts of annotations do not fit")),
)
_LICENCE = re.compile(
    rf"^\| (.+?) \| ({'|'.join(PROVENANCES)}) \| ([\d,]+) \| [\d,]+ \|$", re.MULTILINE | re.ASCII
)
# Numbers by split; behind them their sum, or what a row of the configuration is.
_ROW = re.compile(r"^\| (.+?) \| ([\d,]+) \| ([\d,]+) \| ([\d,]+) \| (.+) \|$", re.MULTILINE)


def read_card(folder: Path, sizes: Mapping[str, int], faults: Faults) -> str | None:
    """Read README.md; None, and a fault, where it is no text that could be a card."""
    if CARD not in sizes:
        return None  # reported as a missing file
    if sizes[CARD] > _MOST_BYTES:
        faults.add(CARD, "card", f"has {sizes[CARD]:,} bytes, more than is read here")
        return None
    try:
        return (folder / CARD).read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        faults.add(CARD, "card", f"is not UTF-8 at byte {error.start}")
        return None


def check_header(card: str, shards: Sequence[Shard], faults: Faults) -> CardHeader | None:
    """Check that the card's YAML names the files that are there, with their features and sizes."""
    try:
        header = read_header(card)
    except RecordError as error:
        faults.add(CARD, "card", error.message)
        return None
    faults.extend(CARD, _check_configs(header, shards))
    faults.extend(CARD, _check_infos(header, shards))
    return header


def _check_configs(header: CardHeader, shards: Sequence[Shard]) -> Iterator[Broken]:
    there = sorted({shard.config for shard in shards})
    named = sorted(config.config_name for config in header.configs)
    if named != there:
        yield "card-files", f"`configs` are {shown(', '.join(named))}, expected {', '.join(there)}"
    for config in header.configs:
        files = [(file.split, path) for file in config.data_files for path in file.paths]
        expected = [(s.split, s.path) for s in shards if s.config == config.config_name]
        if sorted(files) != sorted(expected):
            more = sorted(set(files) - set(expected)) or sorted(set(expected) - set(files)) or files
            yield (
                "card-files",
                f"data_files of {config.config_name} are not the files of the manifest; look at "
                f"{shown(more[0][1])} in {shown(more[0][0])}",
            )
    defaults = [config.config_name for config in header.configs if config.default]
    if there and defaults != ["documents"]:
        yield "card-files", f"the default is {shown(', '.join(defaults))}, expected documents"


def _check_infos(header: CardHeader, shards: Sequence[Shard]) -> Iterator[Broken]:
    infos = {info.config_name: info for info in header.dataset_info}
    there = {shard.config for shard in shards}
    if set(infos) != there or len(infos) != len(header.dataset_info):
        names = ", ".join(info.config_name for info in header.dataset_info)
        yield (
            "card-files",
            f"`dataset_info` is of {shown(names)}, expected {', '.join(sorted(there))}",
        )
    for config in CONFIGS:
        mine = [shard for shard in shards if shard.config == config]
        if config not in infos or not mine:
            continue
        yield from _check_sizes(infos[config], mine)
        signature = signature_of_card(infos[config].features)
        for other in {shard.signature: shard for shard in mine if shard.signature}.values():
            for check, message in differences(
                signature, other.signature, first_name="the card", second_name=other.path
            ):
                yield check, f"{config}: {message}"


def _check_sizes(info: CardInfo, shards: Sequence[Shard]) -> Iterator[Broken]:
    """A wrong number of rows fails a plain load, and streaming does not notice it."""
    rows, sizes = Counter[str](), Counter[str]()
    for shard in shards:
        rows[shard.split] += shard.rows
        sizes[shard.split] += shard.bytes
    stated = {split.name: split for split in info.splits}
    expected = [split for split in SPLITS if split in rows]
    if [split.name for split in info.splits] != expected:
        names = shown(", ".join(split.name for split in info.splits))
        yield "card-files", f"splits of {info.config_name} are {names}, not {', '.join(expected)}"
    for name in expected:
        for what, found, total in (
            ("num_examples", stated[name].num_examples if name in stated else None, rows[name]),
            ("num_bytes", stated[name].num_bytes if name in stated else None, sizes[name]),
        ):
            if found is not None and found != total:
                place = f"{info.config_name}/{name}"
                yield "card-sizes", f"{what} of {place} is {found:,}, its files have {total:,}"
    for what, found in (("download_size", info.download_size), ("dataset_size", info.dataset_size)):
        if found != sizes.total():
            place = info.config_name
            yield "card-sizes", f"{what} of {place} is {found:,}, its files have {sizes.total():,}"


def check_claims(card: str, header: CardHeader | None, release: Release) -> Iterator[Broken]:
    """Check that the card says of itself what the manifest says."""
    version, base = release.version, base_version(release.version)
    title = f"{release.name} {version}"
    if f"\n# {title}\n" not in card:
        yield "version", f"no heading is {shown(title)}, as the manifest has it"
    if header is not None:
        if header.pretty_name != title:
            yield "version", f"pretty_name is {shown(header.pretty_name)}, not {shown(title)}"
        for config in header.configs:
            if config.version != base:
                found = f"version of {config.config_name} is {shown(config.version)}"
                yield "version", f"{found}, the manifest says {base}"
    if (_WITHHELD_WARNING in card) == release.publishable:
        said = "does not say" if not release.publishable else "says"
        yield "publishable", f"{said} that it may not be published, the manifest says the opposite"
    for name, pattern in _COUNTS:
        match = pattern.search(card)
        if match is not None and _number(match[1]) != getattr(release, name):
            stated = getattr(release, name)
            yield "card-figures", f"it says {match[1]} {name}, the manifest {stated:,}"


def check_changelog(folder: Path, sizes: Mapping[str, int], version: str, faults: Faults) -> None:
    """Check that CHANGELOG.md has a section of this version."""
    if CHANGELOG not in sizes or sizes[CHANGELOG] > _MOST_BYTES:
        return  # missing, or too large to be read for a heading
    text = (folder / CHANGELOG).read_bytes().decode("utf-8", "replace")
    if f"\n## {version}\n" not in text:
        faults.add(CHANGELOG, "version", f"has no section {shown(version)}, as the manifest has it")


def check_tables(card: str, header: CardHeader | None, tally: Tally) -> Iterator[Broken]:
    """Check the card's numbers of rows and its statistics against the rows that were read."""
    for heading, names in (("## Loading", tally.loading), ("## Statistics", tally.statistics)):
        for name, *counted, rest in _ROW.findall(_section(card, heading)):
            expected = names(name)
            cells = counted
            if expected is not None and heading == "## Statistics":
                cells = [*counted, rest]
                expected = [*expected, sum(expected)]
            found = [_number(number) for number in cells]
            if expected is not None and found != expected:
                counts = ", ".join(f"{count:,}" for count in expected)
                said = ", ".join(cells)
                yield "card-figures", f"{shown(name)}: it says {said}, the rows have {counts}"
    yield from _check_licences(card, header, tally)


def _check_licences(card: str, header: CardHeader | None, tally: Tally) -> Iterator[Broken]:
    """The licences that the card states, for all and for each, are those of the rows."""
    section = _section(card, "## Licences")
    stated = Counter(
        {(name, place): _number(count) for name, place, count in _LICENCE.findall(section)}
    )
    counted = Counter({(cell(name), place): n for (name, place), n in tally.licences.items()})
    if stated and stated != counted:  # as counters: licences of withheld texts alone have 0 here
        pair = next(p for p in sorted({*stated, *counted}) if stated[p] != counted[p])
        said, found = stated[pair], counted[pair]
        name = ", ".join(pair)
        yield "licence", f"{shown(name)}: it says {said:,} documents, the rows have {found:,}"
    others = {licence for licence, _ in tally.licences} - {"CC-BY-4.0"}
    if header is not None and header.license == "cc-by-4.0" and others:
        other = ", ".join(sorted(map(shown, others))[:3])
        yield "licence", f"its licence is cc-by-4.0, but texts have {other}"


def _section(card: str, heading: str) -> str:
    return card.partition(f"\n{heading}\n")[2].partition("\n## ")[0]


def _number(text: str) -> int:
    """Read a number with its commas; -1 where it is none."""
    digits = text.replace(",", "")[:18]
    return int(digits) if digits.isascii() and digits.isdigit() else -1
