"""The best one-to-one matching of two lists of items."""

from __future__ import annotations

from collections.abc import Sequence

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
