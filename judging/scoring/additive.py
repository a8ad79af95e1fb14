"""The additive model by least squares: mark = criterion + target + judge, nothing random.

The plain textbook adjustment (Searle 1971, Linear Models, ch. 7), kept as the reference the mixed model is
measured against. Targets are eliminated (one row each), so that only criteria and judges are solved for.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from judging.scoring.ratings import Codes, Floats, Ratings


@dataclass(frozen=True, slots=True, kw_only=True)
class Additive:
    """Estimates on the mark scale; judges are positive where lenient, summing to zero in each component.

    `targets` carry the average criterion; `spare` counts the marks beyond the parameters: with none, there
    are no standard errors (NaN).
    """

    targets: Floats
    targets_error: Floats
    judges: Floats
    judges_error: Floats
    residual: float
    spare: int


def additive(ratings: Ratings, component_of_judge: Codes) -> Additive:
    """Least-squares effects of targets and judges; exact for any pattern of missing marks."""
    from scipy.sparse import csr_array

    marks, targets, judges = len(ratings), len(ratings.targets), len(ratings.judges)
    rows = np.tile(np.arange(marks), 2)
    columns = np.concatenate([ratings.judge, judges + ratings.criterion])
    wide: Any = csr_array(
        (np.ones(2 * marks), (rows, columns)), shape=(marks, judges + len(ratings.criteria))
    )
    seen: Any = csr_array((np.ones(marks), (ratings.target, np.arange(marks))), shape=(targets, marks))
    per_target: Any = (seen @ wide).tocsr()
    size = np.asarray(seen.sum(axis=1)).ravel()
    means = per_target.multiply(1 / size[:, None]).tocsr()
    level = np.asarray(seen @ ratings.mark) / size
    normal = (wide.T @ wide).toarray() - (per_target.T @ means).toarray()
    right = np.asarray(wide.T @ (ratings.mark - level[ratings.target]))

    rank, inverse = _centred_inverse(normal, component_of_judge, judges)
    effects = inverse @ right
    estimates = level - np.asarray(means @ effects)
    misfit = ratings.mark - estimates[ratings.target] - np.asarray(wide @ effects)
    spare = marks - targets - rank
    residual = float(misfit @ misfit) / spare if spare > 0 else np.nan
    leverage = np.asarray(means.multiply(np.asarray(means @ inverse)).sum(axis=1)).ravel()
    return Additive(
        targets=estimates,
        targets_error=np.sqrt(residual * (1 / size + leverage)),
        judges=effects[:judges],
        judges_error=np.sqrt(residual * np.maximum(np.diag(inverse)[:judges], 0)),
        residual=residual,
        spare=spare,
    )


def _centred_inverse(normal: Floats, component_of_judge: Codes, judges: int) -> tuple[int, Floats]:
    """The rank of the normal matrix and its inverse under "each component's judges, and all criteria, sum to zero".

    Where a criterion cannot be told from a judge, the judge takes the difference (the criteria are solved for last, by
    the block inverse): so a constant that a judge adds to every mark is always the judge's.
    """
    zero = 1e-9 * max(float(normal.diagonal().max()), 1.0)
    rank, of_judges = _pseudo_inverse(normal[:judges, :judges], zero)
    through = of_judges @ normal[:judges, judges:]
    rest, of_criteria = _pseudo_inverse(normal[judges:, judges:] - normal[judges:, :judges] @ through, zero)
    crossed = through @ of_criteria
    inverse = np.block([[of_judges + crossed @ through.T, -crossed], [-crossed.T, of_criteria]])
    centre = np.eye(len(normal))
    for component in np.unique(component_of_judge):
        inside = np.flatnonzero(component_of_judge == component)
        centre[np.ix_(inside, inside)] -= 1 / len(inside)
    centre[judges:, judges:] -= 1 / (len(normal) - judges)
    return rank + rest, centre @ inverse @ centre.T


def _pseudo_inverse(matrix: Floats, zero: float) -> tuple[int, Floats]:
    """The rank and the Moore-Penrose inverse of a symmetric matrix; eigenvalues up to `zero` count as none."""
    values, vectors = np.linalg.eigh(matrix)
    usable = values > zero
    inverse: Floats = (vectors[:, usable] / values[usable]) @ vectors[:, usable].T
    return int(usable.sum()), inverse
