"""CoNLL-2003: golden bytes, and what an independent reader gets back."""

from __future__ import annotations

from hypothesis import given, settings

from khobor.formats.conll2003 import EXPORTER
from khobor.formats.interface import Loss, Sheet
from tests.formats.exported import Found, Laid, kept_mentions, laid, named, offsets, small, spans

GOLDEN = """\
-DOCSTART- -X- O O

🚢 -X- _ O
মেঘনার -X- _ B-LOC
ঘাটে -X- _ O
ফেরি -X- _ O

মাঝি -X- _ O
করিম -X- _ B-PER
শেখ -X- _ I-PER
বলেন -X- _ O
, -X- _ O
‘ -X- _ O
ঢাকা -X- _ B-GPE
যাব -X- _ O
। -X- _ O

ফিরব -X- _ O
না -X- _ O
। -X- _ O
’ -X- _ O

"""


def read(content: bytes) -> list[list[tuple[str, str]]]:
    """Read (word, tag) by sentence, as the readers of the shared task's files do."""
    sentences: list[list[tuple[str, str]]] = [[]]
    for line in content.decode().split("\n"):
        if not line or line.startswith("-DOCSTART-"):
            sentences.append([])
            continue
        word, part_of_speech, chunk, tag = line.split(" ")
        assert (part_of_speech, chunk) == ("-X-", "_")
        sentences[-1].append((word, tag))
    return [sentence for sentence in sentences if sentence]


def entities(sheet: Sheet, content: bytes) -> list[Found]:
    """Turn IOB2 tags into spans of the sheet's text; an I without its B is no IOB2."""
    rows = [row for sentence in read(content) for row in sentence]
    firsts = {sum(map(len, read(content)[:n])) for n in range(len(read(content)))}
    bounds = offsets(sheet.text, [word for word, _ in rows])
    found: list[Found] = []
    for number, ((_, tag), (start, end)) in enumerate(zip(rows, bounds, strict=True)):
        if tag.startswith("B-"):
            found.append((start, end, tag[2:]))
        elif tag != "O":
            assert number not in firsts
            assert rows[number - 1][1] in (f"B-{tag[2:]}", tag)
            found[-1] = (found[-1][0], end, tag[2:])
    return sorted(found)


def test_a_small_document() -> None:
    written = EXPORTER.write(*small(), False)
    assert written.files == {"small.conll": GOLDEN.encode()}
    assert written.losses == (
        Loss("small", "e1", "name_end", "conll2003 has no place for it"),
        Loss("small", "q1", "all of it", "conll2003 has no place for it"),
    )


@settings(max_examples=200)
@given(laid())
def test_what_was_kept_is_read_back_and_the_rest_is_a_loss(case: Laid) -> None:
    sheet, sentences = case
    written = EXPORTER.write(sheet, sentences, True)
    (content,) = written.files.values()
    assert entities(sheet, content) == spans(kept_mentions(sheet, written))
    kept = kept_mentions(sheet, written)
    assert {(loss.item, loss.field) for loss in written.losses} == {
        *((m.id, "all of it") for m in sheet.mentions if m not in kept),
        *((m.id, "name_end") for m in kept if m.name_end != m.end),
        *((m.id, "note") for m in kept if m.note is not None),
        *((quote.id, "all of it") for quote in sheet.quotes),
    }


def test_two_names_side_by_side_stay_two() -> None:
    written = EXPORTER.write(*named("ঢাকা বরিশাল", ("ঢাকা", "GPE"), ("বরিশাল", "GPE")), False)
    assert read(written.files["small.conll"]) == [[("ঢাকা", "B-GPE"), ("বরিশাল", "B-GPE")]]


def test_white_space_of_any_kind_is_in_no_token() -> None:
    """A form feed or U+2028 in a token would be a line end to some readers."""
    written = EXPORTER.write(*named("নদী\u2028ঘাট\x0cফেরি\x85মাঝি\x1cজাল\tমাছ"), False)
    content = written.files["small.conll"].decode()
    assert content.splitlines() == content.split("\n")[:-1]
    assert [word for word, _ in read(content.encode())[0]] == "নদী ঘাট ফেরি মাঝি জাল মাছ".split()


def test_documents_are_joined_each_with_its_line() -> None:
    one = EXPORTER.write(*small(), False)
    joined = EXPORTER.join([one, one])
    assert joined == {"documents.conll": (GOLDEN * 2).encode()}
    assert EXPORTER.join([]) == {"documents.conll": b""}
