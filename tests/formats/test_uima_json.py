"""UIMA CAS JSON: its bytes, dkpro-cassis and INCEpTION at the other end, and what is no CAS."""

from __future__ import annotations

import io
import json
import warnings
from typing import Any

import pytest
from cassis import load_cas_from_json
from hypothesis import given

from khobor.formats import uima
from khobor.formats.interface import FormatError, Sheet
from khobor.formats.uima_json import CODEC
from tests.formats.sheets import sheets
from tests.formats.uima_samples import SHEET, TEXT, returned

NAME = "page-1.json"
METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"


def structure(number: int, layer: str, /, **features: Any) -> dict[str, Any]:
    """Build a feature structure of a golden file; `at_x` is the reference @x."""
    named = {name.replace("at_", "@"): value for name, value in features.items()}
    return {"%ID": number, "%TYPE": layer, **named}


def link(number: int, role: str, target: int) -> dict[str, Any]:
    """Build a link of a quote to a part."""
    return structure(number, "webanno.custom.KhoborQuotePartsLink", role=role, at_target=target)


STRUCTURES = [
    structure(
        1, "uima.cas.Sofa", sofaNum=1, sofaID="_InitialView", mimeType="text", sofaString=TEXT
    ),
    structure(
        2, METADATA, at_sofa=1, begin=0, end=46, language="x-unspecified",
        documentTitle="page-1", documentId="page-1", isLastSegment=False,
    ),
    structure(
        3, "webanno.custom.KhoborEntity", at_sofa=1, begin=3, end=9, value="LOC", ending="র",
        note='নদী\n"ও" <ঘাট>', id="e1",
    ),
    structure(4, "webanno.custom.KhoborQuotePart", at_sofa=1, begin=38, end=45),
    structure(5, "webanno.custom.KhoborQuotePart", at_sofa=1, begin=32, end=36),
    structure(6, "webanno.custom.KhoborQuotePart", at_sofa=1, begin=27, end=31),
    structure(7, "webanno.custom.KhoborQuotePart", at_sofa=1, begin=16, end=19),
    structure(
        8, "webanno.custom.KhoborQuote", at_sofa=1, begin=15, end=25, kind="mixed",
        marking="marked", medium="speech", id="q1", at_parts=9, at_speakerMention=10,
    ),
    {"%ID": 9, "%TYPE": "uima.cas.FSArray", "%ELEMENTS": [11, 12, 13, 14]},
    {"%ID": 10, "%TYPE": "uima.cas.FSArray", "%ELEMENTS": [15]},
    link(11, "content", 4),
    link(12, "cue", 5),
    link(13, "speaker", 6),
    link(14, "quoted", 7),
    structure(15, "webanno.custom.KhoborQuoteSpeakerMentionLink", role="is", at_target=3),
]  # fmt: skip
VIEWS = {"_InitialView": {"%SOFA": 1, "%MEMBERS": [2, 3, 4, 5, 6, 7, 8]}}

