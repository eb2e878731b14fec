"""What both UIMA formats must do: names, ids, units, and what is no CAS of ours."""

from __future__ import annotations

import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from khobor.formats import uima
from khobor.formats.codecs import codec_of
from khobor.formats.interface import Codec, FormatError, Sheet
from khobor.formats.losses import losses_of
from khobor.formats.units import settle
from khobor.records import Mention, Quote
from tests.formats.uima_samples import SHEET, TEXT, returned

FORMATS = {"uima": ".xmi", "uima-json": ".json"}


@pytest.fixture(params=FORMATS, name="codec")
def _codec(request: pytest.FixtureRequest) -> Codec:
    return codec_of(request.param)


def written(codec: Codec, sheet: Sheet = SHEET) -> tuple[str, str]:
    """Write a sheet to its one file: name and content."""
    ((name, content),) = codec.write(sheet).files.items()
    return name, content.decode("utf-8")


def edited(codec: Codec, **changes: str) -> str:
    """Write the sheet and give its first entity other features."""
    _, content = written(codec)
    for feature, value in changes.items():
        pattern = rf'((?<!:){feature}="|"{feature}": "?)(LOC|র|e1|3(?!\d)|9(?!\d))'
        content, count = re.subn(pattern, rf"\g<1>{value}", content, count=1)
        assert count == 1, feature
    return content


def refusal(codec: Codec, content: str | bytes, name: str = "page-1") -> FormatError:
    """Read a file that must be refused, and give the error with its sentence."""
    raw = content if isinstance(content, bytes) else content.encode("utf-8")
    with pytest.raises(FormatError) as caught:
        returned(codec, name + FORMATS[codec.name], raw)
    assert caught.value.where.startswith(name)
    assert caught.value.fix
    return caught.value


# --- names of files ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "doc_id"),
    [
        ("page-1{}", "page-1"),
        ("a/b/page-1{}", "page-1"),
        ("annotation/page-1{0}/anna{0}", "page-1"),  # a project that INCEpTION exported
        ("curation\\page-1{0}\\CURATION_USER{0}", "page-1"),
        ("../../etc/page-1{}", "page-1"),
    ],
)
def test_a_document_is_known_by_the_name_of_its_file_or_its_folder(
    codec: Codec, name: str, doc_id: str
) -> None:
    suffix = FORMATS[codec.name]
    content = written(codec)[1].encode()
    files = {name.format(suffix): content, "TypeSystem.xml": b"<", "._page-1" + suffix: b"\0"}
    (one,) = codec.split({**files, "x.txt": b"", "log.ser": b""})
    assert one.doc_id == doc_id
    assert settle(codec.read(one, {}), TEXT, where=one.where) == SHEET


@pytest.mark.parametrize("stem", ["..", "", "-x", "a b", "নদী", "x\n", "x" * 81])
def test_a_name_that_is_no_doc_id_is_refused(codec: Codec, stem: str) -> None:
    name = f"a/{stem or '_'}{FORMATS[codec.name]}"
    if stem == "..":
        name = "a/..." + FORMATS[codec.name]
        assert list(codec.split({name: b""})) == []  # a hidden file, as macOS makes them
        return
    with pytest.raises(FormatError, match="is no doc_id"):
        list(codec.split({name: b""}))


def test_two_annotators_of_one_page_are_not_mixed(codec: Codec) -> None:
    suffix = FORMATS[codec.name]
    files = {f"annotation/page-1{suffix}/{user}{suffix}": b"" for user in ("anna", "bela")}
    with pytest.raises(FormatError, match=r"a second file of page-1, beside .*anna"):
        list(codec.split(files))


