"""One example of every record, with every field filled, for tests of records and schemas."""

from __future__ import annotations

from typing import Any

import numpy as np

from khobor import manifests, records
from khobor.spans import Span

SHA = "0" * 64
METADATA = records.Metadata(
    url="https://kashban.example/1",
    title="নদীর পাড়ে নতুন স্কুল",
    publisher="দৈনিক কাশবন",
    country="BD",
    language="bn",
    section="শিক্ষা",
    authors=("রুমা সরকার",),
    published_at="2021-10-05T11:42:00+06:00",
    published_source="json-ld",
    captured_at="2021-10-06T08:00:00Z",
)
BLOCK = records.Block(0, 9, "headline", "html/body/h1")
HEADER = records.AnnotationHeader("page-1", SHA, "ruma", "1.0", "complete")
BLOCKS_HEADER = records.BlocksHeader("page-1", SHA)
MENTION = records.Mention("e1", 0, 6, 5, "GPE", "ঢাকায়", "শহর")
QUOTE = records.Quote(
    id="q1",
    content=(records.Part(10, 20, "বাঁধ ভাঙবে"),),
    kind="mixed",
    marking="marked",
    medium="speech",
    cue=records.Part(21, 25, "বলেন"),
    speaker=records.Part(26, 30, "তিনি"),
    speaker_mention="e1",
    quoted=(records.Part(10, 14, "বাঁধ"),),
    note="দুই ভাগে",
)
DOCUMENT = records.Document(
    doc_id="page-1",
    source="page-1.html",
    raw_sha256=SHA,
    text="জল নামে।",
    text_sha256=SHA,
    metadata=METADATA,
    blocks=(records.Block(0, 8, "paragraph"),),
    sentences=(records.Sentence(0, 8, 0),),
    tokens=records.Tokens(np.array([0, 3, 7], np.int32), np.array([2, 7, 8], np.int32)),
)
PAGE = records.Page(
    doc_id="page-1",
    source="page-1.html",
    medium="html",
    charset="utf-8",
    raw_sha256=SHA,
    text="জল নামে।",
    text_sha256=SHA,
    metadata=METADATA,
    stretches=(records.Stretch(0, 8, "html/body/p", True, (Span(0, 2),)),),
)
RELEASE = manifests.Release(
    name="khobor-bn-news",
    version="1.0.0",
    publishable=True,
    guidelines=("1.0",),
    pages=2,
    documents=1,
    withheld=0,
    held=0,
    rejects=1,
    misfits=0,
    made_with={"khobor": "1.0.0"},
    files=(
        manifests.ReleaseFile(
            path="data/documents/train-00000-of-00001.parquet",
            config="documents",
            split="train",
            rows=1,
            bytes=100,
            sha256=SHA,
            rows_sha256=SHA,
        ),
    ),
    about="A corpus.",
    creators=("machine-generated",),
)
CATALOGUE_ROW = records.CatalogueRow(
    doc_id="page-1",
    raw_sha256=SHA,
    text_sha256=SHA,
    publisher="দৈনিক কাশবন",
    country="BD",
    url="https://kashban.example/1",
    licence="CC-BY-4.0",
    provenance="composed",
    captured_at="2021-10-06T08:00:00Z",
    published_at="2021-10-05T11:42:00+06:00",
    section="শিক্ষা",
    title="নদীর পাড়ে নতুন স্কুল",
    withheld=True,
    note="নমুনা",
)

# Schema (the name of its file) → examples: one for every record that a line of it may be.
EXAMPLES: dict[str, tuple[Any, ...]] = {
    "page": (PAGE,),
    "block": (BLOCK,),
    "document": (DOCUMENT,),
    "annotation": (
        records.Annotation("page-1", SHA, "ruma", "1.0", "complete", (MENTION,), (QUOTE,)),
    ),
    "annotation-line": (HEADER, MENTION, QUOTE),
    "known-exception": (
        records.KnownException("other-label", "ফেসবুক", "the firm acts, the site is used", "page-1"),
    ),
    "decisions-line": (
        records.AdjudicationHeader("page-1", SHA, "a1", "a2"),
        records.Difference("d1", "own", "শহর", "ঢাকায় জল", (MENTION,), (QUOTE,), (MENTION,)),
    ),
    "blocks-line": (BLOCKS_HEADER, BLOCK),
    "standoff-line": (HEADER, BLOCK, MENTION, QUOTE),
    "catalogue-row": (CATALOGUE_ROW,),
    "split-row": (
        manifests.SplitRow("page-1", "c1", "train", "1.0.0", "published", "first release"),
        manifests.SplitRow("page-2", "c2", None, "1.1.0", "held"),
    ),
    "reject": (records.Reject("page-2.html", "no-article", "furniture alone", SHA),),
    "misfit": (records.Misfit("page-1", "e1", "token-larger", 0, 5, "ঢাকা lies inside ঢাকা-র"),),
    "release": (RELEASE,),
    "releases-line": (
        manifests.FrozenRelease(
            "khobor-bn-news", "1.0.0", SHA, {"pages": {"doc_id": '{"dtype":"string"}'}}
        ),
        manifests.FrozenDocument("1.0.0", "page-1", "train", {"pages": 1}, {"text": "0" * 16}),
    ),
}
