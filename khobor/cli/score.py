"""khobor score: how well predicted annotations are what gold says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import wrap

import click
import msgspec

from khobor.cli.annotators import annotator_name
from khobor.cli.errors import with_exit_codes
from khobor.corpus.scores import Scores, score_files
from khobor.records import ENTITY_LABELS, SPLITS, SplitName
from khobor.scoring import Interval, MentionScores, QuoteFigures, QuoteScores, Score, Share

_SCORES = {
    "found": "found",
    "content": "content",
    "content_exact": "content, exact",
    "cue": "cue, exact",
    "cue_overlap": "cue, overlap",
    "speaker": "speaker, exact",
    "speaker_overlap": "speaker, overlap",
    "attribution": "attribution",
    "strict": "whole quote",
}
_SHARES = {
    "named": "speaker",
    "by_name": "speaker, by a name",
    "by_pronoun": "speaker, by a pronoun or role",
    "to_nobody": "speaker, nobody",
    "kind": "kind",
    "marking": "marking",
    "medium": "medium",
}


@click.command()
@click.argument("gold")
@click.argument("predicted")
@click.option(
    "--corpus",
    type=click.Path(path_type=Path),
    default=Path(),
    show_default=True,
    help="The corpus folder with their pages; without it names of speakers are those of surfaces.",
)
@click.option(
    "--pages",
    "supplied",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Pages that its catalogue withholds, told by their hash.",
)
@click.option("--split", type=click.Choice(SPLITS), help="Score the documents of one split.")
@click.option(
    "--splits",
    type=click.Path(path_type=Path),
    help="The splits.jsonl that says which they are. [default: that of annotations/]",
)
@click.option(
    "--label",
    "labels",
    type=click.Choice(ENTITY_LABELS),
    multiple=True,
    help="Score mentions of these labels alone, as of a model that knows no others.",
)
@click.option("--json", "as_json", is_flag=True, help="All figures as one JSON object.")
@with_exit_codes
def score(
    gold: str,
    predicted: str,
    corpus: Path,
    supplied: tuple[Path, ...],
    split: SplitName | None,
    splits: Path | None,
    labels: tuple[str, ...],
    as_json: bool,
) -> int:
    """Score PREDICTED annotations against GOLD.

    Each is a name below annotations/, or a path to an annotation file or to a folder of them.
    Mentions: exact F1 a label, of whole words and of bare names, F1 of overlaps. Quotes: matched
    one to one by content; F1 of what was found, of content, cue and speaker, of attributions and
    of whole quotes. Documents that gold has not finished are left out; one that is not predicted
    is all missed. Intervals are 95 %, over documents. docs/scoring.md says what each figure is.
    """
    if splits is not None and split is None:
        raise click.UsageError("--splits needs --split: which one is to be scored?")
    scores = score_files(
        corpus,
        gold,
        predicted,
        supplied=supplied,
        labels=labels or None,
        split=split,
        splits=splits,
    )
    for note in scores.notes:
        click.echo(f"note: {note}", err=True)
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(scores), indent=2).decode())
    else:
        click.echo(format_scores(scores))
    return 0


def format_scores(scores: Scores) -> str:
    """Turn scores into the tables of the command."""
    names = annotator_name(scores.gold), annotator_name(scores.predicted)
    if names[0] == names[1]:
        names = scores.gold, scores.predicted
    count = len(scores.mentions.coverage.scored)
    sections = [
        [f"{names[1]} against {names[0]}: {count} document{'' if count == 1 else 's'}"],
        _mentions(scores.mentions),
        *_quotes(scores.quotes),
    ]
    return "\n\n".join("\n".join(line.rstrip() for line in lines) for lines in sections)


def _mentions(scores: MentionScores) -> list[str]:
    if not scores.exact.labels:
        return ["mentions: none in gold, none predicted"]
    lines = [
        f"{'mentions':<18}{'gold':>8}{'pred.':>8}{'right':>8}{'prec.':>7}{'recall':>8}{'F1':>7}"
        f"{'95 % interval':>15}{'name F1':>9}{'overlap':>9}",
        _mention_line("all (micro)", scores.exact.micro, scores.name.micro, scores.overlap.micro),
        f"{'labels (macro)':<57}{_figure(scores.exact.macro_f1.value):>7}"
        f"{_interval(scores.exact.macro_f1):>15}{_figure(scores.name.macro_f1.value):>9}"
        f"{_figure(scores.overlap.macro_f1.value):>9}",
    ]
    for label, exact in scores.exact.labels.items():
        name, overlap = scores.name.labels[label], scores.overlap.labels[label]
        lines.append(_mention_line(label, exact, name, overlap))
    lines.append(_mention_line("whatever label", scores.found, None, scores.touched))
    ends = scores.name_ends
    if ends.of:
        lines += ["", f"same name_end where exact: {ends.right:,} of {ends.of:,}"]
    if scores.confusions:
        said = ", ".join(f"{c.gold} → {c.predicted} {c.count:,}" for c in scores.confusions[:12])
        lines += ["", *wrap(f"gold's label → the predicted one, at the same span: {said}", 98)]
    return lines


def _mention_line(name: str, exact: Score, bare: Score | None, overlap: Score) -> str:
    return (
        f"{_score_line(name, exact)}{_figure(bare.f1) if bare is not None else '':>9}"
        f"{_figure(overlap.f1):>9}"
    )


def _quotes(scores: QuoteScores) -> Iterator[list[str]]:
    if not scores.by_marking:
        yield ["quotes: none in gold, none predicted"]
        return
    by_marking = scores.by_marking
    yield [
        f"{'quotes':<18}{'gold':>8}{'pred.':>8}{'right':>8}{'prec.':>7}{'recall':>8}{'F1':>7}"
        f"{'95 % interval':>15}",
        *(_score_line(said, getattr(scores.all, name)) for name, said in _SCORES.items()),
    ]
    yield [
        f"{'F1 by marking':<18}" + "".join(f"{name:>10}" for name in by_marking),
        *(_by_marking(said, name, by_marking.values()) for name, said in _SCORES.items()),
    ]
    yield [
        f"{'of quotes found, same':<30}{'right':>7}{'of':>7}{'share':>7}{'95 % interval':>15}"
        + "".join(f"{name:>10}" for name in by_marking),
        *(
            _share_line(said, name, scores.all, by_marking.values())
            for name, said in _SHARES.items()
        ),
    ]


def _by_marking(said: str, name: str, groups: Iterable[QuoteFigures]) -> str:
    f1s = [getattr(group, name).f1 for group in groups]
    return f"{said:<18}" + "".join(f"{_figure(f1):>10}" for f1 in f1s)


def _share_line(said: str, name: str, whole: QuoteFigures, groups: Iterable[QuoteFigures]) -> str:
    share: Share = getattr(whole, name)
    shares: list[Share] = [getattr(group, name) for group in groups]
    return (
        f"{said:<30}{share.right:>7,}{share.of:>7,}{_figure(share.value):>7}{_interval(share):>15}"
        + "".join(f"{_figure(s.value):>10}" for s in shares)
    )


def _score_line(name: str, score: Score) -> str:
    counts = score.counts
    return (
        f"{name:<18}{counts.first:>8,}{counts.second:>8,}{counts.matched:>8,}"
        f"{_figure(score.precision):>7}{_figure(score.recall):>8}{_figure(score.f1):>7}"
        f"{_interval(score):>15}"
    )


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _interval(figure: Interval | Score | Share) -> str:
    return "" if figure.low is None else f"{figure.low:.3f}–{figure.high:.3f}"
