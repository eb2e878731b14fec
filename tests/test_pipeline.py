"""The stages of one page: a pure function whose every layer is exact."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from khobor.arrays import encode_array
from khobor.capture.decoding import MAX_PAGE_BYTES
from khobor.capture.pages import capture_page
from khobor.errors import PageError, UsageError
from khobor.layers.tokens import bnlp_basic
from khobor.pipeline import build_document, read_page, read_raw
from khobor.records import ARTICLE_LABELS, Block, Document
from tests import bengali

HEADLINE = "চরে নতুন স্কুল, খুশি শিশুরা"
LEAD = (
    "মাঝিডহর চরে সোমবার থেকে নতুন স্কুলের ক্লাস শুরু হয়েছে। প্রথম দিনে হাজির ছিল চল্লিশ জন শিশু, বই পেয়েছে সবাই।"
)
QUOTED = (
    "শিক্ষক রুমা সরকার বলেন, ‘নৌকায় আসতে আর হবে না।’ অভিভাবকেরা খুশি, তাঁরা এখন একটি মাঠ চান। জমি খোঁজা শুরু হয়েছে৷"
)
TEXT = f"\ufeffহোম | জেলা\r\n{HEADLINE}\r\n\r\nভোলা:\u00a0{LEAD}\r\n\r\n{QUOTED}\r\n\r\nযোগাযোগ\r\n"
HTML = f"<nav><a href=/>হোম</a></nav><h1>{HEADLINE}</h1><p>ভোলা: {LEAD}</p><p>{QUOTED}</p>"


def words(document: Document) -> list[str]:
    bounds = zip(document.tokens.starts.tolist(), document.tokens.ends.tolist(), strict=True)
    return [document.text[start:end] for start, end in bounds]


def check_layers(document: Document) -> None:
    """Sentences lie in article blocks and cover them; tokens are BNLP's of each sentence."""
    text = document.text
    expected = []
    covered = {number: "" for number, b in enumerate(document.blocks) if b.label in ARTICLE_LABELS}
    position = 0
    for sentence in document.sentences:
        block = document.blocks[sentence.block]
        assert block.start <= sentence.start < sentence.end <= block.end
        assert position <= sentence.start
        surface = text[sentence.start : sentence.end]
        assert surface == surface.strip()
        covered[sentence.block] += surface
        expected.extend(bnlp_basic().BasicTokenizer().tokenize(surface))
        position = sentence.end
    for number, surfaces in covered.items():
        block = document.blocks[number]
        assert "".join(surfaces.split()) == "".join(text[block.start : block.end].split())
    assert words(document) == expected


