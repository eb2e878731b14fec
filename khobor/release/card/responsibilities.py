"""What the responsible-AI fields of Croissant say of a release (RAI 1.0), by property."""

from __future__ import annotations

from khobor.corpus.annotators import AnnotatorAgreement
from khobor.manifests import Release
from khobor.release.card.statements import (
    annotation_protocol,
    collection,
    limitations,
    maintenance,
    misuses,
    personal_information,
    uses,
)
from khobor.release.croissants import Responsible
from khobor.release.overviews import Overview


def responsibilities(corpus: Overview, release: Release) -> Responsible:
    """Turn a corpus and its manifest into RAI properties, without their prefix."""
    protocol = annotation_protocol(corpus, release).replace("`", "")
    return {
        "dataCollection": collection(corpus),
        "dataPreprocessingProtocol": [
            "Decoded pages, linearised to their visible text without normalisation, cut into labelled "
            "blocks, sentences and tokens by rules."
        ],
        "dataAnnotationProtocol": protocol,
        "dataAnnotationAnalysis": [_agreement(agreement) for agreement in corpus.agreements],
        "annotationsPerItem": "1, adjudicated where two annotated" if protocol else "",
        "dataUseCases": uses(corpus),
        "dataLimitations": [*limitations(corpus), *(f"Not for: {m}" for m in misuses(corpus))],
        "personalSensitiveInformation": [personal_information(corpus)],
        "dataReleaseMaintenancePlan": " ".join(maintenance(release)).replace("`", ""),
    }


def _agreement(agreement: AnnotatorAgreement) -> str:
    figures = agreement.figures
    exact, quotes = figures.labels[0].exact_f1.value, figures.quote_detection_f1.value
    return (
        f"{agreement.first} and {agreement.second} on {figures.documents} documents: exact F1 of "
        f"mentions {_figure(exact)}, F1 of quotes found {_figure(quotes)}."
    )


def _figure(value: float | None) -> str:
    return "not measured" if value is None else f"{value:.3f}"
