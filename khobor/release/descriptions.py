"""The files of a release that say what it is: card, pictures, Croissant, citation, licence."""

from __future__ import annotations

import json
from pathlib import Path

from khobor.manifests import Release
from khobor.release.card.cards import make_card
from khobor.release.card.headers import known_licences
from khobor.release.card.pictures import draw_pictures
from khobor.release.card.responsibilities import responsibilities
from khobor.release.card.statements import summary
from khobor.release.citations import CITATION, citation_file
from khobor.release.croissants import CROISSANT, make_croissant
from khobor.release.overviews import Overview

CARD = "README.md"
LICENCE = "LICENSE"


def write_descriptions(corpus: Overview, release: Release, folder: Path, *, later: str) -> None:
    """Write them into the folder of a release, beside all else; `later` is still to be written.

    The card comes last: it names what lies in the folder.
    """
    about = release.about
    tallies = corpus.facts.tallies
    pictures = draw_pictures(tallies)
    for picture in pictures:
        path = folder / picture.path
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(picture.svg.encode())
    croissant = make_croissant(
        release,
        description=summary(corpus, tallies),
        licences=known_licences(corpus),
        responsible=responsibilities(corpus, release),
    )
    encoded = json.dumps(croissant, ensure_ascii=False, indent=2)
    (folder / CROISSANT).write_bytes(encoded.encode() + b"\n")
    if about.citation is not None:
        (folder / CITATION).write_bytes(citation_file(about.citation, release.version))
    if about.licence:
        (folder / LICENCE).write_bytes(about.licence.encode())
    beside = {*(path.name for path in folder.iterdir()), later}
    card = make_card(corpus, release, pictures, beside=beside)
    (folder / CARD).write_bytes(card.encode())
