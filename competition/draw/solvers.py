"""The one door to SciPy's solvers, with types: linear assignment and exact covers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import (
    Bounds,
    LinearConstraint,
    linear_sum_assignment,
    linprog,
    milp,
)
from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MOST_NODES = 200
MOST_COLUMNS = 6_000
TOLERANCE = 1e-6


def assigned(cost: Floats) -> Ints:
    """For every row the column it gets when the total cost is least (Crouse 2016, shortest augmenting paths).

    There must be at least as many columns as rows.
    """
    columns: Ints = linear_sum_assignment(cost)[1]
    return columns


@dataclass(frozen=True, slots=True)
class Cover:
    """An exact cover: the chosen columns (None: none is cheaper than what was known), and whether that is proved."""

    chosen: Ints | None
    is_proved: bool


def cheapest_cover(rows: Ints, columns: Ints, cost: Floats, known: float) -> Cover:
    """The cheapest set of columns that holds every row exactly once, if it costs less than `known`.

    `rows` and `columns` list the ones of the matrix. The linear relaxation gives prices; a column whose reduced
    cost exceeds the room between its value and `known` is in no better cover (reduced-cost fixing: Nemhauser and
    Wolsey, Integer and Combinatorial Optimization, II.5), and branch and bound settles what is left. The search is
    bounded by nodes, not by time, so that the answer is always the same.
    """
    height, width = int(rows.max()) + 1, len(cost)
    matrix = csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(height, width))
    relaxed = linprog(cost, A_eq=matrix, b_eq=np.ones(height), bounds=(0, None), method="highs")
    if relaxed.status != 0:
        return Cover(None, relaxed.status == 2)
    room = known - float(relaxed.fun)
    if room <= TOLERANCE:
        return Cover(None, True)
    reduced = cost - matrix.T @ relaxed.eqlin.marginals
    kept = np.flatnonzero(reduced <= room + TOLERANCE)
    if len(kept) > MOST_COLUMNS:
        return Cover(None, False)
    return _branch(matrix[:, kept], cost[kept], kept, known)


def _branch(matrix: csr_matrix, cost: Floats, names: Ints, known: float) -> Cover:
    solved = milp(
        cost,
        constraints=LinearConstraint(matrix, 1, 1),
        bounds=Bounds(0, 1),
        integrality=np.ones(len(cost)),
        options={"node_limit": MOST_NODES, "mip_rel_gap": 0.0},
    )
    better = solved.x is not None and float(solved.fun) < known - TOLERANCE
    chosen = names[solved.x > 0.5] if better else None
    return Cover(chosen, solved.status in (0, 2))
