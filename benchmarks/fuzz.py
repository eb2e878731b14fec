"""Bad input, thousands of times: what becomes of it, and how long the worst takes.

Each page ends as a document or as a reject with a reason, each crawl file as its records and
rejects; anything else is a crash, and the bar is none.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.figures import Bar, Figure, markdown
from benchmarks.material import REPOSITORY
from khobor.capture.decoding import MAX_PAGE_BYTES
from khobor.corpus.documents import page_tasks, read_task
from khobor.corpus.sources import PageTask
from khobor.errors import UsageError
from khobor.records import Reject

_SEED = 20211004


def _composed() -> list[bytes]:
    """Read the raw HTML pages of this repository's corpus."""
    return [path.read_bytes() for path in sorted((REPOSITORY / "pages").glob("*/raw.html"))]


def _mutated(raw: bytes, dice: random.Random) -> bytes:
    """Change, drop or repeat up to forty pieces of a file."""
    changed = bytearray(raw)
    for _ in range(dice.randint(1, 40)):
        place = dice.randrange(len(changed) + 1)
        kind = dice.randrange(3)
        if kind == 0 and place < len(changed):
            changed[place] = dice.randrange(256)
        elif kind == 1:
            del changed[place : place + dice.randint(1, 200)]
        else:
            changed[place:place] = changed[place : place + dice.randint(1, 200)]
    return bytes(changed)


def _cut(raw: bytes, dice: random.Random) -> bytes:
    return raw[: dice.randrange(len(raw))]


def _nested(dice: random.Random) -> bytes:
    tag = dice.choice(["div", "span", "b", "table><tr><td", "a href=x", "ul><li", "font color=red"])
    return f"<{tag}>".encode() * dice.randint(1_000, 400_000)


def _nulls(raw: bytes, dice: random.Random) -> bytes:
    return b"\0".join(raw[at : at + 97] for at in range(dice.randrange(97), len(raw), 97))


def _rows(pages: list[bytes]) -> list[dict[str, str]]:
    return [{"url": "https://a.example", "html": page.decode()} for page in pages]


def _json_lines(pages: list[bytes]) -> bytes:
    rows = [*_rows(pages), {"text": "খবর \ud83d"}]  # half of an emoji
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def _warc(pages: list[bytes]) -> bytes:
    records = []
    for page in pages:
        answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
        head = (
            "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
            "WARC-Target-URI: https://a.example/\r\nWARC-Date: 2021-10-05T04:00:00Z\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n"
        )
        records.append(head.encode() + b"\r\n" + answer + b"\r\n\r\n")
    return b"".join(records)


def _parquet(pages: list[bytes]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(_rows(pages)), sink)
    return sink.getvalue()


def _lying(raw: bytes, dice: random.Random) -> bytes:
    """Let records of a WARC file lie about their length."""
    return raw.replace(b"Content-Length: ", f"Content-Length: {dice.randrange(10)}".encode(), 1)


def _inputs(scale: int) -> Iterator[tuple[str, str, Callable[[random.Random], bytes], int]]:
    """Yield (what, file name, maker, how often)."""
    pages = _composed()
    warc, rows, parquet = _warc(pages), _json_lines(pages), _parquet(pages)
    bomb = gzip.compress(b'{"text": "' + b"\0" * 300_000_000, 9, mtime=0)
    yield "random bytes", "a.html", lambda dice: dice.randbytes(dice.randrange(20_000)), 20 * scale
    yield "HTML, mutated", "a.html", lambda dice: _mutated(dice.choice(pages), dice), 20 * scale
    yield "HTML, cut off", "a.html", lambda dice: _cut(dice.choice(pages), dice), 10 * scale
    yield "HTML with NUL bytes", "a.html", lambda dice: _nulls(dice.choice(pages), dice), 5 * scale
    yield "tags nested up to 400,000 deep", "a.html", _nested, scale
    yield "50 MB of nested div", "a.html", lambda _: b"<div>" * 10_000_000, 1
    yield "text with XTEMPDOT", "a.txt", lambda dice: b"XTEMPDOT. " * dice.randrange(99), scale
    yield "WARC, mutated", "a.warc", lambda dice: _mutated(warc, dice), 5 * scale
    yield "WARC, cut off", "a.warc", lambda dice: _cut(warc, dice), 5 * scale
    yield "WARC, lying about a length", "a.warc", lambda dice: _lying(warc, dice), scale
    zipped = gzip.compress(warc, mtime=0)
    yield "WARC.gz, mutated", "a.warc.gz", lambda dice: _mutated(zipped, dice), 5 * scale
    yield "JSON Lines, mutated", "a.jsonl", lambda dice: _mutated(rows, dice), 5 * scale
    yield "Parquet, mutated", "a.parquet", lambda dice: _mutated(parquet, dice), 5 * scale
    yield "a gzip bomb of 300 MB", "a.jsonl.gz", lambda _: bomb, 1
    yield "a line of 100 MB", "a.jsonl", lambda _: b'{"text": "' + b"a" * 100_000_000, 1


def _outcomes(path: Path) -> Iterator[str]:
    """Yield what became of each page of a file."""
    for task in page_tasks([PageTask(path.name, str(path))]):
        result = task if isinstance(task, Reject) else read_task(task)
        yield result.reason if isinstance(result, Reject) else "document"


def figures(*, scale: int = 50) -> list[Figure]:
    """Measure; `scale` 50 makes about 4,000 files."""
    dice = random.Random(_SEED)
    rows, crashes = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for what, name, make, times in _inputs(scale):
            counts: Counter[str] = Counter()
            worst = 0.0
            path = Path(folder) / name
            for _ in range(times):
                path.write_bytes(make(dice))
                began = time.perf_counter()
                try:
                    counts.update(_outcomes(path))
                except UsageError:
                    counts["refused"] += 1
                except Exception as error:  # a crash is what is counted here
                    crashes += 1
                    counts[f"CRASH {type(error).__name__}"] += 1
                worst = max(worst, time.perf_counter() - began)
            listed = ", ".join(f"{key} {count:,}" for key, count in counts.most_common())
            rows.append((what, times, listed, round(worst, 2)))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return [
        Figure(
            title="Bad input",
            measured=(
                "What became of pages, and of the records of crawl files, and the seconds that the "
                f"worst file took. A page over {MAX_PAGE_BYTES // 2**20} MiB is refused unread. Peak "
                f"memory of the whole run: {peak:,} MiB, the 300 MB of the bomb's maker included."
            ),
            on=f"files made from the composed pages, seed {_SEED}",
            columns=("input", "files", "pages and records", "worst, s"),
            rows=tuple(rows),
            bars=(Bar("no crash", f"{crashes} crashes", crashes == 0),),
        )
    ]


if __name__ == "__main__":
    print("\n".join(map(markdown, figures())))
