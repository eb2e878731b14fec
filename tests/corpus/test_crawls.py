"""Crawl files in a build: each record is a page that ends as a document or a reject."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from khobor.capture.crawls import Columns
from khobor.corpus.corpora import assemble
from khobor.corpus.documents import read_documents
from khobor.corpus.sources import take_in

BODY = "মেঘনার পাড় ভেঙে {n}টি ঘর নদীতে গেছে। গ্রামের মানুষ রাতভর মালপত্র সরিয়েছেন। উপজেলা প্রশাসন তালিকা করছে।"


@pytest.fixture
def crawl(tmp_path: Path) -> Path:
    """A crawl of 80 pages, of which one is empty and one stands there twice."""
    rows = [
        {"title": f"মেঘনার ভাঙন: দিন {n}", "body": BODY.format(n=n), "url": f"https://a.example/{n}"}
        for n in range(78)
    ]
    rows += [{"title": "", "body": ""}, rows[3]]
    path = tmp_path / "pages" / "crawl.jsonl"
    path.parent.mkdir()
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path.parent


def test_every_record_ends_as_a_document_or_a_reject(crawl: Path) -> None:
    corpus = assemble([crawl])
    assert corpus.pages == 80
    assert len(corpus.entries) == 78
    assert sorted(reject.reason for reject in corpus.rejects) == ["duplicate", "empty"]


def test_a_document_keeps_what_the_crawl_says_of_it(crawl: Path) -> None:
    documents = read_documents(take_in([crawl]).tasks).documents
    first = next(document for document in documents if document.source == "crawl.jsonl#1")
    assert first.metadata.url == "https://a.example/0"
    assert first.text == f"মেঘনার ভাঙন: দিন 0\n\n{BODY.format(n=0)}"


def test_columns_can_be_named(crawl: Path) -> None:
    path = crawl / "crawl.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace('"body"', '"khobor"'), "utf-8")
    named = Columns(text=("khobor",))
    assert len(read_documents(take_in([crawl]).tasks, columns=named).documents) == 78
    assert not read_documents(take_in([crawl]).tasks).documents
