"""How fast text captures become documents, and texts tokens."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial

import msgspec

from benchmarks.clocks import RUNS, best_seconds
from benchmarks.figures import Bar, Figure, absent, at_least, show
from benchmarks.material import INQILAB, Article, articles
from khobor.capture.pages import capture_page
from khobor.errors import PageError
from khobor.layers.tokens import bnlp_basic, token_bounds, tokenize
from khobor.pipeline import build_document

_BAR, _TOKENS_BAR = 5.0, 50.0  # times the plain script, times BNLP
_SENTENCE = re.compile(r"[^।?!]+[।?!]*")


class Speed(msgspec.Struct, frozen=True):
    """How fast something was on all articles, in its best run."""

    name: str
    articles: int
    characters: int
    seconds: float

    @property
    def millions_a_second(self) -> float:
        return self.characters / self.seconds / 1e6


class Tokens(msgspec.Struct, frozen=True):
    """How many texts have the same tokens for khobor and BNLP, and how many tokens."""

    texts: int
    same: int
    tokens: int


def documents(captures: Sequence[bytes]) -> int:
    """Run khobor from bytes to tokens; count the documents."""
    made = 0
    for raw in captures:
        try:
            build_document(capture_page(raw, source="page.txt"))
        except PageError:
            continue
        made += 1
    return made


def plain_script(captures: Sequence[bytes]) -> int:
    """Do by hand what many do: split at [।?!], tokenise with BNLP, search the offsets."""
    tokenizer = bnlp_basic().BasicTokenizer()
    count = 0
    for raw in captures:
        text = raw.decode("utf-8")
        offsets = []
        place = 0
        for sentence in _SENTENCE.findall(text):
            for token in tokenizer(sentence):
                place = text.find(token, place)
                offsets.append((place, place + len(token)))
                place += len(token)
        count += len(offsets)
    return count


def compare_tokens(texts: Sequence[str]) -> Tokens:
    """Compare khobor's tokens with BNLP's, text by text."""
    tokenizer = bnlp_basic().BasicTokenizer()
    same = count = 0
    for text in texts:
        starts, ends = token_bounds(text)
        own = [text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        same += own == tokenizer(text)
        count += len(own)
    return Tokens(len(texts), same, count)


def measure_documents(listed: Sequence[Article]) -> list[Speed]:
    """Time captures (title, blank line, body) to tokens: khobor, then the plain script."""
    captures = [f"{each.title}\n\n{each.body}\n".encode() for each in listed]
    seconds = best_seconds(
        {
            "khobor: blocks, sentences, tokens": [partial(documents, captures)],
            "plain script: sentences, tokens": [partial(plain_script, captures)],
        }
    )
    characters = sum(len(each.title) + len(each.body) + 3 for each in listed)
    return [Speed(name, len(listed), characters, spent) for name, spent in seconds.items()]


def measure_tokens(texts: Sequence[str]) -> list[Speed]:
    """Time tokens alone: bounds as arrays, spans, and BNLP's strings without offsets."""
    tokenizer = bnlp_basic().BasicTokenizer()
    token_bounds(texts[0])
    seconds = best_seconds(
        {
            "khobor.token_bounds: two arrays": [lambda: [token_bounds(text) for text in texts]],
            "khobor.tokenize: a list of spans": [lambda: _count(texts)],
            "BNLP's BasicTokenizer: strings": [lambda: [len(tokenizer(text)) for text in texts]],
            "the same in bulk: one text of all": [partial(token_bounds, "\n".join(texts))],
        }
    )
    characters = sum(map(len, texts))
    return [Speed(name, len(texts), characters, spent) for name, spent in seconds.items()]


def figures() -> list[Figure]:
    """Measure documents, then tokens alone."""
    titles = ("Speed on text captures", "Speed of tokens alone")
    if not INQILAB.is_file():
        return [absent(title, "../shared/data/news/inqilab.jsonl.gz") for title in titles]
    listed = list(articles())
    captures = measure_documents(listed)
    made = documents([f"{each.title}\n\n{each.body}\n".encode() for each in listed])
    texts = [each.body for each in listed]
    same = compare_tokens(texts)
    tokens = measure_tokens(texts)
    on = f"{len(listed):,} Inqilab articles, {captures[0].characters / 1e6:.1f} million characters"
    return [
        Figure(
            title=titles[0],
            measured=(
                f"One process, captures in memory as bytes, best of {RUNS} runs that take turns. "
                "The plain script decodes, splits at [।?!], calls BNLP's BasicTokenizer and "
                "searches the offsets with str.find; it labels no blocks."
            ),
            on=(
                f"{on}, each a capture of title, blank line and body; khobor makes documents of "
                f"{made:,} and rejects the rest (too short to be an article), the script takes all"
            ),
            columns=("from bytes to tokens", "pages a second", "million characters a second"),
            rows=_rows(captures, per_article=True),
            bars=(_times("times the plain script", captures[0], captures[1], _BAR),),
        ),
        Figure(
            title=titles[1],
            measured=(
                "The articles' bodies one by one. token_bounds gives starts and ends as int32 "
                "arrays, BNLP gives strings without offsets."
            ),
            on=f"{on}; {same.tokens:,} tokens",
            columns=("tokens", "million characters a second"),
            rows=_rows(tokens, per_article=False),
            bars=(
                _times("times BNLP, a text at a time", tokens[0], tokens[2], _TOKENS_BAR),
                Bar(
                    f"the same tokens as BNLP in all {same.texts:,} bodies",
                    f"{same.same:,}",
                    met=same.same == same.texts,
                ),
            ),
        ),
    ]


def _rows(speeds: Sequence[Speed], *, per_article: bool) -> tuple[tuple[str | int, ...], ...]:
    return tuple(
        (
            each.name,
            *((round(each.articles / each.seconds),) if per_article else ()),
            f"{each.millions_a_second:.1f}",
        )
        for each in speeds
    )


def _times(what: str, own: Speed, peer: Speed, wanted: float) -> Bar:
    return at_least(what, peer.seconds / own.seconds, wanted, digits=1)


def _count(texts: Sequence[str]) -> int:
    return sum(len(tokenize(text)) for text in texts)


if __name__ == "__main__":
    show(figures())