def test_a_file_beyond_the_limit_is_not_parsed(
    codec: Codec, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, content = written(codec)
    monkeypatch.setattr(uima, "MAX_FILE_BYTES", len(content.encode()))
    assert returned(codec, name, content.encode()) == SHEET
    monkeypatch.setattr(uima, "MAX_FILE_BYTES", len(content.encode()) - 1)
    with pytest.raises(FormatError, match=r"longer than [0-9,]+ bytes"):
        list(codec.split({name: content.encode()}))


# --- ids --------------------------------------------------------------------------------------


def test_a_new_annotation_takes_no_id_that_was_given_out(codec: Codec) -> None:
    """Were a deleted mention's id given to a new one, it would inherit its note."""
    name, content = written(codec)
    unnamed = re.sub(r' id="e1"|,\s+"id": "e1"', "", content)
    assert unnamed != content
    (one,) = codec.split({name: unnamed.encode()})
    fresh = codec.read(one, codec.write(SHEET).ids).sheet
    assert [mention.id for mention in fresh.mentions] == ["e2"]
    assert fresh.quotes[0].speaker_mention == "e2"
    assert [mention.id for mention in codec.read(one, {}).sheet.mentions] == ["e1"]


def test_of_two_annotations_with_one_id_the_first_keeps_it(codec: Codec) -> None:
    copied = written(codec)[1].replace('"q1"', '"e1"')
    sheet = returned(codec, "page-1" + FORMATS[codec.name], copied.encode())
    assert ([m.id for m in sheet.mentions], [q.id for q in sheet.quotes]) == (["e1"], ["e1"])


# --- offsets ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"ending": "", "begin": "1"}, r"offset 1 lies outside the text or inside a character"),
        ({"ending": "", "end": "900"}, r"offset 900 lies outside the text"),
        ({"ending": "", "end": "3"}, r"the span \[3, 3\) is empty"),
        ({"ending": "", "begin": "4"}, r"an edge of \[4, 9\) splits a letter"),
        ({"begin": "99999999999999999999"}, r"begin is '99999999999999999999', no number of 0 to"),
        ({"begin": "-1"}, r"begin is '-1', no number of 0 to 2147483647"),
        ({"begin": "2147483648"}, r"no number of 0 to 2147483647"),
    ],
)
def test_a_bad_offset_raises(codec: Codec, changes: dict[str, str], sentence: str) -> None:
    content = edited(codec, **{k: v for k, v in changes.items() if k != "begin"})
    if "begin" in changes:
        content = re.sub(r'(begin="|"begin": )3\b', rf"\g<1>{changes['begin']}", content, count=1)
    assert re.search(sentence, refusal(codec, content).message)


def shifted(content: str) -> str:
    """Count code points in a file, as a script does that never saw an emoji: all is one less."""
    return re.sub(
        r'((?:begin|end)(?:="|": ))(\d+)',
        lambda found: f"{found[1]}{max(0, int(found[2]) - 1)}",
        content,
    )


def test_a_file_that_counts_code_points_is_refused_and_its_unit_named(codec: Codec) -> None:
    name, content = written(codec)
    wrong = shifted(content)
    error = refusal(codec, wrong)
    assert "the tool says 'মেঘনার' (offsets in utf-16)" in error.message
    assert "all of it fits where offsets count code points" in error.message
    (one,) = codec.split({name: wrong.encode()})
    assert settle(codec.read(one, {}), TEXT, where="x", unit="code points") == SHEET


def test_an_ending_shows_the_unit_where_the_document_annotation_does_not(codec: Codec) -> None:
    name, content = written(codec)
    wrong = shifted(content).replace('end="45"', 'end="46"').replace('"end": 45', '"end": 46')
    wrong = re.sub(r"DocumentMetaData(?=[ \"])", "Other", wrong)
    assert "code points" in refusal(codec, wrong).message
    bare = re.sub(r' ending="র"|"ending": "র",', "", wrong)
    (one,) = codec.split({name: bare.encode()})
    assert codec.read(one, {}).sheet.mentions[0].surface is None


