"""Clusters of words by what stands beside them, as paths in a tree of halvings.

What Brown clusters are for (Brown et al. 1992): words that a small training set has not seen
share a path with words that it has. Here the tree is made from the top: words are vectors of
what stands left and right of them (positive pointwise mutual information, reduced to its first
principal directions), and each node is halved by 2-means on the sphere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from khobor.layers.tokens import token_bounds
from khobor.training.features import form_of

_Floats = npt.NDArray[np.float32]
_Ints = npt.NDArray[np.int64]

# Words that get a path, words that count as neighbours, directions, bits of a path.
WORDS, NEIGHBOURS, DIRECTIONS, BITS = 30_000, 800, 80, 10
_SMALLEST = 8  # a node of fewer words is a leaf
_ROUNDS = 15
_SMOOTHING = 0.75  # of the neighbours' frequencies (Levy et al. 2015)


def learn_paths(texts: Iterable[str], *, words: int = WORDS, seed: int = 2021) -> dict[str, str]:
    """Turn texts into form → path of 0s and 1s, at most BITS long, for the most frequent forms.

    The same texts and seed give the same paths (on one machine: they hang on its linear algebra).
    """
    lines = [forms for text in texts for forms in _lines(text)]
    counts = Counter(form for forms in lines for form in forms)
    vocabulary = sorted(counts, key=lambda form: (-counts[form], form))[:words]
    if len(vocabulary) < _SMALLEST:
        return dict.fromkeys(vocabulary, "")
    vectors = _vectors(_numbers(lines, vocabulary), len(vocabulary))
    paths = [""] * len(vocabulary)
    _halve(vectors, np.arange(len(vocabulary)), "", paths, np.random.default_rng(seed))
    return dict(zip(vocabulary, paths, strict=True))


def _lines(text: str) -> Iterable[list[str]]:
    """Cut a text at newlines and dandas: what stands beyond is no neighbour."""
    for line in text.replace("।", "\n").split("\n"):
        starts, ends = token_bounds(line)
        if len(starts):
            bounds = zip(starts.tolist(), ends.tolist(), strict=True)
            yield [form_of(line[start:end]) for start, end in bounds]


def _numbers(lines: Sequence[Sequence[str]], vocabulary: Sequence[str]) -> _Ints:
    """Turn lines into one row of numbers: of words, of others (size), of edges (size + 1)."""
    size = len(vocabulary)
    number = {form: at for at, form in enumerate(vocabulary)}
    flat = [size + 1]
    for forms in lines:
        flat += [number.get(form, size) for form in forms]
        flat.append(size + 1)
    return np.array(flat, dtype=np.int64)


def _vectors(numbers: _Ints, size: int) -> _Floats:
    """Turn the row of numbers into a vector of length 1 a word: (size, DIRECTIONS)."""
    counts = np.hstack(
        [
            _beside(numbers[1:], numbers[:-1], size),
            _beside(numbers[:-1], numbers[1:], size),
        ]
    )
    of_word = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    of_neighbour = np.maximum(counts.sum(axis=0, keepdims=True), 1) ** _SMOOTHING
    with np.errstate(divide="ignore"):
        above_chance: _Floats = np.log(counts / (of_word * (of_neighbour / of_neighbour.sum())))
    information: _Floats = np.maximum(above_chance, 0)
    products = np.asarray(information.T @ information, dtype=np.float64)
    directions: npt.NDArray[np.float64] = np.linalg.eigh(products)[1]
    first: _Floats = directions[:, ::-1][:, :DIRECTIONS].astype(np.float32)
    return _unit(information @ first)


def _beside(words: _Ints, neighbours: _Ints, size: int) -> _Floats:
    """Count neighbours of words: (size, frequent neighbours, others and edges of a line)."""
    frequent = min(NEIGHBOURS, size)
    # Neighbours that are too rare for a column of their own count as none.
    column = np.full(size + 2, -1, dtype=np.int64)
    column[:frequent] = np.arange(frequent)
    column[size:] = frequent, frequent + 1
    width = frequent + 2
    kept = (words < size) & (column[neighbours] >= 0)
    cells = words[kept] * width + column[neighbours[kept]]
    table = np.bincount(cells, minlength=size * width).reshape(size, width)
    return table.astype(np.float32)


def _halve(
    vectors: _Floats, words: _Ints, path: str, paths: list[str], rng: np.random.Generator
) -> None:
    """Give every word of a node its path: the node's own, then those of its halves."""
    side = _halves(vectors[words], rng) if len(path) < BITS and len(words) >= _SMALLEST else None
    if side is None:
        for word in words.tolist():
            paths[word] = path
        return
    _halve(vectors, words[~side], f"{path}0", paths, rng)
    _halve(vectors, words[side], f"{path}1", paths, rng)


def _halves(vectors: _Floats, rng: np.random.Generator) -> npt.NDArray[np.bool_] | None:
    """Part vectors in two by 2-means, begun at their principal direction; None: all are one."""
    apart = vectors - vectors.mean(axis=0)
    direction = rng.standard_normal(size=(vectors.shape[1],)).astype(np.float32)
    for _ in range(10):
        direction = _unit(apart.T @ (apart @ direction))
    side = (apart @ direction) > 0
    for _ in range(_ROUNDS):
        if side.all() or not side.any():
            return None
        centres = _unit(np.array([vectors[~side].mean(axis=0), vectors[side].mean(axis=0)]))
        nearer = (vectors @ (centres[1] - centres[0])) > 0
        if np.array_equal(nearer, side):
            break
        side = nearer
    return None if side.all() or not side.any() else side


def _unit(vectors: _Floats) -> _Floats:
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    unit: _Floats = vectors / np.maximum(lengths, 1e-9)
    return unit
