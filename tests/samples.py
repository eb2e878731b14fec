"""A small corpus written for these tests: pages in lines, annotated in the lines themselves.

[name|ending LABEL] is a mention, ⟪q1 CONTENT …⟫ a part of a quote: what `khobor show` prints.
So no test counts offsets by hand, and every one of them is counted without khobor's own code.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import msgspec

from khobor.annotations.files import write_annotation
from khobor.capture.pages import capture_page
from khobor.corpus.catalogues import write_blocks, write_catalogue
from khobor.pipeline import build_document
from khobor.records import (
    Annotation,
    Block,
    BlockLabel,
    CatalogueRow,
    Document,
    Mention,
    Part,
    Progress,
    Quote,
)
from tests.stories import story

_NOTATION = re.compile(
    r"\[|\||\ (?P<label>[A-Z]+)\]|⟪(?P<quote>\w+)\ (?P<role>CONTENT|CUE|SPEAKER|QUOTED)\ |⟫"
)


class Sample(msgspec.Struct, frozen=True):
    """A page to write: (label, line in the notation above), and what is said of its quotes."""

    doc_id: str
    publisher: str
    country: str
    lines: tuple[tuple[BlockLabel, str], ...]
    quotes: dict[str, dict[str, Any]] = {}
    progress: Progress | None = "complete"
    html: bool = False
    withheld: bool = False


FERRY = Sample(
    "char-ferry",
    "দৈনিক মোহনা",
    "BD",
    (
        ("chrome", "হোম 🙂 সারা দেশ"),
        ("headline", "[চরমাদারি|তে GPE] নতুন ফেরি, নদী পার হতে লাগবে [২০ মিনিট TIME]"),
        ("byline", "নিজস্ব প্রতিবেদক"),
        ("dateline", "[বরিশাল GPE]:"),
        (
            "paragraph",
            "[তেঁতুলিয়া নদী|র LOC] দুই পাড়ের মানুষের জন্য [সোমবার DATE] থেকে নতুন ফেরি চালু করেছে"
            " [দক্ষিণ নৌপথ সংস্থা ORG]। আগে নৌকায় পার হতে লাগত [এক ঘণ্টা|র TIME] বেশি।",
        ),
        (
            "paragraph",
            "⟪q1 SPEAKER সংস্থার ব্যবস্থাপক [রুবিনা আক্তার PER]⟫ ⟪q1 CUE বলেন⟫, ‘⟪q1 CONTENT ফেরিতে"
            " একসঙ্গে [৪০|টি NUM] গাড়ি উঠতে পারবে। ভাড়া আগের মতোই থাকছে।⟫’",
        ),
        ("advert", "বিজ্ঞাপন"),
        (
            "paragraph",
            "⟪q2 CONTENT ঘন কুয়াশার সময় রাতে ফেরি চলবে না⟫ বলে ⟪q2 CUE জানান⟫ ⟪q2 SPEAKER তিনি⟫। যাত্রীদের"
            " ভাড়া দিতে হবে ৳[৩০ NUM]।",
        ),
        ("related", "মোহনার বাজারে কমেছে ইলিশের দাম, খুশি ক্রেতারা"),
    ),
    quotes={
        "q1": {"kind": "direct", "marking": "marked", "speaker_mention": "রুবিনা আক্তার"},
        "q2": {"kind": "indirect", "marking": "bare", "speaker_mention": "রুবিনা আক্তার"},
    },
)
ORANGE = Sample(
    "orange-garden",
    "পাহাড়তলি বার্তা",
    "IN",
    (
        ("chrome", "প্রচ্ছদ"),
        (
            "headline",
            "⟪q1 CONTENT চারা না পেলে [সিটং|য়ে GPE] বাগান থাকবে না⟫: ⟪q1 SPEAKER কমলা চাষি⟫",
        ),
        (
            "paragraph",
            "[সিটং|য়ের GPE] কমলা বাগানে এ বার ফলন কমেছে [৩০ শতাংশ NUM]। বাগানে গাছ আছে প্রায় [৬০০|টি NUM],"
            " তার অর্ধেকেই পোকা লেগেছে।",
        ),
        (
            "paragraph",
            "⟪q2 SPEAKER চাষি [প্রেম ছেত্রী PER]⟫ ⟪q2 CUE বলেন⟫, “⟪q2 CONTENT আমরা নতুন চারা চেয়ে [তিন বার NUM] চিঠি"
            " দিয়েছি।⟫",
        ),
        (
            "paragraph",
            "⟪q2 CONTENT এখনও কেউ বাগান দেখতে আসেননি। আর এক বছর দেখব।⟫” [উদ্যানপালন দফতর ORG] এ নিয়ে"
            " মুখ খোলেনি।",
        ),
        ("related", "পাহাড়ে বৃষ্টি চলবে আরও তিন দিন, সতর্ক প্রশাসন"),
    ),
    quotes={
        "q1": {"kind": "direct", "marking": "headline", "speaker_mention": "প্রেম ছেত্রী"},
        "q2": {"kind": "direct", "marking": "marked", "speaker_mention": "প্রেম ছেত্রী"},
    },
    html=True,
)
HAOR = Sample(
    "haor-boat-school",
    "হাওর সংবাদ",
    "BD",
    (
        ("chrome", "শিক্ষা"),
        ("headline", "বর্ষায় নৌকাতেই বসছে ক্লাস"),
        (
            "paragraph",
            "বর্ষার [চার মাস DATE] [শাল্লা|র GPE] শিশুদের স্কুলে যাওয়ার পথ থাকে না। [গত বছর DATE] থেকে তাদের ঘাটে ঘাটে"
            " গিয়ে পড়াচ্ছে [ভাসান পাঠশালা ORG]৷",
        ),
        (
            "paragraph",
            "⟪q1 SPEAKER পাঠশালার বিজ্ঞপ্তিতে⟫ ⟪q1 CUE বলা হয়েছে⟫, ⟪q1 CONTENT প্রতিটি নৌকায় [২৫|জন NUM]"
            " শিশু বসতে পারে, আর পাঠ চলে “⟪q1 QUOTED রোদ-বৃষ্টি যা-ই থাকুক⟫” [সকাল ৯টা TIME] থেকে⟫।",
        ),
    ),
    quotes={"q1": {"kind": "mixed", "marking": "marked", "medium": "document"}},
)
TRAM = Sample(
    "tram-depot",
    "নগর দর্পণ",
    "IN",
    (
        ("chrome", "শহর"),
        ("headline", "ডিপোয় পড়ে থাকা ট্রাম এ বার পাঠাগার"),
        (
            "paragraph",
            "পুরনো ট্রামের কামরায় বই সাজিয়ে পাঠাগার করেছেন পাড়ার কয়েক জন তরুণ। রোজ বিকেলে সেখানে ভিড় জমে"
            " পড়ুয়াদের।",
        ),
        ("paragraph", "শীতের ছুটিতে গল্প বলার আসরও বসবে সেই কামরায়, ঠিক হয়েছে দিনক্ষণ।"),
        ("related", "বইমেলার মাঠে শুরু হল স্টল তৈরির কাজ"),
    ),
    progress=None,
    html=True,
)
POTATO = Sample(
    "potato-store",
    "দৈনিক মোহনা",
    "BD",
    (
        ("headline", "হিমাগারে জায়গা নেই, আলু নিয়ে বিপাকে চাষি"),
        (
            "paragraph",
            "[মুন্সীগঞ্জ|ের GPE] হিমাগারগুলো এবার আগেই ভরে গেছে। মাঠে পড়ে আছে চাষিদের হাজার হাজার বস্তা আলু,"
            " দামও নেই বাজারে।",
        ),
        (
            "paragraph",
            "⟪q1 SPEAKER চাষি [আবদুল মতিন PER]⟫ ⟪q1 CUE জানান⟫, ⟪q1 CONTENT আলু পচে গেলে তাঁর পথে বসা ছাড়া উপায় থাকবে না।⟫",
        ),
    ),
    quotes={"q1": {"kind": "indirect", "marking": "bare", "speaker_mention": "আবদুল মতিন"}},
    progress="partial",
)
MARKET = Sample(
    "night-market",
    "রাতের কাগজ",
    "BD",
    (
        ("chrome", "বাণিজ্য"),
        ("headline", "রাতের হাটে শীতের কাপড়"),
        (
            "paragraph",
            "[নীলফামারী|র GPE] রাতের হাটে জমেছে শীতের কাপড়ের বেচাকেনা। হাট বসে সপ্তাহে [দুই|দিন NUM], চলে ভোর পর্যন্ত।",
        ),
        (
            "paragraph",
            "⟪q1 SPEAKER বিক্রেতা [জামাল হোসেন PER]⟫ ⟪q1 CUE বলেন⟫, ‘⟪q1 CONTENT এবার ঠান্ডা আগে পড়েছে, তাই আমরাও আগে এসেছি।⟫’",
        ),
    ),
    quotes={
        "q1": {"kind": "direct", "marking": "marked", "speaker_mention": "জামাল হোসেন"},
    },
    withheld=True,
)
SAMPLES = (FERRY, ORANGE, HAOR, TRAM, POTATO, MARKET)

_TAGS = {
    "chrome": "<nav><a href='/'>{}</a></nav>",
    "headline": "<h1>{}</h1>",
    "paragraph": "<p>{}</p>",
    "related": "<aside class='related'><a href='/1'>{}</a></aside>",
}


def read_notation(marked: str) -> tuple[str, list[Mention], dict[str, dict[str, list[Part]]]]:
    """Turn a text in the notation into (plain text, mentions, quote id → role → parts)."""
    text = ""
    position = 0
    open_marks: list[tuple[int, str, str]] = []  # where it began, quote id ("" for a mention), role
    name_end: int | None = None
    mentions: list[Mention] = []
    quotes: dict[str, dict[str, list[Part]]] = {}
    for found in _NOTATION.finditer(marked):
        text += marked[position : found.start()]
        position = found.end()
        if found[0] == "[":
            open_marks.append((len(text), "", ""))
            name_end = None
        elif found[0] == "|":
            name_end = len(text)
        elif found["quote"]:
            open_marks.append((len(text), found["quote"], found["role"]))
        else:
            start, quote, role = open_marks.pop()
            end, surface = len(text), text[start:]
            label: Any = found["label"]
            if label:
                mentions.append(Mention("", start, end, name_end or end, label, surface))
                name_end = None
            else:
                quotes.setdefault(quote, {}).setdefault(role, []).append(Part(start, end, surface))
    text += marked[position:]
    numbered = [
        Mention(f"e{number}", m.start, m.end, m.name_end, m.label, m.surface)
        for number, m in enumerate(sorted(mentions, key=lambda m: m.start), 1)
    ]
    return text, numbered, quotes


def page_of(sample: Sample) -> tuple[str, tuple[Block, ...], Annotation]:
    """Turn a sample into (page text, its blocks, its annotation)."""
    marked = "\n".join(line for _, line in sample.lines).replace(":\n", ": ", 1)
    text, mentions, quotes = read_notation(marked)
    blocks: list[Block] = []
    position = 0
    for label, line in sample.lines:
        plain = read_notation(line)[0]
        start = text.index(plain, position)
        position = start + len(plain)
        blocks.append(Block(start, position, label))
    names = {text[mention.start : mention.name_end]: mention.id for mention in mentions}
    annotation = Annotation(
        doc_id=sample.doc_id,
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        annotator="gold",
        guideline="1.0",
        progress=sample.progress or "todo",
        mentions=tuple(mentions),
        quotes=tuple(
            make_quote(quote_id, parts, names, **sample.quotes.get(quote_id, {}))
            for quote_id, parts in quotes.items()
        ),
    )
    return text, tuple(blocks), annotation


def make_quote(
    quote_id: str,
    parts: dict[str, list[Part]],
    names: dict[str, str],
    *,
    kind: Any = "direct",
    marking: Any = "bare",
    medium: Any = "speech",
    speaker_mention: str | None = None,
) -> Quote:
    """Turn the parts of a quote into a Quote; `names` is name → mention id."""
    return Quote(
        id=quote_id,
        content=tuple(parts.get("CONTENT", ())),
        kind=kind,
        marking=marking,
        medium=medium,
        cue=next(iter(parts.get("CUE", ())), None),
        speaker=next(iter(parts.get("SPEAKER", ())), None),
        speaker_mention=names[speaker_mention] if speaker_mention else None,
        quoted=tuple(parts.get("QUOTED", ())),
    )


def payload_of(sample: Sample) -> bytes:
    """Turn a sample into the bytes of its raw page."""
    if not sample.html:
        return page_of(sample)[0].encode()
    body = "".join(_TAGS[label].format(read_notation(line)[0]) for label, line in sample.lines)
    page = f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{body}</body></html>"
    return page.encode()


def document_of(*lines: tuple[BlockLabel, str]) -> tuple[Document, Annotation]:
    """Turn lines in the notation into a document and its annotation, without any file."""
    text, blocks, annotation = page_of(Sample("small", "", "", lines))
    page = capture_page(text.encode(), source="small.txt", doc_id="small")
    return build_document(page, blocks), annotation


def write_corpus(folder: Path, samples: tuple[Sample, ...] = SAMPLES) -> Path:
    """Write samples as a corpus folder: pages/ with a catalogue, and annotations/gold/."""
    rows = []
    for sample in samples:
        text, blocks, annotation = page_of(sample)
        payload = payload_of(sample)
        place = folder / "pages" / sample.doc_id
        place.mkdir(parents=True)
        write_blocks(
            place / "blocks.jsonl", blocks, doc_id=sample.doc_id, text_sha256=annotation.text_sha256
        )
        if not sample.withheld:
            (place / ("raw.html" if sample.html else "raw.txt")).write_bytes(payload)
            (place / "page.txt").write_bytes(text.encode())
        if sample.progress is not None:
            write_annotation(folder / "annotations" / "gold" / f"{sample.doc_id}.jsonl", annotation)
        rows.append(
            CatalogueRow(
                doc_id=sample.doc_id,
                raw_sha256=hashlib.sha256(payload).hexdigest(),
                text_sha256=annotation.text_sha256,
                publisher=sample.publisher,
                country=sample.country,
                url=f"https://{sample.doc_id}.example/1",
                licence="CC-BY-4.0",
                provenance="captured" if sample.withheld else "composed",
                withheld=sample.withheld,
            )
        )
    write_catalogue(folder / "pages", rows)
    return folder


def write_plain_pages(folder: Path, count: int) -> Path:
    """Write pages that no catalogue knows: text captures, of which no two tell the same."""
    folder.mkdir(parents=True)
    for number in range(count):
        first, second, *rest = story(number)
        text = f"সেতুর {number} নম্বর খুঁটির কাজ শেষ\n\n{first} {second} খুঁটির নম্বর {number}।\n\n{' '.join(rest)}\n"
        (folder / f"bridge-{number:03}.txt").write_bytes(text.encode())
    return folder
