"""Build this repository's corpus: pages/ and annotations/ into a Hugging Face dataset.

The story, top to bottom: the pages of the catalogue become documents (capture, blocks,
sentences, tokens), the hand annotations are checked and aligned to them, documents get their
splits, and all of it is written as one folder that `load_dataset` opens. With --freeze that
folder is the next version, and its digests are appended to annotations/.
"""

from __future__ import annotations

import sys
from pathlib import Path

import click

from khobor.cli.engines import engine_options, make_progress, tell_shards, work_folder
from khobor.cli.errors import exit_with, report_findings
from khobor.cli.takedowns import read_takedowns
from khobor.corpus.corpora import assemble
from khobor.corpus.stored import store_corpus
from khobor.engines.choices import EngineName, open_engine
from khobor.errors import KhoborError
from khobor.manifests import About
from khobor.release.abouts import read_about
from khobor.release.building import build_release
from khobor.release.freezes import freeze_release
from khobor.release.overviews import overview_of
from khobor.release.summaries import summarise

HERE = Path(__file__).parent
ANNOTATIONS = HERE / "annotations"
NAME = "khobor-bn-news"
DESCRIPTION = """
The pages of this corpus were **composed for it**: news pages of invented publishers, written
and annotated by a large language model working to the annotation guideline, **not yet reviewed
by native speakers**. They look like captured pages (navigation, advertisements, related
headlines, the encodings of the real web) and report in the manner of newsrooms in Bangladesh
and West Bengal. Facts may be those of well-documented public events; persons, firms and remarks
are invented, no invented remark is put into a real person's mouth, and real institutions appear
in plain roles alone. URLs of invented publishers end in `.example`. Three of the pages tell one
event in an agency's words, two tell another each in its own; three are no articles.

Each page was annotated in one pass and reviewed in another. Twenty were annotated twice, by `a1`
and `a2`, neither of whom saw the other's work, and adjudicated; what was decided stands in the
items' notes. Both are passes of the same model with the same guideline: their agreement below
says how far the guideline decides, not how far two people would agree.

Pages with `provenance: captured` are real; where their text may not be redistributed it is
withheld, and only the stand-off annotation is here. Fourteen of them are articles of Prothom
Alo, rows of `Prothomalo/data.csv` in the public repository iamaber/bangla-news-scraper (each
row's number is in its catalogue row); who has that file builds the corpus with their full rows.

Shorter sayings than in real news (16 words against 30) and more cues behind their content are known
differences of the composed pages; the table below has all of them.

It is made for work on Bengali named entities, quotations (who said what), and the segmentation
of news pages, with offsets that are exact at every layer.
"""


@click.command(help=__doc__)
@click.option("--out", type=click.Path(path_type=Path), default=Path("dist"), show_default=True)
@click.option(
    "--pages",
    "supplied",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Pages whose text is withheld here, from you who own a copy; told by their hash.",
)
@engine_options
@click.option("--freeze", is_flag=True, help="Freeze the next version (make release).")
@click.option(
    "--major", is_flag=True, help="With --freeze: rows of validation and test may change."
)
@click.option(
    "--takedown",
    "takedowns",
    metavar="DOC=REASON",
    callback=read_takedowns,
    multiple=True,
    help="With --freeze: why a published document is gone.",
)
def main(
    out: Path,
    supplied: tuple[Path, ...],
    workers: int,
    engine_name: EngineName,
    scheduler: str | None,
    work: Path | None,
    log_json: bool,
    freeze: bool,
    major: bool,
    takedowns: dict[str, str],
) -> None:
    try:
        about = read_about(
            description=DESCRIPTION,
            licence=HERE / "LICENSE-DATA",
            citation=HERE / "CITATION.cff",
            creators=["machine-generated"],
            language_creators=["machine-generated"],
        )
        if freeze:
            said = _freeze(out, supplied, about, takedowns, major=major)
        else:
            progress = make_progress(log_json=log_json)
            with open_engine(engine_name, workers=workers, scheduler=scheduler) as engine:
                corpus = store_corpus(
                    [HERE / "pages"],
                    work_folder(work, out, NAME),
                    engine,
                    annotations=ANNOTATIONS,
                    supplied=supplied,
                    progress=progress,
                )
                report_findings(corpus.findings)
                built = build_release(
                    corpus, out, engine, name=NAME, about=about, progress=progress
                )
            said = summarise(built.overview, built.release, built.path)
            said += f"\n{tell_shards(corpus)}"
    except KhoborError as error:
        sys.exit(exit_with(error))
    click.echo(said)


def _freeze(
    out: Path,
    supplied: tuple[Path, ...],
    about: About,
    takedowns: dict[str, str],
    *,
    major: bool,
) -> str:
    """Freeze the next version of the corpus, held in memory, and say what came of it."""
    corpus = assemble([HERE / "pages"], annotations=ANNOTATIONS, supplied=supplied, major=major)
    report_findings(corpus.findings)
    frozen = freeze_release(
        corpus, out, ANNOTATIONS, name=NAME, about=about, takedowns=takedowns, major=major
    )
    done = "is frozen now" if frozen.appended else "is what was frozen, byte for byte"
    return f"version {frozen.release.version} {done}\n\n" + summarise(
        overview_of(corpus), frozen.release, frozen.path
    )


if __name__ == "__main__":
    main()