# --- what an annotator leaves behind ----------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"value": "Person"}, "value of a KhoborEntity is 'Person'"),
        ({"value": ""}, "a KhoborEntity has no value"),
        ({"ending": "ের"}, r"the ending 'ের' does not stand at the end of \[3, 9\) behind a name"),
        ({"ending": "মেঘনার"}, "behind a name"),
        ({"id": "../e1"}, "the id '../e1' is none of khobor's"),
    ],
)
def test_an_entity_that_is_filled_in_wrongly_is_refused(
    codec: Codec, changes: dict[str, str], sentence: str
) -> None:
    assert re.search(sentence, refusal(codec, edited(codec, **changes)).message)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("mixed", "both", "kind of a KhoborQuote is 'both'"),
        ("speech", "", "a KhoborQuote has no medium"),
        ("quoted", "cue", "quote q1 has 2 parts in the role cue"),
        ("quoted", "Cue", "role of a KhoborQuotePartsLink is 'Cue'"),
        ("quoted", "", "a KhoborQuotePartsLink has no role"),
    ],
)
def test_a_quote_that_is_filled_in_wrongly_is_refused(
    codec: Codec, old: str, new: str, sentence: str
) -> None:
    content = written(codec)[1].replace(f'"{old}"', f'"{new}"')
    assert sentence in refusal(codec, content).message


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        (r'(target(?:="|": ))7', r"\g<1>5", "the KhoborQuotePart at [16, 19) belongs to no quote"),
        (r'(target(?:="|": ))7', r"\g<1>99", "a slot in parts is not filled with a KhoborQuotePart"),
        (r'(target(?:="|": ))7', r"\g<1>8", "a slot in parts is not filled with a KhoborQuotePart"),
        (r'(target(?:="|": ))3', r"\g<1>4", "a slot in speakerMention is not filled"),
        (r'(members="2) 3|("%MEMBERS": \[\s+2,)\s+3,', r"\1\2", "an entity that was deleted"),
        (r'(KhoborEntity" xmi:id="3" sofa="|KhoborEntity xmi:id="3" sofa="|'
         r'KhoborEntity",\s+"@sofa": )1', r"\g<1>77", "lies in another view"),
    ],
)  # fmt: skip
def test_links_that_lead_nowhere_are_refused(
    codec: Codec, old: str, new: str, sentence: str
) -> None:
    content, count = re.subn(old, new, written(codec)[1], count=1)
    assert count == 1
    assert sentence in refusal(codec, content).message


# --- the text ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (TEXT + " ", "white space at its edges was trimmed"),
        (TEXT.replace("ঘাটে", "ঘাটেও"), "it differs from offset"),
        (TEXT.replace("\n", "\r\n"), "it differs from offset"),
    ],
)
def test_a_text_that_came_back_changed_is_refused(codec: Codec, text: str, sentence: str) -> None:
    name, content = written(codec)
    with pytest.raises(FormatError, match=sentence):
        returned(codec, name, content.encode(), text)


def test_what_xml_forbids_is_shown_by_its_picture_and_comes_back(codec: Codec) -> None:
    text = "🙂\x0bক\x00\ufffe\x1f খ\r\nগ\u0085\u2028\ufeffঘ"
    sheet = Sheet("page-1", text, (Mention("e1", 2, 3, 3, "PER", "ক", "a\x08b"),))
    name, content = written(codec, sheet)
    assert "🙂␋ক␀\ufffd␟ খ" in content
    back = returned(codec, name, content.encode(), text)
    assert back == codec.restrict(sheet)
    assert [loss.field for loss in losses_of(sheet, back, codec.name)] == ["note"]


@pytest.mark.parametrize("code", ["U+000C", "U+0041", "000B", "", "U+110000"])
def test_a_picture_is_what_its_code_says_or_the_file_is_refused(codec: Codec, code: str) -> None:
    content = written(codec, Sheet("page-1", "ক\x0bখ"))[1].replace("U+000B", code)
    assert "does not stand on the picture of its code" in refusal(codec, content).message


def test_what_no_cas_can_say_is_left_out() -> None:
    quote = msgspec.structs.replace(SHEET.quotes[0], speaker_mention="gone", note="")
    empty = Quote("q2", (), "direct", "bare", "speech")
    held = uima.restrict(msgspec.structs.replace(SHEET, quotes=(quote, empty)))
    assert held.quotes == (msgspec.structs.replace(quote, speaker_mention=None, note=None),)


# --- rubbish ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_a_damaged_file_is_read_or_refused_in_a_sentence(name: str) -> None:
    codec = codec_of(name)
    file, content = written(codec)
    raw = content.encode()
    start = raw.find(b"%FEATURE") if name == "uima-json" else 0

    @settings(max_examples=300)
    @given(
        st.integers(start, len(raw)),
        st.integers(0, 12),
        st.binary(max_size=4)
        | st.sampled_from([b'"', b"0", b"-9", b"1e5", b"null", b"[[", b"&x;"]),
    )
    def check(at: int, gone: int, put: bytes) -> None:
        refused = None
        try:
            returned(codec, file, raw[:at] + put + raw[at + gone :])
        except FormatError as error:
            refused = error
        assert refused is None or (refused.where and refused.fix)

    check()
