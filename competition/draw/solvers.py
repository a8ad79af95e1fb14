"""The one door to SciPy's solvers, with types: linear assignment and exact covers."""

from collections.abc import Iterable
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
    """An exact cover: the chosen columns (None: none is cheaper than what was known), and whether that is
    proved.
    """

    chosen: Ints | None
    is_proved: bool


def cheapest_cover(rows: Ints, columns: Ints, cost: Floats, known: float) -> Cover:
    """The cheapest set of columns that holds every row exactly once, if it costs less than `known`.

    `rows` and `columns` list the ones of the matrix. The linear relaxation gives prices; a column whose
    reduced cost exceeds the room between its value and `known` is in no better cover (reduced-cost fixing:
    Nemhauser and Wolsey, Integer and Combinatorial Optimization, II.5), and branch and bound settles what
    is left. The search is bounded by nodes, not by time, so that the answer is always the same.
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


class Program:
    """A linear programme over variables from 0 upwards, the first `integral` of them whole and at most 1."""

    def __init__(self, *, width: int, integral: int) -> None:
        self.width = width
        self.integral = integral
        self._rows: list[tuple[list[int], list[float], float, float]] = []

    def row(self, columns: Iterable[int], low: float, high: float, relief: int | None = None) -> None:
        """The sum of some variables lies between low and high; `relief` is a variable taken off the sum."""
        names = list(columns)
        factors = [1.0] * len(names)
        if relief is not None:
            names, factors = [*names, relief], [*factors, -1.0]
        self._rows.append((names, factors, -np.inf if relief is not None else low, high))

    def limit(self, cost: Floats, value: float) -> None:
        """The given cost may not exceed a value."""
        used = np.flatnonzero(cost)
        self._rows.append((used.tolist(), cost[used].tolist(), -np.inf, value + TOLERANCE))

    def constraint(self) -> LinearConstraint:
        """All rows as SciPy takes them."""
        row = np.repeat(np.arange(len(self._rows)), [len(names) for names, _, _, _ in self._rows])
        column = np.concatenate([names for names, _, _, _ in self._rows])
        factor = np.concatenate([factors for _, factors, _, _ in self._rows])
        matrix = csr_matrix((factor, (row, column)), shape=(len(self._rows), self.width))
        return LinearConstraint(
            matrix, [low for _, _, low, _ in self._rows], [high for *_, high in self._rows]
        )


def least(program: Program, cost: Floats) -> tuple[Floats, float]:
    """The variables of least cost, and the proved lower bound of that cost.

    HiGHS now and then ends with "solve error" in what it does beforehand to make a program smaller; it then solves the
    program as it is.
    """
    whole = np.arange(program.width) < program.integral
    for presolve in (True, False):
        solved = milp(
            cost,
            constraints=program.constraint(),
            bounds=Bounds(0, np.where(whole, 1.0, np.inf)),
            integrality=whole.astype(float),
            options={"mip_rel_gap": 0.0, "presolve": presolve},
        )
        if solved.x is not None:
            return solved.x, float(solved.mip_dual_bound)
    raise RuntimeError(f"the program could not be solved: {solved.message}")
