"""The job of a build as a plain script: what one writes in an afternoon, in one process.

python -m benchmarks.scale_plain {html|text} CRAWL OUT: trafilatura (of HTML), sentences at
[।?!], BNLP's tokenizer, offsets by str.find, Dataset.from_generator, parquet. It labels no
blocks, keeps no page text, finds no near-duplicates, makes no splits and writes no card.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from datasets import Dataset

from khobor.layers.tokens import bnlp_basic

_SENTENCE = re.compile(r"[^।?!]+[।?!]*")


def rows(kind: str, crawl: str) -> Iterator[dict[str, Any]]:
    """Turn the rows of a crawl into documents with sentences and tokens."""
    tokenizer = bnlp_basic().BasicTokenizer()
    with Path(crawl).open("rb") as lines:
        for number, line in enumerate(lines):
            row = msgspec.json.decode(line)
            text = _text(kind, row)
            if not text:
                continue
            sentences = []
            place = 0
            for match in _SENTENCE.finditer(text):
                tokens = tokenizer(match[0])
                starts = []
                for token in tokens:
                    place = text.find(token, place)
                    starts.append(place)
                    place += len(token)
                ends = [start + len(token) for start, token in zip(starts, tokens, strict=True)]
                sentences.append(
                    {"text": match[0], "tokens": tokens, "starts": starts, "ends": ends}
                )
            yield {"id": number, "url": row.get("url"), "text": text, "sentences": sentences}


def _text(kind: str, row: dict[str, str]) -> str:
    if kind == "html":
        from trafilatura import extract

        return extract(row["html"]) or ""
    return row["text"] if "text" in row else f"{row['title']}\n\n{row['body']}"


def main() -> None:
    """Read a crawl, write a parquet file."""
    kind, crawl, out = sys.argv[1:]
    with tempfile.TemporaryDirectory() as cache:
        made = Dataset.from_generator(
            rows, gen_kwargs={"kind": kind, "crawl": crawl}, cache_dir=cache
        )
        made.to_parquet(out)


if __name__ == "__main__":
    main()
