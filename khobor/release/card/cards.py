"""The card of a release (README.md), generated from its rows and from the code.

A section that has nothing to say is left out. What pages say of themselves never stands in it;
what a catalogue says is escaped (card.escapes).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from khobor.manifests import Release
from khobor.release.card.column_tables import columns
from khobor.release.card.corpus_tables import agreement_sections, corpus_sections
from khobor.release.card.headers import card_header
from khobor.release.card.licences import licences
from khobor.release.card.loadings import loading
from khobor.release.card.makings import citing, limits, making, splits_and_versions, using
from khobor.release.card.pictures import Picture
from khobor.release.card.split_tables import statistics
from khobor.release.card.statements import summary
from khobor.release.overviews import Overview


def make_card(
    corpus: Overview,
    release: Release,
    pictures: Sequence[Picture],
    *,
    beside: Collection[str],
) -> str:
    """Turn a corpus and the manifest of its release into the card's Markdown with YAML.

    `pictures` are drawn from its tallies; `beside` names what else lies in
    the folder.
    """
    tallies = corpus.facts.tallies
    sections = [
        f"# {release.name} {release.version}",
        release.about.description.strip(),
        summary(corpus, tallies) if corpus.documents else "",
        loading(
            release.files,
            name=release.name,
            version=release.version,
            beside=beside,
            agreements=bool(corpus.agreements),
        ),
        statistics(tallies, pictures) if corpus.documents else "",
        *corpus_sections(corpus),
        columns(release.files, corpus.facts.example) if release.files else "",
        making(corpus, release),
        *agreement_sections(corpus),
        splits_and_versions(release),
        licences(corpus),
        using(corpus),
        limits(corpus),
        citing(release),
    ]
    body = "\n\n".join(section for section in sections if section)
    return f"---\n{card_header(corpus, release)}\n---\n\n{body}\n"
