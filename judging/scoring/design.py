"""The data of the severity model summed once, so that the likelihood can be evaluated many times."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from judging.scoring.ratings import Codes, Floats, Sheets


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells (a target on one occasion) that have the same number of sheets, summed together."""

    size: int
    count: int
    score: Floats
    gram: Floats
    cross: Floats
    square: float
    per_target: Any
    score_per_target: Floats
    cells_per_target: Floats


@dataclass(frozen=True, slots=True)
class Design:
    """All that the likelihood needs of the data, summed once; coefficients are intercepts, then judges."""

    count: int
    intercepts: int
    coefficients: int
    cells: Sequence[Cells]
    gram: Floats
    cross: Floats
    square: float
    has_occasions: bool
    targets: int
    uniform_gram: Floats | None = None
    """The targets' gram matrix where all targets have the same number of equal cells: it saves most of the work."""
    within_square: float = 0.0
    within_freedom: int = 0


def design_of(sheets: Sheets, intercept: Codes, judge_column: Codes, targets: int) -> Design:
    """The sums of the data. Each sheet has an intercept (0, 1, ...) and its judge's column.

    A judge with the column -1 is the reference of its component.
    """
    from scipy.sparse import csr_array

    count = len(sheets.score)
    intercepts = int(intercept.max()) + 1
    coefficients = intercepts + int(judge_column.max()) + 1
    seated = np.flatnonzero(judge_column >= 0)
    rows = np.concatenate([np.arange(count), seated])
    columns = np.concatenate([intercept, intercepts + judge_column[seated]])
    wide = csr_array((np.ones(len(rows)), (rows, columns)), shape=(count, coefficients))

    key = sheets.target * (int(sheets.occasion.max()) + 1) + sheets.occasion
    _, first, cell = np.unique(key, return_index=True, return_inverse=True)
    size = np.bincount(cell)
    groups = [
        _cells_of_size(int(each), sheets, wide, cell, size, sheets.target[first], targets)
        for each in np.unique(size)
    ]
    occasions_met = np.bincount(sheets.target[first], minlength=targets)
    is_uniform = len(groups) == 1 and int(occasions_met.min()) == int(occasions_met.max())
    columns = groups[0].per_target
    return Design(
        count=count,
        intercepts=intercepts,
        coefficients=coefficients,
        cells=groups,
        gram=(wide.T @ wide).toarray(),
        cross=np.asarray(wide.T @ sheets.score),
        square=float(sheets.score @ sheets.score),
        has_occasions=bool(size.max() > 1 and occasions_met.max() > 1),
        targets=targets,
        uniform_gram=(columns.T @ columns).toarray() if is_uniform else None,
        within_square=sheets.within_square,
        within_freedom=sheets.within_freedom,
    )


def by_sheets(design: Design) -> Design:
    """The same design, blind to how marks differ within a sheet.

    With that knowledge the residual variance is that of marks taken to be independent; without it, that of whole
    sheets, whose marks hang together. The first gives the better weights, the second the honest errors.
    """
    return replace(design, within_square=0.0, within_freedom=0)


def _cells_of_size(
    size: int, sheets: Sheets, wide: Any, cell: Codes, sizes: Codes, target_of_cell: Codes, targets: int
) -> Cells:
    from scipy.sparse import csr_array

    chosen = np.flatnonzero(sizes == size)
    number = np.full(len(sizes), -1)
    number[chosen] = np.arange(len(chosen))
    rows = np.flatnonzero(number[cell] >= 0)
    sums = csr_array((np.ones(len(rows)), (number[cell[rows]], rows)), shape=(len(chosen), len(cell)))
    to_target = csr_array(
        (np.ones(len(chosen)), (target_of_cell[chosen], np.arange(len(chosen)))), shape=(targets, len(chosen))
    )
    columns, score = sums @ wide, np.asarray(sums @ sheets.score)
    return Cells(
        size=size,
        count=len(chosen),
        score=score,
        gram=(columns.T @ columns).toarray(),
        cross=np.asarray(columns.T @ score),
        square=float(score @ score),
        per_target=(to_target @ columns).tocsr(),
        score_per_target=np.asarray(to_target @ score),
        cells_per_target=np.bincount(target_of_cell[chosen], minlength=targets).astype(np.float64),
    )
