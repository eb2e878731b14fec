"""CoNLL-U: golden bytes, the rules of the format, and what an independent reader gets back."""

from __future__ import annotations

import re

import msgspec
from hypothesis import given, settings

from khobor.formats.conllu import EXPORTER
from khobor.formats.interface import Loss, Sheet, Written
from khobor.formats.tokens import fields_of
from khobor.records import Part, Quote
from khobor.spans import Span
from tests.formats.exported import (
    Found,
    Laid,
    kept_mentions,
    kept_quotes,
    laid,
    named,
    small,
    spans,
)

BLANK = "\t_\t_\t_\t_\t_\t_\t_\t"
GOLDEN = r"""# newdoc id = small
# sent_id = small-s1
# text = 🚢 মেঘনার ঘাটে ফেরি
1	🚢@TokenRange=0:1
2	মেঘনার@NER=B-LOC|Mention=e1|NameEnd=7|TokenRange=2:8
3	ঘাটে@TokenRange=9:13
4	ফেরি@SpacesAfter=\n|TokenRange=14:18

# sent_id = small-s2
# text = মাঝি করিম শেখ বলেন, ‘ঢাকা যাব।
# quote q1 = kind=direct|marking=bare|medium=speech|speaker_mention=e2
1	মাঝি@Quote=B-SPEAKER:q1|TokenRange=19:23
2	করিম@NER=B-PER|Mention=e2|Quote=I-SPEAKER:q1|SpacesAfter=\u00a0|TokenRange=24:28
3	শেখ@NER=I-PER|Mention=e2|Quote=I-SPEAKER:q1|TokenRange=29:32
4	বলেন@Quote=B-CUE:q1|SpaceAfter=No|TokenRange=33:37
5	,@TokenRange=37:38
6	‘@SpaceAfter=No|TokenRange=39:40
7	ঢাকা@NER=B-GPE|Mention=e3|Quote=B-CONTENT:q1|TokenRange=40:44
8	যাব@Quote=I-CONTENT:q1|SpaceAfter=No|TokenRange=45:48
9	।@Quote=I-CONTENT:q1|SpacesAfter=\s\s|TokenRange=48:49

# sent_id = small-s3
# text = ফিরব না।’
1	ফিরব@Quote=I-CONTENT:q1|TokenRange=51:55
2	না@Quote=I-CONTENT:q1|SpaceAfter=No|TokenRange=56:58
3	।@Quote=I-CONTENT:q1|SpaceAfter=No|TokenRange=58:59
4	’@SpaceAfter=No|TokenRange=59:60

""".replace("@", BLANK)


class Row(msgspec.Struct):
    """A word line that was read: its form, and MISC by attribute."""

    form: str
    misc: dict[str, str]

    @property
    def bounds(self) -> tuple[int, int]:
        start, _, end = self.misc["TokenRange"].partition(":")
        return int(start), int(end)


class Sentence(msgspec.Struct):
    """A sentence that was read: its comments by key, and its words."""

    comments: dict[str, str]
    rows: list[Row]


def read(content: bytes) -> list[Sentence]:
    """Read CoNLL-U by the format page, and hold it to the first levels of UD's validator."""
    text = content.decode()
    assert "\r" not in text
    assert text == "" or text.endswith("\n\n")
    sentences = []
    ids = set()
    for block in text.split("\n\n")[:-1]:
        lines = block.split("\n")
        heads = [line for line in lines if line.startswith("#")]
        assert heads == lines[: len(heads)]  # comments stand before words
        comments = dict(line.removeprefix("# ").split(" = ", 1) for line in heads)
        assert len(comments) == len(heads)
        assert re.fullmatch(r"[^\s/]+", comments["sent_id"])
        ids.add(comments["sent_id"])
        sentence = Sentence(
            comments, [_row(n, line) for n, line in enumerate(lines[len(heads) :], 1)]
        )
        assert sentence.rows  # empty sentences are not allowed
        _check_text(sentence)
        sentences.append(sentence)
    assert len(ids) == len(sentences)
    return sentences


