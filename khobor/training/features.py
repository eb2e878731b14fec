"""What a CRF sees of a token: its form, its pieces, its shape, its neighbours.

Forms are NFC (both encodings of য় are one) and without the marks at their edges, so that token
and offset stay verbatim while features are not disturbed by how a page is encoded.
"""

from __future__ import annotations

import functools
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from khobor.training.words import ENDINGS, LISTS

_MARKS = "‘’“”\"'`।,;:!?()[]{}-–—…"
_LIST_OF: dict[str, tuple[str, ...]] = {}
for _name, _listed in LISTS.items():
    for _word in _listed:
        _LIST_OF[_word] = (*_LIST_OF.get(_word, ()), _name)

# The longest piece of a word that is a feature; chosen on the development part (see benchmarks).
GRAMS = (2, 3, 4)
# Bits of the cluster paths of a token and of its neighbours.
_OWN_BITS = (4, 6, 8, 10)
_BITS = (4, 6, 8)
_MOST_REPEATS = 20  # a stem that stands more often on a page is no name but a word


@functools.lru_cache(maxsize=200_000)
def form_of(token: str) -> str:
    """Turn a token into its form: NFC, without marks at its edges, Latin letters in lower case."""
    form = unicodedata.normalize("NFC", token)
    return (form.strip(_MARKS) or form).lower()


@functools.lru_cache(maxsize=200_000)
def shape_of(token: str) -> str:
    """Turn a token into its shape: ৯ for digits, ক for Bengali, A and a for Latin, marks as they are.

    Runs are one: ২০২১-এর is ৯-ক, Facebook Aa.
    """
    shape = ""
    for char in token:
        category = unicodedata.category(char)
        if category == "Nd":
            kind = "৯"
        elif "\u0980" <= char <= "\u09ff" or char in "\u200c\u200d":
            kind = "ক"
        elif category == "Lu":
            kind = "A"
        elif category[0] in "LM":
            kind = "a"
        else:
            kind = char
        if not shape.endswith(kind):
            shape += kind
    return shape[:8]


@functools.lru_cache(maxsize=200_000)
def ending_of(form: str) -> str:
    """Find the longest glued ending of a form that leaves two code points; "" without any."""
    for ending in ENDINGS:
        if form.endswith(ending) and len(form) >= len(ending) + 2:
            return ending
    return ""


def lists_of(form: str) -> tuple[str, ...]:
    """Name the word lists that hold a form, or its stem before the longest ending."""
    found = _LIST_OF.get(form)
    if found is None and (ending := ending_of(form)):
        found = _LIST_OF.get(form[: -len(ending)].removesuffix("-"))
    return found or ()


@functools.lru_cache(maxsize=200_000)
def word_features(token: str) -> tuple[str, ...]:
    """Turn a token into the features that it has by itself."""
    form = form_of(token)
    ending = ending_of(form)
    stem = form[: len(form) - len(ending)]
    features = [
        f"w={form}",
        f"stem={stem}",
        f"end={ending}",
        f"shape={shape_of(token)}",
        f"len={min(len(form), 10)}",
    ]
    features += [f"list={name}" for name in lists_of(form)]
    features += [f"p{n}={form[:n]}" for n in (1, 2, 3, 4) if len(form) > n]
    features += [f"s{n}={form[-n:]}" for n in (1, 2, 3, 4, 5) if len(form) > n]
    framed = f"<{form}>"
    features += sorted(
        {f"g={framed[at : at + n]}" for n in GRAMS for at in range(len(framed) - n + 1)}
    )
    if token != form:
        features.append(f"raw={token[:1] if token[0] in _MARKS else ''}_{token[-1]}")
    return tuple(features)


@functools.lru_cache(maxsize=200_000)
def neighbour_features(token: str) -> tuple[str, ...]:
    """Turn a token into what its neighbours see of it."""
    form = form_of(token)
    return (
        f"w={form}",
        f"s3={form[-3:]}",
        f"p3={form[:3]}",
        f"end={ending_of(form)}",
        f"shape={shape_of(token)}",
        *(f"list={name}" for name in lists_of(form)),
    )


