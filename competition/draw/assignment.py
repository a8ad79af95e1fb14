"""The one door to SciPy's solvers, with types: linear assignment."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]


def assigned(cost: NDArray[np.float64]) -> NDArray[np.int64]:
    """For every row the column it gets when the total cost is least (Crouse 2016, shortest augmenting paths).

    There must be at least as many columns as rows.
    """
    columns: NDArray[np.int64] = linear_sum_assignment(cost)[1]
    return columns