# As INCEpTION exports it: ids of its own, arrays named for their elements, tokens, sentences,
# another layer and another view; the entity beside ours is new.
INCEPTION = {
    "%TYPES": {},
    "%FEATURE_STRUCTURES": [
        structure(40, "uima.cas.Sofa", sofaNum=2, sofaID="other", sofaString="another text"),
        structure(30, "uima.cas.Sofa", sofaNum=1, sofaID="_InitialView", sofaString=TEXT),
        structure(
            31, METADATA, at_sofa=30, begin=0, end=46, documentTitle="page-1.json",
            documentId="anna", collectionId="khobor", isLastSegment=False,
            **{"%FLAGS": ["DocumentAnnotation"]},
        ),
        structure(50, "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Sentence",
                  at_sofa=30, begin=0, end=46),
        structure(51, "de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token",
                  at_sofa=30, begin=0, end=2, order=0),
        structure(60, "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity",
                  at_sofa=30, begin=3, end=9, value="LOC"),
        structure(81, "webanno.custom.KhoborEntity", at_sofa=30, begin=3, end=9, value="LOC",
                  ending="র", note='নদী\n"ও" <ঘাট>', id="e1"),
        structure(82, "webanno.custom.KhoborEntity", at_sofa=30, begin=10, end=14, value="LOC"),
        structure(90, "webanno.custom.KhoborQuote", at_sofa=30, begin=15, end=25, kind="mixed",
                  marking="marked", medium="speech", id="q1", at_parts=91, at_speakerMention=92),
        {"%ID": 91, "%TYPE": "webanno.custom.KhoborQuotePartsLink[]", "%ELEMENTS": [94, 93, 95, 96]},
        {"%ID": 92, "%TYPE": "webanno.custom.KhoborQuoteSpeakerMentionLink[]", "%ELEMENTS": [97]},
        structure(74, "webanno.custom.KhoborQuotePart", at_sofa=30, begin=16, end=19),
        structure(75, "webanno.custom.KhoborQuotePart", at_sofa=30, begin=27, end=31),
        structure(76, "webanno.custom.KhoborQuotePart", at_sofa=30, begin=32, end=36),
        structure(77, "webanno.custom.KhoborQuotePart", at_sofa=30, begin=38, end=45),
        link(93, "speaker", 75), link(94, "quoted", 74), link(95, "cue", 76),
        link(96, "content", 77),
        structure(97, "webanno.custom.KhoborQuoteSpeakerMentionLink", at_target=81),
        structure(98, "webanno.custom.KhoborEntity", at_sofa=40, begin=0, end=900, value="none"),
    ],
    "%VIEWS": {
        "other": {"%SOFA": 40, "%MEMBERS": [98]},
        "_InitialView": {
            "%SOFA": 30, "%MEMBERS": [31, 50, 51, 60, 74, 75, 76, 77, 81, 82, 90],
        },
    },
}  # fmt: skip


def golden(**changes: Any) -> bytes:
    """Build the file of the sample, with parts of it changed."""
    cas = {"%FEATURE_STRUCTURES": STRUCTURES, "%VIEWS": VIEWS}
    return json.dumps(cas | {f"%{name}": value for name, value in changes.items()}).encode()


def test_the_bytes_of_a_file() -> None:
    content = CODEC.write(SHEET).files[NAME].decode()
    cas = json.loads(content)
    assert list(cas) == ["%TYPES", "%FEATURE_STRUCTURES", "%VIEWS"]
    assert (cas["%FEATURE_STRUCTURES"], cas["%VIEWS"]) == (STRUCTURES, VIEWS)
    assert content == json.dumps(cas, indent=2, ensure_ascii=False) + "\n"
    assert [list(one) for one in cas["%FEATURE_STRUCTURES"]] == [list(one) for one in STRUCTURES]
    assert set(cas["%TYPES"]) > uima.OUR_TYPES
    assert cas["%TYPES"][uima.QUOTE]["parts"] == {
        "%NAME": "parts",
        "%RANGE": "webanno.custom.KhoborQuotePartsLink[]",
        "%MULTIPLE_REFERENCES_ALLOWED": False,
    }


def test_what_inception_exports_comes_back() -> None:
    raw = json.dumps(INCEPTION).encode()
    sheet = returned(CODEC, "annotation/page-1.json/anna.json", raw)
    old, new = sheet.mentions
    assert (old, *sheet.quotes) == (*SHEET.mentions, *SHEET.quotes)
    assert (new.id, new.surface, new.name_end, new.note) == ("e2", "ঘাটে", new.end, None)


def test_structures_may_stand_under_their_numbers_and_behind_a_byte_order_mark() -> None:
    numbered = {
        str(one["%ID"]): {key: value for key, value in one.items() if key != "%ID"}
        for one in STRUCTURES
    }
    raw = b"\xef\xbb\xbf" + golden(FEATURE_STRUCTURES=numbered)
    assert returned(CODEC, NAME, raw) == SHEET