def _row(number: int, line: str) -> Row:
    columns = line.split("\t")
    assert len(columns) == 10
    assert columns[0] == str(number)
    assert columns[2:9] == ["_"] * 7
    for column in columns:
        assert column
        assert not any(char.isspace() for char in column)
    pairs = [value.split("=", 1) for value in columns[9].split("|")]
    assert len({key for key, _ in pairs}) == len(pairs)
    return Row(columns[1], dict(pairs))  # type: ignore[arg-type]


def _check_text(sentence: Sentence) -> None:
    rest = sentence.comments["text"]
    assert rest == rest.strip()
    for row in sentence.rows:
        assert rest.startswith(row.form)
        rest = rest[len(row.form) :]
        if row.misc.get("SpaceAfter") != "No":
            assert not rest or rest[0] == " "
            rest = rest.lstrip()
    assert rest == ""


def rebuilt(sentences: list[Sentence]) -> str:
    """Put forms and SpacesAfter together again, as UDPipe does."""
    escapes = {r"\s": " ", r"\t": "\t", r"\r": "\r", r"\n": "\n"}
    text = ""
    for row in (row for sentence in sentences for row in sentence.rows):
        space = "" if row.misc.get("SpaceAfter") == "No" else row.misc.get("SpacesAfter", r"\s")
        pieces = re.findall(r"\\u[0-9a-f]{4}|\\.", space)
        assert "".join(pieces) == space
        text += row.form + "".join(
            escapes.get(piece) or chr(int(piece[2:], 16)) for piece in pieces
        )
    return text


def entities(sentences: list[Sentence]) -> list[tuple[Found, str, int]]:
    """Read names: (start, end, label), id, end of the bare name."""
    found: list[tuple[Found, str, int]] = []
    for row in (row for sentence in sentences for row in sentence.rows):
        if "NER" not in row.misc:
            continue
        tag, label = row.misc["NER"].split("-")
        start, end = row.bounds
        if tag == "I":
            (start, _, before), item, _ = found.pop()
            assert (before, item) == (label, row.misc["Mention"])
        found.append(((start, end, label), row.misc["Mention"], int(row.misc.get("NameEnd", end))))
    return found


def quote_parts(sentences: list[Sentence]) -> list[tuple[str, str, int, int]]:
    """Read parts of quotes: (id, role, start, end); a part goes on over the end of a sentence."""
    found: list[tuple[str, str, int, int]] = []
    going: dict[str, tuple[str, str, int, int]] = {}
    for row in (row for sentence in sentences for row in sentence.rows):
        here = {}
        for value in row.misc["Quote"].split(",") if "Quote" in row.misc else ():
            tag, role, item = value[:1], *value[2:].split(":")
            start = row.bounds[0] if tag == "B" else going[f"{role}:{item}"][2]
            here[f"{role}:{item}"] = (item, role, start, row.bounds[1])
            if tag == "B" and f"{role}:{item}" in going:
                found.append(going.pop(f"{role}:{item}"))
        found += [part for key, part in going.items() if key not in here]
        going = here
    return sorted([*found, *going.values()])


def content_of(sheet: Sheet, written: Written) -> bytes:
    assert list(written.files) == [f"{sheet.doc_id}.conllu"]
    return written.files[f"{sheet.doc_id}.conllu"]


def test_a_small_document() -> None:
    written = EXPORTER.write(*small(), False)
    assert written.files == {"small.conllu": GOLDEN.encode()}
    assert written.losses == (Loss("small", "q1", "note", "conllu has no place for it"),)


@settings(max_examples=300)
@given(laid())
def test_the_text_and_every_word_are_at_their_offsets(case: Laid) -> None:
    sheet, sentences = case
    found = read(content_of(sheet, EXPORTER.write(sheet, sentences, True)))
    for row in (row for sentence in found for row in sentence.rows):
        start, end = row.bounds
        assert sheet.text[start:end] == row.form
    assert rebuilt(found) == sheet.text.lstrip()
    assert [s.comments.get("newdoc id") for s in found] == ["page-1", *[None] * (len(found) - 1)]


