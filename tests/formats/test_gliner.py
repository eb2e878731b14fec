"""GLiNER: golden bytes, inclusive ends, and what an independent reader gets back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from khobor.formats.gliner import EXPORTER
from khobor.formats.interface import FormatError, Loss
from tests.formats.exported import Found, Laid, kept_mentions, laid, named, offsets, small, spans

GOLDEN = """\
[
{"doc_id":"small","tokenized_text":["🚢","মেঘনার","ঘাটে","ফেরি"],"ner":[[1,1,"LOC"]]},
{"doc_id":"small","tokenized_text":["মাঝি","করিম","শেখ","বলেন",",","‘","ঢাকা","যাব","।"],\
"ner":[[1,2,"PER"],[6,6,"GPE"]]},
{"doc_id":"small","tokenized_text":["ফিরব","না","।","’"],"ner":[]}
]
"""


def examples(content: bytes) -> list[dict[str, Any]]:
    """Load the examples as GLiNER's train.py does, and hold them to what its docs ask."""
    loaded: list[dict[str, Any]] = json.loads(content)
    for example in loaded:
        assert example["tokenized_text"]
        for first, last, label in example["ner"]:
            assert 0 <= first <= last < len(example["tokenized_text"])
            assert isinstance(label, str)
    return loaded


def test_a_small_document() -> None:
    written = EXPORTER.write(*small(), False)
    assert written.files == {"small.json": GOLDEN.encode()}
    assert written.losses == (
        Loss("small", "e1", "name_end", "gliner has no place for it"),
        Loss("small", "q1", "all of it", "gliner has no place for it"),
    )


def test_ends_are_inclusive() -> None:
    """The trap: read half-open, each name would lose its last word, and one of one word be empty."""
    (example,) = examples(
        EXPORTER.write(*named("সভায় করিম শেখ, ঢাকা", ("করিম শেখ", "PER"), ("ঢাকা", "GPE")), False).files[
            "small.json"
        ]
    )
    words = example["tokenized_text"]
    assert example["ner"] == [[1, 2, "PER"], [4, 4, "GPE"]]
    assert [" ".join(words[a : b + 1]) for a, b, _ in example["ner"]] == ["করিম শেখ", "ঢাকা"]
    assert example["ner"][-1][1] == len(words) - 1


@settings(max_examples=200)
@given(laid())
def test_what_was_kept_is_read_back_and_the_rest_is_a_loss(case: Laid) -> None:
    sheet, sentences = case
    written = EXPORTER.write(sheet, sentences, True)
    (content,) = written.files.values()
    loaded = examples(content)
    words = [word for example in loaded for word in example["tokenized_text"]]
    bounds = offsets(sheet.text, words)
    found: list[Found] = []
    first = 0
    for example in loaded:
        for start, last, label in example["ner"]:
            found.append((bounds[first + start][0], bounds[first + last][1], label))
        first += len(example["tokenized_text"])
    kept = kept_mentions(sheet, written)
    assert sorted(found) == spans(kept)
    assert {(loss.item, loss.field) for loss in written.losses} == {
        *((m.id, "all of it") for m in sheet.mentions if m not in kept),
        *((m.id, "name_end") for m in kept if m.name_end != m.end),
        *((m.id, "note") for m in kept if m.note is not None),
        *((quote.id, "all of it") for quote in sheet.quotes),
    }


def test_names_may_nest_and_overlap() -> None:
    names = (("ঢাকা", "GPE"), ("ঢাকা মহানগর", "GPE"), ("মহানগর পুলিশ", "ORG"))
    written = EXPORTER.write(*named("ঢাকা মহানগর পুলিশ জানায়", *names), False)
    (example,) = examples(written.files["small.json"])
    assert example["ner"] == [[0, 0, "GPE"], [0, 1, "GPE"], [1, 2, "ORG"]]


def test_two_labels_of_the_same_words_collide() -> None:
    case = named("ঢাকা জানায়", ("ঢাকা", "GPE"), ("ঢাকা", "ORG"))
    with pytest.raises(FormatError, match=r"e2 \('ঢাকা' at 0\): it has the same words as e1"):
        EXPORTER.write(*case, False)
    (example,) = examples(EXPORTER.write(*case, True).files["small.json"])
    assert example["ner"] == [[0, 0, "GPE"]]


def test_documents_are_joined_into_one_list() -> None:
    one = EXPORTER.write(*small(), False)
    joined = EXPORTER.join([one, one])["documents.json"]
    assert examples(joined) == examples(GOLDEN.encode()) * 2
    assert EXPORTER.join([one])["documents.json"] == GOLDEN.encode()
    assert EXPORTER.join([]) == {"documents.json": b"[]\n"}