@given(sheet=sheets() | sheets(blocks=True))
def test_dkpro_cassis_alone_reads_what_we_write(sheet: Sheet) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # cassis warns of an offset that it cannot convert
        cas = load_cas_from_json(io.BytesIO(CODEC.write(sheet).files[NAME]))
    assert cas.sofa_string == uima.shown(sheet.text)
    assert {(one.id, one.begin, one.end, one.value) for one in cas.select(uima.ENTITY)} == {
        (mention.id, mention.start, mention.end, mention.label) for mention in sheet.mentions
    }
    quotes = {one.id: one for one in cas.select(uima.QUOTE)}
    for quote in sheet.quotes:
        links = quotes[quote.id].parts.elements if quotes[quote.id].parts else []
        found = [(one.role, one.target.begin, one.target.end) for one in links]
        assert found == [
            *(("content", part.start, part.end) for part in quote.content[1:]),
            *([("cue", quote.cue.start, quote.cue.end)] if quote.cue else []),
            *([("speaker", quote.speaker.start, quote.speaker.end)] if quote.speaker else []),
            *(("quoted", part.start, part.end) for part in quote.quoted),
        ]
    assert [(one.begin, one.end, one.value) for one in cas.select(uima.BLOCK)] == [
        (block.start, block.end, block.label) for block in sheet.blocks
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file is no CAS"),
        (b"null", "the file is no CAS"),
        (b"[]", "the file is no CAS"),
        (b"{}", "missing required field `%FEATURE_STRUCTURES`"),
        (golden()[:-1], "the file is no CAS"),
        (b"\xff" + golden(), "the file is no CAS"),
        (b'{"%FEATURE_STRUCTURES": [{"x": "\xff"}], "%VIEWS": {}}', "the file is no CAS"),
        (b'{"%FEATURE_STRUCTURES": [{"x": "\\ud83d"}], "%VIEWS": {}}', "the file is no CAS"),
        (b'{"x": ' + b"[" * 200_000, "the file is no CAS"),
        (b'{"%TYPES": ' + b'{"a":' * 200_000, "the file is no CAS"),
        (golden(VIEWS={}), "no _InitialView with a text"),
        (golden(VIEWS={"_InitialView": {}}), "the file is no CAS"),
        (golden(VIEWS={"_InitialView": {"%SOFA": 3}}), "no _InitialView with a text"),
        (golden(VIEWS={"_InitialView": {"%SOFA": 1, "%MEMBERS": [2**31]}}), "the file is no CAS"),
        (golden(VIEWS={"_InitialView": {"%SOFA": 1, "%MEMBERS": [10**30]}}), "the file is no CAS"),
        (golden(FEATURE_STRUCTURES=[{}]), "%ID is 'None'"),
        (golden(FEATURE_STRUCTURES=[{"%ID": True}]), "%ID is 'True'"),
        (golden(FEATURE_STRUCTURES=[{"%ID": 10**400}]), "%ID is "),
        (golden(FEATURE_STRUCTURES=[*STRUCTURES, STRUCTURES[3]]), "a second structure with the %ID 4"),
        (golden(FEATURE_STRUCTURES=[*STRUCTURES[:8],
                {"%ID": 9, "%TYPE": "uima.cas.FSArray", "%ELEMENTS": [None]}]), "an element is 'None'"),
        (golden(FEATURE_STRUCTURES=[*STRUCTURES[:3], STRUCTURES[3] | {"begin": 1.0}]),
         "begin is 'None'"),
        (golden(FEATURE_STRUCTURES=[*STRUCTURES[:3], STRUCTURES[3] | {"@sofa": "x"}]),
         "@sofa is 'x'"),
    ],
)  # fmt: skip
def test_what_is_no_cas_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(FormatError) as caught:
        returned(CODEC, NAME, content)
    assert sentence in caught.value.message
    assert len(str(caught.value)) < 400
    assert caught.value.where.startswith(NAME)
