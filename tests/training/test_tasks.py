"""Datasets, streams and lists give the same rows; what did not enter is counted."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from datasets import Dataset, DatasetDict, IterableDataset, load_dataset
from tokenizers import Tokenizer

from khobor.errors import UsageError
from khobor.release.features import config_features
from khobor.training import (
    Task,
    collect_examples,
    gliner_task,
    instruction_task,
    map_documents,
    quote_span_task,
    report_of,
    token_task,
)

_TASKS = ["entities", "quotes", "quote spans", "instructions"]


def _task(name: str, tokenizer: Tokenizer) -> Task:
    if name == "quote spans":
        return quote_span_task(max_size=60)
    if name == "instructions":
        return instruction_task(layer="quotes", max_size=60)
    return token_task(tokenizer, layer=name, max_tokens=80, stride=1)  # type: ignore[arg-type]


@pytest.fixture
def dataset(rows: list[dict[str, Any]]) -> Dataset:
    return Dataset.from_list(rows, features=config_features("documents"))


@pytest.mark.parametrize("name", _TASKS)
def test_a_dataset_a_stream_and_a_list_give_the_same_rows(
    name: str, rows: list[dict[str, Any]], dataset: Dataset, tokenizers: dict[str, Tokenizer]
) -> None:
    task = _task(name, tokenizers["byte-level"])
    wanted = collect_examples(rows, task)
    assert wanted.examples
    assert collect_examples(dataset, task) == wanted
    assert collect_examples(dataset.to_iterable_dataset(), task) == wanted
    mapped = map_documents(dataset, task)
    assert isinstance(mapped, Dataset)
    assert mapped.to_list() == wanted.examples
    stream = map_documents(dataset.to_iterable_dataset(num_shards=2), task)
    assert isinstance(stream, IterableDataset)
    assert list(stream) == wanted.examples
    both = map_documents(DatasetDict(train=dataset, test=dataset), task)
    assert both["test"].to_list() == wanted.examples


def test_a_streamed_release_gives_the_rows_of_a_loaded_one(
    starter_release: Path, tokenizers: dict[str, Tokenizer]
) -> None:
    task = token_task(tokenizers["unigram"], max_tokens=512)
    loaded = load_dataset(str(starter_release), "documents", split="validation")
    streamed = load_dataset(str(starter_release), "documents", split="validation", streaming=True)
    assert isinstance(streamed, IterableDataset)
    wanted = collect_examples(loaded, task)
    assert collect_examples(streamed, task) == wanted
    assert wanted.report.documents == len(loaded) > 0
    assert list(map_documents(streamed, task)) == wanted.examples


def test_a_split_without_gold_gives_no_row_but_its_columns(
    dataset: Dataset, tokenizers: dict[str, Tokenizer]
) -> None:
    none = dataset.filter(lambda row: row["entities"] is None)
    mapped = map_documents(none, token_task(tokenizers["unigram"], max_tokens=100))
    assert len(mapped) == 0
    assert {"input_ids", "labels", "cut", "inexact"} <= set(mapped.features)


def test_the_report_says_what_did_not_enter(
    rows: list[dict[str, Any]], tokenizers: dict[str, Tokenizer]
) -> None:
    task = token_task(tokenizers["byte-level"], max_tokens=300)
    collected = collect_examples(rows, task)
    report = collected.report
    assert report.documents == 3
    assert report.skipped == {"none": 1, "partial": 1}
    assert report.inexact == ("char-ferry/e10", "haor-boat-school/e4")
    assert report.cut == ()
    again = report_of(collected.examples)
    assert (again.documents, again.examples, again.inexact) == (3, report.examples, report.inexact)
    partial = collect_examples(rows, task, states=("gold", "partial")).report
    assert (partial.documents, partial.skipped) == (4, {"none": 1})


def test_rows_that_no_dataset_can_hold_say_where_to_go(dataset: Dataset) -> None:
    with pytest.raises(UsageError, match="collect_examples"):
        map_documents(dataset, gliner_task())


def test_another_configuration_is_refused_by_name(tokenizers: dict[str, Tokenizer]) -> None:
    sentences = Dataset.from_list([{"doc_id": "a", "tokens": ["ক"]}])
    with pytest.raises(UsageError, match=r"load_dataset\(release, \"documents\"\)"):
        collect_examples(sentences, token_task(tokenizers["unigram"], max_tokens=100))


def test_importing_training_brings_in_no_trainer() -> None:
    code = (
        "import json, sys, khobor.training\n"
        "heavy = 'datasets pandas pyarrow torch transformers tokenizers spacy gensim nltk'\n"
        "print(json.dumps([name for name in heavy.split() if name in sys.modules]))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert json.loads(done.stdout) == []