@settings(max_examples=300)
@given(laid())
def test_what_was_kept_is_read_back_and_the_rest_is_a_loss(case: Laid) -> None:
    sheet, sentences = case
    written = EXPORTER.write(sheet, sentences, True)
    found = read(content_of(sheet, written))
    kept = kept_mentions(sheet, written)
    assert sorted(span for span, _, _ in entities(found)) == spans(kept)
    assert {(item, end) for _, item, end in entities(found)} == {(m.id, m.name_end) for m in kept}
    lost = {(loss.item, loss.field) for loss in written.losses}
    parts = quote_parts(found)
    for quote in kept_quotes(sheet, written):
        for field, given_parts in fields_of(quote):
            held = [
                (s, e) for item, role, s, e in parts if (item, role) == (quote.id, field.upper())
            ]
            expected = [(part.start, part.end) for part in given_parts]
            assert set(held) <= set(expected)
            assert (held == expected) == ((quote.id, field) not in lost)
        comment = next(
            s.comments[key] for s in found for key in s.comments if key == f"quote {quote.id}"
        )
        facts = dict(fact.split("=") for fact in comment.split("|"))
        assert (facts["kind"], facts["marking"], facts["medium"]) == (
            quote.kind,
            quote.marking,
            quote.medium,
        )
        gone = (quote.id, "speaker_mention") in lost
        assert facts.get("speaker_mention") == (None if gone else quote.speaker_mention)
    held_items = [*kept, *kept_quotes(sheet, written)]
    noted = {item.id for item in held_items if item.note is not None}
    assert {item for item, field in lost if field == "note"} == noted


def test_two_parts_of_a_quote_side_by_side_stay_two() -> None:
    sheet, sentences = named("আমরা যাব")
    quote = Quote("q1", (Part(0, 4), Part(5, 8)), "direct", "bare", "speech")
    written = EXPORTER.write(msgspec.structs.replace(sheet, quotes=(quote,)), sentences, False)
    assert quote_parts(read(written.files["small.conllu"])) == [
        ("q1", "CONTENT", 0, 4),
        ("q1", "CONTENT", 5, 8),
    ]


def test_marks_of_the_format_in_the_text_stay_in_their_column() -> None:
    sheet, sentences = named("# a|b=_\\ \t\nদর\u2028‘|’")
    (sentence,) = read(EXPORTER.write(sheet, sentences, False).files["small.conllu"])
    assert [row.form for row in sentence.rows] == [
        "#",
        "a",
        "|",
        "b",
        "=",
        "_",
        "\\",
        "দর",
        "‘",
        "|",
        "’",
    ]
    assert sentence.comments["text"] == "# a|b=_\\ দর ‘|’"
    assert rebuilt([sentence]) == sheet.text


def test_a_text_that_is_not_nfc_stays_as_it_is() -> None:
    sheet, sentences = named("সম\u09df হল")  # য় U+09DF, which NFC takes apart
    (sentence,) = read(EXPORTER.write(sheet, sentences, False).files["small.conllu"])
    assert sentence.rows[0].form == "সম\u09df"


def test_a_text_without_a_word_is_an_empty_file() -> None:
    written = EXPORTER.write(Sheet("small", " \n "), [Span(0, 3)], False)
    assert written.files == {"small.conllu": b""}


def test_documents_are_joined_each_with_its_id() -> None:
    one = EXPORTER.write(*small(), False)
    other = EXPORTER.write(msgspec.structs.replace(small()[0], doc_id="other"), small()[1], False)
    found = read(EXPORTER.join([one, other])["documents.conllu"])
    assert [s.comments["newdoc id"] for s in found if "newdoc id" in s.comments] == [
        "small",
        "other",
    ]