class Surroundings(msgspec.Struct, frozen=True):
    """What is known of words beyond the sentence: `paths` of word_clusters, `repeats` of the page.

    `repeats`: a stem to what stands beside it elsewhere (see repeat_features).
    """

    paths: Mapping[str, str] = {}
    repeats: Mapping[str, tuple[str, ...]] = {}


def sequence_features(
    tokens: Sequence[str],
    glued: Sequence[bool] | None = None,
    around: Surroundings | None = None,
) -> list[list[str]]:
    """Turn the tokens of a sentence into the features of each.

    `glued` says which tokens have no white space before them. The list is as long as `tokens`.
    """
    around = around if around is not None else Surroundings()
    size = len(tokens)
    forms = list(map(form_of, tokens))
    open_mark = _inside_marks(tokens)
    rows = []
    for at, token in enumerate(tokens):
        row = ["bias", *word_features(token)]
        for step in (-1, 1):
            place = at + step
            if 0 <= place < size:
                row += [f"{step}:{feature}" for feature in neighbour_features(tokens[place])]
            else:
                row.append(f"{step}:edge")
        if at:
            row.append(f"-1|0={forms[at - 1]}|{forms[at]}")
        if at + 1 < size:
            row.append(f"0|1={forms[at]}|{forms[at + 1]}")
        if 0 < at < size - 1:
            shapes = (shape_of(tokens[place]) for place in (at - 1, at, at + 1))
            row.append(f"shapes={'|'.join(shapes)}")
        if glued is not None and glued[at]:
            row.append("glued")
        if open_mark[at]:
            row.append("marked")
        row.append(f"at={min(at, 3)}")
        row += around.repeats.get(stem_of(forms[at]), ())
        rows.append(row)
    if around.paths:
        _add_paths(rows, [path_of(form, around.paths) for form in forms])
    return rows


def stem_of(form: str) -> str:
    """Turn a form into what is left without its longest glued ending."""
    return form[: len(form) - len(ending_of(form))]


def path_of(form: str, paths: Mapping[str, str]) -> str:
    """Find the cluster path of a form, else of its stem (marked ~); "" where both are unknown."""
    if (path := paths.get(form)) is not None:
        return path
    stem = paths.get(stem_of(form))
    return f"~{stem}" if stem is not None else ""


def _add_paths(rows: list[list[str]], paths: Sequence[str]) -> None:
    """Add the beginnings of cluster paths, own ones longer than those of the neighbours."""
    for at, row in enumerate(rows):
        for step in (-2, -1, 0, 1, 2):
            place = at + step
            if 0 <= place < len(rows):
                path = paths[place]
                row += [f"{step}:path={path[:bits]}" for bits in (_BITS if step else _OWN_BITS)]


def repeat_features(sentences: Iterable[Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Turn the sentences of a page into stem → what stands beside its occurrences.

    A name is told by its surroundings once, and stands bare elsewhere: each occurrence sees the
    word lists beside all of them (Chieu and Ng 2002). Stems that stand once are left out.
    """
    beside: dict[str, set[str]] = defaultdict(set)
    times: Counter[str] = Counter()
    for tokens in sentences:
        forms = list(map(form_of, tokens))
        for at, form in enumerate(forms):
            stem = stem_of(form)
            times[stem] += 1
            for step in (-1, 1):
                if 0 <= at + step < len(forms):
                    beside[stem].update(
                        f"page:{step}:{name}" for name in lists_of(forms[at + step])
                    )
    return {
        stem: tuple(sorted(found))
        for stem, found in beside.items()
        if 1 < times[stem] <= _MOST_REPEATS and len(stem) > 2 and found
    }


def _inside_marks(tokens: Sequence[str]) -> list[bool]:
    """Tell the tokens of a sentence that stand behind an opening mark not yet closed."""
    inside, open_now = [], False
    for token in tokens:
        inside.append(open_now)
        if token[0] in "‘“":
            open_now = True
        if token[-1] in "’”":
            open_now = False
    return inside
