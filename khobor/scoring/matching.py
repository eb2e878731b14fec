"""The best one-to-one matching of two lists of which some pairs are better than others: quotes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt


def best_matching(weights: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Turn weights (rows × columns, not negative) into the pairs of greatest sum, sorted.

    Each row and each column is in one pair at most; pairs of weight 0 are no pairs. Of matchings
    with one sum always the same is found. This is the Hungarian method with potentials
    (Kuhn 1955, Munkres 1957), O(n³).
    """
    if not weights or not weights[0]:
        return []
    matrix = np.asarray(weights, dtype=np.float64)
    rows, columns = matrix.shape
    if rows > columns:
        return sorted((row, column) for column, row in best_matching(matrix.T.tolist()))
    return [(row, column) for row, column in _assign(-matrix) if matrix[row, column] > 0]


def overlapping_pairs(
    rows: Sequence[tuple[int, int]], columns: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """List the places of all pairs of half-open spans that share a code point."""
    by_start = sorted(range(len(columns)), key=lambda at: columns[at][0])
    starts = np.array([columns[at][0] for at in by_start], dtype=np.int64)
    # The furthest end so far: before the first that passes a start, no span reaches it.
    reach = np.maximum.accumulate(
        np.array([columns[at][1] for at in by_start] or [0], dtype=np.int64)
    )
    for row, (start, end) in enumerate(rows):
        low = int(np.searchsorted(reach, start, side="right"))
        high = int(np.searchsorted(starts, end, side="left"))
        for column in by_start[low:high]:
            if columns[column][1] > start:
                yield row, column


def best_pairs(weights: Mapping[tuple[int, int], float]) -> list[tuple[int, int]]:
    """Turn the weights of possible (row, column) pairs into the best matching, as best_matching.

    Pairs that are not named cannot be. Rows and columns that hang together by no pair are
    matched apart, so a long document costs what its thickest place does.
    """
    group: dict[tuple[str, int], tuple[str, int]] = {}

    def root(node: tuple[str, int]) -> tuple[str, int]:
        while group.setdefault(node, node) != node:
            group[node] = group[group[node]]
            node = group[node]
        return node

    for row, column in weights:
        group[root(("row", row))] = root(("column", column))
    parts: dict[tuple[str, int], list[tuple[int, int]]] = defaultdict(list)
    for row, column in weights:
        parts[root(("row", row))].append((row, column))
    return sorted(pair for part in parts.values() for pair in _match_part(part, weights))


def _match_part(
    part: Sequence[tuple[int, int]], weights: Mapping[tuple[int, int], float]
) -> list[tuple[int, int]]:
    if len(part) == 1:  # nearly all of them
        return [pair for pair in part if weights[pair] > 0]
    rows = sorted({row for row, _ in part})
    columns = sorted({column for _, column in part})
    matrix = [[weights.get((row, column), 0.0) for column in columns] for row in rows]
    return [(rows[row], columns[column]) for row, column in best_matching(matrix)]


def _assign(costs: npt.NDArray[np.float64]) -> list[tuple[int, int]]:
    """Assign every row a column at the least cost; there are as many columns as rows or more."""
    rows, columns = costs.shape
    # Row and column 0 are outside: a path begins there.
    row_potential, column_potential = np.zeros(rows + 1), np.zeros(columns + 1)
    row_of = np.zeros(columns + 1, dtype=int)
    for row in range(1, rows + 1):
        row_of[0] = row
        column = 0
        least = np.full(columns + 1, np.inf)
        before = np.zeros(columns + 1, dtype=int)
        visited = np.zeros(columns + 1, dtype=bool)
        while row_of[column]:
            visited[column] = True
            at = row_of[column]
            slack = costs[at - 1] - row_potential[at] - column_potential[1:]
            better = ~visited[1:] & (slack < least[1:])
            least[1:][better] = slack[better]
            before[1:][better] = column
            following = int(np.argmin(np.where(visited, np.inf, least)[1:])) + 1
            step = least[following]
            row_potential[row_of[visited]] += step
            column_potential[visited] -= step
            least[~visited] -= step
            column = following
        while column:  # turn the path round
            row_of[column], column = row_of[before[column]], int(before[column])
    return sorted((int(row_of[c]) - 1, c - 1) for c in range(1, columns + 1) if row_of[c])
