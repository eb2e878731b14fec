"""UIMA CAS XMI: its bytes, dkpro-cassis and INCEpTION at the other end, and hostile XML."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import pytest
from cassis import load_cas_from_xmi, load_typesystem
from hypothesis import given

from khobor.formats import uima
from khobor.formats.interface import FormatError, Sheet
from khobor.formats.uima_xmi import CODEC
from tests.formats.sheets import sheets
from tests.formats.uima_samples import SHEET, TEXT, returned

GOLDEN = """\
<?xml version='1.0' encoding='UTF-8'?>
<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmlns:type="http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore" xmlns:custom="http:///webanno/custom.ecore" xmi:version="2.0">
  <cas:NULL xmi:id="0"/>
  <type:DocumentMetaData xmi:id="2" sofa="1" begin="0" end="46" language="x-unspecified" documentTitle="page-1" documentId="page-1" isLastSegment="false"/>
  <custom:KhoborEntity xmi:id="3" sofa="1" begin="3" end="9" value="LOC" ending="র" note="নদী&#10;&quot;ও&quot; &lt;ঘাট&gt;" id="e1"/>
  <custom:KhoborQuotePart xmi:id="4" sofa="1" begin="38" end="45"/>
  <custom:KhoborQuotePart xmi:id="5" sofa="1" begin="32" end="36"/>
  <custom:KhoborQuotePart xmi:id="6" sofa="1" begin="27" end="31"/>
  <custom:KhoborQuotePart xmi:id="7" sofa="1" begin="16" end="19"/>
  <custom:KhoborQuote xmi:id="8" sofa="1" begin="15" end="25" kind="mixed" marking="marked" medium="speech" id="q1" parts="9 10 11 12" speakerMention="13"/>
  <custom:KhoborQuotePartsLink xmi:id="9" role="content" target="4"/>
  <custom:KhoborQuotePartsLink xmi:id="10" role="cue" target="5"/>
  <custom:KhoborQuotePartsLink xmi:id="11" role="speaker" target="6"/>
  <custom:KhoborQuotePartsLink xmi:id="12" role="quoted" target="7"/>
  <custom:KhoborQuoteSpeakerMentionLink xmi:id="13" role="is" target="3"/>
  <cas:Sofa xmi:id="1" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="🙂 মেঘনার ঘাটে “কাজ” চলছে।&#10;তিনি বলেন, শেষ হবে।"/>
  <cas:View sofa="1" members="2 3 4 5 6 7 8"/>
</xmi:XMI>
"""

# As INCEpTION exports the document of the annotator anna: ids and prefixes of its own, tokens,
# sentences, another layer, another view, links and empty features; the entity beside ours is
# new, and the parts of the quote stand in another order.
INCEPTION = """\
<?xml version="1.0" encoding="UTF-8"?><xmi:XMI xmlns:type3="http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore" xmlns:type5="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore" xmlns:type4="http:///de/tudarmstadt/ukp/dkpro/core/api/ner/type.ecore" xmlns:tcas="http:///uima/tcas.ecore" xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmlns:custom="http:///webanno/custom.ecore" xmi:version="2.0">
    <cas:NULL xmi:id="0"/>
    <type3:DocumentMetaData xmi:id="1" sofa="12" begin="0" end="46" language="x-unspecified" documentTitle="page-1.xmi" documentId="anna" documentUri="khobor/page-1.xmi" collectionId="khobor" documentBaseUri="khobor" isLastSegment="false"/>
    <type5:Sentence xmi:id="50" sofa="12" begin="0" end="26"/>
    <type5:Sentence xmi:id="51" sofa="12" begin="27" end="46"/>
    <type5:Token xmi:id="52" sofa="12" begin="0" end="2" order="0"/>
    <type5:Token xmi:id="53" sofa="12" begin="3" end="9" order="0"/>
    <type4:NamedEntity xmi:id="60" sofa="12" begin="3" end="9" value="LOC"/>
    <custom:KhoborQuotePart xmi:id="74" sofa="12" begin="16" end="19"/>
    <custom:KhoborQuotePart xmi:id="75" sofa="12" begin="27" end="31"/>
    <custom:KhoborQuotePart xmi:id="76" sofa="12" begin="32" end="36"/>
    <custom:KhoborQuotePart xmi:id="77" sofa="12" begin="38" end="45"/>
    <custom:KhoborEntity xmi:id="81" sofa="12" begin="3" end="9" value="LOC" ending="র" note="নদী&#10;&quot;ও&quot; &lt;ঘাট&gt;" id="e1"/>
    <custom:KhoborEntity xmi:id="82" sofa="12" begin="10" end="14" value="LOC" ending="" note=""/>
    <custom:KhoborQuote xmi:id="90" sofa="12" begin="15" end="25" kind="mixed" marking="marked" medium="speech" id="q1" parts="93 94 95 96" speakerMention="97"/>
    <custom:KhoborQuotePartsLink xmi:id="93" role="speaker" target="75"/>
    <custom:KhoborQuotePartsLink xmi:id="94" role="quoted" target="74"/>
    <custom:KhoborQuotePartsLink xmi:id="95" role="cue" target="76"/>
    <custom:KhoborQuotePartsLink xmi:id="96" role="content" target="77"/>
    <custom:KhoborQuoteSpeakerMentionLink xmi:id="97" target="81"/>
    <custom:KhoborEntity xmi:id="102" sofa="101" begin="0" end="900" value="none"/>
    <cas:StringArray xmi:id="103"><elements>one</elements><elements>two</elements></cas:StringArray>
    <cas:Sofa xmi:id="12" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="🙂 মেঘনার ঘাটে “কাজ” চলছে।&#10;তিনি বলেন, শেষ হবে।"/>
    <cas:Sofa xmi:id="101" sofaNum="2" sofaID="other" mimeType="text" sofaString="another text"/>
    <cas:View sofa="12" members="1 50 51 52 53 60 74 75 76 77 81 82 90"/>
    <cas:View sofa="101" members="102"/>