@pytest.fixture(params=["page.txt", "page.html"])
def payload(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A text capture, and the same article as HTML."""
    path = tmp_path / request.param
    path.write_bytes((TEXT if request.param == "page.txt" else HTML).encode())
    return path


def test_a_page_becomes_a_document_with_all_its_layers(payload: Path) -> None:
    document = read_page(payload)
    article = [block for block in document.blocks if block.label in ARTICLE_LABELS]
    assert [(b.label, document.text[b.start : b.end]) for b in article] == [
        ("headline", HEADLINE),
        ("dateline", "ভোলা:"),
        ("paragraph", LEAD),
        ("paragraph", QUOTED),
    ]
    assert [document.text[s.start : s.end] for s in document.sentences] == [
        HEADLINE,
        "ভোলা:",
        "মাঝিডহর চরে সোমবার থেকে নতুন স্কুলের ক্লাস শুরু হয়েছে।",
        "প্রথম দিনে হাজির ছিল চল্লিশ জন শিশু, বই পেয়েছে সবাই।",
        "শিক্ষক রুমা সরকার বলেন, ‘নৌকায় আসতে আর হবে না।’",
        "অভিভাবকেরা খুশি, তাঁরা এখন একটি মাঠ চান।",
        "জমি খোঁজা শুরু হয়েছে৷",
    ]
    assert words(document)[:5] == ["চরে", "নতুন", "স্কুল", ",", "খুশি"]
    check_layers(document)


def test_a_hard_wrap_ends_no_sentence(tmp_path: Path) -> None:
    paragraph = (
        "মাঝিডহর চরে সোমবার থেকে নতুন স্কুলের ক্লাস শুরু হয়েছে। প্রথম\nদিনে হাজির ছিল চল্লিশ জন শিশু, নতুন বই"
        " পেয়েছে সবাই। অভিভাবকেরা\nএখন স্কুলের পাশে একটি মাঠ চান।"
    )
    path = tmp_path / "wrapped.txt"
    path.write_text(f"{HEADLINE}\n\n{paragraph}\n\n{paragraph}\n", encoding="utf-8")
    document = read_page(path)
    assert [document.text[s.start : s.end] for s in document.sentences][:4] == [
        HEADLINE,
        "মাঝিডহর চরে সোমবার থেকে নতুন স্কুলের ক্লাস শুরু হয়েছে।",
        "প্রথম\nদিনে হাজির ছিল চল্লিশ জন শিশু, নতুন বই পেয়েছে সবাই।",
        "অভিভাবকেরা\nএখন স্কুলের পাশে একটি মাঠ চান।",
    ]
    check_layers(document)


def test_a_path_may_be_a_string(payload: Path) -> None:
    assert read_page(str(payload)) == read_page(payload)


def test_the_same_page_gives_the_same_bytes(payload: Path) -> None:
    first = msgspec.json.encode(read_page(payload), enc_hook=encode_array)
    assert msgspec.json.encode(read_page(payload), enc_hook=encode_array) == first


def test_a_document_names_its_file_without_the_folder(payload: Path) -> None:
    """So that the same page gives the same document wherever it lies."""
    assert read_page(payload).source == payload.name


def test_the_seed_page_has_exact_layers(seed_page: Path) -> None:
    check_layers(read_page(seed_page))


def test_composed_pages_have_exact_layers(repository: Path) -> None:
    pages = repository / "pages"
    annotated = {path.stem for path in (repository / "annotations" / "gold").glob("*.jsonl")}
    payloads = [path for path in sorted(pages.glob("*/raw.*")) if path.parent.name in annotated]
    assert len(payloads) >= 60
    for path in payloads:
        check_layers(read_page(path))


def test_a_page_that_is_no_article_is_a_page_error_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "front.txt"
    path.write_text("হোম\nজেলা\nখেলা\n", encoding="utf-8")
    with pytest.raises(PageError) as caught:
        read_page(path)
    assert (caught.value.reason, caught.value.where) == ("no-article", "front.txt")


@pytest.mark.parametrize("name", ["missing.html", "."])
def test_a_page_that_cannot_be_read_is_a_usage_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_page(tmp_path / name)
    assert caught.value.where == str(tmp_path / name)


def test_a_page_too_large_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.html"
    with path.open("wb") as large:
        large.truncate(10 * MAX_PAGE_BYTES)
    assert len(read_raw(path)) == MAX_PAGE_BYTES + 1
    with pytest.raises(PageError) as caught:
        read_page(path)
    assert caught.value.reason == "too-large"


def test_blocks_made_by_hand_go_before_the_labellers() -> None:
    page = capture_page(b"\xe0\xa6\x95 " * 9, source="page.txt")
    blocks = (Block(0, 3, "chrome"), Block(4, 17, "list"))
    document = build_document(page, blocks)
    assert document.blocks == blocks
    assert [(s.start, s.end, s.block) for s in document.sentences] == [(4, 17, 1)]
    assert len(words(document)) == 7


def _is_plain_bengali(text: str) -> bool:
    """Neither Assamese nor BNLP's inner word for a dot."""
    return not {"ৰ", "ৱ"} & set(text) and "XTEMPDOT" not in text


@given(
    st.lists(bengali.texts(max_size=15).filter(_is_plain_bengali), max_size=6),
    st.sampled_from(["page.txt", "page.html"]),
)
def test_layers_are_exact_whatever_stands_in_the_article(lines: list[str], name: str) -> None:
    line_end = "\n\n" if name == "page.txt" else "<p>"
    content = line_end.join(["", HEADLINE, LEAD, *lines, QUOTED, LEAD])
    check_layers(build_document(capture_page(content.encode(), source=name)))
