"""Entities and quotes on this repository's corpus, and how much of gold `khobor suggest` saves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from benchmarks.baselines_others import SEEDS, interval
from benchmarks.baselines_runs import (
    UNSEEN,
    Annotated,
    Corpus,
    Measured,
    Predicted,
    predict_mentions,
    predict_quotes,
    read_corpus,
    say,
)
from benchmarks.figures import Cell, Figure
from khobor.corpus.corpora import Entry
from khobor.records import Annotation, Part
from khobor.scoring import MentionScores, QuoteFigures, score_mentions, score_quotes


def figures(paths: Mapping[str, str]) -> list[Figure]:
    """Measure entities, quotes, publishers left out, and the saving; `paths` of word_clusters."""
    corpus = read_corpus()
    found = Measured(corpus, paths)
    on = _about(corpus)
    return [
        _mention_figure(found, on),
        _label_figure(found, on),
        _quote_figure(found, on),
        _publisher_figure(corpus),
        _saving_figure(found, on),
    ]


def _about(corpus: Corpus) -> str:
    sizes = ", ".join(
        f"{name} {len(part)} ({sum(len(a.mentions) for _, a in part):,} mentions, "
        f"{sum(len(a.quotes) for _, a in part):,} quotes)"
        for name, part in corpus.parts.items()
    )
    splits = "frozen" if corpus.frozen else "provisional (no version is frozen yet)"
    test = [document.doc_id for document, _ in corpus.parts["test"]]
    seen = sum(doc_id not in UNSEEN for doc_id in test)
    return (
        f"the gold documents of this repository, splits {splits}: {sizes}. Trained on train alone; "
        "features, rules, word lists and settings were chosen on what taggers got wrong in train "
        "and validation, so validation flatters"
        + (
            f"; so may test, {seen} of whose {len(test)} documents were in them before the splits "
            "were frozen"
            if seen
            else ""
        )
        + ". The real pages (Prothom Alo, ABP Ananda; their texts are withheld, so who has them "
        "measures on them) were scored, and never looked at"
    )


# --- entities ---------------------------------------------------------------------------------


def score_part(documents: Sequence[Annotated], predicted: Predicted) -> MentionScores:
    """Score the mentions of some documents."""
    return score_mentions(
        [annotation for _, annotation in documents],
        [predicted[document.doc_id] for document, _ in documents],
    )


def _mention_figure(found: Measured, on: str) -> Figure:
    rows: list[tuple[Cell, ...]] = []
    for tagger, predicted in found.mentions.items():
        for name, part in found.parts.items():
            scores = score_part(part, predicted)
            shuffles = [score_part(part, other).micro.f1 or 0 for other in found.shuffles]
            rows.append(
                (
                    f"{tagger}: {name}",
                    scores.micro.precision,
                    scores.micro.recall,
                    interval(scores.micro),
                    f"{min(shuffles):.3f}–{max(shuffles):.3f}" if tagger == "CRF" else None,
                    scores.macro_f1.value,
                    scores.name.micro.f1,
                    scores.overlap.micro.f1,
                    scores.name_ends.value,
                )
            )
    return Figure(
        title="Entities on this corpus",
        measured=(
            "Mentions with exactly the gold's start, end and label; bare names (name_end instead of "
            "end); overlapping mentions of the same label; of exact mentions, those with the gold's "
            "name_end. A CRF over khobor's features; with clusters learned from the Inqilab articles."
        ),
        on=on,
        columns=(
            "tagger: part",
            "precision",
            "recall",
            "F1",
            "shuffles",
            "macro F1",
            "F1 of bare names",
            "overlap F1",
            "name_end",
        ),
        rows=tuple(rows),
        notes=(
            "In brackets the 95 % interval over resampled documents. `shuffles`: least and greatest F1 "
            f"when the training documents are shuffled by the seeds {', '.join(map(str, SEEDS))}.",
        ),
    )


def _label_figure(found: Measured, on: str) -> Figure:
    scores = {name: score_part(part, found.mentions["CRF"]) for name, part in found.parts.items()}
    labels = list(dict.fromkeys(label for each in scores.values() for label in each.labels))
    rows: list[tuple[Cell, ...]] = []
    for label in labels:
        row: list[Cell] = [label]
        for each in scores.values():
            score = each.labels.get(label)
            row += [score.counts.first, score.f1] if score is not None else [0, None]
        rows.append(tuple(row))
    return Figure(
        title="Entities by label",
        measured="Gold mentions and exact F1 of the CRF without clusters.",
        on=on,
        columns=("label", *(f"{name}{what}" for name in scores for what in ("", ", F1"))),
        rows=tuple(rows),
    )


# --- quotes -----------------------------------------------------------------------------------


def quote_scores(documents: Sequence[Annotated], predicted: Predicted) -> QuoteFigures:
    """Score the quotes of some documents."""
    return score_quotes(
        [annotation for _, annotation in documents],
        [predicted[document.doc_id] for document, _ in documents],
        {document.doc_id: document.text for document, _ in documents},
    ).all


def _quote_figure(found: Measured, on: str) -> Figure:
    rows: list[tuple[Cell, ...]] = []
    for way, predicted in found.quotes.items():
        for name, part in found.parts.items():
            scores = quote_scores(part, predicted)
            rows.append(
                (
                    f"{way}: {name}",
                    scores.found.precision,
                    scores.found.recall,
                    interval(scores.found),
                    scores.content_exact.f1,
                    scores.cue.f1,
                    scores.speaker.f1,
                    interval(scores.attribution),
                    interval(scores.strict),
                )
            )
    return Figure(
        title="Quotes on this corpus",
        measured=(
            "Quotes found (contents that overlap by half of their tokens or more), with exactly the "
            "gold's content, cue, speaker; attributed (found, and to whom gold says); the same in "
            "every part (strict). Rules: quotation marks, reporting verbs, a search for the speaker. "
            "Mentions are those of the CRF above, but for the last way."
        ),
        on=on,
        columns=(
            "way: part",
            "precision",
            "recall",
            "F1",
            "content exact",
            "cue",
            "speaker",
            "attribution",
            "strict",
        ),
        rows=tuple(rows),
    )


# --- publishers -------------------------------------------------------------------------------


def _publisher_figure(corpus: Corpus) -> Figure:
    gold = [e for e in corpus.entries if e.state == "gold" and e.annotation is not None]
    publishers = sorted({entry.document.metadata.publisher or "" for entry in gold})
    everything: list[Annotated] = []
    predicted: Predicted = {}
    rows: list[tuple[Cell, ...]] = []
    for publisher in publishers:
        say(f"without {publisher}")
        held = [e for e in gold if (e.document.metadata.publisher or "") == publisher]
        clusters = {entry.split.cluster_id for entry in held}
        train = [_pair(e) for e in gold if e not in held and e.split.cluster_id not in clusters]
        test = [_pair(entry) for entry in held]
        named = predict_mentions(train, test, {})
        predicted |= predict_quotes(train, test, named, rules=True)
        everything += test
        rows.append((publisher, len(test), *_cells(test, predicted, interval_of=lambda s: s.f1)))
    rows.append(("all", len(everything), *_cells(everything, predicted, interval_of=interval)))
    return Figure(
        title="Leave one publisher out",
        measured=(
            "Each publisher's documents, tagged by the CRFs (mentions without clusters, quotes with "
            "the rules as features) that learned from all other publishers' alone, whatever their "
            "split; near copies of its articles at other publishers are left out too."
        ),
        on=f"the {len(gold)} gold documents of {len(publishers)} publishers whose texts are here",
        columns=(
            "publisher",
            "documents",
            "mentions",
            "mentions, F1",
            "quotes",
            "quotes found, F1",
            "attribution, F1",
        ),
        rows=tuple(rows),
    )


def _pair(entry: Entry) -> Annotated:
    if entry.annotation is None:
        raise ValueError(entry.document.doc_id)
    return entry.document, entry.annotation


def _cells(
    documents: Sequence[Annotated], predicted: Predicted, *, interval_of: Callable[..., Cell]
) -> tuple[Cell, ...]:
    mentions, quotes = score_part(documents, predicted), quote_scores(documents, predicted)
    return (
        mentions.micro.counts.first,
        interval_of(mentions.micro),
        quotes.found.counts.first,
        interval_of(quotes.found),
        interval_of(quotes.attribution),
    )


# --- the saving -------------------------------------------------------------------------------


def _saving_figure(found: Measured, on: str) -> Figure:
    rows: list[tuple[Cell, ...]] = []
    for name, part in found.parts.items():
        mentions, quotes, others = [0, 0], [0, 0], 0
        for document, gold in part:
            suggested = found.suggested[document.doc_id]
            for counts, wanted, there in (
                (mentions, _mention_keys(gold), _mention_keys(suggested)),
                (quotes, _quote_keys(gold), _quote_keys(suggested)),
            ):
                counts[0] += len(wanted & there)
                counts[1] += len(wanted)
                others += len(there - wanted)
        right, of = mentions[0] + quotes[0], mentions[1] + quotes[1]
        rows.append((name, of, right, right / of, *_share(mentions), *_share(quotes), others))
    return Figure(
        title="What suggestions save",
        measured=(
            "Items of gold (mentions and quotes) of pages that the model has not seen that `khobor "
            "suggest` gives already right, in every field: a mention's span, label and name_end; a "
            "quote's content, cue, speaker, the speaker's mention, kind, marking, medium and quoted "
            "words. The others an annotator corrects or adds; suggested items that gold has not so "
            "are to correct or to remove."
        ),
        on=on,
        columns=(
            "part",
            "gold items",
            "already right",
            "share",
            "mentions right",
            "share of mentions",
            "quotes right",
            "share of quotes",
            "suggested, to correct or remove",
        ),
        rows=tuple(rows),
    )


def _share(counts: Sequence[int]) -> tuple[int, float | None]:
    return counts[0], counts[0] / counts[1] if counts[1] else None


def _mention_keys(annotation: Annotation) -> set[tuple[object, ...]]:
    return {(m.start, m.end, m.name_end, m.label) for m in annotation.mentions}


def _quote_keys(annotation: Annotation) -> set[tuple[object, ...]]:
    """Turn quotes into all that they say; a speaker's mention is told by its place, not its id."""
    places = {mention.id: (mention.start, mention.end) for mention in annotation.mentions}
    return {
        (
            tuple(map(_place, quote.content)),
            _place(quote.cue),
            _place(quote.speaker),
            places.get(quote.speaker_mention or ""),
            quote.kind,
            quote.marking,
            quote.medium,
            tuple(map(_place, quote.quoted)),
        )
        for quote in annotation.quotes
    }


def _place(part: Part | None) -> tuple[int, int] | None:
    return (part.start, part.end) if part is not None else None