</xmi:XMI>
"""


def test_the_bytes_of_a_file() -> None:
    assert CODEC.write(SHEET).files == {"page-1.xmi": GOLDEN.encode()}
    assert CODEC.write(SHEET).ids == {"e1": "e1", "q1": "q1"}
    assert returned(CODEC, "page-1.xmi", GOLDEN.encode()) == SHEET


def test_what_inception_exports_comes_back() -> None:
    sheet = returned(CODEC, "annotation/page-1.xmi/anna.xmi", INCEPTION.encode())
    old, new = sheet.mentions
    assert (old, *sheet.quotes) == (*SHEET.mentions, *SHEET.quotes)
    assert (new.id, new.surface, new.name_end, new.note) == ("e2", "ঘাটে", new.end, None)


def test_the_xml_1_1_of_inception_and_utf_16_are_read_too() -> None:
    newer = GOLDEN.replace("version='1.0'", "version='1.1'")
    wider = GOLDEN.replace("UTF-8", "UTF-16").encode("utf-16")
    assert newer != GOLDEN
    assert returned(CODEC, "page-1.xmi", newer.encode()) == SHEET
    assert returned(CODEC, "page-1.xmi", wider) == SHEET


def test_an_array_that_stands_apart_is_followed() -> None:
    apart = GOLDEN.replace('parts="9 10 11 12"', 'parts="40"').replace(
        "  <cas:Sofa", '  <cas:FSArray xmi:id="40" elements="9 10 11 12"/>\n  <cas:Sofa'
    )
    assert returned(CODEC, "page-1.xmi", apart.encode()) == SHEET


def test_layers_of_the_type_system_are_what_inception_takes_as_layers() -> None:
    """Spans of uima.tcas.Annotation; slots are arrays of links of a role and a target."""
    types = load_typesystem(io.BytesIO(CODEC.shared()["TypeSystem.xml"]))
    for layer in uima.OUR_TYPES:
        assert types.get_type(layer).supertype.name == "uima.tcas.Annotation"
    for slot, target in uima.SLOTS.items():
        feature = types.get_type(uima.QUOTE).get_feature(slot)
        link = types.get_type(uima.link_type(slot))
        assert (feature.rangeType.name, feature.multipleReferencesAllowed) == (
            "uima.cas.FSArray",
            False,
        )
        assert feature.elementType.name == link.name
        assert link.supertype.name == "uima.cas.TOP"
        assert {f.name: f.rangeType.name for f in link.features} == {
            "role": "uima.cas.String",
            "target": target,
        }


@given(sheet=sheets() | sheets(blocks=True))
def test_dkpro_cassis_alone_reads_what_we_write(sheet: Sheet) -> None:
    types = load_typesystem(io.BytesIO(CODEC.shared()["TypeSystem.xml"]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # cassis warns of an offset that it cannot convert
        cas = load_cas_from_xmi(io.BytesIO(CODEC.write(sheet).files["page-1.xmi"]), types)
    assert cas.sofa_string == uima.shown(sheet.text)
    entities = {one.id: one for one in cas.select(uima.ENTITY)}
    assert {one.id: (one.begin, one.end, one.value) for one in entities.values()} == {
        mention.id: (mention.start, mention.end, mention.label) for mention in sheet.mentions
    }
    for mention in sheet.mentions:
        ending = entities[mention.id].ending or ""
        assert ending == uima.shown(sheet.text[mention.name_end : mention.end])
    quotes = {one.id: one for one in cas.select(uima.QUOTE)}
    for quote in sheet.quotes:
        links = quotes[quote.id].parts.elements if quotes[quote.id].parts else []
        cues = [(one.target.begin, one.target.end) for one in links if one.role == "cue"]
        assert cues == ([(quote.cue.start, quote.cue.end)] if quote.cue else [])
        assert len(links) == sum(
            (len(quote.content) - 1, len(quote.quoted), bool(quote.cue), bool(quote.speaker))
        )
        named = quotes[quote.id].speakerMention
        speaker = named.elements[0].target.id if named else None
        assert speaker == quote.speaker_mention
    assert [(one.begin, one.end, one.value) for one in cas.select(uima.BLOCK)] == [
        (block.start, block.end, block.label) for block in sheet.blocks
    ]


# --- hostile and broken files -----------------------------------------------------------------

LAUGHS = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))


def with_dtd(dtd: str, entity: str = "") -> str:
    """Put a DTD before the root, and use an entity of it in a note."""
    hostile = GOLDEN.replace("?>\n", f"?>\n{dtd}\n", 1)
    return hostile.replace("নদী", entity) if entity else hostile


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    ("dtd", "entity"),
    [
        ("<!DOCTYPE x>", ""),
        ('<!DOCTYPE x [<!ENTITY e "inner">]>', "&e;"),
        (f'<!DOCTYPE x [<!ENTITY e0 "ha">{LAUGHS}]>', "&e9;"),
        (f'<!DOCTYPE x [<!ENTITY e "{"A" * 10_000}">]>', "&e;" * 1_000),
        ('<!DOCTYPE x SYSTEM "none.dtd">', ""),
        ('<!DOCTYPE x PUBLIC "-//x//x" "none.dtd">', ""),
        ('<!DOCTYPE x [<!ENTITY % p SYSTEM "none.dtd"> %p;]>', ""),
    ],
)
def test_a_dtd_is_refused_whatever_it_holds(dtd: str, entity: str, encoding: str) -> None:
    raw = with_dtd(dtd, entity).replace("UTF-8", encoding.removesuffix("-sig")).encode(encoding)
    with pytest.raises(FormatError, match="has a DOCTYPE") as caught:
        returned(CODEC, "page-1.xmi", raw)
    assert caught.value.where == "page-1.xmi:2"


def test_no_file_is_opened_for_an_external_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET", encoding="utf-8")
    dtd = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    with pytest.raises(FormatError, match="has a DOCTYPE") as caught:
        returned(CODEC, "page-1.xmi", with_dtd(dtd, "&e;").encode())
    assert "SECRET" not in str(caught.value)


def test_an_entity_without_a_dtd_is_no_xml() -> None:
    with pytest.raises(FormatError, match=r"no XML .*undefined entity"):
        returned(CODEC, "page-1.xmi", GOLDEN.replace("নদী", "&e;").encode())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the file is no XML"),
        (b"text", "the file is no XML"),
        (GOLDEN.encode()[:-20], "the file is no XML"),
        (GOLDEN.replace("UTF-8", "UTF-7").encode(), "the file is no XML"),
        (GOLDEN.replace("UTF-8", "no-such").encode(), "the file is no XML"),
        (GOLDEN.replace("নদী", "&#11;").encode(), "the file is no XML"),
        (GOLDEN.replace("নদী", "\x0b").encode(), "the file is no XML"),
        (b"<a/>", "the root is 'a', not xmi:XMI"),
        (b"<a>" * 100_000, "the root is 'a'"),
        (GOLDEN.replace("<cas:NULL", "<a><b><c><d/></c></b></a><cas:NULL").encode(), "too deep"),
        (GOLDEN.replace("_InitialView", "second").encode(), "expected one _InitialView"),
        (GOLDEN.replace(" sofaString", " x").encode(), "expected one _InitialView"),
        (GOLDEN.replace('xmi:id="4"', 'xmi:id="5"').encode(), "a second element with the xmi:id 5"),
        (GOLDEN.replace('xmi:id="4"', 'xmi:id="1"').encode(), "a second element with the xmi:id 1"),
        (GOLDEN.replace('xmi:id="4"', "").encode(), "xmi:id is 'None'"),
        (GOLDEN.replace('members="2', 'members="²').encode(), "a member is '²'"),
        (GOLDEN.replace('target="4"', 'target="x"').encode(), "target is 'x'"),
        (GOLDEN.replace('parts="9', 'parts="9' + "0" * 5_000).encode(), "parts is '9000"),
    ],
)
def test_what_is_no_xmi_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(FormatError) as caught:
        returned(CODEC, "page-1.xmi", content)
    assert sentence in caught.value.message
    assert len(str(caught.value)) < 400
    assert caught.value.where.startswith("page-1.xmi")


def test_the_type_system_that_comes_back_is_not_opened() -> None:
    files = {"page-1.xmi": GOLDEN.encode(), "TypeSystem.xml": with_dtd("<!DOCTYPE x>").encode()}
    (one,) = CODEC.split(files)
    assert one.files == {"page-1.xmi": GOLDEN.encode()}
    assert CODEC.read(one, {}).text == TEXT
